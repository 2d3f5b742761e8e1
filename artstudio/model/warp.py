"""The domain warp: a second, small network that bends the coordinates before the features see them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.model.activation.special import sine
from artstudio.model.colour.prepared import Part
from artstudio.model.features import torus
from artstudio.model.weights import COLUMNS, LAYERS, raw_weights

Array = Any
Prepared = dict[str, Any]
"""float32 arrays and numbers by name."""

WARP_UNITS = 12

WARP_LAYERS = tuple(number for name, number in LAYERS.items() if name.startswith("warp "))

GAIN, FIRST_SCALE = 1.2, 1.5
"""Of its hidden layers; the factor on the weights of the first."""

WARP_PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "w0": Part((WARP_UNITS, 4), "around"),
        "b0": Part((WARP_UNITS, 1), "around"),
        "w1": Part((WARP_UNITS, WARP_UNITS), "around"),
        "b1": Part((WARP_UNITS, 1), "around"),
        "w2": Part((2, WARP_UNITS), "around"),
        "b2": Part((2, 1), "around"),
        "scale": Part(),
    }
)
"""What a warp prepares."""


def build_warp(
    seed: int, amount: float, scale: float, seamless: bool, x: NDArray[np.float64], y: NDArray[np.float64]
) -> Prepared:
    """Return the warp's parameters, standardised over the probe's coordinates x and y, (pixels,).

    The shifts have zero mean over the probe, and the deviation `amount` in canvas units. `scale` is how many
    times finer than the canvas the bends are; a seamless warp bends the torus instead, as it is.
    """
    values = np.stack(torus(x, y, np) if seamless else [x * scale, y * scale])
    found: Prepared = {}
    for number, layer in enumerate(WARP_LAYERS):
        last = number == len(WARP_LAYERS) - 1
        rows, gain = (2, amount) if last else (WARP_UNITS, GAIN)
        raw = raw_weights(seed, layer, rows, range(len(values))).astype(np.float64)
        z = np.einsum("ui,ip->up", raw, values)
        mean, deviation = z.mean(axis=1, keepdims=True), z.std(axis=1, keepdims=True)
        # The first layer keeps the waves' length as it comes: standardised, it would undo `scale`.
        factor = gain * (FIRST_SCALE if number == 0 and not seamless else 1 / deviation)
        bias = -mean * factor
        if not last:
            bias = bias + raw_weights(seed, layer, rows, [COLUMNS["bias"]]).astype(np.float64)
        found[f"w{number}"], found[f"b{number}"] = np.float32(factor * raw), np.float32(bias)
        values = sine(factor * z + bias, np)
    found["scale"] = np.float32(scale)
    return found


def bend(params: Prepared, seamless: bool, x: Array, y: Array, xp: Any) -> tuple[Array, Array]:
    """Return the coordinates x and y, (pixels,), shifted by the warp."""
    scale = params["scale"]
    values = torus(x, y, xp) if seamless else [x * scale, y * scale]
    for number in range(len(WARP_LAYERS) - 1):
        values = sine(_layer(params, number, values), xp)
    shift = _layer(params, len(WARP_LAYERS) - 1, values)
    return x + shift[0], y + shift[1]


def _layer(params: Prepared, number: int, values: Any) -> Array:
    # A sum written out: its order is the same for every strip, and no device computes it in reduced precision.
    w, total = params[f"w{number}"], params[f"b{number}"]
    for i in range(w.shape[1]):
        total = total + w[:, i, None] * values[i][None]
    return total
