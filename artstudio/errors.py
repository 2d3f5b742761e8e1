"""The errors a user may meet: one clear line each, and the exit code that goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class ArtstudioError(Exception):
    """Something that a user can understand and mend; `str(error)` is one line for them."""

    exit_code = 1


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
    shown = clip(repr(name) if isinstance(name, str) else str(name))
    hint = f"; did you mean {' or '.join(map(repr, close))}?" if close else ""
    where = f" ({see!r} lists them all)" if see else f" (expected one of: {', '.join(names)})"
    return BadInput(f"unknown {kind} {shown}{hint}{where}")


def clip(text: str, limit: int = 60) -> str:
    """Shorten `text` to at most `limit` characters, so that an error stays one line whatever was typed."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
