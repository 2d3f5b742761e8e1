"""Neighbours of a recipe, and children of two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.errors import BadInput, unknown
from artstudio.model.palettes import PALETTES
from artstudio.model.recipe import MAX_SEED, Recipe
from artstudio.model.strict import Strict

MAX_COUNT = 1000

Random = np.random.Generator


def _seed(recipe: Recipe, random: Random) -> dict[str, Any]:
    return {"seed": int(random.integers(MAX_SEED + 1))}


def _latent(recipe: Recipe, random: Random) -> dict[str, Any]:
    # Without latent values the recipe gets four: from there the same network drifts.
    values = recipe.latent_values() or (0.0,) * 4
    moved = np.clip(np.array(values) + random.normal(0, 0.4, len(values)), -10, 10)
    return {"latent": tuple(round(float(value), 3) for value in moved)}


def _palette(recipe: Recipe, random: Random) -> dict[str, Any]:
    others = [name for name, record in PALETTES.items() if record.colours and name != recipe.palette]
    return {"palette": str(random.choice(others))}


def _gain(recipe: Recipe, random: Random) -> dict[str, Any]:
    factor = float(np.exp(random.uniform(-0.5, 0.5)))
    return {"gain": float(np.clip(round(recipe.gain * factor, 3), 0.01, 100))}


CHANGES: Mapping[str, Callable[[Recipe, Random], dict[str, Any]]] = MappingProxyType(
    {"seed": _seed, "latent": _latent, "palette": _palette, "gain": _gain}
)
"""What can be varied, and how."""


def vary(recipe: Recipe, count: int, only: Sequence[str] = (), seed: int = 0) -> list[Recipe]:
    """Return `count` neighbours of a recipe, each with one or two of `CHANGES`, or of those named by `only`.

    Every kind of change gets its turn; `seed` is that of the variation itself. No two are equal, nor equal to the
    recipe. Raises `BadInput` for an unknown kind or a count outside 1 to 1000.
    """
    _check_count(count)
    for name in only:
        if name not in CHANGES:
            raise unknown("variation", name, CHANGES)
    kinds = tuple(dict.fromkeys(only)) or tuple(CHANGES)
    random = np.random.Generator(np.random.PCG64(seed))
    found = {recipe: None}
    tries = 0
    while len(found) <= count and tries < 50 * count:
        chosen = {kinds[tries % len(kinds)]}
        if random.random() < 0.5:
            chosen.add(kinds[int(random.integers(len(kinds)))])
        changes: dict[str, Any] = {}
        for kind in sorted(chosen):
            changes |= CHANGES[kind](recipe, random)
        found.setdefault(recipe.replace(**changes))
        tries += 1
    return list(found)[1 : count + 1]


def breed(first: Recipe, second: Recipe, count: int, seed: int = 0) -> list[Recipe]:
    """Return `count` children of two recipes: each field is one parent's, or for numbers something between.

    Deterministic for a `seed`. Parents that are much alike may have fewer different children. Raises `BadInput` for
    parents with less than two differences, or a count outside 1 to 1000.
    """
    _check_count(count)
    if first == second:
        raise BadInput(
            "breed: expected two different recipes, found two that are alike; `vary` makes neighbours of one"
        )
    random = np.random.Generator(np.random.PCG64(seed))
    found = {first: None, second: None}
    for _ in range(50 * count):
        if len(found) >= count + 2:
            break
        found.setdefault(Recipe(**_crossed(dict(first), dict(second), random)))
    children = [child for child in found if child not in (first, second)][:count]
    if not children:
        raise BadInput("breed: expected recipes that differ in two things or more, found two that differ in one")
    return children


def _crossed(first: Mapping[str, Any], second: Mapping[str, Any], random: Random) -> dict[str, Any]:
    return {name: _child(name, first[name], second[name], random) for name in first}


def _child(name: str, a: Any, b: Any, random: Random) -> Any:
    if isinstance(a, Strict):  # a nested part, such as the view
        return _crossed(dict(a), dict(b), random)
    if name != "seed" and type(a) is type(b) and a != b and type(a) in (int, float):
        share = random.random()
        between = a + share * (b - a)
        blended = round(between) if type(a) is int else float(round(between, 4))
        # One band would be no picture: from none to some there is nothing between.
        return blended if name not in ("bands", "contours") or 0 not in (a, b) else (a if share < 0.5 else b)
    return a if random.random() < 0.5 else b


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise BadInput(f"count: expected 1 to {MAX_COUNT}, found {count}")
