"""Files opened with care: only regular ones, so that nothing waits for a pipe or reads a device without end."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO

from artstudio.errors import BadInput, FileProblem

_NEVER_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


@contextmanager
def opened(source: str | Path | bytes) -> Iterator[tuple[BufferedReader | BytesIO, str]]:
    """Open a regular file, or bytes as one, for reading; yield it and what to call it.

    Raises `BadInput` for a pipe, a device or a socket, and `FileProblem` for a file that cannot be read, now or
    within the block.
    """
    if isinstance(source, bytes):
        yield BytesIO(source), "PNG data"
        return
    try:
        with os.fdopen(_open_regular(source, os.O_RDONLY), "rb") as file:
            yield file, str(source)
    except OSError as error:
        raise FileProblem(f"{source}: cannot be read ({error.strerror or error})") from None


def read_limited(path: str | Path, limit: int, content: str) -> bytes:
    """Return a file's bytes, at most `limit`; `content` says what they are. Raises what `opened` raises."""
    with opened(path) as (file, name):
        data = file.read(limit + 1)
    if len(data) > limit:
        raise BadInput(f"{name}: expected at most {limit >> 10} KiB of {content}, found more")
    return data


def check_file_size(file: BinaryIO, name: str, most: int) -> None:
    """Refuse a file of more than `most` bytes, before it is read whole; go to its beginning. Raises `BadInput`."""
    if file.seek(0, os.SEEK_END) > most:
        raise BadInput(f"{name}: expected a file of at most {most >> 20} MiB, found more")
    file.seek(0)


def open_own(path: Path, flags: int) -> int:
    """Open a file that is ours to write, or make it, and return its descriptor. Raises `OSError`.

    Never through a symbolic link: nothing outside of its folder is touched.
    """
    return _open_regular(path, flags | os.O_CREAT | _NO_LINK)


def _open_regular(path: str | Path, flags: int) -> int:
    handle = os.open(path, flags | _NEVER_WAITING | _BINARY, 0o666)
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            kind = next((words for is_kind, words in _KINDS if is_kind(mode)), "something else")
            raise BadInput(f"{path}: expected a regular file, found {kind}")
    except BaseException:
        os.close(handle)
        raise
    return handle
