"""One process at a time in a folder: a lock that the system releases when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from artstudio.errors import FolderLocked
from artstudio.files.atomic import write_problem

LOCK_NAME = ".artstudio.lock"

_HOLDER_LIMIT = 400


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while the block runs.

    The lock file stays; what counts is the system's lock on it, so one left by a dead process is taken over.
    Raises `FolderLocked`, naming the holder, at once when another process has it; `FileProblem` when the lock
    file cannot be written.
    """
    path = folder / LOCK_NAME
    try:
        # Never through a symbolic link: nothing outside the folder is to be touched.
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError as error:
        raise write_problem(path, error) from None
    try:
        if not try_lock(handle):
            raise FolderLocked(f"{folder}: in use by {_holder(handle)}; wait for it, or choose another folder")
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        with contextlib.suppress(OSError):  # a full disk must not keep anyone from freeing space here
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"process {os.getpid()} on {socket.gethostname()} since {since}".encode(), 0)
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    text = os.pread(handle, _HOLDER_LIMIT, 0).decode("utf-8", "replace")
    return " ".join(text.split()) or "another process"


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool:
        """Take the system's lock on an open file, unless another process has it; closing it lets it go."""
        try:
            os.lseek(handle, _HOLDER_LIMIT, os.SEEK_SET)  # a byte past the text, so that the text can be read
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock(handle: int) -> bool:
        """Take the system's lock on an open file, unless another process has it; closing it lets it go."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
