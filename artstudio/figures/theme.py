"""How figures look: themes, sizes, type and strokes. Every figure takes them from here.

Lengths are inches and type sizes are points, on a page as large as the figure is meant to be shown: a slide of
13.33 x 7.5 inches, or half of one. So 18 points here are 18 points on the slide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter

from artstudio.errors import unknown
from artstudio.figures.typeface import BROAD, FAMILY, register

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
"""Type on a slide: titles; all that is to be read from the back of a room; what only labels rows and axes of pictures."""

_FRACTION_FACTOR = 1.35
"""The parts of a fraction are small for its points."""

TITLE = "title"
"""The label of a page's title among a figure's texts: where it is shown elsewhere, it can be taken out."""

LINE, THIN = 3.2, 1.2
"""Widths of curves, and of everything that only accompanies them, in points."""


@dataclass(frozen=True)
class Stroke:
    """How one curve is drawn, and the colour of words about it, which need more contrast than a line."""

    colour: str
    text: str
    dash: tuple[float, ...] = ()
    """On and off lengths in line widths; solid when empty."""

    @property
    def style(self) -> Any:
        """The stroke's line style, as matplotlib takes it."""
        return (0, self.dash) if self.dash else "solid"


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Colours and strokes. On a transparent page `paper` is what it is expected to be laid on."""

    name: str
    paper: str
    transparent: bool = False
    ink: str
    muted: str
    """Ticks, formulas, remarks."""
    rule: str
    """Baselines and grid."""
    shade: str
    """Areas behind curves."""
    strokes: tuple[Stroke, ...]
    """Neighbours can be told apart with every kind of colour vision."""

    def stroke(self, index: int) -> Stroke:
        """The stroke of the curve with this number; they start again after the last."""
        return self.strokes[index % len(self.strokes)]


def _twice(*pairs: tuple[str, str]) -> tuple[Stroke, ...]:
    """Every colour solid, then every colour dashed."""
    return tuple(Stroke(line, text, dash) for dash in ((), (2.2, 1.1)) for line, text in pairs)


# From Okabe and Ito, "Color Universal Design", 2008: blue, vermilion, green, purple, ink and orange, darker on
# white and lighter on black until each line has 3:1 and each word 4.5:1 against the paper (WCAG 2.2).
_ON_LIGHT = _twice(
    ("#0072b2", "#0069a4"), ("#c44900", "#b84400"), ("#00634a", "#00634a"),
    ("#b8639a", "#9c4a80"), ("#23272f", "#23272f"), ("#b88100", "#8a6000"),
)  # fmt: skip
_ON_DARK = _twice(
    ("#56b4e9", "#6bbff0"), ("#f0763a", "#f58b55"), ("#1fb58a", "#35c69b"),
    ("#f0a8d6", "#f0a8d6"), ("#e8e6e1", "#e8e6e1"), ("#f0e442", "#f0e442"),
)  # fmt: skip
_BLACK, _GREY = "#000000", "#6e6e6e"
_IN_PRINT = (
    Stroke(_BLACK, _BLACK), Stroke(_BLACK, _BLACK, (3.2, 1.4)), Stroke(_GREY, _GREY),
    Stroke(_BLACK, _BLACK, (1.0, 1.1)), Stroke(_GREY, _GREY, (3.2, 1.4)), Stroke(_BLACK, _BLACK, (5, 1.2, 1, 1.2)),
    Stroke(_GREY, _GREY, (1.0, 1.1)), Stroke(_BLACK, _BLACK, (7, 1.6)), Stroke(_GREY, _GREY, (5, 1.2, 1, 1.2)),
    Stroke(_BLACK, _BLACK, (3, 1, 1, 1, 1, 1)), Stroke(_GREY, _GREY, (7, 1.6)),
    Stroke(_GREY, _GREY, (3, 1, 1, 1, 1, 1)),
)  # fmt: skip

_LIGHT = {"ink": "#23272f", "muted": "#5c6270", "rule": "#c9c9c4", "strokes": _ON_LIGHT}
_DARK = {"ink": "#e8e6e1", "muted": "#a3a8b3", "rule": "#474d59", "strokes": _ON_DARK}

_THEMES = (
    Theme(name="light", paper="#fbfaf7", shade="#ece9e1", **_LIGHT),  # type: ignore[arg-type]
    Theme(name="dark", paper="#14171c", shade="#262b34", **_DARK),  # type: ignore[arg-type]
    Theme(name="print", paper="#ffffff", ink=_BLACK, muted="#4a4a4a", rule="#bdbdbd", shade="#ececec",
          strokes=_IN_PRINT),
    Theme(name="transparent", paper="#ffffff", transparent=True, shade="#e6e6e6", **_LIGHT),  # type: ignore[arg-type]
    Theme(name="transparent-dark", paper="#14171c", transparent=True, shade="#2b313b", **_DARK),  # type: ignore[arg-type]
)  # fmt: skip

THEMES: Mapping[str, Theme] = MappingProxyType({theme.name: theme for theme in _THEMES})


@dataclass(frozen=True)
class Size:
    """A page in inches, and the dots per inch that a PNG of it has by default."""

    name: str
    width: float
    height: float
    dpi: int

    @property
    def portrait(self) -> bool:
        """Whether panels fit better above each other than side by side."""
        return self.width < 1.2 * self.height


_SIZES = (
    Size("slide", 40 / 3, 7.5, 144),
    Size("half", 20 / 3, 7.5, 144),
    Size("square", 7.5, 7.5, 144),
    Size("a3", 16.5, 11.7, 240),
)

SIZES: Mapping[str, Size] = MappingProxyType({size.name: size for size in _SIZES})


def find_theme(name: str) -> Theme:
    """Return a theme by its name. Raises `BadInput`."""
    if name not in THEMES:
        raise unknown("theme", name, THEMES)
    return THEMES[name]


def find_size(name: str) -> Size:
    """Return a size by its name. Raises `BadInput`."""
    if name not in SIZES:
        raise unknown("figure size", name, SIZES)
    return SIZES[name]


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
