"""The output folder as the studio shows it: its galleries, their pictures with recipes, and thumbnails.

Nothing outside of the folder is ever read: names are relative, and no part of one may be a symbolic link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from artstudio.batch import manifest
from artstudio.batch.job import SHEET_NAME
from artstudio.errors import ArtstudioError, BadInput, clip
from artstudio.files.encode import formats_by_suffix
from artstudio.model.recipe import Recipe
from artstudio.pages.thumbnails import FOLDER as THUMBNAILS
from artstudio.pages.thumbnails import WIDTHS, make_thumbnail
from artstudio.pictures.picture import read_info

MOST_PICTURES = 600
"""Pictures of one gallery that are listed, the newest first."""

_DEEPEST, _MOST_FOLDERS = 3, 400

_PLAIN = re.compile(r"[^\x00-\x1f\x7f:\\]+")
"""What a part of a name may hold: also on Windows it then names no drive or stream, and no part of its own."""


def inside(root: Path, name: str) -> Path:
    """Return the path of `name`, relative and with `/` between its parts, in `root`. An empty name is `root`.

    Raises `BadInput` for an absolute name, one that leads out of the folder, a hidden one, and where any part of
    it is a symbolic link.
    """
    parts = name.split("/") if name else []
    if any(not _PLAIN.fullmatch(part) or part.startswith(".") for part in parts):
        raise BadInput(f"{clip(repr(name))}: expected a name inside the output folder")
    path = root
    for part in parts:
        path /= part
        if path.is_symlink():
            raise BadInput(f"{clip(repr(name))}: expected a file or folder, found a symbolic link")
    return path


class Shelf:
    """What is in an output folder. `root` need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def galleries(self) -> list[dict[str, Any]]:
        """Return the folders that hold pictures: `path` relative to the root, `count`, the newest first."""
        found = []
        for folder in self._folders():
            pictures = _pictures(folder)
            if pictures:
                newest = max(_age(path) for path in pictures)
                found.append((newest, {"path": self._name(folder), "count": len(pictures)}))
        return [gallery for _, gallery in sorted(found, key=lambda item: item[0], reverse=True)]

    def pictures(self, gallery: str) -> list[dict[str, Any]]:
        """Return the pictures of a gallery whose recipe can be read, the newest first.

        Each has `path`, `title`, `width`, `height` and `recipe`. Raises `BadInput` where there is no such gallery.
        """
        folder = inside(self.root, gallery)
        if not folder.is_dir():
            raise BadInput(f"{clip(repr(gallery))}: no such gallery in the output folder")
        try:
            entries, _ = manifest.read(folder)
        except ArtstudioError:
            entries = {}
        known = {entry.file: entry for entry in entries.values() if entry.status == "done"}
        newest = sorted(_pictures(folder), key=_age, reverse=True)[:MOST_PICTURES]
        found = (self._picture(path, known.get(path.name)) for path in newest)
        return [picture for picture in found if picture]

    def picture(self, name: str) -> tuple[Path, str]:
        """Return a picture's path and media type. Raises `BadInput` for all that is no picture in the folder."""
        path = inside(self.root, name)
        format = formats_by_suffix().get(path.suffix.lower())
        if format is None or not path.is_file():
            raise BadInput(f"{clip(repr(name))}: no such picture in the output folder")
        return path, format.media_type

    def thumbnail(self, name: str) -> bytes:
        """Return a picture's thumbnail, a WebP file. Raises `BadInput`, also for a damaged picture."""
        path, _ = self.picture(name)
        about = path.stat()
        return _thumbnail(path, about.st_mtime_ns, about.st_size)

    def _folders(self) -> Iterator[Path]:
        waiting, seen = [(self.root, 0)], 0
        while waiting and seen < _MOST_FOLDERS:
            folder, depth = waiting.pop(0)
            seen += 1
            yield folder
            if depth < _DEEPEST:
                waiting += [(path, depth + 1) for path in _entries(folder) if _is_gallery(path)]

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix().removeprefix(".")

    def _picture(self, path: Path, entry: manifest.Entry | None) -> dict[str, Any] | None:
        try:
            if entry and entry.recipe:
                title, width, height = entry.title, entry.width, entry.height
                recipe = Recipe.from_dict(entry.recipe)
            else:
                info = read_info(path)
                title, width, height, recipe = info.title, info.width, info.height, info.recipe
        except ArtstudioError:  # someone else's picture, or a damaged one
            return None
        size = {"width": width, "height": height}
        return {"path": self._name(path), "title": title or path.stem, **size, "recipe": recipe.to_dict()}


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if _PLAIN.fullmatch(path.name))
    except OSError:  # not there yet, or not ours to read
        return []


def _is_gallery(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".") and path.name != THUMBNAILS


def _pictures(folder: Path) -> list[Path]:
    suffixes = formats_by_suffix()
    return [
        path
        for path in _entries(folder)
        if path.suffix.lower() in suffixes
        and not path.name.startswith((".", SHEET_NAME))
        and path.is_file()
        and not path.is_symlink()
    ]


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:  # deleted meanwhile
        return 0


@lru_cache(maxsize=512)
def _thumbnail(path: Path, changed: int, size: int) -> bytes:
    files = make_thumbnail(path)
    return files[min(files, key=lambda width: abs(width - WIDTHS[0]))]
