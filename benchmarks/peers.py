"""NumPy, PyTorch and numba (painters.py) against the whole `render` call; in brackets how many times as long.

PyTorch and numba come with `pip install 'artstudio[bench]'`; what is not installed is left out.
"""

from __future__ import annotations

from measure import ACTIVATIONS, DEPTH, HEIGHT, UNITS, WIDTH, best_of, ms, table
from painters import PEERS

from artstudio import Recipe, render

OURS = "artstudio"


def run(rounds: int) -> list[dict[str, object]]:
    """Measure, print a table and return its rows, each with the seconds by name of who can paint it."""
    rows: list[dict[str, object]] = []
    row = table("activation", OURS, *(f"{name:>14}" for name in PEERS))
    for activation in ACTIVATIONS:
        recipe = Recipe(seed=3, activation=activation, units=UNITS, depth=DEPTH)
        made = {name: painter(recipe, WIDTH, HEIGHT) for name, painter in PEERS.items()}
        calls = {name: call for name, call in made.items() if call}
        calls[OURS] = lambda recipe=recipe: render(recipe, width=WIDTH, height=HEIGHT, supersample=1)
        times = best_of(max(1, rounds // 3), calls)
        rows.append({"activation": activation, **times})
        others = (
            f"{ms(times[name])} ({times[name] / times[OURS]:.1f})" if name in times else "" for name in PEERS
        )
        row(activation, ms(times[OURS]), *others)
    return rows
