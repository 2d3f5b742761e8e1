"""Calibration of networks that lie between two calibrated ones: each unit is given its mean and deviation anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from artstudio.model.calibration import Floats
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import GAMUTS
from artstudio.model.colour.palettes import palette_oklab
from artstudio.model.features import compute_features
from artstudio.model.network import Params, forward, probe_points
from artstudio.model.recipe import Recipe
from artstudio.model.warp import bend

_FLAT = 1e-6

Activate = Callable[[int, Floats], Floats]
"""A hidden layer's number and its pre-activations, (units, pixels) -> its outputs."""


class Level(NamedTuple):
    """What calibration gives the units of a layer: mean and deviation of z over the probe, (units, 1) each."""

    mean: Floats
    deviation: Floats


def levels(recipe: Recipe, params: Params, activate: Activate) -> list[Level]:
    """Return the levels of every hidden layer, and of the outputs."""
    found: list[Level] = []
    biases = _biases(params)

    def note(layer: int, z: Floats) -> tuple[Floats, Floats]:
        bias = biases[layer]
        found.append(Level(z.mean(axis=1, keepdims=True) + bias, z.std(axis=1, keepdims=True)))
        return np.ones_like(bias), bias

    _walk(recipe, params, note, activate)
    return found


def recalibrated(recipe: Recipe, params: Params, wanted: Sequence[Level | None], activate: Activate) -> Params:
    """Return parameters whose units have the levels that are wanted, and colours that suit the outputs.

    A layer for which None is wanted stays as it is.
    """
    scales: list[Floats] = []
    biases: list[Floats] = []
    before = _biases(params)

    def adjust(layer: int, z: Floats) -> tuple[Floats, Floats]:
        level = wanted[layer]
        if level is None:
            scales.append(np.ones_like(before[layer]))
            biases.append(before[layer])
            return scales[-1], biases[-1]
        mean, deviation = level
        own = z.std(axis=1, keepdims=True)
        flat = own <= _FLAT * np.abs(z).max(axis=1, keepdims=True)
        scales.append(np.where(flat, 0.0, deviation / np.where(flat, 1.0, own)))
        biases.append(mean - scales[-1] * z.mean(axis=1, keepdims=True))
        return scales[-1], biases[-1]

    outputs = _walk(recipe, params, adjust, activate)
    hidden = zip(params.hidden_weights, scales[1:-1], strict=True)
    palette = palette_oklab(recipe.palette)
    return params._replace(
        first_weights=np.float32(params.first_weights * scales[0]),
        first_bias=np.float32(biases[0]),
        hidden_weights=np.array([w * s for w, s in hidden], np.float32).reshape(params.hidden_weights.shape),
        hidden_biases=np.array(biases[1:-1], np.float32).reshape(params.hidden_biases.shape),
        output_weights=np.float32(params.output_weights * scales[-1]),
        output_bias=np.float32(biases[-1]),
        colour=COLOUR_MODELS[recipe.colour].prepare(outputs, palette, recipe.seed, GAMUTS[recipe.gamut]),
    )


def _biases(params: Params) -> list[Floats]:
    return [params.first_bias, *params.hidden_biases, params.output_bias]


def _walk(
    recipe: Recipe, params: Params, visit: Callable[[int, Floats], tuple[Floats, Floats]], activate: Activate
) -> Floats:
    """Go through the layers over the probe; return the outputs, (channels, pixels).

    `visit(layer, z)` gets the pre-activations without their biases and says by what they are scaled and shifted.
    """

    def step(layer: int, z: Floats) -> Floats:
        scale, bias = visit(layer, z)
        z = scale * z + bias
        return activate(layer, z) if layer < recipe.depth else z

    weights = [params.first_weights, *params.hidden_weights, params.output_weights]
    return forward(weights, _inputs(recipe, params), step)


def _inputs(recipe: Recipe, params: Params) -> Floats:
    """The input channels over the probe, by the parameters' own warp and waves."""
    x, y = probe_points(recipe)
    if params.warp:
        x, y = bend(params.warp, recipe.seamless, x, y, np)
    origin, frequencies = params.origin.astype(np.float64), params.frequencies.astype(np.float64)
    inputs: Floats = compute_features(recipe.features, x, y, np, origin, frequencies)
    return inputs
