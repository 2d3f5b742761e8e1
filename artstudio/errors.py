"""The errors a user may meet: one clear line each, and the exit code that goes with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST, _LONGEST_WORD = 480, 160
"""Characters of an error, and of a word in it, such as a path. What is longer loses its middle: its ends say more."""

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What a terminal would obey or hide, and no other character: controls (C0, C1), line ends, marks that turn the
direction of writing, invisible characters, and lone surrogates, which no encoding has."""


class ArtstudioError(Exception):
    """Something that a user can understand and mend; `str(error)` is one short line for them, safe to print."""

    exit_code = 1

    def __init__(self, message: str = "") -> None:
        words = (_without_middle(word, _LONGEST_WORD) for word in message.split())
        super().__init__(_without_middle(printable(" ".join(words)), _LONGEST))


def _without_middle(text: str, limit: int) -> str:
    half = limit // 2
    return text if len(text) <= limit else f"{text[: half - 1]}…{text[-half:]}"


class BadInput(ArtstudioError):  # noqa: N818 - reads as what happened: `raise BadInput(...)`
    """The request itself is wrong: an unknown name, a value out of range, a file of the wrong kind."""

    exit_code = 2


class FileProblem(ArtstudioError):  # noqa: N818
    """The request is fine, but a file or folder could not be read or written."""

    exit_code = 1


class FolderProblem(FileProblem):
    """No file in the folder can be written any more: the disk is full, failing, or read-only."""


class FolderLocked(ArtstudioError):  # noqa: N818
    """Another process is working in the folder."""

    exit_code = 4


def unknown(kind: str, name: object, choices: Iterable[str], *, see: str = "") -> BadInput:
    """Return the error for a name that is in no registry: the nearest names, and where all of them stand.

    >>> str(unknown("activation", "tahn", ["tanh", "relu"], see="artstudio activations"))
    "unknown activation 'tahn'; did you mean 'tanh'? ('artstudio activations' lists them all)"
    """
    names = list(choices)
    close = get_close_matches(str(name), names, n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
    where = f" ({see!r} lists them all)" if see else f" (expected one of: {', '.join(names)})"
    return BadInput(f"unknown {kind} {shown(name)}{hint}{where}")


def clip(text: str, limit: int = 60) -> str:
    """Shorten `text` to at most `limit` characters, so that an error stays one line whatever was typed."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def shown(value: object, limit: int = 60) -> str:
    """Return a value of a file or a call as an error shows it: on one line, cut to `limit` characters."""
    try:
        return clip(repr(value), limit)
    except ValueError:  # Python refuses to write out whole numbers of more than 4300 digits
        return "a number of thousands of digits"


def printable(text: str) -> str:
    r"""Return `text` with everything that a terminal would obey, or hide, written as an escape such as `\x1b`."""
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
