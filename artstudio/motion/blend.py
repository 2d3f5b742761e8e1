"""Parameters between parameters: sums of them, and a smooth closed path through keys that are built when needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from artstudio.model.colour.models import ColourModel
from artstudio.model.network import Params

Array = Any


def mixed(shares: Sequence[float], parts: Sequence[Params]) -> Params:
    """Return the sum of parameters of one shape, each times its share. Whole numbers are the first's."""

    def combine(arrays: Sequence[Any]) -> Any:
        if isinstance(arrays[0], dict):
            return {name: combine([array[name] for array in arrays]) for name in arrays[0]}
        first = np.asarray(arrays[0])
        if first.dtype.kind == "i":
            return first
        total = sum(np.float32(share) * np.asarray(array) for share, array in zip(shares, arrays, strict=True))
        return np.asarray(total, np.float32)

    return Params(*(combine(arrays) for arrays in zip(*parts, strict=True)))


class Path:
    """A smooth closed path through `count` keys, by Catmull and Rom's cubic (1974).

    Keys are calibrated networks, evenly spaced over the loop; `build` makes one from its phase in [0, 1). They are
    built when they are met and a few are kept, so a long path through large networks needs no more memory. `model` is
    their colour model.
    """

    def __init__(self, build: Callable[[float], Params], count: int, model: ColourModel) -> None:
        def key(number: int) -> Params:
            params = build(number / count)
            return params._replace(colour=model.comparable(params.colour))

        self._count, self._key = count, lru_cache(maxsize=6)(key)
        self._turns = [name for name, part in model.parts.items() if part.blend == "turns"]

    def at(self, phase: float) -> Params:
        """Return the parameters at a phase of the loop."""
        place = phase % 1 * self._count
        number, t = math.floor(place), place - math.floor(place)
        if t < 1e-6:
            return self._key(number % self._count)
        shares = (
            ((2 - t) * t - 1) * t / 2,
            ((3 * t - 5) * t * t + 2) / 2,
            ((4 - 3 * t) * t + 1) * t / 2,
            (t - 1) * t * t / 2,
        )
        keys = [self._key((number + shift) % self._count) for shift in (-1, 0, 1, 2)]
        return mixed(shares, [self._near(key, keys[1]) for key in keys])

    def _near(self, params: Params, other: Params) -> Params:
        """Return parameters whose hue and the like, in turns, are the copies nearest to the other's."""
        turns = {name: params.colour[name] for name in self._turns}
        near = {name: np.float32(x - np.round(x - other.colour[name])) for name, x in turns.items()}
        return params._replace(colour=params.colour | near)
