"""What training makes small, and how well a network does, for each kind of target. Needs JAX only where it is
traced."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.learning.targets.target import Floats, Kind
from artstudio.model.colour.models import COLOUR_MODELS

Array = Any

_LEAST = 1e-12
"""A squared error below this counts as this: it is 120 dB, where float32 ends."""

SHARPNESS = 2.0
"""The factor on the outputs in the softmax of the colour model `mixture`, so that a picture shows probabilities."""


@dataclass(frozen=True)
class Objective:
    """One kind's loss and score. Outputs and values are (channels, places)."""

    loss: Callable[[Array, Array], Array]
    """`loss(outputs, values)`, a mean over places, in JAX."""
    loss_name: str
    score: Callable[[float, Floats, Floats], float]
    """`score(loss, outputs, values)`: PSNR in dB, or accuracy from 0 to 1."""
    score_name: str
    score_format: str
    colour: str
    """The colour model that shows the outputs: the network is trained through it."""

    def scored(self, score: float) -> str:
        """Return a score as words."""
        return format(score, self.score_format) + (" dB" if self.score_name == "PSNR" else "")


def shown_picture(outputs: Array, xp: Any) -> Array:
    """Return a picture's outputs as sRGB in [0, 1], as the colour model `rgb` has them."""
    return COLOUR_MODELS["rgb"].apply(outputs, {}, lambda lab, xp: lab, xp)


def probabilities(outputs: Floats) -> Floats:
    """Return the probability of each class, (classes, places), as the colour model `mixture` has it."""
    powers = np.exp(SHARPNESS * (outputs - outputs.max(axis=0)))
    found: Floats = powers / powers.sum(axis=0)
    return found


def _squared(outputs: Array, values: Array) -> Array:
    return ((outputs - values) ** 2).mean()


def _squared_picture(outputs: Array, values: Array) -> Array:
    import jax.numpy as jnp

    return _squared(shown_picture(outputs, jnp), values)


def _cross_entropy(outputs: Array, values: Array) -> Array:
    import jax

    return -(values * jax.nn.log_softmax(SHARPNESS * outputs, axis=0)).sum(axis=0).mean()


def _psnr(peak: float) -> Callable[[float, Floats, Floats], float]:
    def score(loss: float, outputs: Floats, values: Floats) -> float:
        return 10 * math.log10(peak**2 / max(loss, _LEAST))

    return score


def _accuracy(loss: float, outputs: Floats, values: Floats) -> float:
    # A tie is no answer: outputs that are all the same know nothing.
    right = (outputs * values).sum(axis=0)
    wrong = np.where(values > 0, -np.inf, outputs).max(axis=0)
    return float((right > wrong).mean())


OBJECTIVES: Mapping[Kind, Objective] = MappingProxyType(
    {
        "picture": Objective(_squared_picture, "mean squared error", _psnr(1.0), "PSNR", ".1f", "rgb"),
        "curve": Objective(_squared, "mean squared error", _psnr(2.0), "PSNR", ".1f", "palette"),
        "points": Objective(_cross_entropy, "cross-entropy", _accuracy, "accuracy", ".1%", "mixture"),
    }
)
"""By kind of target. The peak of a picture is 1, that of a curve 2, from -1 to 1."""
