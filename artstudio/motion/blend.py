"""Parameters between parameters: sums of them, and a smooth closed path through keys that are built when needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from artstudio.model.network import Params

Array = Any

_REACH = 8.0
"""Standard deviations of the output: colour tables of different keys are laid over this common range."""


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


def with_common_colours(params: Params) -> Params:
    """Return parameters whose colour table, if there is one, has an address that all of them share.

    A table of equalised colours starts and ends where its own outputs do. Only tables over one range can be mixed.
    """
    if "table" not in params.colour:
        return params
    table, (scale, offset) = params.colour["table"], params.colour["address"]
    size = table.shape[1]
    outputs = np.linspace(-_REACH, _REACH, size)
    places = np.clip(outputs * scale + offset, 0, size - 1)
    common = np.stack([np.interp(places, np.arange(size), row) for row in table])
    step = (size - 1) / (2 * _REACH)
    address = np.array([step, _REACH * step], np.float32)
    return params._replace(colour={"table": np.float32(common), "address": address})


class Path:
    """A smooth closed path through `count` keys, by Catmull and Rom's cubic (1974).

    Keys are calibrated networks, evenly spaced over the loop; `build` makes one from its phase in [0, 1). They are
    built when they are met and a few are kept, so a long path through large networks needs no more memory.
    """

    def __init__(self, build: Callable[[float], Params], count: int) -> None:
        self._count = count
        self._key = lru_cache(maxsize=6)(lambda number: with_common_colours(build(number / count)))

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
        return mixed(shares, [_same_turn(key, keys[1]) for key in keys])


def _same_turn(params: Params, other: Params) -> Params:
    """Return parameters whose base hue, in turns, is the copy nearest to the other's."""
    if "hue" not in params.colour:
        return params
    hue, near = params.colour["hue"], other.colour["hue"]
    return params._replace(colour={"hue": np.float32(hue - np.round(hue - near))})
