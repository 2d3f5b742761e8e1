"""The benchmarks: `make bench`. Ratios are taken within one run, interleaved, since machines are noisy.

Each figure is the best of several rounds. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import jax
import jax.numpy as jnp
import naive
import numpy as np
from peers import PEERS

from artstudio import Recipe, render
from artstudio.batch.execute import Options, execute, open_folder
from artstudio.batch.job import Job
from artstudio.batch.run import make
from artstudio.files.encode import FORMATS

WIDTH, HEIGHT, UNITS, DEPTH = 1920, 1080, 32, 8
ACTIVATIONS = ("tanh", "relu", "step", "sine", "sigmoid", "gelu", "softmax")


def best_of(rounds: int, calls: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The best time of each call in seconds, taken in turns, after one warm-up of each."""
    for call in calls.values():
        call()
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            for _ in range(3):  # the first after another's turn finds cold caches
                start = time.perf_counter()
                call()
                times[name].append(time.perf_counter() - start)
    return {name: min(values) for name, values in times.items()}


def bench_engine(rounds: int) -> list[dict[str, object]]:
    """The whole `render` call against a whole-image jit, as one would first write it."""
    rows: list[dict[str, object]] = []
    for activation in ACTIVATIONS:
        recipe = Recipe(seed=3, activation=activation, units=UNITS, depth=DEPTH)
        plain = naive.painter(recipe, WIDTH, HEIGHT)
        times = best_of(
            rounds,
            {
                "naive": plain,
                "artstudio": lambda recipe=recipe: render(recipe, width=WIDTH, height=HEIGHT, supersample=1),
            },
        )
        rows.append({"activation": activation, **times, "ratio": times["naive"] / times["artstudio"]})
        print(
            f"{activation:10} naive {1e3 * times['naive']:6.0f} ms   artstudio {1e3 * times['artstudio']:6.0f} ms"
            f"   {times['naive'] / times['artstudio']:.2f} times as fast"
        )
    return rows


KERNELS = ((32, 8), (16, 4), (64, 6), (128, 8))
EVERY = ("step", "relu", "tanh", "sine", "sigmoid", "gelu", "silu", "softmax")


def matrix_rate() -> Callable[[], float]:
    """A function that returns the machine's float32 rate now: flop per second of a 2048 x 2048 product in JAX."""
    a = jnp.asarray(np.random.default_rng(0).standard_normal((2048, 2048), np.float32))
    product = jax.jit(lambda a: a @ a)
    return lambda: 2 * 2048**3 / best_of(2, {"": lambda: product(a).block_until_ready()})[""]


def network_flop(recipe: Recipe) -> int:
    """Flop of the network's multiply-adds for one picture; activations and colour are not counted."""
    inputs = len(recipe.features)
    weights = recipe.units * (inputs + (recipe.depth - 1) * recipe.units + 1)
    return 2 * weights * WIDTH * HEIGHT


def bench_kernel(rounds: int) -> list[dict[str, object]]:
    """The whole `render` call, as a share of the rate of a large matrix product."""
    rate = matrix_rate()
    rows: list[dict[str, object]] = []
    for units, depth in KERNELS:
        for activation in EVERY if (units, depth) == KERNELS[0] else ("relu", "tanh"):
            recipe = Recipe(seed=3, activation=activation, units=units, depth=depth)
            paint = {
                "": lambda recipe=recipe: render(recipe, width=WIDTH, height=HEIGHT, supersample=1, alone=True)
            }
            seconds, peak = best_of(max(2, rounds // 2), paint)[""], rate()
            share = network_flop(recipe) / seconds / peak
            rows.append(
                {"units": units, "depth": depth, "activation": activation, "seconds": seconds, "share": share}
            )
            print(
                f"{units:3} x {depth}  {activation:8} {1e3 * seconds:6.0f} ms"
                f"   {share:.2f} of the matrix rate ({peak / 1e9:.0f} Gflop/s)"
            )
    return rows


def bench_peers(rounds: int) -> list[dict[str, object]]:
    """NumPy, PyTorch and numba against the whole `render` call."""
    rows: list[dict[str, object]] = []
    for activation in EVERY:
        recipe = Recipe(seed=3, activation=activation, units=UNITS, depth=DEPTH)
        made = {name: painter(recipe, WIDTH, HEIGHT) for name, painter in PEERS.items()}
        calls = {name: call for name, call in made.items() if call}
        calls["artstudio"] = lambda recipe=recipe: render(
            recipe, width=WIDTH, height=HEIGHT, supersample=1, alone=True
        )
        times = best_of(max(1, rounds // 3), calls)
        ours = times["artstudio"]
        rows.append({"activation": activation, **times})
        others = "   ".join(f"{name} {1e3 * t:5.0f} ms ({t / ours:.1f})" for name, t in times.items() if t != ours)
        print(f"{activation:8} artstudio {1e3 * ours:5.0f} ms   {others}")
    return rows


def bench_small() -> dict[str, float]:
    """256 pictures of 128 x 128 pixels, 24 units, depth 6, against the rate per pixel at 1080p."""
    from artstudio.engine.many import render_many

    recipes = [Recipe(seed=seed) for seed in range(256)]
    large = best_of(2, {"": lambda: render(recipes[0], width=WIDTH, height=HEIGHT, supersample=1)})[""]

    def small() -> None:
        for _ in render_many(recipes, width=128, height=128, supersample=1, then=lambda pixels: None):
            pass

    seconds = best_of(1, {"": small})[""]
    share = (large / (WIDTH * HEIGHT)) / (seconds / (len(recipes) * 128 * 128))
    print(f"256 small pictures, calibration included: {seconds:.2f} s; {share:.2f} of the rate per pixel at 1080p")
    return {"seconds": seconds, "share": share}


def bench_encode(rounds: int) -> dict[str, float]:
    """Encoding one 1080p picture in each format."""
    pixels = render(Recipe(seed=3), width=WIDTH, height=HEIGHT)
    times = best_of(rounds, {name: lambda f=f: f.encode(pixels, {}) for name, f in FORMATS.items()})
    for name, seconds in times.items():
        print(f"encode {name:5} {1e3 * seconds:6.0f} ms")
    return times


def bench_batch() -> dict[str, float]:
    """32 pictures at 1080p, mixed activations: a batch against the sum of its pictures' own thread-seconds."""
    names = ("tanh", "relu", "sine", "gelu", "softmax", "sigmoid", "gaussian", "triangle_wave")
    jobs = [
        Job(f"p-{i}", Recipe(seed=i, activation=names[i % 8]), WIDTH, HEIGHT, FORMATS["png"], 1) for i in range(32)
    ]
    make(jobs[0])  # compiles
    alone = sum(make(job).seconds for job in jobs)
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with open_folder(Path(folder)) as entries:
            for _ in execute(jobs, Path(folder), entries, Options(workers=cores + 1)):
                pass
        batch = time.perf_counter() - start
    ratio = batch / (alone / cores)
    print(f"batch of 32: {batch:.2f} s; its pictures one by one {alone:.2f} thread-seconds; {ratio:.2f} of ideal")
    return {"batch": batch, "thread_seconds": alone, "ratio": ratio}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", type=Path, help="write the results here")
    options = parser.parse_args()
    print(f"{WIDTH}x{HEIGHT}, {UNITS} units, depth {DEPTH}, {os.cpu_count()} cores")
    results = {
        "kernel": bench_kernel(options.rounds),
        "engine": bench_engine(options.rounds),
        "peers": bench_peers(options.rounds),
        "small": bench_small(),
        "encode": bench_encode(options.rounds),
        "batch": bench_batch(),
    }
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
