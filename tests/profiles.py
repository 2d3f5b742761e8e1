"""ICC profiles for tests: matrix profiles made here after ICC.1:2022, and a printer's where a package brings one."""

import struct
from pathlib import Path

import numpy as np
import pytest

P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
"""Primaries of Display P3 (SMPTE RP 431-2), as CIE xy."""

SMALL = ((0.55, 0.35), (0.32, 0.5), (0.2, 0.15))
"""Primaries of a display that shows much less than sRGB."""

D65, D50 = (0.3127, 0.329), (0.9642, 1.0, 0.8249)
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])

_PRINTERS = (
    "/usr/share/color/icc/ghostscript/default_cmyk.icc",
    "/usr/share/color/icc/colord/SWOP2006_Coated3v2.icc",
)
PRINTER = next((Path(name) for name in _PRINTERS if Path(name).is_file()), None)
needs_printer = pytest.mark.skipif(not PRINTER, reason="needs a CMYK profile, as of the package libgs-common")


def _xyz(x, y):
    return np.array([x / y, 1.0, (1 - x - y) / y])


def matrix_profile(primaries, kind=b"mntr", space=b"RGB "):
    """An RGB profile with these primaries, white D65 and sRGB's transfer function, version 2.4."""
    columns = np.stack([_xyz(*primary) for primary in primaries], axis=1)
    to_xyz = columns * np.linalg.solve(columns, _xyz(*D65))
    cones = np.diag((_BRADFORD @ D50) / (_BRADFORD @ _xyz(*D65)))
    adapted = np.linalg.inv(_BRADFORD) @ cones @ _BRADFORD @ to_xyz

    def numbers(values):
        return struct.pack(f">4s4x{len(values)}i", b"XYZ ", *(round(value * 65536) for value in values))

    levels = np.arange(4096) / 4095
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    curve = struct.pack(">4s4xI", b"curv", 4096) + np.round(linear * 65535).astype(">u2").tobytes()
    name = b"Test\0"
    text = struct.pack(">4s4xI", b"desc", len(name)) + name + bytes(78)
    tags = {b"desc": text, b"cprt": b"text\0\0\0\0none\0", b"wtpt": numbers(D50)}
    tags |= {name: numbers(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), adapted.T, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, data = struct.pack(">I", len(tags)), b""
    for tag, content in tags.items():
        table += struct.pack(">4sII", tag, 128 + 4 + 12 * len(tags) + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    size = 128 + len(table) + len(data)
    head = struct.pack(">I4sI4s4s4s12x4s", size, b"lcms", 0x02400000, kind, space, b"XYZ ", b"acsp")
    illuminant = struct.pack(">3i", *(round(value * 65536) for value in D50))
    return head.ljust(68, b"\0") + illuminant + bytes(48) + table + data
