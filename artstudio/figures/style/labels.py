"""Words beside curves: names at line ends and values at points, placed so that nothing is covered."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from artstudio.figures.samples import Floats, Samples
from artstudio.figures.style.key import Entry, value_lines
from artstudio.figures.style.panel import Box, Panel, write
from artstudio.figures.style.theme import THIN, Stroke, text_size

END_GAP = 0.42
"""Inches from a line's end to its name: room for the thread that joins them."""


_AIR, _LEADING = 0.07, 1.3
"""Inches between a label and what is near it; from line to line, as a factor on the type size."""


def draw_thread(figure: Figure, xs: Sequence[float], ys: Sequence[float], colour: str, width: float) -> None:
    """Draw a line on the page, its corners in inches."""
    across, up = figure.get_size_inches()
    figure.add_artist(Line2D([x / across for x in xs], [y / up for y in ys], color=colour, linewidth=width))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return the places nearest to those wanted that are `gap` apart, in the same order, within [low, high]."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    # Names that would collide form a group; its lowest stands at the mean of what they want, less their offsets.
    groups: list[tuple[float, int]] = []
    for i in order:
        lowest, count = wanted[i], 1
        while groups and groups[-1][0] + groups[-1][1] * gap > lowest:
            below, more = groups.pop()
            lowest = (below * more + (lowest - more * gap) * count) / (more + count)
            count += more
        groups.append((lowest, count))
    places = [lowest + gap * k for lowest, count in groups for k in range(count)]
    for k in range(len(places)):  # into the bounds: up from the bottom, then down from the top
        places[k] = max(places[k], low + gap * k)
    for k in reversed(range(len(places))):
        places[k] = min(places[k], high - gap * (len(places) - 1 - k))
    result = [0.0] * len(wanted)
    for place, i in zip(places, order, strict=True):
        result[i] = place
    return result


def label_ends(panel: Panel, ends: Sequence[float], entries: Sequence[Entry], points: float) -> None:
    """Write each curve's name to the right of its end, at its last value, joined to it by a thread."""
    figure = panel.axes.figure
    assert isinstance(figure, Figure)
    left, bottom, width, height = panel.box
    values = np.clip(np.nan_to_num(ends), *panel.y_limits)
    at = [float(y) for y in panel.inches(np.zeros(len(ends)), values)[:, 1]]
    half = 0.5 * points / 72
    places = spread(at, 1.3 * points / 72, bottom + half, bottom + height - half)
    x = left + width
    for entry, y, place in zip(entries, at, places, strict=True):
        thread = (x + 0.05, x + END_GAP - 0.2, x + END_GAP - 0.08)
        draw_thread(figure, thread, (y, place, place), entry.stroke.colour, THIN * panel.scale)
        write(figure, x + END_GAP, place, entry.name, points, entry.stroke.text, bold=True, up="center_baseline")


def label_points(panel: Panel, curve: Samples, stroke: Stroke, points: float) -> bool:
    """Write value and slope beside each marked point of f, if all can stand clear of curves and of each other.

    Returns whether they could; if not, nothing is written.
    """
    boxes: list[Box] = []
    written = []
    for mark in curve.marks:
        at = panel.inches(np.array(mark.z), np.clip(np.array(mark.value), *panel.y_limits))
        lines = list(value_lines(mark))
        if text_size(", ".join(lines), points)[0] < 0.55 * panel.box[2]:
            lines = [", ".join(lines)]
        lines = [
            part for line in lines for part in line.replace("; ", ";\n").split("\n")
        ]  # narrow, beside its point
        box = _clear_box(panel, at, lines, points, boxes)
        if box is None:
            return False
        boxes.append(box)
        written.append((at, box, lines))
    for at, box, lines in written:
        _write_label(panel, at, box, lines, points, stroke)
    return True


def _clear_box(panel: Panel, at: Floats, lines: Sequence[str], points: float, boxes: Sequence[Box]) -> Box | None:
    """Return the best place for lines of text near a point in inches, or None if all would cover something."""
    wide = max(text_size(line, points)[0] for line in lines)
    tall = _LEADING * points / 72 * len(lines)
    left, bottom, width, height = panel.box
    if wide + 0.1 > width or tall + 0.1 > height:
        return None
    xs = np.linspace(left + 0.04, left + width - wide - 0.04, 41)
    ys = np.linspace(bottom + 0.06, bottom + height - tall - 0.04, 41)
    x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
    curves = np.concatenate(panel.taken)
    # About a point for every twentieth of an inch is enough to see what a label would cover.
    curves = np.unique(np.round(curves * 20), axis=0) / 20
    clear = ~(
        (curves[:, 0] > x[:, None] - _AIR) & (curves[:, 0] < x[:, None] + wide + _AIR)
        & (curves[:, 1] > y[:, None] - _AIR) & (curves[:, 1] < y[:, None] + tall + _AIR)
    ).any(axis=1)  # fmt: skip
    for other in boxes:
        clear &= (
            (x > other[0] + other[2] + _AIR) | (x + wide + _AIR < other[0])
            | (y > other[1] + other[3] + _AIR) | (y + tall + _AIR < other[1])
        )  # fmt: skip
    away = np.hypot(np.maximum(np.maximum(x - at[0], at[0] - x - wide), 0),
                    np.maximum(np.maximum(y - at[1], at[1] - y - tall), 0))  # fmt: skip
    # A label that stands apart is joined to its point by a thread, which must not run across another label.
    ends = np.stack([np.clip(at[0], x, x + wide), np.clip(at[1], y, y + tall)], axis=-1)
    along = at + np.linspace(0, 1, 24)[:, None, None] * (ends - at)
    for left, bottom, width, height in boxes:
        across = (along[..., 0] > left) & (along[..., 0] < left + width)
        clear &= ~(across & (along[..., 1] > bottom) & (along[..., 1] < bottom + height)).any(axis=0)
    cost = np.abs(away - 0.22) + 0.02 * np.hypot(x + wide / 2 - at[0], y + tall / 2 - at[1])
    if not clear.any():
        return None
    best = int(np.where(clear, cost, np.inf).argmin())
    return float(x[best]), float(y[best]), wide, tall


def _write_label(panel: Panel, at: Floats, box: Box, lines: Sequence[str], points: float, stroke: Stroke) -> None:
    figure = panel.axes.figure
    assert isinstance(figure, Figure)
    x, y, wide, tall = box
    nearest = (min(max(at[0], x), x + wide), min(max(at[1], y), y + tall))
    if math.dist(at, nearest) > 0.4:
        draw_thread(figure, (at[0], nearest[0]), (at[1], nearest[1]), panel.theme.muted, THIN * panel.scale)
    for k, line in enumerate(lines):
        base = y + tall - _LEADING * points / 72 * (k + 0.8)
        write(figure, x, base, line, points, stroke.text)
