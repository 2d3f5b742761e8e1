"""Pictures that differ: a farthest-point choice by what they show and how they are coloured."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from artstudio.model.colour.oklab import oklab_from_levels

Floats = NDArray[np.float64]

_SIDE, _LOW = 32, 8

_COLOUR_SCALE = 6.0
"""A difference of 0.16 in OKLab's means and deviations counts as much as wholly different shapes."""


def fingerprint(pixels: NDArray[np.uint8], lab: NDArray[np.float32] | None = None) -> Floats:
    """Return a picture's fingerprint, (69,), so that distances between two say how different they look.

    63 entries are the signs of the lowest frequencies of lightness but for the mean (a perceptual hash: Zauner,
    "Implementation and benchmarking of perceptual image hash functions", 2010), scaled such that unrelated pictures
    are about 1 apart; six are the means and deviations of OKLab's channels. `pixels`: uint8 (height, width, 3), at
    least 32 pixels a side; `lab` are its colours in OKLab, (3, pixels), where they are at hand.
    """
    height, width, _ = pixels.shape
    lab = oklab_from_levels(pixels) if lab is None else lab
    lightness = lab[0].reshape(height, width)
    rows, columns = np.arange(_SIDE + 1) * height // _SIDE, np.arange(_SIDE + 1) * width // _SIDE
    small = np.add.reduceat(np.add.reduceat(lightness, rows[:-1], axis=0), columns[:-1], axis=1)
    small = small / np.outer(np.diff(rows), np.diff(columns))
    low = (_cosines() @ small @ _cosines().T).ravel()[1:]
    signs = np.where(low > np.median(low), 1.0, -1.0) / np.sqrt(2 * len(low))
    colours = np.concatenate([lab.mean(axis=1), lab.std(axis=1)])
    return np.concatenate([signs, _COLOUR_SCALE * colours])


def lightness(mark: Floats) -> tuple[float, float]:
    """Return the mean and the deviation of a picture's lightness (OKLab), by its fingerprint."""
    return float(mark[-6]) / _COLOUR_SCALE, float(mark[-3]) / _COLOUR_SCALE


@lru_cache
def _cosines() -> Floats:
    """The first rows of the discrete cosine transform (type II), (8, 32)."""
    n = np.arange(_SIDE)
    cosines: Floats = np.cos(np.pi / _SIDE * (n + 0.5) * np.arange(_LOW)[:, None])
    return cosines


def choose(
    scores: Sequence[float], fingerprints: Floats, keep: int, groups: Sequence[Hashable] | None = None
) -> list[int]:
    """Return the indices of up to `keep` good and different pictures, best score first.

    Only the better part is looked at: the best fifth, but at least three for each one kept. Where there are `groups`,
    of activations say, it is the better part of each, since measures have other values for other kinds of pictures.
    The best is taken, then always the one farthest from all that were taken (Gonzalez, "Clustering to minimize the
    maximum intercluster distance", 1985). Ties go to the better score, then to the earlier picture.
    """
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    members: dict[Hashable, list[int]] = {}
    for i in order:
        members.setdefault(groups[i] if groups else None, []).append(i)
    least = -(-3 * keep // len(members))
    good = sorted(i for group in members.values() for i in group[: max(least, len(group) // 5)])
    good.sort(key=lambda i: -scores[i])
    points = fingerprints[good]
    chosen: list[int] = []
    distance = np.full(len(good), np.inf)
    while len(chosen) < min(keep, len(good)):
        best = int(distance.argmax())
        chosen.append(best)
        distance = np.minimum(distance, np.linalg.norm(points - points[best], axis=1))
        distance[chosen] = -1.0
    return [good[i] for i in sorted(chosen)]
