"""What commands say: progress, remarks and errors on stderr, tables and texts on stdout.

Whatever may come from a file or the network goes through here, or through an error, on its way to a terminal.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from artstudio.cli.words import as_options
from artstudio.errors import ArtstudioError, printable
from artstudio.registry import PluginWarning

_show_warning = warnings.showwarning

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from artstudio.batch.plan import Decision
    from artstudio.batch.run import Outcome


def remark(message: str, quiet: bool = False) -> None:
    """Say a line or several on stderr, unless `quiet`. That nobody can read it stops no work."""
    if not quiet:
        with suppress(OSError):
            click.echo("\n".join(map(printable, message.split("\n"))), err=True)


def complain(message: str, code: int) -> int:
    """Say what ended the command as one short line on stderr, and return the exit code."""
    remark(f"artstudio: {ArtstudioError(as_options(message))}")
    return code


def show_warning(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
    """Say what a plugin lacks in one line; other warnings are for people who write programs, as ever."""
    if issubclass(category, PluginWarning):
        remark(f"artstudio: warning: {message}")
    else:
        _show_warning(message, category, *where, **more)


def say(text: str) -> None:
    """Print one line of text on stdout, what a terminal would obey escaped."""
    click.echo(printable(text))


def stderr_console() -> Console:
    """Return a rich console on stderr; it honours NO_COLOR and FORCE_COLOR."""
    from rich.console import Console

    return Console(stderr=True)


def _bar() -> Progress:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=stderr_console(), transient=True)


@contextmanager
def pixel_progress(total: int, label: str, quiet: bool) -> Iterator[Callable[[int], object]]:
    """Show a bar over `total` steps, usually pixels, while the block runs; yields what to call with those done.

    Nothing is shown when quiet or when stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda pixels: None
        return
    with _bar() as progress:
        task = progress.add_task(label, total=total)
        yield lambda pixels: progress.advance(task, pixels)


@contextmanager
def busy(label: str, quiet: bool) -> Iterator[None]:
    """Show that something is going on while the block runs; nothing when quiet or when stderr is not a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    with stderr_console().status(label):
        yield


class BatchProgress:
    """Counts what becomes of a batch's jobs, and shows a bar over its pixels where there is a terminal."""

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._start = time.perf_counter()
        self.total = 0
        self.outcomes: list[Outcome] = []

    def plan(self, decisions: Sequence[Decision]) -> None:
        """Take note of the plan: how much there is to do."""
        self.total = len(decisions)
        jobs = [decision.job for decision in decisions if decision.action == "render"]
        pixels = sum(job.width * job.height for job in jobs)
        if self._bar is not None and jobs:
            self._task = self._bar.add_task(f"{len(jobs)} pictures", total=pixels)

    def pixels(self, count: int) -> None:
        """Move the bar on."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)

    def outcome(self, outcome: Outcome) -> None:
        """Take note of what became of a job."""
        self.outcomes.append(outcome)

    def count(self, status: str) -> int:
        """How many jobs ended so."""
        return sum(outcome.status == status for outcome in self.outcomes)

    @property
    def failures(self) -> list[Outcome]:
        """The jobs that failed."""
        return [outcome for outcome in self.outcomes if outcome.status == "failed"]

    @property
    def seconds(self) -> float:
        """Since the batch began."""
        return time.perf_counter() - self._start

    def summary(self) -> str:
        """Return one line on what was done."""
        rendered = [outcome for outcome in self.outcomes if outcome.status == "rendered"]
        megapixels = sum(o.job.width * o.job.height for o in rendered) / 1e6
        megabytes = sum(o.entry.bytes for o in rendered) / 1e6
        parts = [f"{len(rendered)} of {self.total} pictures rendered"]
        parts += [f"{kept} kept"] if (kept := self.count("kept")) else []
        parts += [f"{len(self.failures)} failed"] if self.failures else []
        work = f"{_plain(megapixels)} megapixels, {_plain(megabytes)} MB in {self.seconds:.1f} s"
        return f"{', '.join(parts)} ({work})"


def _plain(value: float) -> str:
    """Return a size with two significant digits where it is small, in whole numbers where it is not."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


@contextmanager
def batch_progress(quiet: bool) -> Iterator[BatchProgress]:
    """Follow a batch while the block runs."""
    if quiet or not sys.stderr.isatty():
        yield BatchProgress(None)
        return
    with _bar() as bar:
        yield BatchProgress(bar)


def print_plan(decisions: Sequence[Decision], workers: int, as_json: bool) -> None:
    """Print what a batch would do: counts and reasons, an estimate, and each job."""
    from artstudio.batch.plan import estimate

    about = estimate(decisions, workers)
    reasons = Counter((decision.action, decision.reason) for decision in decisions)
    if as_json:
        rows = [{"name": d.job.name, "action": d.action, "reason": d.reason} for d in decisions]
        click.echo(json.dumps({"jobs": rows, "estimate": asdict(about)}))
        return
    for decision in decisions:
        click.echo(f"{decision.action:6}  {decision.reason:13}  {decision.job.file_name}")
    counts = ", ".join(f"{action} {count} ({reason})" for (action, reason), count in sorted(reasons.items()))
    remark(
        f"{counts}; {_plain(about.megapixels)} megapixels, about {about.seconds:.0f} s on {workers} cores"
        f" and {_plain(about.megabytes)} MB of disk"
    )


def attempt(publish: Callable[[], Path | None]) -> tuple[Path | None, ArtstudioError | None]:
    """Publish a batch's folder; return what to look at first, and what went wrong, which may wait."""
    try:
        return publish(), None
    except ArtstudioError as error:
        return None, error


def print_failures(progress: BatchProgress, trouble: ArtstudioError | None = None) -> int:
    """Name each picture that failed, and what else went wrong; return the exit code.

    What else went wrong is raised where no picture failed.
    """
    for outcome in progress.failures:
        click.echo(f"failed: {outcome.job.name}: {outcome.reason}", err=True)
    if trouble and not progress.failures:
        raise trouble
    remark(f"failed: {trouble}", quiet=trouble is None)
    return 3 if progress.failures else 0


def print_outcomes(
    progress: BatchProgress,
    folder: Path,
    first: Path | None,
    trouble: ArtstudioError | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Print the end of a batch, and return the exit code.

    One JSON document, or the failures, a summary, and what to look at first.
    """
    code = print_failures(progress, trouble)
    if as_json:
        rows = [
            {
                "name": o.job.name,
                "path": str(folder / o.job.file_name),
                "status": o.status,
                "reason": o.reason,
                "bytes": o.entry.bytes,
                "seconds": o.entry.seconds,
            }
            for o in progress.outcomes
        ]
        document = {"folder": str(folder), "seconds": round(progress.seconds, 3), "pictures": rows}
        click.echo(json.dumps(document))
        return code
    remark(progress.summary(), quiet)
    click.echo(str(first or folder))
    return code


def print_table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table to stdout, as wide as it needs to be, in plain characters where there is no terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for header in headers:
        table.add_column(header, no_wrap=header != headers[-1], overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = 400
    console.print(table)
