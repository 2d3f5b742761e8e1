"""The slide of a study: a row for each activation, a column for each checkpoint; target, losses and gradients
beside."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from artstudio.figures.learning.cells import draw_cell, draw_target, shape_of
from artstudio.figures.learning.charts import draw_gradients, draw_losses
from artstudio.figures.learning.words import findings, how, scored, setting, title
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import LINE, SMALL_POINTS, Size, Stroke, Theme, house_style, text_size
from artstudio.learning.study import Run, Study

_NAME_POINTS = 16.0
_GAP = 0.09
"""Inches between the pictures."""

_NAME_ROOM = 0.82
"""Inches that a row's name takes with what stands above and below it; where there are fewer it is all smaller."""

_LINE = 1.42 * SMALL_POINTS / 72


@dataclass(frozen=True)
class _Grid:
    """Where the pictures go: left and top of the first, their size, from row to row, and the steps of the columns."""

    left: float
    top: float
    width: float
    height: float
    pitch: float
    steps: tuple[int, ...]

    def cell(self, row: int, column: int) -> Box:
        x, y = self.left + column * (self.width + _GAP), self.top - row * self.pitch - self.height
        return x, y, self.width, self.height

    @property
    def right(self) -> float:
        return self.left + len(self.steps) * (self.width + _GAP) - _GAP


def draw_study(study: Study, theme: Theme, size: Size) -> Figure:
    """Draw a study on a page of `size`."""
    with house_style():
        figure = page(theme, size, title(study))
        lines = _wrapped(findings(study), size.width - 2 * LEFT)[: 2 if not size.portrait else 3]
        foot = 0.34 + _LINE * len(lines)
        grid, beside, score = _layout(study, size, foot)
        _draw_grid(figure, theme, study, grid, score)
        _draw_beside(figure, theme, study, beside, size)
        points = min((fitted(line, SMALL_POINTS, size.width - 2 * LEFT) for line in lines), default=SMALL_POINTS)
        for k, line in enumerate(reversed(lines)):
            write(figure, LEFT, 0.36 + k * _LINE, line, points, theme.muted, up="center_baseline")
    return figure


def _wrapped(sentences: list[str], width: float) -> list[str]:
    """Return sentences in lines of at most a width in inches, as many in one line as fit."""
    lines: list[str] = []
    for sentence in sentences:
        joined = f"{lines[-1]} {sentence}" if lines else ""
        if joined and text_size(joined, SMALL_POINTS)[0] <= width:
            lines[-1] = joined
        else:
            lines.append(sentence)
    return lines


def _columns(study: Study, most: int) -> tuple[int, ...]:
    """Return the steps to show, the first and the last among them, evenly along the checkpoints."""
    longest = max(study.runs, key=lambda run: run.last.step)
    steps = [checkpoint.step for checkpoint in longest.checkpoints]
    if len(steps) <= most:
        return tuple(steps)
    # Steps 1 and 3 differ least from their neighbours.
    late = [step for step in steps if step not in (1, 3)]
    steps = late if len(late) >= most else steps
    last = len(steps) - 1
    chosen = {last - round(i * last / (most - 1)) for i in range(most)}
    return tuple(steps[i] for i in sorted(chosen))


def _layout(study: Study, size: Size, foot: float) -> tuple[_Grid, Box, float]:
    """Return the grid of pictures, the room for charts, and the width of the scores."""
    rows, aspect, names = len(study.runs), shape_of(study), _name_width(study)
    score = max(text_size(scored(study, run), _NAME_POINTS, bold=True)[0] for run in study.runs) + 0.12
    top = size.height - 1.42
    left = LEFT + names * (0.65 if size.portrait and rows > 4 else 1.0)
    charts = 0.0 if size.portrait else 0.335 * size.width
    below = (2.55 if rows < 5 else 2.1) if size.portrait else 0.0
    room_across = size.width - left - score - LEFT - charts - (0.55 if charts else 0.0)
    room_down = top - foot - 0.12 - below
    height = (room_down - _GAP * (rows - 1)) / rows
    most = min(6, max(3 if size.portrait else 4, int((room_across + _GAP) / (max(height, 0.5) * aspect + _GAP))))
    steps = _columns(study, most)
    width = min((room_across - _GAP * (len(steps) - 1)) / len(steps), height * aspect, 1.9 * aspect)
    # What smaller pictures leave over goes between the rows.
    pitch = min((room_down + _GAP) / rows, max(1.35 * width / aspect, _NAME_ROOM))
    grid = _Grid(left, top, width, width / aspect, pitch, steps)
    if size.portrait:
        return grid, (LEFT, foot + 0.1, size.width - 2 * LEFT, below - 0.2), score
    x = grid.right + score + 0.5
    return grid, (x, foot + 0.12, size.width - LEFT - x, size.height - 1.0 - foot - 0.12), score


