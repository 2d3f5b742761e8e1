"""f(z) and f'(z) of activation functions as a figure, in three layouts.

overlay: all curves in one panel, f on the left, f' on the right; stacked: f above f', with one z axis;
grid: a panel for each activation, with f and f' together (`grid.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from artstudio.errors import BadInput
from artstudio.figures.grid import grid_figure
from artstudio.figures.samples import SATURATED, Floats, Samples, Tear, sample, sample_each
from artstudio.figures.spec import PlotSpec
from artstudio.figures.style import labels
from artstudio.figures.style import panel as draw
from artstudio.figures.style.key import SLOPE, VALUE, Entry, draw_key, entry_of, value_lines, without_formula
from artstudio.figures.style.panel import Box, Panel
from artstudio.figures.style.theme import (
    TEXT_POINTS,
    TITLE_POINTS,
    blank_figure,
    house_style,
    text_size,
)  # fmt: skip
from artstudio.model.activation.properties import feature_range
from artstudio.model.activation.registry import Activation

_MARGIN, _GAP = 0.55, 0.5
_NAMED = 4
"""Up to so many curves are named at their ends; more have swatches in the key."""

_MOST_FOR_NAMES, _LEAST_HEIGHT = 0.36, 1.0
"""The share of a panel that names may take, and the height in inches below which a panel shows nothing."""


def plot_figure(activations: Sequence[Activation], spec: PlotSpec, *, title: str = "") -> Figure:
    """Return the figure of f, and f' unless the spec says otherwise. `title` is for a grid."""
    with house_style():
        if spec.layout == "grid":
            ranges = [feature_range(a) if spec.own_ranges else spec.z_range for a in activations]
            return grid_figure(sample_each(activations, ranges, spec.at), spec, title)
        curves = sample(activations, *spec.z_range, spec.at)
        # Values stand beside the points of a lone curve if there is room, else in the key.
        figure, clear = _shared_panels(curves, spec, beside=len(curves) == 1)
        return figure if clear else _shared_panels(curves, spec, beside=False)[0]


def _shared_panels(curves: Sequence[Samples], spec: PlotSpec, *, beside: bool) -> tuple[Figure, bool]:
    """Return the figure, and whether there was room for the values where they were to be: `beside` the points."""
    figure = blank_figure(spec.theme, spec.size)
    entries = [entry_of(c, spec.theme.stroke(i)) for i, c in enumerate(curves)]
    if not beside:
        values = [tuple(", ".join(value_lines(mark)) for mark in c.marks) for c in curves]
        entries = [replace(e, values=v) for e, v in zip(entries, values, strict=True)]
    left, bottom = _MARGIN + 0.5, 0.62
    width = spec.size.width - _MARGIN - left
    side_by_side = spec.layout == "overlay" and spec.derivative
    ends = max(text_size(e.name, TEXT_POINTS, bold=True)[0] for e in entries) + labels.END_GAP
    named = 1 < len(curves) <= _NAMED and ends < _MOST_FOR_NAMES * (width / 2 if side_by_side else width)
    top = _draw_key(figure, entries, spec, swatches=len(curves) > 1 and not named)
    if spec.saturation:
        remark = "shaded" if len(curves) == 1 else "bars"
        words = f"{remark}: |f′| < {SATURATED:g}"
        draw.write(figure, _MARGIN, 0.3, words, TEXT_POINTS, spec.theme.muted, up="center")
        bottom += 0.45 + (draw.BAR * len(curves) if len(curves) > 1 else 0.0)
    boxes = _boxes(spec, (left, bottom, width, top - bottom), ends if named else 0.0)
    if boxes[0][1][3] < _LEAST_HEIGHT:
        raise BadInput(
            f"{spec.layout}: {len(curves)} curves leave no room on the {spec.size.name} size;"
            " choose fewer curves or points, the grid layout, or a larger size"
        )
    for name, box in boxes:
        panel = _draw_panel(figure, curves, spec, name, box)
        if named:
            last = [float(_lines(c, name)[0][-1]) for c in curves]
            labels.label_ends(panel, last, entries, TEXT_POINTS)
        if name == "f" and beside and not labels.label_points(panel, curves[0], entries[0].stroke, TEXT_POINTS):
            return figure, False
    return figure, True


