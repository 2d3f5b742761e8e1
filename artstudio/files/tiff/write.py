"""BigTIFF files of colour pixels, written strip by strip (`tiff_read` reads them back).

The format: TIFF revision 6.0 (Adobe, 1992) with the 64-bit offsets of BigTIFF (2007), deflate compression and
horizontal differencing (TIFF Technical Note 2; section 14). The directory stands at the end, after all strips.
Texts are JSON in ImageDescription. Samples are RGB, with alpha or without, or CMYK; an ICC profile says which.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from isal import isal_zlib

from artstudio.errors import BadInput
from artstudio.files.growing import UNKNOWN_HASH, Texts
from artstudio.files.png.write import InflateError, Pixels, bit_depth, check_pixels, chunk
from artstudio.files.printing.sheet import dots_per_inch, sheet_of
from artstudio.files.printing.space import Space, mode_of
from artstudio.spaces import SRGB

ADOBE_DEFLATE, HORIZONTAL, CHUNKY, INCH = 8, 2, 1, 2

PHOTOMETRIC = {"L": 1, "RGB": 2, "RGBA": 2, "CMYK": 5}
"""Channels, as Pillow names them -> PhotometricInterpretation."""

UNASSOCIATED_ALPHA = 2
"""ExtraSamples: colours are not multiplied by alpha."""

DOTS_PER_INCH = 300

SHORT, LONG, RATIONAL, ASCII, UNDEFINED, LONG8 = 3, 4, 5, 2, 7, 16

_CODES = {SHORT: "H", LONG: "I", RATIONAL: "II", LONG8: "Q"}

_STRIP = 1 << 18
"""Pixels in a strip of a picture that is encoded in memory."""


class TiffStrips:
    """Writes a BigTIFF of a colour space's samples, 8 or 16 bits a sample (`StripFormat`)."""

    kind = b"strp"
    """Readers of TIFF see only what the directory points to: the data within the chunks."""

    def __init__(
        self, width: int, height: int, bits: int, strip_rows: int, space: Space = SRGB, channels: int = 3
    ) -> None:
        self._shape = self._width, self._height, self._bits, self._strip_rows = width, height, bits, strip_rows
        self._space, self.channels = space, channels
        self._rows = 0
        self._offsets: list[int] = []
        self._counts: list[int] = []
        self._position = 0

    def start(self, texts: Texts) -> bytes:
        """Return the header, with no directory yet, and a chunk that says which picture it is."""
        profile = sha256(self._space.icc).hexdigest()
        about = {
            "shape": self._shape, "channels": self.channels, "profile": profile, "text": dict(texts(UNKNOWN_HASH)),
        }  # fmt: skip
        start = _header(0) + chunk(b"what", json.dumps(about).encode())
        self._position = len(start)
        return start

    def is_start(self, found: bytes, texts: Texts) -> bool:
        """Compare, wherever the directory is."""
        start = self.start(texts)
        return found[:8] == start[:8] and found[16:] == start[16:]

    def add(self, strip: Pixels) -> bytes:
        """Take differences along the rows and compress them."""
        differences = strip.astype(strip.dtype.newbyteorder("<"))
        differences[:, 1:] -= strip[:, :-1]
        data: bytes = isal_zlib.compress(differences.data, 1)
        self._count(len(strip), len(data))
        return data

    def take(self, data: bytes) -> Pixels:
        """Decompress and sum up."""
        strip = undo_differences(data, self._width, self.channels, self._bits, self._height - self._rows)
        self._count(len(strip), len(data))
        return strip

    def end(self, texts: Texts, pixel_hash: str) -> tuple[bytes, bytes]:
        """Return the directory, and the header that points to it."""
        text = texts(pixel_hash)
        padding = -self._position % 8
        at = self._position + padding
        return bytes(padding) + self._directory(text, at), _header(at) + self.start(texts)[16:]

    def _count(self, rows: int, size: int) -> None:
        self._rows += rows
        self._offsets.append(self._position + 8)
        self._counts.append(size)
        self._position += 12 + size

    def _directory(self, text: Mapping[str, str], at: int) -> bytes:
        sheet, mode = sheet_of(text), mode_of(self._space, self.channels)
        resolution = dots_per_inch(sheet) if sheet else (DOTS_PER_INCH, 1)
        entries: dict[int, tuple[int, Any]] = {
            256: (LONG, [self._width]),
            257: (LONG, [self._height]),
            258: (SHORT, self.channels * [self._bits]),
            259: (SHORT, [ADOBE_DEFLATE]),
            262: (SHORT, [PHOTOMETRIC[mode]]),
            270: (ASCII, _description(text)),
            273: (LONG8, self._offsets),
            277: (SHORT, [self.channels]),
            278: (LONG, [self._strip_rows]),
            279: (LONG8, self._counts),
            282: (RATIONAL, resolution),
            283: (RATIONAL, resolution),
            284: (SHORT, [CHUNKY]),
            296: (SHORT, [INCH]),
            305: (ASCII, text.get("Software", "artstudio").encode("ascii", "replace") + b"\0"),
            317: (SHORT, [HORIZONTAL]),
            **({338: (SHORT, [UNASSOCIATED_ALPHA])} if mode == "RGBA" else {}),
            **({34675: (UNDEFINED, self._space.icc)} if self._space.icc else {}),
        }
        table, values = struct.pack("<Q", len(entries)), b""
        values_at = at + 8 + 20 * len(entries) + 8
        for tag, (kind, content) in entries.items():
            code = _CODES.get(kind, "")
            data = (
                content
                if kind in (ASCII, UNDEFINED)
                else np.array(content, f"<u{struct.calcsize('<' + code[0])}").tobytes()
            )
            count = len(content) // (len(code) or 1)
            table += struct.pack("<HHQ", tag, kind, count)
            if len(data) <= 8:
                table += data.ljust(8, b"\0")
            else:
                table += struct.pack("<Q", values_at + len(values))
                values += data + bytes(-len(data) % 8)
        return table + struct.pack("<Q", 0) + values


