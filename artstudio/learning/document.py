"""A study as JSON values: settings, everything measured, and every step's loss."""

from __future__ import annotations

import math
from typing import Any

from artstudio.learning.settings import RATES
from artstudio.learning.study import Run, Study, search_steps


def document(study: Study) -> dict[str, Any]:
    """Return a study as JSON values; numbers that are not finite are None. Of recipes, the digests."""
    settings = study.settings
    found: dict[str, Any] = {
        "target": study.target.to_dict(),
        "settings": settings.to_dict(),
        "loss": study.objective.loss_name,
        "score": study.objective.score_name,
        "interrupted": study.interrupted,
        "runs": [_run(run) for run in study.runs],
    }
    if settings.rate is None:
        found["search"] = {"rates": list(RATES[settings.optimiser]), "steps": search_steps(settings.steps)}
    return found


def _run(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = _finite({
        "activation": run.activation,
        "init": run.init,
        "rate": run.rate,
        "tried": [{"rate": rate, "loss": loss} for rate, loss in run.tried],
        "steps": len(run.trace.losses),
        "diverged": run.trace.diverged,
        "checkpoints": [checkpoint.to_dict() for checkpoint in run.checkpoints],
        "losses": run.trace.losses.tolist(),
        "digest": run.recipe.digest,
    })  # fmt: skip
    return found


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
