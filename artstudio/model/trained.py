"""Trained weights as text within a recipe: the network's numbers as they are, float32, little-endian, in base64.

In order from the first layer to the output: each layer's weights row by row, then its biases. Nothing is compressed,
so the same weights are the same text on every machine: they count in the recipe's digest.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput
from artstudio.model.calibration import Floats, calibrate

Layer = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Weights, (units, inputs), and biases, (units, 1)."""

MAX_TEXT = 1 << 20
"""Characters: about 196,000 weights."""

MOST_OUTPUTS = 7
"""As many as a colour model takes."""

_BRIGHTNESS = (0.2126, 0.7152, 0.0722)
"""The shares of red, green and blue in luminance (ITU-R BT.709)."""


def pack_layers(layers: Sequence[Layer]) -> str:
    """Return the layers of a network, the output layer last, as a recipe keeps them. Raises `BadInput` for too
    many."""
    flat = np.concatenate([np.ravel(part) for layer in layers for part in layer]).astype("<f4")
    text = b64encode(flat.tobytes()).decode("ascii")
    if len(text) > MAX_TEXT:
        raise BadInput(
            f"weights: expected at most {MAX_TEXT // 16 * 3} in a recipe, found {len(flat)}; train fewer units or"
            " layers"
        )
    return text


def unpack_layers(text: str, *, units: int, depth: int, inputs: int, skip: bool) -> list[Layer]:
    """Return the layers that `pack_layers` made text of, the output layer last. Raises `BadInput`.

    A network of `depth` hidden layers of so many `units`; with `skip` the `inputs` enter all but the first of them
    beside the layer before. How many outputs it has follows from the length.
    """
    flat = _numbers(text)
    columns = [inputs, *[units + inputs * skip] * (depth - 1)]
    hidden = sum(units * (count + 1) for count in columns)
    outputs, rest = divmod(len(flat) - hidden, units + 1)
    if rest or not 1 <= outputs <= MOST_OUTPUTS:
        raise BadInput(
            f"weights: expected {hidden} numbers and {units + 1} for each of up to {MOST_OUTPUTS} outputs, as {units}"
            f" units, {depth} hidden layers and {inputs} inputs need, found {len(flat)}; units, depth, features and"
            " fourier stay as they were trained"
        )
    layers, start = [], 0
    for rows, count in (*((units, count) for count in columns), (outputs, units)):
        middle, end = start + rows * count, start + rows * (count + 1)
        layers.append((flat[start:middle].reshape(rows, count), flat[middle:end].reshape(rows, 1)))
        start = end
    return layers


def _numbers(text: str) -> NDArray[np.float32]:
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        data = b""
    # Padding may be written in several ways; only one of them is ours.
    if not data or len(data) % 4 or b64encode(data).decode("ascii") != text:
        raise BadInput("weights: expected float32 numbers in base64, found something else")
    flat = np.frombuffer(data, "<f4").astype(np.float32)
    if not np.isfinite(flat).all():
        raise BadInput("weights: expected finite numbers, found infinity or nan")
    return flat


def fit_outputs(
    weights: NDArray[np.float32], bias: NDArray[np.float32], values: Floats, channels: int
) -> tuple[Floats, Floats]:
    """Return a trained output layer, float64, for a colour model of so many channels.

    `values` are the last hidden layer's over the calibration probe, (units, pixels).

    Where it has as many outputs, as it is. Else the outputs are mixed to one: three as red, green and blue make
    brightness, others count up from the first. It is standardised over the probe, as calibrated outputs are. One
    channel takes it as it is. Of several, channel k is 2 c_k s - c_k² for the mixed output s and centres c_k: largest
    where s is nearest to c_k, so that a softmax over them blends neighbours.
    """
    if len(weights) == channels:
        return weights.astype(np.float64), bias.astype(np.float64)
    mix = (
        np.array(_BRIGHTNESS) if len(weights) == 3 else np.linspace(-1, 1, len(weights)) if len(weights) > 1 else 1
    )
    mixed = np.atleast_1d(mix)[None] @ weights.astype(np.float64)
    scale, shift, _ = calibrate(mixed, values, np.zeros((1, 1)), 1.0, lambda z: z)
    if channels == 1:
        return scale * mixed, shift
    centres = np.linspace(-1.5, 1.5, channels)[:, None]
    return 2 * centres * scale * mixed, 2 * centres * shift - centres**2
