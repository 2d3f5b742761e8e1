"""A picture of flat areas as a planar subdivision: arcs that two areas share, and the rings of arcs around each.

Colours are known at the nodes of a grid. Where two neighbours differ, the place of the edge between them is found by
bisection. Within a cell, two such places are joined; more of them meet in a junction.

Edges of a cell are counted clockwise from the top, and its corners so that corner k comes before edge k. Who goes out
of a cell across edge k has corner k on the left and corner k + 1 on the right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artstudio.model.calibration import Floats
from artstudio.vector.chains import OUTSIDE, Chain, chains_of
from artstudio.vector.values import levels_of

Codes = NDArray[np.int64]
"""Colours as 0xRRGGBB."""

_HALVINGS = 7
"""Places of edges are known to within 2^-7 of a cell's side."""


@dataclass(frozen=True)
class Grid:
    """Nodes at columns x and rows y, float64 in pixels, the picture's own edges included; codes (rows, columns)."""

    x: Floats
    y: Floats
    codes: Codes


@dataclass(frozen=True)
class _Segments:
    """Straight pieces from one vertex to another, int64 (count,) each, with the codes on both sides."""

    start: Codes
    end: Codes
    left: Codes
    right: Codes


@dataclass(frozen=True)
class Subdivision:
    """`arcs` are shared by the areas on both sides; `rings` are what surrounds the areas of each colour.

    A ring is a list of half arcs, each an arc's number and whether it is gone through backwards: the area is on the
    left of all of them.
    """

    points: Floats
    """The places of all vertices, (vertices, 2)."""
    arcs: list[Chain]
    rings: dict[int, list[list[tuple[int, bool]]]]


def subdivide(grid: Grid, colour_at: Callable[[Floats, Floats], Floats]) -> Subdivision:
    """Return the subdivision of a picture; `colour_at` gives levels, (points, 3), at columns and rows in pixels."""
    codes = grid.codes
    across, down = codes[:, 1:] != codes[:, :-1], codes[1:] != codes[:-1]
    row, column = np.nonzero(across)
    places = [_edge_places(grid, (row, column), (row, column + 1), colour_at)]
    on_rows = np.full(across.shape, -1, np.int32)
    on_rows[across] = np.arange(len(row))
    count = len(row)
    row, column = np.nonzero(down)
    places.append(_edge_places(grid, (row, column), (row + 1, column), colour_at))
    on_columns = np.full(down.shape, -1, np.int32)
    on_columns[down] = np.arange(count, count + len(row))
    count += len(row)

    busy = np.nonzero((on_rows[:-1] >= 0) | (on_rows[1:] >= 0) | (on_columns[:, :-1] >= 0))
    r, c = busy
    edges = np.stack([on_rows[r, c], on_columns[r, c + 1], on_rows[r + 1, c], on_columns[r, c]], axis=1)
    corners = np.stack([codes[r, c], codes[r, c + 1], codes[r + 1, c + 1], codes[r + 1, c]], axis=1)
    middles = np.stack([grid.x[c] + grid.x[c + 1], grid.y[r] + grid.y[r + 1]], axis=1) / 2
    crossings = np.concatenate(places)
    segments, junctions = _cell_segments(edges.astype(np.int64), corners, middles, crossings, colour_at)
    points = np.concatenate([crossings, junctions])
    border = _border(grid, on_rows, on_columns, points)
    arcs, arms = chains_of(
        segments.start, segments.end, segments.left, segments.right, len(crossings), len(points), border
    )
    corners_at = np.array([[grid.x[i], grid.y[j]] for i, j in ((0, 0), (-1, 0), (-1, -1), (0, -1))])
    return Subdivision(np.concatenate([points, corners_at]), arcs, _rings(arcs, arms))


def _edge_places(
    grid: Grid,
    first: tuple[Codes, Codes],
    second: tuple[Codes, Codes],
    colour_at: Callable[[Floats, Floats], Floats],
) -> Floats:
    """Return where colour changes between pairs of nodes, (pairs, 2)."""
    here, there = levels_of(grid.codes[first]), levels_of(grid.codes[second])
    start = np.stack([grid.x[first[1]], grid.y[first[0]]], axis=1)
    step = np.stack([grid.x[second[1]], grid.y[second[0]]], axis=1) - start
    low = np.zeros((len(start), 1))
    for turn in range(_HALVINGS):
        middle = low + 0.5 ** (turn + 1)
        found = colour_at(*(start + middle * step).T)
        low = np.where(_nearer(found, here, there)[:, None], middle, low)
    return np.asarray(start + (low + 0.5 ** (_HALVINGS + 1)) * step)


