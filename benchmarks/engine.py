"""The whole `render` call against the same network in JAX as one would first write it (naive.py)."""

from __future__ import annotations

import naive
from measure import ACTIVATIONS, DEPTH, HEIGHT, UNITS, WIDTH, best_of, ms, table

from artstudio import Recipe, render


def run(rounds: int) -> list[dict[str, object]]:
    """Measure, print a table and return its rows."""
    rows: list[dict[str, object]] = []
    row = table("activation", "naive", "artstudio", "ratio")
    for activation in ACTIVATIONS:
        recipe = Recipe(seed=3, activation=activation, units=UNITS, depth=DEPTH)
        times = best_of(
            rounds,
            {
                "naive": naive.painter(recipe, WIDTH, HEIGHT),
                "artstudio": lambda recipe=recipe: render(recipe, width=WIDTH, height=HEIGHT, supersample=1),
            },
        )
        ratio = times["naive"] / times["artstudio"]
        rows.append({"activation": activation, **times, "ratio": ratio})
        row(activation, ms(times["naive"]), ms(times["artstudio"]), f"{ratio:.2f}")
    return rows
