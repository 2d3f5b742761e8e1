"""What the lessons compute with real networks: plain ones, without calibration; outputs and gradients by JAX.

Calibration (`model/network.py`) sets every layer's scale anew, so it hides how gradients shrink; and over a hundred
layers of `identity` it magnifies rounding until it fills the picture. Lessons that need neither use `plain_params`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from artstudio.model.activations import differentiable, get_activation
from artstudio.model.calibration import Floats
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.network import Params, probe_inputs
from artstudio.model.oklab import GAMUTS
from artstudio.model.palettes import palette_oklab
from artstudio.model.recipe import Recipe
from artstudio.model.weights import BIAS_COLUMN, OUTPUT_LAYER, raw_weights

Array = Any


def plain_params(recipe: Recipe, *, gain: float = 1.0, bias: float = 0.0, push: float = 0.0) -> Params:
    """Return conventionally initialised parameters of a recipe with one activation, as NumPy arrays.

    Weights are the raw weights (zero mean, unit variance) times gain / sqrt(fan-in), the scaling of LeCun et al.,
    "Efficient BackProp", 1998, section 4.6; biases are raw biases times `bias`, 0 as usual by default. `push`
    lowers every bias further, by that many standard deviations of the unit's own pre-activation over the
    calibration probe. The output layer has gain 1 and no bias. Features are x, y ... as the recipe says; latent
    values are left out.
    """
    values = probe_inputs(recipe)
    function = get_activation(recipe.activation[0]).function
    weights: list[Floats] = []
    biases: list[Floats] = []
    for layer in range(recipe.depth):
        fan_in = len(values)
        w = raw_weights(recipe.seed, layer, recipe.units, range(fan_in)).astype(np.float64) * gain / fan_in**0.5
        z = w @ values
        b = bias * raw_weights(recipe.seed, layer, recipe.units, [BIAS_COLUMN]).astype(np.float64)
        b = b - push * z.std(axis=1, keepdims=True)
        weights.append(w)
        biases.append(b)
        with np.errstate(all="ignore"):  # within an expression: what it gives is always finite
            values = function(z + b, np)
    model, palette = COLOUR_MODELS[recipe.colour], palette_oklab(recipe.palette)
    channels = model.channels(palette.shape[1])
    raw = raw_weights(recipe.seed, OUTPUT_LAYER, channels, range(recipe.units)).astype(np.float64)
    output = raw / recipe.units**0.5
    return Params(
        first_weights=np.float32(weights[0]),
        first_bias=np.float32(biases[0]),
        hidden_weights=np.array(weights[1:], np.float32).reshape(-1, recipe.units, recipe.units),
        hidden_biases=np.array(biases[1:], np.float32).reshape(-1, recipe.units, 1),
        output_weights=np.float32(output),
        output_bias=np.zeros((channels, 1), np.float32),
        activations=np.zeros(recipe.depth, np.int32),
        frequencies=np.zeros((2, 0), np.float32),
        warp={},
        finish={},
        colour=model.prepare(output @ values, palette, recipe.seed, GAMUTS[recipe.gamut]),
    )


def outputs_float32(params: Params, activation: str, inputs: Floats) -> NDArray[np.float32]:
    """Return the outputs, (channels, pixels), as the renderer's own float32 program computes them.

    `activation` is the one of every hidden layer; inputs are (channels, pixels).
    """
    return np.asarray(_forward(activation)(params._replace(colour={}), np.float32(inputs)))


def layer_gradients(
    params: Params, activation: str, inputs: Floats, *, depth: int | None = None
) -> NDArray[np.float32]:
    """Return d output / d z for every hidden layer's pre-activations z, (depth, units, pixels).

    The output is the network's first; `activation` is the one of every hidden layer; inputs are (channels,
    pixels). With `depth` the output layer is put after so many hidden layers, and the others are left out. Slopes
    at breaks are the recorded ones: 0 for relu at 0.
    """
    layers = len(params.activations)
    depth = layers if depth is None else depth
    used = np.arange(1, layers) < depth
    gradients = _gradients(activation)(params._replace(colour={}), np.float32(inputs), used)
    return np.asarray(gradients)[:depth]


def product(weights: Array, values: Array) -> Array:
    """Return the matrix product in full float32."""
    return jnp.matmul(weights, values, precision=jax.lax.Precision.HIGHEST)


@lru_cache(maxsize=8)
def _forward(name: str) -> Any:
    function = get_activation(name).function

    def forward(params: Params, inputs: Array) -> Array:
        def layer(values: Array, parts: tuple[Array, Array]) -> tuple[Array, None]:
            weights, bias = parts
            return function(product(weights, values) + bias, jnp), None

        values = function(product(params.first_weights, inputs) + params.first_bias, jnp)
        values, _ = jax.lax.scan(layer, values, (params.hidden_weights, params.hidden_biases))
        return product(params.output_weights, values) + params.output_bias

    return jax.jit(forward)


@lru_cache(maxsize=32)
def _gradients(name: str) -> Any:
    function = differentiable(get_activation(name))

    def total(nudges: Array, params: Params, inputs: Array, used: Array) -> Array:
        # A nudge of zero on each pre-activation: the derivative by the nudge is the one by the pre-activation.
        # Pixels do not meet, so the sum over them keeps each pixel's gradient apart.
        values = function(product(params.first_weights, inputs) + params.first_bias + nudges[0])

        def layer(values: Array, parts: tuple[Array, ...]) -> tuple[Array, None]:
            # What is left out is known only at run time, so one compilation serves every depth.
            weights, bias, nudge, use = parts
            return jnp.where(use, function(product(weights, values) + bias + nudge), values), None

        parts = (params.hidden_weights, params.hidden_biases, nudges[1:], used)
        values, _ = jax.lax.scan(layer, values, parts)
        return product(params.output_weights[:1], values).sum()

    def gradients(params: Params, inputs: Array, used: Array) -> Array:
        nudges = jnp.zeros((1 + len(used), len(params.first_weights), inputs.shape[1]), jnp.float32)
        return jax.grad(total)(nudges, params, inputs, used)

    return jax.jit(gradients)
