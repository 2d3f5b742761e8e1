"""Waiting for what other threads do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import TypeVar

T = TypeVar("T")
A = TypeVar("A")

_LOOK = 0.5
"""Seconds: a wait without a limit cannot be interrupted on Windows."""


def result_of(future: Future[T]) -> T:
    """Return a future's result once it is there, or raise what it raised. Ctrl-C ends the wait on every system."""
    while True:
        try:
            return future.result(timeout=_LOOK)
        except TimeoutError:
            if future.done():  # the work itself ran out of time
                return future.result()


def next_done(futures: Iterable[Future[T]]) -> set[Future[T]]:
    """Return those of some futures that are done, once there is one. Ctrl-C ends the wait on every system."""
    waiting = list(futures)
    while not (done := wait(waiting, _LOOK, FIRST_COMPLETED).done):
        pass
    return done


def mapped(pool: Executor, function: Callable[[A], T], items: Iterable[A]) -> Iterator[T]:
    """Yield a function's results for each item, in order, computed side by side; at an error the rest is dropped."""
    futures = [pool.submit(function, item) for item in items]
    try:
        for future in futures:
            yield result_of(future)
    finally:
        for future in futures:
            future.cancel()
