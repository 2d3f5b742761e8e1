"""256 pictures of 128 x 128 pixels, 24 units, depth 6, calibration included: the rate a pixel against 1080p's."""

from __future__ import annotations

from measure import HEIGHT, WIDTH, best_of, table

from artstudio import Recipe, render
from artstudio.engine.many import render_many

COUNT, SIDE = 256, 128


def run(rounds: int) -> dict[str, float]:
    """Measure, print a table and return its numbers."""
    recipes = [Recipe(seed=seed) for seed in range(COUNT)]

    def small() -> None:
        for _ in render_many(recipes, width=SIDE, height=SIDE, supersample=1, then=lambda pixels: None):
            pass

    def large() -> None:
        render(recipes[0], width=WIDTH, height=HEIGHT, supersample=1)

    times = best_of(max(1, rounds // 3), {"small": small, "large": large}, turn=1.0)
    share = (times["large"] / (WIDTH * HEIGHT)) / (times["small"] / (COUNT * SIDE**2))
    table("pictures", "seconds", "share of the rate at 1080p")(COUNT, f"{times['small']:.2f}", f"{share:.2f}")
    return {"pictures": COUNT, "seconds": times["small"], "share": share}
