"""Many small pictures: one per thread, so that calibration hides behind painting."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from artstudio.engine.programs import expect
from artstudio.engine.render import Pixels, render
from artstudio.model.network import build_params
from artstudio.model.recipe import Recipe
from artstudio.threads import result_of

T = TypeVar("T")


def render_many(
    recipes: Sequence[Recipe],
    *,
    width: int,
    height: int,
    then: Callable[[Pixels], T],
    supersample: int | None = None,
    threads: int | None = None,
    coarse: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Iterator[T]:
    """Yield `then(pixels)` of the pictures of recipes in their order: uint8 (height, width, 3), the bits of `render`.

    With `coarse` smooth networks are calibrated on about half of the usual points in float32, for searches that only
    judge the pictures: scores rank almost the same (docs/performance.md). Networks that jump are not, since theirs
    would be other pictures.

    `then` runs on the painting threads, so that what is made of a picture is made side by side, too. `threads` work
    side by side, by default one per core; a few pictures more than that are in memory. `progress` is called with 1
    for each picture done. Raises `BadInput` as `render` does.
    """
    workers = threads or os.cpu_count() or 1
    expect(recipes)

    def one(recipe: Recipe) -> T:
        params = build_params(recipe, coarse=coarse and not recipe.jumps)
        made = then(render(recipe, width=width, height=height, supersample=supersample, threads=1, params=params))
        if progress:
            progress(1)
        return made

    waiting = iter(recipes)
    with ThreadPoolExecutor(workers, "many") as pool:
        flying = [pool.submit(one, recipe) for recipe in islice(waiting, 4 * workers)]
        try:
            while flying:
                yield result_of(flying.pop(0))
                flying += [pool.submit(one, recipe) for recipe in islice(waiting, 1)]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
