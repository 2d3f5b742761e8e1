"""PNG files, read back with hard limits: their texts without their pixels, or their pixels alone.

`png_rows` reads large pictures, and those of 16 bits a sample.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from artstudio.errors import BadInput, FileProblem
from artstudio.files.png import MAX_SIDE, MAX_TEXT, MAX_TEXT_TOTAL, MAX_TEXTS, SIGNATURE, Pixels, checksum, chunk

MAX_PIXELS = 1 << 27
"""Pixels that `read_png_pixels` decodes unless told otherwise; at 8 to 12 bytes each, 1.6 GB at most."""

_MAX_HEADER_CHUNKS = 4096
"""Chunks before the image. Real files have a dozen; a gigabyte of empty ones should not keep anyone busy."""

_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""PNG's colour type -> the bits a sample that go with it (PNG 3rd edition, table 12)."""

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""PNG's colour type -> samples a pixel."""


@dataclass(frozen=True)
class PngInfo:
    """What stands before the image in a PNG file: its size in pixels and its texts by keyword."""

    width: int
    height: int
    bits: int
    """Bits a sample: 8 or 16 in what is made here."""
    text: Mapping[str, str]


def read_png_text(source: str | Path | bytes) -> PngInfo:
    """Read the size and the texts of a PNG file, given by path or as its bytes, up to where the image begins.

    The image is not looked at, so a huge size costs nothing. Texts beyond `MAX_TEXTS`, `MAX_TEXT` or
    `MAX_TEXT_TOTAL` are passed over, and so are compressed ones: nothing is ever inflated. Of two texts with one
    keyword the later counts.

    Raises `BadInput` for what is no PNG file or damaged before the image, `FileProblem` where it cannot be read.
    """
    with opened(source) as (file, name):
        reader = ChunkReader(file, name)
        header = reader.header()
        text: dict[str, str] = {}
        entries = total = 0
        for _ in range(_MAX_HEADER_CHUNKS):
            kind, length = reader.next()
            if kind in (b"IDAT", b"IEND"):
                break
            fits = length <= MAX_TEXT and total + length <= MAX_TEXT_TOTAL and entries < MAX_TEXTS
            if kind in (b"tEXt", b"iTXt") and fits:
                entry = _parse_text(kind, reader.data())
                entries, total = entries + 1, total + length
                text.update([entry] if entry else [])
        else:
            raise reader.damaged(f"more than {_MAX_HEADER_CHUNKS} chunks before the image")
        return PngInfo(header.width, header.height, header.depth, MappingProxyType(text))


def read_png_pixels(path: str | Path, *, max_pixels: int = MAX_PIXELS) -> Pixels:
    """Decode a PNG file to uint8 (H, W, 3), read-only. Grey becomes three equal channels, alpha is dropped.

    Of the file only the image itself is decoded, every checksum checked: text, profiles and further frames
    are passed over unread, wherever they stand. At most `max_pixels` pixels are decoded.

    Raises `BadInput` for what is no PNG file, damaged, too large or has 16 bits a sample; `FileProblem` where
    it cannot be read.
    """
    from PIL.PngImagePlugin import PngImageFile  # late: writing and `read_png_text` need no Pillow

    with opened(path) as (file, name):
        reader = ChunkReader(file, name)
        header = reader.header()
        if header.width * header.height > max_pixels:
            found = f"{header.width}x{header.height}"
            raise BadInput(f"{name}: expected a picture of at most {max_pixels} pixels, found {found}")
        if header.depth > 8:
            raise BadInput(f"{name}: expected at most 8 bits a sample, found {header.depth}")
        image_file = _image_alone(reader, header)
    try:
        # Not Image.open: its limit on the pixels is one for the whole process, ours above is per call; and
        # naming the class keeps every other decoder out.
        with PngImageFile(image_file) as image:
            return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise BadInput(f"{name}: a damaged PNG file ({error})") from None


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


def _image_alone(reader: ChunkReader, header: Header) -> BytesIO:
    """Copy what makes up the image, each chunk checked, to a PNG file in memory."""
    alone = BytesIO()
    alone.write(SIGNATURE)
    fields = (header.width, header.height, header.depth, header.colour, 0, 0, header.interlace)
    alone.write(chunk(b"IHDR", struct.pack(">IIBBBBB", *fields)))
    # Incompressible pixels take 5 bytes more in 65,535; twice the size leaves room for odd encoders.
    budget = 2 * header.image_bytes + (1 << 16)
    while (found := reader.next())[0] != b"IEND":
        kind, length = found
        if kind == b"IDAT" and length:
            budget -= length
            if budget < 0:
                raise reader.damaged("more image data than its pixels need")
            alone.write(chunk(kind, reader.data()))
        elif kind == b"PLTE":
            if length > 768:
                raise reader.damaged("a palette of more than 256 colours")
            alone.write(chunk(kind, reader.data()))
    reader.data()
    alone.write(chunk(b"IEND", b""))
    alone.seek(0)
    return alone


def _parse_text(kind: bytes, data: bytes) -> tuple[str, str] | None:
    """Return keyword and text of a tEXt or iTXt chunk, or None where it is compressed or malformed."""
    keyword, _, rest = data.partition(b"\0")
    if not keyword or len(keyword) > 79 or len(keyword) == len(data):
        return None
    if kind == b"tEXt":
        return keyword.decode("latin-1"), rest.decode("latin-1")
    language_on = rest[2:].split(b"\0", 2)
    if rest[:1] != b"\0" or len(language_on) < 3:
        return None
    try:
        return keyword.decode("latin-1"), language_on[2].decode("utf-8")
    except UnicodeDecodeError:
        return None


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


@contextmanager
def opened(source: str | Path | bytes) -> Iterator[tuple[BinaryIO, str]]:
    """Open a path, or bytes as a file; yield it and what to call it. `OSError` inside becomes `FileProblem`."""
    if isinstance(source, bytes):
        yield BytesIO(source), "PNG data"
        return
    try:
        with open(source, "rb") as file:
            yield file, str(source)
    except OSError as error:
        raise FileProblem(f"{source}: cannot be read ({error.strerror or error})") from None
