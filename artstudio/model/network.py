"""The network: raw weights, calibrated on a fixed probe, folded into a plain multilayer perceptron.

Calibration is what makes every activation expressive. Layer by layer, each unit's pre-activation is
standardised over a 64 x 64 probe of [-1, 1]^2, scaled by the activation's own gain times the recipe's, and
shifted by half of a raw bias times that gain; the outputs likewise with gain 1. All of it is folded into
weights and biases, in float64, and rounded to float32 once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from artstudio.model.activation.mix import activation_parts, draw_parts, is_mix
from artstudio.model.activation.registry import get_activation
from artstudio.model.calibration import Floats, calibrate, product
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import GAMUTS
from artstudio.model.colour.palettes import palette_oklab
from artstudio.model.features import compute_features, fourier_frequencies, parse_symmetry, weight_columns
from artstudio.model.recipe import Recipe
from artstudio.model.trained import fit_outputs
from artstudio.model.warp import bend, build_warp
from artstudio.model.weights import COLUMNS, LAYERS, raw_weights, uniform

Array = Any

PROBE_SIZE = 64


class Params(NamedTuple):
    """A calibrated network as arrays, all float32 but for `activations` (int32, one per hidden layer).

    Shapes: first (units, inputs) and (units, 1); hidden (depth - 1, units, units) and (depth - 1, units, 1);
    output (channels, units) and (channels, 1). With skip connections the hidden weights have `inputs` columns
    more. `activations` are indices in `Recipe.activation_parts()`; with mixed layers (depth, units, 1), one per
    unit. `origin` is where distances are measured from, (2,); `frequencies` are those of the random Fourier features,
    (2, count); `warp`, `finish` and `colour` are what
    these parts prepared.
    """

    first_weights: Array
    first_bias: Array
    hidden_weights: Array
    hidden_biases: Array
    output_weights: Array
    output_bias: Array
    activations: Array
    origin: Array
    frequencies: Array
    warp: dict[str, Array]
    finish: dict[str, Array]
    colour: dict[str, Array]


def probe_points(recipe: Recipe, side: int = PROBE_SIZE) -> tuple[Floats, Floats]:
    """Return the coordinates of the calibration probe after the symmetry, float64 (side * side,) each."""
    axis = (2 * np.arange(side) + 1) / side - 1
    y, x = (grid.ravel() for grid in np.meshgrid(axis, axis, indexing="ij"))
    symmetry, folds = parse_symmetry(recipe.symmetry)
    points: tuple[Floats, Floats] = symmetry.function(x, y, folds, np)
    return points


def probe_inputs(recipe: Recipe, side: int = PROBE_SIZE) -> Floats:
    """Return the network's input channels over the calibration probe, float64 (channels, side * side)."""
    x, y = probe_points(recipe, side)
    warp = _build_warp(recipe, x, y)
    if warp:
        x, y = bend(warp, recipe.seamless, x, y, np)
    return inputs_at(recipe, x, y)


def inputs_at(recipe: Recipe, x: Floats, y: Floats) -> Floats:
    """Return the network's input channels, float64 (channels, points), at points after symmetry and warp."""
    inputs: Floats = compute_features(recipe.features, x, y, np, recipe.origin_point(), _frequencies(recipe))
    return inputs


def _frequencies(recipe: Recipe) -> Floats:
    return fourier_frequencies(recipe.seed, recipe.fourier.count, recipe.fourier.scale, recipe.seamless)


def _build_warp(recipe: Recipe, x: Floats, y: Floats) -> dict[str, Array]:
    if not recipe.warp.amount:
        return {}
    return build_warp(recipe.seed, recipe.warp.amount, recipe.warp.scale, recipe.seamless, x, y)


