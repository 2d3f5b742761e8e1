"""PNG files written strip by strip, each strip a part of the deflate stream that ends at a byte of its own."""

from __future__ import annotations

import numpy as np
from isal import isal_zlib

from artstudio.files.growing import UNKNOWN_HASH, Texts
from artstudio.files.png.write import Bytes, InflateError, Pixels, UpFilter, chunk, png_start, sample_bytes
from artstudio.files.printing.space import Space
from artstudio.spaces import SRGB

_ZLIB_HEADER = b"\x78\x01"
_LAST_BLOCK = b"\x03\x00"
"""An empty deflate block, marked as the last."""

_RAW = -15
"""Deflate without zlib's header and checksum, which stand once for the whole stream."""


class PngStrips:
    """Writes a PNG of colour pixels, with alpha or without, 8 or 16 bits a sample (`StripFormat`)."""

    kind = b"IDAT"

    def __init__(
        self, width: int, height: int, bits: int, strip_rows: int = 0, space: Space = SRGB, channels: int = 3
    ) -> None:
        """Take the picture's shape; strips may have any number of rows."""
        self._width, self._height, self._bits = width, height, bits
        self._space, self.channels = space, channels
        self._line = width * self.channels * bits // 8
        self._filter = UpFilter(self._line)
        self._rows = 0
        self._adler = 1

    def start(self, texts: Texts) -> bytes:
        """Return the header and the texts."""
        return self._finished_start(texts, UNKNOWN_HASH)

    def is_start(self, found: bytes, texts: Texts) -> bool:
        """Compare, whatever the hash is."""
        at = self.start(texts).find(UNKNOWN_HASH.encode())
        hash_there = found[at : at + len(UNKNOWN_HASH)].decode("latin-1")
        return found == self._finished_start(texts, hash_there)

    def add(self, strip: Pixels) -> bytes:
        """Filter and compress; a full flush at the end makes the next strip independent of this one."""
        deflate = isal_zlib.compressobj(1, isal_zlib.DEFLATED, _RAW)
        parts = [self._header()]
        for block in self._filter.blocks(sample_bytes(strip)):
            self._adler = isal_zlib.adler32(block, self._adler)
            parts.append(deflate.compress(block))
        parts.append(deflate.flush(isal_zlib.Z_FULL_FLUSH))
        self._rows += len(strip)
        return b"".join(parts)

    def take(self, data: bytes) -> Pixels:
        """Decompress and undo the filter."""
        filtered = self._inflate(data.removeprefix(self._header()))
        rows: Bytes = np.cumsum(np.vstack([self._filter.above, filtered[:, 1:]]), axis=0, dtype=np.uint8)[1:]
        self._filter.above[:] = rows[-1]
        self._adler = isal_zlib.adler32(filtered, self._adler)
        self._rows += len(rows)
        if self._bits == 8:
            return rows.reshape(len(rows), self._width, self.channels)
        return rows.view(">u2").astype(np.uint16).reshape(len(rows), self._width, self.channels)

    def end(self, texts: Texts, pixel_hash: str) -> tuple[bytes, bytes]:
        """Close the stream with its checksum."""
        last = self._header() + _LAST_BLOCK + self._adler.to_bytes(4, "big")
        return chunk(b"IDAT", last) + chunk(b"IEND", b""), self._finished_start(texts, pixel_hash)

    def _finished_start(self, texts: Texts, pixel_hash: str) -> bytes:
        return png_start(
            self._width, self._height, texts(pixel_hash), channels=self.channels, bits=self._bits,
            space=self._space,
        )  # fmt: skip

    def _header(self) -> bytes:
        return b"" if self._rows else _ZLIB_HEADER

    def _inflate(self, data: bytes) -> Bytes:
        most = (self._height - self._rows) * (1 + self._line)
        try:
            filtered = np.frombuffer(isal_zlib.decompressobj(_RAW).decompress(data, most + 1), np.uint8)
        except InflateError as error:
            raise ValueError(f"a damaged strip ({error})") from None
        if not filtered.size or filtered.size > most or filtered.size % (1 + self._line):
            raise ValueError("a strip of another size")
        shaped = filtered.reshape(-1, 1 + self._line)
        if (shaped[:, 0] != 2).any():
            raise ValueError("a strip with another filter")
        return shaped
