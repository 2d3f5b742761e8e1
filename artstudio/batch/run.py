"""Run a batch: each worker renders, encodes and writes one picture at a time, then records it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from artstudio.batch import manifest
from artstudio.batch.job import Job
from artstudio.batch.picture import encode_picture
from artstudio.errors import BadInput, FileProblem
from artstudio.files.atomic import write_atomic


@dataclass(frozen=True)
class Outcome:
    """A finished job: where its picture is, how many bytes, how many seconds it took."""

    job: Job
    path: Path
    bytes: int
    seconds: float


def prepare_folder(folder: Path) -> None:
    """Make the folder if need be and see that it can be written to. Raises `FileProblem`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"{folder}: cannot be made a folder ({error.strerror})") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileProblem(f"{folder}: no permission to write there")


def run(
    jobs: Sequence[Job], folder: Path, *, workers: int, progress: Callable[[int], object] | None = None
) -> Iterator[Outcome]:
    """Run the jobs, `workers` at a time, and yield each outcome as it comes.

    Every worker uses one thread: whole pictures side by side keep all cores busy with no waiting at the
    end of each. `progress` is called with a number of pixels painted, from any thread.
    """
    names = [job.file_name.casefold() for job in jobs]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BadInput(f"two jobs would write the same file: {', '.join(sorted(twice))}")
    prepare_folder(folder)
    with ThreadPoolExecutor(workers) as pool:
        futures = [pool.submit(_make, job, folder, progress) for job in jobs]
        try:
            for future in as_completed(futures):
                outcome, entry = future.result()
                manifest.append(folder, entry)
                yield outcome
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _make(job: Job, folder: Path, progress: Callable[[int], object] | None) -> tuple[Outcome, manifest.Entry]:
    from artstudio.engine.render import render  # late: a plan or a refusal should not wait for JAX

    start = time.perf_counter()
    pixels = render(
        job.recipe,
        width=job.width,
        height=job.height,
        supersample=job.supersample,
        threads=1,
        progress=progress,
    )
    data = encode_picture(pixels, job.recipe, job.supersample, job.format, job.title)
    path = folder / job.file_name
    write_atomic(path, data)
    seconds = time.perf_counter() - start
    entry = manifest.Entry(
        name=job.name,
        file=job.file_name,
        title=job.title,
        tags=job.tags,
        width=job.width,
        height=job.height,
        supersample=job.supersample,
        digest=job.digest,
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        seconds=round(seconds, 3),
        recipe=job.recipe.to_dict(),
    )
    return Outcome(job, path, len(data), seconds), entry
