"""Sheets of pictures in labelled rows and columns, and below them what explains the differences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from numpy.typing import NDArray

from artstudio.figures.comparison import Panel, Sheet
from artstudio.figures.style.small import draw_small_curve
from artstudio.figures.style.theme import (
    LINE,
    SMALL_POINTS,
    TEXT_POINTS,
    THIN,
    TITLE,
    TITLE_POINTS,
    Size,
    Theme,
    blank_axes,
    blank_figure,
    house_style,
    text_options,
    text_size,
)
from artstudio.model.activation.registry import Activation

_STRIP = 0.42
"""Height of the f and f' strip and of the histogram, as a share of a column's width."""

ZERO = "zero almost everywhere"
"""What is written where a gradient is zero at every pixel: at the edges between pixels there is none."""

_UNDER_STRIP = 0.5
"""Inches below a strip, for the numbers on its axis."""


@dataclass(frozen=True)
class _Place:
    """Where things go, in inches from the top left."""

    left: float
    top: float
    width: float
    height: float
    gap: float


def draw_comparison(sheet: Sheet, theme: Theme, size: Size) -> Figure:
    """Draw a sheet on a page of `size`. Pictures keep their shape and are as large as the page allows."""
    with house_style():
        figure = blank_figure(theme, size)
        rows = _rows(sheet)
        place = _place(sheet, size, rows)
        title_points = _fitting(sheet.title, size.width - place.left - 0.5, TITLE_POINTS, bold=True)
        title = _text(figure, place.left, 0.62, sheet.title, title_points, theme.ink, "left", "center", bold=True)
        title.set_label(TITLE)
        points = min(_fitting(label, place.width, TEXT_POINTS) for label in sheet.across)
        for index, label in enumerate(sheet.across):
            x = place.left + index * (place.width + place.gap)
            _text(figure, x + place.width / 2, place.top - 0.14, label, points, theme.ink, "center", "bottom")
            y = place.top
            for kind, share, row in rows:
                height = place.height if share is None else share * place.width
                box = (x, size.height - y - height, place.width, height)
                axes = blank_axes(figure, theme, box, SMALL_POINTS)
                _draw(axes, kind, sheet, row, index, theme, place.width)
                if index == 0 and len(rows) > 1:
                    _row_label(figure, place, y + height / 2, _label(kind, sheet, row), height + 0.15, theme)
                y += height + (place.gap if share is None else _UNDER_STRIP)
    return figure


def _text(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    points: float,
    colour: str,
    ha: str,
    va: str,
    *,
    bold: bool = False,
) -> Text:
    """Write at x, y inches from the top left."""
    width, height = figure.get_size_inches()
    options = text_options(points, colour, bold=bold)
    return figure.text(x / width, 1 - y / height, text, ha=ha, va=va, **options)


def _rows(sheet: Sheet) -> list[tuple[str, float | None, int]]:
    """The page's rows: what they show, their height as a share of the width (None: a picture's), the sheet's row."""
    rows: list[tuple[str, float | None, int]] = []
    for row in range(len(sheet.panels)):
        rows.append(("picture", None, row))
        if sheet.panels[row][0].gradient is not None:
            rows.append(("gradient", None, row))
    if sheet.curves:
        rows.append(("curves", _STRIP, 0))
    if sheet.layer is not None:
        rows.append(("histogram", _STRIP, 0))
    return rows


def _place(sheet: Sheet, size: Size, rows: list[tuple[str, float | None, int]]) -> _Place:
    margin, label, gap, top = 0.5, 0.45, 0.2, 1.62
    picture = sheet.panels[0][0].picture
    aspect = picture.shape[1] / picture.shape[0]
    count = len(sheet.across)
    between = sum(gap if share is None else _UNDER_STRIP for _, share, _ in rows)
    room_across = size.width - 2 * margin - label - (count - 1) * gap
    room_down = size.height - top - 0.3 - between
    # A column of width w is w (pictures / aspect + strips) high.
    per_width = sum(1 / aspect if share is None else share for _, share, _ in rows)
    width = min(room_across / count, room_down / per_width)
    used = count * width + (count - 1) * gap
    spare = max(0.0, room_down - width * per_width)
    return _Place(label + (size.width - label - used) / 2, top + 0.4 * spare, width, width / aspect, gap)


