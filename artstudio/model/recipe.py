"""The recipe: everything that decides a picture, and nothing that does not (its size is not part of it)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from artstudio.errors import BadInput, clip
from artstudio.model.activation.mix import activation_parts
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES, SYMMETRY_WORDS, parse_symmetry, seed_origin, weight_columns
from artstudio.model.fields.checks import (
    check_activation,
    check_colour,
    check_features,
    check_latent,
    check_origin,
    check_palette,
    check_symmetry,
)
from artstudio.model.fields.documents import read_json
from artstudio.model.fields.parts import Coordinate, Finish, Fourier, Number, View, Warp
from artstudio.model.fields.record import Control, Draw, RecipeField, Record, fields_of
from artstudio.model.fields.schemas import check_schema, oldest_form, values_before
from artstudio.model.fields.strict import Given, Names, Strict, usual
from artstudio.model.trained import MAX_TEXT, Layer, unpack_layers
from artstudio.model.weights import LAYERS, raw_weights
from artstudio.registry import REGISTERED, Registry
from artstudio.spaces import SPACES, SRGB, ColourSpace

MAX_SEED = 2**32 - 1


class Recipe(Strict):
    """A picture's recipe: frozen, validated, hashable, size-independent.

    >>> Recipe(seed=7, activation="swish").activation
    ('silu',)

    What each field takes, and what it does, stands in its annotation; docs/recipe.md lists them all. An activation
    may be a mixture such as `mix(tanh:3, step)`, or a list that is cycled over the hidden layers.
    Raises `BadInput` when a value is of the wrong type or out of its range.
    """

    seed: Annotated[int, Field(ge=0, le=MAX_SEED), Record(
        "The network's weights, {least} to {most}.", letter="-s", sweeps=True, breeds="one of them",
        control=Control("Network", "Seed", kind="seed"), draw=Draw("weights"))] = 0  # fmt: skip
    activation: Annotated[Names, Field(min_length=1, max_length=16), AfterValidator(check_activation), Record(
        "A name, or an expression such as 'max(0.1*z, z)'; several are cycled over the layers.", letter="-a",
        names=ACTIVATIONS, sweeps=True, control=Control("Network", "Activation", kind="activation"),
        draw=Draw("activation"))] = usual(("tanh",))  # fmt: skip
    units: Annotated[int, Field(ge=1, le=512), Record(
        "Neurons per hidden layer, {least} to {most}.", sweeps=True, control=Control("Network", "Units", 2, 64),
        breeds="one of them",  # each number of units is a program of its own, which has to be compiled
        draw=Draw("network", (8, 12, 16, 24, 24, 32)))] = 24  # fmt: skip
    depth: Annotated[int, Field(ge=1, le=128), Record(
        "Hidden layers, {least} to {most}.", sweeps=True, control=Control("Network", "Depth", 1, 16),
        draw=Draw("network", (2, 3, 4, 5, 6, 6, 8)))] = 6  # fmt: skip
    gain: Annotated[Number, Field(ge=0.01, le=100), Record(
        "Factor on the pre-activations: below 1 calmer, above 1 wilder.", sweeps=True, is_factor=True,
        control=Control("Network", "Gain", 0.2, 5, digits=2, log=True),
        draw=Draw("network", (0.6, 0.8, 1, 1, 1, 1.2, 1.5)))] = 1.0  # fmt: skip
    gains: Annotated[Literal["calm", "first"], Record(
        "The activations' own gains that a gain of 1 stands for: calm, or first, those of recipes before schema 4.",
    )] = "calm"  # fmt: skip
    skip: Annotated[bool, Record(
        "The inputs also enter every hidden layer.", control=Control("Network", "Inputs enter every layer"),
        draw=Draw("network", (False, False, False, False, True)))] = False  # fmt: skip
    sparsity: Annotated[Number, Field(ge=0, le=0.95), Record(
        "Share of hidden weights that are 0, up to {most}.", metavar="SHARE", sweeps=True,
        control=Control("Network", "Sparsity", 0, 0.95, digits=2))] = 0.0  # fmt: skip
    features: Annotated[Names, Field(min_length=1, max_length=64), AfterValidator(check_features), Record(
        "Inputs of the network: {names}.", names=FEATURES, control=Control("Space", "Inputs"),
        draw=Draw("space", (("x", "y", "r"), ("x", "y", "r"), ("x", "y"), ("x", "y", "r", "angle"),
                            ("x", "y", "ring"))))] = usual(("x", "y", "r"))  # fmt: skip
    origin: Annotated[
        Given[Sequence[float] | str, tuple[Coordinate, Coordinate] | str], BeforeValidator(check_origin), Record(
        "Where r, angle, ring and spiral are measured from; seed draws the point.", metavar="X,Y|seed",
        control=Control("Space", "Centre of distances", -2, 2, digits=3, kind="origin"))] = usual("seed")  # fmt: skip
    fourier: Given[Fourier | Mapping[str, Any], Fourier] = usual(Fourier())
    symmetry: Annotated[str, AfterValidator(check_symmetry), Record(
        "{names}.", metavar="KIND", names=SYMMETRY_WORDS, sweeps=True,
        control=Control("Space", "Symmetry", kind="symmetry"), draw=Draw("space"))] = "none"  # fmt: skip
    warp: Given[Warp | Mapping[str, Any], Warp] = usual(Warp())
    latent: Annotated[Given[str | Sequence[float], tuple[float, ...] | str], BeforeValidator(check_latent), Record(
        "Constant inputs that move the picture, each -10 to 10; seed:N draws N of them.", metavar="Z[,Z...]|seed:N",
        control=Control("Space", "Latent values", kind="latent"))] = usual(())  # fmt: skip
    view: Given[View | Mapping[str, Any], View] = usual(View())
    colour: Annotated[str, AfterValidator(check_colour), Record(
        "Colour model: {names}.", letter="-c", spelling="--color", metavar="MODEL", names=COLOUR_MODELS,
        sweeps=True, control=Control("Colour", "Model", kind="colour"))] = "palette"  # fmt: skip
    palette: Annotated[Given[str | Sequence[str], str | tuple[str, ...]], BeforeValidator(check_palette), Record(
        "A name (with _r reversed), colours as in '#102,#f80,#fed', or those of a picture.", letter="-p",
        metavar="NAME|#HEX,#HEX...|image:FILE", names=PALETTES, sweeps=True,
        control=Control("Colour", "Palette", kind="palette"), draw=Draw("colours"))] = usual("dusk")  # fmt: skip
    gamut: Annotated[Literal["reduce", "clip", "p3"], Record(
        "Colours outside sRGB: reduce their chroma, or clip them; or paint the wider Display P3.",
        control=Control("Colour", "Gamut"))] = "reduce"  # fmt: skip
    finish: Given[Finish | Mapping[str, Any], Finish] = usual(Finish())
    weights: Annotated[str, Field(max_length=MAX_TEXT, repr=False), Record(
        "The weights of a trained network in place of the seed's own, as `artstudio learn` writes them.",
        is_option=False, animates=False, breeds="one of them")] = ""  # fmt: skip

    @model_validator(mode="after")
    def _trained(self) -> Recipe:
        try:
            self.trained_layers()
        except BadInput as error:  # within a validator an error must be a ValueError
            raise ValueError(str(error)) from None
        return self

    def replace(self, **changes: Any) -> Recipe:
        """Return a copy with some fields changed, validated like a new recipe."""
        return Recipe(**{**dict(self), **changes})

    def with_parts(self, **changes: Any) -> Recipe:
        """Return a copy as `replace` does, where changes may also name parts of nested fields, as in `FIELDS`."""
        fields: dict[str, Any] = {}
        for name, value in changes.items():
            field, *part = FIELDS[name].path if name in FIELDS else (name,)
            if part:
                fields.setdefault(field, dict(getattr(self, field)))[part[0]] = value
            else:
                fields[field] = value
        return self.replace(**fields)

    def part(self, name: str) -> Any:
        """Return a field, or a part of a nested one, by its name in `FIELDS`."""
        return attrgetter(".".join(FIELDS[name].path))(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON values, with the oldest schema that can say it; without `weights` where there are
        none.

        Where a name comes from a plugin, `plugins` says from which: {"hump": "the-package"}.
        """
        plugins = self.plugins()
        return oldest_form(self.model_dump(mode="json")) | ({"plugins": plugins} if plugins else {})

    def to_json(self) -> str:
        """Return the canonical JSON: keys sorted, no spaces, ASCII; equal recipes give equal text."""
        return json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), allow_nan=False)

    @classmethod
    def from_dict(cls, data: Any, where: str = "recipe") -> Recipe:
        """Read what `to_dict` gives. Raises `BadInput`, also for a schema newer than this version knows."""
        if not isinstance(data, dict):
            raise BadInput(f"{where}: expected a JSON object, found {type(data).__name__}")
        fields = dict(data)
        fields = values_before(check_schema(fields.pop("schema", None), where)) | fields
        plugins = fields.pop("plugins", {})
        try:
            return cls(**fields)
        except BadInput as error:
            raise BadInput(f"{where}: {error}{_missing(plugins)}") from None

    @classmethod
    def from_json(cls, text: str, where: str = "recipe") -> Recipe:
        """Read what `to_json` gives. Raises `BadInput` with `where` in its line."""
        return cls.from_dict(read_json(text, where), where)

    @property
    def digest(self) -> str:
        """The SHA-256 of the canonical JSON, as 64 hex digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def space(self) -> ColourSpace:
        """The colour space in which the picture's numbers count."""
        return SPACES.get(self.gamut, SRGB)

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
        return any(get_activation(name).jumps for name in self.activation_parts())

    def trained_layers(self) -> list[Layer]:
        """The layers of the trained network, the output layer last; none where there are no `weights`."""
        if not self.weights:
            return []
        inputs = len(weight_columns(self.features, 0, self.fourier.count))
        return unpack_layers(self.weights, units=self.units, depth=self.depth, inputs=inputs, skip=self.skip)

    def latent_values(self) -> tuple[float, ...]:
        """The latent values, those drawn from the seed included (zero mean, unit variance)."""
        if isinstance(self.latent, str):
            count = int(self.latent.removeprefix("seed:"))
            return tuple(float(value) for value in raw_weights(self.seed, LAYERS["latent"], 1, range(count))[0])
        return self.latent

    def origin_point(self) -> tuple[float, float]:
        """The point from which distances and directions are measured, in canvas units.

        The seed's own depends on nothing but the seed, so that pictures of two activations can be compared.
        """
        return self.origin if isinstance(self.origin, tuple) else seed_origin(self.seed)

    def plugins(self) -> dict[str, str]:
        """Return the names in the recipe that plugins give, each with its package."""
        palette = [self.palette.removesuffix("_r")] if isinstance(self.palette, str) else []
        words = (word for part in self.activation_parts() for word in re.findall(r"[A-Za-z_]\w*", part))
        used: list[tuple[Registry[Any], Iterable[str]]] = [
            (ACTIVATIONS, words),
            (FEATURES, self.features),
            (COLOUR_MODELS, [self.colour]),
            (PALETTES, palette),
        ]
        found = {name: registry.origin(name) for registry, names in used for name in names}
        return {name: origin for name, origin in found.items() if origin not in ("", REGISTERED)}

    @property
    def seamless(self) -> bool:
        """Whether square pictures of it tile: left meets right and top meets bottom."""
        return all(FEATURES[name].seamless for name in self.features) and parse_symmetry(self.symmetry)[0].tiles


def _missing(plugins: Any) -> str:
    """Say which plugins a recipe needs that are not here: a hint after the error that comes of it."""
    if not isinstance(plugins, dict):
        return ""
    known = {*ACTIVATIONS, *FEATURES, *COLOUR_MODELS, *PALETTES}
    missing = ", ".join(sorted({clip(str(origin), 40) for name, origin in plugins.items() if name not in known}))
    return f"; it needs the plugin {missing}, which is not installed" if missing else ""


FIELDS: Mapping[str, RecipeField] = MappingProxyType({field.name: field for field in fields_of(Recipe)})
"""The fields and the parts of nested ones, by the names by which people, and `Recipe.with_parts`, know them."""
