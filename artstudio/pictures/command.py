"""The command that makes a picture again, for people to copy."""

from __future__ import annotations

import shlex

from artstudio.model.fields.option_words import option_words
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO


def render_command(recipe: Recipe, width: int, height: int, supersample: int) -> str:
    """Return the `artstudio render` line for a recipe at a size; only what differs from the defaults is named.

    Trained weights are too many for a line: PICTURE.png stands for a file that carries them.
    """
    if recipe.weights:
        return f"artstudio render PICTURE.png --size {width}x{height}"
    words = ["artstudio", "render", "--seed", str(recipe.seed), "--size", f"{width}x{height}"]
    if supersample != AUTO:
        words += ["--supersample", str(supersample)]
    return shlex.join(words + option_words(recipe))
