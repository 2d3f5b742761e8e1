"""What the writers of files are given besides the frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artstudio.motion.film.rate import Rate

Frame = NDArray[np.uint8]
"""uint8 (height, width, 3), sRGB."""


@dataclass(frozen=True)
class Take:
    """A loop to be written: its size, its length, how well, and what is to be said of it."""

    width: int
    height: int
    fps: Rate
    count: int
    quality: int
    """1 to 100."""
    comment: str
    """ASCII."""
    sample: Callable[[int], Frame]
    """Renders one frame by its number, out of turn: for what must know the loop before it writes."""
