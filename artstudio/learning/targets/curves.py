"""One-dimensional curves: a value for each x in [-1, 1]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from artstudio.learning.targets.target import Floats, Target

COUNT = 256
"""Places, evenly over [-1, 1]."""

CURVES: Mapping[str, Callable[[Floats], Floats]] = MappingProxyType(
    {
        "sine": lambda x: np.sin(3 * np.pi * x),
        "steps": lambda x: np.floor(2.5 * (x + 1)) / 2 - 1,
        "sawtooth": lambda x: 2 * ((2 * x) % 1) - 1,
        "bump": lambda x: 2 * np.exp(-20 * x * x) - 1,
    }
)
"""Curves by name: functions of x with values in [-1, 1]."""


def curve_target(name: str, function: Callable[[Floats], Floats]) -> Target:
    """Return a curve as a target: its values, brought to [-1, 1] by their range."""
    x = (2 * np.arange(COUNT) + 1) / COUNT - 1
    values = function(x)
    low, high = float(values.min()), float(values.max())
    scaled = 2 * (values - low) / (high - low) - 1 if high > low else np.zeros_like(values)
    return Target(
        name, f"a curve at {COUNT} places", "curve", x, np.zeros_like(x), scaled[None].astype(np.float32)
    )
