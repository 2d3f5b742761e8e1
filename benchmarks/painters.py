"""The peers: the same picture in NumPy, PyTorch and numba, each as a user of it would write it for speed.

Each takes the calibrated network, tiles the picture so that a layer stays in the cache, and uses every core.
PyTorch and numba come with `pip install 'artstudio[bench]'`; what is not installed is left out.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from shutil import which

import numpy as np

from artstudio.model.network import build_params
from artstudio.model.recipe import Recipe

TILE = 2048

NUMPY = {
    "step": lambda z: (z >= 0).astype(np.float32),
    "relu": lambda z: np.maximum(z, 0, out=z),
    "tanh": lambda z: np.tanh(z, out=z),
    "sine": lambda z: np.sin(z, out=z),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "silu": lambda z: z / (1 + np.exp(-z)),
}


def coordinates(width: int, height: int) -> np.ndarray:
    """The inputs x, y and r of all pixels, float32 (3, pixels)."""
    short = min(width, height)
    x = ((2 * np.arange(width) + 1 - width) / short).astype(np.float32)
    y = ((2 * np.arange(height) + 1 - height) / short).astype(np.float32)
    x, y = (part.ravel() for part in np.meshgrid(x, y))
    return np.stack([x, y, np.hypot(x, y)])


def network(recipe: Recipe) -> tuple[list[tuple[np.ndarray, np.ndarray]], np.ndarray, np.ndarray]:
    """The layers, the output layer among them, as (weights, bias); the colour table and its address."""
    p = build_params(recipe)
    layers = [(p.first_weights, p.first_bias), *zip(p.hidden_weights, p.hidden_biases, strict=True)]
    return [*layers, (p.output_weights, p.output_bias)], p.colour["table"], p.colour["address"]


def colours(output: np.ndarray, table: np.ndarray, address: np.ndarray) -> np.ndarray:
    """Outputs (pixels,) -> uint8 (pixels, 3), by the nearest entry of the table."""
    index = np.clip(output * address[0] + address[1], 0, table.shape[1] - 1).astype(np.int32)
    return np.rint(table.T[index] * 255).astype(np.uint8)


def numpy_painter(recipe: Recipe, width: int, height: int) -> Callable[[], np.ndarray] | None:
    """NumPy, tiled, a thread a core."""
    activation = NUMPY.get(recipe.activation[0])
    if activation is None:
        return None
    layers, table, address = network(recipe)

    def paint() -> np.ndarray:
        inputs = coordinates(width, height)
        pixels = np.empty((width * height, 3), np.uint8)

        def tile(start: int) -> None:
            values = inputs[:, start : start + TILE]
            for weights, bias in layers[:-1]:
                values = activation(weights @ values + bias)
            output = layers[-1][0] @ values + layers[-1][1]
            pixels[start : start + TILE] = colours(output[0], table, address)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(tile, range(0, width * height, TILE)))
        return pixels.reshape(height, width, 3)

    return paint


def torch_painter(
    recipe: Recipe, width: int, height: int, compiled: bool = False
) -> Callable[[], np.ndarray] | None:
    """PyTorch, tiled, on its own threads: op by op, or `compiled` into loops of its own."""
    if find_spec("torch") is None or (compiled and not which("c++")):
        return None
    import torch

    functions = {
        "step": lambda z: (z >= 0).float(), "relu": torch.relu, "tanh": torch.tanh, "sine": torch.sin,
        "sigmoid": torch.sigmoid, "silu": torch.nn.functional.silu, "gelu": torch.nn.functional.gelu,
        "softmax": lambda z: torch.softmax(z, dim=0),
    } if compiled else {
        "step": lambda z: (z >= 0).float(), "relu": torch.relu_, "tanh": torch.tanh_, "sine": torch.sin_,
        "sigmoid": torch.sigmoid_, "silu": torch.nn.functional.silu, "gelu": torch.nn.functional.gelu,
        "softmax": lambda z: torch.softmax(z, dim=0),
    }  # fmt: skip
    activation = functions[recipe.activation[0]]
    layers, table, address = network(recipe)
    tensors = [(torch.from_numpy(np.array(w)), torch.from_numpy(np.array(b))) for w, b in layers]
    step = 8 * TILE

    def evaluate(values: torch.Tensor) -> torch.Tensor:
        for weights, bias in tensors[:-1]:
            values = activation(torch.addmm(bias, weights, values))
        return torch.addmm(tensors[-1][1], tensors[-1][0], values)[0]

    if compiled:
        evaluate = torch.compile(evaluate, dynamic=False)

    def paint() -> np.ndarray:
        # Filled up to whole tiles: a shape of its own for the last would be compiled once more.
        inputs = torch.from_numpy(np.pad(coordinates(width, height), ((0, 0), (0, -width * height % step))))
        pixels = np.empty((inputs.shape[1], 3), np.uint8)
        with torch.inference_mode():
            for start in range(0, len(pixels), step):
                output = evaluate(inputs[:, start : start + step].contiguous())
                pixels[start : start + step] = colours(output.numpy(), table, address)
        return pixels[: width * height].reshape(height, width, 3)

    return paint


def numba_painter(recipe: Recipe, width: int, height: int) -> Callable[[], np.ndarray] | None:
    """numba: loops over tiles side by side, each layer a product and an activation."""
    if find_spec("numba") is None:
        return None
    import math

    import numba

    @numba.njit(fastmath=True)
    def step(z):
        return np.float32(z >= 0)

    @numba.njit(fastmath=True)
    def relu(z):
        return max(z, np.float32(0))

    @numba.njit(fastmath=True)
    def tanh(z):
        return np.float32(math.tanh(z))

    @numba.njit(fastmath=True)
    def sine(z):
        return np.float32(math.sin(z))

    @numba.njit(fastmath=True)
    def sigmoid(z):
        return np.float32(1) / (np.float32(1) + np.float32(math.exp(-z)))

    @numba.njit(fastmath=True)
    def silu(z):
        return z * sigmoid(z)

    functions = {"step": step, "relu": relu, "tanh": tanh, "sine": sine, "sigmoid": sigmoid, "silu": silu}
    function = functions.get(recipe.activation[0])
    if function is None:
        return None
    layers, table, address = network(recipe)
    first, first_bias = (np.ascontiguousarray(part) for part in layers[0])
    hidden = np.stack([w for w, _ in layers[1:-1]])
    hidden_bias = np.stack([b[:, 0] for _, b in layers[1:-1]])
    last, last_bias = layers[-1][0][0].copy(), layers[-1][1][0, 0]
    table = np.ascontiguousarray(table.T)
    tile = 128

    @numba.njit(parallel=True, fastmath=True, nogil=True)
    def run(first, first_bias, hidden, hidden_bias, last, last_bias, table, scale, offset, pixels):
        units = len(first)
        short = np.float32(min(width, height))
        for number in numba.prange((width * height + tile - 1) // tile):
            values = np.empty((units, tile), np.float32)
            other = np.empty((units, tile), np.float32)
            start = number * tile
            for i in range(tile):
                row, column = divmod(start + i, width)
                x = np.float32(2 * column + 1 - width) / short
                y = np.float32(2 * row + 1 - height) / short
                r = np.float32(math.sqrt(x * x + y * y))
                for u in range(units):
                    z = first[u, 0] * x + first[u, 1] * y + first[u, 2] * r + first_bias[u, 0]
                    values[u, i] = function(z)
            for layer in range(len(hidden)):
                for u in range(units):
                    for i in range(tile):
                        other[u, i] = hidden_bias[layer, u]
                    for k in range(units):
                        w = hidden[layer, u, k]
                        for i in range(tile):
                            other[u, i] += w * values[k, i]
                    for i in range(tile):
                        other[u, i] = function(other[u, i])
                values, other = other, values
            for i in range(min(tile, width * height - start)):
                total = last_bias
                for u in range(units):
                    total += last[u] * values[u, i]
                index = int(min(max(total * scale + offset, np.float32(0)), np.float32(len(table) - 1)))
                for c in range(3):
                    pixels[start + i, c] = np.uint8(round(table[index, c] * 255))

    def paint() -> np.ndarray:
        pixels = np.empty((width * height, 3), np.uint8)
        run(first, first_bias, hidden, hidden_bias, last, last_bias, table, address[0], address[1], pixels)
        return pixels.reshape(height, width, 3)

    return paint


PEERS = {
    "numpy": numpy_painter,
    "torch": torch_painter,
    "torch.compile": partial(torch_painter, compiled=True),
    "numba": numba_painter,
}