def _nearer(found: Floats, here: Floats, there: Floats) -> NDArray[np.bool_]:
    """Whether colours are nearer to one than to another: colours of float64 and float32 may round differently."""
    return np.asarray(np.square(found - here).sum(axis=1) <= np.square(found - there).sum(axis=1))


def _cell_segments(
    edges: Codes, corners: Codes, middles: Floats, crossings: Floats, colour_at: Callable[[Floats, Floats], Floats]
) -> tuple[_Segments, Floats]:
    """Return the segments within cells, and the places of the junctions, whose numbers follow the crossings'."""
    crossed = edges >= 0
    counts = crossed.sum(axis=1)
    parts: list[tuple[Codes, Codes, Codes, Codes]] = []

    def join(cells: NDArray[np.bool_], i: int, j: int) -> None:
        """Go from edge i to edge j within these cells."""
        parts.append((edges[cells, i], edges[cells, j], corners[cells, j], corners[cells, (j + 1) % 4]))

    for i in range(4):
        for j in range(i + 1, 4):
            join((counts == 2) & crossed[:, i] & crossed[:, j], i, j)
    # A saddle: two corners that face each other are of one colour, and perhaps belong together.
    full = counts == 4
    even, odd = full & (corners[:, 0] == corners[:, 2]), full & (corners[:, 1] == corners[:, 3])
    middle = np.zeros((len(edges), 3))
    saddles = even | odd
    middle[saddles] = colour_at(*middles[saddles].T)
    to_even, to_odd = (np.square(middle - levels_of(corners[:, k])).sum(axis=1) for k in (0, 1))
    to_third = np.square(middle - levels_of(np.where(even, corners[:, 3], corners[:, 2]))).sum(axis=1)
    joined_even = even & (to_even <= to_odd) & (to_even <= to_third)
    joined_odd = odd & ~joined_even & (to_odd <= to_even) & (to_odd <= to_third)
    for cells, pairs in ((joined_even, ((0, 1), (2, 3))), (joined_odd, ((3, 0), (1, 2)))):
        for i, j in pairs:
            join(cells, i, j)

    meeting = (counts >= 3) & ~joined_even & ~joined_odd
    numbers = np.full(len(edges), -1, np.int64)
    numbers[meeting] = len(crossings) + np.arange(np.count_nonzero(meeting))
    for k in range(4):
        cells = meeting & crossed[:, k]
        parts.append((numbers[cells], edges[cells, k], corners[cells, k], corners[cells, (k + 1) % 4]))
    weights = crossed[meeting][:, :, None]
    junctions = (crossings[edges[meeting]] * weights).sum(axis=1) / weights.sum(axis=1)
    return _Segments(*(np.concatenate(part) for part in zip(*parts, strict=True))), junctions


def _border(grid: Grid, on_rows: Codes, on_columns: Codes, points: Floats) -> list[tuple[int, int]]:
    """Return what one meets going clockwise around the picture: vertices and the codes behind them.

    The picture's corners have the numbers past all points, from the top left.
    """
    codes, corner = grid.codes, len(points)
    met: list[tuple[int, int]] = []
    sides = (
        (on_rows[0], codes[0, 1:]),
        (on_columns[:, -1], codes[1:, -1]),
        (on_rows[-1, ::-1], codes[-1, -2::-1]),
        (on_columns[::-1, 0], codes[-2::-1, 0]),
    )
    for number, (crossing, behind) in enumerate(sides):
        start = (codes[0, 0], codes[0, -1], codes[-1, -1], codes[-1, 0])[number]
        met.append((corner + number, int(start)))
        there = np.flatnonzero(crossing >= 0)
        met += zip(crossing[there].tolist(), behind[there].tolist(), strict=True)
    return met


def _rings(arcs: list[Chain], arms: dict[int, list[tuple[int, bool]]]) -> dict[int, list[list[tuple[int, bool]]]]:
    """Return the rings of each colour; `arms` are the half arcs that leave each node, clockwise."""
    following: dict[tuple[int, bool], tuple[int, bool]] = {}
    for leaving in arms.values():
        for k, (number, backwards) in enumerate(leaving):
            # Who comes in along this arm goes out by the next one clockwise: between both lies what is on the left.
            following[number, not backwards] = leaving[(k + 1) % len(leaving)]
    rings: dict[int, list[list[tuple[int, bool]]]] = {}
    seen: set[tuple[int, bool]] = set()
    for number, arc in enumerate(arcs):
        for half in ((number, False), (number, True)):
            code = arc.right if half[1] else arc.left
            if half in seen or code == OUTSIDE:
                continue
            ring = [half]
            seen.add(half)
            while (after := following.get(ring[-1], half)) != half:
                ring.append(after)
                seen.add(after)
            rings.setdefault(code, []).append(ring)
    return rings
