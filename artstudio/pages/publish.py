"""What a gallery's folder shows of its pictures: contact sheets and a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from artstudio.batch.job import SHEET_NAME, Job
from artstudio.batch.manifest import Entry
from artstudio.errors import FileProblem, unknown
from artstudio.figures.sheet import LAYOUTS, Tile, contact_sheets
from artstudio.files.atomic import write_atomic
from artstudio.model.recipe import Recipe
from artstudio.pages.gallery import PAGE_NAME, Picture, gallery_page
from artstudio.pages.thumbnails import FOLDER as THUMBNAILS
from artstudio.pages.thumbnails import update_thumbnails
from artstudio.pictures.command import render_command
from artstudio.version import VERSION

_SHEET = re.compile(rf"{SHEET_NAME}(?:-[1-9][0-9]{{0,3}})?\.png")
"""The names that contact sheets have here."""

CAPTIONS = ("name", "recipe", "size", "none")


@dataclass(frozen=True)
class Look:
    """What to make: title, layout of the contact sheet (or `none`) with its columns and captions, the page."""

    title: str
    sheet: str
    columns: int | None
    caption: str
    page: bool

    def __post_init__(self) -> None:
        if self.sheet not in (*LAYOUTS, "none"):
            raise unknown("sheet", self.sheet, [*LAYOUTS, "none"])
        if self.caption not in CAPTIONS:
            raise unknown("caption", self.caption, CAPTIONS)


def publish(folder: Path, jobs: Sequence[Job], entries: Mapping[str, Entry], look: Look) -> Path | None:
    """Write contact sheets and page for all that stands in the folder: these jobs first, then earlier ones.

    Return the file to look at first, None where there is none. Raises `FileProblem`.
    """
    ours = [job.name for job in jobs if job.name in entries]
    others = sorted(set(entries) - set(ours))
    shown = [entries[name] for name in [*ours, *others] if _stands(folder, entries[name])]
    sheets = _write_sheets(folder, shown, look)
    page = folder / PAGE_NAME
    if not look.page:
        return sheets[0] if sheets else None
    if (folder / THUMBNAILS).is_symlink():
        raise FileProblem(
            f"{folder / THUMBNAILS}: expected a folder, found a symbolic link; nothing is written there"
        )
    by_name = {job.name: job for job in jobs}
    pictures = [_picture(entry, by_name.get(entry.name)) for entry in shown]
    thumbnails = update_thumbnails(folder, pictures)
    write_atomic(page, gallery_page(pictures, title=look.title, version=VERSION, thumbnails=thumbnails).encode())
    return page


def _stands(folder: Path, entry: Entry) -> bool:
    return entry.status == "failed" or (folder / entry.file).is_file()


def _picture(entry: Entry, job: Job | None) -> Picture:
    recipe = job.recipe if job else Recipe.from_dict(entry.recipe) if entry.recipe else None
    command = render_command(recipe, entry.width, entry.height, entry.supersample) if recipe else ""
    return Picture(
        name=entry.name,
        file=entry.file,
        title=(job.title if job else entry.title) or entry.name,
        description=job.description if job else "",
        tags=job.tags if job else entry.tags,
        width=entry.width,
        height=entry.height,
        recipe=recipe,
        digest=entry.digest,
        command=command,
        status="ok" if entry.status == "done" else "failed",
        reason=entry.reason,
        bytes=entry.bytes,
        collection=job.collection if job else "",
    )


def _write_sheets(folder: Path, entries: Sequence[Entry], look: Look) -> list[Path]:
    paths: list[Path] = []
    if look.sheet != "none" and entries:
        done = [entry for entry in entries if entry.status == "done"]
        aspect = done[0].width / done[0].height if done else 16 / 9
        tiles = [_tile(folder, entry, look.caption) for entry in entries]
        layout = LAYOUTS[look.sheet]
        pages = contact_sheets(tiles, title=look.title, layout=layout, aspect=aspect, columns=look.columns)
        for number, page in enumerate(pages, 1):
            paths.append(folder / (f"{SHEET_NAME}.png" if number == 1 else f"{SHEET_NAME}-{number}.png"))
            write_atomic(paths[-1], page)
    _remove(path for path in folder.glob("*.png") if _SHEET.fullmatch(path.name) and path not in paths)
    return paths


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:  # pages of a longer sheet that was here before
        path.unlink(missing_ok=True)


def _tile(folder: Path, entry: Entry, caption: str) -> Tile:
    if entry.status != "done":
        return Tile(None, entry.title, f"failed: {entry.reason}")
    recipe = entry.recipe or {}
    words = {
        "name": entry.name,
        "recipe": f"seed {recipe.get('seed')}, {', '.join(recipe.get('activation', ()))}",
        "size": f"{entry.width} x {entry.height}",
        "none": "",
    }
    return Tile(folder / entry.file, entry.title, words[caption])
