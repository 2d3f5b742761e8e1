"""The figure on scaling: five panels with one axis of time, both axes logarithmic, and the ideal beside each line."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator

from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.style.labels import draw_thread, spread
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import (
    LINE,
    SIZES,
    TEXT_POINTS,
    THIN,
    Size,
    Theme,
    blank_axes,
    house_style,
    text_size,
)

_MEASURED: Mapping[str, Any] = {"linewidth": LINE, "marker": "o", "markersize": 2.2 * LINE}
_IDEAL: Mapping[str, Any] = {"linewidth": 1.3 * THIN, "linestyle": (0, (4.0, 3.0))}
_AXES = ("pixels", "units", "depth", "jobs", "threads")
_COLUMNS, _ROWS = 3, 2
_TICKS, _NAMES, _THREAD, _HEAD = 1.05, 0.95, 0.3, 0.4
"""Inches for the labels of the time axis, for names at line ends, from a line to its name, for a panel's title."""


def draw(results: Mapping[str, Any], theme: Theme) -> Figure:
    """Draw the panels of what was measured; the last place on the page explains the lines."""
    size, scaling = SIZES["slide"], results["scaling"]
    shown = [name for name in _AXES if name in scaling]
    limits = _limits([s for name in shown for times in scaling[name]["seconds"].values() for s in times])
    with house_style():
        figure = page(theme, size, "How a picture’s time grows")
        say(figure, theme, size.height - 1.07, f"the whole render call; {machine_words(results['machine'])}")
        for i, name in enumerate(shown):
            _panel(figure, theme, _box(size, i), name, scaling[name], limits, named=i % _COLUMNS == 0)
        _key(figure, theme, _box(size, len(_AXES)))
    return figure


def say(figure: Figure, theme: Theme, y: float, words: str) -> None:
    """Write a line of remarks across the page."""
    points = fitted(words, TEXT_POINTS, figure.get_size_inches()[0] - 2 * LEFT)
    write(figure, LEFT, y, words, points, theme.muted, up="center_baseline")


def machine_words(machine: Mapping[str, Any]) -> str:
    """What the numbers were measured on, in a line."""
    cores = "1 core" if machine["cores"] == 1 else f"{machine['cores']} cores"
    return f"{cores}, {machine['cpu']}, {machine['instructions']}, JAX {machine['jax']}"


def _box(size: Size, index: int) -> Box:
    """The place of a panel, row by row."""
    row, column = divmod(index, _COLUMNS)
    left, top, foot = LEFT + _TICKS, 1.4, 0.12
    width = (size.width - left - 0.1) / _COLUMNS
    height = (size.height - top - foot) / _ROWS
    bottom = foot + (_ROWS - 1 - row) * height
    return left + column * width, bottom + 0.5, width - _NAMES - 0.1, height - 0.5 - _HEAD - 0.26


_NEAR = 0.4
"""How much farther down the time axis may begin to begin at a power of ten; as a power of ten."""


@dataclass(frozen=True)
class _Scale:
    """A logarithmic axis: its limits as powers of ten, and where ticks stand with which words."""

    low: float
    high: float
    ticks: tuple[float, ...]
    words: tuple[str, ...]


def _limits(seconds: Sequence[float]) -> _Scale:
    """The scale of time: all values with a little air, ticks at powers of ten, from one of them if it is near."""
    low, high = math.log10(min(seconds)), math.log10(max(seconds))
    if high - low < 1:
        low, high = (low + high - 1) / 2, (low + high + 1) / 2
    air = 0.06 * (high - low)
    low, high = low - air, high + air
    if low - math.floor(low) < _NEAR:
        low = float(math.floor(low))
    ticks = tuple(float(power) for power in range(math.ceil(low), math.floor(high) + 1))
    return _Scale(low, high, ticks, tuple(_time(power) for power in ticks))


def _time(power: float) -> str:
    return f"{10**power:g} s" if power >= 0 else f"{10 ** (power + 3):g} ms"


