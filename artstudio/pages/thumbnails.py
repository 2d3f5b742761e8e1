"""Small WebP copies of a gallery's pictures, so that its page opens at once however large they are."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from artstudio.errors import ArtstudioError
from artstudio.files.atomic import clear_temporaries, write_atomic, write_problem
from artstudio.files.read import open_picture
from artstudio.threads import mapped

if TYPE_CHECKING:
    from artstudio.pages.gallery import Picture

FOLDER = "thumbs"
"""The folder of the thumbnails, inside the gallery's."""

WIDTHS = (320, 640)
"""Pixels. A picture that is narrower has a thumbnail of its own width instead."""

_OURS = re.compile(r"([0-9a-f]{20})-([1-9][0-9]{0,2})\.webp")
"""The names that thumbnails have here; any other file in their folder is somebody's own."""

_QUALITY = 84
_MAX_HEIGHT = 4 * max(WIDTHS)


def make_thumbnail(path: Path) -> dict[int, bytes]:
    """Return a picture's thumbnails as WebP files by their width in pixels, the narrowest first.

    Raises `BadInput` for a picture that is damaged or has more than `MAX_PIXELS` pixels, `FileProblem` for one that
    cannot be read.
    """
    from PIL import Image  # late: a page without new pictures needs none of it

    with open_picture(path) as picture:
        profile = picture.info.get("icc_profile")
        picture.draft("RGB", (max(WIDTHS), max(WIDTHS)))
        whole = picture.convert("RGB")
    small = whole
    files: dict[int, bytes] = {}
    for width in sorted({min(width, whole.width) for width in WIDTHS}, reverse=True):
        # WebP holds 16383 pixels a side, and a very tall picture is shown cropped by nobody.
        height = min(max(1, round(whole.height * width / whole.width)), _MAX_HEIGHT)
        small = small.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        buffer = BytesIO()
        small.save(buffer, "WEBP", quality=_QUALITY, method=4, use_sharp_yuv=True, icc_profile=profile)
        files[width] = buffer.getvalue()
    return dict(sorted(files.items()))


def update_thumbnails(folder: Path, pictures: Iterable[Picture]) -> dict[str, dict[int, str]]:
    """Make the thumbnails that a gallery's folder lacks and delete those of pictures that are gone.

    They are named after the pictures' digests: equal digests are equal pixels, so what is there is kept, and a
    browser never shows an old one. Return, for each picture's name, the files relative to the folder by their
    width. A picture that cannot be read has none. Raises `FileProblem` when the folder cannot be written.
    """
    shown = [picture for picture in pictures if picture.status == "ok"]
    target = folder / FOLDER
    clear_temporaries(target)
    there = _existing(target)
    wanted = {_key(picture.digest): folder / picture.file for picture in shown}
    # The narrowest is written last: without it, the others were left by a run that was cut off.
    missing = [(key, path) for key, path in wanted.items() if min(there.get(key, (WIDTHS[-1],))) > WIDTHS[0]]
    if missing:
        try:
            target.mkdir(exist_ok=True)
        except OSError as error:
            raise write_problem(target, error) from None
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        for key, widths in mapped(pool, lambda item: _write(target, *item), missing):
            there[key] = widths
    _delete(target, [key for key in there if key not in wanted], there)
    return {
        picture.name: {width: f"{FOLDER}/{key}-{width}.webp" for width in there[key]}
        for picture in shown
        if there.get(key := _key(picture.digest))
    }


def _key(digest: str) -> str:
    # Hashed once more: the digest comes from a file that anyone may have written, the result is plain hex.
    return hashlib.sha256(digest.encode("utf-8", "replace")).hexdigest()[:20]


def _existing(target: Path) -> dict[str, list[int]]:
    widths: dict[str, list[int]] = {}
    for path in target.glob("*.webp"):
        if name := _OURS.fullmatch(path.name):
            widths.setdefault(name[1], []).append(int(name[2]))
    return {key: sorted(found) for key, found in widths.items()}


def _write(target: Path, key: str, path: Path) -> tuple[str, list[int]]:
    try:
        files = make_thumbnail(path)
    except ArtstudioError:
        return key, []
    for width, data in reversed(files.items()):
        write_atomic(target / f"{key}-{width}.webp", data)
    return key, list(files)


def _delete(target: Path, keys: Iterable[str], widths: Mapping[str, Iterable[int]]) -> None:
    for key in keys:
        for width in widths[key]:
            with suppress(OSError):  # a file too many does no harm
                (target / f"{key}-{width}.webp").unlink()
