"""From seed to seed: networks between two calibrated networks, calibrated themselves.

Weights go along a great circle, so that they keep their variance on the way; a straight line would pass through
half of it. Then each unit is standardised anew over the probe, which makes every frame as rich as a seed's picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artstudio.model.calibration import Floats
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.network import Params, activate, build_params
from artstudio.model.recipe import Recipe
from artstudio.model.warp import WARP_PARTS
from artstudio.motion.blend import mixed
from artstudio.motion.calibrate import Level, levels, recalibrated


class _Seed(NamedTuple):
    """A seed's network, and its levels."""

    params: Params
    levels: list[Level]


def between_seeds(
    recipe: Recipe, seeds: tuple[int, ...], easing: Callable[[float], float]
) -> Callable[[float], Params]:
    """Return the network at each phase of a way through all the seeds and back to the first.

    Units of mixed layers keep the activations that the first seed gives them.
    """
    own = recipe.replace(seed=seeds[0])
    choices = build_params(own).activations

    @lru_cache(maxsize=3)
    def load(seed: int) -> _Seed:
        params = build_params(recipe.replace(seed=seed))._replace(activations=choices)
        return _Seed(params, levels(own, params, partial(activate, own)))

    def at(phase: float) -> Params:
        place = phase % 1 * len(seeds)
        number = min(math.floor(place), len(seeds) - 1)
        t = easing(place - number)
        a, b = load(seeds[number]), load(seeds[(number + 1) % len(seeds)])
        return _between(own, a, b, t) if 0 < t < 1 else (b if t else a).params

    return at


def _between(recipe: Recipe, a: _Seed, b: _Seed, t: float) -> Params:
    cosine, sine = math.cos(t * math.pi / 2), math.sin(t * math.pi / 2)
    around = mixed((cosine, sine), (a.params, b.params))
    # What is no random weight goes straight.
    straight = mixed((1 - t, t), (a.params, b.params))
    ways = {"around": around.warp, "straight": straight.warp}
    warp = {name: ways[WARP_PARTS[name].blend][name] for name in around.warp}
    params = around._replace(frequencies=straight.frequencies, warp=warp, finish=straight.finish)
    share = sine * sine
    wanted = [
        Level(
            cosine * from_a.mean + sine * from_b.mean,
            (1 - share) * from_a.deviation + share * from_b.deviation,
        )
        for from_a, from_b in zip(a.levels, b.levels, strict=True)
    ]
    params = recalibrated(recipe, params, wanted, partial(activate, recipe))
    turns = [name for name, part in COLOUR_MODELS[recipe.colour].parts.items() if part.blend == "turns"]
    turned = {name: _shorter_way(a.params.colour[name], b.params.colour[name], t) for name in turns}
    return params._replace(colour=params.colour | turned)


def _shorter_way(a: Floats, b: Floats, t: float) -> NDArray[np.float32]:
    return np.asarray(a + t * (b - a - np.round(b - a)), np.float32)
