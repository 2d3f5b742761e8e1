"""One activation becomes another inside the network, calibrated all along the way.

On the way the network computes (1 - t) f(z) + t g(z). That is a plain network of twice the units: half of them take
f, half take g, of the same pre-activations, and the next layer weighs the halves by 1 - t and t. So the engine
paints it as a mixed network, and t is but a weight. Where g is the limit of f(k z) as k grows, f is sharpened first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, clip
from artstudio.model.activation.morph import DOUBLINGS, LIMITS, morph_ends
from artstudio.model.activation.record import Activation
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.calibration import Floats
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe
from artstudio.motion.blend import mixed
from artstudio.motion.calibrate import Level, levels, recalibrated

_MAX_UNITS = 256

_SHARP = 0.5
"""From here on what is sharp already is blended into its limit."""


class Morph(NamedTuple):
    """How an activation becomes another: what is painted, and its parameters for t from 0 to 1."""

    recipe: Recipe
    params: Callable[[float], Params]


class _Stage(NamedTuple):
    """A moment on the way: (1 - share) height f(k g_f z) + share g(g_g z), z before the activations' gains."""

    sharpness: float
    height: float
    share: float


def morph(recipe: Recipe, first: str, last: str) -> Morph:
    """Return the way from one activation to another, in all layers of the recipe. Raises `BadInput`."""
    f, g = (replace(record, gain=record.gain_of(recipe.gains)) for record in morph_ends(first, last))
    for record in (f, g):
        if record.name not in ACTIVATIONS:
            raise BadInput(f"morph: expected names of activations, found the expression {clip(record.name)!r}")
    if recipe.units > _MAX_UNITS:
        raise BadInput(f"morph: expected at most {_MAX_UNITS} units, found {recipe.units}")
    if (g.name, f.name) in LIMITS:
        there = morph(recipe, g.name, f.name)
        return Morph(there.recipe, lambda t: there.params(1 - t))
    wide = recipe.replace(activation=f"mix({f.name}, {g.name})", units=2 * recipe.units)
    return Morph(wide, _way(recipe, f, g, LIMITS.get((f.name, g.name))))


def _way(recipe: Recipe, f: Activation, g: Activation, power: int | None) -> Callable[[float], Params]:
    own = recipe.replace(activation=f.name)
    start, end = (_plain(build_params(recipe.replace(activation=record.name)), record.gain) for record in (f, g))
    of_start = levels(own, start, partial(_activate, f, g, _Stage(1, 1, 0)))
    of_end = levels(own, end, partial(_activate, f, g, _Stage(1, 1, 1)))
    choices = np.repeat(np.arange(2, dtype=np.int32), recipe.units)[:, None]

    def params(t: float) -> Params:
        stage = _stage(t, power, g.gain / f.gain)
        wanted = [
            Level((1 - t) * a.mean + t * b.mean, (1 - t) * a.deviation + t * b.deviation)
            for a, b in zip(of_start, of_end, strict=True)
        ]
        found = recalibrated(own, mixed((1 - t, t), (start, end)), wanted, partial(_activate, f, g, stage))
        gains = f.gain * stage.sharpness, g.gain
        return _doubled(found, gains, ((1 - stage.share) * stage.height, stage.share), choices)

    return params


def _stage(t: float, power: int | None, ratio: float) -> _Stage:
    if power is None:
        return _Stage(1.0, 1.0, t)
    sharpness = 2.0 ** (DOUBLINGS * t)
    late = max(0.0, (t - _SHARP) / (1 - _SHARP))
    # Where both grow without bounds, f is kept as high as g.
    return _Stage(sharpness, (ratio / sharpness) ** power, late * late * (3 - 2 * late))


def _activate(f: Activation, g: Activation, stage: _Stage, layer: int, z: Floats) -> Floats:
    first = stage.height * f.function(f.gain * stage.sharpness * z, np)
    values: Floats = (1 - stage.share) * first + stage.share * g.function(g.gain * z, np)
    return values


def _plain(params: Params, gain: float) -> Params:
    """Return hidden layers whose pre-activations lack the activation's own gain."""
    factor = np.float32(1 / gain)
    return params._replace(
        first_weights=params.first_weights * factor,
        first_bias=params.first_bias * factor,
        hidden_weights=params.hidden_weights * factor,
        hidden_biases=params.hidden_biases * factor,
    )


def _doubled(
    params: Params, gains: tuple[float, float], shares: tuple[float, float], choices: NDArray[np.int32]
) -> Params:
    """Return a network of twice the units, halves at these gains, each weighed by its share in the next layer."""
    units = len(params.first_weights)

    def rows(array: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.concatenate([array * np.float32(gain) for gain in gains], axis=-2)

    def columns(array: NDArray[np.float32]) -> NDArray[np.float32]:
        before, inputs = array[..., :units], array[..., units:]
        return np.concatenate([*(before * np.float32(share) for share in shares), inputs], axis=-1)

    return params._replace(
        first_weights=rows(params.first_weights),
        first_bias=rows(params.first_bias),
        hidden_weights=rows(columns(params.hidden_weights)),
        hidden_biases=rows(params.hidden_biases),
        output_weights=columns(params.output_weights),
        activations=np.stack([choices] * len(params.activations)),
    )
