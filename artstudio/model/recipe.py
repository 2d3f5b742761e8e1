"""The recipe: everything that decides a picture, and nothing that does not (its size is not part of it)."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError, field_validator

from artstudio.errors import BadInput, unknown
from artstudio.model.activations import get_activation
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import FEATURES, parse_symmetry
from artstudio.model.palettes import canonical_palette
from artstudio.model.strict import Strict, explain

SCHEMA = 1
"""The version of the JSON form. A reader refuses a newer one and goes on reading older ones."""

MAX_SEED = 2**32 - 1

Number = Annotated[float, AfterValidator(lambda value: value + 0.0)]
"""A float without a negative zero, so that equal recipes have equal JSON."""


class View(Strict):
    """Where the canvas looks: `centre` (x, y) in canvas units, `zoom` factor, `rotation` in degrees.

    Coordinates are float32, so detail ends at a zoom of about 10^5 around the centre.
    """

    centre: tuple[
        Annotated[Number, Field(ge=-100, le=100)],
        Annotated[Number, Field(ge=-100, le=100)],
    ] = (0.0, 0.0)
    zoom: Annotated[Number, Field(ge=0.01, le=1e6)] = 1.0
    rotation: Annotated[Number, Field(ge=-360, le=360)] = 0.0

    @field_validator("centre", mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class Recipe(Strict):
    """A picture's recipe: frozen, validated, hashable, size-independent.

    >>> Recipe(seed=7, activation="swish").activation
    ('silu',)

    Fields: `seed` (0 to 2^32 - 1); `activation`, a registry name or a list of them, cycled over the hidden
    layers; `units` and `depth` of the hidden layers; `gain`, a factor on the standardised pre-activations;
    `features`, the input channels; `symmetry`; `latent`, up to 16 numbers that move the picture; `view`;
    `colour`, the colour model; `palette`, a name or a list of 2 to 16 hex colours (used by the colour
    models that take one). Raises `BadInput` when a value is of the wrong type or out of its range.
    """

    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    activation: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)] = ("tanh",)
    units: Annotated[int, Field(ge=1, le=512)] = 24
    depth: Annotated[int, Field(ge=1, le=128)] = 6
    gain: Annotated[Number, Field(ge=0.01, le=100)] = 1.0
    features: Annotated[tuple[str, ...], Field(min_length=1, max_length=len(FEATURES))] = ("x", "y", "r")
    symmetry: str = "none"
    latent: Annotated[tuple[Annotated[Number, Field(ge=-10, le=10)], ...], Field(max_length=16)] = ()
    view: View = View()
    colour: str = "palette"
    palette: str | tuple[str, ...] = "dusk"

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise explain(error, Recipe) from None

    @field_validator("activation", "features", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value

    @field_validator("latent", mode="before")
    @classmethod
    def _tuple(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    @field_validator("activation")
    @classmethod
    def _activation(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked(lambda name=name: get_activation(name).name) for name in value)

    @field_validator("features")
    @classmethod
    def _features(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in FEATURES:
                raise ValueError(str(unknown("feature", name, FEATURES)))
        if len(set(value)) < len(value):
            raise ValueError("expected each feature once")
        return tuple(sorted(value, key=lambda name: FEATURES[name].column))

    @field_validator("symmetry")
    @classmethod
    def _symmetry(cls, value: str) -> str:
        _checked(lambda: parse_symmetry(value))
        return value

    @field_validator("colour")
    @classmethod
    def _colour(cls, value: str) -> str:
        if value not in COLOUR_MODELS:
            raise ValueError(str(unknown("colour model", value, COLOUR_MODELS)))
        return value

    @field_validator("palette", mode="before")
    @classmethod
    def _palette(cls, value: Any) -> Any:
        value = tuple(value) if isinstance(value, list) else value
        return _checked(lambda: canonical_palette(value))

    def replace(self, **changes: Any) -> Recipe:
        """Return a copy with some fields changed, validated like a new recipe."""
        return Recipe(**{**dict(self), **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON values, with its schema version."""
        return {"schema": SCHEMA, **self.model_dump(mode="json")}

    def to_json(self) -> str:
        """Return the canonical JSON: keys sorted, no spaces, ASCII; equal recipes give equal text."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_dict(cls, data: Any, where: str = "recipe") -> Recipe:
        """Read what `to_dict` gives. Raises `BadInput`, also for a schema newer than this version knows."""
        if not isinstance(data, dict):
            raise BadInput(f"{where}: expected a JSON object, found {type(data).__name__}")
        fields = dict(data)
        schema = fields.pop("schema", None)
        if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
            raise BadInput(f"{where}: expected a schema number, found {schema!r:.40}")
        if schema > SCHEMA:
            raise BadInput(
                f"{where}: written with recipe schema {schema}, but this version reads up to {SCHEMA}; "
                "a newer artstudio can read it"
            )
        try:
            return cls(**fields)
        except BadInput as error:
            raise BadInput(f"{where}: {error}") from None

    @classmethod
    def from_json(cls, text: str, where: str = "recipe") -> Recipe:
        """Read what `to_json` gives. Raises `BadInput` with `where` in its line."""
        try:
            data = json.loads(text, parse_constant=lambda name: _no_constant(name, where))
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{where}: not valid JSON ({error})") from None
        return cls.from_dict(data, where)

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hex digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def layer_activations(self) -> tuple[str, ...]:
        """The activation's name for each hidden layer: the list, cycled."""
        return tuple(self.activation[i % len(self.activation)] for i in range(self.depth))


def _checked(call: Any) -> Any:
    # Inside a validator an error must be a ValueError to be collected with its field's name.
    try:
        return call()
    except BadInput as error:
        raise ValueError(str(error)) from None


def _no_constant(name: str, where: str) -> float:
    raise BadInput(f"{where}: expected finite numbers, found {name}")
