"""The plan of a batch: for each job, render or keep, and why. It looks at the folder and changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from artstudio.batch.job import Job
from artstudio.batch.manifest import Entry, file_sha256
from artstudio.errors import ArtstudioError, BadInput
from artstudio.files.encode import FORMATS
from artstudio.model.cost import seconds_per_pixel
from artstudio.pictures.picture import read_info
from artstudio.pictures.pixels import hash_rows, pixel_rows
from artstudio.pictures.verify import verify_some_rows
from artstudio.version import RENDERER

RENDER_REASONS = ("missing", "changed", "damaged", "failed before", "forced")
KEEP_REASONS = ("unchanged", "recovered")


@dataclass(frozen=True)
class Decision:
    """What to do with a job and why: a reason of `RENDER_REASONS` or `KEEP_REASONS`.

    `entry` is the manifest entry of a job that is kept; one won back from its picture is not in the manifest.
    """

    job: Job
    action: Literal["render", "keep"]
    reason: str
    entry: Entry | None = None


def plan(
    jobs: Sequence[Job], folder: Path, entries: Mapping[str, Entry], *, force: bool = False
) -> tuple[Decision, ...]:
    """Decide for each job, given the folder's manifest `entries`.

    A job is kept only if its digest (recipe, size, format, supersampling, renderer version) is the recorded one
    and its file is there with the recorded hash; or if there is no record, but a picture whose own recipe and
    pixels say that it is this job's. Raises `BadInput` when two jobs would write one file.
    """
    seen = Counter(job.file_name.casefold() for job in jobs)
    twice = [name for name, count in seen.items() if count > 1]
    if twice:
        raise BadInput(
            f"{len(twice)} file names are wanted by more than one job, such as {twice[0]!r}; rename one"
        )
    return tuple(_decide(job, folder, entries.get(job.name), force) for job in jobs)


def _decide(job: Job, folder: Path, entry: Entry | None, force: bool) -> Decision:
    path = folder / job.file_name
    if force:
        return Decision(job, "render", "forced")
    if entry is None:
        found = entry_from_picture(path) if path.is_file() else None
        if found and found.digest == job.digest:
            return Decision(job, "keep", "recovered", found)
        return Decision(job, "render", "missing" if not path.is_file() else "changed")
    if entry.status != "done":
        return Decision(job, "render", "failed before")
    if entry.digest != job.digest or entry.file != job.file_name:
        return Decision(job, "render", "changed")
    try:
        if not path.is_symlink() and path.stat().st_size == entry.bytes and file_sha256(path) == entry.sha256:
            return Decision(job, "keep", "unchanged", entry)
    except FileNotFoundError:
        return Decision(job, "render", "missing")
    except (OSError, ArtstudioError):
        pass  # what cannot be read is as good as damaged: rendering it again will say what is wrong
    return Decision(job, "render", "damaged")


def entry_from_picture(path: Path) -> Entry | None:
    """Recover an entry from a picture's own recipe; None if it has none, or if its pixels are not as rendered.

    Of a lossless picture all pixels are checked by their hash, of a lossy one some rows by painting them again.
    Galleries have 8 bits per sample.
    """
    if path.is_symlink():
        return None
    try:
        info = read_info(path)
        format = FORMATS.get(info.format)
        if format is None or path.suffix != format.suffixes[0] or info.bits != 8 or info.renderer != RENDERER:
            return None
        if info.prepress.changes_pixels:
            return None
        if not (hash_rows(info, pixel_rows(info)()) == info.pixels if format.lossless else verify_some_rows(info)):
            return None
        job = Job(
            path.stem, info.recipe, info.width, info.height, format, info.supersample, info.title,
            sheet=info.prepress.sheet,
        )  # fmt: skip
        return job.entry(file_sha256(path), path.stat().st_size)
    except (ArtstudioError, OSError):
        return None


def recover(folder: Path, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return `entries` and those that can be recovered from the other pictures in the folder."""
    suffixes = {format.suffixes[0] for format in FORMATS.values()}
    lost = (path for path in sorted(folder.glob("*")) if path.suffix in suffixes and path.stem not in entries)
    found = (entry_from_picture(path) for path in lost)
    return {**entries, **{entry.name: entry for entry in found if entry}}


@dataclass(frozen=True)
class Estimate:
    """What is left to do, roughly."""

    pictures: int
    megapixels: float
    seconds: float
    megabytes: float


def estimate(decisions: Sequence[Decision], workers: int) -> Estimate:
    """Estimate time and disk of the renders in a plan."""
    jobs = [decision.job for decision in decisions if decision.action == "render"]
    pixels = sum(job.width * job.height for job in jobs)
    seconds = sum(cost(job) for job in jobs) / workers
    megabytes = sum(job.width * job.height * job.format.bytes_per_pixel for job in jobs) / 1e6
    return Estimate(len(jobs), pixels / 1e6, seconds, megabytes)


def cost(job: Job) -> float:
    """Return about how many seconds a job keeps one core busy."""
    return job.width * job.height * seconds_per_pixel(job.recipe, job.supersample)
