"""A recipe as the command line's options: the words that make it again, for people to copy."""

from __future__ import annotations

from typing import Any

from artstudio.model.recipe import PARTS, Recipe


def option_words(recipe: Recipe) -> list[str]:
    """Return the options for all that differs from the default recipe but the seed, which is always worth naming.

    >>> option_words(Recipe(seed=3, activation="relu", gain=0.5))
    ['--activation', 'relu', '--gain', '0.5']
    """
    plain, words = Recipe(), []
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
    return words


def _part(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return f"--{name}"
    return f"--{name}={_numbers(value) if isinstance(value, tuple) else repr(value)}"


def _numbers(values: tuple[float, ...]) -> str:
    return ",".join(map(repr, values))
