"""The one jit boundary: a program that paints a run of pixels, compiled once for each kind of network.

Everything that differs between two recipes of the same architecture is an argument: weights, activations,
colour tables, the view, the size of the canvas, where the run starts. Arguments are also what makes it
exact: with constants inside, XLA folds coordinates and products differently for each place and size.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import SYMMETRIES, compute_features, parse_symmetry
from artstudio.model.network import Functions, Params, activation_functions, apply, own_activations
from artstudio.model.oklab import linear_from_srgb, srgb_from_linear
from artstudio.model.recipe import Recipe

Array = Any


class Architecture(NamedTuple):
    """What a program is compiled for, besides the shapes of its arguments."""

    features: tuple[str, ...]
    symmetry: str
    colour: str
    supersampled: bool
    own: tuple[str, ...]
    """Activations beyond the registry: expressions, which are compiled in."""


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


def architecture(recipe: Recipe, samples: int) -> Architecture:
    """Return what a recipe's program is compiled for."""
    symmetry, _ = parse_symmetry(recipe.symmetry)
    return Architecture(recipe.features, symmetry.name, recipe.colour, samples > 1, own_activations(recipe))


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


def colour_function(kind: Architecture, functions: Functions) -> Callable[[Params, Array, Array, Array], Array]:
    """Return the picture as a function: (params, folds, x, y) -> sRGB, (3, pixels), not yet clipped."""
    symmetry, colour = SYMMETRIES[kind.symmetry], COLOUR_MODELS[kind.colour]

    def colour_at(params: Params, folds: Array, x: Array, y: Array) -> Array:
        inputs = compute_features(kind.features, *symmetry.function(x, y, folds, jnp), jnp)
        return colour.apply(apply(params, inputs, functions), params.colour, jnp)

    return colour_at


@lru_cache(maxsize=64)
def strip_program(kind: Architecture, strip: int, strips: int) -> Callable[..., Array]:
    """Return the compiled painter of `strips` strips of `strip` pixels each.

    `paint(params, canvas, row, column)` starts at that pixel and goes on in reading order, past the end of
    the canvas if need be: uint8 (strips * strip, 3), sRGB.
    """
    colour_at = colour_function(kind, activation_functions(kind.own))

    def colours(params: Params, view: Canvas, column: Array, row: Array, sample: Array) -> Array:
        return colour_at(params, view.folds, *_coordinates(view, column, row, sample))

    def paint_strip(params: Params, view: Canvas, row: Array, first: Array) -> Array:
        # Division of whole numbers is slow on CPUs. In float32 it is exact enough: the quotient is at
        # least 1 / (2 width) away from a whole number, and column + width stays far below 2^23.
        flat = first + jnp.arange(strip, dtype=jnp.int32)
        down = jnp.floor((flat.astype(jnp.float32) + 0.5) / view.width.astype(jnp.float32)).astype(jnp.int32)
        column, row = flat - down * view.width, row + down
        if kind.supersampled:
            srgb = _average(lambda sample: colours(params, view, column, row, sample), view.samples, strip)
        else:
            srgb = colours(params, view, column, row, jnp.int32(0))
        return _quantise(srgb)

    def paint(params: Params, view: Canvas, row: Array, column: Array) -> Array:
        firsts = column + strip * jnp.arange(strips, dtype=jnp.int32)
        planes = jax.lax.map(lambda first: paint_strip(params, view, row, first), firsts)
        return planes.transpose(0, 2, 1).reshape(strips * strip, 3)

    return jax.jit(paint)


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


def _quantise(srgb: Array) -> Array:
    """The one place where colours become bytes: clip, scale, round."""
    return jnp.round(jnp.clip(srgb, 0, 1) * 255).astype(jnp.uint8)
