"""Write a figure as SVG, PDF or PNG. The same figure gives the same bytes, whenever it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from matplotlib.figure import Figure

from artstudio.errors import BadInput, clip, unknown
from artstudio.figures.style.theme import house_style
from artstudio.version import VERSION

MIN_DPI, MAX_DPI = 30, 1200

_METADATA: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "svg": {"Date": None, "Creator": f"artstudio {VERSION}"},
        "pdf": {"CreationDate": None, "Creator": f"artstudio {VERSION}"},
        "png": {"Software": f"artstudio {VERSION}"},
    }
)

TEXTS: Mapping[str, str] = MappingProxyType({"outlines": "path", "editable": "none"})
"""How an SVG holds its text -> matplotlib's word for it. Outlines look the same where the font is not installed; text
that stays text can be searched and restyled. A PDF's is always text, with its font in the file (Type 42)."""

# A fixed salt makes the ids in an SVG repeat.
_STYLE = {"svg.hashsalt": "artstudio", "pdf.fonttype": 42}


def figure_format(path: str | Path) -> str:
    """Return `svg`, `pdf` or `png` by the suffix of `path`, in any case. Raises `BadInput`."""
    suffix = Path(path).suffix.lower()
    choices = [f".{name}" for name in _METADATA]
    if not suffix:
        raise BadInput(f"{clip(repr(str(path)))}: expected a file name that ends in one of {', '.join(choices)}")
    if suffix not in choices:
        raise unknown("figure format", suffix, choices)
    return suffix[1:]


def check_dpi(dpi: float) -> None:
    """Refuse dots per inch out of range. Raises `BadInput`."""
    if not MIN_DPI <= dpi <= MAX_DPI:
        raise BadInput(f"dpi: expected {MIN_DPI} to {MAX_DPI}, found {dpi:g}")


def encode_figure(
    figure: Figure, format: str, *, dpi: float | None = None, text: str = "outlines", trim: bool = False
) -> bytes:
    """Return the file's bytes. `dpi` matters to a PNG only; by default it is the figure's own.

    `text`, of `TEXTS`, matters to an SVG only. `trim` leaves the blank margins away. Raises `BadInput`.
    """
    if text not in TEXTS:
        raise unknown("text", text, TEXTS)
    if dpi is not None:
        check_dpi(dpi)
    stream = BytesIO()
    with _saving(text):
        # A transparent page has a patch of alpha 0: only the figure's own colour keeps it so.
        figure.savefig(
            stream, format=format, dpi=dpi or figure.dpi, metadata=dict(_METADATA[format]),
            facecolor=figure.get_facecolor(), bbox_inches="tight" if trim else None, pad_inches=0.02,
        )  # fmt: skip
    return stream.getvalue()


def encode_pages(figures: Iterable[Figure]) -> bytes:
    """Return a PDF with a page for each figure."""
    from matplotlib.backends.backend_pdf import PdfPages

    stream = BytesIO()
    with _saving(), PdfPages(stream, metadata=dict(_METADATA["pdf"])) as pages:
        for figure in figures:
            pages.savefig(figure, facecolor=figure.get_facecolor())
    return stream.getvalue()


def _saving(text: str = "outlines") -> AbstractContextManager[None]:
    return house_style(**_STYLE, **{"svg.fonttype": TEXTS[text]})
