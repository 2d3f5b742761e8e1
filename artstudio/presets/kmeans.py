"""k-means clustering (Lloyd, "Least squares quantization in PCM", 1982), deterministic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_ROUNDS = 60


def cluster(points: Floats, count: int) -> tuple[Floats, NDArray[np.intp]]:
    """Return the centres, (count, dimensions), and the centre of each point, for points (n, dimensions).

    The first centres are far apart: the mean's farthest point, then always the point farthest from those chosen.
    Rounds end when no point changes its centre. Fewer distinct points than `count` give fewer centres.
    """
    centres = _far_apart(points, count)
    nearest = np.full(len(points), -1)
    for _ in range(_ROUNDS):
        before, nearest = nearest, _nearest(points, centres)
        if np.array_equal(before, nearest):
            break
        members = np.bincount(nearest, minlength=len(centres))
        sums = np.stack([np.bincount(nearest, axis, len(centres)) for axis in points.T], axis=1)
        # A centre that lost all of its points stays where it is.
        centres = np.where(members[:, None] > 0, sums / np.maximum(members, 1)[:, None], centres)
    return centres, nearest


def _far_apart(points: Floats, count: int) -> Floats:
    chosen = [int(((points - points.mean(axis=0)) ** 2).sum(axis=1).argmax())]
    distance = np.full(len(points), np.inf)
    while len(chosen) < count:
        distance = np.minimum(distance, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        if not distance.any():
            break
        chosen.append(int(distance.argmax()))
    return points[chosen]


def _nearest(points: Floats, centres: Floats) -> NDArray[np.intp]:
    distances: Floats = ((points[:, None] - centres[None]) ** 2).sum(axis=2)
    nearest: NDArray[np.intp] = distances.argmin(axis=1)
    return nearest
