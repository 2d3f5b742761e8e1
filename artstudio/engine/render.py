"""Render a recipe: pixels in runs of strips, one Python thread a core, the same bits however they are cut."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from artstudio.engine.program import architecture, canvas, strip_program
from artstudio.engine.size import check_size, resolve_supersample
from artstudio.errors import BadInput
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe

RUN = 1 << 15
"""Pixels in one call: enough that the call itself costs nothing, few enough to share among threads."""

SMALLEST_LAYER, LARGEST_LAYER = 1 << 12, 1 << 15
"""Values in a layer of one strip, units x pixels. The largest takes 128 KiB, which stays in a core's own cache.
Between the two, XLA on CPUs adds up each sum in one order, whatever the strip's width; outside it was seen to
choose others (matrix products above, softmax below), which changes last bits."""


def strip_range(units: int) -> tuple[int, int]:
    """Return the narrowest and the widest strip, in pixels, for layers of `units`: multiples of 128 up to 1024."""
    widest = max(128, min(1024, LARGEST_LAYER // units // 128 * 128))
    return min(widest, -(-SMALLEST_LAYER // units // 128) * 128), widest


def render(
    recipe: Recipe,
    *,
    width: int = 1024,
    height: int = 1024,
    supersample: int | None = None,
    threads: int | None = None,
    devices: Sequence[Any] | None = None,
    strip: int | None = None,
    params: Params | None = None,
    progress: Callable[[int], object] | None = None,
) -> NDArray[np.uint8]:
    """Render `recipe` to sRGB pixels, uint8 (height, width, 3).

    `supersample` averages N x N samples a pixel in linear light (1 to 16; by default 4 where an activation
    jumps, else 1). `threads` defaults to one a core, `devices` to JAX's local devices, `strip` (the pixels
    painted at a time) to the widest of `strip_range`. None of the three changes a single bit.
    `params` are painted in the place of the recipe's own: those of another recipe of the same shape.
    `progress` is called with the number of pixels painted since the last call, from any thread.

    Raises `BadInput` for a size that is no size or needs more memory than there is.
    """
    width, height = operator.index(width), operator.index(height)
    check_size(width, height)
    samples = resolve_supersample(recipe, supersample)
    narrowest, widest = strip_range(recipe.units)
    strip = widest if strip is None else operator.index(strip)
    if strip % 128 or not narrowest <= strip <= widest:
        raise BadInput(
            f"strip: expected a multiple of 128 from {narrowest} to {widest} for {recipe.units} units,"
            f" found {strip}"
        )
    strips = max(1, RUN // strip)
    devices = list(devices or jax.local_devices())
    paint = strip_program(architecture(recipe, samples), strip, strips)
    inputs = params or build_params(recipe), canvas(recipe, width, height, samples)
    arguments = [jax.device_put(inputs, device) for device in devices]
    pixels = np.empty((height * width, 3), np.uint8)
    run = strip * strips

    def paint_run(number: int) -> None:
        start = number * run
        row, column = divmod(start, width)
        painted = paint(*arguments[number % len(devices)], np.int32(row), np.int32(column))
        part = pixels[start : start + run]
        part[:] = np.asarray(painted)[: len(part)]
        if progress:
            progress(len(part))

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        for _ in pool.map(paint_run, range(-(-len(pixels) // run))):
            pass
    return pixels.reshape(height, width, 3)
