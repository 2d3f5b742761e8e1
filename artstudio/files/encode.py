"""The output formats: one record each. Choices, suffixes and limits everywhere else follow from `FORMATS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from artstudio.errors import BadInput, FileProblem, clip, unknown
from artstudio.files.exif import exif_of
from artstudio.files.growing import StripFormat
from artstudio.files.info import FileInfo
from artstudio.files.pillow import pillow_info
from artstudio.files.png.read import png_info
from artstudio.files.png.rows import png_row_reader
from artstudio.files.png.strips import PngStrips
from artstudio.files.png.write import MAX_SIDE, Pixels, check_pixels, encode_png
from artstudio.files.tiff.read import tiff_info, tiff_row_reader
from artstudio.files.tiff.write import TiffStrips, encode_tiff

_EXIF_LIMIT = 65_533
"""Bytes of EXIF in a JPEG: one marker."""


@dataclass(frozen=True)
class Format:
    """An output format.

    `encode` takes pixels, (H, W, 3), sRGB, of one of the bit depths, and the texts to embed by keyword, and
    returns the file. It raises `BadInput` for other arrays and for text that the format cannot hold.
    """

    name: str
    suffixes: tuple[str, ...]
    """The first is the usual one."""
    media_type: str
    max_side: int
    """Pixels: what encoders write and common readers read."""
    bytes_per_pixel: float
    """Roughly, for estimates."""
    magic: re.Pattern[bytes]
    """How its files begin."""
    encode: Callable[[Pixels, Mapping[str, str]], bytes]
    read: Callable[[BinaryIO, str], FileInfo]
    """What reads size and texts from an open file, given what to call it. Raises `BadInput`."""
    decoder: str
    """The name of Pillow's decoder, for `files.pillow`."""
    loss: float = 0.0
    """The root mean square of the differences, in levels of 255, that encoding may make; 0 where it is lossless."""
    rows: Callable[[Path], Callable[[], Iterator[Pixels]] | None] = lambda path: None
    """What opens a file to be read in strips (rows, W, 3) from the top, as often as wanted, in little memory; None
    where it must be decoded whole. Raises `BadInput` and `FileProblem`, when it is read too."""
    feature: str = ""
    """What Pillow must have been built with."""
    depths: tuple[int, ...] = (8,)
    """Bits a sample that it can hold."""
    strips: Callable[[int, int, int, int], StripFormat] | None = None
    """What writes it strip by strip, given width, height, bits a sample, and rows in each strip but the last."""

    @property
    def lossless(self) -> bool:
        """Whether its files give back the pixels that they were made of."""
        return self.loss == 0

    def check_size(self, width: int, height: int) -> None:
        """Refuse a size that the format cannot hold, before any work is done. Raises `BadInput`."""
        if not (1 <= width <= self.max_side and 1 <= height <= self.max_side):
            larger = [other.name for other in FORMATS.values() if max(width, height) <= other.max_side]
            advice = f"; {' or '.join(larger)} can hold it" if larger and min(width, height) > 0 else ""
            limit = f"expected 1 to {self.max_side} pixels a side, found {width}x{height}"
            raise BadInput(f"{self.name}: {limit}{advice}")

    def check_depth(self, bits: int) -> None:
        """Refuse bits a sample that the format cannot hold. Raises `BadInput`."""
        if bits not in self.depths:
            able = " or ".join(other.name for other in FORMATS.values() if bits in other.depths)
            found = f"expected {' or '.join(map(str, self.depths))} bits a sample, found {bits}"
            raise BadInput(f"{self.name}: {found}" + (f"; {able} can hold them" if able else ""))


def format_for(path_or_suffix: str | Path, explicit: str | None = None) -> Format:
    """Return the format that a path's suffix says, or `explicit` (a name or a suffix) if given, in any case.

    Raises `BadInput` for an unknown one, and for one that this build of Pillow cannot write.
    """
    by_suffix = formats_by_suffix()
    if explicit is not None:
        name = explicit.lower()
        found = FORMATS.get(name) or by_suffix.get(f".{name.removeprefix('.')}")
        if found is None:
            raise unknown("format", explicit, FORMATS)
    else:
        _, dot, ending = Path(path_or_suffix).name.rpartition(".")  # Path(".png") would have no suffix
        if not dot:
            shown = clip(repr(str(path_or_suffix)))
            raise BadInput(f"{shown}: expected a file name that ends in one of {', '.join(by_suffix)}")
        found = by_suffix.get(dot + ending.lower())
        if found is None:
            raise unknown("format", dot + ending, by_suffix)
    if found.feature and not _pillow_has(found.feature):
        raise BadInput(
            f"{found.name}: this build of Pillow cannot write it; install Pillow's own wheel (pip install "
            "--force-reinstall pillow), or choose .png"
        )
    return found


