"""Where an edge must be drawn for viewers to show it as bright as it is.

Our pictures average samples in linear light, as a camera does. Viewers of SVG and PDF blend the two colours of an
edge in sRGB, which makes the pixels along it too dark, as if dark areas were wider: black on white by a fifth of a
pixel. So edges are drawn that much farther into the darker area.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artstudio.model.calibration import Floats
from artstudio.model.colour.oklab import linear_from_srgb, srgb_from_linear
from artstudio.vector.subdivision import Subdivision
from artstudio.vector.values import levels_of

_SHARES = (np.arange(32) + 0.5) / 32
"""Shares of a pixel that one of the areas may cover."""

_BEST = 1.1
"""Factor with which fewest pixels differ visibly: found by trial, on black and white."""

_REACH = 2
"""Vertices on each side that say which way an edge runs."""


def brightened(subdivision: Subdivision) -> Floats:
    """Return the vertices' places with edges moved into darker areas, (vertices, 2), in pixels."""
    inner = [arc for arc in subdivision.arcs if not arc.straight]
    sides = np.array([(arc.left, arc.right) for arc in inner], np.int64).reshape(-1, 2)
    moved = subdivision.points.copy()
    normals: dict[int, list[Floats]] = {}
    for arc, shift in zip(inner, edge_shifts(sides[:, 0], sides[:, 1]), strict=True):
        across = _right_normals(subdivision.points[arc.vertices], arc.closed)
        first, last = (0, -1) if arc.closed else (1, -1)
        moved[arc.vertices[first:last]] += shift * across[first:last]
        if not arc.closed:
            for end in (0, -1):
                normals.setdefault(arc.vertices[end], []).append(np.append(across[end], shift))
    frame = subdivision.points[-4:]
    for vertex, rows in normals.items():
        moved[vertex] += _junction_shift(np.array(rows), subdivision.points[vertex], frame)
    return moved


def edge_shifts(left: NDArray[np.int64], right: NDArray[np.int64]) -> Floats:
    """Return how far to move the edges between colours to the right, in pixels: least squares over the channels.

    It is the share of a pixel by which what is blended in linear light is brighter on average.
    """
    a, b = levels_of(left).T / 255, levels_of(right).T / 255
    start, end = linear_from_srgb(a, np)[..., None], linear_from_srgb(b, np)[..., None]
    brighter = srgb_from_linear(start + (end - start) * _SHARES, np).mean(axis=-1) - (a + b) / 2
    contrast = a - b
    return np.asarray(
        _BEST * (brighter * contrast).sum(axis=0) / np.maximum(np.square(contrast).sum(axis=0), 1e-12)
    )


def _right_normals(points: Floats, closed: bool) -> Floats:
    """Return unit vectors to the right of the way along points, (count, 2), in coordinates whose y goes down."""
    if closed:
        around = np.concatenate([points[-_REACH - 1 : -1], points, points[1 : _REACH + 1]])
    else:
        around = np.pad(points, ((_REACH, _REACH), (0, 0)), "edge")
    along = around[2 * _REACH :] - around[: -2 * _REACH]
    length = np.sqrt(np.square(along).sum(axis=1, keepdims=True))
    return np.asarray(np.stack([-along[:, 1], along[:, 0]], axis=1) / np.maximum(length, 1e-9))


def _junction_shift(rows: Floats, place: Floats, frame: Floats) -> Floats:
    """Return how far a junction moves, (2,): as far across each of its edges as these do, as well as can be.

    `rows` are the edges' normals and shifts, (edges, 3). What stands on the picture's border stays on it.
    """
    free = np.array([float(not np.isin(place[axis], frame[:, axis])) for axis in (0, 1)])
    normal = rows[:, :2] * free
    # A little weight on staying in place: edges that are nearly parallel would send it far away.
    found = np.linalg.solve(normal.T @ normal + 0.1 * np.eye(2), normal.T @ rows[:, 2])
    return np.asarray(found * min(1.0, 0.5 / max(float(np.hypot(*found)), 1e-9)))
