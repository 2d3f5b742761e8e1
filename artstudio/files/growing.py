"""A picture's file that grows strip by strip, so that it can be left half-done and gone on with.

The strips stand in it as chunks in PNG's way: length, kind, data, checksum. What a crash tore off ends at the
first chunk that does not hold.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Protocol

from artstudio.errors import FolderLocked
from artstudio.files.atomic import check_writable_target, clear_once, place, write_problem
from artstudio.files.locking import try_lock
from artstudio.files.png.write import PixelHash, Pixels, checksum, chunk, sample_bytes
from artstudio.files.source import open_own

Texts = Callable[[str], Mapping[str, str]]
"""What is embedded, by keyword, given the hash of the pixels."""

UNKNOWN_HASH = "sha256:" + 64 * "0"
"""What stands for the hash of the pixels until they are all there."""


class StripFormat(Protocol):
    """How a format is written strip by strip. A strip is (rows, width, channels), uint8 or uint16."""

    kind: bytes
    """The kind of the chunks that hold strips."""

    channels: int
    """Samples a pixel."""

    def start(self, texts: Texts) -> bytes:
        """Return what the unfinished file begins with; equal for equal pictures only."""

    def is_start(self, found: bytes, texts: Texts) -> bool:
        """Say whether `found` is that beginning, be it as it was or already as `end` has it."""

    def add(self, strip: Pixels) -> bytes:
        """Return the data of the chunk that holds the next strip."""

    def take(self, data: bytes) -> Pixels:
        """Take the next strip as done and return it. Raises `ValueError` where `data` does not hold it."""

    def end(self, texts: Texts, pixel_hash: str) -> tuple[bytes, bytes]:
        """Return what follows the last strip, and what the finished file begins with, of the same length."""


class GrowingFile:
    """An unfinished picture; `growing_file` opens it."""

    def __init__(
        self, file: BinaryIO, format: StripFormat, texts: Texts, size: tuple[int, int], bits: int
    ) -> None:
        self._file, self._format, self._texts = file, format, texts
        self._width, self._height = size
        self._hash = PixelHash(self._height, self._width, format.channels, bits)
        self.rows = 0
        """Rows that are done."""
        self._resume()

    @property
    def finished(self) -> bool:
        """Whether all rows are done."""
        return self.rows == self._height

    def append(self, strip: Pixels) -> None:
        """Add the next rows."""
        self._file.write(chunk(self._format.kind, self._format.add(strip)))
        self._file.flush()  # to the system: from here on a killed process loses nothing
        self._count(strip)

    def finish(self) -> int:
        """Write the end and the hash of the pixels, make it last on the disk, and return the bytes in all."""
        tail, start = self._format.end(self._texts, self._hash.text())
        self._file.write(tail)
        size = self._file.tell()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.seek(0)
        self._file.write(start)
        self._file.flush()
        os.fsync(self._file.fileno())
        return size

    def _count(self, strip: Pixels) -> None:
        self._hash.update(sample_bytes(strip))
        self.rows += len(strip)

    def _resume(self) -> None:
        """Take in the strips that are there, cut off what is torn; begin anew where it is another picture."""
        start = self._format.start(self._texts)
        end = 0
        if self._format.is_start(self._file.read(len(start)), self._texts):
            end = len(start)
            for strip, position in self._strips(end):
                self._count(strip)
                end = position
        self._file.seek(end)
        self._file.truncate()
        if not end:
            self._file.write(start)

    def _strips(self, position: int) -> Iterator[tuple[Pixels, int]]:
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(position)
        while position + 12 <= size:
            length, kind = struct.unpack(">I4s", self._file.read(8))
            if kind != self._format.kind or position + 12 + length > size:
                return
            data = self._file.read(length)
            if self._file.read(4) != struct.pack(">I", checksum(kind, data)):
                return
            try:
                strip = self._format.take(data)
            except ValueError:
                return
            position += 12 + length
            yield strip, position


@contextmanager
def growing_file(
    path: Path, format: StripFormat, texts: Texts, size: tuple[int, int], bits: int, *, overwrite: bool
) -> Iterator[GrowingFile]:
    """Open the unfinished file beside `path`, with what was done before; place it when the block ends well.

    The block must `finish` it. On an error or an interrupt it stays, for the next time. An unfinished file of
    another picture (its beginning differs) is replaced. Raises `FolderLocked` where another process is writing
    it, and what `write_atomic` raises; `OSError` within the block becomes a `FileProblem`.
    """
    check_writable_target(path, overwrite=overwrite)
    clear_once(path.parent)
    unfinished = unfinished_path(path)
    try:
        with _open_locked(unfinished, path) as file:
            yield GrowingFile(file, format, texts, size, bits)
            if sys.platform == "win32":
                file.close()  # an open file cannot be renamed there; elsewhere the lock is kept until it is
            place(unfinished, path, overwrite=overwrite)
            unfinished.unlink(missing_ok=True)  # there still where a new file was placed by a hard link
    except OSError as error:
        raise write_problem(path, error) from None


def unfinished_path(path: Path) -> Path:
    """Return the name of the unfinished file: always the same for the same `path`, as short as names must be."""
    head = os.fsencode(path.name)[:40].decode("utf-8", "ignore")
    return path.with_name(f".{head}.{sha256(os.fsencode(path.name)).hexdigest()[:8]}.artstudio.unfinished")


def _open_locked(unfinished: Path, path: Path) -> BinaryIO:
    while True:
        file = os.fdopen(open_own(unfinished, os.O_RDWR), "r+b")
        if not try_lock(file.fileno()):
            file.close()
            raise FolderLocked(f"{path}: another process is writing it; wait for it, or choose another name")
        try:
            if os.path.samestat(os.fstat(file.fileno()), os.lstat(unfinished)):
                return file
        except FileNotFoundError:
            pass
        file.close()  # it was finished and placed between our opening and locking it
