"""The way from one activation to another: which two, and whether one is the other's limit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from artstudio.errors import BadInput, clip
from artstudio.model.activation.registry import Activation, get_activation

LIMITS: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        ("sigmoid", "step"): 0,
        ("hard_sigmoid", "step"): 0,
        ("tanh", "sign"): 0,
        ("hard_tanh", "sign"): 0,
        ("softsign", "sign"): 0,
        ("softplus", "relu"): 1,
        ("silu", "relu"): 1,
        ("gelu", "relu"): 1,
    }
)
"""Pairs of which the second is the limit of f(k z) / k^n as k grows; the value is n."""

DOUBLINGS = 5.0
"""How often k is doubled on the way to a limit."""


def parse_morph(text: str) -> tuple[str, str]:
    """Read two activations such as `step..sigmoid`. Raises `BadInput`."""
    match = re.fullmatch(r"\s*([\w-]+)\s*\.\.\s*([\w-]+)\s*", text, re.ASCII)
    if not match:
        raise BadInput(f"morph: expected two activations such as step..sigmoid, found {clip(text)!r}")
    return get_activation(match[1]).name, get_activation(match[2]).name


def morph_ends(first: str, last: str) -> tuple[Activation, Activation]:
    """Return two activations that one can become another of. Raises `BadInput`."""
    ends = get_activation(first), get_activation(last)
    if ends[0].name == ends[1].name:
        raise BadInput(f"morph: expected two different activations, found {ends[0].name} twice")
    for record in ends:
        if not record.elementwise:
            raise BadInput(f"morph: {record.name} works on a whole layer and cannot be morphed")
    return ends
