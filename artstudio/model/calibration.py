"""Calibration of one layer: each unit's pre-activation gets the mean and the deviation that are wanted.

Rows of a layer are independent, so it is done in blocks of rows, which stay in a core's cache.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""float64; float32 where a network is calibrated coarsely."""

_BLOCK = 16
"""Rows of a layer in a block, at most."""

_PIECE = 2
"""Rows that an activation takes at a time. Its temporary arrays are 64 KB then, over the probe: from 128 KB on the
allocator may hand their pages back each time, which was seen to take four times as long."""

_SMALL_PRODUCT = 1 << 18
"""Multiply-adds up to which OpenBLAS stays on the calling thread."""

FLAT = 1e-5
"""A pre-activation that varies by less than this share of its size is constant: what is left is rounding."""


def calibrate(
    raw: Floats,
    values: Floats,
    raw_bias: Floats,
    gain: Floats | float,
    function: Callable[[Floats], Floats],
) -> tuple[Floats, Floats, Floats]:
    """Return each unit's scale and bias, (units, 1), and the layer's outputs over the probe, (units, pixels).

    The pre-activations raw @ values are shifted and scaled to mean 0 and deviation `gain`, a number or (units, 1),
    and half of `raw_bias`, (units, 1), times the gain is added. A unit that is constant gets scale 0. `function` is
    the activation, applied to a few rows at a time: it must be elementwise.
    """
    units = len(raw)
    gains = np.broadcast_to(np.asarray(gain, values.dtype), (units, 1))
    outputs = np.empty((units, values.shape[1]), values.dtype)

    def block(rows: slice) -> tuple[Floats, Floats]:
        z = product(raw[rows], values, outputs[rows])
        mean = z.mean(axis=1, keepdims=True)
        z -= mean
        deviation = np.sqrt(np.einsum("up,up->u", z, z)[:, None] / z.shape[1])
        flat = _is_flat(z, mean, deviation)
        scale = np.where(flat, 0.0, gains[rows] / np.where(flat, 1.0, deviation))
        centre = 0.5 * gains[rows] * raw_bias[rows]
        z *= scale
        z += centre
        for first in range(0, len(z), _PIECE):
            z[first : first + _PIECE] = function(z[first : first + _PIECE])
        return scale, centre - mean * scale

    blocks = [block(slice(first, first + _BLOCK)) for first in range(0, units, _BLOCK)]
    scales, biases = zip(*blocks, strict=True)
    return np.concatenate(scales), np.concatenate(biases), outputs


def _is_flat(z: Floats, mean: Floats, deviation: Floats) -> NDArray[np.bool_]:
    """Return which rows are constant but for rounding, (rows, 1): centred rows, their means and deviations."""
    # No value is farther from the mean than this; so rows that vary visibly, which is nearly all, need no look.
    bound = np.abs(mean) + z.shape[1] ** 0.5 * deviation
    if (deviation > FLAT * bound).all():
        return np.zeros(mean.shape, np.bool_)
    largest = np.abs(z + mean).max(axis=1, keepdims=True)
    return np.asarray(deviation <= FLAT * largest)


def product(weights: Floats, values: Floats, out: Floats | None = None) -> Floats:
    """Return the matrix product weights @ values, in `out` if given, computed on the calling thread.

    OpenBLAS would wake its own threads, which go on spinning after the product and take a core from the
    renderer: a fifth of a 1080p render on two cores. Blocks this small it computes on the calling thread.
    """
    result = np.empty((len(weights), values.shape[1]), values.dtype) if out is None else out
    columns = _SMALL_PRODUCT // weights.size
    if len(weights) == 1 or columns < 16:
        np.einsum("ui,ip->up", weights, values, out=result)
        return result
    for start in range(0, values.shape[1], columns):
        np.matmul(weights, values[:, start : start + columns], out=result[:, start : start + columns])
    return result
