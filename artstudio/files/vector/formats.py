"""The formats of vector pictures: one record each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from artstudio.errors import BadInput
from artstudio.files.info import FileInfo
from artstudio.files.vector.drawing import Drawing, Plot
from artstudio.files.vector.pdf import pdf_info, pdf_of
from artstudio.files.vector.svg import svg_info, svg_of, svg_of_plot


@dataclass(frozen=True)
class VectorFormat:
    """A format of drawings; where its fields are those of `Format`, they mean the same."""

    name: str
    suffixes: tuple[str, ...]
    media_type: str
    magic: re.Pattern[bytes]
    write: Callable[[Drawing, Mapping[str, str]], bytes]
    read: Callable[[BinaryIO, str], FileInfo]
    depths: tuple[int, ...] = (8,)
    write_plot: Callable[[Plot, Mapping[str, str]], bytes] | None = None
    """What writes a pen plotter's sheet."""


_RECORDS = (
    VectorFormat(
        name="svg",
        suffixes=(".svg",),
        media_type="image/svg+xml",
        magic=re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!--|!DOCTYPE\s+svg)", re.IGNORECASE),
        write=svg_of,
        read=svg_info,
        write_plot=svg_of_plot,
    ),
    VectorFormat(
        name="pdf",
        suffixes=(".pdf",),
        media_type="application/pdf",
        magic=re.compile(rb"%PDF-"),
        write=pdf_of,
        read=pdf_info,
    ),
)

VECTORS: Mapping[str, VectorFormat] = MappingProxyType({record.name: record for record in _RECORDS})
"""The formats by name."""


def vector_format(path: str | Path) -> VectorFormat | None:
    """Return the format of vector pictures that a path's suffix says, in any case; None for another suffix."""
    ending = Path(path).name.lower()
    return next((record for record in VECTORS.values() if ending.endswith(record.suffixes)), None)


def plot_writer(format: VectorFormat) -> Callable[[Plot, Mapping[str, str]], bytes]:
    """Return what writes a plotter's sheet. Raises `BadInput` for a format that plotters do not take."""
    if format.write_plot is None:
        able = " or ".join(record.suffixes[0] for record in VECTORS.values() if record.write_plot)
        raise BadInput(f"--plotter: expected a file that ends in {able}, found {format.suffixes[0]}")
    return format.write_plot
