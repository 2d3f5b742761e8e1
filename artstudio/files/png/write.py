"""PNG files, written fast and in strips (`png_read` reads them back).

Pixels are uint8 or uint16 arrays (H, W, C), rows from the top, in a colour space of displays: C = 3 for colour, 1 for
grey, 4 for colour with alpha. Functions that take pixels accept (H, W) as grey too.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from artstudio.errors import BadInput
from artstudio.files.printing.sheet import physical_dimensions, sheet_of
from artstudio.files.printing.space import Numbers, ProfileSpace, Space
from artstudio.spaces import SRGB

Pixels = NDArray[Any]
"""uint8, or uint16 where 16 bits a sample are allowed."""

Bytes = NDArray[np.uint8]

InflateError: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # its stubs declare an instance
"""What decompressing damaged data raises."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_SIDE = 2**31 - 1
"""Pixels along a side: the format's own limit."""

MAX_TEXTS = 64
MAX_TEXT = 256 << 10
MAX_TEXT_TOTAL = 1 << 20
"""Limits on text, in entries and in bytes; enforced when writing, so that what is written can be read."""

_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}
"""Channels -> PNG's colour type."""

_BLOCK = 1 << 18
"""Bytes filtered at once: few enough to be still in the cache when they are compressed."""


def check_pixels(pixels: Pixels, channels: Iterable[int] = (1, 3, 4), depths: Iterable[int] = (8, 16)) -> Pixels:
    """Return `pixels` as (H, W, C). Raises `BadInput` unless they are unsigned integers of one of the `depths`
    in bits, not empty, C one of `channels`."""
    shaped = pixels[:, :, None] if pixels.ndim == 2 else pixels
    counts, types = tuple(channels), [f"uint{bits}" for bits in depths]
    if shaped.dtype.name not in types or shaped.ndim != 3 or not shaped.size or shaped.shape[2] not in counts:
        wanted = " or ".join(f"(H, W, {count})" for count in counts)
        raise BadInput(f"pixels: expected {' or '.join(types)} {wanted}, found {pixels.dtype} {pixels.shape}")
    return shaped


def bit_depth(pixels: Pixels) -> int:
    """Return the bits a sample, 8 or 16."""
    return 8 * pixels.dtype.itemsize


def sample_bytes(strip: Pixels) -> Bytes:
    """Return a strip (rows, W, C) as bytes (rows, W * C * bytes a sample), the higher byte of each sample first."""
    ordered = strip if strip.dtype == np.uint8 else strip.astype(">u2")
    return np.ascontiguousarray(ordered).view(np.uint8).reshape(len(strip), -1)


class PixelHash:
    """SHA-256 over a picture's size and samples, fed with strips of rows from the top.

    It is taken over the ASCII line `uint8 HxWxC\\n` (or `uint16 ...`; decimal), followed by the samples row by row,
    in each row pixel by pixel, of 16 bits the higher byte first. How a file was compressed has no part in it.
    """

    def __init__(self, height: int, width: int, channels: int, bits: int) -> None:
        self._digest = hashlib.sha256(f"uint{bits} {height}x{width}x{channels}\n".encode("ascii"))

    def update(self, samples: Bytes) -> None:
        """Take in the next rows, as `sample_bytes` gives them."""
        self._digest.update(samples.data)

    def text(self) -> str:
        """Return `"sha256:"` and 64 hex digits."""
        return f"sha256:{self._digest.hexdigest()}"


def pixel_hash(pixels: Pixels) -> str:
    """Return the `PixelHash` of a whole picture; (H, W) counts as (H, W, 1)."""
    shaped = check_pixels(pixels)
    height, width, channels = shaped.shape
    digest = PixelHash(height, width, channels, bit_depth(shaped))
    digest.update(sample_bytes(shaped))
    return digest.text()


def encode_png(pixels: Pixels, text: Mapping[str, str], space: Space = SRGB) -> bytes:
    """Return `pixels`, (H, W, 3), (H, W, 1), (H, W, 4) or (H, W), as a PNG file that carries `text`.

    Raises `BadInput` for other arrays, and for text that PNG cannot hold.
    """
    shaped = check_pixels(pixels)
    height, width, channels = shaped.shape
    bits = bit_depth(shaped)
    return b"".join(png_chunks(width, height, [shaped], text, channels=channels, bits=bits, space=space))


