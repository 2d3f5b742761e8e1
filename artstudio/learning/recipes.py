"""The recipe of what a network is trained to show: rendering it gives the trained picture back."""

from __future__ import annotations

from collections.abc import Sequence

from artstudio.learning.objective import OBJECTIVES
from artstudio.learning.settings import Settings
from artstudio.learning.targets.target import Target
from artstudio.model.recipe import Recipe

CLASSES = ("#0072b2", "#e0662d", "#f2c14e", "#2a9d78", "#8a5fb0", "#7a8793", "#d16b9f")
"""The colours of classes, in order."""


def base_recipe(target: Target, settings: Settings, palette: str | Sequence[str] | None = None) -> Recipe:
    """Return the recipe that all networks share, without weights. Raises `BadInput`.

    Pictures are learned through the colour model `rgb`, classes through `mixture`, whose shares are the
    probabilities.
    """
    colours = CLASSES[: target.channels] if target.kind == "points" else palette or Recipe().palette
    plain = Recipe(
        seed=settings.seed, units=settings.units, depth=settings.depth, features=settings.features, origin=(0.0, 0.0),
        colour=OBJECTIVES[target.kind].colour, palette=colours if isinstance(colours, str) else tuple(colours),
    )  # fmt: skip
    return plain.with_parts(fourier=settings.fourier, fourier_scale=float(settings.fourier_scale))