def _across(values: Sequence[int], labels: Sequence[str], width: float) -> _Scale:
    """The scale of what is varied: ticks at its values, the ends first, the others as there is room."""
    logs = [math.log10(value) for value in values]
    low, high = (logs[0], logs[-1]) if len(logs) > 1 else (logs[0] - 0.5, logs[0] + 0.5)
    places = [width * (log - low) / (high - low) for log in logs]
    kept: list[int] = []
    for i in dict.fromkeys([0, len(values) - 1, *range(len(values))]):
        half = text_size(labels[i], TEXT_POINTS)[0] / 2
        if all(abs(places[i] - places[k]) > half + text_size(labels[k], TEXT_POINTS)[0] / 2 + 0.12 for k in kept):
            kept.append(i)
    air = 0.06 * (high - low)
    return _Scale(low - air, high + air, tuple(logs[i] for i in kept), tuple(labels[i] for i in kept))


def _panel(
    figure: Figure, theme: Theme, box: Box, name: str, about: Mapping[str, Any], up: _Scale, *, named: bool
) -> None:
    left, bottom, width, height = box
    head = bottom + height + 0.22
    title = name.capitalize()
    write(figure, left, head, title, TEXT_POINTS, theme.ink, bold=True)
    after = left + text_size(title, TEXT_POINTS, bold=True)[0] + 0.18
    room = left + width + _NAMES - after
    constant = about["constant"]
    write(figure, after, head, constant, fitted(constant, TEXT_POINTS, room), theme.muted)

    across = _across(about["values"], about["labels"], width)
    axes = blank_axes(figure, theme, box, TEXT_POINTS)
    axes.set_xlim(across.low, across.high)
    axes.set_ylim(up.low, up.high)
    for axis, scale in ((axes.xaxis, across), (axes.yaxis, up)):
        axis.set_major_locator(FixedLocator(scale.ticks))
        axis.set_major_formatter(FixedFormatter(scale.words))
    axes.tick_params(axis="y", labelleft=named)
    for axis, pad in (("x", 0.55), ("y", 0.7)):
        axes.tick_params(axis=axis, pad=pad * TEXT_POINTS)
    for power in up.ticks:
        axes.axhline(power, color=theme.rule, linewidth=THIN / 2, zorder=1)
    axes.axhline(up.low, color=theme.rule, linewidth=THIN, zorder=1, clip_on=False)
    x = [math.log10(value) for value in about["values"]]
    ends = []
    for i, (activation, times) in enumerate(about["seconds"].items()):
        stroke = theme.stroke(i)
        ideal = [math.log10(seconds) for seconds in about["ideal"][activation]]
        y = [math.log10(seconds) for seconds in times]
        axes.plot(x, ideal, color=stroke.colour, zorder=2, label="ideal", **_IDEAL)
        axes.plot(x, y, color=stroke.colour, zorder=3, clip_on=False, label=activation, **_MEASURED)
        ends.append((activation, bottom + height * (y[-1] - up.low) / (up.high - up.low)))
    _names(figure, theme, ends, box, (x[-1] - across.low) / (across.high - across.low))


def _names(figure: Figure, theme: Theme, ends: Sequence[tuple[str, float]], box: Box, last: float) -> None:
    """Write the activations' names to the right of their lines, which end at the share `last` of the box."""
    left, bottom, width, height = box
    places = spread([y for _, y in ends], 1.2 * TEXT_POINTS / 72, bottom, bottom + height + 0.1)
    x = left + width
    for i, ((name, y), place) in enumerate(zip(ends, places, strict=True)):
        stroke = theme.stroke(i)
        begin = left + width * last + 0.09
        draw_thread(
            figure, (begin, x + _THREAD - 0.13, x + _THREAD - 0.06), (y, place, place), stroke.colour, THIN
        )
        write(figure, x + _THREAD, place, name, TEXT_POINTS, stroke.text, bold=True, up="center_baseline")


def _key(figure: Figure, theme: Theme, box: Box) -> None:
    """Say what the two kinds of lines are."""
    left, bottom, _, height = box
    across, up = figure.get_size_inches()
    y, step = bottom + height - 0.1, 1.5 * TEXT_POINTS / 72
    for row, style in enumerate((_MEASURED, _IDEAL)):
        x = [(left + part) / across for part in (0.0, 0.3, 0.6)]
        figure.add_artist(Line2D(x, [(y - row * step) / up] * 3, color=theme.muted, **style))
    for row, words in enumerate(("measured", "in proportion to", "pixels, units², depth,", "jobs, 1 / threads")):
        write(figure, left + 0.8, y - row * step, words, TEXT_POINTS, theme.muted, up="center_baseline")
