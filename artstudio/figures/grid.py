"""Small multiples: a panel for each activation, f and f' together, its name and formula above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from artstudio.errors import BadInput
from artstudio.figures.samples import SATURATED, Samples
from artstudio.figures.spec import PlotSpec
from artstudio.figures.style import panel as draw
from artstudio.figures.style.key import SLOPE, VALUE, Entry, draw_swatch, entry_of, fit, value_lines
from artstudio.figures.style.panel import Box
from artstudio.figures.style.theme import (
    TEXT_POINTS,
    TITLE_POINTS,
    Stroke,
    blank_figure,
    formula_points,
    text_size,
)  # fmt: skip

_MARGIN = 0.5
_FORMULA_HEIGHT, _LINE = 0.54, 0.32
"""Inches for a formula below a name, and for a line of values, at full size."""

_LEAST_SCALE, _SHAPE = 0.38, 1.5
"""Below this type cannot be read even near by; the best width / height of a cell."""

_CELL, _POSTER_CELL = (3.6, 2.1), (3.6, 3.9)
"""Width and height in inches of a cell whose type has full size; smaller cells have smaller type."""


@dataclass(frozen=True)
class _Cells:
    """How the cells are laid out: columns, the size of one in inches, its type, and lines of values in it."""

    columns: int
    width: float
    height: float
    scale: float
    beside: bool
    """Whether formulas stand beside the names, not below them."""
    lines: int

    @property
    def heading(self) -> float:
        """Inches above the panel."""
        return ((0.48 if self.beside else 1.1) + _LINE * self.lines) * self.scale


def grid_figure(curves: Sequence[Samples], spec: PlotSpec, title: str = "") -> Figure:
    """Return the figure: cells in reading order, a key of f and f' at the top. With a title it is a poster.

    Raises `BadInput` when the cells would be too small to read.
    """
    figure = blank_figure(spec.theme, spec.size)
    head, foot = (1.05 if title else 0.8), 0.15
    cells = _layout(curves, spec, spec.size.width - 2 * _MARGIN, spec.size.height - head - foot - 0.1, bool(title))
    if cells.scale < _LEAST_SCALE:
        raise BadInput(
            f"grid: {len(curves)} activations are too small to read on the {spec.size.name} size;"
            ' choose fewer, or size="a3"'
        )
    _draw_head(figure, spec, title, spec.size.height - 0.5 * head - 0.05)
    for i, curve in enumerate(curves):
        row, column = divmod(i, cells.columns)
        left = _MARGIN + column * cells.width
        top = spec.size.height - head - row * cells.height
        _draw_cell(figure, curve, spec, cells, (left, top - cells.height, cells.width, cells.height))
    return figure


def _layout(curves: Sequence[Samples], spec: PlotSpec, width: float, height: float, poster: bool) -> _Cells:
    """Choose the columns that give the largest type; of equal ones the fewest empty cells, then the best shape."""
    count = len(curves)
    full = _POSTER_CELL if poster else (_CELL[0], _CELL[1] + _LINE * len(spec.at))

    def cell(columns: int) -> tuple[float, float]:
        return width / columns, height / math.ceil(count / columns)

    def scale(columns: int) -> float:
        wide, tall = cell(columns)
        return min(1.0, wide / full[0], tall / full[1])

    def rank(columns: int) -> tuple[float, ...]:
        wide, tall = cell(columns)
        return round(scale(columns), 2), -(-count % columns), -abs(math.log(wide / tall / _SHAPE))

    columns = max(range(1, count + 1), key=rank)
    size = scale(columns)
    beside = not poster and all(_fits_beside(entry_of(c, Stroke("", "")), size, cell(columns)[0]) for c in curves)
    return _Cells(columns, *cell(columns), size, beside, len(spec.at))


def _fits_beside(entry: Entry, scale: float, width: float) -> bool:
    points = formula_points(entry.formula, TEXT_POINTS * scale)
    return fit(entry.formula, points, _room_beside(entry, scale, width), least=0.65) > 0


def _room_beside(entry: Entry, scale: float, width: float) -> float:
    return width - text_size(entry.name, TEXT_POINTS * scale, bold=True)[0] - 0.75 * scale


def _draw_head(figure: Figure, spec: PlotSpec, title: str, y: float) -> None:
    """Draw the key of f and f' on the left, or on the right of a title."""
    theme, points = spec.theme, TEXT_POINTS * 1.1
    words = [(VALUE, theme.stroke(0))] + ([(SLOPE, theme.stroke(1))] if spec.derivative else [])
    step = 1.55
    right = spec.size.width - _MARGIN
    x = right - step * len(words) if title else _MARGIN
    for i, (text, stroke) in enumerate(words):
        draw_swatch(figure, x + step * i, y, stroke)
        base = y - 0.33 * points / 72
        draw.write(figure, x + step * i + 0.55, base, text, formula_points(text, points), stroke.text)
    if spec.saturation:
        right = x - 0.3 if title else right
        remark = f"shaded: |f′| < {SATURATED:g}"
        draw.write(figure, right, y, remark, TEXT_POINTS, theme.muted, across="right", up="center_baseline")
        x = right - text_size(remark, TEXT_POINTS)[0]
    if title:
        size = fit(title, TITLE_POINTS * 1.3, x - _MARGIN - 0.4, bold=True, least=0.0)
        draw.write(figure, _MARGIN, y, title, size, theme.ink, bold=True, up="center_baseline")


