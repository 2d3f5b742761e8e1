"""Pillow's decoders, each by its name: no other one is tried, and its limit for the whole process does not count."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, cast
from warnings import catch_warnings, simplefilter

import numpy as np

from artstudio.errors import ArtstudioError, BadInput, clip
from artstudio.files.exif import comment_texts, exif_texts
from artstudio.files.info import FileInfo
from artstudio.files.png.read import MAX_PIXELS
from artstudio.files.png.write import Pixels
from artstudio.files.source import check_file_size

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile


MAX_FILE = 1 << 29
"""Bytes of a file that Pillow is given: some of its decoders read all of it at once."""


@contextmanager
def pillow_picture(decoder: str, file: BinaryIO, name: str) -> Iterator[ImageFile]:
    """Open a picture with the decoder `PIL.<decoder>ImagePlugin`; its errors, in the block too, are `BadInput`."""
    try:
        plugin = import_module(f"PIL.{decoder}ImagePlugin")
        check_file_size(file, name, MAX_FILE)
        with _quiet():
            picture = cast("ImageFile", getattr(plugin, f"{decoder}ImageFile")(file))
        with picture:
            yield picture
    except (ArtstudioError, MemoryError):
        raise
    except Exception as error:  # damaged files make decoders fail in every way there is
        raise BadInput(f"{name}: cannot be read as a picture ({clip(str(error), 200)})") from None


_WARNINGS = Lock()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Pillow's warnings of damaged fields from the terminal: the rest of the file may well do."""
    with _WARNINGS, catch_warnings():  # which belong to the process: one thread at a time changes them
        simplefilter("ignore")
        yield


def pillow_info(decoder: str, file: BinaryIO, name: str) -> FileInfo:
    """Read size and texts: those in EXIF, or in the comment of a GIF. Raises `BadInput`."""
    with pillow_picture(decoder, file, name) as picture, _quiet():
        texts = comment_texts(picture.info.get("comment")) if decoder == "Gif" else exif_texts(picture)
        return FileInfo(picture.width, picture.height, 8, MappingProxyType(texts))


def pillow_pixels(decoder: str, file: BinaryIO, name: str, mode: str = "RGB") -> Pixels:
    """Decode a picture to uint8 (H, W, C), the channels of a mode. Raises `BadInput`, also for more than `MAX_PIXELS`
    pixels."""
    with pillow_picture(decoder, file, name) as picture:
        check_count(picture, name)
        return np.asarray(picture if picture.mode == mode else picture.convert(mode))


def pillow_profile(decoder: str, file: BinaryIO, name: str) -> bytes:
    """Return the ICC profile that a picture carries, empty where it has none. Raises `BadInput`."""
    with pillow_picture(decoder, file, name) as picture:
        return bytes(picture.info.get("icc_profile") or b"")


def check_count(picture: ImageFile, name: str) -> None:
    """Refuse a picture of more than `MAX_PIXELS` pixels before it is decoded. Raises `BadInput`."""
    if picture.width * picture.height > MAX_PIXELS:
        found = f"{picture.width}x{picture.height}"
        raise BadInput(f"{name}: expected a picture of at most {MAX_PIXELS} pixels, found {found}")
