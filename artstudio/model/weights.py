"""Raw weights: the same numbers for a seed on every machine, in every library version, and in a browser.

They come from `pcg4d`, an integer counter hash (Jarzynski and Olano, "Hash Functions for GPU Rendering",
JCGT 9(3), 2020), so a weight depends only on its own address (seed, layer, row, column): more units, more
layers or another feature leave all other weights as they were.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

OUTPUT_LAYER = 2**32 - 1
"""The layer number of the output weights, whatever the depth."""

BIAS_COLUMN = 2**32 - 1
"""The column number of the biases, whatever the number of inputs."""

_SQRT3 = np.float32(3.0**0.5)


def pcg4d(x: ArrayLike, y: ArrayLike, z: ArrayLike, w: ArrayLike) -> tuple[NDArray[np.uint32], ...]:
    """Hash four uint32 counters (broadcast together) to four uint32 values, each uniform over all bits."""
    a, b, c, d = (np.asarray(v, np.uint32) * np.uint32(1664525) + np.uint32(1013904223) for v in (x, y, z, w))
    a, b, c, d = np.broadcast_arrays(a, b, c, d)
    a, b, c, d = _mix(a, b, c, d)
    a, b, c, d = (v ^ (v >> np.uint32(16)) for v in (a, b, c, d))
    return _mix(a, b, c, d)


def _mix(
    a: NDArray[np.uint32], b: NDArray[np.uint32], c: NDArray[np.uint32], d: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], ...]:
    a = a + b * d
    b = b + c * a
    c = c + a * b
    d = d + b * c
    return a, b, c, d


def raw_weights(seed: int, layer: int, rows: int, columns: ArrayLike) -> NDArray[np.float32]:
    """Return raw weights, float32 (rows, len(columns)), uniform on [-sqrt 3, sqrt 3): zero mean, unit variance.

    `columns` are the column numbers wanted (an array of uint32), so that inputs may be left out or added
    without changing the weights of the others. The top 24 bits of the hash are exactly a float32, and one
    rounding follows: the result is identical to the bit everywhere.
    """
    row = np.arange(rows, dtype=np.uint32)[:, None]
    column = np.asarray(columns, np.uint32)[None, :]
    with np.errstate(over="ignore"):  # wrapping around is what the hash is made of
        bits = pcg4d(np.uint32(seed), np.uint32(layer), row, column)[0]
    unit = (bits >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)
    return unit * _SQRT3
