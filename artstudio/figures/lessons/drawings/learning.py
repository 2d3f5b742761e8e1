"""The figure on learning: what each activation learned by plain gradient descent; losses, and those with Adam."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from matplotlib.figure import Figure

from artstudio.figures.learning.cells import draw_cell
from artstudio.figures.learning.charts import draw_stroke, heading, loss_axes, loss_curve, loss_limits
from artstudio.figures.lessons.learning import ADAM, KINDS, PLAIN, Learned, Learning
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import SMALL_POINTS, TEXT_POINTS, Size, Theme, house_style, number, text_size
from artstudio.model.activation.registry import get_activation

_LINE = 1.5 * TEXT_POINTS / 72

_ROWS: tuple[tuple[str, Callable[[Learned], str]], ...] = (
    ("points right", lambda one: f"{one.accuracy:.0%}"),
    ("hidden moved", lambda one: number(one.moved, 2)),
    ("1st / last gradient", lambda one: number(one.first, 2)),
    ("no slope", lambda one: f"{one.dead:.0%}"),
    ("sign agreement", lambda one: f"{one.one_sign:.0%}"),
)
"""What stands below each picture."""

_SMALLEST = 1.0
"""Inches: a row of smaller pictures with Adam is left out."""


def draw(result: Learning, theme: Theme, size: Size) -> Figure:
    """Draw a picture and its numbers for each activation; below or beside them losses with both optimisers."""
    with house_style():
        figure = page(theme, size, title(result))
        points = TEXT_POINTS if not size.portrait else SMALL_POINTS + 1
        room, charts = _boxes(size)
        _draw_cells(figure, theme, result, room, points)
        curves = {name: [loss_curve(run) for run in study.runs] for name, study in result.studies.items()}
        limits = loss_limits([curve for both in curves.values() for curve in both])
        for (name, words), box in zip({PLAIN: "Loss, plain", ADAM: "Loss, Adam"}.items(), charts, strict=True):
            heading(figure, theme, box, words, TEXT_POINTS)
            axes = loss_axes(figure, theme, result.studies[name], box, limits)
            for i, (at, powers) in enumerate(curves[name]):
                draw_stroke(axes, at, powers, theme.stroke(i), KINDS[i])
        line = (
            f"Adam hides it: sigmoid {result.of('sigmoid', ADAM).accuracy:.0%}. At rate {result.high_rate:g},"
            f" {result.killed:.0%} of the ReLUs die."
        ).replace("%", " %")
        write(figure, LEFT, 0.36, line, fitted(line, TEXT_POINTS, size.width - 2 * LEFT), theme.muted,
              up="center_baseline")  # fmt: skip
    return figure


def title(result: Learning) -> str:
    """Return what the figure says: who learns, and who does not."""
    scores = ", ".join(f"{_inside(kind)} {100 * result.of(kind).accuracy:.0f} %" for kind in KINDS)
    return f"{result.depth} layers learn a circle: {scores}"


def _inside(kind: str) -> str:
    label = get_activation(kind).label
    return label.lower() if label[1:].islower() else label


def _boxes(size: Size) -> tuple[Box, list[Box]]:
    """Where the pictures with their numbers go, and the two charts."""
    top = size.height - 1.1
    if size.portrait:
        chart = (size.width - 2 * LEFT - 2 * 0.6 - 0.2) / 2
        charts = [(LEFT + 0.6 + i * (chart + 0.8), 0.95, chart, 1.0) for i in range(2)]
        return (LEFT, 2.6, size.width - 2 * LEFT, top - 2.6), charts
    width = 0.67 * size.width
    left = LEFT + width + 1.0
    tall = (top - 0.75 - 2 * 0.9) / 2
    charts = [(left, 1.15 + (1 - i) * (tall + 0.95), size.width - LEFT - left, tall) for i in range(2)]
    return (LEFT, 0.75, width, top - 0.75), charts


def _draw_cells(figure: Figure, theme: Theme, result: Learning, room: Box, points: float) -> None:
    """Draw a map of classes for each activation with its numbers below; if there is room, also those with Adam."""
    left, bottom, width, height = room
    line, gap = _LINE * points / TEXT_POINTS, 0.15
    beside = max(text_size(words, points)[0] for words, _ in _ROWS) + 0.2
    cell = (width - beside - gap * (len(KINDS) - 1)) / len(KINDS)
    cell = min(cell, height - 0.55 - line * len(_ROWS))
    top = bottom + height - 0.45
    places = [left + beside + column * (cell + gap) for column in range(len(KINDS))]
    for column, (x, kind) in enumerate(zip(places, KINDS, strict=True)):
        label = get_activation(kind).label
        write(figure, x, top + 0.25, label, fitted(label, TEXT_POINTS, cell, bold=True), theme.stroke(column).text,
              bold=True, up="center_baseline")  # fmt: skip

    def block(optimiser: str, words: str, top: float, side: float, rows: Sequence[Any]) -> float:
        """Draw pictures and rows of numbers below `top`; return where they end."""
        write(figure, left, top - side / 2, words, fitted(words, points, beside - 0.1), theme.muted,
              up="center_baseline")  # fmt: skip
        for k, (name, value) in enumerate(rows):
            y = top - side - (k + 0.85) * line
            write(figure, left, y, name, points, theme.muted, up="center_baseline")
            for x, kind in zip(places, KINDS, strict=True):
                text = value(result.of(kind, optimiser)).replace("%", " %")
                write(figure, x, y, text, fitted(text, points, cell), theme.ink, bold=k == 0, up="center_baseline")
        study = result.studies[optimiser]
        for column, (x, run) in enumerate(zip(places, study.runs, strict=True)):
            draw_cell(figure, theme, study, run, run.last.step, theme.stroke(column), (x, top - side, side, side))
        return top - side - (len(rows) + 0.7) * line

    top = block(PLAIN, "plain descent", top, cell, _ROWS)
    side = min(cell, top - bottom - 1.2 * line)
    if side >= _SMALLEST:
        block(ADAM, "with Adam", top, side, _ROWS[:1])
