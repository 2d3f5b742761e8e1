"""Encoding one 1080p picture in each format, on one thread."""

from __future__ import annotations

from measure import HEIGHT, WIDTH, best_of, ms, table

from artstudio import Recipe, render
from artstudio.files.encode import FORMATS


def run(rounds: int) -> dict[str, float]:
    """Measure, print a table and return the seconds by format."""
    pixels = render(Recipe(seed=3), width=WIDTH, height=HEIGHT)
    times = best_of(rounds, {name: lambda f=f: f.encode(pixels, {}) for name, f in FORMATS.items()})
    row = table("format", "encoding")
    for name, seconds in times.items():
        row(name, ms(seconds))
    return times
