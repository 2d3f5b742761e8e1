"""The one jit boundary: a program that paints a run of pixels, compiled once for each kind of network.

Everything that differs between two recipes of the same architecture is an argument: weights, activations,
colour tables, the view, the size of the canvas, where the run starts. Arguments are also what makes it
exact: with constants inside, XLA folds coordinates and products differently for each place and size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from artstudio.model.activation_record import Activation, Function, differentiable
from artstudio.model.activations import get_activation
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import SYMMETRIES, compute_features, parse_symmetry
from artstudio.model.finish import contour_cover, draw_contours, posterise, relief_light
from artstudio.model.network import Functions, Params, apply, candidates, is_mixed
from artstudio.model.oklab import GAMUTS, linear_from_srgb, srgb_from_linear
from artstudio.model.recipe import Recipe
from artstudio.model.warp import bend
from artstudio.model.weights import pcg4d

Array = Any

Network = Callable[..., Array]
"""What evaluates the network: `apply`, or another with its arguments and results."""

COMPILER_OPTIONS: Mapping[str, int] = MappingProxyType({"xla_cpu_prefer_vector_width": 512})
"""LLVM would use half of a 512 bit register: elementwise functions take a third longer then. It changes no bit."""


DEPTHS: Mapping[int, type[np.integer[Any]]] = MappingProxyType({8: np.uint8, 16: np.uint16})
"""Bits a channel -> the whole numbers that colours become."""


class Architecture(NamedTuple):
    """What a program is compiled for, besides the shapes of its arguments."""

    features: tuple[str, ...]
    symmetry: str
    warped: bool
    seamless: bool
    """Whether the warp bends the torus."""
    skip: bool
    mixed: bool
    candidates: tuple[str, ...]
    """The activations that are compiled in: the registry's and expressions, or those of a mixture."""
    colour: str
    gamut: str
    finish: frozenset[str]
    """The parts of the finish that are on."""
    supersampled: bool


class Canvas(NamedTuple):
    """What a program needs to know of the picture: its size, its samples, where it looks. NumPy scalars."""

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


def architecture(recipe: Recipe, samples: int, alone: bool = False) -> Architecture:
    """Return what a recipe's program is compiled for, at one sample a pixel or more; `alone` as in `candidates`."""
    warped = recipe.warp.amount > 0
    return Architecture(
        features=recipe.features,
        symmetry=parse_symmetry(recipe.symmetry)[0].name,
        warped=warped,
        seamless=warped and recipe.seamless,
        skip=recipe.skip,
        mixed=is_mixed(recipe),
        candidates=candidates(recipe, alone),
        colour=recipe.colour,
        gamut=recipe.gamut,
        finish=frozenset(name for name, value in recipe.finish if value),
        supersampled=samples > 1,
    )


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


def colour_function(
    kind: Architecture, functions: Functions, network: Network = apply
) -> Callable[[Params, Array, Array, Array], Array]:
    """Return the picture as a function: (params, folds, x, y) -> sRGB, (3, pixels), not yet clipped.

    `functions` are the candidates; where the finish needs slopes, they must be differentiable as JAX does it.
    """
    symmetry, colour, gamut = SYMMETRIES[kind.symmetry], COLOUR_MODELS[kind.colour], GAMUTS[kind.gamut]

    def outputs_at(params: Params, folds: Array, x: Array, y: Array) -> Array:
        x, y = symmetry.function(x, y, folds, jnp)
        if kind.warped:
            x, y = bend(params.warp, kind.seamless, x, y, jnp)
        inputs = compute_features(kind.features, x, y, jnp, params.frequencies)
        return network(params, inputs, functions, mixed=kind.mixed, skip=kind.skip)

    def colour_at(params: Params, folds: Array, x: Array, y: Array) -> Array:
        if not kind.finish & {"contours", "relief"}:
            return tinted(params, outputs_at(params, folds, x, y))

        def along(x: Array, y: Array) -> Array:
            return outputs_at(params, folds, x, y)

        one, zero = jnp.ones_like(x), jnp.zeros_like(x)
        outputs, slope_x = jax.jvp(along, (x, y), (one, zero))
        _, slope_y = jax.jvp(along, (x, y), (zero, one))
        light = linear_from_srgb(jnp.clip(tinted(params, outputs), 0, 1), jnp)
        if "relief" in kind.finish:
            light = light * relief_light(slope_x[0], slope_y[0], params.finish["relief"], jnp)[None]
        if "contours" in kind.finish:
            cover = contour_cover(outputs[0], slope_x[0], slope_y[0], params.finish["contours"], jnp)
            light = draw_contours(light, cover, jnp)
        return srgb_from_linear(jnp.minimum(light, 1), jnp)

    def tinted(params: Params, outputs: Array) -> Array:
        if "bands" in kind.finish:
            outputs = posterise(outputs, params.finish["bands"], jnp)
        return colour.apply(outputs, params.colour, gamut, jnp)

    return colour_at


def candidate_functions(kind: Architecture) -> Functions:
    """The functions that a program chooses from; with their recorded slopes where the finish needs slopes."""
    records = [get_activation(name) for name in kind.candidates]
    if not kind.finish & {"contours", "relief"}:
        return tuple(record.painter for record in records)
    return tuple(with_slope(record) for record in records)


def with_slope(record: Activation) -> Function:
    """Return an activation's function for JAX to differentiate, by the recorded slope where there is one."""
    function = differentiable(record, painter=True)
    return lambda z, xp: function(z)


