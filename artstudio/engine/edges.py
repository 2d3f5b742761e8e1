"""Where a picture needs more samples: pixels that differ much from a neighbour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 20
"""Levels of 255 in any channel; smaller steps between neighbours are not seen as jagged."""


def edge_mask(pixels: NDArray[Any], above: bool, below: bool) -> NDArray[np.bool_] | None:
    """Return which pixels of uint8 or uint16 (rows, width, 3) stand at an edge, bool (rows, width); None for none.

    Neighbours are those left, right, above and below. `above` and `below` say that the first and the last row
    belong to the bands next door: they are compared, but are not part of the answer.
    """
    rows, width, _ = pixels.shape
    flat = pixels.reshape(rows, 3 * width)
    threshold = THRESHOLD if pixels.dtype == np.uint8 else THRESHOLD * 257
    # On whole rows of bytes, channels side by side: plain vector instructions.
    across = _distance(flat[:, 3:], flat[:, :-3]) > threshold
    down = _distance(flat[1:], flat[:-1]) > threshold
    if not across.any() and not down.any():
        return None
    mask = np.zeros((rows, width), np.bool_)
    wide = across.reshape(rows, width - 1, 3).any(axis=2)
    mask[:, 1:] |= wide
    mask[:, :-1] |= wide
    tall = down.reshape(rows - 1, width, 3).any(axis=2)
    mask[1:] |= tall
    mask[:-1] |= tall
    return mask[int(above) : rows - int(below)]


def _distance(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    # Unsigned: the difference of the larger and the smaller, without wrapping around.
    larger: NDArray[Any] = np.maximum(a, b)
    larger -= np.minimum(a, b)
    return larger
