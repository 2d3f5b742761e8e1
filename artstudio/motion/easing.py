"""Easing: how fast a change goes along its way. Functions of t in [0, 1] with f(0) = 0 and f(1) = 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from artstudio.errors import unknown

Easing = Callable[[float], float]


def _smooth(t: float) -> float:
    return t * t * (3 - 2 * t)


def _cubic(t: float) -> float:
    return 4 * t**3 if t < 0.5 else 1 - 4 * (1 - t) ** 3


def _exponential(t: float) -> float:
    # Brought down by its own start, so that the ends are met exactly.
    def half(u: float) -> float:
        return math.expm1(7 * u) / math.expm1(7)

    return half(2 * t) / 2 if t < 0.5 else 1 - half(2 - 2 * t) / 2


EASINGS: Mapping[str, Easing] = MappingProxyType(
    {
        "linear": lambda t: t,
        "sine": lambda t: 0.5 - 0.5 * math.cos(math.pi * t),
        "ease": _smooth,
        "ease-in": lambda t: t * t,
        "ease-out": lambda t: t * (2 - t),
        "cubic": _cubic,
        "exponential": _exponential,
        "hold": lambda t: float(t >= 1),
    }
)
"""Easings by name. `sine`, `ease`, `cubic` and `exponential` are slow at both ends, each steeper than the last."""


def get_easing(name: str) -> Easing:
    """Return the easing with this name. Raises `BadInput`."""
    if name not in EASINGS:
        raise unknown("easing", name, EASINGS)
    return EASINGS[name]


def there_and_back(t: float, easing: Easing) -> float:
    """Return how far away a loop is at phase t in [0, 1]: 0 at its ends, 1 in its middle, eased both ways."""
    return easing(1 - abs(2 * t - 1))
