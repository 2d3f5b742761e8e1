"""The manifest of a gallery's folder: one line of JSON a job, appended after the picture stands, never before.

The last line of a name counts. Each line ends with a checksum of itself, so that a torn or damaged one is
noticed; the entries that it held are then won back from the pictures' own recipes.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from artstudio.errors import FileProblem
from artstudio.files.atomic import replace_file, write_atomic, write_problem
from artstudio.files.source import check_file_size, open_own, opened

MANIFEST_NAME = "manifest.jsonl"

_MAX_LINE = 1 << 20
_MAX_SIZE = 1 << 30
"""Bytes: half a million pictures."""


@dataclass(frozen=True)
class Entry:
    """What is recorded of a job. `file` is its name in the folder; `sha256` and `bytes` are the file's."""

    name: str
    file: str
    digest: str
    status: str = "done"
    """`done`, or `failed`; of a failed job `reason` says why and the fields below are empty."""
    reason: str = ""
    sha256: str = ""
    bytes: int = 0
    seconds: float = 0.0
    width: int = 0
    height: int = 0
    supersample: int = 0
    title: str = ""
    tags: tuple[str, ...] = ()
    recipe: dict[str, Any] | None = None


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as hex digits. Raises what `opened` raises."""
    with opened(path) as (file, _):
        return hashlib.file_digest(file, "sha256").hexdigest()


def to_line(entry: Entry) -> bytes:
    """Return the entry as one line, its checksum included."""
    body = json.dumps(asdict(entry), sort_keys=True, separators=(",", ":"))
    return f'{body[:-1]},"crc32":"{zlib.crc32(body.encode()):08x}"}}\n'.encode()


def from_line(line: bytes) -> Entry | None:
    """Return the entry of one line without its end, or None where it is damaged."""
    start, mark, checksum = line.rpartition(b',"crc32":"')
    body = start + b"}"
    if not mark or checksum != b'%08x"}' % zlib.crc32(body):
        return None
    try:
        fields = json.loads(body)
        fields["tags"] = tuple(fields["tags"])
        return Entry(**fields)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def read(folder: Path) -> tuple[dict[str, Entry], bool]:
    """Return the folder's entries by name, and whether any line was damaged.

    No manifest is no entries and no damage. Raises `FileProblem` when it is there but cannot be read, `BadInput` when
    it is not a regular file or too large to be a manifest.
    """
    path = folder / MANIFEST_NAME
    entries: dict[str, Entry] = {}
    damaged = False
    if not path.exists():
        return entries, damaged
    with opened(path) as (file, name):
        check_file_size(file, name, _MAX_SIZE)
        while line := file.readline(_MAX_LINE):
            entry = from_line(line[:-1]) if line.endswith(b"\n") else None
            if entry is None:
                damaged = True
            else:
                entries[entry.name] = entry
    return entries, damaged


def rewrite(folder: Path, entries: Mapping[str, Entry]) -> None:
    """Replace the manifest by one with just these entries, keeping the old one as `manifest.jsonl.corrupt`."""
    path = folder / MANIFEST_NAME
    try:
        replace_file(path, path.with_name(MANIFEST_NAME + ".corrupt"))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise write_problem(path, error) from None
    write_atomic(path, map(to_line, entries.values()))


class Appender:
    """Appends entries, each in one write and synced to the disk, for as long as the block runs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MANIFEST_NAME

    def __enter__(self) -> Appender:
        try:
            self._handle = open_own(self._path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            raise write_problem(self._path, error) from None
        return self

    def append(self, entries: Iterable[Entry]) -> None:
        """Append the entries; they are on the disk when this returns. Raises `FileProblem`."""
        data = b"".join(map(to_line, entries))
        try:
            written = os.write(self._handle, data)
            os.fsync(self._handle)
        except OSError as error:
            raise write_problem(self._path, error) from None
        if written < len(data):
            raise FileProblem(f"{self._path}: cannot be written (only {written} of {len(data)} bytes went in)")

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)
