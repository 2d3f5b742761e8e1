"""The output formats: one record each. Choices, suffixes and limits everywhere else follow from `FORMATS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO, Protocol

import numpy as np

from artstudio.errors import BadInput, FileProblem, clip, unknown
from artstudio.files.exif import exif_of
from artstudio.files.growing import StripFormat
from artstudio.files.info import FileInfo
from artstudio.files.pillow import pillow_info
from artstudio.files.png.read import png_info
from artstudio.files.png.rows import png_row_reader
from artstudio.files.png.strips import PngStrips
from artstudio.files.png.write import MAX_SIDE, Pixels, check_pixels, encode_png
from artstudio.files.printing.sheet import sheet_of
from artstudio.files.printing.space import Space, mode_of
from artstudio.files.tiff.read import tiff_info, tiff_row_reader
from artstudio.files.tiff.write import TiffStrips, encode_tiff
from artstudio.spaces import SRGB

_CHANNELS: Mapping[str, str] = MappingProxyType(
    {"L": "heights", "RGB": "colours", "RGBA": "transparent pixels", "CMYK": "the inks of a CMYK profile"}
)
"""Pillow's modes in words."""

_EXIF_LIMIT = 65_533
"""Bytes of EXIF in a JPEG: one marker."""


class Encoder(Protocol):
    """What encodes a picture."""

    def __call__(self, pixels: Pixels, text: Mapping[str, str], space: Space = ..., /) -> bytes:
        """Return the file."""


class StripMaker(Protocol):
    """What makes a writer of strips."""

    def __call__(
        self, width: int, height: int, bits: int, strip_rows: int, space: Space = ..., channels: int = ..., /
    ) -> StripFormat:
        """Return the writer, given the rows in each strip but the last."""


@dataclass(frozen=True)
class Format:
    """An output format.

    `encode` takes pixels, (H, W, C), of one of the bit depths, the texts to embed by keyword, and the colour space
    that the pixels are in (sRGB where none is given). It returns the file, which says so and, where the texts state a
    sheet, has its resolution. It raises `BadInput` for other arrays and for text that the format cannot hold.
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
    encode: Encoder
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
    strips: StripMaker | None = None
    """What writes it strip by strip."""
    modes: tuple[str, ...] = ("RGB",)
    """The channels that it can hold, as Pillow names them; all formats carry an ICC profile and a resolution."""

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

    @property
    def carries_alpha(self) -> bool:
        """Whether its pixels can be transparent."""
        return "RGBA" in self.modes

    def check_mode(self, mode: str, option: str) -> None:
        """Refuse channels that the format cannot hold; `option` is what asks for them. Raises `BadInput`."""
        if mode not in self.modes:
            able = " or ".join(other.suffixes[0] for other in FORMATS.values() if mode in other.modes)
            raise BadInput(
                f"{option}: {self.name} cannot hold {_CHANNELS[mode]}; choose a file that ends in {able}"
            )

    def check_depth(self, bits: int) -> None:
        """Refuse bits a sample that the format cannot hold. Raises `BadInput`."""
        if bits not in self.depths:
            able = " or ".join(other.name for other in FORMATS.values() if bits in other.depths)
            found = f"expected {' or '.join(map(str, self.depths))} bits a sample, found {bits}"
            raise BadInput(f"{self.name}: {found}" + (f"; {able} can hold them" if able else ""))


def format_for(path_or_suffix: str | Path, explicit: str | None = None, *, beside: Sequence[str] = ()) -> Format:
    """Return the format that a path's suffix says, or `explicit` (a name or a suffix) if given, in any case.

    Raises `BadInput` for an unknown one, which names the suffixes `beside` these too, and for one that this build of
    Pillow cannot write.
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
            raise BadInput(f"{shown}: expected a file name that ends in one of {', '.join([*by_suffix, *beside])}")
        found = by_suffix.get(dot + ending.lower())
        if found is None:
            raise unknown("format", dot + ending, [*by_suffix, *beside])
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


def _encode_jpeg(pixels: Pixels, text: Mapping[str, str], space: Space = SRGB) -> bytes:
    """Quality 92 without colour subsampling: edges in saturated colours stay clean."""
    exif = exif_of(text, space)
    if len(exif) > _EXIF_LIMIT:
        raise BadInput(f"jpeg: expected at most {_EXIF_LIMIT} bytes of text, found {len(exif)}; png can hold more")
    options = {"quality": 92, "subsampling": "4:4:4", "exif": exif, "icc_profile": space.icc}
    if sheet := sheet_of(text):
        options["dpi"] = (round(sheet.dpi), round(sheet.dpi))  # JFIF has whole numbers; EXIF has all digits
    plain = _save(pixels, "JPEG", options, space)
    # Pillow lends libjpeg one byte a pixel for optimised Huffman tables and fails where that is too little:
    # on noise, where they gain nothing anyway.
    fits = len(plain) < pixels.shape[0] * pixels.shape[1]
    return _save(pixels, "JPEG", options | {"optimize": True}, space) if fits else plain


def _encode_webp(pixels: Pixels, text: Mapping[str, str], space: Space = SRGB) -> bytes:
    """Lossless: up to a third smaller than our PNG, at 5 to 10 times its time; more effort gains slowly."""
    options = {"lossless": True, "quality": 20, "method": 0, "exact": True, "icc_profile": space.icc}
    return _save(pixels, "WEBP", options | {"exif": exif_of(text, space)}, space)


def _encode_avif(pixels: Pixels, text: Mapping[str, str], space: Space = SRGB) -> bytes:
    """Quality 92 without colour subsampling; speed 8 takes a fifth of the default's time."""
    options = {"quality": 92, "subsampling": "4:4:4", "speed": 8, "icc_profile": space.icc}
    return _save(pixels, "AVIF", options | {"exif": exif_of(text, space)}, space)


def _save(pixels: Pixels, name: str, options: dict[str, Any], space: Space) -> bytes:
    from PIL import Image  # late, as everywhere here: PNG and TIFF need no Pillow

    file = BytesIO()
    try:
        shaped = np.ascontiguousarray(check_pixels(pixels, [3, 4], [8]))
        height, width, channels = shaped.shape
        Image.frombytes(mode_of(space, channels), (width, height), shaped.tobytes()).save(file, name, **options)
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
        modes=("L", "RGB", "RGBA"),
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
        modes=("RGB", "CMYK"),
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
        modes=("RGB", "RGBA"),
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
        modes=("RGB", "RGBA"),
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
        modes=("L", "RGB", "RGBA", "CMYK"),
    ),
)

_BY_NAME = {record.name: record for record in _RECORDS}

FORMATS: Mapping[str, Format] = MappingProxyType(_BY_NAME)
"""The formats by name."""


def formats_by_suffix() -> dict[str, Format]:
    """Return the formats by each of their suffixes, in lower case with the dot."""
    return {suffix: record for record in FORMATS.values() for suffix in record.suffixes}
