"""The figure on linearity: a column for each depth; identity, its collapsed layer, and another activation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from artstudio.figures.lessons.linearity import PIXELS, Linearity
from artstudio.figures.lessons.page import LEFT, fitted, page, picture
from artstudio.figures.style.panel import write
from artstudio.figures.style.theme import TEXT_POINTS, Size, Theme, house_style, number
from artstudio.model.activation.registry import get_activation

_GAP, _LINE = 0.2, 1.45 * TEXT_POINTS / 72


@dataclass(frozen=True)
class _Row:
    name: str
    words: tuple[str, ...]
    """What to say of it, in short lines."""
    short: str
    """The same for a narrow page."""
    pictures: Sequence[NDArray[np.uint8]]
    captions: tuple[str, ...]


def _rows(result: Linearity) -> tuple[_Row, ...]:
    depths = result.depths
    differences = tuple(number(d.double, 2) for d in depths)
    unexplained = tuple(f"{100 * d.beyond:.3g} %" for d in depths)
    return (
        _Row("Identity", ("$f(z) = z$", "a straight gradient", "at every depth"), "$f(z) = z$",
             [d.identity_picture for d in depths], ()),
        _Row("One layer", (r"$W\mathrm{′}x + b\,\mathrm{′}$", "the same picture", "up to rounding:"),
             "the same up to rounding:", [d.collapsed_picture for d in depths], differences),
        _Row(get_activation(result.other).label, ("variance that the best", "single layer leaves", "unexplained:"),
             "one layer leaves unexplained:", [d.other_picture for d in depths], unexplained),
    )  # fmt: skip


def draw(result: Linearity, theme: Theme, size: Size) -> Figure:
    """Draw the pictures, three of each row, with the differences measured."""
    rows, count = _rows(result), len(result.depths)
    with house_style():
        figure = page(theme, size, f"Without activations, {result.depths[-1].depth} layers are one")
        beside = 0.0 if size.portrait else 3.3
        above = _LINE if size.portrait else 0.0
        top = size.height - 1.35
        width = (size.width - 2 * LEFT - beside - _GAP * (count - 1)) / count
        captions = sum(_LINE for row in rows if row.captions)
        room = (top - 0.3 - captions - len(rows) * (above + _GAP)) / len(rows)
        height = min(room, width * PIXELS[1] / PIXELS[0])
        # What the pictures leave over goes between the rows.
        spare = (room - height) * len(rows) / (len(rows) + 1)
        for k, depth in enumerate(result.depths):
            x = LEFT + k * (width + _GAP) + width / 2
            words = f"{depth.depth} layers" if depth.depth > 1 else "1 layer"
            write(figure, x, top - spare / 2, words, TEXT_POINTS, theme.muted, across="center", up="bottom")
        y = top - spare / 2 - 0.08
        for row in rows:
            y -= above
            if above:
                write(figure, LEFT, y + 0.1, row.name, TEXT_POINTS, theme.ink, bold=True)
                room = size.width - 2 * LEFT - 1.6
                points = fitted(row.short, TEXT_POINTS, room)
                write(figure, size.width - LEFT, y + 0.1, row.short, points, theme.muted, across="right")
            else:
                _beside(figure, theme, row, LEFT + count * (width + _GAP) + 0.15, y - height / 2, beside)
            for k, pixels in enumerate(row.pictures):
                x = LEFT + k * (width + _GAP)
                picture(figure, theme, (x, y - height, width, height), pixels)
                if row.captions:
                    points = min(fitted(caption, TEXT_POINTS, width) for caption in row.captions)
                    write(figure, x + width / 2, y - height - 0.06, row.captions[k], points, theme.ink,
                          across="center", up="top")  # fmt: skip
            y -= height + _GAP + spare + (_LINE if row.captions else 0.0)
    return figure


def _beside(figure: Figure, theme: Theme, row: _Row, x: float, middle: float, width: float) -> None:
    lines = (row.name, *row.words)
    for k, line in enumerate(lines):
        y = middle + ((len(lines) - 1) / 2 - k) * _LINE
        points = fitted(line, TEXT_POINTS, width - 0.35, bold=k == 0)
        colour = theme.muted if k else theme.ink
        write(figure, x, y, line, points, colour, bold=k == 0, up="center_baseline")
