"""What the samples of a file mean: a colour space of displays, or what an ICC profile describes."""

from __future__ import annotations

from dataclasses import dataclass

from artstudio.spaces import ColourSpace


@dataclass(frozen=True)
class ProfileSpace:
    """The colours of a printer or a display, as its ICC profile describes them."""

    title: str
    icc: bytes
    mode: str
    """The channels, as Pillow names them: RGB, or CMYK, in which 255 is full ink."""


@dataclass(frozen=True)
class Numbers:
    """What is no colour: heights, normals."""

    title: str = "numbers"
    icc: bytes = b""


NUMBERS = Numbers()

Space = ColourSpace | ProfileSpace | Numbers
"""All have a `title` and an ICC profile, `icc`, which is empty where there is none."""


def mode_of(space: Space, channels: int) -> str:
    """Return Pillow's name for so many channels in a space: L, RGB, RGBA (not multiplied by alpha) or CMYK."""
    if isinstance(space, ProfileSpace) and space.mode == "CMYK":
        return space.mode
    return {1: "L", 3: "RGB", 4: "RGBA"}[channels]
