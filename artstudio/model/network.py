"""The network: raw weights, calibrated on a fixed probe, folded into a plain multilayer perceptron.

Calibration is what makes every activation expressive. Layer by layer, each unit's pre-activation is
standardised over a 64 x 64 probe of [-1, 1]^2, scaled by the activation's own gain times the recipe's, and
shifted by half of a raw bias times that gain; the outputs likewise with gain 1. All of it is folded into
weights and biases, in float64, and rounded to float32 once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artstudio.model.activations import ACTIVATIONS, get_activation
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import compute_features, parse_symmetry, weight_columns
from artstudio.model.palettes import palette_oklab
from artstudio.model.recipe import Recipe
from artstudio.model.weights import BIAS_COLUMN, OUTPUT_LAYER, raw_weights

Array = Any
Floats = NDArray[np.float64]

Functions = tuple[Callable[[Array, Any], Array], ...]
"""Activation functions of an array and its module, in the order that `Params.activations` counts through."""

PROBE_SIZE = 64

_SMALL_PRODUCT = 1 << 18
"""Multiply-adds up to which OpenBLAS stays on the calling thread."""

_FLAT = 1e-5
"""A pre-activation that varies by less than this share of its size is constant: what is left is rounding."""


class Params(NamedTuple):
    """A calibrated network as arrays, all float32 but for `activations` (int32, an index a hidden layer).

    Shapes: first (units, inputs) and (units, 1); hidden (depth - 1, units, units) and (depth - 1, units, 1);
    output (channels, units) and (channels, 1). `colour` is what the colour model prepared.
    """

    first_weights: Array
    first_bias: Array
    hidden_weights: Array
    hidden_biases: Array
    output_weights: Array
    output_bias: Array
    activations: Array
    colour: dict[str, Array]


def own_activations(recipe: Recipe) -> tuple[str, ...]:
    """Return the recipe's activations that are expressions of its own, each once."""
    return tuple(dict.fromkeys(name for name in recipe.layer_activations() if name not in ACTIVATIONS))


def activation_functions(own: tuple[str, ...] = ()) -> Functions:
    """The functions that `Params.activations` counts through: the registry, in its order, then a recipe's own."""
    return tuple(get_activation(name).function for name in activation_names(own))


