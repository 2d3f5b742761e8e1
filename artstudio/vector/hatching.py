"""Parallel lines within outlines."""

from __future__ import annotations

import numpy as np

from artstudio.files.vector.drawing import Stroke
from artstudio.model.calibration import Floats

_FLAT_PIECES = 12
"""Straight lines that stand for a curve."""


def hatch(outlines: list[Stroke], spacing: float, angle: float, shortest: float) -> list[Stroke]:
    """Return lines at an angle in radians, evenly spaced, within outlines by the even-odd rule; lengths in steps.

    They are in the order in which a pen draws them with little travel: back and forth.
    """
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    starts, ends = (points @ turn.T for points in _edges(outlines))
    low, high = np.minimum(starts[:, 1], ends[:, 1]), np.maximum(starts[:, 1], ends[:, 1])
    first, last = np.ceil(low / spacing).astype(int), np.ceil(high / spacing).astype(int)
    counts = last - first
    edge = np.repeat(np.arange(len(counts)), counts)
    line = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + first[edge]
    share = (line * spacing - starts[edge, 1]) / (ends[edge, 1] - starts[edge, 1])
    x = starts[edge, 0] + share * (ends[edge, 0] - starts[edge, 0])
    order = np.lexsort((x, line))
    # Every line is crossed an even number of times: in, out, in, out.
    pairs, y = x[order].reshape(-1, 2), line[order][::2]
    keep = pairs[:, 1] - pairs[:, 0] >= shortest
    pairs, y = pairs[keep], y[keep]
    back = (y % 2 == 1)[:, None]
    order = np.lexsort((np.where(back[:, 0], -pairs[:, 0], pairs[:, 0]), y))
    pairs = np.where(back, pairs[:, ::-1], pairs)[order]
    across = np.repeat(y[order] * spacing, 2)
    points = np.stack([pairs.ravel(), across], axis=1) @ turn
    rounded = np.rint(points).astype(int).reshape(-1, 2, 2).tolist()
    return [[((a[0], a[1]),), ((b[0], b[1]),)] for a, b in rounded]


def _edges(outlines: list[Stroke]) -> tuple[Floats, Floats]:
    """Return the starts and the ends of straight lines along outlines, (count, 2) each."""
    rings = [_flattened(outline) for outline in outlines]
    return np.concatenate([ring[:-1] for ring in rings]), np.concatenate([ring[1:] for ring in rings])


def _flattened(outline: Stroke) -> Floats:
    """Return points along a closed stroke, (count, 2), the first of them again at the end."""
    parts = [np.array(outline[0], np.float64)]
    t = (np.arange(1, _FLAT_PIECES + 1) / _FLAT_PIECES)[:, None]
    for piece in outline[1:]:
        if len(piece) == 1:
            parts.append(np.array(piece, np.float64))
        else:
            a, (b, c, d) = parts[-1][-1], np.array(piece, np.float64)
            parts.append((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t * t * c + t**3 * d)
    return np.concatenate([*parts, parts[0]])
