"""From a subdivision to a drawing: curves are fitted to each arc once, so that both of its areas have the same."""

from __future__ import annotations

import numpy as np

from artstudio.files.vector.drawing import Area, Drawing, Stroke, reverse
from artstudio.model.calibration import Floats
from artstudio.model.colour.oklab import linear_from_srgb, relative_luminance
from artstudio.vector.curves import fit
from artstudio.vector.edges import brightened
from artstudio.vector.subdivision import Subdivision
from artstudio.vector.values import levels_of

_FINENESS = 21_600
"""The tolerance of fitted curves is the picture's short side by this: a twentieth of a pixel at 1080p."""


def drawing_of(subdivision: Subdivision, width: int, height: int) -> Drawing:
    """Return the areas of a picture, with edges where screens need them (see `edges`)."""
    steps = 100 if min(width, height) >= 540 else 1000
    strokes = arc_strokes(subdivision, brightened(subdivision), steps, min(width, height) / _FINENESS)
    codes = sorted(subdivision.rings, key=luminance)
    return Drawing(width, height, steps, [Area(code, area_faces(subdivision, strokes, code)) for code in codes])


def arc_strokes(subdivision: Subdivision, places: Floats, steps: float, tolerance: float) -> list[Stroke]:
    """Return each arc's stroke in steps of 1 / `steps` pixels, with its vertices at these places, in pixels."""
    return [_stroke(places[arc.vertices], arc.straight, tolerance, steps) for arc in subdivision.arcs]


def area_faces(subdivision: Subdivision, strokes: list[Stroke], code: int) -> list[list[Stroke]]:
    """Return the faces of a colour: for each the closed stroke around it, and those around holes in it."""
    rings = subdivision.rings[code]
    around = [_ring_points(subdivision, ring) for ring in rings]
    sizes = [_signed_area(points) for points in around]
    # What is on the left of its half arcs lies within a ring if this goes against the clock.
    outer = [number for number, size in enumerate(sizes) if size <= 0]
    faces = {number: [number] for number in outer}
    for number, size in enumerate(sizes):
        if size > 0:
            holding = [
                other for other in outer if -sizes[other] > size and _contains(around[other], around[number])
            ]
            faces[max(holding, key=sizes.__getitem__) if holding else outer[0]].append(number)
    return [[_joined(strokes, rings[number]) for number in face] for face in faces.values()]


def _ring_points(subdivision: Subdivision, ring: list[tuple[int, bool]]) -> Floats:
    parts = []
    for number, backwards in ring:
        vertices = subdivision.arcs[number].vertices
        parts.append(subdivision.points[vertices[:0:-1] if backwards else vertices[:-1]])
    return np.concatenate(parts)


def _signed_area(points: Floats) -> float:
    x, y = points.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _contains(ring: Floats, other: Floats) -> bool:
    """Whether most of another ring, which does not cross it, lies within a ring: it may touch it."""
    points = other[:: max(1, len(other) // 5)]
    x, y = ring.T
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    px, py = points.T[..., None]
    crosses = (y <= py) != (next_y <= py)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x + (py - y) / (next_y - y) * (next_x - x)
    return bool((np.count_nonzero(crosses & (at > px), axis=1) % 2).mean() > 0.5)


def luminance(code: int) -> float:
    """Return the relative luminance of a colour given as 0xRRGGBB, 0 to 1."""
    return float(relative_luminance(linear_from_srgb(levels_of(np.array([code])).T / 255, np))[0])


def _stroke(points: Floats, straight: bool, tolerance: float, steps: float) -> Stroke:
    pieces = [(point,) for point in points[1:]] if straight else fit(points, tolerance)
    rounded = (np.rint(np.array(piece) * steps).astype(int).tolist() for piece in ((points[0],), *pieces))
    return [tuple((x, y) for x, y in piece) for piece in rounded]


def _joined(strokes: list[Stroke], ring: list[tuple[int, bool]]) -> Stroke:
    outline: Stroke = []
    for number, backwards in ring:
        stroke = reverse(strokes[number]) if backwards else strokes[number]
        outline += stroke if not outline else stroke[1:]
    return outline
