"""What a network shows at a step: a picture, a map of classes, or a curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from artstudio.learning.objective import shown_picture
from artstudio.learning.study import Run, Study
from artstudio.learning.targets.target import Floats, canvas_places
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import GAMUTS
from artstudio.model.colour.palettes import palette_oklab
from artstudio.model.network import inputs_at

Outputs = NDArray[np.float32]
"""(channels, places)."""

MAP_SIDE = 96
"""Pixels a side of a map of classes."""


def pixels_at(study: Study, run: Run, step: int, outputs: Outputs | None = None) -> NDArray[np.uint8]:
    """Return what a run's network shows after so many steps, uint8 (rows, columns, 3), as its recipe is rendered.

    For points, the mixture of the classes' colours by their probability over the whole canvas. `outputs` are those
    over the target's places, where they are known already.
    """
    if study.target.kind == "picture":
        assert study.target.shape is not None
        shape = study.target.shape
        colours = shown_picture(study.outputs(run, step) if outputs is None else outputs, np)
    else:
        shape = (MAP_SIDE, MAP_SIDE)
        inputs = inputs_at(study.problem.recipe, *canvas_places(MAP_SIDE, MAP_SIDE)).astype(np.float32)
        outputs, recipe = study.outputs(run, step, inputs), study.problem.recipe
        model, gamut, palette = COLOUR_MODELS[recipe.colour], GAMUTS[recipe.gamut], palette_oklab(recipe.palette)
        colours = model.apply(
            outputs, model.prepare(outputs.astype(np.float64), palette, recipe.seed, gamut), gamut, np
        )
    levels: NDArray[np.uint8] = np.rint(np.clip(colours, 0, 1) * 255).astype(np.uint8)
    return levels.T.reshape(*shape, 3)


def score_of(study: Study, outputs: Outputs) -> float:
    """Return the score of a network's outputs over the target's places, as the checkpoints have it."""
    values, loss = study.target.values, float(study.objective.loss(outputs, study.target.values))
    return study.objective.score(loss, outputs.astype(np.float64), values.astype(np.float64))


def curve_at(study: Study, run: Run, step: int) -> Floats:
    """Return the values of a run's network at a curve's places after so many steps, (places,)."""
    values: Floats = study.outputs(run, step)[0].astype(np.float64)
    return values
