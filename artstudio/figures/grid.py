"""Small multiples: a panel for each activation, f and f' together, its name and formula above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from artstudio.figures import labels
from artstudio.figures import panel as draw
from artstudio.figures.key import SLOPE, VALUE, draw_swatch, entry_of, fit
from artstudio.figures.panel import Box
from artstudio.figures.samples import Samples
from artstudio.figures.spec import PlotSpec
from artstudio.figures.theme import (
    SMALL_POINTS,
    TEXT_POINTS,
    TITLE_POINTS,
    Stroke,
    blank_figure,
    formula_points,
    text_size,
)  # fmt: skip

_MARGIN = 0.5
_FORMULA_HEIGHT = 0.56
"""Inches for a formula below a name, at full size."""

_CELL, _POSTER_CELL = (3.6, 2.1), (3.6, 3.9)
"""Width and height in inches of a cell whose type has full size; smaller cells have smaller type."""


@dataclass(frozen=True)
class _Cells:
    """How the cells are laid out: columns, the size of one in inches, its type, and the height of its heading."""

    columns: int
    width: float
    height: float
    scale: float
    beside: bool
    """Whether formulas stand beside the names, not below them."""

    @property
    def heading(self) -> float:
        return (0.48 if self.beside else 1.05) * self.scale


def grid_figure(curves: Sequence[Samples], spec: PlotSpec, title: str = "") -> Figure:
    """Return the figure: cells in reading order, a key of f and f' at the top."""
    figure = blank_figure(spec.theme, spec.size)
    poster = 1.3 if title else 1.0
    head, foot = 0.8 * poster, 0.15
    cells = _layout(curves, spec.size.width - 2 * _MARGIN, spec.size.height - head - foot - 0.1, bool(title))
    _draw_head(figure, spec, title, spec.size.height - 0.5 * head - 0.05, poster)
    for i, curve in enumerate(curves):
        row, column = divmod(i, cells.columns)
        left = _MARGIN + column * cells.width
        top = spec.size.height - head - row * cells.height
        _draw_cell(figure, curve, spec, cells, (left, top - cells.height, cells.width, cells.height))
    return figure


def _layout(curves: Sequence[Samples], width: float, height: float, poster: bool) -> _Cells:
    """Choose the columns that give the largest type; of equal ones, those with the fewest empty cells."""
    count = len(curves)

    def scale(columns: int) -> float:
        rows = math.ceil(count / columns)
        full = _POSTER_CELL if poster else _CELL
        return min(1.0, width / columns / full[0], height / rows / full[1])

    def rank(columns: int) -> tuple[float, ...]:
        return round(scale(columns), 2), -(-count % columns), -abs(columns - math.sqrt(count))

    columns = max(range(1, count + 1), key=rank)
    size = scale(columns)
    wide, tall = width / columns, height / math.ceil(count / columns)
    room = wide - 0.45 * size
    beside = not poster and all(_beside(curve, size, room) for curve in curves)
    return _Cells(columns, wide, tall, size, beside)


def _beside(curve: Samples, scale: float, room: float) -> bool:
    entry = entry_of(curve, Stroke("", ""))
    name, formula = entry.name, entry.formula
    taken = text_size(name, TEXT_POINTS * scale, bold=True)[0] + 0.3 * scale
    wide, tall = text_size(formula, formula_points(formula, TEXT_POINTS * scale))
    return taken + wide < room and tall < 0.5 * scale


