"""Drawings as PDF, with texts in the document's information: a layer for each colour, which viewers can hide."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from artstudio.errors import ArtstudioError, BadInput, clip
from artstudio.files.info import FileInfo
from artstudio.files.printing.sheet import sheet_of
from artstudio.files.source import check_file_size
from artstudio.files.vector.drawing import Area, Drawing, Stroke
from artstudio.files.vector.size import drawn_size
from artstudio.files.vector.svg import UNDERLAY
from artstudio.paper import MM_PER_INCH, POINTS_PER_INCH
from artstudio.spaces import ColourSpace

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, RectangleObject

_PIXELS_PER_INCH = 96.0
"""Of a drawing that states no sheet, as in CSS."""

_MAX_FILE = 1 << 28


def pdf_of(drawing: Drawing, text: Mapping[str, str]) -> bytes:
    """Return a drawing as a PDF file of one page, painted as `svg_of` paints it, its colours in the drawing's space.

    Where the texts state a sheet, the page is the sheet with its bleed, and TrimBox says where it is cut (ISO
    32000-1, 14.11.2).
    """
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    sheet = sheet_of(text)
    points = POINTS_PER_INCH / (sheet.dpi if sheet else _PIXELS_PER_INCH)
    width, height = drawing.width * points, drawing.height * points
    writer = PdfWriter()
    page = writer.add_blank_page(width, height)
    if sheet:
        bleed = sheet.bleed / MM_PER_INCH * POINTS_PER_INCH
        page.bleedbox = _box(0, 0, width, height)
        page.trimbox = _box(bleed, bleed, width - bleed, height - bleed)
    layers = _layers(writer, drawing)
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Properties"): layers, NameObject("/ColorSpace"): _calibrated(writer, drawing.space)}
    )
    stream = StreamObject()
    stream.set_data("\n".join(_content(drawing, points)).encode("ascii"))
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    writer.metadata = None
    writer.add_metadata(
        {f"/{key}": value for key, value in text.items()} | {"/Producer": text.get("Software", "")}
    )
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def _box(*corners: float) -> RectangleObject:
    from pypdf.generic import RectangleObject

    left, bottom, right, top = (round(value, 4) for value in corners)
    return RectangleObject((left, bottom, right, top))


def _calibrated(writer: PdfWriter, space: ColourSpace) -> DictionaryObject:
    """Return the colour spaces by which a page's RGB is a space's, not the device's (ISO 32000-1, 8.6.5.6)."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

    profile = StreamObject()
    profile.set_data(space.icc)
    profile[NameObject("/N")] = NumberObject(3)
    reference = writer._add_object(profile.flate_encode())
    return DictionaryObject({NameObject("/DefaultRGB"): ArrayObject([NameObject("/ICCBased"), reference])})


def _layers(writer: PdfWriter, drawing: Drawing) -> DictionaryObject:
    """Add a layer for each area, and return them by their names in the page's content."""
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

    groups = [
        writer._add_object(
            DictionaryObject(
                {NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject(area.hex)}
            )
        )
        for area in drawing.areas
    ]
    order = DictionaryObject({NameObject("/Order"): ArrayObject(groups)})
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject(
        {NameObject("/OCGs"): ArrayObject(groups), NameObject("/D"): order}
    )
    return DictionaryObject(
        {NameObject(f"/{area.name}"): group for area, group in zip(drawing.areas, groups, strict=True)}
    )


def _content(drawing: Drawing, points: float) -> Iterator[str]:
    """Yield the page's content; `points` is the side of a pixel."""
    scale = points / drawing.steps
    yield f"{scale:.8f} 0 0 {-scale:.8f} 0 {drawing.height * points:.10g} cm 1 j {UNDERLAY * drawing.steps} w"
    if drawing.hole:
        across, down = drawing.width * drawing.steps, drawing.height * drawing.steps
        yield f"0 0 {across} {down} re"
        yield from (" ".join(map(_path, face)) for face in drawing.hole.faces)
        yield "W* n"
    for area in reversed(drawing.areas):
        yield _painted(area, "B*")
    for area in drawing.areas:
        yield _painted(area, "f*")


def _painted(area: Area, operator: str) -> str:
    levels = " ".join(f"{(area.code >> shift & 255) / 255:.4g}" for shift in (16, 8, 0))
    faces = "\n".join(f"{' '.join(map(_path, face))} {operator}" for face in area.faces)
    return f"/OC /{area.name} BDC {levels} rg {levels} RG\n{faces}\nEMC"


def _path(stroke: Stroke) -> str:
    (start,), *pieces = stroke
    words = [f"{start[0]} {start[1]} m"]
    for piece in pieces:
        numbers = " ".join(str(value) for point in piece for value in point)
        words.append(f"{numbers} {'l' if len(piece) == 1 else 'c'}")
    return " ".join([*words, "h"])


def pdf_info(file: BinaryIO, name: str) -> FileInfo:
    """Read the texts in a PDF file's information, and the size that they state. Raises `BadInput`."""
    from pypdf import PdfReader

    log = logging.getLogger("pypdf")
    if not log.handlers:  # it tells of every oddity of a file, on stderr where nobody listens
        log.addHandler(logging.NullHandler())
    check_file_size(file, name, _MAX_FILE)
    try:
        about = PdfReader(file).metadata
        texts = {key.removeprefix("/"): str(value) for key, value in (about or {}).items()}
        return FileInfo(*drawn_size(texts, name), 8, MappingProxyType(texts))
    except (ArtstudioError, MemoryError):
        raise
    except Exception as error:  # damaged files make readers fail in every way there is
        raise BadInput(f"{name}: cannot be read as PDF ({clip(str(error), 100)})") from None
