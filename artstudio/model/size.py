"""Sizes: their names, their limits, and how many samples a pixel gets. Needs no JAX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from artstudio.errors import BadInput, clip, shown
from artstudio.paper import PAPERS, Sheet, parse_length, parse_sheet, sheet_names, sheet_of_pixels

SIZES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "thumb": (256, 256),
        "square": (1024, 1024),
        "slide": (1920, 1080),
        "720p": (1280, 720),
        "1080p": (1920, 1080),
        "1440p": (2560, 1440),
        "4k": (3840, 2160),
        "8k": (7680, 4320),
        "phone": (1170, 2532),
        "a4": Sheet(*PAPERS["a4"]).pixels,
    }
)
"""Named sizes in pixels, width first."""

MAX_SIDE = 1 << 17
"""Pixels; up to here the engine's float32 arithmetic on whole pixel numbers is exact."""

MAX_SUPERSAMPLE = 16

EDGE_SAMPLES = 4
"""Samples along each side of the pixels at edges, where anti-aliasing is automatic."""

AUTO = 0
"""Automatic anti-aliasing, in place of a number of samples: only pixels at edges get more than one."""

_BYTES_PER_PIXEL = 10
"""Three for the picture, three for its filtered copy, up to four for the encoded file."""


def parse_size(text: str) -> tuple[int, int]:
    """Read `1080p`, `square`, `800x600` ... as (width, height); `a3` or `30x20cm` at 300 dpi. Raises `BadInput`."""
    name = text.strip().lower()
    if name in SIZES:
        return SIZES[name]
    match = re.fullmatch(r"([0-9]{1,9})[x×]([0-9]{1,9})", name, re.ASCII)
    sheet = parse_sheet(name)
    if match:
        width, height = int(match[1]), int(match[2])
    elif sheet:
        width, height = sheet.pixels
    else:
        names = ", ".join(SIZES)
        raise BadInput(
            f"size: expected WIDTHxHEIGHT such as 1920x1080 or 30x20cm, a3 or other paper, or one of {names};"
            f" found {clip(text, 40)!r}"
        )
    check_side(width, height)
    return width, height


def size_names() -> tuple[str, ...]:
    """Return all names of sizes: of pixels and of paper."""
    return tuple(dict.fromkeys([*SIZES, *sheet_names()]))


def printed_size(
    text: str | None, start: tuple[int, int], sheet: Sheet | None, dpi: float | None, bleed: str | None
) -> tuple[tuple[int, int], Sheet | None]:
    """Return width and height in pixels, and the sheet that they fill; None where nobody speaks of print.

    `text` is a size as `parse_size` reads it; None keeps the pixels `start` and the `sheet` that they fill. At
    another resolution a sheet keeps its millimetres, pixels keep their number. Raises `BadInput`.
    """
    margin = None if bleed is None else parse_length("bleed", bleed)
    paper = sheet if text is None else parse_sheet(text)
    if paper:
        asked = replace(
            paper, dpi=paper.dpi if dpi is None else dpi, bleed=paper.bleed if margin is None else margin
        )
        pixels = start if text is None and asked == paper else asked.pixels
        check_side(*pixels)
        return pixels, asked
    pixels = start if text is None else parse_size(text)
    if dpi is not None:
        return pixels, sheet_of_pixels(*pixels, dpi, margin or 0.0)
    if margin:
        raise BadInput("bleed: expected a size in millimetres with it, such as 300x200mm, or dpi; found pixels")
    return pixels, None


def check_size(width: int, height: int) -> None:
    """Refuse a size that is empty, beyond the limits, or too large for the memory that is free. Raises `BadInput`."""
    check_side(width, height)
    needed, free = width * height * _BYTES_PER_PIXEL, _free_memory()
    if needed > free:
        raise BadInput(
            f"size: {width}x{height} needs about {needed / 2**30:.1f} GiB of memory, but {free / 2**30:.1f} GiB "
            "are free; choose a smaller size ('artstudio render' needs none to speak of for .png and .tif)"
        )


def check_side(width: int, height: int) -> None:
    """Refuse a size that is empty or beyond the limits."""
    if width < 1 or height < 1:
        raise BadInput(f"size: expected at least 1x1 pixels, found {shown(width)}x{shown(height)}")
    if max(width, height) > MAX_SIDE:
        raise BadInput(f"size: expected at most {MAX_SIDE} pixels a side, found {shown(width)}x{shown(height)}")


def check_count(name: str, count: int) -> None:
    """Refuse a number of threads, workers and so on below 1. Raises `BadInput`."""
    if count < 1:
        raise BadInput(f"{name}: expected at least 1, found {shown(count)}")


def _free_memory() -> int:
    import psutil  # late: only large pictures ask

    return int(psutil.virtual_memory().available)


def resolve_supersample(supersample: int | None) -> int:
    """Return the samples a pixel along each side: as asked, or `AUTO` where nothing is asked.

    Raises `BadInput` outside 1 to 16.
    """
    if supersample in (None, AUTO):
        return AUTO
    if not 1 <= supersample <= MAX_SUPERSAMPLE:
        raise BadInput(f"supersample: expected auto or 1 to {MAX_SUPERSAMPLE}, found {shown(supersample)}")
    return supersample