@lru_cache(maxsize=64)
def strip_program(kind: Architecture, strip: int, strips: int, bits: int = 8) -> Callable[..., Array]:
    """Return the compiled painter of up to `strips` strips of `strip` pixels each.

    `paint(params, canvas, row, column, count)` paints `count` strips, from that pixel on in reading order, past the
    end of the canvas if need be: uint8 or, for 16 `bits`, uint16 (strips * strip, 3), sRGB, 0 past the strips.
    """
    return jax.jit(_strips_painter(kind, strip, strips, bits), compiler_options=dict(COMPILER_OPTIONS))


@lru_cache(maxsize=64)
def batch_program(kind: Architecture, strip: int, strips: int, bits: int = 8) -> Callable[..., Array]:
    """Return the compiled painter of several small pictures of `strips` strips of `strip` pixels each.

    `paint(params, canvas, count)` paints the first `count` of the networks that are stacked in `params`, each leaf
    with one axis more in front, with the very bits of `strip_program`: (pictures, strips * strip, 3).
    """
    paint = _strips_painter(kind, strip, strips, bits)

    def paint_all(params: Params, view: Canvas, count: Array) -> Array:
        pictures = len(params.activations)

        def add(number: Array, painted: Array) -> Array:
            own = jax.tree.map(lambda leaf: jax.lax.dynamic_index_in_dim(leaf, number, keepdims=False), params)
            return painted.at[number].set(paint(own, view, jnp.int32(0), jnp.int32(0), jnp.int32(strips)))

        return jax.lax.fori_loop(0, count, add, jnp.zeros((pictures, strips * strip, 3), DEPTHS[bits]))

    return jax.jit(paint_all, compiler_options=dict(COMPILER_OPTIONS))


def _strips_painter(kind: Architecture, strip: int, strips: int, bits: int) -> Callable[..., Array]:
    pixels = painter(kind, strip, bits)

    def paint_strip(params: Params, view: Canvas, row: Array, first: Array) -> Array:
        # Division of whole numbers is slow on CPUs. In float32 it is exact enough: the quotient is at
        # least 1 / (2 width) away from a whole number, and column + width stays far below 2^23.
        flat = first + jnp.arange(strip, dtype=jnp.int32)
        down = jnp.floor((flat.astype(jnp.float32) + 0.5) / view.width.astype(jnp.float32)).astype(jnp.int32)
        return pixels(params, view, flat - down * view.width, row + down)

    def paint(params: Params, view: Canvas, row: Array, column: Array, count: Array) -> Array:
        def add(number: Array, painted: Array) -> Array:
            place = strip * number
            colours = paint_strip(params, view, row, column + place)
            return jax.lax.dynamic_update_slice_in_dim(painted, colours, place, axis=0)

        return jax.lax.fori_loop(0, count, add, jnp.zeros((strips * strip, 3), DEPTHS[bits]))

    return paint


@lru_cache(maxsize=64)
def spot_program(kind: Architecture, strip: int, strips: int, bits: int = 8) -> Callable[..., Array]:
    """Return the compiled painter of single pixels, `strips` strips of `strip` of them.

    `paint(params, canvas, rows, columns)` takes their places, int32 (strips * strip,) each: uint8 or uint16
    (strips * strip, 3), with the very bits of `strip_program`.
    """
    pixels = painter(kind, strip, bits)

    def paint(params: Params, view: Canvas, rows: Array, columns: Array) -> Array:
        places = columns.reshape(strips, strip), rows.reshape(strips, strip)
        painted = jax.lax.map(lambda place: pixels(params, view, *place), places)
        return painted.reshape(strips * strip, 3)

    return jax.jit(paint, compiler_options=dict(COMPILER_OPTIONS))


def painter(
    kind: Architecture, strip: int, bits: int, network: Network = apply
) -> Callable[[Params, Canvas, Array, Array], Array]:
    """Return what paints one strip: (params, canvas, columns, rows) -> whole numbers, (strip, 3)."""
    colour_at = colour_function(kind, candidate_functions(kind), network)

    def colours(params: Params, view: Canvas, column: Array, row: Array, sample: Array) -> Array:
        return colour_at(params, view.folds, *_coordinates(view, column, row, sample))

    def pixels(params: Params, view: Canvas, column: Array, row: Array) -> Array:
        if kind.supersampled:
            srgb = _average(lambda sample: colours(params, view, column, row, sample), view.samples, strip)
        else:
            srgb = colours(params, view, column, row, jnp.int32(0))
        noise = dither_noise(column, row) if "dither" in kind.finish else jnp.float32(0)
        return _quantise(srgb, noise, bits).T

    return pixels


def _coordinates(view: Canvas, column: Array, row: Array, sample: Array) -> tuple[Array, Array]:
    """Canvas coordinates of a sample of each pixel, after the view: the short side spans [-1, 1], y down."""
    n = view.samples
    short = (jnp.minimum(view.width, view.height) * n).astype(jnp.float32)
    across = 2 * (column * n + sample % n) + 1 - view.width * n
    down = 2 * (row * n + sample // n) + 1 - view.height * n
    x, y = across.astype(jnp.float32) / short, down.astype(jnp.float32) / short
    t = view.transform
    return t[0, 0] * x + t[0, 1] * y + t[0, 2], t[1, 0] * x + t[1, 1] * y + t[1, 2]


def _average(colours: Callable[[Array], Array], samples: Array, strip: int) -> Array:
    """Average the samples of each pixel in linear light, as a camera would."""

    def add(sample: Array, total: Array) -> Array:
        return total + linear_from_srgb(jnp.clip(colours(sample), 0, 1), jnp)

    count = samples * samples
    total = jax.lax.fori_loop(0, count, add, jnp.zeros((3, strip), jnp.float32))
    return srgb_from_linear(total / count.astype(jnp.float32), jnp)


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
    shifted = jnp.clip(srgb, 0, 1) * levels + (noise if noise.ndim == 0 else noise[None])
    return jnp.round(jnp.clip(shifted, 0, levels)).astype(DEPTHS[bits])
