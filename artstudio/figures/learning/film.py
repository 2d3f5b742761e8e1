"""The frames of a film of learning: every activation's picture, the target, and the losses, drawn as they fall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text
from numpy.typing import NDArray

from artstudio.figures.learning.cells import draw_cell, draw_target, shape_of
from artstudio.figures.learning.charts import draw_stroke, heading, loss_axes, loss_curve, loss_limits, loss_title
from artstudio.figures.learning.words import film_title, scored_at
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import SMALL_POINTS, Size, Theme, house_style
from artstudio.learning.show import pixels_at
from artstudio.learning.study import Run, Study, film_step

HOLD = 0.18
"""The share of the film that shows the end."""

_NAME_POINTS, _STEP_POINTS = 17.0, 22.0
_GAP = 0.16


@dataclass(frozen=True, eq=False)
class _Part:
    """What moves of one run: its picture or curve, its score, its loss."""

    run: Run
    image: AxesImage | None
    line: Line2D | None
    dots: tuple[Line2D, ...]
    score: Text
    loss: Line2D
    curve: tuple[NDArray[np.float64], NDArray[np.float64]]


class Film:
    """A study as a film; `frame(share)` draws the moment at a share of its time, 0 to 1.

    Everything that stays is drawn once; then only what moves, on top of it.
    """

    def __init__(self, study: Study, theme: Theme, width: int, height: int) -> None:
        self._study = study
        self._size = (width, height)
        self._moments: dict[tuple[str, int], tuple[NDArray[Any], str]] = {}
        # A page as high as a slide, or as wide where it is upright: type has the size that it has there.
        inches = 7.5 / min(height, width * 9 / 16)
        with house_style():
            size = Size("film", width * inches, height * inches, 100)
            self._figure = page(theme, size, film_title(study))
            self._figure.set_dpi(1 / inches)
            self._parts, self._step = _draw(self._figure, theme, study, size)
            canvas: Any = FigureCanvasAgg(self._figure)
            self._canvas = canvas
            for artist in self._moving():
                artist.set_animated(True)
            canvas.draw()
            self._still = canvas.copy_from_bbox(self._figure.bbox)

    def _moving(self) -> list[Any]:
        parts = [part for p in self._parts for part in (p.image, p.line, *p.dots, p.score, p.loss)]
        return [part for part in (*parts, self._step) if part is not None]

    def frame(self, share: float) -> NDArray[np.uint8]:
        """Return the frame at a share of the film's time, uint8 (height, width, 3)."""
        steps = self._study.settings.steps
        step = film_step(steps, min(1.0, share / (1 - HOLD)))
        self._step.set_text(f"step {step:,}")
        for part in self._parts:
            self._show(part, step)
        with house_style():
            self._canvas.restore_region(self._still)
            for artist in self._moving():
                self._figure.draw_artist(artist)
            pixels = np.asarray(self._canvas.buffer_rgba())[..., :3]
        width, height = self._size
        return np.ascontiguousarray(pixels[:height, :width])

    def _show(self, part: _Part, step: int) -> None:
        shown, words = self._moment(part.run, step)
        if part.image is not None:
            part.image.set_data(shown)
        if part.line is not None:
            part.line.set_ydata(shown)
        part.score.set_text(words)
        at, powers = part.curve
        shown = at <= math.log10(1 + step)
        part.loss.set_data(at[shown], powers[shown])

    def _moment(self, run: Run, step: int) -> tuple[NDArray[Any], str]:
        """Return a run's picture or curve after so many steps, and its score as words; kept for the next frames."""
        key = run.activation, step
        if key not in self._moments:
            study, outputs = self._study, self._study.outputs(run, step)
            shown = outputs[0] if study.target.kind == "curve" else pixels_at(study, run, step, outputs)
            self._moments[key] = shown, scored_at(study, run, step, outputs)
        return self._moments[key]


def _draw(figure: Figure, theme: Theme, study: Study, size: Size) -> tuple[list[_Part], Text]:
    """Draw what stays and what moves; return what moves."""
    count, aspect = len(study.runs), shape_of(study)
    upright = size.portrait
    room_x = size.width - 2 * LEFT if upright else 0.66 * size.width
    beside_tall = 2.6
    top, foot = size.height - 1.05, 0.4 + (beside_tall + 0.45 if upright else 0.0)
    columns, width = _grid(count, aspect, room_x, top - foot)
    tall = width / aspect
    rows = math.ceil(count / columns)
    spare = (top - foot - rows * (tall + _HEAD)) / rows
    curves = [loss_curve(run) for run in study.runs]
    chart = _charts(theme, study, figure, size, upright, columns * (width + _GAP) + LEFT + 0.25, beside_tall)
    axes = loss_axes(figure, theme, study, chart, loss_limits(curves), SMALL_POINTS)
    heading(figure, theme, chart, loss_title(study))
    parts = []
    for number, run in enumerate(study.runs):
        row, column = divmod(number, columns)
        x, y = LEFT + column * (width + _GAP), top - (row + 1) * (tall + _HEAD + spare) + spare / 2
        stroke = theme.stroke(number)
        points = fitted(run.label, _NAME_POINTS, 0.55 * width, bold=True)
        write(figure, x, y + tall + 0.12, run.label, points, stroke.text, bold=True)
        score = write(figure, x + width, y + tall + 0.12, "", min(points, 15.0), theme.muted, across="right")
        cell = draw_cell(figure, theme, study, run, 0, stroke, (x, y, width, tall))
        draw_stroke(axes, np.zeros(0), np.zeros(0), stroke, run.label)
        image = cell.images[0] if cell.images and study.target.kind != "curve" else None
        line = cell.lines[-1] if study.target.kind == "curve" else None
        # The points of classes lie upon the map that moves, so they are drawn after it each time.
        dots = tuple(cell.lines) if image is not None else ()
        parts.append(_Part(run, image, line, dots, score, axes.lines[-1], curves[number]))
    across = size.width - LEFT
    step = write(figure, across, size.height - 0.62, "", _STEP_POINTS, theme.ink, bold=True, across="right",
                 up="center_baseline")  # fmt: skip
    return parts, step


_HEAD = 0.42
"""Inches above a picture, for its name and score."""


def _grid(count: int, aspect: float, width: float, height: float) -> tuple[int, float]:
    """Return the number of columns that makes pictures largest, and their width in inches."""
    sizes = {
        columns: min(width / columns - _GAP, aspect * (height / math.ceil(count / columns) - _HEAD - 0.05))
        for columns in range(1, count + 1)
    }
    best = max(sizes, key=lambda columns: sizes[columns])
    return best, max(0.2, sizes[best])


def _charts(
    theme: Theme, study: Study, figure: Figure, size: Size, upright: bool, left: float, tall: float
) -> Box:
    """Draw the target; return the box of the loss chart."""
    aspect = shape_of(study)
    if upright:
        side = tall - 0.5
        box = (LEFT, 0.45, side * min(aspect, 1), side / max(aspect, 1))
        chart = (LEFT + side + 1.0, 0.85, size.width - 2 * LEFT - side - 1.05, tall - 0.9)
    else:
        side = min(2.3, size.width - LEFT - left)
        top = size.height - 1.05 - _HEAD
        box = (left, top - side / max(aspect, 1), side * min(aspect, 1), side / max(aspect, 1))
        bottom = 0.85
        chart = (left + 0.6, bottom, size.width - LEFT - left - 0.6, box[1] - bottom - 0.6)
    draw_target(figure, theme, study, box)
    write(figure, box[0], box[1] + box[3] + 0.12, "Target", _NAME_POINTS, theme.ink, bold=True)
    return chart
