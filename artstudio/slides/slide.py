"""A slide, before it is one in a file: its words, its pictures and the speaker's notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from artstudio.errors import unknown
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
