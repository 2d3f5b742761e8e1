"""What a program can paint: the words of each axis; and a network as the numbers that choose among them.

Whatever differs between two recipes is an argument of one program. What is not a number, such as a symmetry, becomes
the index of its word in the program's vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from artstudio.model.activation.mix import MAX_PARTS, is_mix
from artstudio.model.activation.registry import ACTIVATIONS, get_activation, needs_plugin
from artstudio.model.colour.models import COLOUR_MODELS, MAX_OUTPUTS
from artstudio.model.colour.oklab import GAMUTS
from artstudio.model.colour.prepared import Part
from artstudio.model.features import FEATURES, SYMMETRIES, parse_symmetry
from artstudio.model.network import Params
from artstudio.model.recipe import Recipe
from artstudio.model.warp import WARP_PARTS

Array = Any

WAVES = ("wave cos", "wave sin")
"""The channels of a random Fourier feature."""

OUTPUTS = (1, 3, MAX_OUTPUTS)
"""The numbers of network outputs that colour models take; a mixture of fewer colours leaves some unused."""

SOURCES = ("inputs", "layer before", "both", "same layer")
"""Where a pass gets its values: the last is for the further parts of a mixture."""

_UNUSED = np.float32(-1e30)
"""The bias of an unused output: its share of a mixture is 0."""


class Vocabulary(NamedTuple):
    """The words of each axis that a program knows, in the order of their indices."""

    activations: tuple[str, ...]
    """Names of the registry, and expressions."""
    channels: tuple[str, ...]
    """Input channels: a feature and the number of its channel, or one of `WAVES`."""
    symmetries: tuple[str, ...]
    warps: tuple[str, ...]
    """`none`, `plane`, `torus`."""
    colours: tuple[str, ...]
    gamuts: tuple[str, ...]
    """`none` for colour models that give sRGB."""
    parts: tuple[str, ...]
    """Of `bands`, `contours`, `dither`, `mix`, `relief` and `skip`."""

    def covers(self, other: Vocabulary) -> bool:
        """Whether every word of the other is in this one."""
        return all(set(theirs) <= set(ours) for ours, theirs in zip(self, other, strict=True))

    def joined(self, other: Vocabulary) -> Vocabulary:
        """Return the words of both."""
        if self.covers(other):
            return self
        return Vocabulary(*(tuple(sorted({*ours, *theirs})) for ours, theirs in zip(self, other, strict=True)))


def _channels(features: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name} {i}" for name in features for i in range(FEATURES[name].channels))


@cache
def full_vocabulary() -> Vocabulary:
    """Return all that is built in, expressions aside."""
    return Vocabulary(
        activations=ACTIVATIONS.built_in(),
        channels=(*_channels(FEATURES.built_in()), *WAVES),
        symmetries=tuple(SYMMETRIES),
        warps=("none", "plane", "torus"),
        colours=COLOUR_MODELS.built_in(),
        gamuts=("none", *dict.fromkeys(_mapping(name) for name in GAMUTS)),
        parts=("bands", "contours", "dither", "mix", "relief", "skip"),
    )


def extended_vocabulary() -> Vocabulary:
    """Return all that is built in, and all that plugins add."""
    return full_vocabulary()._replace(
        activations=tuple(ACTIVATIONS),
        channels=(*_channels(tuple(FEATURES)), *WAVES),
        colours=tuple(COLOUR_MODELS),
    )


def has_plugins(words: Vocabulary) -> bool:
    """Whether some of these words come from plugins: what they mean may change from one process to the next."""
    others = ((FEATURES, words.channels), (COLOUR_MODELS, words.colours))
    return any(map(needs_plugin, words.activations)) or any(
        registry.origin(word.partition(" ")[0]) for registry, axis in others for word in axis
    )


def words_of(recipe: Recipe) -> Vocabulary:
    """Return the words that a recipe uses."""
    on = [name for name, value in recipe.finish if value]
    on += ["mix"] * any(is_mix(name) for name in recipe.layer_activations()) + ["skip"] * recipe.skip
    return Vocabulary(
        activations=tuple(sorted(recipe.activation_parts())),
        channels=_channels(recipe.features) + (WAVES if recipe.fourier.count else ()),
        symmetries=(parse_symmetry(recipe.symmetry)[0].name,),
        warps=(_warp(recipe),),
        colours=(recipe.colour,),
        gamuts=(_gamut(recipe),),
        parts=tuple(sorted(on)),
    )


def _warp(recipe: Recipe) -> str:
    return "none" if not recipe.warp.amount else "torus" if recipe.seamless else "plane"


def _gamut(recipe: Recipe) -> str:
    return _mapping(recipe.gamut) if COLOUR_MODELS[recipe.colour].gives_oklab else "none"


def _mapping(gamut: str) -> str:
    """Return the first name of a gamut's function: numbers in different spaces may come from the same one."""
    return next(name for name, function in GAMUTS.items() if function is GAMUTS[gamut])