def _draw_head(figure: Figure, spec: PlotSpec, title: str, y: float, poster: float) -> None:
    theme, points = spec.theme, TEXT_POINTS * 1.1 * math.sqrt(poster)
    if title:
        draw.write(figure, _MARGIN, y, title, TITLE_POINTS * poster, theme.ink, bold=True, up="center_baseline")
    words = [(VALUE, theme.stroke(0))] + ([(SLOPE, theme.stroke(1))] if spec.derivative else [])
    step = 1.55 * math.sqrt(poster)
    x = spec.size.width - _MARGIN - step * len(words) if title else _MARGIN
    for text, stroke in words:
        draw_swatch(figure, x, y, stroke)
        draw.write(figure, x + 0.55, y - 0.33 * points / 72, text, formula_points(text, points), stroke.text)
        x += step
    if spec.saturation:
        right = x if title else spec.size.width - _MARGIN
        remark = "shaded: |f′| < 0.1"
        if not title:
            draw.write(figure, right, y, remark, SMALL_POINTS, theme.muted, across="right", up="center_baseline")
        else:
            x = spec.size.width - _MARGIN - step * len(words) - 0.4
            draw.write(figure, x, y, remark, SMALL_POINTS, theme.muted, across="right", up="center_baseline")


def _draw_cell(figure: Figure, curve: Samples, spec: PlotSpec, cells: _Cells, cell: Box) -> None:
    theme, scale = spec.theme, cells.scale
    left, bottom, width, height = cell
    margin, points = 0.5 * scale, TEXT_POINTS * 0.9 * scale
    tall = height - cells.heading - 0.5 * scale
    box = (left + margin, bottom + 0.45 * scale, width - margin - 0.35 * scale, tall)
    _write_heading(figure, curve, spec, cells, (left + 0.1 * scale, bottom + height))
    f, slope = theme.stroke(0), theme.stroke(1)
    lines = [(curve.f, curve.f_tears, f, "f")]
    if spec.derivative:
        lines.append((curve.slope, curve.slope_tears, slope, "slope"))
    values = [line for line, _, _, _ in lines]
    values += [np.array([tear.value for tear in tears]) for _, tears, _, _ in lines]
    panel = draw.make_panel(
        figure, theme, box, spec.z_range, values, points=points, scale=scale,
        torn_at_0=any(tear.z == 0 and tear.torn for _, tears, _, _ in lines for tear in tears),
    )  # fmt: skip
    name = curve.activation.name
    if spec.saturation:
        draw.shade_spans(panel, curve.saturated, f"saturated {name}")
    draw.draw_asymptotes(panel, curve.asymptotes)
    for line, tears, stroke, kind in lines:
        # The thinner slope on top: where the two coincide, both are seen.
        draw.draw_curve(panel, curve.z, line, stroke, f"{kind} {name}", thin=1.0 if kind == "f" else 0.6)
        draw.draw_tears(panel, tears, stroke, f"{kind} {name}")
    draw.draw_kinks(panel, curve.kinks, f, f"f {name}")
    for z, value, steep in curve.marks:
        draw.draw_point(panel, z, value, f, f"f {name}")
        if spec.derivative:
            draw.draw_point(panel, z, steep, slope, f"slope {name}")
        draw.draw_tangent(panel, z, value, steep, f"f {name}", 0.7 * scale)
    labels.label_points(panel, curve, f, points)


def _write_heading(
    figure: Figure, curve: Samples, spec: PlotSpec, cells: _Cells, corner: tuple[float, float]
) -> None:
    theme, scale = spec.theme, cells.scale
    entry = entry_of(curve, Stroke("", ""))
    name, formula = entry.name, entry.formula
    x, top = corner
    room = cells.width - 0.45 * scale
    base = top - 0.3 * scale
    points = fit(name, TEXT_POINTS * scale, room, bold=True, least=0.0)
    draw.write(figure, x, base, name, points, theme.ink, bold=True)
    size = formula_points(formula, TEXT_POINTS * scale)
    if cells.beside:
        across = x + text_size(name, points, bold=True)[0] + 0.3 * scale
        draw.write(figure, across, base, formula, size, theme.muted)
        return
    fitted = fit(formula, size, room)
    if fitted:
        fitted *= min(1.0, _FORMULA_HEIGHT * scale / text_size(formula, fitted)[1])
        draw.write(figure, x, base - 0.38 * scale, formula, fitted, theme.muted, up="center")
