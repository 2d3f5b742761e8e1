"""Run a plan: workers render and encode, one writer puts each picture in its place and then records it.

Rendering, encoding and writing overlap. At most two pictures a worker are in memory, however many there are.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal

from artstudio.batch.job import Job
from artstudio.batch.manifest import Appender, Entry, file_sha256
from artstudio.batch.plan import Decision, cost
from artstudio.errors import FileProblem, FolderProblem, clip
from artstudio.files.atomic import stale_temporaries, write_atomic
from artstudio.pictures.prepress import Prepress
from artstudio.pictures.single import Means, Picture, render_bytes
from artstudio.threads import next_done, result_of


@dataclass(frozen=True)
class Made:
    """An encoded picture, and the seconds it took."""

    data: bytes
    seconds: float


@dataclass(frozen=True)
class Outcome:
    """What became of a job. `entry` is what the manifest says of it now."""

    job: Job
    status: Literal["rendered", "kept", "failed"]
    reason: str
    entry: Entry


Maker = Callable[[Job], "Future[Made]"]
"""Starts making a job's picture somewhere: on a thread here, or on another machine."""


class Stopped(Exception):  # noqa: N818
    """The batch was stopped; pictures in flight are dropped."""


def make(job: Job, progress: Callable[[int], object] | None = None) -> Made:
    """Render and encode a job on the calling thread. `progress` is called with numbers of pixels painted."""
    start = time.perf_counter()
    picture = Picture(
        job.recipe,
        job.width,
        job.height,
        job.format,
        job.supersample,
        title=job.title,
        prepress=Prepress(job.sheet),
    )
    data = render_bytes(picture, Means(progress or (lambda pixels: None), threads=1))
    return Made(data, time.perf_counter() - start)


@contextmanager
def local_maker(workers: int, stop: Event, progress: Callable[[int], object]) -> Iterator[Maker]:
    """Make pictures on `workers` threads. Once `stop` is set, those in flight end within moments."""

    def step(pixels: int) -> None:
        if stop.is_set():
            raise Stopped
        progress(pixels)

    # One picture a thread: whole pictures side by side keep all cores busy, with no waiting within each.
    with ThreadPoolExecutor(workers, "render") as pool:
        try:
            yield lambda job: pool.submit(make, job, step)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def prepare_folder(folder: Path) -> None:
    """Make the folder if need be and see that it can be written to. Raises `FileProblem`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(f"{folder}: cannot be made a folder ({error.strerror})") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileProblem(f"{folder}: no permission to write there")


def sweep_up(folder: Path) -> None:
    """Delete the temporary files that a killed process left. The folder's lock must be held."""
    for path in stale_temporaries(folder):
        path.unlink(missing_ok=True)


def run(
    decisions: Sequence[Decision], folder: Path, start: Maker, *, slots: int, fail_fast: bool = False
) -> Iterator[Outcome]:
    """Carry out a plan in a folder whose lock is held, and yield each outcome as it comes: kept ones first.

    At most `slots` jobs are under way at once. A job that fails is recorded with its reason and the rest go
    on, or with `fail_fast` none is started any more. Raises `FolderProblem` when nothing can be written any
    more.
    """
    # The longest first: then the cores finish together.
    jobs = [decision.job for decision in decisions if decision.action == "render"]
    todo = deque(sorted(jobs, key=cost, reverse=True))
    under_way: dict[Future[Made], Job] = {}
    with Appender(folder) as manifest:
        kept = [decision for decision in decisions if decision.entry]
        if recovered := [d.entry for d in kept if d.reason == "recovered" and d.entry]:
            manifest.append(recovered)
        yield from (Outcome(d.job, "kept", d.reason, d.entry) for d in kept if d.entry)
        while todo or under_way:
            while todo and len(under_way) < slots:
                job = todo.popleft()
                under_way[start(job)] = job
            for future in next_done(under_way):
                outcome = _finish(under_way.pop(future), future, folder)
                manifest.append([outcome.entry])
                if fail_fast and outcome.status == "failed":
                    todo.clear()
                yield outcome


def _finish(job: Job, future: Future[Made], folder: Path) -> Outcome:
    """Write and check a made picture, or say why there is none."""
    try:
        made = result_of(future)
        path = folder / job.file_name
        write_atomic(path, made.data)
        sha256 = hashlib.sha256(made.data).hexdigest()
        if file_sha256(path) != sha256:
            raise FileProblem(f"{path}: does not hold what was written to it")
    except (FolderProblem, Stopped):
        raise
    except Exception as error:
        reason = clip(f"{error}" if isinstance(error, FileProblem) else f"{type(error).__name__}: {error}", 300)
        entry = Entry(job.name, job.file_name, job.digest, "failed", reason, title=job.title, tags=job.tags)
        return Outcome(job, "failed", reason, entry)
    return Outcome(job, "rendered", "", job.entry(sha256, len(made.data), made.seconds))
