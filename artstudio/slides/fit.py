"""Text that fits its box whichever typeface shows it: a presentation names its fonts and does not hold them."""

from __future__ import annotations

from functools import cache
from unicodedata import east_asian_width

from artstudio.figures.style.typeface import broad_font

LINE = 1.22
"""The height of a line in type sizes: Inter's and Verdana's; Arial's and DejaVu Sans's are less."""

_WIDEST = 1.04
"""The width of a text in Verdana, at most, over that in DejaVu Sans. Inter and Arial are narrower."""

SCALES = (1.0, 0.925, 0.85, 0.775, 0.7, 0.625, 0.55, 0.475, 0.4, 0.325, 0.25)
"""The steps in which PowerPoint itself shrinks text that is too long for its placeholder."""


def font_scale(text: str, points: float, width: float, height: float, *, bold: bool = False) -> float:
    """Return the largest step at which text of a type size fits into `width` x `height` inches, wrapped at blanks.

    If none does, the least.
    """
    for scale in SCALES:
        size = scale * points / 72
        if _lines(text, width / size, bold) * LINE * size <= height:
            return scale
    return SCALES[-1]


def shortened(text: str, points: float, width: float) -> str:
    """Return text that fits on one line of `width` inches, cut with an ellipsis if it must be."""
    if text_width(text) * points / 72 <= width:
        return text
    kept = next((n for n in range(len(text) - 1, 0, -1) if text_width(f"{text[:n]}…") * points / 72 <= width), 0)
    return f"{text[:kept].rstrip()}…"


@cache
def text_width(text: str, *, bold: bool = False) -> float:
    """Return the width of one line in type sizes, in the widest of the faces that may show it."""
    font = broad_font(1000, bold=bold)
    square = sum(east_asian_width(sign) in "WF" for sign in text)
    others = "".join(sign for sign in text if east_asian_width(sign) not in "WF")
    return square + _WIDEST * font.getlength(others) / 1000


def _lines(text: str, width: float, bold: bool) -> int:
    """Count the lines of a text, broken at blanks where that is enough, else within words."""
    count, line = 1, ""
    for word in text.split():
        longer = f"{line} {word}".lstrip()
        if text_width(longer, bold=bold) <= width:
            line = longer
            continue
        count += bool(line)
        line = ""
        for sign in word:
            if line and text_width(line + sign, bold=bold) > width:  # a word that is longer than a line
                count, line = count + 1, ""
            line += sign
    return count