class Network(NamedTuple):
    """A network as a program takes it: NumPy arrays of the shapes that the program was compiled for.

    Floats are float32, indices uint32. S input slots, L hidden layers, P = L * `MAX_PARTS` passes. A pass gives a
    layer's units, or those of one part of a mixture, their activation.
    """

    channels: Array
    """(S,): the word of each slot."""
    origin: Array
    """(2,): where centred features are measured from."""
    frequencies: Array
    """(2, S): of the slots that are waves."""
    inputs: Array
    """The slots in use."""
    first: Array
    """(units, S)."""
    hidden: Array
    """(L, units, units)."""
    skip: Array
    """(L, units, S): weights of the inputs in later layers."""
    biases: Array
    """(L, units, 1)."""
    unit_parts: Array
    """(L, units, 1): the part of the mixture that each unit takes."""
    passes: Array
    """The passes in use."""
    pass_source: Array
    """(P,): `SOURCES` of the values before the bias."""
    pass_layer: Array
    """(P,)."""
    pass_part: Array
    """(P,)."""
    pass_activation: Array
    """(P,): words."""
    output: Array
    """(7, units)."""
    output_bias: Array
    """(7, 1)."""
    outputs: Array
    """The index in `OUTPUTS`."""
    symmetry: Array
    warp: Array
    warping: dict[str, Array]
    colour: Array
    gamut: Array
    colouring: dict[str, Array]
    bands: Array
    """Levels, or 0; a float, as the next two."""
    contours: Array
    relief: Array
    dither: Array
    """Whether there is noise."""


def arrange(recipe: Recipe, params: Params, words: Vocabulary, slots: int, layers: int) -> Network:
    """Return a recipe's network for a program of that vocabulary, so many input slots and hidden layers."""
    units, inputs = params.first_weights.shape
    names = _channels(recipe.features) + tuple(wave for wave in WAVES for _ in range(recipe.fourier.count))
    waves = np.zeros((2, slots), np.float32)
    if recipe.fourier.count:
        waves[:, inputs - 2 * recipe.fourier.count : inputs] = np.tile(params.frequencies, 2)
    passes, (source, layer, part, activation) = _passes(recipe, params, words, layers)
    bias = np.full((OUTPUTS[-1], 1), _UNUSED if recipe.colour == "mixture" else 0, np.float32)
    bias[: len(params.output_bias)] = params.output_bias
    return Network(
        channels=_padded([words.channels.index(name) for name in names], (slots,), np.uint32),
        origin=params.origin,
        frequencies=waves,
        inputs=np.uint32(inputs),
        first=_padded(params.first_weights, (units, slots)),
        hidden=_padded(params.hidden_weights[..., :units], (layers, units, units)),
        skip=_padded(params.hidden_weights[..., units:], (layers, units, slots)),
        biases=_padded(np.concatenate([params.first_bias[None], params.hidden_biases]), (layers, units, 1)),
        unit_parts=_padded(_unit_parts(params), (layers, units, 1), np.uint32),
        passes=passes,
        pass_source=source,
        pass_layer=layer,
        pass_part=part,
        pass_activation=activation,
        output=_padded(params.output_weights, (OUTPUTS[-1], units)),
        output_bias=bias,
        outputs=np.uint32(next(i for i, most in enumerate(OUTPUTS) if len(params.output_weights) <= most)),
        symmetry=np.uint32(words.symmetries.index(parse_symmetry(recipe.symmetry)[0].name)),
        warp=np.uint32(words.warps.index(_warp(recipe))),
        warping=_filled(params.warp, WARP_PARTS),
        colour=np.uint32(words.colours.index(recipe.colour)),
        gamut=np.uint32(words.gamuts.index(_gamut(recipe))),
        colouring=_filled(params.colour, colour_parts(words)),
        bands=params.finish["bands"],
        contours=params.finish["contours"],
        relief=params.finish["relief"],
        dither=np.bool_(recipe.finish.dither),
    )


def _unit_parts(params: Params) -> Array:
    """Return each unit's index in `Recipe.activation_parts()`, (depth, units, 1)."""
    parts = params.activations if params.activations.ndim == 3 else params.activations[:, None, None]
    return np.broadcast_to(parts, (len(parts), len(params.first_weights), 1))


def _passes(recipe: Recipe, params: Params, words: Vocabulary, layers: int) -> tuple[Array, Array]:
    """Return the number of passes, and their sources, layers, parts and activations, (4, P)."""
    parts = recipe.activation_parts()
    # One that works on a whole layer comes first, while all units still are as the product left them.
    order = sorted(range(len(parts)), key=lambda i: get_activation(parts[i]).elementwise)
    table = np.zeros((4, layers * MAX_PARTS), np.uint32)
    column = 0
    for layer, units in enumerate(_unit_parts(params)):
        used = [i for i in order if (units == i).any()]
        for number, i in enumerate(used):
            source = (
                "same layer" if number else "inputs" if not layer else "both" if recipe.skip else "layer before"
            )
            table[:, column] = SOURCES.index(source), layer, i, words.activations.index(parts[i])
            column += 1
    return np.uint32(column), table


def colour_parts(words: Vocabulary) -> dict[str, Part]:
    """Return what colour models prepare: all that are built in together, and those of plugins among the words."""
    models = [COLOUR_MODELS[name] for name in dict.fromkeys((*COLOUR_MODELS.built_in(), *words.colours))]
    return {name: part for model in models for name, part in model.parts.items()}


def _filled(prepared: dict[str, Array], parts: Mapping[str, Part]) -> dict[str, Array]:
    return {name: _padded(prepared.get(name, np.zeros(part.shape)), part.shape) for name, part in parts.items()}


def _padded(array: Any, shape: tuple[int, ...], dtype: Any = np.float32) -> Array:
    """Return an array of as many axes with zeros behind it on each of them."""
    array = np.asarray(array)
    padded = np.zeros(shape, dtype)
    padded[tuple(map(slice, array.shape))] = array
    return padded
