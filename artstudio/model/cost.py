"""What a picture costs, roughly, for estimates."""

from __future__ import annotations

from artstudio.model.features import weight_columns
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO

_STEP, _PIXEL = 2.5e-11, 2e-8
"""Seconds of one core: a multiply-add of the network; colour and encoding of a pixel."""


def seconds_per_pixel(recipe: Recipe, supersample: int = AUTO) -> float:
    """Return about how many seconds a pixel keeps one core busy, at so many samples along each of its sides."""
    inputs = len(weight_columns(recipe.features, 0, recipe.fourier.count))
    steps = recipe.units * (inputs + (recipe.depth - 1) * (recipe.units + inputs * recipe.skip))
    # Where anti-aliasing is automatic, edges usually fill a fifth of a picture of cells.
    samples = supersample**2 or (4.0 if recipe.finish.bands or recipe.jumps else 1.0)
    return samples * (steps + 200) * _STEP + _PIXEL
