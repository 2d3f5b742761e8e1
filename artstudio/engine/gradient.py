"""How steeply the colour changes at each pixel: by forward-mode autodiff through the whole network."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from artstudio.engine.program import Architecture, architecture, canvas, colour_function, with_slope
from artstudio.engine.size import check_size
from artstudio.model.activations import get_activation
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe

Array = Any

_ROWS_AT_ONCE = 1 << 17


def gradient_magnitude(
    recipe: Recipe, *, width: int, height: int, params: Params | None = None, alone: bool = False
) -> NDArray[np.float32]:
    """Return the norm of d colour / d (x, y) at each pixel's centre, float32 (height, width), never negative.

    Colour is sRGB in [0, 1], three channels; x and y are canvas coordinates after the view, so the unit is
    full scale per half of the canvas's short side; the norm is the Frobenius norm of that 3 x 2 matrix. The
    slopes of the activations are the documented ones: 0 everywhere for `step`, whose pictures are black here.
    `params` take the place of the recipe's own; `alone` is as in `render`. Raises `BadInput` for a size that is
    no size.
    """
    check_size(width, height)
    view = canvas(recipe, width, height, 1)
    short = min(width, height)
    column = (2 * np.arange(width) + 1 - width) / short
    row = (2 * np.arange(height) + 1 - height) / short
    x, y = (part.ravel() for part in np.meshgrid(column, row))
    points = (view.transform @ np.stack([x, y, np.ones_like(x)])).astype(np.float32)
    program = _program(architecture(recipe, 1, alone))
    arguments = params or build_params(recipe, alone)
    parts = np.array_split(points, max(1, points.shape[1] // _ROWS_AT_ONCE), axis=1)
    norms = [np.asarray(program(arguments, view.folds, *part)) for part in parts]
    return np.concatenate(norms).reshape(height, width)


@lru_cache(maxsize=16)
def _program(kind: Architecture) -> Any:
    functions = tuple(with_slope(get_activation(name)) for name in kind.candidates)
    colour_at = colour_function(kind, functions)

    def norm(params: Params, folds: Array, x: Array, y: Array) -> Array:
        def colour(x: Array, y: Array) -> Array:
            return jnp.clip(colour_at(params, folds, x, y), 0, 1)

        one, zero = jnp.ones_like(x), jnp.zeros_like(x)
        _, along_x = jax.jvp(colour, (x, y), (one, zero))
        _, along_y = jax.jvp(colour, (x, y), (zero, one))
        return jnp.sqrt((along_x**2).sum(axis=0) + (along_y**2).sum(axis=0))

    return jax.jit(norm)