def fitting_panel(size: Size, columns: int, pictures: int, strips: int) -> tuple[int, int]:
    """Return the width and height in pixels of panels that fill a page: between portrait 3:4 and 16:9."""
    width = (size.width - 1.45 - 0.2 * (columns - 1)) / columns
    height = (size.height - 1.92 - strips * (_UNDER_STRIP + _STRIP * width) - 0.2 * pictures) / pictures
    aspect = min(max(width / max(height, 0.1), 3 / 4), 16 / 9)
    pixels = min(width, max(height, 0.1) * aspect) * size.dpi
    return max(64, round(pixels)), max(48, round(pixels / aspect))


def _label(kind: str, sheet: Sheet, row: int) -> str:
    words = {
        "picture": sheet.down[row] if len(sheet.panels) > 1 else "picture",
        "gradient": "‖∂ colour / ∂ (x, y)‖",
        "curves": "$f$ and $f'$",
        "histogram": f"$z$, layer {sheet.layer}",
    }
    return words[kind]


def _row_label(figure: Figure, place: _Place, y: float, label: str, room: float, theme: Theme) -> None:
    points = _fitting(label, room, SMALL_POINTS)
    text = _text(figure, place.left - 0.14, y, label, points, theme.muted, "right", "center")
    text.set_rotation(90)


def _draw(axes: Axes, kind: str, sheet: Sheet, row: int, column: int, theme: Theme, width: float) -> None:
    panel: Panel = sheet.panels[row][column]
    if kind == "picture":
        _image(axes, panel.picture)
    elif kind == "gradient" and panel.gradient is not None:
        # One scale for all, by what most pixels stay below; the square root shows faint slopes too.
        everything = [p.gradient.ravel() for row in sheet.panels for p in row if p.gradient is not None]
        top = max(float(np.quantile(np.concatenate(everything), 0.99)), 1e-6)
        _image(axes, np.sqrt(np.clip(panel.gradient / top, 0, 1)))
        if not panel.gradient.any():
            points = _fitting(ZERO, 0.9 * width, SMALL_POINTS)
            axes.text(0.5, 0.5, ZERO, transform=axes.transAxes, ha="center", va="center",
                      **text_options(points, "#c8c8c8"))  # fmt: skip
    elif kind == "curves":
        _curves(axes, sheet.curves[column], theme)
    elif panel.z is not None:
        _histogram(axes, panel.z, theme)


def _image(axes: Axes, image: NDArray[Any]) -> None:
    axes.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="antialiased", aspect="auto")
    axes.set_axis_off()


def _curves(axes: Axes, activation: Activation, theme: Theme) -> None:
    draw_small_curve(axes, activation, theme, width=0.75 * LINE)
    low, high = axes.get_xlim()
    axes.set_xticks([low + 1, 0, high - 1])


def _histogram(axes: Axes, z: NDArray[np.float64], theme: Theme) -> None:
    span = max(float(np.abs(np.quantile(z, [0.002, 0.998])).max()), 1e-6)
    axes.hist(z, bins=61, range=(-span, span), color=theme.stroke(0).colour)
    axes.axhline(0, color=theme.rule, linewidth=THIN)
    axes.set_xlim(-span, span)
    end = float(f"{0.75 * span:.1g}")
    axes.set_xticks([-end, 0, end])
    axes.set_yticks([])


def _fitting(text: str, width: float, points: float, *, bold: bool = False) -> float:
    """Return `points`, or what makes the text as wide as `width` inches if it would be wider."""
    return min(points, points * width / max(text_size(text, points, bold=bold)[0], 1e-6))
