"""The recipe: everything that decides a picture, and nothing that does not (its size is not part of it)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError, field_validator, model_validator

from artstudio.errors import BadInput, shown, unknown
from artstudio.model.activations import get_activation
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import FEATURES, SEAMLESS, input_channels, parse_symmetry
from artstudio.model.mix import activation_parts, canonical_activation
from artstudio.model.palettes import canonical_palette
from artstudio.model.strict import Strict, explain, read_json
from artstudio.model.trained import MAX_TEXT, Layer, unpack_layers
from artstudio.model.weights import raw_weights

SCHEMA = 3
"""The version of the JSON form. A reader refuses a newer one and goes on reading older ones.

Schema 1 knew no random Fourier features, warp, skip connections, sparse weights, finish or gamut mapping; its
colours outside of sRGB were clipped. Schema 2 knew no trained weights: recipes without them are still written in it.
"""

_UNTRAINED = 2
"""The schema of recipes without trained weights."""

MAX_SEED = 2**32 - 1

MAX_LATENT = 16

_LATENT_LAYER = 2**32 - 7
"""The layer number of the hash that draws latent values from the seed."""

_DRAWN = re.compile(r"seed:([0-9]{1,2})", re.ASCII)

Number = Annotated[float, AfterValidator(lambda value: value + 0.0)]
"""A float without a negative zero, so that equal recipes have equal JSON."""


_LATENT: TypeAdapter[tuple[float, ...]] = TypeAdapter(
    Annotated[tuple[Annotated[Number, Field(ge=-10, le=10)], ...], Field(max_length=MAX_LATENT)],
    config=Strict.model_config,
)


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

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise explain(error, View, "view") from None

    # Within a recipe pydantic is to go on collecting complaints itself, as for classes without an `__init__`.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    @field_validator("centre", mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value


class Fourier(Strict):
    """Random Fourier features: `count` waves of random direction and length, added to the inputs.

    `scale` is their typical number of periods over the short side of the canvas.
    """

    count: Annotated[int, Field(ge=0, le=64)] = 0
    scale: Annotated[Number, Field(ge=0.05, le=20)] = 1.0


class Warp(Strict):
    """The domain warp: `amount` is the deviation of the shift in canvas units, `scale` how fine its bends are."""

    amount: Annotated[Number, Field(ge=0, le=4)] = 0.0
    scale: Annotated[Number, Field(ge=0.05, le=20)] = 1.0


class Finish(Strict):
    """What is done to the picture after the network; all of it is off by default.

    `bands` posterises the outputs (0 or 2 to 64 levels), `contours` draws up to 64 lines of equal output,
    `relief` (0 to 1) lights the first output as a landscape, `dither` adds noise of one level before rounding.
    """

    bands: Annotated[int, Field(ge=0, le=64)] = 0
    contours: Annotated[int, Field(ge=0, le=64)] = 0
    relief: Annotated[Number, Field(ge=0, le=1)] = 0.0
    dither: bool = False

    @property
    def needs_slopes(self) -> bool:
        """Whether it looks at how steeply the first output changes."""
        return self.contours > 0 or self.relief > 0

    @field_validator("bands")
    @classmethod
    def _bands(cls, value: int) -> int:
        if value == 1:
            raise ValueError("expected 0 (off) or 2 to 64, found 1")
        return value


PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "centre": ("view", "centre"),
        "zoom": ("view", "zoom"),
        "rotation": ("view", "rotation"),
        "fourier": ("fourier", "count"),
        "fourier_scale": ("fourier", "scale"),
        "warp": ("warp", "amount"),
        "warp_scale": ("warp", "scale"),
        "bands": ("finish", "bands"),
        "contours": ("finish", "contours"),
        "relief": ("finish", "relief"),
        "dither": ("finish", "dither"),
    }
)
"""Names for the parts of nested fields, for people who change one of them: the command line and sweeps."""


class Recipe(Strict):
    """A picture's recipe: frozen, validated, hashable, size-independent.

    >>> Recipe(seed=7, activation="swish").activation
    ('silu',)

    Fields: `seed` (0 to 2^32 - 1); `activation`, a registry name, an expression in z, a mixture such as
    `mix(tanh:3, step)`, or a list of these, cycled over the hidden layers; `units` and `depth` of the hidden
    layers; `gain`, a factor on the standardised pre-activations; `skip`, whether the inputs also enter every
    hidden layer; `sparsity`, the share of hidden weights that are 0; `features`, the input channels; `fourier`,
    random waves beside them; `symmetry`; `warp`, which bends the coordinates; `latent`, up to 16 numbers that
    move the picture, or `seed:N`, N of them drawn from the seed; `view`; `colour`, the colour model; `palette`,
    a name or a list of 2 to 16 hex colours (used by the colour models that take one); `gamut`, what becomes of
    colours outside of sRGB: `reduce` takes chroma away, `clip` cuts each channel; `finish`; `weights`, those of a
    trained network as `model.trained` writes them, in place of the seed's own.
    Raises `BadInput` when a value is of the wrong type or out of its range.
    """

    seed: Annotated[int, Field(ge=0, le=MAX_SEED)] = 0
    activation: Annotated[tuple[str, ...], Field(min_length=1, max_length=16)] = ("tanh",)
    units: Annotated[int, Field(ge=1, le=512)] = 24
    depth: Annotated[int, Field(ge=1, le=128)] = 6
    gain: Annotated[Number, Field(ge=0.01, le=100)] = 1.0
    skip: bool = False
    sparsity: Annotated[Number, Field(ge=0, le=0.95)] = 0.0
    features: Annotated[tuple[str, ...], Field(min_length=1, max_length=len(FEATURES))] = ("x", "y", "r")
    fourier: Fourier = Fourier()
    symmetry: str = "none"
    warp: Warp = Warp()
    latent: tuple[float, ...] | str = ()
    view: View = View()
    colour: str = "palette"
    palette: str | tuple[str, ...] = "dusk"
    gamut: Literal["reduce", "clip"] = "reduce"
    finish: Finish = Finish()
    weights: Annotated[str, Field(max_length=MAX_TEXT, repr=False)] = ""

    def __init__(self, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise explain(error, Recipe) from None

    @model_validator(mode="after")
    def _trained(self) -> Recipe:
        if self.weights:
            _checked(self.trained_layers)
        return self

    @field_validator("activation", "features", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else value

    @field_validator("activation")
    @classmethod
    def _activation(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_checked(lambda name=name: canonical_activation(name)) for name in value)

    @field_validator("features")
    @classmethod
    def _features(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for name in value:
            if name not in FEATURES:
                raise ValueError(str(unknown("feature", name, FEATURES)))
        if len(set(value)) < len(value):
            raise ValueError("expected each feature once")
        return tuple(sorted(value, key=lambda name: FEATURES[name].column))

    @field_validator("latent", mode="before")
    @classmethod
    def _latent(cls, value: Any) -> tuple[float, ...] | str:
        if isinstance(value, str):
            drawn = _DRAWN.fullmatch(value)
            if not drawn or not 1 <= int(drawn[1]) <= MAX_LATENT:
                raise ValueError(
                    f"expected numbers, or seed:N with N from 1 to {MAX_LATENT}, found {shown(value)}"
                )
            return value
        try:
            return _LATENT.validate_python(tuple(value) if isinstance(value, list) else value)
        except ValidationError as error:
            # The number of the value at fault, counted from 1 as people do.
            at, _, complaint = str(explain(error, cls)).partition(": ")
            raise ValueError(
                f"value {int(at) + 1}: {complaint}" if at.isdigit() else str(explain(error, cls))
            ) from None

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

    def with_parts(self, **changes: Any) -> Recipe:
        """Return a copy as `replace` does, where changes may also name parts of nested fields, as in `PARTS`."""
        fields: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in PARTS:
                fields[name] = value
                continue
            field, part = PARTS[name]
            fields.setdefault(field, dict(getattr(self, field)))[part] = value
        return self.replace(**fields)

    def part(self, name: str) -> Any:
        """Return a field, or a part of a nested one, by its name in `FIELD_NAMES`."""
        field, part = PARTS.get(name, (name, ""))
        return getattr(getattr(self, field), part) if part else getattr(self, field)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON values, with its schema version; without `weights` where there are none."""
        fields = self.model_dump(mode="json")
        if not self.weights:
            del fields["weights"]
        return {"schema": SCHEMA if self.weights else _UNTRAINED, **fields}

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
            raise BadInput(f"{where}: expected a schema number, found {shown(schema, 40)}")
        if schema > SCHEMA:
            raise BadInput(
                f"{where}: written with recipe schema {shown(schema, 20)}, but this version reads up to {SCHEMA}; "
                "a newer artstudio can read it"
            )
        if schema == 1:
            fields.setdefault("gamut", "clip")
        try:
            return cls(**fields)
        except BadInput as error:
            raise BadInput(f"{where}: {error}") from None

    @classmethod
    def from_json(cls, text: str, where: str = "recipe") -> Recipe:
        """Read what `to_json` gives. Raises `BadInput` with `where` in its line."""
        return cls.from_dict(read_json(text, where), where)

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hex digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def layer_activations(self) -> tuple[str, ...]:
        """The activation's name for each hidden layer: the list, cycled."""
        return tuple(self.activation[i % len(self.activation)] for i in range(self.depth))

    def activation_parts(self) -> tuple[str, ...]:
        """Every activation that the picture uses, each once; those of mixtures one by one."""
        parts = (part for name in self.layer_activations() for part in activation_parts(name))
        return tuple(dict.fromkeys(parts))

    @property
    def jumps(self) -> bool:
        """Whether an activation of it jumps: its picture has edges then, and small changes may move whole areas."""
        parts = (get_activation(name) for name in self.activation_parts())
        return any(place.kind == "jump" for part in parts for place in part.breaks)

    def trained_layers(self) -> list[Layer]:
        """The layers of the trained network, the output layer last; none where there are no `weights`."""
        if not self.weights:
            return []
        inputs = input_channels(self.features, self.fourier.count)
        return unpack_layers(self.weights, units=self.units, depth=self.depth, inputs=inputs, skip=self.skip)

    def latent_values(self) -> tuple[float, ...]:
        """The latent values, those drawn from the seed included (zero mean, unit variance)."""
        if isinstance(self.latent, str):
            count = int(self.latent.removeprefix("seed:"))
            return tuple(float(value) for value in raw_weights(self.seed, _LATENT_LAYER, 1, range(count))[0])
        return self.latent

    @property
    def seamless(self) -> bool:
        """Whether square pictures of it tile: left meets right and top meets bottom."""
        return set(self.features) <= SEAMLESS and self.symmetry in ("none", *_TILING)


FIELD_NAMES = (*(name for name in Recipe.model_fields if name not in dict(PARTS.values())), *PARTS)
"""The names by which `Recipe.with_parts` changes a recipe: its fields, and the parts of nested ones."""

_TILING = frozenset({"mirror-x", "mirror-y", "mirror-xy"})
"""Symmetries under which the edges of the square still meet."""


def _checked(call: Any) -> Any:
    # Inside a validator an error must be a ValueError to be collected with its field's name.
    try:
        return call()
    except BadInput as error:
        raise ValueError(str(error)) from None
