"""PNG files, written fast and in strips (`png_read` reads them back).

Pixels are uint8 arrays (H, W, C), rows from the top, display-referred sRGB: C = 3 for colour, 1 for grey, 4
for colour with alpha. Functions that take pixels accept (H, W) as grey too.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from artstudio.errors import BadInput

Pixels = NDArray[np.uint8]

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


def check_pixels(pixels: NDArray[Any], channels: Iterable[int] = (1, 3, 4)) -> Pixels:
    """Return `pixels` as (H, W, C). Raises `BadInput` unless they are uint8, not empty, C one of `channels`."""
    shaped = pixels[:, :, None] if pixels.ndim == 2 else pixels
    allowed = tuple(channels)
    if shaped.dtype != np.uint8 or shaped.ndim != 3 or not shaped.size or shaped.shape[2] not in allowed:
        wanted = " or ".join(f"(H, W, {count})" for count in allowed)
        raise BadInput(f"pixels: expected uint8 {wanted}, found {pixels.dtype} {pixels.shape}")
    return shaped


def pixel_hash(pixels: Pixels) -> str:
    """Return `"sha256:"` and 64 hex digits that depend on the size and every sample of uint8 `pixels`.

    It is SHA-256 over the ASCII line `uint8 HxWxC\\n` (decimal; (H, W) counts as (H, W, 1)), followed by the
    samples row by row, in each row pixel by pixel. How a file was compressed has no part in it.
    """
    shaped = check_pixels(pixels)
    digest = hashlib.sha256("uint8 {}x{}x{}\n".format(*shaped.shape).encode("ascii"))
    digest.update(np.ascontiguousarray(shaped).data)
    return f"sha256:{digest.hexdigest()}"


def encode_png(pixels: Pixels, text: Mapping[str, str]) -> bytes:
    """Return `pixels`, uint8 (H, W, 3), (H, W, 1), (H, W, 4) or (H, W), as a PNG file that carries `text`.

    Raises `BadInput` for other arrays, and for text that PNG cannot hold.
    """
    shaped = check_pixels(pixels)
    height, width, channels = shaped.shape
    return b"".join(png_chunks(width, height, [shaped], text, channels=channels))


def png_chunks(
    width: int, height: int, strips: Iterable[Pixels], text: Mapping[str, str], *, channels: int = 3
) -> Iterator[bytes]:
    """Yield the pieces of a PNG file, sRGB, 8 bits a sample, while the strips of rows come in.

    Each strip is uint8 (rows, width, channels), from the top, any number of rows; a strip is done with when
    the next one is asked for, so a producer may use one buffer again and again. The working memory is
    about a megabyte and two rows, whatever the height. Text goes before the image, so that a reader finds it
    without decoding.

    Raises `BadInput` for a size, strips or text that PNG cannot hold or that do not fit each other.
    """
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise BadInput(f"png: expected 1 to {MAX_SIDE} pixels a side, found {width}x{height}")
    yield SIGNATURE
    yield chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPES[channels], 0, 0, 0))
    yield chunk(b"sRGB", b"\0")  # rendering intent: perceptual
    yield from _text_chunks(text)
    # Level 1 with the full window: level 2 came out slower on smooth pictures and no smaller, level 3 is
    # twice as slow for 2 %.
    deflate = isal_zlib.compressobj(1)
    for block in _filtered(width, height, channels, strips):
        if compressed := deflate.compress(block):
            yield chunk(b"IDAT", compressed)
    yield chunk(b"IDAT", deflate.flush())
    yield chunk(b"IEND", b"")


def _filtered(width: int, height: int, channels: int, strips: Iterable[Pixels]) -> Iterator[Pixels]:
    """Yield blocks (rows, 1 + width * channels): the filter's number, then each sample less the one above.

    "Up" is the only filter used: NumPy subtracts whole blocks at memory speed, and generated pictures are
    smooth enough that choosing a filter row by row gains little.
    """
    line = width * channels
    rows = max(1, _BLOCK // (line + 1))
    buffer = np.empty((min(rows, height), 1 + line), np.uint8)
    buffer[:, 0] = 2  # "Up"
    above = np.zeros(line, np.uint8)
    done = 0
    for strip in strips:
        strip = check_pixels(strip, [channels])
        if strip.shape[1] != width or done + len(strip) > height:
            found = f"{strip.shape[1]} wide after {done} rows, {len(strip)} high"
            raise BadInput(f"png: expected strips that make up {width}x{height} pixels, found one {found}")
        for start in range(0, len(strip), rows):
            block = strip[start : start + rows].reshape(-1, line)
            out = buffer[: len(block)]
            np.subtract(block[0], above, out=out[0, 1:])
            np.subtract(block[1:], block[:-1], out=out[1:, 1:])
            above[:] = block[-1]  # a copy: the strip's memory is the producer's
            yield out
        done += len(strip)
    if done != height:
        raise BadInput(f"png: expected strips that make up {height} rows, found {done}")


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
