"""What a loop takes before it is made, roughly; and the loop that a command line asks for. Needs no JAX."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from artstudio.errors import BadInput
from artstudio.model.activation.morph import parse_morph
from artstudio.model.cost import seconds_per_pixel
from artstudio.model.recipe import Recipe
from artstudio.motion.film.formats import MotionFormat
from artstudio.motion.film.rate import Rate, rate_value
from artstudio.motion.keyframes import parse_key, read_keys
from artstudio.motion.spec import Loop


def wanted_loop(
    kind: str | None,
    *,
    amount: float | None,
    seeds: tuple[int, ...],
    morph: str | None,
    keys: Sequence[str],
    keys_file: str | None,
    easing: str | None,
) -> Loop:
    """Return the loop of these texts; without a kind it follows from what else is given. Raises `BadInput`."""
    found = (*(read_keys(keys_file) if keys_file else ()), *(parse_key(text) for text in keys))
    given = [name for name, value in (("seeds", seeds), ("morph", morph), ("keys", found)) if value]
    if kind is None and len(given) > 1:
        raise BadInput(f"loop: expected one of {' and '.join(given)}, found both")
    return Loop(
        kind=kind or (given[0] if given else "latent"),
        amount=amount,
        seeds=seeds,
        morph=parse_morph(morph) if morph else None,
        keys=found,
        easing=easing or "sine",
    )


def estimate(
    recipe: Recipe, format: MotionFormat, width: int, height: int, fps: Rate, count: int
) -> dict[str, Any]:
    """Return frames, size, and roughly the time on this machine and the bytes, as JSON values."""
    pixels = width * height * count
    seconds = pixels * seconds_per_pixel(recipe) / (os.cpu_count() or 1)
    return {
        "format": format.name,
        "frames": count,
        "fps": rate_value(fps),
        "seconds": round(float(count / fps), 3),
        "width": width,
        "height": height,
        "estimated_seconds": round(2 + seconds, 1),
        "estimated_bytes": round(pixels * format.bytes_per_pixel),
    }
