"""Where training starts: the same raw weights for every activation, scaled by a convention."""

from __future__ import annotations

import numpy as np

from artstudio.errors import unknown
from artstudio.model.features import weight_columns
from artstudio.model.initialisation import INITIALISATIONS, NATURAL, find_init
from artstudio.model.network import build_params
from artstudio.model.recipe import Recipe
from artstudio.model.trained import Layer
from artstudio.model.weights import COLUMNS, LAYERS, raw_weights

CALIBRATED = "calibrated"
"""As pictures are: each unit standardised over the canvas, at the activation's gain."""

INITS = (NATURAL, CALIBRATED, *INITIALISATIONS)


def check_init(init: str) -> None:
    """Refuse the name of no initialisation. Raises `BadInput`."""
    if init not in INITS:
        raise unknown("initialisation", init, INITS)


def init_label(init: str, activation: str) -> str:
    """Return what an initialisation is called in captions: of `natural`, the activation's own."""
    return CALIBRATED if init == CALIBRATED else find_init(init, activation).label


def start_layers(recipe: Recipe, init: str, channels: int) -> list[Layer]:
    """Return the layers of an untrained network of a recipe's seed, units, depth and activation, the output last.

    Raw weights and biases (mean 0, variance 1) times the deviation that `init` asks for at each layer's size; the
    output layer has variance 1 / fan-in, and no bias. `calibrated` are the weights that paint the recipe's picture.
    """
    if init == CALIBRATED:
        params = build_params(recipe)
        hidden = zip(params.hidden_weights, params.hidden_biases, strict=True)
        ends = (params.first_weights, params.first_bias), (params.output_weights, params.output_bias)
        return [ends[0], *hidden, ends[1]]
    variance = find_init(init, recipe.activation[0]).variance
    columns = weight_columns(recipe.features, 0, recipe.fourier.count)
    layers: list[Layer] = []
    for layer in range(recipe.depth):
        scale = variance(len(columns), recipe.units, layer == 0) ** 0.5
        drawn = scale * raw_weights(recipe.seed, layer, recipe.units, [*columns, COLUMNS["bias"]]).astype(
            np.float64
        )
        layers.append((drawn[:, :-1].astype(np.float32), drawn[:, -1:].astype(np.float32)))
        columns = list(range(recipe.units))
    output = raw_weights(recipe.seed, LAYERS["output"], channels, columns) / np.float32(recipe.units**0.5)
    return [*layers, (output, np.zeros((channels, 1), np.float32))]
