"""A picture's colour at any point, in float64: the network's own, whatever the grid of pixels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from artstudio.model.calibration import Floats
from artstudio.model.colour.finish import posterise
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import GAMUTS
from artstudio.model.features import parse_symmetry
from artstudio.model.network import Params, activate, forward, inputs_at
from artstudio.model.recipe import Recipe
from artstudio.model.warp import bend

ColourAt = Callable[[Floats, Floats], Floats]

_AT_ONCE = 1 << 14
"""Points in one pass."""


def colour_function(recipe: Recipe, params: Params, width: int, height: int) -> ColourAt:
    """Return the picture as a function of places in pixels, (points,) each, from the top left corner.

    It gives sRGB levels of 255, float64 (points, 3), not rounded; relief, contour lines and dither are left out.
    """
    symmetry, folds = parse_symmetry(recipe.symmetry)
    transform, short = recipe.view.transform, min(width, height)
    model, to_srgb = COLOUR_MODELS[recipe.colour], GAMUTS[recipe.gamut]
    biases = [params.first_bias, *params.hidden_biases]

    def layer(number: int, z: Floats) -> Floats:
        return activate(recipe, number, z + biases[number])

    def colours(column: Floats, row: Floats) -> Floats:
        place = np.stack([(2 * column - width) / short, (2 * row - height) / short, np.ones_like(column)])
        x, y = transform @ place
        x, y = symmetry.function(x, y, folds, np)
        if params.warp:
            x, y = bend(params.warp, recipe.seamless, x, y, np)
        values = forward([params.first_weights, *params.hidden_weights], inputs_at(recipe, x, y), layer)
        outputs = params.output_weights.astype(np.float64) @ values + params.output_bias
        if recipe.finish.bands:
            outputs = posterise(outputs, recipe.finish.bands, np)
        srgb: Floats = model.apply(outputs, params.colour, to_srgb, np)
        return 255 * np.clip(srgb, 0, 1).T

    def in_pieces(column: Floats, row: Floats) -> Floats:
        pieces = range(0, len(column), _AT_ONCE)
        found = [colours(column[first : first + _AT_ONCE], row[first : first + _AT_ONCE]) for first in pieces]
        return np.concatenate(found) if found else np.zeros((0, 3))

    return in_pieces


def levels_of(codes: NDArray[np.int64]) -> Floats:
    """Return colours given as 0xRRGGBB as levels, float64 (..., 3)."""
    return np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=-1).astype(np.float64)
