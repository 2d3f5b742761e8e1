"""Where what was learned goes: a slide, a film or a picture, and a folder of pictures; checked before any
training."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from artstudio.batch.run import prepare_folder
from artstudio.errors import BadInput, unknown
from artstudio.figures.style.save import check_dpi, encode_figure, figure_format
from artstudio.figures.style.theme import find_size, find_theme
from artstudio.files.atomic import check_writable_target, write_atomic
from artstudio.files.encode import format_for
from artstudio.learning.targets.target import Target
from artstudio.model.size import parse_size
from artstudio.motion.film.rate import exact_rate
from artstudio.notebook.learning import FIGURES, Learning, film_format


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be written; made by `check_wanted`."""

    path: Path
    only: str
    """The activation whose picture `path` is; empty where it is the slide or the film."""
    keep: tuple[tuple[str, Path], ...]
    """Activations and their pictures."""
    theme: str
    size: str
    """Of the slide."""
    pixels: tuple[int, int]
    """Width and height of the film, or of pictures."""
    dpi: float | None
    text: str
    seconds: float
    fps: str
    quality: int | None
    force: bool

    @property
    def is_film(self) -> bool:
        """Whether `path` is a film."""
        return not self.only and self.path.suffix.lower() not in FIGURES

    @property
    def frames(self) -> int:
        """The frames of the film; 0 where there is none."""
        return max(2, round(self.seconds * exact_rate(self.fps))) if self.is_film else 0

    def write(self, learned: Learning, progress: Callable[[int], object] = lambda frames: None) -> list[Path]:
        """Write everything whose network was trained; return the paths. `progress` gets 1 for each frame."""
        written = []
        width, height = self.pixels
        if self.is_film:
            film = learned.film(seconds=self.seconds, fps=self.fps, width=width, height=height)
            written.append(film.save(self.path, quality=self.quality, overwrite=self.force, progress=progress))
        elif not self.only:
            data = encode_figure(learned.figure, figure_format(self.path), dpi=self.dpi, text=self.text)
            write_atomic(self.path, data, overwrite=self.force)
            written.append(self.path)
        pictures = ([(self.only, self.path)] if self.only else []) + list(self.keep)
        for name, path in pictures:
            if name in learned.recipes:
                side = self.pixels if self.only else (1024, 1024)
                shape = learned.study.target.shape or (1, 1)
                size = side if self.only else _fitting(side[0], shape)
                written.append(
                    learned.save_picture(path, name, width=size[0], height=size[1], overwrite=self.force)
                )
        return written


def _fitting(side: int, shape: tuple[int, int]) -> tuple[int, int]:
    """Return the width and height of a picture of a target's shape, (rows, columns), its longer side given."""
    rows, columns = shape
    return round(side * min(1, columns / rows)), round(side * min(1, rows / columns))


def stem(target: Target) -> str:
    """Return a name for files of a target."""
    return _word(Path(target.name).stem if target.kind == "picture" else target.name)


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-")[:40] or "target"


def check_wanted(
    target: Target,
    activations: Sequence[str],
    *,
    output: str | None,
    only: str,
    keep: str | None,
    theme: str,
    size: str | None,
    dpi: float | None,
    text: str,
    seconds: float,
    fps: str,
    quality: int | None,
    force: bool,
) -> Wanted:
    """Return what is to be written, checked; folders of its own are made. Raises `BadInput` and `FileProblem`."""
    if only and only not in activations:
        raise unknown("activation", only, activations)
    path = Path(
        output or f"outputs/learn-{'-'.join(filter(None, (stem(target), _word(only) if only else '')))}.png"
    )
    find_theme(theme)
    page, pixels = "slide", (1024, 1024)
    if only:
        format = format_for(path)
        pixels = parse_size(size) if size else _fitting(1024, target.shape or (1, 1))
        format.check_size(*pixels)
    elif path.suffix.lower() in FIGURES:
        page = find_size(size or "slide").name
    else:
        film = film_format(path)
        pixels = parse_size(size) if size else (1280, 720)
        film.check(*pixels, exact_rate(fps), max(2, round(seconds * exact_rate(fps))), quality)
        if not 1 <= seconds <= 600:
            raise BadInput(f"seconds: expected 1 to 600, found {seconds:g}")
    if dpi is not None:
        check_dpi(dpi)
    kept = []
    if keep:
        prepare_folder(Path(keep))
        kept = [(name, Path(keep) / f"learn-{stem(target)}-{_word(name)}.png") for name in activations]
    if output is None:
        prepare_folder(path.parent)
    for file in (path, *(file for _, file in kept)):
        check_writable_target(file, overwrite=force)
    return Wanted(path=path, only=only, keep=tuple(kept), theme=theme, size=page, pixels=pixels, dpi=dpi, text=text,
                  seconds=seconds, fps=fps, quality=quality, force=force)  # fmt: skip
