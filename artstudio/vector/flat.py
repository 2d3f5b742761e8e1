"""Which pictures consist of flat areas: those that can be drawn as outlines."""

from __future__ import annotations

import numpy as np

from artstudio.errors import BadInput
from artstudio.model.activation.mix import activation_parts
from artstudio.model.activation.registry import get_activation
from artstudio.model.recipe import Recipe

_REACH, _PLACES, _STEP = 12.0, 4001, 1e-9
"""Pre-activations at which an activation is looked at, how many of them, and how far apart each pair is."""

_MOST_JUMPS = 0.02
"""The share of pairs that may lie on both sides of a jump."""


def check_flat(recipe: Recipe) -> None:
    """Refuse a picture that is not made of flat areas. Raises `BadInput`, which says what to add."""
    banded = recipe.finish.bands > 0
    if not banded and not _has_flat_layer(recipe):
        raise BadInput(
            "vector pictures need flat areas, but this one has gradients; add --bands 6, or choose step"
        )
    for part in ("relief", "contours"):
        if getattr(recipe.finish, part) and not _has_flat_layer(recipe):
            raise BadInput(f"vector pictures need flat areas, but {part} shades them; add --{part} 0")


def _has_flat_layer(recipe: Recipe) -> bool:
    """Whether all that a hidden layer says is which of finitely many areas a point lies in.

    Where the inputs enter every layer, only the last one decides.
    """
    layers = recipe.layer_activations()
    return any(all(map(is_flat, activation_parts(name))) for name in (layers[-1:] if recipe.skip else layers))


def is_flat(activation: str) -> bool:
    """Whether an activation is constant but for jumps, as step is; expressions are looked at, not understood."""
    record = get_activation(activation)
    if not record.elementwise:
        return False
    z = np.linspace(-_REACH, _REACH, _PLACES) + 1e-4  # jumps tend to stand at round numbers
    with np.errstate(all="ignore"):
        moved = record.function(z + _STEP, np) != record.function(z, np)
    return bool(np.mean(moved) < _MOST_JUMPS)
