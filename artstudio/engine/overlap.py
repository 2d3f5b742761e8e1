"""Work side by side: calls and what is done with their results, bands and what is done with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from artstudio.threads import mapped, result_of

T = TypeVar("T")

Each = Callable[[Callable[[int], Any], Iterable[int]], Iterator[Any]]
"""`map`, on one thread or side by side on several."""


@contextmanager
def side_by_side(threads: int) -> Iterator[Each]:
    """Give what maps a function over numbers on so many threads; one is the calling thread itself."""
    if threads == 1:
        yield map
        return
    with ThreadPoolExecutor(threads, "paint") as pool:
        yield partial(mapped, pool)


def carry_out(
    calls: int,
    start: Callable[[int], Any],
    keep: Callable[[int, Any], object],
    each: Each,
    ahead: int,
) -> None:
    """Do `keep(number, start(number))` for each number of `calls`.

    For CPUs, with `ahead` 0, by `each`. Other devices return at once from `start` an array that is still
    to be computed: then they are given calls before the results of up to `ahead` earlier ones are kept, so that they
    paint while those are copied back.
    """
    if not ahead:
        for _ in each(lambda number: keep(number, start(number)), range(calls)):
            pass
        return
    under_way: deque[tuple[int, Any]] = deque()
    for number in range(calls):
        painted = start(number)
        painted.copy_to_host_async()
        under_way.append((number, painted))
        if len(under_way) > ahead:
            keep(*under_way.popleft())
    while under_way:
        keep(*under_way.popleft())


def one_ahead(items: Iterator[T]) -> Iterator[T]:
    """Yield the items, each of them made on a thread while the one before is used."""
    with ThreadPoolExecutor(1, "ahead") as pool:
        following = pool.submit(next, items, None)
        while (item := result_of(following)) is not None:
            following = pool.submit(next, items, None)
            yield item
