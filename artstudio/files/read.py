"""What a file says of itself, whatever its format: pictures and loops, told apart by how they begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from artstudio.errors import BadInput, clip
from artstudio.files.encode import FORMATS, Format
from artstudio.files.exif import comment_texts
from artstudio.files.info import FileInfo
from artstudio.files.pillow import check_count, pillow_info, pillow_picture
from artstudio.files.png_read import describe
from artstudio.files.source import opened

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile


@dataclass(frozen=True)
class Film:
    """A format in which only loops are made; the fields are those of `Format`."""

    name: str
    magic: re.Pattern[bytes]
    read: Callable[[BinaryIO, str], FileInfo]


def read_file_info(path: str | Path) -> tuple[Format | Film, FileInfo]:
    """Return a file's format, by how it begins, and what it says of itself; its pixels are not decoded.

    Raises `BadInput` for another kind of file or a damaged one, `FileProblem` where it cannot be read.
    """
    with opened(path) as (file, name):
        start = file.read(16)
        known: tuple[Format | Film, ...] = (*FORMATS.values(), *FILMS)
        format = next((format for format in known if format.magic.match(start)), None)
        if format is None:
            raise BadInput(f"{name}: expected a picture or loop made by artstudio, found {describe(start)}")
        return format, format.read(file, name)


@contextmanager
def open_picture(path: str | Path) -> Iterator[ImageFile]:
    """Open a picture of one of the `FORMATS`, whatever its suffix, for Pillow's way of working; not yet decoded.

    Raises `BadInput` for another kind of file, a damaged one, and one of more than `MAX_PIXELS` pixels; `FileProblem`
    where it cannot be read.
    """
    with opened(path) as (file, name):
        start = file.read(16)
        format = next((format for format in FORMATS.values() if format.magic.match(start)), None)
        if format is None:
            raise BadInput(f"{name}: expected a picture, found {describe(start)}")
        with pillow_picture(format.decoder, file, name) as picture:
            check_count(picture, name)
            yield picture


def _video_info(container: str, file: BinaryIO, name: str) -> FileInfo:
    if find_spec("av") is None:
        raise BadInput(f"{name}: needs the library av; install it with: pip install 'artstudio[video]'")
    import av

    file.seek(0)
    try:
        # The container is named: others, such as lists of addresses, could lead to further files.
        with av.open(file, format=container, metadata_errors="replace") as video:
            # Matroska writes its keys in capitals.
            comment = next((value for key, value in video.metadata.items() if key.lower() == "comment"), "")
            stream = next(iter(video.streams.video), None)
            if stream is None:
                raise BadInput(f"{name}: expected a film, found none in it")
            return FileInfo(stream.width, stream.height, 8, MappingProxyType(comment_texts(comment)))
    except (av.FFmpegError, ValueError) as error:
        raise BadInput(f"{name}: cannot be read as a film ({clip(str(error), 200)})") from None


FILMS = (
    Film("gif", re.compile(rb"GIF8[79]a"), partial(pillow_info, "Gif")),
    Film("mp4", re.compile(rb"....ftyp(?!avi[fs]|hei|mif1|msf1)", re.DOTALL), partial(_video_info, "mp4")),
    Film("webm", re.compile(rb"\x1aE\xdf\xa3"), partial(_video_info, "webm")),
)

SUFFIXES = frozenset(suffix for format in FORMATS.values() for suffix in format.suffixes) | {
    *(f".{film.name}" for film in FILMS),
    ".apng",
}
"""How files that may carry a recipe usually end."""
