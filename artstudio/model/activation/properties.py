"""What an activation function is like, measured from the function itself: the columns of the cheat sheet.

Everything is measured in float64 on z in [-30, 30] (and far out, for limits), slopes by central differences away
from the recorded breaks. Of softmax it is the first share of (z, 0, 0), as a function of z.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from artstudio.model.activation.record import Activation

Floats = NDArray[np.float64]

_GRID = np.linspace(-30, 30, 60 * 512 + 1)
_H = 1e-5
_FAR = 1e4
_ALMOST = "almost everywhere"


@dataclass(frozen=True)
class Properties:
    """Measured properties. `slope_at` says in words where the largest |f'| is."""

    low: float
    high: float
    zero_centred: bool
    """Whether it averages zero (to a hundredth of its spread) for standard normal z."""
    saturates: str
    """`no`, `negative`, `positive`, `both`: where the slope dies away; `hard`: it is zero everywhere."""
    monotonic: bool
    smoothness: str
    """`jumps`, or how often f is continuously differentiable: `C0` (kinks), `C1`, `C2`, `C∞` (as far as measured)."""
    largest_slope: float
    slope_at: str


def curve(activation: Activation, z: Floats) -> Floats:
    """Return f(z) for a plain list of z, float64; of softmax, its first share of (z, 0, 0)."""
    if activation.elementwise:
        values: Floats = activation.function(z, np)
        return values
    scores = np.stack([z, np.zeros_like(z), np.zeros_like(z)])
    first: Floats = activation.function(scores, np)[0]
    return first


def measure(activation: Activation) -> Properties:
    """Measure an activation."""
    with np.errstate(all="ignore"):
        values = curve(activation, _GRID)
        ends = curve(activation, np.array([-_FAR, _FAR]))
        z = _smooth_part(activation)
        slope = _slope(activation, z)
    everything = np.concatenate([values, ends])
    low, high = (_or_infinite(float(v)) for v in (everything.min(), everything.max()))
    weights = np.exp(-(_GRID**2) / 2)
    mean = float((weights * values).sum() / weights.sum())
    spread = float(np.sqrt((weights * (values - mean) ** 2).sum() / weights.sum()))
    steepest = float(np.abs(slope).max())
    return Properties(
        low=low,
        high=high,
        zero_centred=abs(mean) < 0.01 * spread,
        saturates=_saturation(activation, slope),
        monotonic=bool((np.diff(values) >= -1e-12).all()),
        smoothness=_smoothness(activation),
        largest_slope=0.0 if steepest < 1e-9 else steepest,
        slope_at=_where(activation, z, slope) if steepest > 1e-9 else _ALMOST,
    )


def _smoothness(activation: Activation) -> str:
    if activation.breaks:
        return "jumps" if activation.jumps else "C0"
    for order in (1, 2, 3):
        with np.errstate(all="ignore"):
            wide, close = (_torn(activation, order, step) for step in (1e-2, 2e-3))
        # Where a derivative jumps the one-sided values stay apart, however close they are taken.
        if (close > np.maximum(0.05, 0.5 * wide)).any():
            return f"C{order - 1}"
    return "C∞"


def _torn(activation: Activation, order: int, step: float) -> Floats:
    """The difference of a derivative's one-sided values, by differences, at every tenth in [-8, 8]."""
    z = np.linspace(-8, 8, 161)
    signs = [comb(order, k) * (-1) ** (order - k) for k in range(order + 1)]
    difference = np.zeros_like(z)
    for side in (1, -1):
        for k, sign in enumerate(signs):
            difference += side * sign * curve(activation, z + side * k * step) / (side * step) ** order
    return np.abs(difference)


def feature_range(activation: Activation) -> tuple[float, float]:
    """Return the range of z that shows what an activation does: -5 to 5, or more where its breaks are farther out.

    >>> from artstudio.model.activation.registry import ACTIVATIONS
    >>> feature_range(ACTIVATIONS["relu"]), feature_range(ACTIVATIONS["relu6"])
    ((-5.0, 5.0), (-3.0, 9.0))
    """
    places = [b.z for b in activation.breaks]
    if not places or max(map(abs, places)) <= _NEAR:
        return -5.0, 5.0
    middle, half = (min(places) + max(places)) / 2, max(max(places) - min(places), 10.0 - _NEAR)
    return middle - half, middle + half


_NEAR = 4.0


def _or_infinite(value: float) -> float:
    return value if abs(value) < _FAR / 200 else float(np.copysign(np.inf, value))


def _breaks(activation: Activation) -> Floats:
    places = np.array([b.z for b in activation.breaks])
    if activation.period and len(places):
        turns = np.arange(-40, 41)[:, None] * activation.period
        places = (places + turns).ravel()
    return places


def _smooth_part(activation: Activation) -> Floats:
    """The grid without the breaks, where a difference would mix the two sides, but close to them."""
    places = _breaks(activation)
    if not len(places):
        return _GRID
    grid = np.sort(np.concatenate([_GRID, places - 3 * _H, places + 3 * _H]))
    nearest = np.abs(grid[:, None] - places[None, :]).min(axis=1)
    away: Floats = grid[nearest > 2 * _H]
    return away


def _slope(activation: Activation, z: Floats) -> Floats:
    return (curve(activation, z + _H) - curve(activation, z - _H)) / (2 * _H)


def _saturation(activation: Activation, slope: Floats) -> str:
    if np.abs(slope).max() < 1e-9:
        return "hard"
    far = _FAR + np.linspace(0, 13, 97)
    with np.errstate(all="ignore"):
        dead = [np.abs(_slope(activation, side * far)).max() < 1e-3 for side in (-1, 1)]
    return {(False, False): "no", (True, False): "negative", (False, True): "positive", (True, True): "both"}[
        (bool(dead[0]), bool(dead[1]))
    ]


def _where(activation: Activation, z: Floats, slope: Floats) -> str:
    """Say where |f'| is largest: a point, an interval, or everywhere; beside a break it is only approached."""
    size = np.abs(slope)
    top = z[size > size.max() * (1 - 1e-7) - 1e-9]
    if len(top) > 0.98 * len(z):
        return _ALMOST if activation.breaks else "everywhere"
    if activation.period:
        return f"z = {_short(top[np.abs(top).argmin()])}, and so on"
    low, high = top.min(), top.max()
    if high - low < 0.05:
        for place in _breaks(activation):
            if abs(high - place) < 10 * _H or abs(low - place) < 10 * _H:
                return f"just {'below' if high < place else 'above'} {_short(place)}"
        return f"z = {_short(top[np.abs(top).argmin()])}"
    if len(top) < 0.5 * ((z >= low) & (z <= high)).sum():  # the same on both sides
        return f"z = ±{_short(abs(top).min())}"
    if low > 5 and high > 29.9:
        return "as z grows"
    if high > 29.9:
        return f"z > {_short(low)}"
    return f"z < {_short(high)}" if low < -29.9 else f"{_short(low)} < z < {_short(high)}"


def _short(value: float) -> str:
    return f"{round(float(value), 2) + 0.0:g}"
