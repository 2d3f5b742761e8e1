"""The figure on dying ReLUs: how many units are active and dead in each layer, and a map of one layer's units."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from artstudio.figures.lessons.dying import KINDS, Dying
from artstudio.figures.lessons.page import LEFT, fitted, page, picture
from artstudio.figures.panel import Box, write
from artstudio.figures.theme import LINE, TEXT_POINTS, THIN, Size, Theme, blank_axes, house_style
from artstudio.model.activations import get_activation
from artstudio.model.functions import LEAK

_LINE = 1.45 * TEXT_POINTS / 72


def draw(result: Dying, theme: Theme, size: Size) -> Figure:
    """Draw bars by layer for ReLU; for both kinds a small map of every unit of one layer, dead ones crossed."""
    dead = int(result.dead["relu"].sum())
    with house_style():
        figure = page(theme, size, f"Dying ReLU: {dead} of {result.units} units in layer {result.shown} are dead")
        charts, maps = _boxes(size)
        network = result.network("relu", 0.0)
        total = sum(layer.dead for layer in network.layers)
        titles = f"Active: {100 * network.active:.0f} %", f"Dead: {total} of {result.units * len(network.layers)}"
        for kind, what, box in zip(("active", "dead"), titles, charts, strict=True):
            _chart(figure, theme, result, kind, what, box)
        for kind, box in zip(KINDS, maps, strict=True):
            _maps(figure, theme, result, kind, box)
    return figure


def _boxes(size: Size) -> tuple[list[Box], list[Box]]:
    """Where the two charts and the two grids of maps go."""
    top, foot = size.height - 1.15, 0.6
    if size.portrait:
        width = (size.width - 2 * LEFT - 2 * 0.9 - 0.2) / 2
        charts = [(LEFT + 0.9 + i * (width + 1.1), top - 1.75, width, 1.15) for i in range(2)]
        tall = (top - 2.4 - 0.3) / 2
        return charts, [(LEFT, 0.3 + (1 - i) * tall, size.width - 2 * LEFT, tall - 0.15) for i in range(2)]
    wide = 0.34 * size.width
    tall = (top - foot) / 2
    charts = [(LEFT + 0.9, foot + (1 - i) * tall + 0.1, wide - 0.9, tall - 1.0) for i in range(2)]
    left, tall = LEFT + wide + 0.6, (top - 0.35) / 2
    maps = [(left, 0.35 + (1 - i) * tall, size.width - LEFT - left, tall - 0.2) for i in range(2)]
    return charts, maps


def _chart(figure: Figure, theme: Theme, result: Dying, field: str, title: str, box: Box) -> None:
    """Draw a share of the ReLUs as a bar for each layer, 0 to 100 %."""
    axes = blank_axes(figure, theme, box, TEXT_POINTS)
    points, stroke = fitted(title, TEXT_POINTS, box[2], bold=True), theme.stroke(1)
    write(figure, box[0], box[1] + box[3] + 0.18, title, points, stroke.text, bold=True)
    scale = 100 if field == "active" else 100 / result.units
    depth = len(result.networks[0].layers)
    x = np.arange(1, depth + 1)
    shares = [scale * getattr(layer, field) for layer in result.network("relu", 0.0).layers]
    axes.bar(x, shares, 0.7, color=stroke.colour, linewidth=0, label=field, zorder=2)
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
    """Draw every unit of the layer as a small map of f'(z): 1 where it is active, else 0 or the leak."""
    left, bottom, width, height = box
    active, dead = result.maps[kind], result.dead[kind]
    colour = theme.stroke(1 if kind == "relu" else 0)
    label = get_activation(kind).label
    write(figure, left, bottom + height - 0.2, label, TEXT_POINTS, colour.text, bold=True, up="center_baseline")
    what = f"$f\\,\\mathrm{{′}}$ = 1 or {0 if kind == 'relu' else LEAK:g}; {int(dead.sum())} dead"
    room = (left, bottom, width, height - 0.45)
    columns, cell = _grid(len(active), room[2], room[3])
    width = (columns - 0.1) * cell
    points = fitted(what, TEXT_POINTS, 0.62 * width)
    write(figure, left + width, bottom + height - 0.2, what, points, theme.muted, across="right",
          up="center_baseline")  # fmt: skip
    on, off = np.array(to_rgb(colour.colour)), np.array(to_rgb(theme.shade))
    # A hundredth would be invisible: where a unit leaks it gets a third of its colour.
    off = off if kind == "relu" else 0.65 * off + 0.35 * on
    for unit, where in enumerate(active):
        row, column = divmod(unit, columns)
        place = (left + column * cell, room[1] + room[3] - (row + 1) * cell, 0.9 * cell, 0.9 * cell)
        axes = picture(figure, theme, place, np.where(where[..., None], on, off), interpolation="nearest")
        axes.set_label(f"{kind} unit {unit + 1}")
        if dead[unit]:
            _cross(axes, theme, len(where))


def _grid(count: int, width: float, height: float) -> tuple[int, float]:
    """Return the number of columns that makes square cells largest, and their side."""
    sides = {c: min(width / c, height / math.ceil(count / c)) for c in range(1, count + 1)}
    columns = max(sides, key=lambda c: sides[c])
    return columns, sides[columns]


def _cross(axes: Axes, theme: Theme, side: int) -> None:
    ends = np.array([0.2, 0.8]) * side
    for other in (ends, ends[::-1]):
        axes.plot(ends, other, color=theme.ink, linewidth=0.8 * LINE, solid_capstyle="round", label="dead")