def _draw_cell(figure: Figure, curve: Samples, spec: PlotSpec, cells: _Cells, cell: Box) -> None:
    theme, scale = spec.theme, cells.scale
    left, bottom, width, height = cell
    margin, points = 0.5 * scale, TEXT_POINTS * scale
    tall = height - cells.heading - 0.5 * scale
    box = (left + margin, bottom + 0.45 * scale, width - margin - 0.35 * scale, tall)
    _write_heading(figure, curve, spec, cells, (left + 0.1 * scale, bottom + height))
    strokes = (theme.stroke(0), theme.stroke(1))
    lines = [(curve.f, curve.f_tears, strokes[0], f"f {curve.activation.name}")]
    if spec.derivative:
        lines.append((curve.slope, curve.slope_tears, strokes[1], f"slope {curve.activation.name}"))
    values = [line for line, _, _, _ in lines]
    values += [np.array([tear.value for tear in tears]) for _, tears, _, _ in lines]
    panel = draw.make_panel(
        figure, theme, box, (float(curve.z[0]), float(curve.z[-1])), values, points=points, scale=scale,
        torn_at_0=any(tear.z == 0 and tear.torn for _, tears, _, _ in lines for tear in tears),
    )  # fmt: skip
    if spec.saturation:
        draw.shade_spans(panel, curve.saturated, f"saturated {curve.activation.name}")
    draw.draw_asymptotes(panel, curve.asymptotes)
    for (line, tears, stroke, label), thin in zip(lines, (1.0, 0.6), strict=False):
        # The thinner slope on top: where the two coincide, both are seen.
        draw.draw_curve(panel, curve.z, line, stroke, label, thin=thin)
        draw.draw_tears(panel, tears, stroke, label)
    draw.draw_kinks(panel, curve.kinks, strokes[0], lines[0][3])
    for mark in curve.marks:
        draw.draw_tangent(panel, mark, lines[0][3], 0.7 * scale)
        for y, (_, _, stroke, label) in zip((mark.value, mark.slope), lines, strict=False):
            draw.draw_point(panel, mark.z, y, stroke, label)


def _write_heading(
    figure: Figure, curve: Samples, spec: PlotSpec, cells: _Cells, corner: tuple[float, float]
) -> None:
    """Write name and formula, and below them a line of values for each marked point."""
    theme, scale = spec.theme, cells.scale
    entry = entry_of(curve, theme.stroke(0))
    x, top = corner
    room = cells.width - 0.45 * scale
    base = top - 0.3 * scale
    points = fit(entry.name, TEXT_POINTS * scale, room, bold=True, least=0.0)
    draw.write(figure, x, base, entry.name, points, theme.ink, bold=True)
    highest = _FORMULA_HEIGHT * scale * (0.85 if cells.beside else 1.0)
    size = formula_points(entry.formula, TEXT_POINTS * scale)
    size = fit(entry.formula, size, _room_beside(entry, scale, cells.width) if cells.beside else room)
    if size:
        size *= min(1.0, highest / text_size(entry.formula, size)[1])
        across = x + text_size(entry.name, points, bold=True)[0] + 0.3 * scale if cells.beside else x
        middle = base + 0.08 * scale if cells.beside else base - 0.44 * scale
        draw.write(figure, across, middle, entry.formula, size, theme.muted, up="center")
    for i, mark in enumerate(curve.marks):
        text = ", ".join(value_lines(mark))
        below = top - cells.heading + _LINE * scale * (cells.lines - i - 0.6)
        size = fit(text, TEXT_POINTS * scale, room, least=0.0)
        draw.write(figure, x, below, text, size, entry.stroke.text)
