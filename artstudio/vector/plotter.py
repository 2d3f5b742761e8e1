"""Sheets for pen plotters: a picture's edges, or hatching as dense as its colours are dark; a pen for each colour."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from artstudio.errors import BadInput, shown, unknown
from artstudio.files.vector.drawing import Layer, Plot, Stroke, reverse
from artstudio.paper import PAPERS
from artstudio.vector.hatching import hatch
from artstudio.vector.outlines import arc_strokes, area_faces, luminance
from artstudio.vector.subdivision import Subdivision

MODES = ("outlines", "hatching")

_STEPS = 1000
"""Steps of the grid in a millimetre."""

_TOLERANCE = 0.02
"""Millimetres; a pen's line is ten times as wide."""

_MARGIN = 10.0
"""Millimetres on each side."""

_LIGHTEST = 0.04
"""Colours that need less ink than this stay paper."""


@dataclass(frozen=True)
class Plotter:
    """How a sheet is drawn."""

    mode: str
    """One of `MODES`."""
    paper: str
    """One of `PAPERS`, or WIDTHxHEIGHT in millimetres."""
    pen: float
    """The width of a pen's line in millimetres."""

    def sheet(self, width: int, height: int) -> tuple[float, float]:
        """Return the sheet's width and height in millimetres, for a picture of this shape."""
        if self.paper in PAPERS:
            short, long = PAPERS[self.paper]
            return (long, short) if width >= height else (short, long)
        across, _, down = self.paper.partition("x")
        return float(across), float(down)

    @property
    def words(self) -> str:
        """What `parse_plotter` reads."""
        return f"{self.mode},{self.paper},{self.pen:g}"


def parse_plotter(text: str) -> Plotter:
    """Read MODE[,PAPER[,PEN]] such as `hatching`, `outlines,a3` or `hatching,300x200,0.3`. Raises `BadInput`."""
    parts = [part.strip().lower().removesuffix("mm") for part in text.split(",")]
    mode, paper, pen, *more = [*parts, *("", "a4", "0.4")[len(parts) :]] if len(parts) < 3 else parts
    if mode not in MODES:
        raise unknown("plotter mode", mode, MODES)
    number = r"[0-9]{1,5}(?:\.[0-9]{1,3})?"
    side = re.fullmatch(f"({number})[x×]({number})", paper, re.ASCII)
    if paper not in PAPERS and not (side and all(3 * _MARGIN <= float(part) <= 10_000 for part in side.groups())):
        raise BadInput(
            f"plotter: expected a sheet such as {', '.join(PAPERS)}, or 30 to 10000 millimetres a side as in 300x200;"
            f" found {shown(paper, 40)}"
        )
    if more or not re.fullmatch(number, pen, re.ASCII) or not 0.05 <= float(pen) <= 5:
        raise BadInput(
            f"plotter: expected a pen 0.05 to 5 millimetres wide, as in hatching,a4,0.3; found {shown(text, 40)}"
        )
    return Plotter(mode, paper.replace("×", "x"), float(pen))


def plot_of(subdivision: Subdivision, width: int, height: int, plotter: Plotter) -> Plot:
    """Return the sheet for a picture of width x height pixels, as large as the margins let it be."""
    sheet = plotter.sheet(width, height)
    scale = min((side - 2 * _MARGIN) / pixels for side, pixels in zip(sheet, (width, height), strict=True))
    corner = [(side - scale * pixels) / 2 for side, pixels in zip(sheet, (width, height), strict=True)]
    places = subdivision.points * scale + corner
    strokes = arc_strokes(subdivision, places, _STEPS, _TOLERANCE)
    codes = sorted(subdivision.rings, key=luminance)
    if plotter.mode == "outlines":
        layers = _outlines(subdivision, strokes, codes)
    else:
        layers = [
            Layer(
                code, _hatching(area_faces(subdivision, strokes, code), 1 - luminance(code), plotter.pen, number)
            )
            for number, code in enumerate(codes)
        ]
    return Plot(*sheet, _STEPS, plotter.pen, [layer for layer in layers if layer.strokes])


def _outlines(subdivision: Subdivision, strokes: list[Stroke], codes: list[int]) -> list[Layer]:
    """Return each edge once, on the layer of its darker colour; the picture's border on the darkest."""
    rank = {code: place for place, code in enumerate(codes)}
    found: list[list[Stroke]] = [[] for _ in codes]
    for arc, stroke in zip(subdivision.arcs, strokes, strict=True):
        place = 0 if arc.straight else min(rank[arc.left], rank[arc.right])
        found[place].append(stroke)
    return [Layer(code, _linked(part)) for code, part in zip(codes, found, strict=True)]


def _linked(strokes: list[Stroke]) -> list[Stroke]:
    """Return strokes joined where one ends as another begins, so that the pen is lifted less often."""
    at: dict[tuple[int, int], set[int]] = {}
    for number, stroke in enumerate(strokes):
        for end in (stroke[0][-1], stroke[-1][-1]):
            at.setdefault(end, set()).add(number)
    left = dict(enumerate(strokes))

    def extended(stroke: Stroke) -> Stroke:
        while following := at[stroke[-1][-1]] & left.keys():
            number = min(following)
            other = left.pop(number)
            stroke = stroke + (other if other[0][-1] == stroke[-1][-1] else reverse(other))[1:]
        return stroke

    joined = []
    while left:
        stroke = extended(left.pop(next(iter(left))))
        joined.append(extended(reverse(stroke)))
    return joined


def _hatching(faces: list[list[Stroke]], ink: float, pen: float, number: int) -> list[Stroke]:
    """Return lines that cover a share `ink` of an area, each colour's in another direction."""
    if ink < _LIGHTEST:
        return []
    # The golden section of a half turn: no two of few directions are close.
    angle = np.pi * ((0.25 + number * 0.6180339887) % 1)
    outlines = [outline for face in faces for outline in face]
    return hatch(outlines, spacing=pen / ink * _STEPS, angle=float(angle), shortest=pen * _STEPS)
