"""Pictures to learn that come with artstudio: drawn here, from shapes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from artstudio.learning.targets.target import canvas_places

Pixels = NDArray[np.float64]

_DRAWN = 1024
"""Pixels a side that shapes are drawn at, before they are scaled down."""

_NIGHT, _CREAM, _RUST, _GOLD, _TEAL = "#1d2440", "#f6ead2", "#c8553d", "#f0b54a", "#2f7f86"
_SKIN, _BLUSH, _HAIR = "#e9b48c", "#e08f74", "#3a2233"


def _scaled(image: Image.Image, side: int) -> Pixels:
    return np.asarray(image.resize((side, side), Image.Resampling.LANCZOS), np.float64) / 255


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: str, tall: float = 1.0) -> None:
    draw.ellipse((x - radius, y - tall * radius, x + radius, y + tall * radius), fill=fill)


def _stroke(draw: ImageDraw.ImageDraw, points: Sequence[tuple[float, float]], width: int, fill: str) -> None:
    draw.line(points, fill=fill, width=width, joint="curve")
    for x, y in (points[0], points[-1]):
        _disc(draw, x, y, width / 2, fill)


def _arc(x: float, y: float, across: float, up: float, start: float, end: float) -> list[tuple[float, float]]:
    angles = np.radians(np.linspace(start, end, 40))
    return [(x + across * math.cos(angle), y + up * math.sin(angle)) for angle in angles]


def _face(side: int) -> Pixels:
    image = Image.new("RGB", (_DRAWN, _DRAWN), _TEAL)
    draw = ImageDraw.Draw(image)
    _disc(draw, 512, 470, 470, "#47989b")
    _disc(draw, 512, 520, 330, _HAIR, 1.22)  # hair, behind
    draw.rounded_rectangle((430, 700, 594, 900), 60, fill="#d39a73")  # neck
    draw.rounded_rectangle((120, 850, 904, 1200), 170, fill=_RUST)  # jumper
    for stripe in range(6):
        draw.arc((120, 862 + 44 * stripe, 904, 1240 + 44 * stripe), 180, 360, fill=_CREAM, width=13)
    for x in (262, 762):  # ears
        _disc(draw, x, 545, 50, "#d9a079", 1.2)
    _disc(draw, 512, 520, 250, _SKIN, 1.26)  # head
    for x in (375, 649):
        _disc(draw, x, 640, 56, _BLUSH, 0.75)
    draw.pieslice((250, 150, 774, 690), 188, 352, fill=_HAIR)  # fringe
    for lock in range(9):
        x = 290 + 56 * lock
        _stroke(draw, [(512 + 0.35 * (x - 512), 190), (x, 330 + 16 * (lock % 2))], 9, "#6b4158")
    for x, turn in ((405, 1), (619, -1)):
        _disc(draw, x, 520, 62, "#fffaf0", 0.68)
        _disc(draw, x + 6 * turn, 520, 37, _TEAL)
        _disc(draw, x + 6 * turn, 520, 19, "#14131c")
        _disc(draw, x + 18, 507, 9, "#ffffff")
        _stroke(draw, _arc(x, 450, 74, 26, 200, 340), 15, _HAIR)  # brow
        draw.ellipse((x - 92, 428, x + 92, 612), outline=_GOLD, width=13)  # glasses
    _stroke(draw, _arc(512, 535, 24, 20, 200, 340), 12, _GOLD)
    _stroke(draw, [(512, 560), (488, 650), (524, 656)], 11, "#c98a63")  # nose
    _stroke(draw, _arc(512, 700, 92, 52, 15, 165), 20, "#a8323e")  # mouth
    for x in (262, 762):
        _disc(draw, x, 640, 20, _GOLD)
    return _scaled(image, side)


def _letter(side: int) -> Pixels:
    image = Image.new("RGB", (_DRAWN, _DRAWN), _NIGHT)
    draw = ImageDraw.Draw(image)
    _disc(draw, 452, 552, 300, _CREAM)
    _disc(draw, 452, 552, 165, _NIGHT)
    draw.rounded_rectangle((640, 240, 780, 860), 40, fill=_CREAM)
    _disc(draw, 830, 205, 70, _RUST)
    return _scaled(image, side)


def _mixed(share: Pixels, low: str, high: str) -> Pixels:
    """Return a picture between two colours, `share` of the second, (side, side, 3)."""
    ends = [np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]) for colour in (low, high)]
    mixed: Pixels = ends[0] + (ends[1] - ends[0]) * share[..., None]
    return mixed


def _places(side: int, fine: int = 1) -> tuple[Pixels, Pixels]:
    x, y = canvas_places(side * fine, side * fine)
    return x.reshape(side * fine, -1), y.reshape(side * fine, -1)


def _averaged(fine: Pixels, side: int) -> Pixels:
    means: Pixels = fine.reshape(side, len(fine) // side, side, -1).mean(axis=(1, 3))
    return means


def _checkerboard(side: int) -> Pixels:
    x, y = _places(side, 4)
    return _mixed(_averaged((np.floor(3 * x) + np.floor(3 * y)) % 2, side), _NIGHT, _CREAM)


def _rings(side: int) -> Pixels:
    x, y = _places(side)
    return _mixed(0.5 + 0.5 * np.cos(5 * math.pi * np.hypot(x, y)), _TEAL, _GOLD)


def _gradient(side: int) -> Pixels:
    x, y = _places(side)
    top, bottom = _mixed(0.5 + 0.5 * x, _NIGHT, _TEAL), _mixed(0.5 + 0.5 * x, _RUST, _GOLD)
    share = (0.5 + 0.5 * y)[..., None]
    return top + (bottom - top) * share


DRAWINGS: Mapping[str, Callable[[int], Pixels]] = MappingProxyType(
    {
        "face": _face,
        "letter": _letter,
        "checkerboard": _checkerboard,
        "rings": _rings,
        "gradient": _gradient,
    }
)
"""Pictures by name: for a side in pixels, sRGB in [0, 1], (side, side, 3)."""
