"""Sheets of paper: their names, their sizes in millimetres, and how many pixels fill them. Needs no JAX."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from artstudio.errors import BadInput, clip, shown

MM_PER_INCH = 25.4
POINTS_PER_INCH = 72

UNITS: Mapping[str, float] = MappingProxyType(
    {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH, "pt": MM_PER_INCH / POINTS_PER_INCH}
)
"""Units of length in millimetres."""

PAPERS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "a0": (841, 1189),
        "a1": (594, 841),
        "a2": (420, 594),
        "a3": (297, 420),
        "a4": (210, 297),
        "a5": (148, 210),
        "a6": (105, 148),
        "letter": (215.9, 279.4),
        "tabloid": (279.4, 431.8),
    }
)
"""Millimetres, upright (ISO 216 and ANSI Y14.1); `a3-landscape` lies on its long side."""

LANDSCAPE = "-landscape"

DPI = 300.0
"""Dots per inch of a sheet, unless others are asked for: what printers want of a picture held in the hand."""

MIN_DPI, MAX_DPI = 10, 2400
_MAX_MM = 20_000.0
_MAX_BLEED = 100.0

_NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,4})?)"
_SHEET = re.compile(rf"{_NUMBER}[x×]{_NUMBER} ?({'|'.join(UNITS)})", re.ASCII)
_LENGTH = re.compile(rf"{_NUMBER} ?({'|'.join(UNITS)})", re.ASCII)


@dataclass(frozen=True)
class Sheet:
    """A printed picture: millimetres after trimming, dots per inch, and the bleed in millimetres on each side."""

    width: float
    height: float
    dpi: float = DPI
    bleed: float = 0.0

    def __post_init__(self) -> None:
        """Refuse a size, a resolution or a bleed beyond the limits. Raises `BadInput`."""
        if not (0 < self.width <= _MAX_MM and 0 < self.height <= _MAX_MM):
            found = f"{self.width:g}x{self.height:g}"
            raise BadInput(f"size: expected sides above 0 and up to {_MAX_MM:g} mm, found {found} mm")
        if not MIN_DPI <= self.dpi <= MAX_DPI:
            raise BadInput(f"dpi: expected {MIN_DPI} to {MAX_DPI}, found {self.dpi:g}")
        if not 0 <= self.bleed <= _MAX_BLEED:
            raise BadInput(f"bleed: expected 0 to {_MAX_BLEED:g} mm, found {self.bleed:g} mm")

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in pixels, the bleed included, each rounded to the nearest and at least 1."""
        across, down = (
            max(1, math.floor((side + 2 * self.bleed) / MM_PER_INCH * self.dpi + 0.5))
            for side in (self.width, self.height)
        )
        return across, down

    @property
    def words(self) -> str:
        """What `info` prints: `300 x 200 mm at 300 dpi, 3 mm bleed`."""
        bleed = f", {self.bleed:g} mm bleed" if self.bleed else ""
        return f"{self.width:.5g} x {self.height:.5g} mm at {self.dpi:g} dpi{bleed}"

    @property
    def numbers(self) -> dict[str, float]:
        """The fields as JSON values."""
        return {"width": self.width, "height": self.height, "dpi": self.dpi, "bleed": self.bleed}


def sheet_names() -> tuple[str, ...]:
    """Return the names that `parse_sheet` knows, upright and landscape."""
    return tuple(name + way for name in PAPERS for way in ("", LANDSCAPE))


def parse_sheet(text: str, dpi: float = DPI, bleed: float = 0.0) -> Sheet | None:
    """Read `300x200mm`, `12x8in`, `a3`, `a3-landscape` ...; None for another text. Raises `BadInput`."""
    name = text.strip().lower()
    upright = PAPERS.get(name.removesuffix(LANDSCAPE))
    if upright:
        return Sheet(*(upright[::-1] if name.endswith(LANDSCAPE) else upright), dpi, bleed)
    match = _SHEET.fullmatch(name)
    if not match:
        return None
    width, height = (round(float(side) * UNITS[match[3]], 6) for side in match.groups()[:2])
    return Sheet(width, height, dpi, bleed)


def sheet_of_pixels(width: int, height: int, dpi: float, bleed: float = 0.0) -> Sheet:
    """Return the sheet that so many pixels fill at a resolution, the bleed included. Raises `BadInput`."""
    Sheet(1, 1, dpi, bleed)  # a resolution of 0 would divide
    across, down = (side / dpi * MM_PER_INCH - 2 * bleed for side in (width, height))
    return Sheet(across, down, dpi, bleed)


def parse_length(name: str, text: str) -> float:
    """Read a length such as `3mm` or `0.125in` as millimetres; `name` says what it is. Raises `BadInput`."""
    match = _LENGTH.fullmatch(text.strip().lower())
    if match:
        return round(float(match[1]) * UNITS[match[2]], 6)
    raise BadInput(f"{name}: expected a length such as 3mm, in {', '.join(UNITS)}; found {clip(shown(text))}")
