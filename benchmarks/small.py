"""256 pictures of 128 x 128, 24 units, depth 6: the rate a pixel against 1080p's, calibration included and apart."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from measure import HEIGHT, WIDTH, best_of, table

from artstudio import Recipe, render
from artstudio.curation.many import render_many
from artstudio.model.network import Params, build_params

COUNT, SIDE = 256, 128


def run(rounds: int) -> dict[str, float]:
    """Measure, print a table and return its numbers."""
    recipes = [Recipe(seed=seed) for seed in range(COUNT)]
    networks = [(recipe, build_params(recipe)) for recipe in recipes]

    def whole() -> None:
        for _ in render_many(recipes, width=SIDE, height=SIDE, supersample=1, then=lambda pixels: None):
            pass

    def painting() -> None:
        def paint(network: tuple[Recipe, Params]) -> None:
            recipe, params = network
            render(recipe, width=SIDE, height=SIDE, supersample=1, threads=1, params=params)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(paint, networks))

    def large() -> None:
        recipe, params = networks[0]
        render(recipe, width=WIDTH, height=HEIGHT, supersample=1, params=params)

    times = best_of(max(1, rounds // 3), {"whole": whole, "painting": painting, "large": large}, turn=1.0)
    rate = times["large"] / (WIDTH * HEIGHT)
    row = table("pictures", "seconds", "share of the rate at 1080p")
    shares = {name: rate / (times[name] / (COUNT * SIDE**2)) for name in ("whole", "painting")}
    for name, share in shares.items():
        row(f"{COUNT}, {name}", f"{times[name]:.2f}", f"{share:.2f}")
    return {
        "pictures": COUNT,
        "seconds": times["whole"],
        "share": shares["whole"],
        "painting_seconds": times["painting"],
        "painting_share": shares["painting"],
    }
