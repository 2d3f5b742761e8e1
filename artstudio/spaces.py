"""The colour spaces that a picture's numbers can count in: sRGB, and the wider Display P3.

Both have the transfer function of sRGB and the white point D65; only their primaries differ. So a picture in
Display P3 has the numbers that it has in sRGB, and they mean P3's red, green and blue: each colour moves outwards
from grey by the linear map that takes one gamut onto the other, and greys stay. Where a file or a screen knows of no
spaces the same numbers show the sRGB form.

Primaries: IEC 61966-2-1 (sRGB); SMPTE RP 431-2 with D65, as Apple and W3C's CSS Color 4 have them (Display P3).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

_D65 = (0.3127, 0.3290)
_D50 = (0.9642, 1.0, 0.8249)
"""XYZ of the white of ICC's connection space."""

_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
"""Cones' responses from XYZ (Lam 1985), as ICC profiles adapt to D50."""

_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""g, a, b, c, d of ICC's parametric curve 3: (ax + b)^g from d on, cx below."""

_CREATED = (2026, 1, 1, 0, 0, 0)
"""Of every profile: equal spaces give equal bytes."""


@dataclass(frozen=True)
class ColourSpace:
    """A colour space of displays."""

    name: str
    title: str
    canvas: str
    """What CSS and canvases call it."""
    primaries: tuple[tuple[float, float], ...]
    """x and y (CIE 1931) of red, green and blue."""
    cicp: tuple[int, int, int, int]
    """Code points of ITU-T H.273: primaries, transfer function, matrix, full range."""

    @cached_property
    def xyz_from_linear(self) -> Matrix:
        """The matrix from linear light to XYZ under D65, float64 (3, 3), where white has Y = 1."""
        columns = np.stack([_xyz(*point) for point in self.primaries], axis=1)
        shares = np.linalg.solve(columns, _xyz(*_D65))
        found: Matrix = np.asarray(columns * shares, np.float64)
        return found

    @cached_property
    def icc(self) -> bytes:
        """The ICC profile (ICC.1:2022, version 4.4): three primaries and a curve, in some 500 bytes."""
        adapted = _adaptation()
        columns = (adapted @ self.xyz_from_linear).T
        curve = struct.pack(">4s4xHH", b"para", 3, 0) + _fixed(*_SRGB_CURVE)
        tags = {
            b"desc": _unicode(self.title),
            b"cprt": _unicode("CC0"),
            b"wtpt": _point(*_D50),
            b"chad": b"sf32\0\0\0\0" + _fixed(*adapted.ravel()),
            **{kind: _point(*column) for kind, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)},
            **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
        }
        return _profile(tags)


def _xyz(x: float, y: float) -> Matrix:
    return np.array([x / y, 1, (1 - x - y) / y])


def _adaptation() -> Matrix:
    """Return the matrix that turns D65 into D50, by Bradford's cones."""
    gains = (_BRADFORD @ _D50) / (_BRADFORD @ _xyz(*_D65))
    adapted: Matrix = np.linalg.solve(_BRADFORD, gains[:, None] * _BRADFORD)
    return adapted


def _fixed(*values: float) -> bytes:
    """Return numbers as s15Fixed16."""
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _point(*xyz: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*xyz)


def _unicode(text: str) -> bytes:
    """Return a text as multiLocalizedUnicode with one record, English."""
    data = text.encode("utf-16-be")
    return struct.pack(">4s4xII2s2sII", b"mluc", 1, 12, b"en", b"US", len(data), 28) + data


def _profile(tags: Mapping[bytes, bytes]) -> bytes:
    """Return a display profile with these tags; equal ones share their place."""
    places: dict[bytes, int] = {}
    body, begin = b"", 128 + 4 + 12 * len(tags)
    for data in tags.values():
        if data not in places:
            places[data] = begin + len(body)
            body += data + bytes(-len(data) % 4)
    table = b"".join(struct.pack(">4sII", kind, places[data], len(data)) for kind, data in tags.items())
    head = struct.pack(
        ">I4s I4s4s4s 6H 4s4s I II Q I 12s 4s",
        begin + len(body), b"", 0x04400000, b"mntr", b"RGB ", b"XYZ ", *_CREATED, b"acsp", b"", 0, 0, 0, 0, 0,
        _fixed(*_D50), b"",
    )  # fmt: skip
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


_RECORDS = (
    ColourSpace("srgb", "sRGB", "srgb", ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06)), (1, 13, 0, 1)),
    ColourSpace("p3", "Display P3", "display-p3", ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06)), (12, 13, 0, 1)),
)

SPACES: Mapping[str, ColourSpace] = MappingProxyType({space.name: space for space in _RECORDS})
"""The spaces by name."""

SRGB = SPACES["srgb"]
