"""Curves through points: straight lines and cubic Bézier curves, as few as stay within a tolerance.

Curves are fitted by least squares with both inner control points free (after Schneider, "An Algorithm for
Automatically Fitting Digitized Curves", Graphics Gems, 1990, who holds their tangents). What cannot be fitted is
split where it is farthest off, so that corners end up between two curves.
"""

from __future__ import annotations

import numpy as np

from artstudio.model.calibration import Floats

Piece = tuple[Floats, ...]
"""The points after the first: one for a straight line; two control points and the end for a curve."""

_ROUNDS = 3
"""How often the points' parameters are set to the nearest places on the curve."""


def fit(points: Floats, tolerance: float) -> list[Piece]:
    """Return pieces from the first of the points, float64 (count, 2), to the last, at most `tolerance` off."""
    pieces: list[Piece] = []
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        part = points[first : last + 1]
        off = _off_line(part)
        split = int(off.argmax())
        if off[split] <= tolerance:
            pieces.append((part[-1],))
            continue
        if len(part) > 4:
            curve, off = _curve(part)
            split = int(off.argmax())
            if off[split] <= tolerance:
                pieces.append(tuple(curve[1:]))
                continue
        middle = first + min(max(split, 1), len(part) - 2)
        stack += [(middle, last), (first, middle)]
    return pieces


def _off_line(points: Floats) -> Floats:
    """Return how far points are from the straight line between their ends."""
    start, along = points[0], points[-1] - points[0]
    length = float(along @ along)
    from_start = points - start
    if length == 0:
        return np.asarray(np.sqrt(np.square(from_start).sum(axis=1)))
    share = np.clip(from_start @ along / length, 0, 1)
    return np.asarray(np.sqrt(np.square(from_start - share[:, None] * along).sum(axis=1)))


def _curve(points: Floats) -> tuple[Floats, Floats]:
    """Return the four control points of the curve nearest to the points, and how far each of them is from it."""
    steps = np.sqrt(np.square(np.diff(points, axis=0)).sum(axis=1))
    t = np.concatenate([[0.0], np.cumsum(steps)])
    t /= t[-1]
    for _ in range(_ROUNDS):
        s = 1 - t
        basis = np.stack([3 * s * s * t, 3 * s * t * t], axis=1)
        ends = np.outer(s**3, points[0]) + np.outer(t**3, points[-1])
        inner = _two_unknowns(basis, points - ends)
        curve = np.stack([points[0], *inner, points[-1]])
        off = ends + basis @ inner - points
        # One step of Newton's method towards the nearest place: there the difference is across the curve.
        speed = 3 * (np.outer(s * s, curve[1] - curve[0]) + np.outer(2 * s * t, curve[2] - curve[1])
                     + np.outer(t * t, curve[3] - curve[2]))  # fmt: skip
        t = np.clip(t - (off * speed).sum(axis=1) / np.maximum(np.square(speed).sum(axis=1), 1e-12), 0, 1)
    return curve, np.sqrt(np.square(off).sum(axis=1))


def _two_unknowns(basis: Floats, wanted: Floats) -> Floats:
    """Return the least squares solution, (2, 2), of basis @ solution = wanted; finite where that is near singular."""
    normal, right = basis.T @ basis, basis.T @ wanted
    product = normal[0, 0] * normal[1, 1]
    # What is left of a difference of equals is rounding: the solution stays finite.
    determinant = max(product - normal[0, 1] ** 2, 1e-12 * product, 1e-300)
    inverse = np.array([[normal[1, 1], -normal[0, 1]], [-normal[0, 1], normal[0, 0]]])
    return np.asarray(inverse @ right / determinant)
