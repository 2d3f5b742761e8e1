"""Search for good pictures from Python."""

from __future__ import annotations

from collections.abc import Callable

from artstudio.curation.curate import Candidate, check_counts, consecutive_seeds, score_recipes
from artstudio.curation.curate import curate as choose
from artstudio.model.recipe import Recipe


def curate(
    recipe: Recipe | None = None,
    *,
    count: int = 500,
    keep: int = 24,
    progress: Callable[[int], object] | None = None,
) -> list[Candidate]:
    """Return good pictures that differ, best first, of `count` consecutive seeds of a recipe.

    Each has its `recipe`, its `scores` and small `pixels`; `progress` is called with 1 after each picture looked at.
    Raises `BadInput` for counts out of range.
    """
    check_counts(count, keep)
    named = [(f"seed-{r.seed}", r) for r in consecutive_seeds(recipe or Recipe(), count)]
    return choose(score_recipes(named, progress), keep)[0]
