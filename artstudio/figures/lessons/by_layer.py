"""A panel with a line per activation over the layers, on a logarithmic scale, its name at the line's end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from artstudio.errors import clip
from artstudio.figures.lessons.page import fitted
from artstudio.figures.style.labels import draw_thread, spread
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import LINE, TEXT_POINTS, THIN, Stroke, Theme, blank_axes, text_size
from artstudio.model.activation.registry import get_activation

_THREAD = 0.35
"""Inches from a line's end to its name."""


@dataclass(frozen=True)
class Line:
    """A line over the layers. Where it ends in 0, or beyond float32, its name says so."""

    name: str
    values: tuple[float, ...]
    stroke: Stroke
    width: float = LINE

    @property
    def words(self) -> str:
        """The name, and what the line ends in where that cannot be drawn."""
        last = self.values[-1]
        return self.name if last > 0 and math.isfinite(last) else f"{self.name}: {'0' if last == 0 else '∞'}"


def named(activation: str, init: str) -> str:
    """Return what a line is called: an activation and how its weights are drawn."""
    return f"{clip(get_activation(activation).label, 14)}, {init}"


def room_for_names(lines: Sequence[Line]) -> float:
    """Return the inches that the names take to the right of a panel."""
    return max(text_size(line.words, TEXT_POINTS, bold=True)[0] for line in lines) + _THREAD + 0.1


def limits(lines: Sequence[Line]) -> tuple[float, float]:
    """Return the range of the lines as whole powers of ten; what is 0 has none."""
    values = np.array([v for line in lines for v in line.values if v > 0 and math.isfinite(v)])
    if not len(values):
        return -3.0, 1.0
    low, high = np.log10([values.min(), values.max()])
    return min(math.floor(low), -2.0), max(math.ceil(high), 1.0)


def draw_lines(figure: Figure, theme: Theme, box: Box, lines: Sequence[Line], bounds: tuple[float, float], *,
               title: str, axis: str, names: bool = True) -> None:  # fmt: skip
    """Draw the lines in a box, a bold title above it, what the axis counts below it, names to its right."""
    depth = len(lines[0].values)
    points = fitted(title, TEXT_POINTS, box[2] + (room_for_names(lines) if names else 0.0), bold=True)
    write(figure, box[0], box[1] + box[3] + 0.22, title, points, theme.ink, bold=True)
    axes = _axes(figure, theme, box, depth, bounds)
    ends = [_line(axes, line) for line in lines]
    write(figure, box[0] + box[2] / 2, box[1] - 0.24, axis, fitted(axis, TEXT_POINTS, box[2] - 0.8), theme.muted,
          across="center", up="center_baseline")  # fmt: skip
    if names:
        _names(figure, lines, ends, box, bounds)


def _axes(figure: Figure, theme: Theme, box: Box, depth: int, bounds: tuple[float, float]) -> Axes:
    axes = blank_axes(figure, theme, box, TEXT_POINTS)
    axes.set_xlim(1, depth)
    axes.set_ylim(*bounds)
    low, high = bounds
    step = max(1, math.ceil((high - low) / (box[3] / 0.75)))
    ticks = [power for power in range(int(low), int(high) + 1) if power % step == 0]
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda power, _: f"$10^{{{power:.0f}}}$" if power else "$1$"))
    axes.xaxis.set_major_locator(FixedLocator([1, depth]))
    for power in ticks:
        width = THIN / 2 if power else THIN
        axes.plot((1, depth), (power, power), color=theme.rule, linewidth=width, zorder=1, label="rule")
    return axes


def _line(axes: Axes, line: Line) -> float:
    """Draw one line; return where it ends as a power of ten, nan where it has no end that can be drawn."""
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.log10(np.array(line.values))
    powers[~np.isfinite(powers)] = np.nan
    axes.plot(np.arange(1, len(line.values) + 1), powers, color=line.stroke.colour, linestyle=line.stroke.style,
              linewidth=line.width, zorder=3, clip_on=False, label=line.name)  # fmt: skip
    return float(powers[-1])


def _names(
    figure: Figure, lines: Sequence[Line], ends: list[float], box: Box, bounds: tuple[float, float]
) -> None:
    """Write each name at its line's end; one without an end stands at the bottom, without a thread."""
    left, bottom, width, height = box
    low, high = bounds
    at = [bottom + height * (0.0 if math.isnan(end) else (end - low) / (high - low)) for end in ends]
    gap = 1.3 * TEXT_POINTS / 72
    places = spread(at, gap, bottom, max(bottom + height, bottom + gap * (len(at) - 1)))
    x = left + width
    for line, y, place, end in zip(lines, at, places, ends, strict=True):
        if not math.isnan(end):
            thread = (x + 0.05, x + _THREAD - 0.12, x + _THREAD - 0.05)
            draw_thread(figure, thread, (y, place, place), line.stroke.colour, THIN)
        bold = line.width == LINE
        write(
            figure, x + _THREAD, place, line.words, TEXT_POINTS, line.stroke.text, bold=bold, up="center_baseline"
        )
