"""The figure on softmax: a row of bars for each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.lessons.softmax import Shares, Softmax
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import (
    TEXT_POINTS,
    THIN,
    Size,
    Theme,
    formula_points,
    house_style,
    number,
    text_size,
)


@dataclass(frozen=True)
class _Column:
    """One column of bars: its formula, a remark below it, the bars and what is written beside them."""

    formula: str
    remark: str
    values: tuple[float, ...]
    words: tuple[str, ...]
    full: float
    """The value that fills the column, where none is larger."""
    stroke: int


_SOFTMAX = r"p_i = \frac{e^{z_i}}{\Sigma_j\, e^{z_j}}"


def _columns(result: Softmax) -> list[_Column]:
    losses = result.cross_entropy
    columns = [
        _Column(
            "$z_i$", "scores", result.scores, tuple(number(z) for z in result.scores),
            max(map(abs, result.scores)) or 1.0, 4,
        ),
        _probability(f"${_SOFTMAX}$", result.shares, 0),
        _Column(
            r"$-\ln\, p_i$", "cross-entropy", losses, tuple(f"{v:.3f}" if v < 100 else number(v) for v in losses),
            max(losses) or 1.0, 1,
        ),
    ]  # fmt: skip
    return columns + [_probability(rf"$p_i\ \mathrm{{at}}\ T = {s.temperature:g}$", s, 2) for s in result.tempered]


def _probability(formula: str, shares: Shares, stroke: int) -> _Column:
    words = tuple(f"{p:.3f}" for p in shares.probabilities)
    return _Column(formula, f"sum {shares.total:.3f}", shares.probabilities, words, 1.0, stroke)


def draw(result: Softmax, theme: Theme, size: Size) -> Figure:
    """Draw a row of bars for each class: scores, probabilities, cross-entropy, and other temperatures."""
    with house_style():
        figure = page(theme, size, "Softmax turns scores into probabilities")
        columns = _columns(result)
        blocks = [columns[:3], columns[3:]] if size.portrait else [columns]
        top = size.height - 1.25
        tall = (top - 0.45) / len(blocks)
        for i, block in enumerate(blocks):
            _block(figure, theme, block, size, top - i * tall, tall)
    return figure


def _block(figure: Figure, theme: Theme, columns: Sequence[_Column], size: Size, top: float, tall: float) -> None:
    head, foot, gap = 1.05, 0.45, 0.4
    width = (size.width - 2 * LEFT - gap * (len(columns) - 1)) / len(columns)
    for i, column in enumerate(columns):
        x, bottom = LEFT + i * (width + gap), top - tall + foot
        points = fitted(column.formula, formula_points(column.formula, 1.1 * TEXT_POINTS), width)
        write(figure, x, top - 0.45, column.formula, points, theme.stroke(column.stroke).text, up="center")
        _bars(figure, theme, column, (x, bottom, width, tall - head - foot))
        points = fitted(column.remark, TEXT_POINTS, width)
        write(figure, x, bottom - 0.3, column.remark, points, theme.muted, up="center_baseline")


def _bars(figure: Figure, theme: Theme, column: _Column, box: Box) -> None:
    """Draw the bars from the first down, each with its number at its end; negative ones go to the left."""
    left, bottom, width, height = box
    pitch = height / len(column.values)
    pairs = list(zip(column.values, column.words, strict=True))
    wide = [max((text_size(w, TEXT_POINTS)[0] + 0.1 for v, w in pairs if (v < 0) == below), default=0.0)
            for below in (True, False)]  # fmt: skip
    # The numbers leave a fifth of the width to the bars.
    scale = min(1.0, 0.8 * width / sum(wide), 72 * 0.6 * pitch / TEXT_POINTS)
    points, wide = scale * TEXT_POINTS, [scale * w for w in wide]
    low, high = min(0.0, *column.values), max(0.0, *column.values)
    span = max(high - low, column.full)
    unit, air = (width - sum(wide)) / span, 0.1 * scale
    zero = left + (wide[0] if low < 0 else 0.0) - low * unit
    for k, (value, words) in enumerate(pairs):
        middle, length = bottom + height - (k + 0.5) * pitch, unit * value
        bar = (zero + min(length, 0.0), middle - 0.25 * pitch, abs(length), 0.5 * pitch)
        _bar(figure, bar, theme.stroke(column.stroke).colour)
        at, across = (zero + length + air, "left") if value >= 0 else (zero + length - air, "right")
        write(figure, at, middle, words, points, theme.ink, across=across, up="center_baseline")
    _bar(figure, (zero - THIN / 144, bottom, THIN / 72, height), theme.rule)


def _bar(figure: Figure, box: Box, colour: str) -> None:
    width, height = figure.get_size_inches()
    corner = (box[0] / width, box[1] / height)
    figure.add_artist(Rectangle(corner, box[2] / width, box[3] / height, facecolor=colour, linewidth=0))
