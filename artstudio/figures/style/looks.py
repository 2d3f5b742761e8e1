"""The themes and page sizes that figures come in: colours, strokes and inches. Nothing here needs matplotlib."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from artstudio.errors import unknown


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
