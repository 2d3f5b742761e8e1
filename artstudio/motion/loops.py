"""The kinds of loops: what a picture is at each phase of one. Programs are the same at every phase.

Parameters that change are calibrated at keys, some each second, and go smoothly through them; the view and the
latent values change with every frame. At phase 0 a loop is its recipe's own picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from artstudio.errors import BadInput
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.features import parse_symmetry
from artstudio.model.fields.checks import MAX_LATENT
from artstudio.model.network import Params, activate, build_params
from artstudio.model.recipe import FIELDS, MAX_SEED, Recipe
from artstudio.model.weights import LAYERS, raw_weights
from artstudio.motion.blend import Path
from artstudio.motion.calibrate import Level, levels, recalibrated
from artstudio.motion.easing import get_easing, there_and_back
from artstudio.motion.keyframes import tracks
from artstudio.motion.morph import morph
from artstudio.motion.seeds import between_seeds
from artstudio.motion.spec import Loop


class Scene(NamedTuple):
    """What one frame shows: the recipe and the view, and the parameters that are painted."""

    recipe: Recipe
    params: Params


Scenes = Callable[[float], Scene]
"""A loop: phase in [0, 1) -> scene."""


@dataclass(frozen=True)
class LoopKind:
    """A kind of loop: `amount` is its usual one, `low` to `high` what is allowed, `of` what it means.

    `build(recipe, loop, amount, keys)` gives the scenes; `keys` is how many networks to calibrate.
    """

    name: str
    summary: str
    build: Callable[[Recipe, Loop, float, int], Scenes]
    amount: float = 0.0
    low: float = -math.inf
    high: float = math.inf


def scenes(recipe: Recipe, loop: Loop, keys: int) -> Scenes:
    """Return what a loop shows at each phase. Raises `BadInput` where recipe and loop do not go together."""
    kind = LOOPS[loop.kind]
    amount = kind.amount if loop.amount is None else loop.amount
    if not kind.low <= amount <= kind.high:
        raise BadInput(f"amount of {kind.name}: expected {kind.low:g} to {kind.high:g}, found {amount:g}")
    return kind.build(recipe, loop, amount, keys)


def turn(recipe: Recipe) -> float:
    """Return the angle in degrees after which a turned picture looks as before."""
    symmetry, folds = parse_symmetry(recipe.symmetry)
    return 360.0 / symmetry.order(folds) if recipe.view.centre == (0, 0) else 360.0


_KEYS_BETWEEN_SEEDS = 32

_HARMONIC = 0.3
"""Of the third direction of a latent loop, in which it swings twice: a circle alone looks like a pendulum."""


def _latent(recipe: Recipe, loop: Loop, radius: float, keys: int) -> Scenes:
    """A closed curve of this radius through latent space, from the recipe's own point; a small space if it has none.

    Latent values only shift the first layer's biases. What the shift makes of the later layers is levelled out at
    each key, or the picture would grow dark or flat on the far side; the colours stay those of the recipe.
    """
    count = len(recipe.latent_values()) or 4
    zero = recipe.replace(latent=(0.0,) * count)
    params, origin = build_params(recipe), build_params(zero).first_bias
    # Orthogonal directions, so that the curve is as far from its middle on every side.
    draws = raw_weights(recipe.seed, LAYERS["loop"], MAX_LATENT, range(MAX_LATENT)).astype(np.float64)
    directions, _ = np.linalg.qr(draws[:count, :count])
    moved = (zero.replace(latent=tuple(direction.tolist())) for direction in directions.T[:3])
    pushes = [build_params(there).first_bias - origin for there in moved]
    own = partial(activate, recipe)
    first, *hidden, outputs = levels(recipe, params, own)
    # Where activations jump, whole regions would change at once with a later layer's biases.
    later = [None if recipe.jumps else level for level in hidden]

    def network(phase: float) -> Params:
        angle = math.tau * phase
        steps = (math.cos(angle) - 1, math.sin(angle), _HARMONIC * math.sin(2 * angle))
        shift = sum(radius * step * push for step, push in zip(steps, pushes, strict=False))
        wanted = [Level(first.mean + shift, first.deviation), *later, outputs]
        return recalibrated(recipe, params, wanted, own)._replace(colour=params.colour)

    path = Path(network, keys, COLOUR_MODELS[recipe.colour])
    return lambda phase: Scene(recipe, path.at(phase))


def _zoom(recipe: Recipe, loop: Loop, factor: float, keys: int) -> Scenes:
    """Towards the centre of the view and back, by this factor."""
    easing, params = get_easing(loop.easing), build_params(recipe)

    def at(phase: float) -> Scene:
        zoom = recipe.view.zoom * factor ** there_and_back(phase, easing)
        return Scene(recipe.with_parts(zoom=zoom), params)

    at(0.5)  # the farthest: refused here, before any work is done
    return at


def _rotation(recipe: Recipe, loop: Loop, degrees: float, keys: int) -> Scenes:
    """Once around, evenly; a picture with a rotational symmetry is back before that."""
    whole = turn(recipe)
    degrees = degrees or whole
    if abs(degrees / whole - round(degrees / whole)) > 1e-9:
        raise BadInput(f"amount of rotation: expected a multiple of {whole:g} degrees, found {degrees:g}")
    params = build_params(recipe)

    def at(phase: float) -> Scene:
        angle = math.remainder(recipe.view.rotation + degrees * phase, 360)
        return Scene(recipe.with_parts(rotation=angle), params)

    return at


def _gain(recipe: Recipe, loop: Loop, factor: float, keys: int) -> Scenes:
    """To this factor on the pre-activations and back."""
    easing = get_easing(loop.easing)

    def own(phase: float) -> Recipe:
        return recipe.replace(gain=recipe.gain * factor ** there_and_back(phase, easing))

    own(0.5)
    path = Path(lambda phase: build_params(own(phase)), keys, COLOUR_MODELS[recipe.colour])
    return lambda phase: Scene(recipe, path.at(phase))


def _seeds(recipe: Recipe, loop: Loop, amount: float, keys: int) -> Scenes:
    """From seed to seed and back to the first; the recipe's own and the next two if none are named."""
    named = loop.seeds or tuple((recipe.seed + step) % (MAX_SEED + 1) for step in (0, 1, 2))
    if len(named) == 1:
        named = (recipe.seed, *named)
    if any(a == b for a, b in zip(named, (*named[1:], named[0]), strict=True)):
        raise BadInput("seeds: expected each seed to differ from the one before, the last from the first")
    # One key at each seed, and as many between any two: the way from one to the next is long.
    count = len(named) * max(_KEYS_BETWEEN_SEEDS, round(keys / len(named)))
    own = recipe.replace(seed=named[0])
    path = Path(between_seeds(own, named, get_easing(loop.easing)), count, COLOUR_MODELS[recipe.colour])
    return lambda phase: Scene(own, path.at(phase))


