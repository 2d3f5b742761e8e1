"""Pictures as outlines, ready to be written. Coordinates are whole steps of a fine grid, so that neighbours meet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from artstudio.spaces import SRGB, ColourSpace

Point = tuple[int, int]
"""A place in steps of the grid, y down."""

Stroke = list[tuple[Point, ...]]
"""A start, as a tuple of one point, and pieces: one point for a straight line, three for a cubic Bézier curve."""


@dataclass(frozen=True)
class Area:
    """All faces of one colour: for each a closed stroke around it, and those around holes in it."""

    code: int
    """The colour as 0xRRGGBB."""
    faces: list[list[Stroke]]

    @property
    def hex(self) -> str:
        """The colour as CSS writes it."""
        return hex_of(self.code)

    @property
    def name(self) -> str:
        """What a designer finds it by."""
        return f"area-{self.hex[1:]}"


@dataclass(frozen=True)
class Drawing:
    """The areas of a picture from the darkest colour to the lightest; a pixel has `steps` steps."""

    width: int
    height: int
    steps: int
    areas: list[Area]
    hole: Area | None = None
    """The area that is left out of `areas`, where the ground is transparent: what is drawn ends at its edges."""
    space: ColourSpace = SRGB
    """What the colours mean, where a format can say it."""

    def without(self, code: int) -> Drawing:
        """Return the drawing with the area of this colour, 0xRRGGBB, left out."""
        hole = next((area for area in self.areas if area.code == code), None)
        return replace(self, areas=[area for area in self.areas if area is not hole], hole=hole)


@dataclass(frozen=True)
class Layer:
    """What a pen plotter draws with one pen: strokes of this colour, 0xRRGGBB."""

    code: int
    strokes: list[Stroke]


@dataclass(frozen=True)
class Plot:
    """A sheet for a pen plotter, from the darkest pen to the lightest; sizes in millimetres."""

    width: float
    height: float
    steps: int
    """Steps of the grid in a millimetre."""
    pen: float
    layers: list[Layer]


def is_colour(value: object) -> bool:
    """Say whether a value is a colour as `hex_of` returns it."""
    return isinstance(value, str) and re.fullmatch(r"#[0-9a-f]{6}", value) is not None


def hex_of(code: int) -> str:
    """Return a colour given as 0xRRGGBB as CSS writes it."""
    return f"#{code:06x}"


def reverse(stroke: Stroke) -> Stroke:
    """Return a stroke from its end to its start."""
    pieces = [(*piece[-2::-1], before[-1]) for before, piece in zip(stroke[-2::-1], stroke[:0:-1], strict=True)]
    return [(stroke[-1][-1],), *pieces]
