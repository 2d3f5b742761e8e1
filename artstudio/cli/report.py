"""What commands say while they work: progress, remarks and tables. All of it on stderr but tables."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console


def remark(message: str, quiet: bool = False) -> None:
    """Say one line on stderr, unless `quiet`."""
    if not quiet:
        click.echo(message, err=True)


def stderr_console() -> Console:
    """Return a rich console on stderr; it honours NO_COLOR and FORCE_COLOR."""
    from rich.console import Console

    return Console(stderr=True)


@contextmanager
def pixel_progress(total: int, label: str, quiet: bool) -> Iterator[Callable[[int], object]]:
    """Show a bar over `total` pixels while the block runs; yields what to call with pixels as they are done.

    Nothing is shown when quiet or when stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda pixels: None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr_console(), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda pixels: progress.advance(task, pixels)


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
        table.add_row(*(Text(cell) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = 200
    console.print(table)
