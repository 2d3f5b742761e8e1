"""Walls: small pictures edge to edge, in rows as long as there are rows."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_PAPER = (250, 250, 247)


def wall(pictures: Iterable[Pixels]) -> Pixels:
    """Return one picture of many, uint8 (height, width, 3), all of the same size, in reading order."""
    tiles = list(pictures)
    height, width, _ = tiles[0].shape
    columns = math.ceil(math.sqrt(len(tiles)))
    gap = max(1, width // 48)
    rows = -(-len(tiles) // columns)
    sheet = np.empty((rows * (height + gap) + gap, columns * (width + gap) + gap, 3), np.uint8)
    sheet[:] = _PAPER
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        top, left = gap + row * (height + gap), gap + column * (width + gap)
        sheet[top : top + height, left : left + width] = tile
    return sheet
