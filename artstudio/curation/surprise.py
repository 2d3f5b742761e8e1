"""Surprises: whole recipes drawn from styles, each the best of a handful, and no two alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from artstudio.curation.curate import Candidate, score_recipes
from artstudio.errors import BadInput
from artstudio.model.recipe import MAX_SEED, Recipe
from artstudio.presets.collections import Preset
from artstudio.presets.styles import Style, turn

HANDFUL = 6
"""Candidates for each surprise, all of one style: more made the best of them better by little."""

MAX_COUNT = 1000

COLLECTION = "Surprises"
"""What the collection of surprises is called."""

ALIKE = 0.9
"""A candidate whose fingerprint is nearer than this to an earlier surprise gives way to the next best."""


def surprises(
    seed: int,
    count: int,
    styles: Sequence[Style],
    change: Callable[[Recipe], Recipe] = lambda recipe: recipe,
    progress: Callable[[int], object] | None = None,
) -> list[Preset]:
    """Return the surprises of `count` consecutive seeds as presets, by names such as `silk-17`: style and seed.

    The styles take turns (`styles.turn`). Of each one's candidates the best scoring is kept that differs from those
    kept before; where none does, the most different one. So the surprise of a single seed may be another than that of
    the same seed in a row. `change` sets what is not left to chance; `progress` is called with 1 for each candidate
    looked at, `HANDFUL` for each surprise. Deterministic. Raises `BadInput` for a count outside 1 to 1000.
    """
    if not 1 <= count <= MAX_COUNT:
        raise BadInput(f"count: expected 1 to {MAX_COUNT} surprises, found {count}")
    seeds = [(seed + i) % (MAX_SEED + 1) for i in range(count)]
    drawn = [(number, turn(styles, number)) for number in seeds]
    named = [
        (f"{style.name}-{number}", change(recipe)) for number, style in drawn for recipe in _handful(style, number)
    ]
    found = list(score_recipes(named, progress))
    kept: list[Candidate] = []
    for i in range(0, len(found), HANDFUL):
        kept.append(_best_new(found[i : i + HANDFUL], kept))
    return [
        Preset(c.name, c.recipe, f"{style.title} {number}", style.description, (style.name,), COLLECTION)
        for (number, style), c in zip(drawn, kept, strict=True)
    ]


def _handful(style: Style, seed: int) -> list[Recipe]:
    """Return the candidates of one surprise. They share a palette: scores compare what is drawn, not colours, which
    would make the same few palettes win."""
    random = np.random.Generator(np.random.PCG64(seed))
    first, *others = (style.draw(random) for _ in range(HANDFUL))
    return [first, *(other.replace(palette=first.palette) for other in others)]


def _best_new(handful: Sequence[Candidate], kept: Sequence[Candidate]) -> Candidate:
    """Return the best of those that differ from all that are kept, or else the most different one."""
    prints = np.array([candidate.fingerprint for candidate in kept])

    def worth(candidate: Candidate) -> tuple[float, float]:
        nearest = np.linalg.norm(prints - candidate.fingerprint, axis=1).min() if kept else np.inf
        return min(float(nearest), ALIKE), candidate.scores.total

    return max(handful, key=worth)