def _name_width(study: Study) -> float:
    names = max(text_size(run.label, _NAME_POINTS, bold=True)[0] for run in study.runs)
    return min(2.2, max(names, *(text_size(how(study, run), SMALL_POINTS)[0] for run in study.runs)) + 0.16)


def _draw_grid(figure: Figure, theme: Theme, study: Study, grid: _Grid, score: float) -> None:
    for column, step in enumerate(grid.steps):
        x, y, width, height = grid.cell(0, column)
        words = f"{step:,}" if column else f"step {step:,}"
        points = fitted(words, SMALL_POINTS, width + _GAP)
        write(figure, x + width / 2, y + height + 0.1, words, points, theme.muted, across="center")
    x = grid.right + 0.12
    write(figure, x, grid.top + 0.1, study.objective.score_name, SMALL_POINTS, theme.muted)
    for row, run in enumerate(study.runs):
        stroke = theme.stroke(row)
        for column, step in enumerate(grid.steps):
            box = grid.cell(row, column)
            if run.trace.diverged is not None and step > run.last.step:
                _write_diverged(figure, theme, run, box)
                break
            draw_cell(figure, theme, study, run, step, stroke, box)
        _name(figure, theme, study, run, stroke, grid.cell(row, 0), min(1.0, grid.pitch / _NAME_ROOM))
        _, y, _, height = grid.cell(row, 0)
        words = scored(study, run)
        points = min(fitted(words, _NAME_POINTS, score, bold=True), 30 * grid.pitch)
        write(figure, x, y + height / 2, words, points, theme.ink, bold=True, up="center_baseline")


def _write_diverged(figure: Figure, theme: Theme, run: Run, box: Box) -> None:
    x, y, _, height = box
    words = f"diverged in step {(run.trace.diverged or 0) + 1:,}"
    write(figure, x + 0.1, y + height / 2, words, SMALL_POINTS, theme.muted, up="center_baseline")


def _name(figure: Figure, theme: Theme, study: Study, run: Run, stroke: Stroke, box: Box, scale: float) -> None:
    """Write a row's name in its colour over its initialisation and rate, with a piece of its line above."""
    _, y, _, height = box
    middle, width = y + height / 2, _name_width(study) - 0.16
    across, up = figure.get_size_inches()
    above = middle + 0.36 * scale
    figure.add_artist(Line2D(
        [LEFT / across, (LEFT + 0.42) / across], [above / up] * 2, color=stroke.colour, linestyle=stroke.style,
        linewidth=LINE, solid_capstyle="butt",
    ))  # fmt: skip
    words = how(study, run)
    for text, points, down, colour, bold in (
        (run.label, _NAME_POINTS, 0.12, stroke.text, True),
        (words, SMALL_POINTS, -0.17, theme.muted, False),
    ):
        fitting = fitted(text, points * scale, width, bold=bold)
        write(figure, LEFT, middle + down * scale, text, fitting, colour, bold=bold, up="center_baseline")


def _draw_beside(figure: Figure, theme: Theme, study: Study, box: Box, size: Size) -> None:
    """Draw the target with how it was learned, the losses and the gradients."""
    left, bottom, width, height = box
    aspect = shape_of(study)
    if size.portrait:
        side = height - 0.35
        third = (width - side - 0.3) / 2
        draw_target(figure, theme, study, (left, bottom + 0.2, side * min(aspect, 1), side / max(aspect, 1)))
        for k, draw in enumerate((draw_losses, draw_gradients)):
            x = left + side + 0.75 + k * (third + 0.1)
            draw(figure, theme, study, (x, bottom + 0.55, third - 0.6, side - 0.85))
        return
    side = min(1.62, 0.4 * width)
    tall = side / max(aspect, 1)
    top = bottom + height
    draw_target(figure, theme, study, (left, top - tall, side * min(aspect, 1), tall))
    lines = setting(study)
    x, room = left + side * min(aspect, 1) + 0.22, width - side - 0.22
    for k, line in enumerate(("Target", *lines)):
        points = fitted(line, 15.0 if k == 0 else SMALL_POINTS, room, bold=k == 0)
        colour = theme.muted if k else theme.ink
        write(figure, x, top - 0.12 - k * 1.06 * _LINE, line, points, colour, bold=k == 0, up="center_baseline")
    foot, between = 0.3, 0.82
    chart = (height - max(tall, 1.06 * _LINE * (len(lines) + 1)) - foot - 2 * between + 0.12) / 2
    label = 0.62
    draw_gradients(figure, theme, study, (left + label, bottom + foot, width - label, chart))
    draw_losses(figure, theme, study, (left + label, bottom + foot + chart + between, width - label, chart))
