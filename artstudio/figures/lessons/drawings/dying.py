"""The figure on dying ReLUs: units without a gradient in each layer before and after a step, and one layer's maps."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from artstudio.figures.lessons.dying import AFTER, BEFORE, KINDS, Dying, State
from artstudio.figures.lessons.page import LEFT, fitted, page, picture
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import LINE, TEXT_POINTS, THIN, Size, Theme, blank_axes, house_style, text_size
from artstudio.model.activation.registry import get_activation

_LINE = 1.45 * TEXT_POINTS / 72


def draw(result: Dying, theme: Theme, size: Size) -> Figure:
    """Draw bars by layer for ReLU, before and after the step; for both kinds a map of every unit of one layer."""
    before, after = (result.state("relu", stage) for stage in (BEFORE, AFTER))
    with house_style():
        figure = page(theme, size, title(result))
        charts, maps = _boxes(size)
        titles = (
            f"Before: {before.count('silent')} silent on this canvas",
            f"After: {after.count('killed')} killed, {after.count('revived')} revived",
        )
        for state, words, box in zip((before, after), titles, charts, strict=True):
            _chart(figure, theme, result, state, words, box)
        for kind, box in zip(KINDS, maps, strict=True):
            _maps(figure, theme, result, kind, box)
    return figure


def title(result: Dying) -> str:
    """Return what the figure says of the step."""
    after = result.state("relu", AFTER)
    killed, units = after.count("killed"), result.units * len(after.layers)
    return f"One training step {f'too large kills {killed}' if killed else 'that kills none'} of {units} ReLUs"


def _boxes(size: Size) -> tuple[list[Box], list[Box]]:
    """Where the two charts and the two grids of maps go."""
    top, foot = size.height - 1.15, 0.6
    if size.portrait:
        width = (size.width - 2 * LEFT - 2 * 0.9 - 0.2) / 2
        charts = [(LEFT + 0.9 + i * (width + 1.1), top - 1.75, width, 1.15) for i in range(2)]
        tall = (top - 2.4 - 0.3) / 2
        return charts, [(LEFT, 0.3 + (1 - i) * tall, size.width - 2 * LEFT, tall - 0.15) for i in range(2)]
    wide = 0.39 * size.width
    tall = (top - foot) / 2
    charts = [(LEFT + 0.9, foot + (1 - i) * tall + 0.1, wide - 0.9, tall - 1.0) for i in range(2)]
    left, tall = LEFT + wide + 0.6, (top - 0.35) / 2
    maps = [(left, 0.35 + (1 - i) * tall, size.width - LEFT - left, tall - 0.2) for i in range(2)]
    return charts, maps


def _chart(figure: Figure, theme: Theme, result: Dying, state: State, title: str, box: Box) -> None:
    """Draw the share of ReLUs without a gradient as a bar for each layer, those that the step has killed darker."""
    axes = blank_axes(figure, theme, box, TEXT_POINTS)
    points, stroke = fitted(title, TEXT_POINTS, box[2] + 0.3, bold=True), theme.stroke(1)
    write(figure, box[0], box[1] + box[3] + 0.18, title, points, stroke.text, bold=True)
    depth = len(state.layers)
    x = np.arange(1, depth + 1)
    killed, lost = (100 * np.array([getattr(layer, field) for layer in state.layers]) / result.units
                    for field in ("killed", "cut_off"))  # fmt: skip
    axes.bar(
        x, lost - killed, 0.7, color=_mixed(theme, stroke.colour, 0.45), linewidth=0, label="cut off", zorder=2
    )
    axes.bar(x, killed, 0.7, lost - killed, color=stroke.colour, linewidth=0, label="killed", zorder=2)
    axes.set_xlim(0.4, depth + 0.6)
    axes.set_ylim(0, 100)
    for share in (0, 50, 100):
        axes.axhline(share, color=theme.rule, linewidth=THIN if share == 0 else THIN / 2, zorder=1)
    axes.yaxis.set_major_locator(FixedLocator([0, 50, 100]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f} %"))
    axes.xaxis.set_major_locator(FixedLocator([1, depth] if depth > 1 else [1]))
    if depth > 1:
        write(figure, box[0] + box[2] / 2, box[1] - 0.24, "layer", TEXT_POINTS, theme.muted, across="center",
              up="center_baseline")  # fmt: skip


def _maps(figure: Figure, theme: Theme, result: Dying, kind: str, box: Box) -> None:
    """Draw every unit of the layer after the step as a small map: where it is active, and where not."""
    left, bottom, width, height = box
    active, lost = result.maps[kind], result.cut_off[kind]
    colour = theme.stroke(1 if kind == "relu" else 0)
    label = get_activation(kind).label
    write(figure, left, bottom + height - 0.2, label, TEXT_POINTS, colour.text, bold=True, up="center_baseline")
    what = f"layer {result.shown}, after: {int(lost.sum()) or 'none'} without gradient"
    room = (left, bottom, width, height - 0.45)
    columns, cell = _grid(len(active), room[2], room[3])
    width = (columns - 0.1) * cell
    points = fitted(what, TEXT_POINTS, width - text_size(label, TEXT_POINTS, bold=True)[0] - 0.3)
    write(figure, left + width, bottom + height - 0.2, what, points, theme.muted, across="right",
          up="center_baseline")  # fmt: skip
    on = np.array(to_rgb(colour.colour))
    # A hundredth would be invisible: where a unit leaks it gets a third of its colour.
    off = np.array(to_rgb(theme.shade)) if kind == "relu" else np.array(_mixed(theme, colour.colour, 0.35))
    for unit, where in enumerate(active):
        row, column = divmod(unit, columns)
        place = (left + column * cell, room[1] + room[3] - (row + 1) * cell, 0.9 * cell, 0.9 * cell)
        axes = picture(figure, theme, place, np.where(where[..., None], on, off), interpolation="nearest")
        axes.set_label(f"{kind} unit {unit + 1}")
        if lost[unit]:
            _cross(axes, theme, len(where))


def _mixed(theme: Theme, colour: str, share: float) -> tuple[float, ...]:
    """Return a colour laid over the theme's shade, `share` of it."""
    return tuple(share * np.array(to_rgb(colour)) + (1 - share) * np.array(to_rgb(theme.shade)))


def _grid(count: int, width: float, height: float) -> tuple[int, float]:
    """Return the number of columns that makes square cells largest, and their side."""
    sides = {c: min(width / c, height / math.ceil(count / c)) for c in range(1, count + 1)}
    columns = max(sides, key=lambda c: sides[c])
    return columns, sides[columns]


def _cross(axes: Axes, theme: Theme, side: int) -> None:
    ends = np.array([0.2, 0.8]) * side
    for other in (ends, ends[::-1]):
        axes.plot(ends, other, color=theme.ink, linewidth=0.8 * LINE, solid_capstyle="round", label="no gradient")
