"""Write a file whole or not at all: a temporary file beside it, fsync, then one rename."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from artstudio.errors import BadInput, FileProblem, FolderProblem
from artstudio.files.locking import delete_unheld, hold
from artstudio.files.source import open_own

_TEMPORARY = re.compile(r"\..*\.[0-9a-f]{16}\.artstudio\.tmp", re.DOTALL)

_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL}
"""What systems answer where hard links do not exist (FAT, some network and phone storage)."""


_FOLDER_WIDE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO}
"""What no other file in the folder would escape."""


def write_atomic(path: str | Path, data: bytes | Iterable[bytes], *, overwrite: bool = True) -> None:
    """Write `data`, in one piece or as an iterable of pieces, to `path`; other readers see all of it or nothing.

    On any error, or an interrupt, an older file stays as it was and no temporary file remains. The new file
    gets the permissions that the umask gives; a symbolic link at `path` is replaced, not followed.

    Raises `FileProblem` where the file cannot be written and `BadInput` where it exists and `overwrite` is
    False (even if it came into being a moment ago). What the iterable raises passes through.
    """
    with placed(Path(path), overwrite=overwrite) as temporary, open(temporary, "wb") as file:
        for piece in [data] if isinstance(data, bytes) else data:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def placed(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """Yield the name of a temporary file, empty, to be filled and synced; after the block it becomes `path`.

    On any error, or an interrupt, an older file stays as it was and no temporary file remains. A process that is
    killed leaves one; the next that writes into the folder deletes it. Raises what `write_atomic` raises; an
    `OSError` within the block becomes a `FileProblem`.
    """
    check_writable_target(path, overwrite=overwrite)
    clear_once(path.parent)
    try:
        temporary, handle = _new_temporary(path)
        try:
            yield temporary
            if sys.platform == "win32":
                os.close(handle)  # an open file cannot be renamed there; elsewhere it is held until it is
            place(temporary, path, overwrite=overwrite)
        finally:
            # Either may be done already. An error here must not hide the one that led here.
            with contextlib.suppress(OSError):
                os.close(handle)
            with contextlib.suppress(OSError):
                temporary.unlink()
    except OSError as error:
        raise write_problem(path, error) from None


def check_writable_target(path: str | Path, *, overwrite: bool = True) -> None:
    """Refuse early, before any work is done, a path that `write_atomic` could not write to.

    Raises `FileProblem` for a missing or unwritable folder and for a target that is a folder, a device or a
    pipe; `BadInput` for an existing file unless `overwrite`.
    """
    path = Path(path)
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        kind = stat.S_IFREG
    except OSError as error:
        raise write_problem(path, error) from None
    if not path.parent.is_dir():
        raise FileProblem(f"{path}: cannot be written (the folder {path.parent} does not exist; make it first)")
    if stat.S_ISDIR(kind):
        raise FileProblem(f"{path}: cannot be written (it is a folder; name a file in it)")
    if not stat.S_ISREG(kind):  # a rename would put a plain file in the place of /dev/null
        raise FileProblem(f"{path}: cannot be written (it is not a regular file)")
    if not overwrite and os.path.lexists(path):
        raise _exists_already(path)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise FileProblem(f"{path}: cannot be written (no permission to write in {path.parent})")


def stale_temporaries(folder: str | Path) -> list[Path]:
    """Return the temporary files in `folder`, sorted: what a crash or a power cut left behind.

    A write that is under way at this moment is listed as well. Raises `FileProblem` where the folder cannot be read.
    """
    try:
        return sorted(entry for entry in Path(folder).iterdir() if _TEMPORARY.fullmatch(entry.name))
    except OSError as error:
        raise FileProblem(f"{folder}: cannot be read ({error.strerror or error})") from None


def clear_temporaries(folder: Path) -> None:
    """Delete the temporary files that killed processes left in `folder`; what is being written now stays."""
    with contextlib.suppress(FileProblem):  # what cannot be listed can be written all the same
        for path in stale_temporaries(folder):
            delete_unheld(path)


@lru_cache(maxsize=64)
def clear_once(folder: Path) -> None:
    """Do as `clear_temporaries`, the first time that this process writes into a folder."""
    clear_temporaries(folder)


def _new_temporary(path: Path) -> tuple[Path, int]:
    """Make a temporary file beside `path` and return it with its open descriptor. Raises `OSError`."""
    while True:
        temporary = _temporary_for(path)
        handle = open_own(temporary, os.O_RDWR | os.O_EXCL)
        if hold(handle):
            return temporary, handle
        os.close(handle)


def _temporary_for(path: Path) -> Path:
    # Cut short: with its additions the name must fit wherever the final one does (255 bytes, sometimes 143).
    head = os.fsencode(path.name)[:40].decode("utf-8", "ignore")
    return path.with_name(f".{head}.{secrets.token_hex(8)}.artstudio.tmp")


def place(complete: Path, path: Path, *, overwrite: bool) -> None:
    """Give a complete file beside `path`, synced already, its name, in one step. Raises `OSError` and `BadInput`."""
    if overwrite:
        replace_file(complete, path)
    else:
        _place_new(complete, path)
    _sync_folder(path.parent)


_TRIES = 20 if os.name == "nt" else 1
_PAUSE = 0.05


def replace_file(source: Path, target: Path) -> None:
    """Do as `os.replace`; on Windows, wait up to a second where another program has it open. Raises `OSError`."""
    for left in range(_TRIES - 1, -1, -1):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if not left:
                raise
            time.sleep(_PAUSE)


def _place_new(temporary: Path, path: Path) -> None:
    """Move `temporary` to `path` unless something is there; the system decides, so no race can be lost."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise _exists_already(path) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        try:
            open(path, "xb").close()  # the claim: only one writer can create it
        except FileExistsError:
            raise _exists_already(path) from None
        try:
            replace_file(temporary, path)
        except BaseException:
            path.unlink()
            raise


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut. The file is complete by now, so failing here is no error."""
    with contextlib.suppress(OSError):  # Windows and some network file systems cannot sync a folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _exists_already(path: Path) -> BadInput:
    return BadInput(f"{path} exists already; overwrite=True replaces it")


def write_problem(path: Path, error: OSError) -> FileProblem:
    """Return the error to raise for an `OSError` met while writing `path`: one line, with what to know."""
    reason = error.strerror or str(error)
    kind = FolderProblem if error.errno in _FOLDER_WIDE else FileProblem
    if error.errno == errno.ENOSPC:
        with contextlib.suppress(OSError):
            free = shutil.disk_usage(path.parent).free
            reason += f"; {free / 1e6:.1f} MB are free in {path.parent}"
    return kind(f"{path}: cannot be written ({reason})")