def _morph(recipe: Recipe, loop: Loop, amount: float, keys: int) -> Scenes:
    """One activation into another and back: step into sigmoid if none are named."""
    easing = get_easing(loop.easing)
    found = morph(recipe, *(loop.morph or ("step", "sigmoid")))
    path = Path(lambda phase: found.params(there_and_back(phase, easing)), keys, COLOUR_MODELS[recipe.colour])
    return lambda phase: Scene(found.recipe, path.at(phase))


def _keys(recipe: Recipe, loop: Loop, amount: float, keys: int) -> Scenes:
    """Through keyframes."""
    ways = tracks(recipe, loop.keys, turn(recipe))

    def own(phase: float) -> Recipe:
        values: dict[str, Any] = {field: way.at(phase) for field, way in ways.items()}
        turned = {name: math.remainder(x, 360) for name, x in values.items() if FIELDS[name].record.is_angle}
        return recipe.with_parts(**values | turned)

    first = own(0)
    if all(FIELDS[field].path[0] == "view" for field in ways):
        params = build_params(first)
        return lambda phase: Scene(own(phase), params)
    if not all(way.is_smooth for way in ways.values()) or "warp" in ways:
        # Networks of other shapes, or with and without a warp, have nothing between them: each frame has its own.
        return lambda phase: Scene(recipe := own(phase), build_params(recipe))
    path = Path(lambda phase: build_params(own(phase)), keys, COLOUR_MODELS[first.colour])
    return lambda phase: Scene(own(phase), path.at(phase))


_RECORDS = (
    LoopKind("latent", "a circle through latent space", _latent, 0.5, 0.01, 10),
    LoopKind("zoom", "closer and back", _zoom, 2.0, 0.01, 1000),
    LoopKind("gain", "wilder and back", _gain, 1.6, 0.05, 20),
    LoopKind("rotation", "once around", _rotation, 0.0, -3600, 3600),
    LoopKind("seeds", "from seed to seed, through calibrated networks", _seeds),
    LoopKind("morph", "one activation into another and back", _morph),
    LoopKind("keys", "through keyframes", _keys),
)

LOOPS: Mapping[str, LoopKind] = MappingProxyType({record.name: record for record in _RECORDS})