def _draw_key(figure: Figure, entries: Sequence[Entry], spec: PlotSpec, *, swatches: bool) -> float:
    """Write names, formulas and values at points at the head of the page; return where the panels may begin."""
    low = spec.size.portrait or spec.layout == "stacked"
    if len(entries) > (_NAMED if low else 8):
        entries = [without_formula(e) for e in entries]
    columns = (2, 4) if spec.size.portrait else (4, 6)
    points = TITLE_POINTS * 1.3 if len(entries) == 1 else TEXT_POINTS * 1.1
    corner = (_MARGIN, spec.size.height - 0.35)
    width = spec.size.width - 2 * _MARGIN
    return draw_key(figure, spec.theme, entries, corner, width, points, swatches=swatches, columns=columns) - 0.1


def _boxes(spec: PlotSpec, area: Box, ends: float) -> list[tuple[str, Box]]:
    """Return the panels, `f` and `slope`, with room for a title above each and for names to its right."""
    left, bottom, width, height = area
    title = 0.5
    if not spec.derivative:
        return [("f", (left, bottom, width - ends, height - title))]
    if spec.layout == "stacked":
        half = (height - title * 2 - 0.15) / 2
        return [
            ("f", (left, bottom + half + title + 0.15, width - ends, half)),
            ("slope", (left, bottom, width - ends, half)),
        ]
    half = (width - _GAP - 0.5) / 2
    return [
        ("f", (left, bottom, half - ends, height - title)),
        ("slope", (left + half + _GAP + 0.5, bottom, half - ends, height - title)),
    ]


def _lines(curve: Samples, name: str) -> tuple[Floats, tuple[Tear, ...]]:
    return (curve.f, curve.f_tears) if name == "f" else (curve.slope, curve.slope_tears)


def _draw_panel(figure: Figure, curves: Sequence[Samples], spec: PlotSpec, name: str, box: Box) -> Panel:
    theme = spec.theme
    z_ticks = not (spec.layout == "stacked" and spec.derivative and name == "f")
    values = [line for c in curves for line in _with_tears(*_lines(c, name))]
    panel = draw.make_panel(
        figure, theme, box, spec.z_range, values, points=TEXT_POINTS,
        z_ticks=z_ticks,
        torn_at_0=any(tear.z == 0 and tear.torn for c in curves for tear in _lines(c, name)[1]),
        foot=draw.BAR * len(curves) if spec.saturation and len(curves) > 1 else 0.0,
    )  # fmt: skip
    title = VALUE if name == "f" else SLOPE
    draw.write(figure, box[0] - 0.5, box[1] + box[3] + 0.17, title, TITLE_POINTS * 1.15, theme.ink)
    if name == "f":
        draw.draw_asymptotes(panel, [limit for c in curves for limit in c.asymptotes])
    for i, c in enumerate(curves):
        stroke, about = theme.stroke(i), f"{name} {c.activation.name}"
        line, tears = _lines(c, name)
        if spec.saturation and len(curves) == 1:
            draw.shade_spans(panel, c.saturated, f"saturated {about}")
        elif spec.saturation and z_ticks:
            draw.bar_spans(panel, c.saturated, stroke, i, f"saturated {about}")
        draw.draw_curve(panel, c.z, line, stroke, about)
        if name == "f":
            draw.draw_kinks(panel, c.kinks, stroke, about)
        draw.draw_tears(panel, tears, stroke, about)
        for mark in c.marks:
            draw.draw_point(panel, mark.z, mark.value if name == "f" else mark.slope, stroke, about)
            if name == "f":
                draw.draw_tangent(panel, mark, about, 0.9 if len(curves) == 1 else 0.6)
    return panel


def _with_tears(line: Floats, tears: Sequence[Tear]) -> list[Floats]:
    return [line, np.array([tear.value for tear in tears])]
