"""How a layer's weights are drawn before training: the conventions of the field, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from artstudio.errors import unknown
from artstudio.model.activation.registry import get_activation

NATURAL = "natural"
"""Stands for the initialisation that an activation's record names."""


@dataclass(frozen=True)
class Initialisation:
    """A convention: weights of mean zero, with a variance that depends on the layer's size.

    `variance(fan_in, fan_out, first)` is the variance; `first` says whether the layer is the network's first.
    """

    name: str
    label: str
    variance_text: str
    """The variance of a weight in plain text."""
    source: str
    variance: Callable[[int, int, bool], float]


_RECORDS = (
    Initialisation(
        "he", "He", "2 / fan-in", "He et al., Delving deep into rectifiers, 2015",
        lambda fan_in, fan_out, first: 2 / fan_in,
    ),
    Initialisation(
        "glorot", "Glorot", "2 / (fan-in + fan-out)",
        "Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010",
        lambda fan_in, fan_out, first: 2 / (fan_in + fan_out),
    ),
    Initialisation(
        "lecun", "LeCun", "1 / fan-in", "LeCun et al., Efficient BackProp, 1998, section 4.6",
        lambda fan_in, fan_out, first: 1 / fan_in,
    ),
    Initialisation(
        # The paper draws from (-1/n, 1/n) in the first layer and writes sin(30 z): the 30 is in the weights here.
        "siren", "SIREN", "2 / fan-in; first layer 300 / fan-in²",
        "Sitzmann et al., Implicit neural representations with periodic activation functions, 2020",
        lambda fan_in, fan_out, first: 30**2 / (3 * fan_in**2) if first else 2 / fan_in,
    ),
)  # fmt: skip

INITIALISATIONS: Mapping[str, Initialisation] = MappingProxyType({record.name: record for record in _RECORDS})


def find_init(init: str, activation: str) -> Initialisation:
    """Return an initialisation by its name; `natural` is the activation's own. Raises `BadInput`."""
    if init == NATURAL:
        return INITIALISATIONS[get_activation(activation).init]
    if init not in INITIALISATIONS:
        raise unknown("initialisation", init, (NATURAL, *INITIALISATIONS))
    return INITIALISATIONS[init]
