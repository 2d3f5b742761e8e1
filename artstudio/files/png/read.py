"""PNG files, read back with hard limits: their texts without their pixels, or their pixels alone.

`png_rows` reads large pictures strip by strip.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import numpy as np
from isal import isal_zlib

from artstudio.errors import BadInput
from artstudio.files.info import FileInfo
from artstudio.files.png.write import (
    MAX_SIDE,
    MAX_TEXT,
    MAX_TEXT_TOTAL,
    MAX_TEXTS,
    SIGNATURE,
    InflateError,
    Pixels,
    checksum,
    chunk,
)
from artstudio.files.source import opened

MAX_PIXELS = 1 << 27
"""Pixels that `read_png_pixels` decodes unless told otherwise; at 8 to 12 bytes each, 1.6 GB at most."""

_MAX_CHUNKS = 4096
"""Chunks besides the image's. Real files have a dozen; a gigabyte of empty ones should not keep anyone busy."""

_MAX_IMAGE_CHUNKS = 1 << 19
"""Chunks of the image behind which texts are looked for: 4 GiB of them as libpng cuts it."""

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""PNG's colour type -> the bits a sample that go with it (PNG 3rd edition, table 12)."""

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""PNG's colour type -> samples a pixel."""


def read_png_text(source: str | Path | bytes) -> FileInfo:
    """Read the size and the texts of a PNG file, given by path or as its bytes.

    Raises what `png_info` raises, and `FileProblem` where it cannot be read.
    """
    with opened(source) as (file, name):
        return png_info(file, name)


def png_info(file: BinaryIO, name: str) -> FileInfo:
    """Read the size and the texts of a PNG file, plain and compressed, before the image and behind it.

    The image is passed over, so a huge size costs nothing. Texts beyond `MAX_TEXTS`, `MAX_TEXT` or `MAX_TEXT_TOTAL`,
    inflated, are passed over too. Of two texts with one keyword the later counts. A file that is damaged from the
    image on has the texts that stand before the damage.

    Raises `BadInput` for what is not a PNG file or damaged before the image.
    """
    reader = ChunkReader(file, name)
    header = reader.header()
    texts = _Texts()
    image_chunks = other_chunks = 0
    try:
        while other_chunks < _MAX_CHUNKS and image_chunks < _MAX_IMAGE_CHUNKS:
            kind, length = reader.next()
            if kind == b"IEND":
                break
            image_chunks += kind == b"IDAT"
            other_chunks += kind != b"IDAT"
            if kind in _TEXT_KINDS and texts.have_room(length):
                texts.add(kind, reader.data())
        else:
            if not image_chunks:
                raise reader.damaged(f"more than {_MAX_CHUNKS} chunks before the image")
    except BadInput:
        if not image_chunks:
            raise
    return FileInfo(header.width, header.height, header.depth, MappingProxyType(texts.found))


def read_png_pixels(path: str | Path, *, max_pixels: int = MAX_PIXELS, alpha: bool = False) -> Pixels:
    """Decode a PNG file to uint8 or uint16 (H, W, 3). Grey becomes three equal channels, alpha is dropped.

    With `alpha` it is (H, W, 4), and what has none is opaque.

    Of the file only the image itself is decoded, every checksum checked: text, profiles and further frames
    are passed over unread, wherever they stand. At most `max_pixels` pixels are decoded.

    Raises `BadInput` for what is not a PNG file, damaged or too large; `FileProblem` where it cannot be read.
    """
    with opened(path) as (file, name):
        reader = ChunkReader(file, name)
        header = reader.header()
        if header.width * header.height > max_pixels:
            found = f"{header.width}x{header.height}"
            raise BadInput(f"{name}: expected a picture of at most {max_pixels} pixels, found {found}")
        take, decode = (_image_data, _deep_pixels) if header.depth == 16 else (_image_alone, _pixels)
        image = take(header, _image_chunks(reader, header))
    try:
        return decode(header, image, alpha)
    except (OSError, SyntaxError, ValueError) as error:
        raise BadInput(f"{name}: a damaged PNG file ({error})") from None