def png_chunks(
    width: int,
    height: int,
    strips: Iterable[Pixels],
    text: Mapping[str, str],
    *,
    channels: int = 3,
    bits: int = 8,
    space: Space = SRGB,
) -> Iterator[bytes]:
    """Yield the pieces of a PNG file, 8 or 16 `bits` a sample, while the strips of rows come in.

    Each strip is (rows, width, channels), from the top, any number of rows; a strip is done with when
    the next one is asked for, so a producer may use one buffer again and again. The working memory is
    about a megabyte and two rows, whatever the height. Text goes before the image, so that a reader finds it
    without decoding.

    Raises `BadInput` for a size, strips or text that PNG cannot hold or that do not fit each other.
    """
    yield png_start(width, height, text, channels=channels, bits=bits, space=space)
    # Level 1 with the full window: level 2 came out slower on smooth pictures and no smaller, level 3 is
    # twice as slow for 2 %.
    deflate = isal_zlib.compressobj(1)
    rows = UpFilter(width * channels * bits // 8)
    done = 0
    for strip in strips:
        strip = check_pixels(strip, [channels], [bits])
        if strip.shape[1] != width or done + len(strip) > height:
            found = f"{strip.shape[1]} wide after {done} rows, {len(strip)} high"
            raise BadInput(f"png: expected strips that make up {width}x{height} pixels, found one {found}")
        for block in rows.blocks(sample_bytes(strip)):
            if compressed := deflate.compress(block):
                yield chunk(b"IDAT", compressed)
        done += len(strip)
    if done != height:
        raise BadInput(f"png: expected strips that make up {height} rows, found {done}")
    yield chunk(b"IDAT", deflate.flush())
    yield chunk(b"IEND", b"")


def png_start(
    width: int, height: int, text: Mapping[str, str], *, channels: int = 3, bits: int = 8, space: Space = SRGB
) -> bytes:
    """Return what stands before the image: signature, header, colour space, resolution, text.

    Raises `BadInput`.
    """
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BadInput(f"png: expected 1 to {MAX_SIDE} pixels a side, found {width}x{height}")
    header = struct.pack(">IIBBBBB", width, height, bits, _COLOUR_TYPES[channels], 0, 0, 0)
    spaces = (chunk(kind, data) for kind, data in space_chunks(space))
    sheet = sheet_of(text)
    resolution = chunk(b"pHYs", physical_dimensions(sheet)) if sheet else b""
    return b"".join((SIGNATURE, chunk(b"IHDR", header), *spaces, resolution, *_text_chunks(text)))


def space_chunks(space: Space) -> list[tuple[bytes, bytes]]:
    """Return the chunks, as kind and data, that say what the samples mean.

    cICP (PNG, third edition, 2025) goes first with readers that know it; iCCP says the same to older ones.
    """
    if space == SRGB:
        perceptual = b"\0"
        return [(b"sRGB", perceptual)]
    if isinstance(space, Numbers):
        return []
    profile = b"ICC profile" if isinstance(space, ProfileSpace) else space.title.encode("latin-1")
    chunks = [(b"iCCP", profile + b"\0\0" + zlib.compress(space.icc, 9))]
    return chunks if isinstance(space, ProfileSpace) else [(b"cICP", bytes(space.cicp)), *chunks]


class UpFilter:
    """Turns rows of `line` bytes into rows of 1 + line: the filter's number, then each byte less the one above.

    "Up" is the only filter used: NumPy subtracts whole blocks at memory speed, and generated pictures are
    smooth enough that choosing a filter row by row gains little.
    """

    def __init__(self, line: int) -> None:
        self._buffer = np.empty((max(1, _BLOCK // (line + 1)), 1 + line), np.uint8)
        self._buffer[:, 0] = 2  # "Up"
        self.above = np.zeros(line, np.uint8)

    def blocks(self, rows: Bytes) -> Iterator[Bytes]:
        """Yield the filtered rows in blocks; each is done with when the next one is asked for."""
        step = len(self._buffer)
        for start in range(0, len(rows), step):
            block = rows[start : start + step]
            out = self._buffer[: len(block)]
            np.subtract(block[0], self.above, out=out[0, 1:])
            np.subtract(block[1:], block[:-1], out=out[1:, 1:])
            self.above[:] = block[-1]  # a copy: the rows' memory is the producer's
            yield out


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk: length, kind, data, checksum."""
    return b"".join((struct.pack(">I", len(data)), kind, data, struct.pack(">I", checksum(kind, data))))


def checksum(kind: bytes, data: bytes) -> int:
    """Return the CRC-32 of a chunk's kind and data."""
    return int(isal_zlib.crc32(data, isal_zlib.crc32(kind)))


def _text_chunks(text: Mapping[str, str]) -> Iterator[bytes]:
    """Yield a chunk an entry: tEXt, which every reader knows, where Latin-1 suffices; else iTXt in UTF-8."""
    total = 0
    for keyword, value in text.items():
        if not _is_keyword(keyword):
            raise BadInput(f"png: expected a text keyword of 1 to 79 Latin-1 characters, found {keyword!r}")
        try:
            body = value.encode("utf-8")
        except UnicodeEncodeError:
            raise BadInput(f"png: text {keyword!r} is no valid Unicode; use plain characters") from None
        if "\0" in value:
            raise BadInput(f"png: text {keyword!r} has a zero character, which PNG cannot hold")
        if all(char == "\n" or " " <= char <= "~" or "\xa0" <= char <= "\xff" for char in value):
            kind, data = b"tEXt", keyword.encode("latin-1") + b"\0" + value.encode("latin-1")
        else:  # keyword, not compressed, no language, no translated keyword
            kind, data = b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + body
        total += len(data)
        if len(text) > MAX_TEXTS or len(data) > MAX_TEXT or total > MAX_TEXT_TOTAL:
            limits = f"{MAX_TEXTS} texts of {MAX_TEXT >> 10} KiB, {MAX_TEXT_TOTAL >> 10} KiB in all"
            found = f"{len(text)}, up to {keyword!r} {total >> 10} KiB, {len(data) >> 10} of them there"
            raise BadInput(f"png: expected at most {limits}; found {found}")
        yield chunk(kind, data)


def _is_keyword(keyword: str) -> bool:
    printable = all(" " <= char <= "~" or "\xa1" <= char <= "\xff" for char in keyword)
    single_spaced = keyword == keyword.strip(" ") and "  " not in keyword
    return 1 <= len(keyword) <= 79 and printable and single_spaced
