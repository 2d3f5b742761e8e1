"""The command that makes a picture again, for people to copy."""

from __future__ import annotations

import shlex
from typing import Any

from artstudio.engine.size import AUTO
from artstudio.model.recipe import PARTS, Recipe


def render_command(recipe: Recipe, width: int, height: int, supersample: int) -> str:
    """Return the `artstudio render` line for a recipe at a size; only what differs from the defaults is named."""
    plain = Recipe()
    words = ["artstudio", "render", "--seed", str(recipe.seed), "--size", f"{width}x{height}"]
    if supersample != AUTO:
        words += ["--supersample", str(supersample)]
    if recipe.activation != plain.activation:
        words += ["--activation", ",".join(recipe.activation)]
    for field in ("units", "depth", "gain", "sparsity", "symmetry", "colour", "gamut"):
        value = getattr(recipe, field)
        if value != getattr(plain, field):
            words += [f"--{field}", str(value)]
    if recipe.skip:
        words.append("--skip")
    for field in ("features", "palette"):
        value = getattr(recipe, field)
        if value != getattr(plain, field):
            words += [f"--{field}", value if isinstance(value, str) else ",".join(value)]
    if recipe.latent:
        words.append(f"--latent={recipe.latent if isinstance(recipe.latent, str) else _numbers(recipe.latent)}")
    for name, (field, part) in PARTS.items():
        value = getattr(getattr(recipe, field), part)
        if value != getattr(getattr(plain, field), part):
            words.append(_part(name.replace("_", "-"), value))
    return shlex.join(words)


def _part(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}"
    return f"--{name}={_numbers(value) if isinstance(value, tuple) else repr(value)}"


def _numbers(values: tuple[float, ...]) -> str:
    return ",".join(map(repr, values))