def _image_alone(header: Header, chunks: Iterator[tuple[bytes, bytes]]) -> bytes:
    """Return a PNG file with nothing but its image."""
    fields = (header.width, header.height, header.depth, header.colour, 0, 0, header.interlace)
    start = SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", *fields))
    return b"".join((start, *(chunk(kind, data) for kind, data in chunks), chunk(b"IEND", b"")))


def _image_data(header: Header, chunks: Iterator[tuple[bytes, bytes]]) -> bytes:
    return b"".join(data for kind, data in chunks if kind == b"IDAT")


def _pixels(header: Header, image: bytes, alpha: bool) -> Pixels:
    from PIL.PngImagePlugin import PngImageFile  # late: writing and `read_png_text` need no Pillow

    # Not Image.open: its limit on the pixels is one for the whole process, ours above is per call; and
    # naming the class keeps every other decoder out.
    with PngImageFile(BytesIO(image)) as picture:
        mode = "RGBA" if alpha else "RGB"
        return np.asarray(picture if picture.mode == mode else picture.convert(mode))


_DEEP = {
    0: ("LA", "LA"),
    2: ("RGB", "RGB;16B", "RGB;16L"),
    4: ("RGBA", "RGBA"),
    6: ("RGBA", "RGBA;16B", "RGBA;16L"),
}
"""PNG's colour type -> the mode and the raw modes by which Pillow, which has no deep colour, gives all its bytes."""


def _deep_pixels(header: Header, image: bytes, alpha: bool) -> Pixels:
    from PIL import Image

    mode, *raw_modes = _DEEP[header.colour]
    size = header.width, header.height
    planes = [
        np.asarray(Image.frombytes(mode, size, image, "zip", raw_mode, header.interlace)) for raw_mode in raw_modes
    ]
    # With one raw mode both bytes of a sample stand side by side already; with two, each has one of them.
    both = np.stack(planes, axis=-1) if len(planes) > 1 else np.ascontiguousarray(planes[0])
    samples = both.reshape(*both.shape[:2], -1).view(">u2").astype(np.uint16)
    colour = samples[:, :, :3] if samples.shape[2] >= 3 else samples[:, :, [0, 0, 0]]
    if not alpha:
        return colour
    opacity = samples[:, :, -1:] if samples.shape[2] in (2, 4) else np.full_like(colour[:, :, :1], 65535)
    return np.concatenate([colour, opacity], axis=2)


