"""One small picture of a study: what is wanted, or what a network shows."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from artstudio.figures.lessons.page import picture
from artstudio.figures.style.panel import Box
from artstudio.figures.style.theme import LINE, Stroke, Theme, blank_axes
from artstudio.learning.show import curve_at, pixels_at
from artstudio.learning.study import Run, Study

_ROOM = 1.25
"""The largest value that a curve's cell has room for; the target's is 1."""


def draw_target(figure: Figure, theme: Theme, study: Study, box: Box) -> Axes:
    """Draw the target itself."""
    target = study.target
    if target.kind == "picture":
        return picture(figure, theme, box, target.pixels)
    if target.kind == "points":
        axes = picture(figure, theme, box, np.zeros((1, 1, 4)), extent=(-1, 1, 1, -1))
        draw_points(axes, study, dot(box))
        return axes
    axes = _curve_axes(figure, theme, box)
    axes.plot(target.x, target.values[0], color=theme.ink, linewidth=0.8 * LINE)
    return axes


def draw_cell(figure: Figure, theme: Theme, study: Study, run: Run, step: int, stroke: Stroke, box: Box) -> Axes:
    """Draw what a run's network shows after so many steps."""
    if study.target.kind == "curve":
        axes = _curve_axes(figure, theme, box)
        axes.plot(study.target.x, study.target.values[0], color=theme.rule, linewidth=0.8 * LINE)
        axes.plot(study.target.x, curve_at(study, run, step), color=stroke.colour, linewidth=0.7 * LINE)
        return axes
    return show_pixels(figure, theme, study, pixels_at(study, run, step), box)


def show_pixels(figure: Figure, theme: Theme, study: Study, pixels: NDArray[np.uint8], box: Box) -> Axes:
    """Show a network's picture; over a map of classes, the points that were to be learned."""
    if study.target.kind == "picture":
        return picture(figure, theme, box, pixels, interpolation="antialiased")
    axes = picture(figure, theme, box, pixels, extent=(-1, 1, 1, -1), interpolation="bilinear")
    draw_points(axes, study, dot(box), edge="#ffffff")
    return axes


def dot(box: Box) -> float:
    """Return the diameter of a point in points, for a cell of that size."""
    return 1.4 + 0.9 * min(box[2], 3.0)


def draw_points(axes: Axes, study: Study, size: float, edge: str | None = None) -> None:
    """Draw the labelled points in the colours of their classes."""
    target, colours = study.target, study.problem.recipe.palette
    for label, colour in enumerate(colours[: target.channels]):
        inside = target.values[label] > 0
        axes.plot(
            target.x[inside], target.y[inside], linestyle="none", marker="o", markersize=size, color=colour,
            markeredgecolor=edge or colour, markeredgewidth=0.16 * size if edge else 0.0, label=f"class {label + 1}",
        )  # fmt: skip


def shape_of(study: Study) -> float:
    """Return the width of a cell over its height."""
    rows, columns = study.target.shape or (1, 1)
    return columns / rows


def _curve_axes(figure: Figure, theme: Theme, box: Box) -> Axes:
    axes = blank_axes(figure, theme, box, 1.0)
    axes.patch.set_visible(True)
    axes.patch.set_facecolor(theme.shade)
    axes.patch.set_alpha(0.5)
    axes.set_xlim(-1, 1)
    axes.set_ylim(-_ROOM, _ROOM)
    axes.tick_params(labelbottom=False, labelleft=False)
    return axes
