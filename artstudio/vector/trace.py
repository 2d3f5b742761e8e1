"""A recipe as a subdivision of the plane: painted once on a fine grid, its edges then found by the network itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from artstudio.model.network import Params
from artstudio.model.recipe import Recipe
from artstudio.vector.subdivision import Grid, Subdivision, subdivide
from artstudio.vector.values import colour_function

_SHORT_SIDE, _IN_A_PIXEL = 2160, 4
"""Nodes along the short side, at most, and along a pixel: large pictures are the same drawing, scaled."""

_MOST_NODES = 1 << 24


def trace(
    recipe: Recipe,
    width: int,
    height: int,
    *,
    params: Params,
    threads: int | None = None,
    devices: Any = None,
    progress: Callable[[int], object] | None = None,
) -> Subdivision:
    """Return the areas of a flat picture of width x height pixels; see `flat.check_flat` for which ones are.

    The other arguments are those of `engine.render.render`.
    """
    from artstudio.engine.render import render  # late: a refusal should not wait for JAX

    short, long = sorted((width, height))
    nodes = min(_SHORT_SIDE, _IN_A_PIXEL * short, int((_MOST_NODES * short / long) ** 0.5))
    columns, rows = (max(1, round(nodes * side / short)) for side in (width, height))
    # The bar counts the picture's own pixels.
    share = width * height / (columns * rows)
    counted = None if progress is None else lambda pixels: progress(round(pixels * share))
    plain = recipe.with_parts(dither=False, contours=0, relief=0.0)
    pixels = render(
        plain, width=columns, height=rows, supersample=1, params=params, threads=threads, devices=devices,
        progress=counted,
    )  # fmt: skip
    codes = pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    step = short / min(columns, rows)
    x, y = (
        np.concatenate([[0.0], ((2 * np.arange(count) + 1 - count) * step + side) / 2, [float(side)]])
        for count, side in ((columns, width), (rows, height))
    )
    grid = Grid(x, y, np.pad(codes, 1, "edge"))
    return subdivide(grid, colour_function(recipe, params, width, height))
