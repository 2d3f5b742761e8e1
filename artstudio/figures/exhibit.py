"""A figure that shows itself in a notebook, saves itself, and knows its numbers and the command that makes it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from artstudio.figures.lessons.lesson import Table
from artstudio.figures.style.save import encode_figure, figure_format
from artstudio.figures.style.theme import TITLE, Size, Theme
from artstudio.files.atomic import write_atomic

_DPI, _SHOWN = 96, 64
"""Dots per inch of the PNG in a notebook, and the pixels that an inch takes there: sharp on fine screens too."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Exhibit:
    """A figure and what belongs to it. As the last line of a notebook's cell it shows itself.

    `draw(theme, size)` gives the matplotlib `Figure` in another look; `figure` is the one in its own.
    """

    title: str
    alt: str
    """What is to be seen, in words, for those who cannot see it."""
    words: str
    """What there is to say of it, in sentences."""
    command: str
    """The `artstudio` line that makes the figure."""
    tables: tuple[Table, ...]
    """The numbers behind it."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What it shows, as JSON values."""
    draw: Callable[[Theme, Size], Figure]
    theme: Theme
    size: Size

    @cached_property
    def figure(self) -> Figure:
        """The matplotlib figure."""
        return self.draw(self.theme, self.size)

    def save(
        self, path: str | Path, *, dpi: float | None = None, text: str = "outlines", overwrite: bool = False
    ) -> Path:
        """Write a .png, .svg or .pdf, whole or not at all, and return its path.

        `dpi` (30 to 1200) matters to a PNG only, `text` (outlines or editable) to an SVG only. Raises `BadInput` for
        another suffix or, without `overwrite`, an existing file; `FileProblem` where it cannot be written.
        """
        path = Path(path)
        write_atomic(
            path, encode_figure(self.figure, figure_format(path), dpi=dpi, text=text), overwrite=overwrite
        )
        return path

    def __repr__(self) -> str:
        return f"<{self.title}: {self.command}>"

    def _repr_png_(self) -> bytes:
        return encode_figure(self.figure, "png", dpi=_DPI)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        about = {"width": round(self.size.width * _SHOWN), "alt": self.alt}
        return {"image/png": self._repr_png_(), "text/plain": repr(self)}, {"image/png": about}


def take_title(figure: Figure) -> str:
    """Take a page's title out of the figure and return it; empty where there is none."""
    for text in figure.texts:
        if text.get_label() == TITLE:
            text.remove()
            return str(text.get_text())
    return ""


def figure_command(name: str, words: Sequence[str], theme: str, size: str, parts: Sequence[str]) -> str:
    """Return the line that makes a figure; `parts` are what its file is named after."""
    stem = "-".join([name, *parts]) if len(parts) < 7 and all(map(str.isidentifier, parts)) else name
    look = [*(["--theme", theme] if theme != "light" else []), *(["--size", size] if size != "slide" else [])]
    return shlex.join(["artstudio", name, *words, *look, "-o", f"{stem}.png"])


def listed(names: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
