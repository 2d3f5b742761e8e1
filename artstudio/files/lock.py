"""One process at a time in a folder: a lock that the system releases when its holder dies, however it dies."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from artstudio.errors import FolderLocked
from artstudio.files.atomic import write_problem
from artstudio.files.locking import LOCKED_AT, try_lock
from artstudio.files.source import open_own

LOCK_NAME = ".artstudio.lock"


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while the block runs.

    The lock file stays; what counts is the system's lock on it, so one left by a dead process is taken over.
    Raises `FolderLocked`, naming the holder, at once when another process has it; `FileProblem` when the lock
    file cannot be written, and `BadInput` where something else has its name.
    """
    path = folder / LOCK_NAME
    try:
        file = os.fdopen(open_own(path, os.O_RDWR), "r+b", buffering=0)
    except OSError as error:
        raise write_problem(path, error) from None
    with file:
        if not try_lock(file.fileno()):
            raise FolderLocked(f"{folder}: in use by {_holder(file)}; wait for it, or choose another folder")
        since = time.strftime("%Y-%m-%d %H:%M:%S")
        with contextlib.suppress(OSError):  # a full disk must not keep anyone from freeing space here
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()} since {since}".encode()[:LOCKED_AT])
        yield
        with contextlib.suppress(OSError):
            file.truncate(0)


def _holder(file: BinaryIO) -> str:
    text = file.read(LOCKED_AT).decode("utf-8", "replace")
    return " ".join(text.split()) or "another process"
