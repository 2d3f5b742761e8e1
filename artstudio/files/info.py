"""What a picture's file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LOOP_KEY = "artstudio:animation"
"""The keyword of the text that a loop carries."""


@dataclass(frozen=True)
class FileInfo:
    """The size of a picture in pixels and the texts that its file carries, by keyword."""

    width: int
    height: int
    bits: int
    """Bits a sample: 8 or 16 in what is made here."""
    text: Mapping[str, str]
