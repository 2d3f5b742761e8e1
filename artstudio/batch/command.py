"""The command that makes a picture again, for people to copy."""

from __future__ import annotations

import shlex

from artstudio.model.recipe import Recipe


def render_command(recipe: Recipe, width: int, height: int, supersample: int) -> str:
    """Return the `artstudio render` line for a recipe at a size; only what differs from the defaults is named."""
    plain = Recipe()
    words = ["artstudio", "render", "--seed", str(recipe.seed), "--size", f"{width}x{height}"]
    words += ["--supersample", str(supersample)]
    if recipe.activation != plain.activation:
        words += ["--activation", ",".join(recipe.activation)]
    for field in ("units", "depth", "gain", "symmetry", "colour"):
        value = getattr(recipe, field)
        if value != getattr(plain, field):
            words += [f"--{field}", str(value)]
    for field in ("features", "palette"):
        value = getattr(recipe, field)
        if value != getattr(plain, field):
            words += [f"--{field}", value if isinstance(value, str) else ",".join(value)]
    if recipe.latent:
        words.append(f"--latent={_numbers(recipe.latent)}")
    if recipe.view.centre != plain.view.centre:
        words.append(f"--centre={_numbers(recipe.view.centre)}")
    for field in ("zoom", "rotation"):
        value = getattr(recipe.view, field)
        if value != getattr(plain.view, field):
            words.append(f"--{field}={value!r}")
    return shlex.join(words)


def _numbers(values: tuple[float, ...]) -> str:
    return ",".join(map(repr, values))
