"""The pixels of a picture made here, in strips from the top, whatever its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from artstudio.batch.picture import PictureInfo
from artstudio.files.encode import FORMATS
from artstudio.files.pillow import pillow_pixels
from artstudio.files.png import PixelHash, Pixels, sample_bytes
from artstudio.files.png_read import MAX_PIXELS, read_png_pixels
from artstudio.files.png_rows import OtherEncoder, read_png_rows
from artstudio.files.source import opened
from artstudio.files.tiff_read import read_tiff_info, read_tiff_rows
from artstudio.model.size import check_size


def pixel_rows(info: PictureInfo) -> Callable[[], Iterator[Pixels]]:
    """Return what yields a picture's rows in strips (rows, W, 3) from the top, as often as it is called.

    Our own PNG and TIFF files are read in little memory. Other formats, and PNG files that another program compressed
    anew, are decoded in one piece, if they are not too large. Raises `BadInput` and `FileProblem`, when it is called
    too.
    """
    path = info.path
    if info.format == "tiff":
        return lambda: read_tiff_rows(path, read_tiff_info(path))
    if info.format == "png":
        try:
            for _ in read_png_rows(path):
                pass
        except OtherEncoder:
            if info.width * info.height > MAX_PIXELS:
                raise
            check_size(info.width, info.height)
            return lambda: iter([read_png_pixels(path)])
        return lambda: read_png_rows(path)
    check_size(info.width, info.height)
    return lambda: iter([_decoded(info)])


def _decoded(info: PictureInfo) -> Pixels:
    with opened(info.path) as (file, name):
        return pillow_pixels(FORMATS[info.format].decoder, file, name)


def hash_rows(info: PictureInfo, strips: Iterator[Pixels]) -> str:
    """Return the `PixelHash` of a picture's strips."""
    digest = PixelHash(info.height, info.width, 3, info.bits)
    for strip in strips:
        digest.update(sample_bytes(strip))
    return digest.text()
