"""What comes out when a file's pixels are compared with those that its recipe gives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `outcome` is `exact`, `tolerance` or `differs`; `detail` says it in words."""

    path: Path
    outcome: str
    detail: str
    changed: float
    """The share of pixels that differ at all, 0 to 1."""
    largest: int
    """The largest difference of a channel, in levels of its bit depth."""
