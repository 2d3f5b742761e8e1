"""A slide, before it is one in a file: its words, its pictures and the speaker's notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from artstudio.errors import clip, unknown
from artstudio.figures.exhibit import listed
from artstudio.figures.lessons.lesson import Table
from artstudio.figures.style.theme import THEMES, Theme


@dataclass(frozen=True)
class Look:
    """The colours of a deck: those of its pages, and those of figures that lie on them without a ground."""

    page: Theme
    figure: Theme


LOOKS: Mapping[str, Look] = MappingProxyType(
    {name: Look(THEMES[name], replace(THEMES[name], transparent=True)) for name in ("light", "dark")}
)


def find_look(name: str) -> Look:
    """Return a deck's look by the name of its theme. Raises `BadInput`."""
    if name not in LOOKS:
        raise unknown("deck theme", name, LOOKS)
    return LOOKS[name]


FilmFormat = Literal["gif", "mp4"]


@dataclass(frozen=True, kw_only=True)
class Film:
    """What a picture shows where it can move: a file that begins by itself and repeats."""

    format: FilmFormat
    data: bytes
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Image:
    """One picture on a slide."""

    name: str
    """Plain letters, digits and hyphens; different for each picture of a deck."""
    png: bytes
    width: float
    height: float
    """Inches at which it is meant to be seen; a gallery's pictures may be larger or smaller."""
    alt: str
    caption: str = ""
    film: Film | None = None
    """What it is the still of. At most one picture of a slide has one."""


Kind = Literal["title", "figure", "gallery"]


@dataclass(frozen=True, kw_only=True)
class Slide:
    """One slide. `title` has a picture beside its words, `figure` one below its title, `gallery` several."""

    kind: Kind
    title: str
    subtitle: str = ""
    images: tuple[Image, ...]
    notes: str
    """What the speaker sees: the numbers, and the commands that make the pictures."""


def speaker_notes(about: str, commands: Sequence[str], tables: Sequence[Table]) -> str:
    """Return a speaker's notes: what is to be said, the numbers row by row, the commands to copy."""
    parts = [about] if about else []
    for table in tables:
        rows = [" | ".join(cells) for cells in (table.headers, *table.printed())]
        parts.append("\n".join([f"{table.title[:1].upper()}{table.title[1:]}", *rows]))
    made = "Made with" if len(commands) == 1 else "Made with, from left to right and top to bottom"
    return "\n\n".join([*parts, "\n".join([f"{made}:", *commands])])


def listed_short(names: Sequence[str]) -> str:
    """Return `a, b and c`, each name short."""
    return listed([clip(name, 24) for name in names])
