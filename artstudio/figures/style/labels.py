"""Words beside curves: names at line ends and values at points, placed so that nothing is covered."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from artstudio.figures.samples import Floats, Mark, Samples
from artstudio.figures.style.key import Entry, value_lines
from artstudio.figures.style.panel import Box, Panel, write
from artstudio.figures.style.theme import THIN, Stroke, text_size

END_GAP = 0.42
"""Inches from a line's end to its name: room for the thread that joins them."""


_AIR, _BESIDE, _LEADING = 0.07, 0.25, 1.3
"""Inches between a label and what is near it, and labels side by side; from line to line, in type sizes."""

_FEW = 3
"""Up to so many labels are placed in whichever order suits them best."""


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
    wanted = [_wanted(panel, mark, points) for mark in curve.marks]
    first = range(len(wanted))
    orders = permutations(first) if len(wanted) <= _FEW else [first]
    found = (_clear_boxes(panel, wanted, order, points) for order in orders)
    placed = min((each for each in found if each), key=lambda each: each[0], default=None)
    if placed is None:
        return False
    for (at, lines), box in zip(wanted, placed[1], strict=True):
        _write_label(panel, at, box, lines, points, stroke)
    return True


def _wanted(panel: Panel, mark: Mark, points: float) -> tuple[Floats, list[str]]:
    """Return where a mark is on the page in inches, and the lines to be written beside it."""
    at = panel.inches(np.array(mark.z), np.clip(np.array(mark.value), *panel.y_limits))
    lines = list(value_lines(mark))
    if text_size(", ".join(lines), points)[0] < 0.45 * panel.box[2]:
        lines = [", ".join(lines)]
    # Narrow, beside its point.
    return at, [part for line in lines for part in line.replace("; ", ";\n").split("\n")]


def _clear_boxes(
    panel: Panel, wanted: Sequence[tuple[Floats, list[str]]], order: Sequence[int], points: float
) -> tuple[float, list[Box]] | None:
    """Place labels one after the other in this order; return what that costs and their boxes in their own order."""
    boxes: dict[int, Box] = {}
    total = 0.0
    for i in order:
        others = [at for j, (at, _) in enumerate(wanted) if j != i]
        found = _clear_box(panel, *wanted[i], points, list(boxes.values()), others)
        if found is None:
            return None
        total, boxes[i] = total + found[0], found[1]
    return total, [boxes[i] for i in range(len(wanted))]


def _clear_box(
    panel: Panel, at: Floats, lines: Sequence[str], points: float, boxes: Sequence[Box], others: Sequence[Floats]
) -> tuple[float, Box] | None:
    """Return the cost and the best place of lines of text near a point in inches; None if all cover something.

    It is nearer to its own point than to the `others`, if it can be.
    """
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
            (x > other[0] + other[2] + _BESIDE) | (x + wide + _BESIDE < other[0])
            | (y > other[1] + other[3] + _AIR) | (y + tall + _AIR < other[1])
        )  # fmt: skip

    def distance(point: Floats) -> Floats:
        beside = np.maximum(np.maximum(x - point[0], point[0] - x - wide), 0)
        above = np.maximum(np.maximum(y - point[1], point[1] - y - tall), 0)
        return np.asarray(np.hypot(beside, above))

    away = distance(at)
    # A label that stands apart is joined to its point by a thread, which must not run across another label.
    ends = np.stack([np.clip(at[0], x, x + wide), np.clip(at[1], y, y + tall)], axis=-1)
    along = at + np.linspace(0, 1, 24)[:, None, None] * (ends - at)
    for left, bottom, width, height in boxes:
        across = (along[..., 0] > left) & (along[..., 0] < left + width)
        clear &= ~(across & (along[..., 1] > bottom) & (along[..., 1] < bottom + height)).any(axis=0)
    if not clear.any():
        return None
    cost = np.abs(away - 0.22) + 0.02 * np.hypot(x + wide / 2 - at[0], y + tall / 2 - at[1])
    for point in others:
        cost += np.maximum(away + 0.4 - distance(point), 0)
    best = int(np.where(clear, cost, np.inf).argmin())
    return float(cost[best]), (float(x[best]), float(y[best]), wide, tall)


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
