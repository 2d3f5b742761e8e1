"""What a lesson is: settings in, numbers and one figure out. Each topic is a file beside this one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from artstudio.errors import BadInput

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from artstudio.figures.style.looks import Size, Theme

MAX_UNITS = 128
"""Gradients are kept for every unit, layer and pixel of the probe: more units would take gigabytes."""


Cell = str | int | float
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Table:
    """Numbers: a title, the columns' names, and rows of cells, each a number or a word.

    `formats` says how to print each column's numbers, as format specs; without them as few digits as tell them.
    """

    title: str
    headers: tuple[str, ...]
    rows: Rows
    formats: tuple[str, ...] = ()

    def printed(self) -> list[tuple[str, ...]]:
        """Return the rows as words."""
        formats = self.formats or ("",) * len(self.headers)
        return [tuple(map(_printed, row, formats)) for row in self.rows]


def _printed(cell: Cell, spec: str) -> str:
    # Adding 0.0 makes a plain zero of a negative one.
    return cell if isinstance(cell, str) else format(cell + 0.0 if isinstance(cell, float) else cell, spec)


class Result(Protocol):
    """What a lesson has measured."""

    def tables(self) -> Sequence[Table]:
        """The numbers, for people."""

    def words(self) -> str:
        """What there is to say of them, in sentences."""

    def document(self) -> dict[str, Any]:
        """The numbers, as JSON values."""


@dataclass(frozen=True)
class Lesson:
    """One topic: its numbers are measured in the module of its name, its figure is drawn in the one beside it."""

    topic: str
    settings: tuple[str, ...]
    """The settings that it takes; each has a default."""

    def measure(self, **settings: Any) -> Any:
        """Return the `Result`. Raises `BadInput` for a setting out of its range."""
        return import_module(f"{_HERE}.{self.topic}").measure(**settings)

    def draw(self, result: Any, theme: Theme, size: Size) -> Figure:
        """Return the figure of a result."""
        figure: Figure = import_module(f"{_HERE}.drawings.{self.topic}").draw(result, theme, size)
        return figure


_HERE = __name__.rpartition(".")[0]


def check_number(name: str, value: float, low: float, high: float) -> None:
    """Refuse a setting out of its range. Raises `BadInput`."""
    if not low <= value <= high:
        raise BadInput(f"{name}: expected {low:g} to {high:g}, found {value:g}")


def finite(value: Any) -> Any:
    """Return nested dicts, lists and tuples with None for every infinity and nan, for which JSON has no number."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
