"""A job: one recipe at one size in one format under one name. A batch is a list of them."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from artstudio.batch.manifest import Entry
from artstudio.errors import BadInput, clip
from artstudio.files.encode import Format
from artstudio.model.recipe import Recipe
from artstudio.model.size import check_size, resolve_supersample
from artstudio.paper import Sheet
from artstudio.pictures.source import Source, is_picture, read_source
from artstudio.presets.collections import Preset, find_presets, shipped_presets
from artstudio.presets.sweep import MAX_JOBS, Sweep, expand
from artstudio.presets.text import preset_names
from artstudio.version import RENDERER


@dataclass(frozen=True)
class Job:
    """What it takes to make one file. `supersample` is the samples a pixel along each side, or `AUTO`."""

    name: str
    recipe: Recipe
    width: int
    height: int
    format: Format
    supersample: int
    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    collection: str = ""
    sheet: Sheet | None = None
    """The paper that it is to be printed on."""

    @property
    def file_name(self) -> str:
        """The name of the file in the batch's folder."""
        return self.name + self.format.suffixes[0]

    @cached_property
    def digest(self) -> str:
        """What the manifest knows the job by: SHA-256 over all that decides the file's pixels, the renderer's version
        included, as 64 hex digits."""
        parts = [self.recipe.to_json(), self.width, self.height, self.format.name, self.supersample, RENDERER]
        parts += [self.sheet.numbers] if self.sheet else []
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def entry(self, sha256: str, size: int, seconds: float = 0.0) -> Entry:
        """Return what the manifest says once the job's file stands: its hash, its bytes, how long it took."""
        return Entry(
            self.name, self.file_name, self.digest, sha256=sha256, bytes=size, seconds=round(seconds, 3),
            width=self.width, height=self.height, supersample=self.supersample, title=self.title, tags=self.tags,
            recipe=self.recipe.to_dict(),
        )  # fmt: skip


SHEET_NAME = "contact-sheet"
"""What the contact sheets in a gallery's folder are called; no picture may be."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}", re.ASCII)


def preset_jobs(
    preset: Preset,
    sweeps: Sequence[Sweep],
    width: int,
    height: int,
    format: Format,
    supersample: int | None,
    sheet: Sheet | None = None,
) -> Iterator[Job]:
    """Yield the jobs that render a preset: one, or one for each combination of its own
    and the other sweeps. Raises `BadInput`."""
    for name, recipe in expand(preset.name, preset.recipe, [*preset.sweeps, *sweeps]):
        if not _NAME.fullmatch(name) or name.startswith(SHEET_NAME):
            raise BadInput(
                f"{clip(name)!r}: expected a picture's name of up to 200 letters, digits and .-_,"
                f" not {SHEET_NAME!r}"
            )
        swept = name.removeprefix(preset.name).strip("_").replace("_", ", ").replace("-", " ")
        yield Job(
            name,
            recipe,
            width,
            height,
            format,
            resolve_supersample(supersample),
            title=", ".join(filter(None, (preset.title, swept))),
            description=preset.description,
            tags=preset.tags,
            collection=preset.collection,
            sheet=sheet,
        )


_DEFAULT = "picture"

USUAL_SIZE = "1080p"
"""The size of a gallery's pictures that does not come from a picture."""


def gallery_jobs(
    names: Sequence[str],
    sweeps: Sequence[Sweep],
    change: Callable[[Recipe], Recipe],
    size: str | None,
    format: Format,
    supersample: int | None,
    presets: Sequence[Preset] = (),
    *,
    dpi: float | None = None,
    bleed: str | None = None,
) -> list[Job]:
    """Return the jobs of a gallery: presets and pictures by name, then `presets`; recipes changed by `change`, swept.

    `size`, `dpi` and `bleed` are those of `model.size.printed_size`.

    Without either they are all the shipped presets; or the default recipe, if there is something to sweep. Pictures
    bring their size and samples along, unless others are asked for; presets have `USUAL_SIZE`. Raises `BadInput`,
    also when a picture would be larger than the format holds.
    """
    if not names and not presets:
        presets = [Preset(_DEFAULT, Recipe(), "", "", (), "")] if sweeps else list(shipped_presets().values())
    chosen = list(dict.fromkeys(_named(dict.fromkeys(names))))
    chosen += [(preset, Source(preset.recipe)) for preset in presets]
    sized = [(preset, source.sized(size, USUAL_SIZE, dpi, bleed)) for preset, source in chosen]
    for pixels in {source.pixels for _, source in sized}:
        format.check_size(*pixels)
        check_size(*pixels)
    jobs = [
        job
        for preset, source in sized
        for job in preset_jobs(
            replace(preset, recipe=change(preset.recipe)),
            sweeps,
            *source.pixels,
            format,
            source.samples_or(supersample),
            source.prepress.sheet,
        )
    ]
    if len(jobs) > MAX_JOBS:
        raise BadInput(f"expected at most {MAX_JOBS} pictures, found {len(jobs)}")
    return jobs


def _named(names: Iterable[str]) -> Iterator[tuple[Preset, Source]]:
    """Yield the presets that are named, and pictures as presets with names of their own."""
    names = list(names)
    pictures = [name for name in names if is_picture(name)]
    own = dict(zip(pictures, preset_names(Path(name).stem for name in pictures), strict=True))
    for name in names:
        if name in own:
            source = read_source(name)
            yield Preset(own[name], source.recipe, clip(source.title, 120), "", (), ""), source
        else:
            yield from ((preset, Source(preset.recipe)) for preset in find_presets(name))


def check_sources(names: Sequence[str], jobs: Sequence[Job], folder: Path, *, force: bool) -> None:
    """Refuse, unless `force`, to put a picture in the place of the one that it starts from. Raises `BadInput`."""
    targets = {os.path.realpath(folder / job.file_name) for job in jobs}
    replaced = [name for name in names if is_picture(name) and os.path.realpath(name) in targets]
    if replaced and not force:
        raise BadInput(
            f"{replaced[0]}: would be replaced by a picture made from it; choose another folder, or force=True"
        )
