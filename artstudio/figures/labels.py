"""Words beside curves: names at line ends and values at points, placed so that nothing is covered."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from artstudio.figures.key import Entry, value_lines
from artstudio.figures.panel import Box, Panel, write
from artstudio.figures.samples import Floats, Samples
from artstudio.figures.theme import THIN, Stroke, text_size

END_GAP = 0.42
"""Inches from a line's end to its name: room for the thread that joins them."""



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


def label_points(panel: Panel, curve: Samples, stroke: Stroke, points: float) -> None:
    """Write value and slope beside each marked point of f; for a panel with one activation."""
    boxes: list[Box] = []
    for z, value, slope in curve.marks:
        if math.isfinite(value):
            x, y = panel.inches(np.array(z), np.clip(np.array(value), *panel.y_limits)).tolist()
            lines = list(value_lines(z, value, slope))
            if text_size(", ".join(lines), points)[0] < 0.55 * panel.box[2]:
                lines = [", ".join(lines)]
            place_label(panel, (x, y), lines, points, stroke, boxes)


def place_label(panel: Panel, at: tuple[float, float], lines: Sequence[str], points: float, stroke: Stroke,
                boxes: list[Box]) -> None:  # fmt: skip
    """Write lines of text near a point given in inches, where they cover no curve and none of `boxes`.

    The label's own box is added to `boxes`.
    """
    leading = 1.3 * points / 72
    wide = max(text_size(line, points)[0] for line in lines)
    tall = leading * len(lines)
    left, bottom, width, height = panel.box
    xs = np.linspace(left + 0.04, max(left + 0.04, left + width - wide - 0.04), 41)
    ys = np.linspace(bottom + 0.06, max(bottom + 0.06, bottom + height - tall - 0.04), 41)
    x, y = (grid.ravel() for grid in np.meshgrid(xs, ys))
    away = np.hypot(np.maximum(np.maximum(x - at[0], at[0] - x - wide), 0),
                    np.maximum(np.maximum(y - at[1], at[1] - y - tall), 0))  # fmt: skip
    cost = np.abs(away - 0.22) + 0.02 * np.hypot(x + wide / 2 - at[0], y + tall / 2 - at[1])
    cost = cost + 4.0 * (away < 0.14)
    points_taken = _thinned(np.concatenate(panel.taken))
    air = 0.07
    inside = (
        (points_taken[:, 0] > x[:, None] - air) & (points_taken[:, 0] < x[:, None] + wide + air)
        & (points_taken[:, 1] > y[:, None] - air) & (points_taken[:, 1] < y[:, None] + tall + air)
    )  # fmt: skip
    cost = cost + 0.6 * inside.sum(axis=1)
    for other in boxes:
        apart = (
            (x > other[0] + other[2] + air) | (x + wide + air < other[0])
            | (y > other[1] + other[3] + air) | (y + tall + air < other[1])
        )  # fmt: skip
        cost = cost + 100.0 * ~apart
    best = int(cost.argmin())
    x0, y0 = float(x[best]), float(y[best])
    boxes.append((x0, y0, wide, tall))
    figure = panel.axes.figure
    assert isinstance(figure, Figure)
    if away[best] > 0.4:
        nearest = (min(max(at[0], x0), x0 + wide), min(max(at[1], y0), y0 + tall))
        draw_thread(figure, (at[0], nearest[0]), (at[1], nearest[1]), panel.theme.muted, THIN * panel.scale)
    for k, line in enumerate(lines):
        write(figure, x0, y0 + tall - leading * (k + 0.8), line, points, stroke.text)


def _thinned(places: Floats) -> Floats:
    """Keep about a point for every twentieth of an inch: enough to see what a label would cover."""
    return np.unique(np.round(places * 20), axis=0) / 20
