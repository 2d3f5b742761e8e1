"""How figures look: themes, sizes, type and strokes. Every figure takes them from here.

Lengths are inches and type sizes are points, on a page as large as the figure is meant to be shown: a slide of
13.33 x 7.5 inches, or half of one. So 18 points here are 18 points on the slide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter

from artstudio.figures.style.looks import SIZES, THEMES, Size, Stroke, Theme, find_size, find_theme
from artstudio.figures.style.typeface import BROAD, FAMILY, register

__all__ = [
    "FONTS", "LINE", "SIZES", "SMALL_POINTS", "TEXT_POINTS", "THEMES", "THIN", "TITLE", "TITLE_POINTS", "Size",
    "Stroke", "Theme", "blank_axes", "blank_figure", "find_size", "find_theme", "formula_points", "house_style",
    "number", "text_options", "text_size",
]  # fmt: skip

FONTS = (FAMILY, BROAD)
"""Both come with artstudio or matplotlib, so that a figure is the same on every machine."""

_ITALIC, _BOLD = f"{FAMILY}:italic", f"{FAMILY}:bold"
_FORMULAS: Any = {
    "mathtext.fontset": "custom", "mathtext.fallback": "stix", "mathtext.rm": FAMILY, "mathtext.sf": FAMILY,
    "mathtext.tt": FAMILY, "mathtext.it": _ITALIC, "mathtext.cal": _ITALIC, "mathtext.bf": _BOLD,
    "mathtext.bfit": _BOLD,
}  # fmt: skip
"""Formulas in the same typeface; signs that it lacks come from STIX."""

register()

TITLE_POINTS, TEXT_POINTS, SMALL_POINTS = 22.0, 18.0, 13.0
"""Type on a slide: titles; what is to be read from the back of a room; what only labels rows and axes of pictures."""

_FRACTION_FACTOR = 1.35
"""The parts of a fraction are small for its points."""

TITLE = "title"
"""The label of a page's title among a figure's texts: where it is shown elsewhere, it can be taken out."""

LINE, THIN = 3.2, 1.2
"""Widths of curves, and of everything that only accompanies them, in points."""


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@contextmanager
def house_style(**settings: Any) -> Iterator[None]:
    """Draw as designed while the block runs: matplotlib's own defaults, whatever a user's matplotlibrc says."""
    kept = ("backend", "backend_fallback")
    style = {key: value for key, value in matplotlib.rcParamsDefault.items() if key not in kept}
    chosen: Any = {**style, "font.family": list(FONTS), **_FORMULAS, **settings}
    with matplotlib.rc_context(chosen):
        yield


def blank_figure(theme: Theme, size: Size) -> Figure:
    """Return an empty page."""
    figure = Figure(figsize=(size.width, size.height), dpi=size.dpi, facecolor=theme.paper)
    if theme.transparent:
        figure.patch.set_alpha(0.0)
    return figure


@cache
def _font(points: float, bold: bool) -> FontProperties:
    weight = "bold" if bold else "normal"
    return FontProperties(family=list(FONTS), size=points, weight=weight, math_fontfamily="custom")


def text_options(points: float, colour: str, *, bold: bool = False) -> dict[str, Any]:
    """Return the keywords for matplotlib's `text`."""
    return {"fontproperties": _font(points, bold), "color": colour}


@cache
def text_size(text: str, points: float, *, bold: bool = False) -> tuple[float, float]:
    """Return the width and the height of one line of text in inches; formulas between dollar signs count so."""
    with matplotlib.rc_context(_FORMULAS):
        width, height, _ = text_to_path.get_text_width_height_descent(text, _font(points, bold), "$" in text)
    return float(width) / 72, float(height) / 72


def formula_points(formula: str, points: float) -> float:
    """Return the type size at which a formula is as legible as text of `points`."""
    return points * (_FRACTION_FACTOR if r"\frac" in formula else 1.0)


def number(value: float, digits: int = 3) -> str:
    """Return a number as it stands in a figure: a true minus sign, powers of ten raised.

    >>> number(-0.25), number(0.0000453)
    ('−0.25', '4.53×10⁻⁵')
    """
    mantissa, _, power = f"{value + 0.0:.{digits}g}".partition("e")
    mantissa = mantissa.replace("-", "−")
    return f"{mantissa}×10{str(int(power)).translate(_RAISED)}" if power else mantissa


def blank_axes(figure: Figure, theme: Theme, box: tuple[float, float, float, float], points: float) -> Axes:
    """Return axes at `box` (left, bottom, width, height in inches): ticks without lines, no frame, no fill."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((box[0] / width, box[1] / height, box[2] / width, box[3] / height))
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 6)))
    axes.tick_params(
        length=0, pad=0.35 * points, labelsize=points, labelcolor=theme.muted, labelfontfamily=list(FONTS)
    )
    return axes
