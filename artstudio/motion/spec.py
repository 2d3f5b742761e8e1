"""What a loop is, as data that can be validated and kept: its kind, how far it goes, its seeds or keyframes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from artstudio.errors import BadInput, shown, unknown
from artstudio.model.fields.parts import Number
from artstudio.model.fields.strict import Given, Strict, as_tuple, usual
from artstudio.model.recipe import FIELDS, MAX_SEED
from artstudio.motion.easing import EASINGS

Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]


KeyValue = bool | int | float | str | tuple[int | float | str, ...]

ANIMATED = {name: field for name, field in FIELDS.items() if field.record.animates}
"""The fields that keyframes may set."""


def _known_easing(name: str) -> str:
    if name not in EASINGS:
        raise ValueError(str(unknown("easing", name, EASINGS)))
    return name


_LISTS = BeforeValidator(as_tuple)

Easing = Annotated[str, AfterValidator(_known_easing)]


class Key(Strict):
    """A keyframe: at phase `at`, 0 to 1, these fields have these values; `easing` leads on from it.

    Fields are named as in `FIELDS`. Decimal numbers change smoothly, all else at its key.
    """

    at: Annotated[Number, Field(ge=0, le=1)]
    values: Annotated[dict[str, KeyValue], Field(min_length=1)]
    easing: Easing = "sine"

    @field_validator("values", mode="before")
    @classmethod
    def _values(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        for name in value:
            if name not in ANIMATED:
                raise ValueError(str(unknown("field", name, ANIMATED)))
        return {name: as_tuple(entry) for name, entry in value.items()}


class Loop(Strict):
    """A loop: frozen, validated. Its last frame leads into its first.

    `kind`: `latent`, a circle through latent space; `zoom` and `gain`, there and back; `rotation`; `seeds`, from
    seed to seed and back to the first; `morph`, one activation into another and back; `keys`, keyframes.
    `amount` is how far it goes: the circle's radius, the factor on zoom or gain, degrees; None is the usual.
    `easing` shapes the way there and back, and from seed to seed. Raises `BadInput`.
    """

    called = "loop"

    kind: str = "latent"
    amount: Number | None = None
    seeds: Annotated[Given[Sequence[int], tuple[Seed, ...]], BeforeValidator(as_tuple), Field(max_length=32)] = (
        usual(())
    )
    morph: Annotated[Given[Sequence[str] | None, tuple[str, str] | None], _LISTS] = usual(None)
    keys: Annotated[Given[Sequence[Key], tuple[Key, ...]], _LISTS, Field(max_length=256)] = usual(())
    easing: Easing = "sine"

    @field_validator("kind")
    @classmethod
    def _kind(cls, value: str) -> str:
        from artstudio.motion.loops import LOOPS  # late: kinds build what this describes

        if value not in LOOPS:
            raise ValueError(str(unknown("loop", value, LOOPS)))
        return value

    @model_validator(mode="after")
    def _fitting(self) -> Loop:
        for name, kind in (("seeds", "seeds"), ("morph", "morph"), ("keys", "keys")):
            if getattr(self, name) and self.kind != kind:
                raise ValueError(f"expected {name} only in a loop of kind {kind}, found one of kind {self.kind}")
        if self.amount is not None and self.kind in ("seeds", "morph", "keys"):
            raise ValueError(f"a loop of kind {self.kind} has no amount")
        if self.kind == "keys" and not self.keys:
            raise ValueError("expected at least one key, such as 0.5:zoom=3")
        return self

    def replace(self, **changes: Any) -> Loop:
        """Return a copy with some fields changed, validated like a new loop."""
        # From its pairs: of a thing that has `keys`, as this one does, dict would call them.
        return Loop(**{**dict(iter(self)), **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return the loop as JSON values, without what is not set."""
        return self.model_dump(mode="json", exclude_defaults=True) | {"kind": self.kind}

    @classmethod
    def from_dict(cls, data: Any) -> Loop:
        """Read what `to_dict` gives. Raises `BadInput`."""
        if not isinstance(data, dict):
            raise BadInput(f"loop: expected a table, found {shown(data, 40)}")
        return cls(**data)
