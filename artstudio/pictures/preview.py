"""A small painting of a picture, from which questions about all of it are answered before the work begins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.model.recipe import Recipe

_SIDE = 512
"""Pixels along the short side, at most."""

_LONGEST = 4096


def preview(recipe: Recipe, width: int, height: int) -> NDArray[Any]:
    """Return a picture of width x height pixels small, one sample a pixel and no dither, uint8 (H, W, 3)."""
    from artstudio.engine.render import render  # late: a refusal should not wait for JAX

    scale = min(1.0, _SIDE / min(width, height))
    across, down = (min(max(1, round(side * scale)), _LONGEST) for side in (width, height))
    pixels: NDArray[np.uint8] = render(recipe.with_parts(dither=False), width=across, height=down, supersample=1)
    return pixels
