"""Activation functions as points to draw: f and f' between their breaks, limits at breaks, asymptotes.

Lists are float64. Where a curve is torn there is a row of nan, so that no line runs across.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from artstudio.model.activation.properties import curve
from artstudio.model.activation.registry import Activation, Break, derivative

Floats = NDArray[np.float64]

SATURATED = 0.1
"""Where |f'| is smaller a plot is shaded: the function saturates, or it turns as GELU does at its minimum."""

_POINTS = 1200
_BESIDE = 4e-6
"""How far from a break its one-sided limits are taken: float32 still tells the sides apart up to |z| = 30."""

_FAR = 1e4


@dataclass(frozen=True)
class Tear:
    """A place where f or f' jumps: its limits on both sides (nan outside of the range) and what it is there."""

    z: float
    left: float
    right: float
    value: float
    hole: bool = False
    """Whether there is no value: f' at a jump of f, though its limits may agree."""

    @property
    def torn(self) -> bool:
        """Whether the limits differ from each other or from the value, by more than the eye could see."""
        if self.hole:
            return True
        sides = [side for side in (self.left, self.right) if not math.isnan(side)]
        return any(abs(side - self.value) > 1e-4 for side in sides)


@dataclass(frozen=True)
class Mark:
    """A point of f: z, f(z) and f'(z). At a break there is no slope, only a convention, and so no tangent."""

    z: float
    value: float
    slope: float
    defined: bool


@dataclass(frozen=True)
class Samples:
    """One activation over a range: the points of f and f', their tears, and where f has a kink."""

    activation: Activation
    z: Floats
    f: Floats
    slope: Floats
    f_tears: tuple[Tear, ...]
    slope_tears: tuple[Tear, ...]
    kinks: tuple[tuple[float, float], ...]
    """(z, f(z)) of each kink."""
    asymptotes: tuple[float, ...]
    marks: tuple[Mark, ...]
    """The places that were asked for."""

    @property
    def saturated(self) -> list[tuple[float, float]]:
        """The spans of z where |f'| < 0.1, their ends by interpolation between the points."""
        spans: list[tuple[float, float]] = []
        torn = np.flatnonzero(np.isnan(self.slope))
        for part in np.split(np.arange(len(self.z)), torn):
            piece = part[~np.isnan(self.slope[part])]
            if len(piece) > 1:
                spans += _below(self.z[piece], np.abs(self.slope[piece]) - SATURATED)
        merged: list[tuple[float, float]] = []
        for low, high in spans:
            if merged and low - merged[-1][1] < 1e-9:
                merged[-1] = (merged[-1][0], high)
            else:
                merged.append((low, high))
        return merged


def sample(activations: Sequence[Activation], low: float, high: float, at: Sequence[float] = ()) -> list[Samples]:
    """Sample f and f' of each activation on [low, high], and at the places `at`."""
    return sample_each(activations, [(low, high)] * len(activations), at)


def sample_each(
    activations: Sequence[Activation], ranges: Sequence[tuple[float, float]], at: Sequence[float] = ()
) -> list[Samples]:
    """Sample f and f' of each activation on a range of its own, and at the places `at`."""
    plans = [_plan(activation, *ends) for activation, ends in zip(activations, ranges, strict=True)]
    places = [np.concatenate([inner, [b.z for b in breaks], at]) for breaks, _, inner in plans]
    slopes = _slopes(activations, places)
    made = []
    for activation, (breaks, z, inner), place, slope in zip(activations, plans, places, slopes, strict=True):
        with np.errstate(all="ignore"):
            f = curve(activation, place)
        count, last = len(inner), len(inner) + len(breaks)
        value = np.where(np.isfinite(f), f, np.nan)
        slope = np.where(np.isfinite(slope), slope, np.nan)
        made.append(
            Samples(
                activation,
                z,
                np.where(np.isnan(z), np.nan, value[:count]),
                np.where(np.isnan(z), np.nan, slope[:count]),
                _tears(breaks, z, value[:count], [b.value for b in breaks]),
                tuple(
                    replace(tear, hole=b.kind == "jump")
                    for tear, b in zip(
                        _tears(breaks, z, slope[:count], slope[count:last].tolist()), breaks, strict=True
                    )
                ),
                tuple((b.z, b.value) for b in breaks if b.kind == "kink"),
                _asymptotes(activation),
                tuple(
                    Mark(z, f, slope, all(abs(z - b.z) > 1e-6 for b in breaks))
                    for z, f, slope in zip(at, value[last:].tolist(), slope[last:].tolist(), strict=True)
                ),
            )
        )
    return made


def _plan(activation: Activation, low: float, high: float) -> tuple[tuple[Break, ...], Floats, Floats]:
    """Return the breaks, the z to draw (nan between the pieces), and the z to evaluate for each of them."""
    known = activation.breaks_within(low, high)
    breaks = tuple(sorted((*known, *_hidden_kinks(activation, low, high, known)), key=lambda b: b.z))
    edges = [low, *(b.z for b in breaks if low < b.z < high), high]
    waves = 24 * (high - low) / activation.period if activation.period else 0
    step = (high - low) / max(_POINTS, waves)
    torn = {b.z for b in breaks}
    z: list[Floats] = []
    inner: list[Floats] = []
    for left, right in pairwise(edges):
        piece = np.linspace(left, right, max(3, math.ceil((right - left) / step) + 1))
        beside = max(_BESIDE, 4 * float(np.spacing(np.float32(max(abs(left), abs(right))))))
        start = left + beside if left in torn else left
        end = right - beside if right in torn else right
        z += [piece, np.array([np.nan])]
        inner += [np.clip(piece, start, end), np.array([right])]
    return breaks, np.concatenate(z[:-1]), np.concatenate(inner[:-1])


