"""The figure on vanishing gradients: norms by layer on a logarithmic scale, conventional and calibrated."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from artstudio.errors import clip
from artstudio.figures.labels import draw_thread, spread
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.lessons.vanishing import STEEP, Gradients, Vanishing
from artstudio.figures.panel import Box, write
from artstudio.figures.theme import (
    LINE,
    TEXT_POINTS,
    THIN,
    Size,
    Theme,
    blank_axes,
    house_style,
    number,
    text_size,
)
from artstudio.model.activations import get_activation

_THREAD = 0.35
"""Inches from a line's end to its name."""


def draw(result: Vanishing, theme: Theme, size: Size) -> Figure:
    """Draw one line an activation in each of two panels with one scale: from the last layer to the first."""
    words = [_name(g, kind) for g in result.gradients for kind in _TITLES]
    beside = max(text_size(name, TEXT_POINTS, bold=True)[0] for name in words) + _THREAD + 0.1
    limits = _limits(result.gradients)
    with house_style():
        figure = page(theme, size, f"What is left of the gradient, {result.depth} layers deep")
        what = r"$\|\,\partial\,\mathrm{output}\,/\,\partial z\,\|$ by layer, mean over the pixels"
        plain, calibrated = _boxes(size, beside)
        _say(figure, theme, LEFT, size.height - 1.1, what)
        three = f"three slopes of {STEEP:g} multiply to {number(result.three)}"
        across, down = (LEFT, 1.45) if size.portrait else (calibrated[0], 1.1)
        _say(figure, theme, across, size.height - down, three)
        first = _panel(figure, theme, result, "plain", plain, limits)
        _panel(figure, theme, result, "calibrated", calibrated, limits, named=size.portrait)
        note = _products(first, theme, result)
        across, up = (LEFT, 0.65) if size.portrait else (plain[0], 0.32)
        _say(figure, theme, across, up, "$k$ layers back from the output")
        _say(figure, theme, LEFT if size.portrait else calibrated[0], 0.32, note)
    return figure


def _say(figure: Figure, theme: Theme, x: float, y: float, words: str) -> None:
    points = fitted(words, TEXT_POINTS, figure.get_size_inches()[0] - LEFT - x)
    write(figure, x, y, words, points, theme.muted, up="center_baseline")


_TITLES = {"plain": "Conventional weights", "calibrated": "Every layer standardised"}


def _panel(figure: Figure, theme: Theme, result: Vanishing, kind: str, box: Box, limits: tuple[float, float], *,
           named: bool = True) -> Axes:  # fmt: skip
    axes = _axes(figure, theme, box, result.depth, limits, named=named)
    title = _TITLES[kind]
    points = fitted(title, TEXT_POINTS, box[2] + 1.0, bold=True)
    write(figure, box[0], box[1] + box[3] + 0.22, title, points, theme.ink, bold=True)
    names = [_name(g, kind) for g in result.gradients]
    ends = [_line(axes, theme, i, getattr(g, kind)) for i, g in enumerate(result.gradients)]
    _names(figure, theme, names, ends, box, limits)
    return axes


def _name(gradients: Gradients, kind: str) -> str:
    """The name at a line's end; it says so where the first layer's gradient is 0 or beyond float32."""
    label, first = clip(get_activation(gradients.activation).label, 14), getattr(gradients, kind)[-1]
    return label if first > 0 and math.isfinite(first) else f"{label}: {'0' if first == 0 else '∞'}"


def _products(axes: Axes, theme: Theme, result: Vanishing) -> str:
    """Draw what the slopes alone can multiply to at most, where that shrinks; return what the lines are."""
    shrinking = [g for g in result.gradients if 0 < g.largest_slope < 0.99]
    for g in shrinking:
        axes.plot(np.arange(1, result.depth + 1), np.log10(g.products), color=theme.muted, linewidth=THIN,
                  zorder=2, label=f"product {g.activation}")  # fmt: skip
    powers = ", ".join(f"${g.largest_slope:.3g}^k$" for g in shrinking)
    return f"thin line: {powers}, the slopes alone" if shrinking else ""


