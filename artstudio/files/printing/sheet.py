"""The sheet that a picture is printed on, as its texts state it: where writers take a file's resolution from."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from fractions import Fraction

from artstudio.errors import BadInput
from artstudio.paper import MM_PER_INCH, Sheet

SHEET_KEY = "artstudio:sheet"
"""The keyword of the sheet."""


def sheet_text(sheet: Sheet) -> str:
    """Return a sheet as the text that `sheet_of` reads."""
    return json.dumps(sheet.numbers, separators=(",", ":"))


def sheet_of(text: Mapping[str, str]) -> Sheet | None:
    """Return the sheet that texts state; None where they state none, or something else under its keyword."""
    try:
        return Sheet(**{name: float(value) for name, value in json.loads(text[SHEET_KEY]).items()})
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError, RecursionError, BadInput):
        return None


def physical_dimensions(sheet: Sheet) -> bytes:
    """Return the data of PNG's pHYs chunk: dots per metre across and down (PNG 3rd edition, 11.3.4.3)."""
    per_metre = round(sheet.dpi * 1000 / MM_PER_INCH)
    return struct.pack(">IIB", per_metre, per_metre, 1)


def dots_per_inch(sheet: Sheet) -> tuple[int, int]:
    """Return the resolution as the RATIONAL that TIFF and EXIF hold."""
    return Fraction(sheet.dpi).limit_denominator(10_000).as_integer_ratio()
