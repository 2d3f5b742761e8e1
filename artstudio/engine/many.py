"""Many small pictures: several in a call, one call a thread, so that calibration hides behind painting."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, islice
from typing import Any, TypeVar

import jax
import numpy as np

from artstudio.engine.devices import have_own_memory
from artstudio.engine.program import architecture, batch_program, canvas
from artstudio.engine.render import Pixels, recipe_strips, render
from artstudio.engine.size import AUTO, check_size, resolve_supersample
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe

T = TypeVar("T")

BATCH = 8
"""Pictures in a call, at most."""

SMALL = 1 << 17
"""Pixels of a picture up to which several share a call."""


def render_many(
    recipes: Iterable[Recipe],
    *,
    width: int,
    height: int,
    then: Callable[[Pixels], T],
    supersample: int | None = None,
    threads: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[T]:
    """Yield `then(pixels)` of the pictures of recipes in their order: uint8 (height, width, 3), the bits of `render`.

    `then` runs on the painting threads, so that what is made of a picture is made side by side, too.

    `threads` work side by side, by default one a core; a few batches more than that are in memory. Neighbouring
    recipes of one shape share a compilation, and a call where pictures are small and not anti-aliased automatically.
    `progress` is called with 1 for each picture done. Raises `BadInput` as `render` does.
    """
    width, height = operator.index(width), operator.index(height)
    check_size(width, height)
    samples = resolve_supersample(supersample)
    workers = threads or os.cpu_count() or 1

    def one(batch: list[Recipe]) -> list[T]:
        made = []
        for pixels in _batch(batch, width, height, samples):
            made.append(then(pixels))
            if progress:
                progress(1)
        return made

    waiting = _batches(iter(recipes))
    with ThreadPoolExecutor(workers, "many") as pool:
        flying = [pool.submit(one, batch) for batch in islice(waiting, 2 * workers)]
        try:
            while flying:
                yield from flying.pop(0).result()
                flying += [pool.submit(one, batch) for batch in islice(waiting, 1)]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _batches(recipes: Iterator[Recipe]) -> Iterator[list[Recipe]]:
    while batch := list(islice(recipes, BATCH)):
        yield batch


def _batch(recipes: list[Recipe], width: int, height: int, samples: int) -> Iterator[Pixels]:
    networks = [(recipe, build_params(recipe)) for recipe in recipes]
    # Strips are for CPUs: a GPU would be given one tiny piece of work after the other.
    if samples == AUTO or width * height > SMALL or have_own_memory(jax.local_devices()):
        for recipe, params in networks:
            yield render(recipe, width=width, height=height, supersample=samples or None, threads=1, params=params)
        return
    for _, alike in groupby(networks, lambda network: _shape(network[0], network[1], samples)):
        yield from paint_alike(list(alike), width, height, samples)


def _shape(recipe: Recipe, params: Params, samples: int) -> tuple[Any, ...]:
    """What two recipes must have in common to be painted by one program, in one call."""
    shapes = tuple(np.shape(leaf) for leaf in jax.tree.leaves(params))
    return architecture(recipe, samples), recipe.view, recipe.symmetry, jax.tree.structure(params), shapes


def paint_alike(
    networks: Sequence[tuple[Recipe, Params]], width: int, height: int, samples: int = 1
) -> Iterator[Pixels]:
    """Yield the pictures of recipes of one shape, with their networks, painted in one call: at most `BATCH` of them.

    They are uint8 (height, width, 3), with `samples` x `samples` a pixel (1 to 16) and the bits of `render`.
    """
    recipe, strip = networks[0][0], recipe_strips(networks[0][0])[1]
    program = batch_program(architecture(recipe, samples), strip, -(-width * height // strip))
    # Filled up, so that batches of any length share a compilation.
    filled = [params for _, params in networks] + [networks[0][1]] * (BATCH - len(networks))
    stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *filled)
    painted = np.asarray(program(stacked, canvas(recipe, width, height, samples), np.int32(len(networks))))
    for pixels in painted[: len(networks), : width * height]:
        yield pixels.reshape(height, width, 3)
