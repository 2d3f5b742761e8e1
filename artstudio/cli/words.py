"""The library's messages in the command line's words: it speaks of arguments, the command line of options."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_OPTIONS: Mapping[str, str] = MappingProxyType(
    {"overwrite=True": "--force", "force=True": "--force", 'size="a3"': "--size a3"}
)


def as_options(message: str) -> str:
    """Return a message with options for the arguments that it names.

    >>> as_options("a.png exists already; overwrite=True replaces it")
    'a.png exists already; --force replaces it'
    """
    for argument, option in _OPTIONS.items():
        message = message.replace(argument, option)
    return message