def build_params(recipe: Recipe, *, coarse: bool = False) -> Params:
    """Return the calibrated parameters of a recipe, as NumPy arrays.

    Pictures are calibrated on a probe of `PROBE_SIZE` points a side. With `coarse` it has three quarters as many,
    in float32: nearly the same picture in a fraction of the time, for searches that only judge it.

    The latent values are left out of the calibration (it would cancel them, being constant over the
    picture) and added to the first layer's biases, so that they move the picture smoothly.

    A recipe with trained weights has those, not calibrated: see `trained_params`.
    """
    if recipe.weights:
        return trained_params(recipe)
    latent = np.array(recipe.latent_values(), np.float64)
    columns = weight_columns(recipe.features, len(latent), recipe.fourier.count)
    precision: Any
    probe, precision = (3 * PROBE_SIZE // 4, np.float32) if coarse else (PROBE_SIZE, np.float64)
    inputs = values = probe_inputs(recipe, probe).astype(precision, copy=False)
    skipped = [COLUMNS["skip"] + column for column in columns[: len(inputs)]]
    weights: list[Floats] = []
    biases: list[Floats] = []
    for layer in range(recipe.depth):
        drawn = raw_weights(recipe.seed, layer, recipe.units, [*columns, COLUMNS["bias"]]).astype(precision)
        raw, moving, raw_bias = drawn[:, : len(values)], drawn[:, len(values) : -1], drawn[:, -1:]
        if layer and recipe.sparsity:
            raw = _sparse(raw, uniform(recipe.seed, layer, recipe.units, columns), recipe.sparsity)
        if layer and recipe.skip:
            raw, values = _joined(recipe.seed, layer, raw, values, skipped, inputs)
        scale, bias, values = _calibrate(recipe, layer, raw, values, raw_bias)
        if layer == 0:
            bias = bias + scale * (moving * latent).sum(axis=1, keepdims=True)
            columns = list(range(recipe.units))
        weights.append(scale * raw)
        biases.append(bias)
    model, palette = COLOUR_MODELS[recipe.colour], palette_oklab(recipe.palette)
    channels = model.channels(palette.shape[1])
    raw = raw_weights(recipe.seed, LAYERS["output"], channels, columns).astype(precision)
    scale, bias, outputs = calibrate(raw, values, np.zeros((channels, 1)), 1.0, lambda z: z)
    return Params(
        first_weights=np.float32(weights[0]),
        first_bias=np.float32(biases[0]),
        hidden_weights=np.array(weights[1:], np.float32).reshape(
            -1, recipe.units, _width(recipe, weights[0].shape[1])
        ),
        hidden_biases=np.array(biases[1:], np.float32).reshape(-1, recipe.units, 1),
        output_weights=np.float32(scale * raw),
        output_bias=np.float32(bias),
        activations=_indices(recipe),
        origin=np.array(recipe.origin_point(), np.float32),
        frequencies=np.float32(_frequencies(recipe)),
        warp=_build_warp(recipe, *probe_points(recipe, probe)),
        finish=_finish(recipe),
        colour=model.prepare(outputs, palette, recipe.seed, GAMUTS[recipe.gamut]),
    )


def trained_params(recipe: Recipe) -> Params:
    """Return the parameters of a recipe that carries trained weights.

    They are as they were trained but for the recipe's gain, which multiplies every hidden layer's pre-activations,
    and its latent values, which shift the first layer's. A colour model that takes as many channels as the network
    has outputs gets them as they are; for another, they are mixed (`fit_outputs`).
    """
    *hidden, (output_weights, output_bias) = recipe.trained_layers()
    scaled = [(recipe.gain * weights, recipe.gain * bias) for weights, bias in hidden]
    (first_weights, first_bias), rest = scaled[0], scaled[1:]
    latent = np.array(recipe.latent_values(), np.float64)
    if len(latent):
        columns = weight_columns(recipe.features, len(latent), recipe.fourier.count)[-len(latent) :]
        moving = raw_weights(recipe.seed, 0, recipe.units, columns).astype(np.float64)
        # As large as this unit's own weights, which took the place of raw ones of variance 1.
        size = np.sqrt(np.square(first_weights, dtype=np.float64).mean(axis=1, keepdims=True))
        first_bias = first_bias + size * (moving * latent).sum(axis=1, keepdims=True)
    model, palette = COLOUR_MODELS[recipe.colour], palette_oklab(recipe.palette)
    params = Params(
        first_weights=np.float32(first_weights),
        first_bias=np.float32(first_bias),
        hidden_weights=np.array([w for w, _ in rest], np.float32).reshape(
            -1, recipe.units, _width(recipe, first_weights.shape[1])
        ),
        hidden_biases=np.array([b for _, b in rest], np.float32).reshape(-1, recipe.units, 1),
        output_weights=output_weights,
        output_bias=output_bias,
        activations=_indices(recipe),
        origin=np.array(recipe.origin_point(), np.float32),
        frequencies=np.float32(_frequencies(recipe)),
        warp=_build_warp(recipe, *probe_points(recipe)),
        finish=_finish(recipe),
        colour={},
    )
    z = pre_activations(recipe, params, probe_inputs(recipe))[-1]
    values = activate(recipe, recipe.depth - 1, z)
    weights, bias = fit_outputs(output_weights, output_bias, values, model.channels(palette.shape[1]))
    return params._replace(
        output_weights=np.float32(weights),
        output_bias=np.float32(bias),
        colour=model.prepare(product(weights, values) + bias, palette, recipe.seed, GAMUTS[recipe.gamut]),
    )


def _width(recipe: Recipe, inputs: int) -> int:
    """Return the columns of every hidden layer's weights but the first's, for so many inputs."""
    return recipe.units + (inputs if recipe.skip else 0)


def _finish(recipe: Recipe) -> dict[str, Array]:
    return {name: np.float32(value) for name, value in recipe.finish if name != "dither"}


def _calibrate(
    recipe: Recipe, layer: int, raw: Floats, values: Floats, raw_bias: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return a hidden layer's scales, biases and outputs over the probe."""
    gains, name = unit_gains(recipe, layer), recipe.layer_activations()[layer]
    if is_mix(name) or not get_activation(name).elementwise:
        scale, bias, z = calibrate(raw, values, raw_bias, gains, lambda z: z)
        return scale, bias, activate(recipe, layer, z)
    function = get_activation(name).function
    return calibrate(raw, values, raw_bias, gains, lambda z: function(z, np))


def _indices(recipe: Recipe) -> NDArray[np.int32]:
    order = {name: index for index, name in enumerate(recipe.activation_parts())}
    if not any(is_mix(name) for name in recipe.layer_activations()):
        return np.array([order[name] for name in recipe.layer_activations()], np.int32)
    names = (unit_activations(recipe, layer) for layer in range(recipe.depth))
    return np.array([[order[name] for name in layer] for layer in names], np.int32)[..., None]


def unit_activations(recipe: Recipe, layer: int) -> tuple[str, ...]:
    """Return the activation of each unit of a hidden layer."""
    name = recipe.layer_activations()[layer]
    if not is_mix(name):
        return (name,) * recipe.units
    parts = activation_parts(name)
    return tuple(parts[i] for i in draw_parts(name, recipe.seed, layer, recipe.units))


def unit_gains(recipe: Recipe, layer: int) -> Floats | float:
    """Return the factor on a hidden layer's standardised pre-activations: a number, or (units, 1)."""
    name = recipe.layer_activations()[layer]
    if not is_mix(name):
        return get_activation(name).gain_of(recipe.gains) * recipe.gain
    gains = [get_activation(unit).gain_of(recipe.gains) for unit in unit_activations(recipe, layer)]
    return np.array(gains)[:, None] * recipe.gain


def activate(recipe: Recipe, layer: int, z: Floats) -> Floats:
    """Return a hidden layer's outputs for pre-activations z, (units, pixels), in float64."""
    name = recipe.layer_activations()[layer]
    if not is_mix(name):
        values: Floats = get_activation(name).function(z, np)
        return values
    units = np.array(unit_activations(recipe, layer))[:, None]
    parts = activation_parts(name)
    return np.select([units == part for part in parts], [get_activation(p).function(z, np) for p in parts])


def _sparse(raw: Floats, draws: Floats, sparsity: float) -> Floats:
    """Return raw weights with a share of them at 0; each unit keeps the one that was drawn highest."""
    keep = (draws >= sparsity) | (draws == draws.max(axis=1, keepdims=True))
    return np.where(keep, raw, 0.0)


def _joined(
    seed: int, layer: int, raw: Floats, values: Floats, columns: list[int], inputs: Floats
) -> tuple[Floats, Floats]:
    """Return a layer's weights and values with the network's inputs beside them.

    Each unit gets as much of its variance from the inputs as from the layer before: there are far fewer of them.
    """
    direct = raw_weights(seed, layer, len(raw), columns).astype(raw.dtype)
    before = product(raw, values).std(axis=1, keepdims=True)
    beside = product(direct, inputs).std(axis=1, keepdims=True)
    share = np.where(before > 0, before, 1.0) / np.where(beside > 0, beside, 1.0)
    return np.concatenate([raw, direct * share], axis=1), np.concatenate([values, inputs])


def forward(weights: Sequence[Array], inputs: Floats, layer: Callable[[int, Floats], Floats]) -> Floats:
    """Go through layers in float64 and return the last one's values, (units, pixels), for inputs (channels, pixels).

    `layer(number, z)` turns a layer's weights times the values before it into its values. Where the weights have more
    columns than there are values, the inputs enter again, behind them.
    """
    values = inputs
    for number, w in enumerate(weights):
        if w.shape[1] > len(values):
            values = np.concatenate([values, inputs])
        values = layer(number, np.einsum("ui,ip->up", w.astype(np.float64), values))
    return values


def pre_activations(recipe: Recipe, params: Params, inputs: Floats) -> list[Floats]:
    """Return every hidden layer's pre-activations, (units, pixels), in float64 for inputs (channels, pixels)."""
    biases = [params.first_bias, *params.hidden_biases]
    found: list[Floats] = []

    def layer(number: int, z: Floats) -> Floats:
        found.append(z + biases[number])
        return activate(recipe, number, found[-1])

    forward([params.first_weights, *params.hidden_weights], inputs, layer)
    return found
