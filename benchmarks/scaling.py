"""Seconds of the whole `render` call against pixels, units, depth and threads, and of a batch against its jobs.

`ideal` is in proportion to pixels, units squared, depth, jobs or one over the threads, through the largest picture,
network or batch, or through one thread: time above it went into what does not shrink with the picture, or was waited.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from batch import run_batch
from measure import DEPTH, HEIGHT, UNITS, WIDTH, best_of, ms, table

from artstudio import Recipe, render
from artstudio.batch.job import Job
from artstudio.files.encode import FORMATS

ACTIVATIONS = ("relu", "tanh")
SIZES = {
    "64²": (64, 64), "128²": (128, 128), "256²": (256, 256), "512²": (512, 512), "1024²": (1024, 1024),
    "1080p": (1920, 1080), "4K": (3840, 2160),
}  # fmt: skip
SQUARE, THUMB = 1024, 256


Call = Callable[[str, int], Callable[[], object]]
"""Of an activation and a value: what is to be timed."""


@dataclass(frozen=True)
class Axis:
    """What is varied: its values, what stays, the power of the value that time would follow, and the call."""

    name: str
    values: tuple[int, ...]
    labels: tuple[str, ...]
    constant: str
    power: int
    call: Call


def run(rounds: int) -> dict[str, dict[str, object]]:
    """Measure, print a table for each axis and return its lists; about 80 s on two cores at 7 rounds."""
    return {axis.name: _measure(axis, max(1, min(3, rounds // 3))) for axis in _axes(os.cpu_count() or 1)}


def _measure(axis: Axis, rounds: int) -> dict[str, object]:
    calls = {(name, value): axis.call(name, value) for name in ACTIVATIONS for value in axis.values}
    best = best_of(rounds, calls, turn=0.25)
    seconds = {name: [best[name, value] for value in axis.values] for name in ACTIVATIONS}
    ideal = {name: _ideal(axis, times) for name, times in seconds.items()}
    print(f"\n{axis.constant}; in brackets how many times the ideal")
    row = table(axis.name, *(f"{name:>16}" for name in ACTIVATIONS))
    for i, label in enumerate(axis.labels):
        row(label, *(f"{ms(seconds[n][i])} ({seconds[n][i] / ideal[n][i]:.2f})" for n in ACTIVATIONS))
    return {
        "values": axis.values, "labels": axis.labels, "constant": axis.constant,
        "seconds": seconds, "ideal": ideal,
    }  # fmt: skip


def _ideal(axis: Axis, seconds: list[float]) -> list[float]:
    """In proportion to a power of the value, through the last point, or through one thread."""
    anchor = -1 if axis.power > 0 else 0
    return [seconds[anchor] * (value / axis.values[anchor]) ** axis.power for value in axis.values]


def _axes(cores: int) -> tuple[Axis, ...]:
    sizes = {width * height: (width, height) for width, height in SIZES.values()}
    threads = tuple(sorted({*(1 << k for k in range(cores.bit_length())), cores}))
    network, square = f"{UNITS} units, depth {DEPTH}", f"{SQUARE}×{SQUARE}"

    def plain(name: str, values: tuple[int, ...], constant: str, power: int, call: Call) -> Axis:
        return Axis(name, values, tuple(map(str, values)), constant, power, call)

    return (
        Axis("pixels", tuple(sizes), tuple(SIZES), network, 1, lambda name, pixels: _paint(name, *sizes[pixels])),
        plain("units", (8, 16, 32, 64, 128), f"{square}, depth {DEPTH}", 2,
              lambda name, units: _paint(name, SQUARE, SQUARE, units=units)),
        plain("depth", (1, 2, 4, 8, 16, 32), f"{square}, {UNITS} units", 1,
              lambda name, depth: _paint(name, SQUARE, SQUARE, depth=depth)),
        plain("jobs", (8, 16, 32, 64), f"{THUMB}×{THUMB}, PNG", 1, _batch),
        plain("threads", threads, f"{WIDTH}×{HEIGHT}", -1,
              lambda name, threads: _paint(name, WIDTH, HEIGHT, threads=threads)),
    )  # fmt: skip


def _paint(
    activation: str, width: int, height: int, *, units: int = UNITS, depth: int = DEPTH, threads: int | None = None
) -> Callable[[], object]:
    recipe = Recipe(seed=3, activation=activation, units=units, depth=depth)
    return lambda: render(recipe, width=width, height=height, supersample=1, threads=threads)


def _batch(activation: str, count: int) -> Callable[[], object]:
    """So many pictures, each of its own network, from the plan to the manifest."""
    png = FORMATS["png"]
    recipes = [Recipe(seed=seed, activation=activation, units=UNITS, depth=DEPTH) for seed in range(count)]
    jobs = [Job(f"p-{recipe.seed}", recipe, THUMB, THUMB, png, 1) for recipe in recipes]
    return lambda: run_batch(jobs)
