"""Linearity: without activations any stack of layers is one affine layer; with them it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.engine.render import render
from artstudio.errors import BadInput
from artstudio.figures.lessons.lesson import MAX_UNITS, Table, check_number
from artstudio.figures.lessons.networks import Network, outputs, outputs_float32, plain_network
from artstudio.model.activation.registry import get_activation
from artstudio.model.calibration import Floats
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import GAMUTS
from artstudio.model.colour.palettes import palette_oklab
from artstudio.model.network import build_params, probe_inputs
from artstudio.model.recipe import Recipe

PIXELS = (480, 270)

_GAIN, _BIAS = 1.5, 0.2
"""Rich pictures with tanh at any depth; to `identity` a factor is nothing."""


@dataclass(frozen=True)
class Depth:
    """One depth. Differences are relative to the greatest output over the probe of 64 x 64 pixels.

    `double` and `single`: the deep identity network against its collapsed layer in float64 and in float32; `levels`:
    the greatest difference between their pictures, of 255; `beyond`: the share of the other network's output (its
    variance over the probe) that no affine layer explains, by least squares.
    """

    depth: int
    double: float
    single: float
    levels: int
    beyond: float
    identity_picture: NDArray[np.uint8]
    collapsed_picture: NDArray[np.uint8]
    other_picture: NDArray[np.uint8]


@dataclass(frozen=True)
class Linearity:
    """What the lesson shows: three depths, and the activation beside `identity`."""

    seed: int
    units: int
    other: str
    depths: tuple[Depth, ...]

    def tables(self) -> list[Table]:
        """One row a depth."""
        headers = ("depth", "float64", "float32", "levels of 255", f"{self.other}: beyond any single layer")
        rows = tuple((d.depth, d.double, d.single, d.levels, d.beyond) for d in self.depths)
        title = "identity: largest difference from the collapsed layer, relative to the output"
        return [Table(title, headers, rows, ("", ".2g", ".2g", "", ".1%"))]

    def words(self) -> str:
        """How near the layers come to one, and what an activation changes."""
        last = self.depths[-1]
        return (
            f"Without an activation a stack of layers is one affine map, W'x + b'. At {last.depth} layers the outputs"
            f" of the stack and of the single layer differ by {last.double:.1g} of the largest in float64, and the"
            f" pictures by at most {last.levels} of 255 levels. With {self.other} no single layer does it: the best"
            f" leaves {last.beyond:.0%} of the variance unexplained."
        )

    def document(self) -> dict[str, Any]:
        """All numbers; no pixels."""
        names = ("depth", "double", "single", "levels", "beyond")
        rows = [{name: getattr(d, name) for name in names} for d in self.depths]
        return {"seed": self.seed, "units": self.units, "other": self.other, "depths": rows}


def measure(
    *, seed: int = 3, units: int = 24, depth: int = 100, activation: Sequence[str] = ("tanh",),
    palette: str | Sequence[str] | None = None,
) -> Linearity:  # fmt: skip
    """Compare networks of depth 1, about sqrt(depth) and depth with their collapsed layers. Raises `BadInput`.

    The inputs are x and y alone: the distance r would not be affine. Weights are plain ones, not calibrated.
    """
    if len(activation) != 1:
        raise BadInput(f"activation: expected one beside identity, found {len(activation)}")
    check_number("units", units, 1, MAX_UNITS)
    check_number("depth", depth, 4, 128)
    other = get_activation(activation[0]).name
    base = Recipe(seed=seed, units=units, features=("x", "y"), activation="identity")
    base = base.replace(palette=palette) if palette is not None else base
    depths = tuple(_depth(base.replace(depth=d), other) for d in (1, round(depth**0.5), depth))
    return Linearity(base.seed, units, other, depths)


def _depth(recipe: Recipe, other: str) -> Depth:
    inputs = probe_inputs(recipe)
    network = lesson_network(recipe, inputs)
    weights, bias = collapse(network)
    single = collapsed_network(network)
    deep = outputs(network, "identity", inputs)
    scale = float(np.abs(deep).max())
    in_float32 = outputs_float32(network, "identity", inputs), outputs_float32(single, "identity", inputs)
    crooked = recipe.replace(activation=other)
    bent = lesson_network(crooked, inputs)
    with np.errstate(all="ignore"):  # within an expression: what it gives is always finite
        bent_outputs = outputs(bent, other, inputs)
    pictures = [
        _paint(recipe, network, deep), _paint(recipe.replace(depth=1), single, deep),
        _paint(crooked, bent, bent_outputs),
    ]  # fmt: skip
    return Depth(
        depth=recipe.depth,
        double=float(np.abs(deep - (weights @ inputs + bias)).max()) / scale,
        single=float(np.abs(np.subtract(*in_float32, dtype=np.float64)).max()) / scale,
        levels=int(np.abs(pictures[0].astype(int) - pictures[1]).max()),
        beyond=beyond_affine(inputs, bent_outputs),
        identity_picture=pictures[0],
        collapsed_picture=pictures[1],
        other_picture=pictures[2],
    )


def lesson_network(recipe: Recipe, inputs: Floats) -> Network:
    """Return the lesson's network: LeCun's variance, times 1.5 squared, and small biases."""
    channels = COLOUR_MODELS[recipe.colour].channels(palette_oklab(recipe.palette).shape[1])
    return plain_network(recipe, len(inputs), init="lecun", gain=_GAIN, bias=_BIAS, channels=channels)


def collapse(network: Network) -> tuple[Floats, Floats]:
    """Return W' = Wn ... W1, (channels, inputs), and b', (channels, 1): the one layer that an identity network is.

    In float64, from the float32 parameters as exact numbers: W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2).
    """
    weights, bias = network.first_weights.astype(np.float64), network.first_bias.astype(np.float64)
    rest = zip(network.hidden_weights, network.hidden_biases, strict=True)
    for w, b in (*rest, (network.output_weights, network.output_bias)):
        weights, bias = w.astype(np.float64) @ weights, w.astype(np.float64) @ bias + b
    return weights, bias


def collapsed_network(network: Network) -> Network:
    """Return the collapsed layer as a network that the renderer takes: it is the only layer that does anything.

    Its channels stand in the first units of a hidden identity layer, and the output layer hands them on.
    """
    weights, bias = collapse(network)
    channels, units = len(weights), len(network.first_weights)
    first = np.zeros_like(network.first_weights)
    first_bias = np.zeros_like(network.first_bias)
    first[:channels], first_bias[:channels] = weights, bias
    return network._replace(
        first_weights=first,
        first_bias=first_bias,
        hidden_weights=network.hidden_weights[:0],
        hidden_biases=network.hidden_biases[:0],
        output_weights=np.eye(channels, units, dtype=np.float32),
        output_bias=np.zeros_like(network.output_bias),
    )


def beyond_affine(inputs: Floats, outputs: Floats) -> float:
    """Return the share of the outputs' variance, 0 to 1, that the best affine map of the inputs leaves over."""
    columns = np.vstack([inputs, np.ones(inputs.shape[1])]).T
    centred = (outputs - outputs.mean(axis=1, keepdims=True)).T
    fit = columns @ np.linalg.lstsq(columns, centred, rcond=None)[0]
    total = float((centred**2).sum())
    return float(((centred - fit) ** 2).sum()) / total if total else 0.0


def _paint(recipe: Recipe, network: Network, outputs: Floats) -> NDArray[np.uint8]:
    """Render with a plain network's weights, its colours fitted to its `outputs` over the calibration probe."""
    width, height = PIXELS
    model, palette = COLOUR_MODELS[recipe.colour], palette_oklab(recipe.palette)
    colour = model.prepare(outputs, palette, recipe.seed, GAMUTS[recipe.gamut])
    params = build_params(recipe)._replace(**network._asdict(), colour=colour)
    return render(recipe, width=width, height=height, params=params)
