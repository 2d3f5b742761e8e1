"""Neighbours of a recipe, and children of two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.curation.diversity import Floats, fingerprint, lightness
from artstudio.errors import BadInput, unknown
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.fields.record import RecipeField
from artstudio.model.recipe import FIELDS, MAX_SEED, Recipe

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
    """Return up to `count` neighbours of a recipe, each with one or two of `CHANGES`, or of those named by `only`.

    Every kind of change gets its turn; `seed` is that of the variation itself. No two look the same, nor like the
    recipe, and none is nearly black or blank where the recipe is not, as far as so many can be found. Raises
    `BadInput` for an unknown kind or a count outside 1 to 1000.
    """
    _check_count(count)
    for name in only:
        if name not in CHANGES:
            raise unknown("variation", name, CHANGES)
    # Trained weights are no seed's: with another one the picture would be the same.
    kinds = tuple(dict.fromkeys(only)) or tuple(name for name in CHANGES if name != "seed" or not recipe.weights)
    random = np.random.Generator(np.random.PCG64(seed))

    def neighbours() -> Iterator[Recipe]:
        for number in range(50 * count):
            chosen = {kinds[number % len(kinds)]}
            if random.random() < 0.5:
                chosen.add(kinds[int(random.integers(len(kinds)))])
            changes: dict[str, Any] = {}
            for kind in sorted(chosen):
                changes |= CHANGES[kind](recipe, random)
            yield recipe.replace(**changes)

    return _seen(neighbours(), [recipe], count)


def breed(first: Recipe, second: Recipe, count: int, seed: int = 0) -> list[Recipe]:
    """Return up to `count` children of two recipes: each field is one parent's, or for numbers something between.

    Deterministic for a `seed`. Parents that are much alike may have fewer children that look different. Raises
    `BadInput` for parents with less than two differences, or a count outside 1 to 1000.
    """
    _check_count(count)
    if first == second:
        raise BadInput(
            "breed: expected two different recipes, found two that are alike; `vary` makes neighbours of one"
        )
    random = np.random.Generator(np.random.PCG64(seed))
    crossed = (_crossed(first, second, random) for _ in range(50 * count))
    children = _seen(crossed, [first, second], count)
    if not children:
        raise BadInput("breed: expected recipes that differ in two things or more, found two that differ in one")
    return children


_ROUNDS = 3
"""Each round paints as many candidates as are wanted; after these the best of what was left out fill up."""

_ALIKE = 0.35
"""Fingerprints nearer than this look the same; unrelated pictures are about 1 apart."""

_DARK, _BLANK = 0.2, 0.04
"""Mean lightness (OKLab) below which a picture is nearly black; its deviation below which it is nearly blank."""


def _seen(candidates: Iterator[Recipe], parents: Sequence[Recipe], count: int) -> list[Recipe]:
    """Return the first `count` candidates that differ from each other and their parents, to the eye."""
    looks = _looks(parents)
    dark = min(_DARK, *(0.8 * lightness(look)[0] for look in looks))
    blank = min(_BLANK, *(0.8 * lightness(look)[1] for look in looks))
    known, kept, spare = dict.fromkeys(parents), list[Recipe](), list[tuple[float, Recipe]]()
    for _ in range(_ROUNDS):
        fresh: list[Recipe] = []
        for candidate in candidates:
            if candidate not in known:
                known[candidate] = None
                fresh.append(candidate)
            if len(fresh) == count:
                break
        for candidate, look in zip(fresh, _looks(fresh), strict=True):
            nearest = min(float(np.linalg.norm(look - other)) for other in looks)
            light, contrast = lightness(look)
            if nearest < _ALIKE or light < dark or contrast < blank:
                spare.append((nearest if light >= dark and contrast >= blank else 0.0, candidate))
            elif len(kept) < count:
                kept.append(candidate)
                looks.append(look)
        if len(kept) == count or not fresh:
            break
    spare.sort(key=lambda pair: -pair[0])
    return kept + [candidate for _, candidate in spare[: count - len(kept)]]


def _looks(recipes: Sequence[Recipe]) -> list[Floats]:
    """Return the fingerprint of each recipe's picture."""
    from artstudio.curation.many import render_many  # late: refusals should not wait for JAX

    return list(render_many(recipes, width=_SIDE, height=_SIDE, supersample=1, then=fingerprint))


_SIDE = 64


_TRAINED_WITH = ("seed", "units", "depth", "skip", "features", "fourier")
"""What trained weights go with."""


def _crossed(first: Recipe, second: Recipe, random: Random) -> Recipe:
    values = {name: _child(field, first.part(name), second.part(name), random) for name, field in FIELDS.items()}
    if values["weights"]:
        trained = first if values["weights"] == first.weights else second
        values |= {name: trained.part(name) for name in FIELDS if FIELDS[name].path[0] in _TRAINED_WITH}
    return first.with_parts(**values)


def _child(field: RecipeField, a: Any, b: Any, random: Random) -> Any:
    record = field.record
    if record.breeds == "default":
        return field.default
    if record.breeds == "between" and field.kind in ("integer", "number") and a != b:
        share = random.random()
        between = a + share * (b - a)
        blended = round(between) if field.kind == "integer" else float(round(between, 4))
        return blended if not record.zero_is_off or 0 not in (a, b) else (a if share < 0.5 else b)
    return a if random.random() < 0.5 else b


def _check_count(count: int) -> None:
    if not 1 <= count <= MAX_COUNT:
        raise BadInput(f"count: expected 1 to {MAX_COUNT}, found {count}")