def _boxes(size: Size, beside: float) -> tuple[Box, Box]:
    """Where the two panels go: names stand to the right of each."""
    left, top, foot, gap = LEFT + 0.75, size.height - 1.95, 0.95, 0.95
    if size.portrait:
        top, foot = top - 0.35, foot + 0.35
        width, height = size.width - left - beside - 0.2, (top - foot - gap) / 2
        return (left, foot + height + gap, width, height), (left, foot, width, height)
    width = (size.width - left - 0.3 - 2 * beside - 0.45) / 2
    return (left, foot, width, top - foot), (left + width + beside + 0.45, foot, width, top - foot)


def _limits(gradients: tuple[Gradients, ...]) -> tuple[float, float]:
    """The range of the norms as whole powers of ten; what is 0 has none."""
    values = np.array([v for g in gradients for v in (*g.plain, *g.calibrated) if v > 0 and math.isfinite(v)])
    if not len(values):
        return -3.0, 1.0
    low, high = np.log10([values.min(), values.max()])
    return min(math.floor(low), -2.0), max(math.ceil(high), 1.0)


def _axes(figure: Figure, theme: Theme, box: Box, depth: int, limits: tuple[float, float], *, named: bool) -> Axes:
    """Return axes for norms as powers of ten, over layers counted back from the output."""
    axes = blank_axes(figure, theme, box, TEXT_POINTS)
    axes.set_xlim(1, depth)
    axes.set_ylim(*limits)
    low, high = limits
    step = max(1, math.ceil((high - low) / (box[3] / 0.75)))
    ticks = [power for power in range(int(low), int(high) + 1) if power % step == 0]
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda power, _: f"$10^{{{power:.0f}}}$" if power else "$1$"))
    if not named:
        axes.tick_params(axis="y", labelleft=False)
    axes.xaxis.set_major_locator(FixedLocator([1, depth]))
    for power in ticks:
        width = THIN / 2 if power else THIN
        axes.plot((1, depth), (power, power), color=theme.rule, linewidth=width, zorder=1, label="rule")
    return axes


def _line(axes: Axes, theme: Theme, index: int, values: tuple[float, ...]) -> float:
    """Draw one activation's norms; return where the line ends, nan where it has no gradient at the first layer."""
    stroke = theme.stroke(index)
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.log10(np.array(values))
    powers[~np.isfinite(powers)] = np.nan
    axes.plot(np.arange(1, len(values) + 1), powers, color=stroke.colour, linestyle=stroke.style, linewidth=LINE,
              zorder=3, clip_on=False, label="norms")  # fmt: skip
    return float(powers[-1])


def _names(figure: Figure, theme: Theme, names: list[str], ends: list[float], box: Box,
           limits: tuple[float, float]) -> None:  # fmt: skip
    """Write each name at its line's end; one without a gradient stands at the bottom, without a thread."""
    left, bottom, width, height = box
    low, high = limits
    at = [bottom + height * (0.0 if math.isnan(end) else (end - low) / (high - low)) for end in ends]
    gap = 1.25 * TEXT_POINTS / 72
    places = spread(at, gap, bottom, max(bottom + height, bottom + gap * (len(at) - 1)))
    x = left + width
    for i, (name, y, place) in enumerate(zip(names, at, places, strict=True)):
        stroke = theme.stroke(i)
        if not math.isnan(ends[i]):
            thread = (x + 0.05, x + _THREAD - 0.12, x + _THREAD - 0.05)
            draw_thread(figure, thread, (y, place, place), stroke.colour, THIN)
        write(figure, x + _THREAD, place, name, TEXT_POINTS, stroke.text, bold=True, up="center_baseline")