def activation_names(own: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The names that `Params.activations` counts through."""
    return (*ACTIVATIONS, *own)


def probe_inputs(recipe: Recipe) -> Floats:
    """Return the network's input channels over the calibration probe, float64 (channels, 64 * 64)."""
    axis = (2 * np.arange(PROBE_SIZE) + 1) / PROBE_SIZE - 1
    y, x = (grid.ravel() for grid in np.meshgrid(axis, axis, indexing="ij"))
    symmetry, folds = parse_symmetry(recipe.symmetry)
    inputs: Floats = compute_features(recipe.features, *symmetry.function(x, y, folds, np), np)
    return inputs


def build_params(recipe: Recipe) -> Params:
    """Return the calibrated parameters of a recipe, as NumPy arrays.

    The latent values are left out of the calibration (it would cancel them, being constant over the
    picture) and added to the first layer's biases, so that they move the picture smoothly.
    """
    latent = np.array(recipe.latent, np.float64)
    columns = weight_columns(recipe.features, len(latent))
    values = probe_inputs(recipe)
    weights: list[Floats] = []
    biases: list[Floats] = []
    for layer, name in enumerate(recipe.layer_activations()):
        activation = get_activation(name)
        gain = activation.gain * recipe.gain
        raw = raw_weights(recipe.seed, layer, recipe.units, columns).astype(np.float64)
        raw, moving = raw[:, : len(values)], raw[:, len(values) :]
        scale, bias, z = _standardise(raw, values, _raw_bias(recipe.seed, layer, recipe.units), gain)
        if layer == 0:
            bias = bias + scale * (moving * latent).sum(axis=1, keepdims=True)
            columns = list(range(recipe.units))
        values = activation.function(z, np)
        weights.append(scale * raw)
        biases.append(bias)
    model, palette = COLOUR_MODELS[recipe.colour], palette_oklab(recipe.palette)
    channels = model.channels(palette.shape[1])
    raw = raw_weights(recipe.seed, OUTPUT_LAYER, channels, columns).astype(np.float64)
    scale, bias, outputs = _standardise(raw, values, np.zeros((channels, 1)), 1.0)
    order = activation_names(own_activations(recipe))
    return Params(
        first_weights=np.float32(weights[0]),
        first_bias=np.float32(biases[0]),
        hidden_weights=np.array(weights[1:], np.float32).reshape(-1, recipe.units, recipe.units),
        hidden_biases=np.array(biases[1:], np.float32).reshape(-1, recipe.units, 1),
        output_weights=np.float32(scale * raw),
        output_bias=np.float32(bias),
        activations=np.array([order.index(name) for name in recipe.layer_activations()], np.int32),
        colour=model.prepare(outputs, palette, recipe.seed),
    )


def pre_activations(params: Params, names: tuple[str, ...], inputs: Floats) -> list[Floats]:
    """Return every hidden layer's pre-activations, (units, pixels), in float64 for inputs (channels, pixels).

    `names` are the activations of the hidden layers.
    """
    weights = [params.first_weights, *params.hidden_weights]
    biases = [params.first_bias, *params.hidden_biases]
    found: list[Floats] = []
    values = inputs
    for name, w, b in zip(names, weights, biases, strict=True):
        found.append(np.einsum("ui,ip->up", w.astype(np.float64), values) + b)
        values = get_activation(name).function(found[-1], np)
    return found


def _raw_bias(seed: int, layer: int, rows: int) -> Floats:
    return raw_weights(seed, layer, rows, [BIAS_COLUMN]).astype(np.float64)


def _standardise(raw: Floats, values: Floats, raw_bias: Floats, gain: float) -> tuple[Floats, Floats, Floats]:
    """Return each unit's scale and bias, (units, 1), and the standardised pre-activations over the probe."""
    z = _product(raw, values)
    mean, deviation = z.mean(axis=1, keepdims=True), z.std(axis=1, keepdims=True)
    flat = deviation <= _FLAT * np.abs(z).max(axis=1, keepdims=True)
    scale = np.where(flat, 0.0, gain / np.where(flat, 1.0, deviation))
    bias = 0.5 * gain * raw_bias - mean * scale
    return scale, bias, scale * z + bias


def _product(weights: Floats, values: Floats) -> Floats:
    """The matrix product weights @ values, on one thread.

    OpenBLAS would wake its own threads, which go on spinning after the product and take a core from the
    renderer: a fifth of a 1080p render on two cores. Blocks this small it computes on the calling thread.
    """
    columns = _SMALL_PRODUCT // weights.size
    if len(weights) == 1 or columns < 16:
        product: Floats = np.einsum("ui,ip->up", weights, values)
        return product
    starts = range(0, values.shape[1], columns)
    return np.concatenate([weights @ values[:, start : start + columns] for start in starts], axis=1)


def apply(params: Params, inputs: Array, functions: Functions) -> Array:
    """Evaluate the network under JAX: inputs (channels, pixels) -> outputs (channels, pixels), float32.

    `functions` are the candidates that `params.activations` counts through; which one a layer uses is
    known only at run time, so one compilation serves them all.
    """
    import jax
    import jax.numpy as jnp

    def product(weights: Array, values: Array) -> Array:
        # Full float32: a GPU would otherwise be free to use its tensor cores' shorter format.
        return jnp.matmul(weights, values, precision=jax.lax.Precision.HIGHEST)

    # The bias is added inside the branch, where it fuses with the activation into one pass over memory.
    branches = [lambda z, bias, function=function: function(z + bias, jnp) for function in functions]

    def layer(values: Array, parts: tuple[Array, Array, Array]) -> tuple[Array, None]:
        weights, bias, index = parts
        return jax.lax.switch(index, branches, product(weights, values), bias), None

    values, _ = layer(inputs, (params.first_weights, params.first_bias, params.activations[0]))
    rest = (params.hidden_weights, params.hidden_biases, params.activations[1:])
    values, _ = jax.lax.scan(layer, values, rest)
    return product(params.output_weights, values) + params.output_bias
