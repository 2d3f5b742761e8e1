"""Raw weights: the same numbers for a seed on every machine, in every library version, and in a browser.

They come from `pcg4d`, an integer counter hash (Jarzynski and Olano, "Hash Functions for GPU Rendering",
JCGT 9(3), 2020), so a weight depends only on its own address (seed, layer, row, column): more units, more
layers or another feature leave all other weights as they were.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = Any

_DRAWN = ("output", "hue", "fourier", "warp 0", "warp 1", "warp 2", "latent", "loop", "origin")

LAYERS: Mapping[str, int] = MappingProxyType({name: 2**32 - 1 - i for i, name in enumerate(_DRAWN)})
"""The layer numbers of what is drawn besides the hidden layers, which count from 0, whatever the depth.

`output`: the output weights; `hue`: a seed's own base hue; `fourier`: frequencies; `warp`: two hidden layers and the
two shifts; `latent`: values that the seed draws; `loop`: the directions of a latent loop;
`origin`: where distances are measured from.
"""

COLUMNS: Mapping[str, int] = MappingProxyType(
    {"fourier": 1 << 12, "latent": 1 << 16, "skip": 1 << 20, "mix": 2**32 - 2, "bias": 2**32 - 1}
)
"""The column numbers of what is not a feature's: the first of the random Fourier channels and of the latent values,
what is added to an input's where it enters a later layer, the draw of a mixed layer's activations, the biases.
"""

_PLUGINS = 1 << 24
"""The first column of plugins' features; up to 2^20 of them follow, and the columns of their skip connections."""


def plugin_column(name: str) -> int:
    """Return the first of 16 weight columns for a plugin's feature: the same wherever the plugin is installed."""
    return _PLUGINS + 16 * (zlib.crc32(name.encode()) % 2**16)


_SQRT3 = np.float32(3.0**0.5)


def pcg4d(x: Array, y: Array, z: Array, w: Array, xp: Any = np) -> tuple[Array, Array, Array, Array]:
    """Hash four uint32 counters (broadcast together) to four uint32 values, each uniform over all bits.

    `xp` is `numpy` or `jax.numpy`.
    """
    counters = (xp.asarray(v).astype(xp.uint32) for v in (x, y, z, w))
    a, b, c, d = (v * xp.uint32(1664525) + xp.uint32(1013904223) for v in counters)
    a, b, c, d = _mix(a, b, c, d)
    a, b, c, d = (v ^ (v >> xp.uint32(16)) for v in (a, b, c, d))
    return _mix(a, b, c, d)


def _mix(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array, Array, Array]:
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
    bits = _bits(seed, layer, rows, columns)[0]
    unit = (bits >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-23) - np.float32(1)
    weights: NDArray[np.float32] = unit * _SQRT3
    return weights


def uniform(seed: int, layer: int, rows: int, columns: ArrayLike) -> NDArray[np.float64]:
    """Return numbers uniform on [0, 1), float64 (rows, len(columns)), independent of the raw weights there."""
    bits = _bits(seed, layer, rows, columns)[1]
    draws: NDArray[np.float64] = (bits >> np.uint32(8)).astype(np.float64) * 2.0**-24
    return draws


def _bits(seed: int, layer: int, rows: int, columns: ArrayLike) -> tuple[Array, ...]:
    row = np.arange(rows, dtype=np.uint32)[:, None]
    column = np.asarray(columns, np.uint32)[None, :]
    with np.errstate(over="ignore"):  # wrapping around is what the hash is made of
        return pcg4d(np.uint32(seed), np.uint32(layer), row, column)
