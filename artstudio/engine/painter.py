"""The program that paints every picture, as JAX traces it; `engine.programs` compiles and keeps it.

It paints strips of some hundred pixels, one after the other. All of a recipe is run-time data. Arguments are also
what makes it exact: with constants inside, XLA folds coordinates differently for each place and size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from artstudio.model.colour.finish import evened
from artstudio.model.colour.oklab import linear_from_srgb, srgb_from_linear
from artstudio.model.features import parse_symmetry
from artstudio.model.forward import only_if, outputs_function, picture_function, with_slopes
from artstudio.model.recipe import Recipe
from artstudio.model.vocabulary import Network, Vocabulary
from artstudio.model.weights import pcg4d

Array = Any

DEPTHS: Mapping[int, type[np.integer[Any]]] = MappingProxyType({8: np.uint8, 16: np.uint16})
"""Bits a channel -> the integer type of a picture."""


CHANNELS: Mapping[str, int] = MappingProxyType({"levels": 3, "slopes": 1, "surface": 3})
"""What a program gives out -> numbers a pixel."""


class Kind(NamedTuple):
    """What a program is compiled for, besides its vocabulary."""

    output: str
    """`levels`, a picture's integers; `slopes`, the norm of d colour / d (x, y); or `surface`, the first output as
    height, and what it rises by across each pixel."""
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
    return Canvas(
        np.int32(width),
        np.int32(height),
        np.int32(samples),
        recipe.view.transform.astype(np.float32),
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

    Levels are uint8 or uint16 (strips * strip, 3), slopes and surfaces float32 (strips * strip, channels). Places
    past the end of the canvas are painted as if it went on.
    """
    strip = kind.strip
    paint_strip = {"levels": _levels, "slopes": _slopes, "surface": _surface}[kind.output](kind, words)
    shape = kind.strips * strip, CHANNELS[kind.output]
    dtype = np.dtype(DEPTHS[kind.bits] if kind.output == "levels" else np.float32)

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
    colour_at = picture_function(words, lit=kind.lit)

    def paint_strip(network: Network, view: Canvas, column: Array, row: Array) -> Array:
        sampled = view.samples > 1

        def add(sample: Array, total: Array) -> Array:
            colour = colour_at(network, view.folds, *_coordinates(view, column, row, sample))
            # Samples are averaged in linear light, as a camera does.
            return total + only_if(sampled, lambda c: linear_from_srgb(jnp.clip(c, 0, 1), jnp), colour)

        count = view.samples * view.samples
        total = jax.lax.fori_loop(0, count, add, jnp.zeros((3, kind.strip), jnp.float32))
        srgb = only_if(sampled, lambda t: srgb_from_linear(t / count.astype(jnp.float32), jnp), total)
        noise = jnp.zeros(kind.strip, jnp.float32)
        if "dither" in words.parts:
            noise = only_if(network.dither, lambda _: dither_noise(column, row), noise)
        return _quantise(srgb, noise, kind.bits).T

    return paint_strip


def _slopes(kind: Kind, words: Vocabulary) -> Callable[..., Array]:
    """Return the painter of a strip's gradient norms: (network, canvas, columns, rows) -> (strip, 1)."""
    colour_at = picture_function(words, lit=kind.lit, differentiated=True)

    def paint_strip(network: Network, view: Canvas, column: Array, row: Array) -> Array:
        def colour(x: Array, y: Array) -> Array:
            return jnp.clip(colour_at(network, view.folds, x, y), 0, 1)

        _, along_x, along_y = with_slopes(colour, *_coordinates(view, column, row, jnp.int32(0)))
        return jnp.sqrt((along_x**2).sum(axis=0) + (along_y**2).sum(axis=0))[:, None]

    return paint_strip


def _surface(kind: Kind, words: Vocabulary) -> Callable[..., Array]:
    """Return the painter of a strip's heights, in (0, 1), and of what they rise by across and down each pixel:
    (network, canvas, columns, rows) -> (strip, 3).

    Heights are means of n x n samples; a rise is the difference between opposite edges of the pixel, the mean of n
    samples along each. Neighbours share their edges, so rises add up to differences, and jumps are slopes of a pixel.
    """
    outputs_at = outputs_function(words, differentiated=False)

    def paint_strip(network: Network, view: Canvas, column: Array, row: Array) -> Array:
        n = view.samples

        def add(number: Array, total: Array) -> Array:
            inside = number < n * n
            edge = number - n * n
            side, along = edge % 4, 2 * (edge // 4) + 1  # right, left, lower, upper; in halves of a sample
            a = jnp.where(inside, 2 * (number % n) + 1, jnp.where(side < 2, 2 * n * (side == 0), along))
            b = jnp.where(inside, 2 * (number // n) + 1, jnp.where(side < 2, along, 2 * n * (side == 2)))
            height = evened(outputs_at(network, view.folds, *_at(view, column, row, a, b))[0], jnp)
            area = (n * n).astype(jnp.float32)
            sign = jnp.where(side % 2 == 0, 1.0, -1.0) / n.astype(jnp.float32)
            shares = [
                jnp.where(inside, 1 / area, 0.0),
                jnp.where(inside | (side > 1), 0.0, sign),
                jnp.where(inside | (side < 2), 0.0, sign),
            ]
            return total + jnp.stack(shares)[:, None] * height[None]

        return jax.lax.fori_loop(0, n * n + 4 * n, add, jnp.zeros((3, kind.strip), jnp.float32)).T

    return paint_strip


def _coordinates(view: Canvas, column: Array, row: Array, sample: Array) -> tuple[Array, Array]:
    """Canvas coordinates of a sample of each pixel, after the view: the short side spans [-1, 1], y down."""
    n = view.samples
    return _at(view, column, row, 2 * (sample % n) + 1, 2 * (sample // n) + 1)


def _at(view: Canvas, column: Array, row: Array, right: Array, down: Array) -> tuple[Array, Array]:
    """Canvas coordinates of a place in each pixel, in halves of a sample from its upper left corner."""
    n = view.samples
    short = (jnp.minimum(view.width, view.height) * n).astype(jnp.float32)
    across = 2 * (column * n) + right - view.width * n
    down = 2 * (row * n) + down - view.height * n
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