def undo_differences(data: bytes, width: int, channels: int, bits: int, most_rows: int) -> Pixels:
    """Return a strip's pixels, (rows, width, channels), at most `most_rows`. Raises `ValueError` for damaged data."""
    line = width * channels * bits // 8
    try:
        plain = isal_zlib.decompressobj().decompress(data, most_rows * line + 1)
    except InflateError as error:
        raise ValueError(f"a damaged strip ({error})") from None
    if not plain or len(plain) > most_rows * line or len(plain) % line:
        raise ValueError("a strip of another size")
    differences = np.frombuffer(plain, f"<u{bits // 8}").reshape(-1, width, channels)
    return np.cumsum(differences, axis=1, dtype=f"uint{bits}")


def encode_tiff(pixels: Pixels, text: Mapping[str, str], space: Space = SRGB) -> bytes:
    """Return `pixels`, uint8 or uint16 (H, W, C), as a BigTIFF file that carries `text`. Raises `BadInput`."""
    shaped = check_pixels(pixels)
    height, width, channels = shaped.shape
    rows = max(1, _STRIP // width)
    format = TiffStrips(width, height, bit_depth(shaped), rows, space, channels)
    start = format.start(lambda _: text)
    strips = (shaped[first : first + rows] for first in range(0, height, rows))
    chunks = [chunk(format.kind, format.add(strip)) for strip in strips]
    tail, start = format.end(lambda _: text, "")
    return b"".join([start, *chunks, tail])


def _description(text: Mapping[str, str]) -> bytes:
    for keyword, value in text.items():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise BadInput(f"tiff: text {keyword!r} is no valid Unicode; use plain characters") from None
    return json.dumps(dict(text)).encode("ascii") + b"\0"


def _header(directory: int) -> bytes:
    return struct.pack("<2sHHHQ", b"II", 43, 8, 0, directory)
