"""Search: render many recipes small, score them, keep good and different ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artstudio.curation.diversity import choose, fingerprint
from artstudio.curation.scores import Scores, score
from artstudio.errors import BadInput
from artstudio.model.colour.oklab import oklab_from_levels
from artstudio.model.recipe import MAX_SEED, Recipe

SIDE = 128
"""Pixels a side at which candidates are rendered and scored, with one sample each: anti-aliasing takes a third of the
time more and ranks almost the same (rank correlation 0.93 to 0.96)."""

MAX_CANDIDATES, MAX_KEPT = 100_000, 1000


@dataclass(frozen=True)
class Candidate:
    """A recipe, what it looks like small, and how it scores."""

    name: str
    recipe: Recipe
    scores: Scores
    pixels: NDArray[np.uint8]
    """uint8 (128, 128, 3)."""
    fingerprint: NDArray[np.float64]
    """See `diversity.fingerprint`."""


def check_counts(candidates: int, keep: int) -> None:
    """Refuse numbers of candidates outside 1 to 100,000, and of those to keep outside 1 to 1000."""
    if not 1 <= candidates <= MAX_CANDIDATES:
        raise BadInput(f"count: expected 1 to {MAX_CANDIDATES} candidates, found {candidates}")
    if not 1 <= keep <= MAX_KEPT:
        raise BadInput(f"keep: expected 1 to {MAX_KEPT} pictures, found {keep}")


def consecutive_seeds(recipe: Recipe, count: int) -> list[Recipe]:
    """Return the recipe with `count` seeds from its own on; after the last seed comes 0. Raises `BadInput`."""
    check_counts(count, 1)
    return [recipe.replace(seed=(recipe.seed + i) % (MAX_SEED + 1)) for i in range(count)]


def score_recipes(
    named: Iterable[tuple[str, Recipe]], progress: Callable[[int], object] | None = None
) -> Iterator[Candidate]:
    """Yield a candidate for each name and recipe, in their order."""
    from artstudio.curation.many import render_many  # late: refusals and dry runs should not wait for JAX

    pairs = list(named)
    recipes = [recipe for _, recipe in pairs]
    found = render_many(
        recipes, width=SIDE, height=SIDE, supersample=1, then=_looked_at, coarse=True, progress=progress
    )
    for (name, recipe), (pixels, scores, mark) in zip(pairs, found, strict=True):
        yield Candidate(name, recipe, scores, pixels, mark)


def _looked_at(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], Scores, NDArray[np.float64]]:
    lab = oklab_from_levels(pixels)
    return pixels, score(pixels, lab), fingerprint(pixels, lab)


def curate(candidates: Iterable[Candidate], keep: int) -> tuple[list[Candidate], list[tuple[str, Scores]]]:
    """Return the good and different ones, best first, and the name and scores of all.

    `keep` is how many; fewer candidates are all kept. Each kind, which is all but the seed, is judged by itself.
    """
    found = list(candidates)
    prints = np.array([candidate.fingerprint for candidate in found])
    kinds = [candidate.recipe.replace(seed=0) for candidate in found]
    kept = choose([candidate.scores.total for candidate in found], prints, keep, kinds)
    return [found[i] for i in kept], [(candidate.name, candidate.scores) for candidate in found]


def best_of(recipe: Recipe, count: int, progress: Callable[[int], object] | None = None) -> Recipe:
    """Return the recipe with the best scoring of `count` consecutive seeds. Raises `BadInput`."""
    candidates = ((str(r.seed), r) for r in consecutive_seeds(recipe, count))
    return max(score_recipes(candidates, progress), key=lambda candidate: candidate.scores.total).recipe
