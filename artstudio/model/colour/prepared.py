"""What a part of the network prepares and hands on beside the weights: arrays of known shapes, and how they blend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Part:
    """An array of at most this shape. `blend` is the way from one seed's to another's.

    `straight`: the sum of both, each times its share; `around`: random weights, along a great circle, so that they
    keep their variance; `turns`: drawn from the seed, in turns, the shorter way around.
    """

    shape: tuple[int, ...] = ()
    blend: Literal["straight", "around", "turns"] = "straight"
