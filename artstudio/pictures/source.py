"""What a person names to start from: a preset, a TOML file's preset, or a picture or loop made here."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from artstudio.errors import BadInput
from artstudio.files.read import may_carry_recipe
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO, parse_size, printed_size, resolve_supersample
from artstudio.pictures.picture import read_info
from artstudio.pictures.prepress import PLAIN, Prepress
from artstudio.presets.collections import find_presets, is_toml


@dataclass(frozen=True)
class Source:
    """A recipe, what to call things made from it, and how it was painted where it comes from a file."""

    recipe: Recipe
    stem: str = ""
    """For the names of files."""
    title: str = ""
    size: tuple[int, int] | None = None
    """Width and height in pixels; None where it does not come from a file."""
    supersample: int = AUTO
    bits: int = 8
    is_loop: bool = False
    prepress: Prepress = PLAIN
    """What the file has besides its painted pixels; never a profile, since pictures are painted in sRGB."""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of a source that was `sized`."""
        assert self.size is not None
        return self.size

    def size_or(self, size: str | None, default: str) -> tuple[int, int]:
        """Return width and height: `size` where one is asked for, else the file's, else `default`."""
        return parse_size(size) if size is not None else self.size or parse_size(default)

    def sized(self, size: str | None, default: str, dpi: float | None, bleed: str | None) -> Source:
        """Return the source at a size: the one asked for, else the file's, else `default`; see `printed_size`.

        Raises `BadInput`.
        """
        text = default if size is None and self.size is None else size
        pixels, sheet = printed_size(text, self.size or (1, 1), self.prepress.sheet, dpi, bleed)
        return replace(self, size=pixels, prepress=replace(self.prepress, sheet=sheet))

    def samples_or(self, supersample: int | None) -> int:
        """Return the samples a pixel along each side: as asked for, else the file's. Raises `BadInput`."""
        return resolve_supersample(self.supersample if supersample is None else supersample)


def read_source(name: str) -> Source:
    """Return what a SOURCE stands for. Raises `BadInput`, and `FileProblem` for a file that cannot be read."""
    if is_picture(name):
        info = read_info(name)
        size = (info.width, info.height)
        return Source(
            info.recipe, Path(name).stem, info.title, size, info.supersample, info.bits, info.loop is not None,
            replace(info.prepress, conversion=None),
        )  # fmt: skip
    presets = find_presets(name)
    if len(presets) > 1:
        names = ", ".join(preset.name for preset in presets[:6])
        raise BadInput(
            f"{name}: holds {len(presets)} presets; choose one, as in {name}:{presets[0].name} ({names}...)"
        )
    return Source(presets[0].recipe, presets[0].name, presets[0].title)


def is_picture(name: str) -> bool:
    """Say whether a SOURCE is a picture or loop: by its suffix, or because there is such a file."""
    there = os.path.exists(name) and not os.path.isdir(name)  # of pathlib's, some raise on names too long
    return may_carry_recipe(Path(name).suffix.lower()) or (there and not is_toml(name))
