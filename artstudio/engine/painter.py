"""The program that paints every picture, as JAX traces it; `engine.programs` compiles and keeps it.

All of a recipe is run-time data. What is chosen by an index, such as a symmetry or an activation, is chosen once per
strip of some hundred pixels, where a branch costs nothing. Never `vmap` it: each choice would compute all branches.

Arguments are also what makes it exact: with constants inside, XLA folds coordinates and products differently for
each place and size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from artstudio.engine.vocabulary import OUTPUTS, WAVES, Network, Vocabulary
from artstudio.model.activation_record import differentiable
from artstudio.model.activations import get_activation
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import FEATURES, SYMMETRIES, parse_symmetry
from artstudio.model.finish import contour_cover, draw_contours, posterise, relief_light
from artstudio.model.oklab import GAMUTS, linear_from_srgb, srgb_from_linear
from artstudio.model.recipe import Recipe
from artstudio.model.special import cosine, sine
from artstudio.model.warp import bend
from artstudio.model.weights import pcg4d

Array = Any

DEPTHS: Mapping[int, type[np.integer[Any]]] = MappingProxyType({8: np.uint8, 16: np.uint16})
"""Bits a channel -> the integer type of a picture."""

_FUSED_INPUTS = 4
"""Inputs whose products are summed in one pass over memory; the others take a pass each."""


class Kind(NamedTuple):
    """What a program is compiled for, besides its vocabulary."""

    output: str
    """`levels`, a picture's integers; or `slopes`, the norm of d colour / d (x, y)."""
    units: int
    slots: int
    """Input channels, at most."""
    layers: int
    """Hidden layers, at most."""
    lit: bool
    """Whether the finish may need slopes: relief and contours."""
    bits: int
    strip: int
    """Pixels in a strip."""
    strips: int
    """Strips in a call, at most."""
    places: int
    """Pixels in a call that lists them, at most: a multiple of `strip`."""


class Canvas(NamedTuple):
    """The picture's size, its samples, where it looks. NumPy scalars and a small array."""

    width: Array
    """Pixels, int32."""
    height: Array
    """Pixels, int32."""
    samples: Array
    """Samples a pixel along each side, int32."""
    transform: Array
    """The view as float32 (2, 3): [x, y, 1] on the canvas -> coordinates."""
    folds: Array
    """The number of folds of the symmetry, float32."""


class Run(NamedTuple):
    """Which pixels a call paints: `count` strips in reading order from one pixel on, or those that are listed."""

    row: Array
    column: Array
    count: Array
    listed: Array
    rows: Array
    """int32 (places,)."""
    columns: Array


def canvas(recipe: Recipe, width: int, height: int, samples: int) -> Canvas:
    """Return the canvas arguments for a picture of width x height pixels, samples x samples each."""
    angle = np.deg2rad(recipe.view.rotation)
    c, s = np.cos(angle) / recipe.view.zoom, np.sin(angle) / recipe.view.zoom
    x, y = recipe.view.centre
    return Canvas(
        np.int32(width),
        np.int32(height),
        np.int32(samples),
        np.array([[c, -s, x], [s, c, y]], np.float32),
        np.float32(parse_symmetry(recipe.symmetry)[1]),
    )


def strips_run(kind: Kind, row: int, column: int, count: int) -> Run:
    """Return the run of `count` strips in reading order from a pixel on."""
    return Run(np.int32(row), np.int32(column), np.int32(count), np.False_, *_no_places(kind.places))


