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

from artstudio.model.network import Params, activate, build_params
from artstudio.model.recipe import Recipe
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
    warp = around.warp | ({"scale": straight.warp["scale"]} if straight.warp else {})
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
    if "hue" in params.colour:
        hue_a, hue_b = a.params.colour["hue"], b.params.colour["hue"]
        nearest = hue_b - hue_a - np.round(hue_b - hue_a)  # in turns: the shorter way around
        params = params._replace(colour={"hue": np.float32(hue_a + t * nearest)})
    return params