def _tears(breaks: Sequence[Break], z: Floats, values: Floats, at: Sequence[float]) -> tuple[Tear, ...]:
    tears = []
    for b, value in zip(breaks, at, strict=True):
        here = np.flatnonzero(z == b.z)
        # A piece ends at a break just before a row of nan, or begins there just after one.
        sides = {"left": math.nan, "right": math.nan}
        for i in here:
            ends = i > 0 and not np.isnan(z[i - 1])
            sides["left" if ends else "right"] = float(values[i])
        tears.append(Tear(b.z, sides["left"], sides["right"], float(value)))
    return tuple(tears)


def _slopes(activations: Sequence[Activation], places: Sequence[Floats]) -> list[Floats]:
    """Return f' of each; those by autodiff in one program, since compiling takes longer than anything else."""
    slopes: dict[int, Floats] = {}
    by_autodiff = [i for i, activation in enumerate(activations) if activation.derivative is None]
    for i, activation in enumerate(activations):
        if activation.derivative is not None:
            z = places[i]
            scores = z if activation.elementwise else np.stack([z, np.zeros_like(z), np.zeros_like(z)])
            with np.errstate(all="ignore"):
                slope = np.asarray(activation.derivative(scores, np), np.float64)
            slopes[i] = slope if activation.elementwise else slope[0]
    if by_autodiff:
        import jax

        chosen = [activations[i] for i in by_autodiff]
        program = jax.jit(lambda zs: [derivative(a, z) for a, z in zip(chosen, zs, strict=True)])
        found = program([places[i].astype(np.float32) for i in by_autodiff])
        slopes |= {i: np.asarray(slope, np.float64) for i, slope in zip(by_autodiff, found, strict=True)}
    return [slopes[i] for i in range(len(activations))]


def _hidden_kinks(
    activation: Activation, low: float, high: float, known: Sequence[Break], least: float = 0.01
) -> list[Break]:
    """Find kinks that are not on record, as those of an own expression: the slope changes at once by `least`.

    Three points in a row close in on their sharpest bend until they are a millionth apart: there a smooth curve is
    straight, and a kink is as sharp as before.
    """
    if activation.derivative is not None or activation.period is not None:
        return []

    def bend(centre: Floats, h: float) -> Floats:
        with np.errstate(all="ignore"):
            left, middle, right = (curve(activation, centre + side * h) for side in (-1, 0, 1))
            return np.abs(left - 2 * middle + right) / h

    h = (high - low) / 1024
    centre = np.linspace(low, high, 1025)[1:-1]
    for b in known:
        centre = centre[np.abs(centre - b.z) > 2 * h]
    centre = centre[bend(centre, h) > least][:256]
    while h > 1e-6 and len(centre):
        h /= 2
        around = centre[:, None] + h * np.arange(-1, 2)
        centre = around[np.arange(len(centre)), bend(around.ravel(), h).reshape(around.shape).argmax(axis=1)]
    centre = np.unique(np.round(centre[bend(centre, h) > least], 6)) + 0.0
    centre = centre[np.diff(centre, prepend=-np.inf) > 1e-4]  # neighbours on the grid may have found the same
    return [Break(z, "kink", float(curve(activation, np.array([z]))[0]), math.nan) for z in centre.tolist()]


def _asymptotes(activation: Activation) -> tuple[float, ...]:
    """Return the finite limits at the infinities that f approaches without being equal to them from some z on."""
    limits = set()
    for side in (-1.0, 1.0):
        with np.errstate(all="ignore"):
            far = curve(activation, side * _FAR * np.sqrt([1.0, 2.0, 3.0, 5.0, 7.0]))
            near = curve(activation, side * np.linspace(6.5, 9.5, 13))
        if not np.isfinite(far).all() or np.ptp(far) > 1e-3 or abs(far[0]) > 1e3:
            continue
        # A slow approach is not over even there: the record knows where it leads.
        ends = [end for end in (0.0, *activation.range) if abs(end - far[0]) < 2e-3]
        limit = min(ends, key=lambda end: abs(end - far[0])) if ends else float(far[0])
        if np.abs(near - limit).max() > 0 and np.ptp(near) > 0:
            limits.add(limit + 0.0)
    return tuple(sorted(limits))


def _below(z: Floats, level: Floats) -> list[tuple[float, float]]:
    """Return the spans of z where `level`, piecewise linear, is below 0."""
    crossings = [
        float(z[i] - level[i] * (z[i + 1] - z[i]) / (level[i + 1] - level[i]))
        for i in np.flatnonzero((level[:-1] < 0) != (level[1:] < 0))
    ]
    ends = [float(z[0])] * bool(level[0] < 0) + crossings + [float(z[-1])] * bool(level[-1] < 0)
    return list(zip(ends[::2], ends[1::2], strict=True))