@dataclass(frozen=True)
class Header:
    """A PNG file's first chunk."""

    width: int
    height: int
    depth: int
    colour: int
    interlace: int

    @property
    def image_bytes(self) -> int:
        """The bytes of the image before compression, filter numbers included; interlacing adds a few more."""
        return self.height * (1 + -(-self.width * self.depth * SAMPLES[self.colour] // 8))


class ChunkReader:
    """Goes through a PNG file from chunk to chunk by seeking; reads and checks only the chunks that are asked for."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file, self.name = file, name
        self._size = file.seek(0, 2)
        self._kind, self._length, self._start = b"", 0, 0
        file.seek(0)
        start = file.read(16)
        if not start.startswith(SIGNATURE):
            raise BadInput(f"{name}: expected a PNG file, found {describe(start)}")
        self._next = len(SIGNATURE)

    def next(self) -> tuple[bytes, int]:
        """Go to the next chunk and return its kind and the length of its data in bytes."""
        self._file.seek(self._next)
        head = self._file.read(8)
        if len(head) < 8:
            raise self.damaged(f"it ends at byte {self._size}, within its chunks")
        self._length, self._kind = struct.unpack(">I4s", head)
        if not self._kind.isalpha() or self._length > MAX_SIDE:
            raise self.damaged(f"no chunk where one should begin, at byte {self._next}")
        self._start = self._next + 8
        self._next = self._start + self._length + 4
        return self._kind, self._length

    def data(self) -> bytes:
        """Return the data of the chunk that `next` went to. The caller has looked at the length."""
        if self._next > self._size:  # known before any memory is set aside
            raise self.damaged(f"it ends at byte {self._size}, within its {self._kind.decode()} chunk")
        data = self._file.read(self._length)
        if self._file.read(4) != struct.pack(">I", checksum(self._kind, data)):
            raise self.damaged(f"wrong checksum in the {self._kind.decode()} chunk at byte {self._start - 8}")
        return data

    def header(self) -> Header:
        """Read the first chunk, which says the size and the kind of pixels."""
        if self.next() != (b"IHDR", 13):
            raise self.damaged("it does not begin with its header")
        width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", self.data())
        if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
            raise self.damaged(f"a size of {width}x{height}")
        if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1:
            raise self.damaged("an unknown kind of pixels in its header")
        return Header(width, height, depth, colour, interlace)

    def damaged(self, detail: str) -> BadInput:
        """Return the error for a damaged file."""
        return BadInput(f"{self.name}: a damaged PNG file ({detail})")


def _image_chunks(reader: ChunkReader, header: Header) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks that make up the image, each checked: a palette, if there is one, and its data."""
    # Incompressible pixels take 5 bytes more in 65,535; twice the size leaves room for odd encoders.
    budget = 2 * header.image_bytes + (1 << 16)
    while (found := reader.next())[0] != b"IEND":
        kind, length = found
        if kind == b"IDAT" and length:
            budget -= length
            if budget < 0:
                raise reader.damaged("more image data than its pixels need")
            yield kind, reader.data()
        elif kind == b"PLTE":
            if length > 768:
                raise reader.damaged("a palette of more than 256 colours")
            yield kind, reader.data()
    reader.data()


_TEXT_KINDS = (b"tEXt", b"zTXt", b"iTXt")


class _Texts:
    """Collects texts by keyword, up to the limits."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._entries = self._total = 0

    def have_room(self, length: int) -> bool:
        """Say whether a chunk of so many bytes may be read at all."""
        return length <= min(MAX_TEXT, MAX_TEXT_TOTAL - self._total) and self._entries < MAX_TEXTS

    def add(self, kind: bytes, data: bytes) -> None:
        """Take in a chunk; one that is malformed, or too long once it is inflated, is passed over."""
        try:
            keyword, size, text = _parse_text(kind, data, min(MAX_TEXT, MAX_TEXT_TOTAL - self._total))
        except (ValueError, InflateError):
            size = len(data)
        else:
            self.found[keyword] = text
        self._entries += 1
        self._total += size


def _parse_text(kind: bytes, data: bytes, most: int) -> tuple[str, int, str]:
    """Return keyword, size in bytes and text of a tEXt, zTXt or iTXt chunk (PNG 3rd edition, 11.3.3).

    Raises `ValueError` and `InflateError` where it is malformed or longer than `most` bytes.
    """
    keyword, separator, rest = data.partition(b"\0")
    if not separator or not 1 <= len(keyword) <= 79:
        raise ValueError("no keyword")
    compressed, encoding, method = kind == b"zTXt", "latin-1", b"\0"
    if kind == b"zTXt":
        method, rest = rest[:1], rest[1:]
    elif kind == b"iTXt":
        compressed, encoding, method = rest[:1] == b"\1", "utf-8", rest[1:2]
        _language, _translated, rest = rest[2:].split(b"\0", 2)
    if compressed:
        if method != b"\0":
            raise ValueError("an unknown compression")
        inflate = isal_zlib.decompressobj()
        rest = inflate.decompress(rest, most + 1)
        if not inflate.eof:
            raise ValueError("too long, or without an end")
    if len(rest) > most:
        raise ValueError("too long")
    return keyword.decode("latin-1"), len(keyword) + 1 + len(rest), rest.decode(encoding)


_KINDS = {
    b"\xff\xd8\xff": "JPEG data",
    b"GIF8": "GIF data",
    b"BM": "BMP data",
    b"%PDF": "a PDF file",
    b"II*\0": "TIFF data",
    b"MM\0*": "TIFF data",
    b"PK": "a ZIP archive",
}


def describe(start: bytes) -> str:
    """Say in words what a file that begins with these bytes is."""
    if not start:
        return "an empty file"
    if SIGNATURE.startswith(start):
        return "only the beginning of one"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WebP data"
    if start[4:8] == b"ftyp":
        return "AVIF data" if start[8:12] in (b"avif", b"avis") else "HEIF or MP4 data"
    named = next((words for magic, words in _KINDS.items() if start.startswith(magic)), None)
    is_text = all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in start)
    return named or ("text" if is_text else "something else")
