"""The pixels of a picture made here, in strips from the top, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from artstudio.files.encode import FORMATS
from artstudio.files.pillow import pillow_pixels
from artstudio.files.png.read import read_png_pixels
from artstudio.files.png.write import PixelHash, Pixels, sample_bytes
from artstudio.files.source import opened
from artstudio.model.size import check_size
from artstudio.pictures.picture import PictureInfo


def pixel_rows(info: PictureInfo) -> Callable[[], Iterator[Pixels]]:
    """Return what yields a picture's rows in strips (rows, W, C) from the top, as often as it is called.

    Our own PNG and TIFF files are read in little memory. Other formats, and PNG files that another program compressed
    anew, are decoded in one piece, if they are not too large. Raises `BadInput` and `FileProblem`, when it is called
    too.
    """
    reader = FORMATS[info.format].rows(info.path)
    if reader is None:
        check_size(info.width, info.height)
    return reader or (lambda: iter([_decoded(info)]))


def _decoded(info: PictureInfo) -> Pixels:
    mode = info.prepress.mode
    if info.format == "png":  # Pillow keeps 8 of 16 bits
        return read_png_pixels(info.path, alpha=mode == "RGBA")[..., : info.prepress.channels]
    with opened(info.path) as (file, name):
        return pillow_pixels(FORMATS[info.format].decoder, file, name, mode)


def hash_rows(info: PictureInfo, strips: Iterator[Pixels]) -> str:
    """Return the `PixelHash` of a picture's strips."""
    digest = PixelHash(info.height, info.width, info.prepress.channels, info.bits)
    for strip in strips:
        digest.update(sample_bytes(strip))
    return digest.text()
