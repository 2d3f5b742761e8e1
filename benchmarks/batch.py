"""32 pictures at 1080p, eight activations, as a batch, against the ideal: their own thread-seconds over the cores."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from measure import HEIGHT, WIDTH, table

from artstudio import Recipe
from artstudio.batch.execute import Options, execute, open_folder
from artstudio.batch.job import Job
from artstudio.batch.run import make
from artstudio.files.encode import FORMATS

COUNT = 32
ACTIVATIONS = ("tanh", "relu", "sine", "gelu", "softmax", "sigmoid", "gaussian", "triangle_wave")


def run_batch(jobs: Sequence[Job]) -> None:
    """Render, encode, write, check and record all of them in a new folder, with as many workers as by default."""
    with tempfile.TemporaryDirectory() as folder, open_folder(Path(folder)) as entries:
        for outcome in execute(jobs, Path(folder), entries, Options(workers=(os.cpu_count() or 1) + 1)):
            if outcome.status != "rendered":
                raise RuntimeError(outcome.reason)


def run(rounds: int) -> dict[str, float]:
    """Measure once, however many rounds; print a table and return its numbers."""
    png = FORMATS["png"]
    jobs = [
        Job(f"p-{i}", Recipe(seed=i, activation=ACTIVATIONS[i % len(ACTIVATIONS)]), WIDTH, HEIGHT, png, 1)
        for i in range(COUNT)
    ]
    make(jobs[0])  # compiles
    alone = sum(make(job).seconds for job in jobs)
    start = time.perf_counter()
    run_batch(jobs)
    batch = time.perf_counter() - start
    ratio = batch / (alone / (os.cpu_count() or 1))
    row = table("pictures", "seconds", "thread-seconds one by one", "times the ideal")
    row(COUNT, f"{batch:.2f}", f"{alone:.2f}", f"{ratio:.2f}")
    return {"pictures": COUNT, "batch": batch, "thread_seconds": alone, "ratio": ratio}
