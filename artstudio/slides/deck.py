"""Decks from Python, with the arguments of `artstudio deck`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from artstudio.model.recipe import Recipe
from artstudio.slides.content import plan_deck
from artstudio.slides.request import TITLE_SEED, FilmKind, Palette, make_request
from artstudio.slides.slide import find_look
from artstudio.slides.write import open_target


def deck(
    path: str | Path,
    *activations: str,
    include: Sequence[str] = (),
    title: str = "",
    presets: Sequence[str] = (),
    recipe: Recipe | None = None,
    palette: Palette | None = None,
    films: FilmKind = "gif",
    theme: str = "light",
    template: str | Path | None = None,
    format: str = "pptx",
    overwrite: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Path:
    """Write a deck of slides, whole or not at all, and return its path.

    `include` names parts (title, gallery, compare, plots, lessons, films); all of them by default. `recipe` is what
    the comparisons share and gives the lessons' seed; `palette` colours all pictures; `films` are gif, mp4 (with the
    extra `video`) or none; `progress` is called with 1 after each slide. Raises `BadInput`, `FileProblem`.
    """
    look, file = find_look(theme), Path(path)
    request = make_request(
        look, title=title, recipe=recipe or Recipe(seed=TITLE_SEED), activations=activations, presets=presets,
        lesson_seed=recipe.seed if recipe else None, palette=palette, films=films,
    )  # fmt: skip
    planned = plan_deck(request, include)
    target = open_target(
        file, look, format=format, template=Path(template) if template else None, overwrite=overwrite
    )
    slides = []
    for slide in planned:
        slides.append(slide.make())
        if progress:
            progress(1)
    target.write(slides)
    return file
