"""Plain networks for the lessons: initialised by a convention, not calibrated; outputs, gradients and training steps.

Calibration (`model/network.py`) sets every layer's scale anew, so it hides how gradients shrink; and over a hundred
layers of `identity` it magnifies rounding until it fills the picture. Each function here compiles its own small
float32 program.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from artstudio.compiled.kept import kept
from artstudio.model.activation.registry import differentiable, get_activation, needs_plugin
from artstudio.model.calibration import Floats
from artstudio.model.initialisation import NATURAL, find_init
from artstudio.model.network import forward
from artstudio.model.recipe import Recipe
from artstudio.model.weights import COLUMNS, LAYERS, raw_weights

Array = Any


class Network(NamedTuple):
    """Weights and biases, float32: those of the first hidden layer, of the other hidden layers, and of the output.

    Shapes: (units, inputs) and (units, 1); (depth - 1, units, units) and (depth - 1, units, 1); (channels, units) and
    (channels, 1).
    """

    first_weights: Array
    first_bias: Array
    hidden_weights: Array
    hidden_biases: Array
    output_weights: Array
    output_bias: Array


def plain_network(
    recipe: Recipe, inputs: int, *, init: str = NATURAL, gain: float = 1.0, bias: float = 0.0, channels: int = 1
) -> Network:
    """Return a network of a recipe's seed, units, depth and (first) activation, for so many input channels.

    Weights are the raw weights (mean 0, variance 1) times the deviation that `init` asks for, times `gain`; biases
    are raw biases times `bias`. The output layer has variance 1 / fan-in and no bias. Raises `BadInput` for an
    unknown initialisation.
    """
    variance = find_init(init, recipe.activation[0]).variance
    weights, biases = [], []
    fan_in = inputs
    for layer in range(recipe.depth):
        scale = gain * variance(fan_in, recipe.units, layer == 0) ** 0.5
        weights.append(scale * raw_weights(recipe.seed, layer, recipe.units, range(fan_in)).astype(np.float64))
        biases.append(bias * raw_weights(recipe.seed, layer, recipe.units, [COLUMNS["bias"]]).astype(np.float64))
        fan_in = recipe.units
    output = raw_weights(recipe.seed, LAYERS["output"], channels, range(recipe.units)).astype(np.float64)
    return Network(
        np.float32(weights[0]),
        np.float32(biases[0]),
        np.array(weights[1:], np.float32).reshape(-1, recipe.units, recipe.units),
        np.array(biases[1:], np.float32).reshape(-1, recipe.units, 1),
        np.float32(output / recipe.units**0.5),
        np.zeros((channels, 1), np.float32),
    )


def pre_activations(network: Network, activation: str, inputs: Floats) -> list[Floats]:
    """Return every hidden layer's pre-activations, (units, pixels), in float64, for inputs (channels, pixels)."""
    function, biases = get_activation(activation).function, [network.first_bias, *network.hidden_biases]
    found: list[Floats] = []

    def layer(number: int, z: Floats) -> Floats:
        found.append(z + biases[number])
        values: Floats = function(found[-1], np)
        return values

    forward([network.first_weights, *network.hidden_weights], inputs, layer)
    return found


def outputs(network: Network, activation: str, inputs: Floats) -> Floats:
    """Return the outputs, (channels, pixels), in float64, of the float32 parameters taken as exact numbers."""
    values = get_activation(activation).function(pre_activations(network, activation, inputs)[-1], np)
    found: Floats = network.output_weights.astype(np.float64) @ values + network.output_bias
    return found


def outputs_float32(network: Network, activation: str, inputs: Floats) -> NDArray[np.float32]:
    """Return the outputs, (channels, pixels), computed in float32."""
    return np.asarray(_program(activation, "outputs")(network, np.float32(inputs)))


def layer_gradients(
    network: Network, activation: str, inputs: Floats, *, depth: int | None = None
) -> NDArray[np.float32]:
    """Return d output / d z for every hidden layer's pre-activations z, (depth, units, pixels).

    The output is the network's first. With `depth` the output layer is put after so many hidden layers, and the
    others are left out. Slopes at breaks are the recorded ones: 0 for relu at 0.
    """
    layers = 1 + len(network.hidden_weights)
    depth = layers if depth is None else depth
    used = np.arange(1, layers) < depth
    gradients = _program(activation, "gradients")(network, np.float32(inputs), used)
    return np.asarray(gradients)[:depth]


def train(network: Network, activation: str, inputs: Floats, targets: Floats, *, rate: float) -> Network:
    """Return the network after one step of gradient descent on the mean squared error.

    `targets` are (channels, pixels); every weight and bias moves by `rate` times its gradient.
    """
    moved = _program(activation, "step")(network, np.float32(inputs), np.float32(targets), np.float32(rate))
    return Network(*map(np.asarray, moved))


@lru_cache(maxsize=32)
def _program(name: str, what: str) -> Any:
    function = differentiable(get_activation(name))

    def product(weights: Array, values: Array) -> Array:
        return jnp.matmul(weights, values, precision=jax.lax.Precision.HIGHEST)

    def forward(network: Network, inputs: Array, nudges: Array, used: Array) -> Array:
        # A nudge of zero on each pre-activation: the derivative by the nudge is the one by the pre-activation.
        values = function(product(network.first_weights, inputs) + network.first_bias + nudges[0])

        def layer(values: Array, parts: tuple[Array, ...]) -> tuple[Array, None]:
            # What is left out is known only at run time, so one compilation serves every depth.
            weights, bias, nudge, use = parts
            return jnp.where(use, function(product(weights, values) + bias + nudge), values), None

        parts = (network.hidden_weights, network.hidden_biases, nudges[1:], used)
        values, _ = jax.lax.scan(layer, values, parts)
        return product(network.output_weights, values) + network.output_bias

    def plain(network: Network, inputs: Array) -> Array:
        layers = 1 + len(network.hidden_weights)
        return forward(network, inputs, jnp.zeros((layers, 1, 1), jnp.float32), jnp.ones(layers - 1, bool))

    def gradients(network: Network, inputs: Array, used: Array) -> Array:
        nudges = jnp.zeros((1 + len(used), len(network.first_weights), inputs.shape[1]), jnp.float32)
        # Pixels do not meet, so the sum over them keeps each pixel's gradient apart.
        return jax.grad(lambda nudges: forward(network, inputs, nudges, used)[0].sum())(nudges)

    def step(network: Network, inputs: Array, targets: Array, rate: Array) -> Network:
        slope = jax.grad(lambda network: ((plain(network, inputs) - targets) ** 2).mean())(network)
        moved: Network = jax.tree.map(lambda value, gradient: value - rate * gradient, network, slope)
        return moved

    programs: dict[str, Callable[..., Any]] = {"outputs": plain, "gradients": gradients, "step": step}
    return kept(programs[what], "lesson", name, what, on_disk=not needs_plugin(name))
