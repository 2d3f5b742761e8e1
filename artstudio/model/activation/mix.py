"""Mixed layers: `mix(tanh:3, step)` gives each unit of a layer one of several activations, drawn by the hash."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, clip
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.weights import COLUMNS, uniform

MAX_PARTS = 6

_MIX = re.compile(r"\s*mix\s*\((.*)\)\s*", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", re.ASCII)


def is_mix(name: str) -> bool:
    """Whether an activation's text is a mixture."""
    return _MIX.fullmatch(name) is not None


@lru_cache(maxsize=256)
def parse_mix(text: str) -> tuple[tuple[str, float], ...]:
    """Read `mix(tanh:3, step)` as pairs of a registry name and a weight (1 where none is given). Raises `BadInput`.

    >>> parse_mix("mix(tanh:3, step)")
    (('tanh', 3.0), ('step', 1.0))
    """
    found = _MIX.fullmatch(text)
    parts = [part.strip() for part in found[1].split(",")] if found else []
    if not 2 <= len(parts) <= MAX_PARTS:
        raise BadInput(
            f"mix: expected 2 to {MAX_PARTS} activations, as in mix(tanh, step) or mix(tanh:3, step:1);"
            f" found {clip(text)!r}"
        )
    pairs = [_pair(part) for part in parts]
    if len({name for name, _ in pairs}) < len(pairs):
        raise BadInput(f"mix: expected each activation once, found {clip(text)!r}")
    return tuple(pairs)


def _pair(part: str) -> tuple[str, float]:
    name, colon, weight = part.partition(":")
    record = get_activation(name.strip())
    if record.name not in ACTIVATIONS:
        raise BadInput(f"mix: expected names of activations, found the expression {clip(name)!r}")
    if not colon:
        return record.name, 1.0
    if not _WEIGHT.fullmatch(weight.strip()) or not float(weight) > 0:
        raise BadInput(f"mix: expected a weight above 0 after {record.name}:, found {clip(weight)!r}")
    return record.name, float(weight)


def canonical_activation(name: str) -> str:
    """Return an activation as a recipe keeps it: registry name, expression or mixture. Raises `BadInput`.

    >>> canonical_activation("Mix( Swish, step:2 )")
    'mix(silu:1, step:2)'
    """
    if is_mix(name):
        return f"mix({', '.join(f'{part}:{weight:g}' for part, weight in parse_mix(name))})"
    return get_activation(name).name


def activation_parts(name: str) -> tuple[str, ...]:
    """Return the activations that a canonical name stands for: itself, or the parts of a mixture."""
    return tuple(part for part, _ in parse_mix(name)) if is_mix(name) else (name,)


def draw_parts(name: str, seed: int, layer: int, units: int) -> NDArray[np.intp]:
    """Return which part of a mixture each unit of a layer takes, (units,), drawn by the hash."""
    weights = np.array([weight for _, weight in parse_mix(name)])
    edges = np.cumsum(weights) / weights.sum()
    draws = uniform(seed, layer, units, [COLUMNS["mix"]])[:, 0]
    return np.minimum(np.searchsorted(edges, draws, "right"), len(weights) - 1)
