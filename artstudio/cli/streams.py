"""Standard streams as they may be found: full, closed, missing, or in an encoding that lacks characters."""

from __future__ import annotations

import codecs
import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import Any

from artstudio.errors import FileProblem

_ERRORS = "artstudio"
"""The name under which `_written_otherwise` is known to Python's codecs."""


class ReaderGone(Exception):  # noqa: N818 - no failure
    """Nobody reads standard output any more, as after `| head`. Not an `OSError`: click would end the process."""


class _Output(FileIO):
    """Standard output: what cannot be written is one clear error, wherever in the program it shows."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            raise ReaderGone from None
        except OSError as error:
            raise FileProblem(f"standard output: cannot be written ({error.strerror})") from None


def prepare() -> None:
    """Make the three streams usable, once, at the start of a process.

    A closed one is opened: else the next file would get its number, and be written into by whoever prints.
    Reading then finds nothing, what is said on stderr goes nowhere, and writing to stdout is an error.
    """
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest free number, which is this one
    codecs.register_error(_ERRORS, _written_otherwise)
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - it stays open
    before = sys.stdout
    raw = _Output(1, "wb", closefd=False)
    sys.stdout = TextIOWrapper(
        BufferedWriter(raw),
        encoding=before.encoding if before else "utf-8",
        errors=_ERRORS,
        line_buffering=raw.isatty(),
    )
    if isinstance(sys.stderr, TextIOWrapper):
        sys.stderr.reconfigure(errors=_ERRORS)


def give_up_output() -> None:
    """Send what is left for stdout nowhere: Python would complain once more while it flushes at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _written_otherwise(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write the bytes of a file name that is no text as they are, and characters that the encoding lacks escaped."""
    assert isinstance(error, UnicodeEncodeError)
    part = error.object[error.start]
    if "\udc80" <= part <= "\udcff":
        return bytes([ord(part) & 0xFF]), error.start + 1
    return part.encode("unicode_escape").decode("ascii"), error.start + 1
