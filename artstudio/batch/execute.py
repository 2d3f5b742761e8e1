"""A batch from beginning to end in one folder: lock it, read what is there, plan, run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from artstudio.batch import manifest
from artstudio.batch.cluster import cluster_maker
from artstudio.batch.interrupt import orderly_interrupt
from artstudio.batch.job import Job
from artstudio.batch.manifest import Entry
from artstudio.batch.plan import Decision, plan, recover
from artstudio.batch.run import Outcome, local_maker, prepare_folder, run, sweep_up
from artstudio.files.lock import folder_lock


@dataclass(frozen=True)
class Options:
    """How to carry out a batch. `cluster` is a Dask scheduler's address, `local`, or empty for threads here."""

    workers: int
    force: bool = False
    fail_fast: bool = False
    cluster: str = ""


@contextmanager
def open_folder(folder: Path) -> Iterator[dict[str, Entry]]:
    """Hold the folder's lock and yield its manifest's entries, mended if it was damaged.

    Raises `FolderLocked` when another process works there, `FileProblem` when it cannot be read or written.
    """
    prepare_folder(folder)
    with folder_lock(folder):
        sweep_up(folder)
        entries, damaged = manifest.read(folder)
        if damaged:
            entries = recover(folder, entries)
            manifest.rewrite(folder, entries)
        yield entries


def preview(jobs: Sequence[Job], folder: Path, *, force: bool) -> tuple[Decision, ...]:
    """Return the plan for a folder that need not exist, without touching it."""
    entries, damaged = manifest.read(folder)
    return plan(jobs, folder, recover(folder, entries) if damaged else entries, force=force)


def execute(
    jobs: Sequence[Job],
    folder: Path,
    entries: dict[str, Entry],
    options: Options,
    *,
    on_plan: Callable[[Sequence[Decision]], object] = lambda decisions: None,
    progress: Callable[[int], object] = lambda pixels: None,
) -> Iterator[Outcome]:
    """Plan and run jobs in a folder opened by `open_folder`; yield outcomes as they come.

    `on_plan` gets the decisions before the work begins, `progress` numbers of pixels as they are done, from any
    thread. The first Ctrl-C raises `KeyboardInterrupt` once the pictures in flight are dropped.
    """
    decisions = plan(jobs, folder, entries, force=options.force)
    on_plan(decisions)
    stop = Event()
    with orderly_interrupt(stop):
        if options.cluster:
            with cluster_maker(options.cluster) as (start, threads):
                for outcome in run(decisions, folder, start, slots=2 * threads, fail_fast=options.fail_fast):
                    progress(outcome.job.width * outcome.job.height if outcome.status == "rendered" else 0)
                    yield outcome
        else:
            with local_maker(options.workers, stop, progress) as start:
                yield from run(decisions, folder, start, slots=2 * options.workers, fail_fast=options.fail_fast)
