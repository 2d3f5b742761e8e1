"""The whole `render` call as a share of the rate of a large matrix product: how much of the machine it uses."""

from __future__ import annotations

from measure import ACTIVATIONS, DEPTH, HEIGHT, UNITS, WIDTH, best_of, matrix_rate, ms, table

from artstudio import Recipe, render

SHAPES = ((UNITS, DEPTH), (16, 4), (64, 6), (128, 8))
"""Units and depth; all activations for the first, two for the others."""


def network_flop(recipe: Recipe) -> int:
    """Flop of the network's multiply-adds for one picture; activations and colour are not counted."""
    inputs = len(recipe.features)
    weights = recipe.units * (inputs + (recipe.depth - 1) * recipe.units + 1)
    return 2 * weights * WIDTH * HEIGHT


def run(rounds: int) -> list[dict[str, object]]:
    """Measure, print a table and return its rows."""
    rate = matrix_rate()
    rows: list[dict[str, object]] = []
    row = table("units x depth", "activation", "render", "share", "matrix rate")
    for units, depth in SHAPES:
        for activation in ACTIVATIONS if (units, depth) == SHAPES[0] else ("relu", "tanh"):
            recipe = Recipe(seed=3, activation=activation, units=units, depth=depth)
            paint = {"": lambda recipe=recipe: render(recipe, width=WIDTH, height=HEIGHT, supersample=1)}
            seconds, peak = best_of(max(2, rounds // 2), paint)[""], rate()
            share = network_flop(recipe) / seconds / peak
            rows.append(
                {"units": units, "depth": depth, "activation": activation, "seconds": seconds,
                 "flop_per_second": peak, "share": share}
            )  # fmt: skip
            row(f"{units} x {depth}", activation, ms(seconds), f"{share:.2f}", f"{peak / 1e9:.0f} Gflop/s")
    return rows