def usual_suffixes(bits: int = 8) -> str:
    """Return in words the usual suffixes of the formats that hold so many bits per sample.

    >>> usual_suffixes()
    '.png, .jpg, .webp, .avif or .tif'
    """
    *first, last = (record.suffixes[0] for record in FORMATS.values() if bits in record.depths)
    return f"{', '.join(first)} or {last}"


def _pillow_has(feature: str) -> bool:
    from PIL import features

    return bool(features.check(feature))


def _encode_jpeg(pixels: Pixels, text: Mapping[str, str]) -> bytes:
    """Quality 92 without colour subsampling: edges in saturated colours stay clean."""
    exif = exif_of(text)
    if len(exif) > _EXIF_LIMIT:
        raise BadInput(f"jpeg: expected at most {_EXIF_LIMIT} bytes of text, found {len(exif)}; png can hold more")
    options = {"quality": 92, "subsampling": "4:4:4", "exif": exif}
    plain = _save(pixels, "JPEG", options)
    # Pillow lends libjpeg one byte a pixel for optimised Huffman tables and fails where that is too little:
    # on noise, where they gain nothing anyway.
    fits = len(plain) < pixels.shape[0] * pixels.shape[1]
    return _save(pixels, "JPEG", options | {"optimize": True}) if fits else plain


def _encode_webp(pixels: Pixels, text: Mapping[str, str]) -> bytes:
    """Lossless: up to a third smaller than our PNG, at 5 to 10 times its time; more effort gains slowly."""
    return _save(pixels, "WEBP", {"lossless": True, "quality": 20, "method": 0, "exif": exif_of(text)})


def _encode_avif(pixels: Pixels, text: Mapping[str, str]) -> bytes:
    """Quality 92 without colour subsampling; speed 8 takes a fifth of the default's time."""
    return _save(pixels, "AVIF", {"quality": 92, "subsampling": "4:4:4", "speed": 8, "exif": exif_of(text)})


def _save(pixels: Pixels, name: str, options: dict[str, Any]) -> bytes:
    from PIL import Image  # late, as everywhere here: PNG and TIFF need no Pillow

    file = BytesIO()
    try:
        Image.fromarray(check_pixels(pixels, [3], [8])).save(file, name, **options)
    except (OSError, ValueError, RuntimeError) as error:
        raise FileProblem(f"{name.lower()}: the picture could not be encoded ({error}); png may do") from None
    return file.getvalue()


_RECORDS = (
    Format(
        name="png",
        suffixes=(".png",),
        media_type="image/png",
        max_side=MAX_SIDE,
        bytes_per_pixel=0.5,
        magic=re.compile(rb"\x89PNG\r\n\x1a\n"),
        encode=encode_png,
        read=png_info,
        decoder="Png",
        rows=png_row_reader,
        depths=(8, 16),
        strips=PngStrips,
    ),
    Format(
        name="jpeg",
        suffixes=(".jpg", ".jpeg"),
        media_type="image/jpeg",
        max_side=65_500,  # libjpeg's own limit; the format's is 65,535
        bytes_per_pixel=0.08,
        magic=re.compile(rb"\xff\xd8\xff"),
        encode=_encode_jpeg,
        read=partial(pillow_info, "Jpeg"),
        decoder="Jpeg",
        loss=10.0,
    ),
    Format(
        name="webp",
        suffixes=(".webp",),
        media_type="image/webp",
        max_side=16_383,
        bytes_per_pixel=0.35,
        magic=re.compile(rb"RIFF....WEBP", re.DOTALL),
        encode=_encode_webp,
        read=partial(pillow_info, "WebP"),
        decoder="WebP",
        feature="webp",
    ),
    Format(
        name="avif",
        suffixes=(".avif",),
        media_type="image/avif",
        max_side=32_768,  # where libavif stops reading; it would write up to 65,536
        bytes_per_pixel=0.04,
        magic=re.compile(rb"....ftypavi[fs]", re.DOTALL),
        encode=_encode_avif,
        read=partial(pillow_info, "Avif"),
        decoder="Avif",
        loss=6.0,
        feature="avif",
    ),
    Format(
        name="tiff",
        suffixes=(".tif", ".tiff"),
        media_type="image/tiff",
        max_side=MAX_SIDE,
        bytes_per_pixel=0.6,
        magic=re.compile(rb"II[*+]\0|MM\0[*+]"),
        encode=encode_tiff,
        read=tiff_info,
        decoder="Tiff",
        rows=tiff_row_reader,
        depths=(8, 16),
        strips=TiffStrips,
    ),
)

_BY_NAME = {record.name: record for record in _RECORDS}

FORMATS: Mapping[str, Format] = MappingProxyType(_BY_NAME)
"""The formats by name."""


def formats_by_suffix() -> dict[str, Format]:
    """Return the formats by each of their suffixes, in lower case with the dot."""
    return {suffix: record for record in FORMATS.values() for suffix in record.suffixes}
