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

from artstudio.errors import ArtstudioError, BadInput, clip
from artstudio.files.encode import FORMATS, Format, formats_by_suffix
from artstudio.files.exif import comment_texts
from artstudio.files.exports.formats import EXPORTS, ExportFormat
from artstudio.files.info import FileInfo
from artstudio.files.pillow import check_count, pillow_info, pillow_picture
from artstudio.files.png.read import describe
from artstudio.files.source import opened
from artstudio.files.vector.formats import VECTORS, VectorFormat, vector_format

if TYPE_CHECKING:
    from av.container import InputContainer
    from PIL.ImageFile import ImageFile


@dataclass(frozen=True)
class Film:
    """A format in which only loops are made; the fields are those of `Format`."""

    name: str
    magic: re.Pattern[bytes]
    read: Callable[[BinaryIO, str], FileInfo]
    container: str = ""
    """What FFmpeg calls it; empty where Pillow reads it."""


def read_file_info(path: str | Path) -> tuple[Format | VectorFormat | ExportFormat | Film, FileInfo]:
    """Return a file's format, by how it begins, and what it says of itself; its pixels are not decoded.

    Raises `BadInput` for another kind of file or a damaged one, `FileProblem` where it cannot be read.
    """
    with opened(path) as (file, name):
        start = file.read(16)
        known: tuple[Format | VectorFormat | ExportFormat | Film, ...] = (
            *FORMATS.values(), *VECTORS.values(), *EXPORTS.values(), *FILMS
        )  # fmt: skip
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


@contextmanager
def opened_film(container: str, file: BinaryIO, name: str) -> Iterator[InputContainer]:
    """Open a film of FFmpeg's `container`; its errors, in the block too, are `BadInput`."""
    if find_spec("av") is None:
        raise BadInput(f"{name}: needs the library av; install it with: pip install 'artstudio[video]'")
    import av

    file.seek(0)
    try:
        # The container is named: others, such as lists of addresses, could lead to further files.
        with av.open(file, "r", format=container, metadata_errors="replace") as film:
            yield film
    except (ArtstudioError, MemoryError):
        raise
    except Exception as error:  # damaged films fail in FFmpeg, or leave out what PyAV counts on
        raise BadInput(f"{name}: cannot be read as a film ({clip(str(error), 200)})") from None


def _film_info(container: str, file: BinaryIO, name: str) -> FileInfo:
    with opened_film(container, file, name) as film:
        # Matroska writes its keys in capitals.
        comment = next((value for key, value in film.metadata.items() if key.lower() == "comment"), "")
        stream = film.streams.video[0]
        return FileInfo(stream.width, stream.height, 8, MappingProxyType(comment_texts(comment)))


FILMS = (
    Film("gif", re.compile(rb"GIF8[79]a"), partial(pillow_info, "Gif")),
    Film("mp4", re.compile(rb"....ftyp(?!avi[fs]|hei|mif1|msf1)", re.DOTALL), partial(_film_info, "mp4"), "mp4"),
    Film("webm", re.compile(rb"\x1aE\xdf\xa3"), partial(_film_info, "webm"), "webm"),
)


def may_carry_recipe(suffix: str) -> bool:
    """Say whether files that carry a recipe usually end so; `suffix` is in lower case with the dot."""
    films = ("apng", *(film.name for film in FILMS))
    return suffix in formats_by_suffix() or vector_format(suffix) is not None or suffix.removeprefix(".") in films
