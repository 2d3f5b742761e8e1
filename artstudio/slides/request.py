"""What a deck is to show, checked before anything is planned or painted; and a slide that is planned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from artstudio.errors import BadInput, unknown
from artstudio.model.activation.registry import Activation, get_activation
from artstudio.model.recipe import Recipe
from artstudio.motion.film.formats import motion_format
from artstudio.presets.collections import Preset, find_presets, shipped_presets
from artstudio.slides.slide import FilmFormat, Look, Slide

Palette = str | tuple[str, ...]
"""A palette's name, or its colours."""

TITLE_SEED = 4
"""The seed of the title's picture and the comparisons, unless another is asked for: one whose pictures are clear."""

FilmKind = FilmFormat | Literal["none"]
"""How films are put on slides. The usual one is a GIF: it is a picture, and moves wherever pictures can be shown."""

FILMS = (*get_args(FilmFormat), "none")

MAIL_MEGABYTES = 25
"""What many mail services take; the usual deck is smaller."""

MOST_ACTIVATIONS = 8
_USUAL_PICTURES = 12


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a deck is to show, checked by `make_request`."""

    title: str
    recipe: Recipe
    """What the title's picture and the comparisons share, all but the activation."""
    activations: tuple[Activation, ...]
    presets: tuple[Preset, ...]
    lesson_seed: int | None
    palette: Palette | None
    """The colours of all pictures, if they were asked for."""
    films: FilmKind
    """How films move."""
    look: Look


@dataclass(frozen=True)
class Planned:
    """A slide to be made: the part it belongs to, what it will show, the commands that make its pictures."""

    part: str
    about: str
    make: Callable[[], Slide]
    film: Mapping[str, Any] | None = None
    """What its film takes, roughly (`artstudio.motion.film.plan.estimate`)."""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        film = {"film": dict(self.film)} if self.film else {}
        return {"part": self.part, "about": self.about, **film}

    def line(self) -> str:
        """Return it as a line to be printed."""
        line = f"{self.part:8}  {self.about}"
        if film := self.film:
            size, work = film["estimated_bytes"] / 1e6, film["estimated_seconds"]
            line += f" ({film['format']}, {film['seconds']:g} s; about {work:.0f} s of work and {size:.1f} MB)"
        return line


def make_request(
    look: Look,
    *,
    title: str = "",
    recipe: Recipe | None = None,
    activations: Sequence[str] = (),
    presets: Sequence[str] = (),
    surprises: Sequence[Preset] = (),
    lesson_seed: int | None = None,
    palette: Palette | None = None,
    films: FilmKind = "gif",
) -> Request:
    """Check what a deck is to show. Raises `BadInput`.

    Without activations they are step, sigmoid, tanh and relu; without presets (names, collections, TOML files) and
    surprises one of each shipped collection but those made to stand behind text. Films as MP4 need the extra `video`.
    """
    records = tuple(dict.fromkeys(get_activation(name) for name in activations or _USUAL_ACTIVATIONS))
    if not 1 <= len(records) <= MOST_ACTIVATIONS:
        raise BadInput(f"deck: expected 1 to {MOST_ACTIVATIONS} activations, found {len(records)}")
    if len(title) > 120:
        raise BadInput(f"title: expected at most 120 characters, found {len(title)}")
    if films not in FILMS:
        raise unknown("kind of films", films, FILMS)
    if films != "none":
        motion_format(f"film.{films}")
    chosen = [*(preset for name in presets for preset in find_presets(name)), *surprises] or _usual_presets()
    return Request(
        title=" ".join(title.split()) or "What an activation function does",
        recipe=_coloured(recipe or Recipe(seed=TITLE_SEED), palette),
        activations=records,
        presets=tuple(replace(p, recipe=_coloured(p.recipe, palette)) for p in dict.fromkeys(chosen)),
        lesson_seed=lesson_seed,
        palette=palette,
        films=films,
        look=look,
    )


def _coloured(recipe: Recipe, palette: Palette | None) -> Recipe:
    return recipe if palette is None else recipe.replace(palette=palette)


_USUAL_ACTIVATIONS = ("step", "sigmoid", "tanh", "relu")


def _usual_presets() -> list[Preset]:
    firsts: dict[str, Preset] = {}
    for preset in shipped_presets().values():
        if "background" not in preset.tags:
            firsts.setdefault(preset.collection, preset)
    return list(firsts.values())[:_USUAL_PICTURES]
