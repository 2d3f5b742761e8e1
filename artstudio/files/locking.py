"""The system's lock on an open file, which is gone when its holder is, however that ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

LOCKED_AT = 400
"""The byte that is locked on Windows, where no other process can read it meanwhile."""

if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> bool:
        """Take the system's lock on an open file, unless another process has it; closing it lets it go."""
        position = os.lseek(handle, 0, os.SEEK_CUR)
        try:
            os.lseek(handle, LOCKED_AT, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(handle, position, os.SEEK_SET)
        return True

    def hold(handle: int) -> bool:
        """Keep `delete_unheld` from a new file until it is closed; False where that came first.

        Here an open file cannot be deleted anyway.
        """
        return True

    def delete_unheld(path: Path) -> None:
        """Delete a file unless a process that is alive holds it."""
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def try_lock(handle: int) -> bool:
        """Take the system's lock on an open file, unless another process has it; closing it lets it go."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def hold(handle: int) -> bool:
        """Keep `delete_unheld` from a new file until it is closed; False where that came first."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # a file system without locks: `delete_unheld` gets none either
        return os.fstat(handle).st_nlink > 0

    def delete_unheld(path: Path) -> None:
        """Delete a file unless a process that is alive holds it."""
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if try_lock(handle):
                    path.unlink()
            finally:
                os.close(handle)