def places_run(kind: Kind, rows: Array, columns: Array) -> Run:
    """Return the run of single pixels, at most `kind.places`: integers (count,) each."""
    places = [np.resize(place, kind.places).astype(np.int32) for place in (rows, columns)]
    return Run(np.int32(0), np.int32(0), np.int32(-(-len(rows) // kind.strip)), np.True_, *places)


@cache
def _no_places(count: int) -> tuple[Array, Array]:
    return np.zeros(count, np.int32), np.zeros(count, np.int32)


def painter(kind: Kind, words: Vocabulary) -> Callable[[Network, Canvas, Run], Array]:
    """Return the function to compile: (network, canvas, run) -> the painted pixels, 0 past them.

    Levels are uint8 or uint16 (strips * strip, 3), slopes float32 (strips * strip, 1). Places past the end of the
    canvas are painted as if it went on.
    """
    strip = kind.strip
    slopes = kind.output == "slopes"
    paint_strip = (_slopes if slopes else _levels)(kind, words)
    shape = kind.strips * strip, 1 if slopes else 3
    dtype = np.dtype(np.float32 if slopes else DEPTHS[kind.bits])

    def paint(network: Network, view: Canvas, run: Run) -> Array:
        def add(number: Array, painted: Array) -> Array:
            start = strip * number
            flat = run.column + start + jnp.arange(strip, dtype=jnp.int32)
            # Division of whole numbers is slow on CPUs. In float32 it is exact enough: the quotient is at
            # least 1 / (2 width) away from a whole number, and column + width stays far below 2^23.
            down = jnp.floor((flat.astype(jnp.float32) + 0.5) / view.width.astype(jnp.float32)).astype(jnp.int32)
            column, row = (
                jnp.where(run.listed, jax.lax.dynamic_slice_in_dim(listed, start, strip), counted)
                for listed, counted in ((run.columns, flat - down * view.width), (run.rows, run.row + down))
            )
            return jax.lax.dynamic_update_slice_in_dim(painted, paint_strip(network, view, column, row), start, 0)

        return jax.lax.fori_loop(0, run.count, add, jnp.zeros(shape, dtype))

    return paint


def _levels(kind: Kind, words: Vocabulary) -> Callable[..., Array]:
    """Return the painter of a strip's levels: (network, canvas, columns, rows) -> (strip, 3)."""
    colour_at = _colours(kind, words)

    def paint_strip(network: Network, view: Canvas, column: Array, row: Array) -> Array:
        sampled = view.samples > 1

        def add(sample: Array, total: Array) -> Array:
            colour = colour_at(network, view, *_coordinates(view, column, row, sample))
            # Samples are averaged in linear light, as a camera does.
            return total + _only_if(sampled, lambda c: linear_from_srgb(jnp.clip(c, 0, 1), jnp), colour)

        count = view.samples * view.samples
        total = jax.lax.fori_loop(0, count, add, jnp.zeros((3, kind.strip), jnp.float32))
        srgb = _only_if(sampled, lambda t: srgb_from_linear(t / count.astype(jnp.float32), jnp), total)
        noise = jnp.zeros(kind.strip, jnp.float32)
        if "dither" in words.parts:
            noise = _only_if(network.dither, lambda _: dither_noise(column, row), noise)
        return _quantise(srgb, noise, kind.bits).T

    return paint_strip


def _slopes(kind: Kind, words: Vocabulary) -> Callable[..., Array]:
    """Return the painter of a strip's gradient norms: (network, canvas, columns, rows) -> (strip, 1)."""
    colour_at = _colours(kind, words, differentiated=True)

    def paint_strip(network: Network, view: Canvas, column: Array, row: Array) -> Array:
        def colour(x: Array, y: Array) -> Array:
            return jnp.clip(colour_at(network, view, x, y), 0, 1)

        _, along_x, along_y = _with_slopes(colour, *_coordinates(view, column, row, jnp.int32(0)))
        return jnp.sqrt((along_x**2).sum(axis=0) + (along_y**2).sum(axis=0))[:, None]

    return paint_strip


def _with_slopes(function: Callable[[Array, Array], Array], x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Return a function's value at x and y, (pixels,), and its derivatives by both."""
    one, zero = jnp.ones_like(x), jnp.zeros_like(x)

    def along(step_x: Array, step_y: Array) -> tuple[Array, Array]:
        return jax.jvp(function, (x, y), (step_x, step_y))

    # Both directions in one pass: only the derivatives have an axis more, so no choice computes all branches.
    steps = jnp.stack([one, zero]), jnp.stack([zero, one])
    value, (along_x, along_y) = jax.vmap(along, out_axes=(None, 0))(*steps)
    return value, along_x, along_y


def _colours(kind: Kind, words: Vocabulary, differentiated: bool = False) -> Callable[..., Array]:
    """Return the picture as a function: (network, canvas, x, y) -> sRGB, (3, pixels), not yet clipped."""
    outputs_at = _outputs(words, differentiated or kind.lit)
    models = [COLOUR_MODELS[name] for name in words.colours]
    gamuts = [partial(_displayed, name) for name in words.gamuts]

    def colour_at(network: Network, view: Canvas, x: Array, y: Array) -> Array:
        def along(x: Array, y: Array) -> Array:
            return outputs_at(network, view.folds, x, y)

        if not kind.lit:
            return tinted(network, along(x, y))
        outputs, slope_x, slope_y = _with_slopes(along, x, y)
        light = linear_from_srgb(jnp.clip(tinted(network, outputs), 0, 1), jnp)
        if "relief" in words.parts:
            light = _only_if(
                network.relief > 0,
                lambda light: light * relief_light(slope_x[0], slope_y[0], network.relief, jnp)[None],
                light,
            )
        if "contours" in words.parts:
            light = _only_if(
                network.contours > 0,
                lambda light: draw_contours(
                    light, contour_cover(outputs[0], slope_x[0], slope_y[0], network.contours, jnp), jnp
                ),
                light,
            )
        return srgb_from_linear(jnp.minimum(light, 1), jnp)

    def tinted(network: Network, outputs: Array) -> Array:
        if "bands" in words.parts:
            outputs = _only_if(network.bands > 0, lambda outputs: banded(network, outputs), outputs)

        def coloured(model: Any, outputs: Array) -> Array:
            used = outputs[: model.channels(OUTPUTS[-1])]
            return model.apply(used, network.colouring, lambda lab, xp: lab, jnp)

        lab = jax.lax.switch(network.colour, [partial(coloured, model) for model in models], outputs)
        return jax.lax.switch(network.gamut, gamuts, lab)

    def banded(network: Network, outputs: Array) -> Array:
        """Posterise no more outputs than there are: it takes a logarithm for each."""

        def some(most: int, outputs: Array) -> Array:
            return outputs.at[:most].set(posterise(outputs[:most], network.bands, jnp))

        branches = [partial(some, most) for most in OUTPUTS]
        return jax.lax.switch(network.outputs, branches, outputs)

    return colour_at


def _outputs(words: Vocabulary, differentiated: bool) -> Callable[..., Array]:
    """Return the network with all that is before it: (network, folds, x, y) -> outputs, (7, pixels).

    Where it is `differentiated`, activations have their recorded slopes.
    """
    symmetries = [SYMMETRIES[name] for name in words.symmetries]
    activations = [_activation(name, differentiated) for name in words.activations]

    def bent(name: str, network: Network, x: Array, y: Array) -> tuple[Array, Array]:
        if name == "none":
            return x, y
        first = network.warping["w0"][:, : 4 if name == "torus" else 2]
        return bend(network.warping | {"w0": first}, name == "torus", x, y, jnp)

    def outputs_at(network: Network, folds: Array, x: Array, y: Array) -> Array:
        moves = [partial(lambda move, x, y: move(x, y, folds, jnp), symmetry.function) for symmetry in symmetries]
        x, y = jax.lax.switch(network.symmetry, moves, x, y)
        x, y = jax.lax.switch(network.warp, [partial(bent, name, network) for name in words.warps], x, y)
        rows = _input_rows(network, words, x, y)
        values = _hidden_layers(network, rows, activations, words)
        products = [partial(_output_product, network, most) for most in OUTPUTS]
        return jax.lax.switch(network.outputs, products, values)

    return outputs_at


def _input_rows(network: Network, words: Vocabulary, x: Array, y: Array) -> Array:
    """Return the input channels, (slots, pixels); slots that are not in use are 0."""

    def add_channel(slot: Array, rows: Array) -> Array:
        channels = [partial(_channel, word, network, slot) for word in words.channels]
        row = jax.lax.switch(_item(network.channels, slot), channels, x, y)
        return jax.lax.dynamic_update_slice_in_dim(rows, row[None], slot, axis=0)

    rows = jnp.zeros((network.channels.shape[0], x.shape[0]), jnp.float32)
    return jax.lax.fori_loop(np.uint32(0), network.inputs, add_channel, rows)


def _hidden_layers(network: Network, rows: Array, activations: Sequence[Any], words: Vocabulary) -> Array:
    """Return the last hidden layer's values, (units, pixels), for input channels, (slots, pixels)."""

    def add_inputs(weights: Array, total: Array, first: int) -> Array:
        def add(slot: Array, total: Array) -> Array:
            row = jax.lax.dynamic_slice_in_dim(rows, slot, 1)
            return jax.lax.dynamic_slice_in_dim(weights, slot, 1, axis=1) * row + total

        return jax.lax.fori_loop(np.uint32(first), network.inputs, add, total)

    def from_inputs(number: Array, values: Array) -> Array:
        # In this order it becomes the chain of fused multiply-adds that a product is, to the bit.
        total = network.first[:, 0, None] * rows[0][None]
        for slot in range(1, _FUSED_INPUTS):
            total = network.first[:, slot, None] * rows[slot][None] + total
        return add_inputs(network.first, total, _FUSED_INPUTS)

    def from_layer(number: Array, values: Array) -> Array:
        return _matmul(_item(network.hidden, _item(network.pass_layer, number) - 1), values)

    def from_both(number: Array, values: Array) -> Array:
        weights = _item(network.skip, _item(network.pass_layer, number) - 1)
        return add_inputs(weights, from_layer(number, values), 0)

    def as_it_is(number: Array, values: Array) -> Array:
        return values

    sources = [from_inputs, from_layer]
    sources += [from_both if "skip" in words.parts else as_it_is] if {"skip", "mix"} & set(words.parts) else []
    sources += [as_it_is] if "mix" in words.parts else []

    def activated(function: Callable[[Array], Array], number: Array, z: Array) -> Array:
        # The bias is added inside the branch, where it fuses with the activation into one pass over memory.
        layer = _item(network.pass_layer, number)
        found = function(z + _item(network.biases, layer))
        if "mix" not in words.parts:
            return found
        return jnp.where(_item(network.unit_parts, layer) == _item(network.pass_part, number), found, z)

    branches = [partial(activated, function) for function in activations]

    def add_pass(number: Array, values: Array) -> Array:
        z = jax.lax.switch(_item(network.pass_source, number), sources, number, values)
        return jax.lax.switch(_item(network.pass_activation, number), branches, number, z)

    start = jnp.zeros((network.first.shape[0], rows.shape[1]), jnp.float32)
    return jax.lax.fori_loop(np.uint32(0), network.passes, add_pass, start)


def _item(array: Array, index: Array) -> Array:
    return jax.lax.dynamic_index_in_dim(array, index, keepdims=False)


def _output_product(network: Network, most: int, values: Array) -> Array:
    """Return the outputs, of which at most so many are used, (7, pixels)."""
    outputs = _matmul(network.output[:most], values) + network.output_bias[:most]
    return jnp.pad(outputs, ((0, OUTPUTS[-1] - most), (0, 0)))


def _displayed(gamut: str, colour: Array) -> Array:
    """Return OKLab colours as sRGB; colours that are sRGB already, of gamut `none`, as they are."""
    return colour if gamut == "none" else GAMUTS[gamut](colour, jnp)


def _channel(word: str, network: Network, slot: Array, x: Array, y: Array) -> Array:
    """Return an input channel, (pixels,); the slot's frequencies are those of a wave."""
    if word in WAVES:
        wave = cosine if word == WAVES[0] else sine
        fx, fy = _item(network.frequencies.T, slot)
        return wave(fx * x + fy * y, jnp)
    name, number = word.split()
    return FEATURES[name].function(x, y, jnp)[int(number)]


def _activation(name: str, differentiated: bool) -> Callable[[Array], Array]:
    record = get_activation(name)
    return differentiable(record, painter=True) if differentiated else lambda z: record.painter(z, jnp)


def _matmul(weights: Array, values: Array) -> Array:
    # Full float32: a GPU would otherwise be free to use its tensor cores' shorter format.
    return jnp.matmul(weights, values, precision=jax.lax.Precision.HIGHEST)


def _only_if(condition: Array, change: Callable[[Array], Array], value: Array) -> Array:
    return jax.lax.cond(condition, change, lambda value: value, value)


def _coordinates(view: Canvas, column: Array, row: Array, sample: Array) -> tuple[Array, Array]:
    """Canvas coordinates of a sample of each pixel, after the view: the short side spans [-1, 1], y down."""
    n = view.samples
    short = (jnp.minimum(view.width, view.height) * n).astype(jnp.float32)
    across = 2 * (column * n + sample % n) + 1 - view.width * n
    down = 2 * (row * n + sample // n) + 1 - view.height * n
    x, y = across.astype(jnp.float32) / short, down.astype(jnp.float32) / short
    t = view.transform
    return t[0, 0] * x + t[0, 1] * y + t[0, 2], t[1, 0] * x + t[1, 1] * y + t[1, 2]


def dither_noise(column: Array, row: Array) -> Array:
    """Return noise for each pixel, in levels, (pixels,): triangular on (-1, 1), from a hash of its place.

    Triangular noise makes the error of rounding independent of the colour (Lipshitz, Wannamaker and Vanderkooy,
    "Quantization and Dither", 1992).
    """
    a, b, *_ = pcg4d(column, row, jnp.zeros_like(column), jnp.zeros_like(row), jnp)
    return (a >> 8).astype(jnp.float32) * 2.0**-24 - (b >> 8).astype(jnp.float32) * 2.0**-24


def _quantise(srgb: Array, noise: Array, bits: int) -> Array:
    """The one place where colours become whole numbers: clip, scale, round."""
    levels = np.iinfo(DEPTHS[bits]).max
    shifted = jnp.clip(srgb, 0, 1) * levels + noise[None]
    return jnp.round(jnp.clip(shifted, 0, levels)).astype(DEPTHS[bits])
