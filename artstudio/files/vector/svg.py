"""Drawings as SVG, with texts in the metadata: a group for each colour, named after it; layers for pen plotters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import BinaryIO
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from artstudio.errors import BadInput, clip
from artstudio.files.exif import comment_texts
from artstudio.files.info import FileInfo
from artstudio.files.printing.sheet import sheet_of
from artstudio.files.source import check_file_size
from artstudio.files.vector.drawing import Area, Drawing, Layer, Plot, Stroke, hex_of
from artstudio.files.vector.size import drawn_size
from artstudio.paper import MM_PER_INCH

UNDERLAY = 2
"""Pixels: how wide the outline beneath an area is, which lies under its lighter neighbours' edges. A wider one would
spread into areas that are narrow themselves."""

_MAX_FILE = 1 << 28

_NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"'


def svg_of(drawing: Drawing, text: Mapping[str, str]) -> bytes:
    """Return a drawing as an SVG file with texts in its metadata.

    Areas are painted from dark to light. Each edge is drawn by the lighter one of its two areas, over the darker one,
    which goes on beneath it: where two areas would each cover a part of a pixel, a third would show through.
    """
    areas = "\n".join(_area(area, drawing.steps) for area in drawing.areas)
    beneath = "".join(f'<use href="#{area.name}"/>' for area in reversed(drawing.areas))
    body = f"""<g id="beneath" stroke-width="{UNDERLAY}">{beneath}</g>
<g id="areas" stroke-width="0">
{areas}
</g>"""
    if drawing.hole:
        outside = f"M0 0H{drawing.width}V{drawing.height}H0z"
        hole = outside + "".join(_face(face, drawing.steps) for face in drawing.hole.faces)
        clip = f'<clipPath id="figure"><path clip-rule="evenodd" d="{hole}"/></clipPath>'
        body = f'{clip}\n<g clip-path="url(#figure)">\n{body}\n</g>'
    body = f"<style>path {{ vector-effect: non-scaling-stroke }}</style>\n{body}"
    size = f'{_extent(drawing, text)} viewBox="0 0 {drawing.width} {drawing.height}"'
    return _file(f'{size} fill-rule="evenodd" stroke-linejoin="round"', body, text)


def svg_of_plot(plot: Plot, text: Mapping[str, str]) -> bytes:
    """Return a plotter's sheet as an SVG file: a numbered layer for each pen, as Inkscape and vpype know them."""
    layers = "\n".join(_layer(number, layer, plot.steps) for number, layer in enumerate(plot.layers, 1))
    size = f'width="{plot.width:g}mm" height="{plot.height:g}mm" viewBox="0 0 {plot.width:g} {plot.height:g}"'
    pen = f'fill="none" stroke-width="{plot.pen:g}" stroke-linecap="round" stroke-linejoin="round"'
    return _file(f"{size} {pen}", layers, text)


def _file(attributes: str, body: str, text: Mapping[str, str]) -> bytes:
    title = f"<title>{escape(text['Title'])}</title>\n" if text.get("Title") else ""
    about = escape(json.dumps(dict(text), separators=(",", ":")))
    return f"""<svg {_NAMESPACES} {attributes}>
{title}<metadata id="artstudio">{about}</metadata>
{body}
</svg>
""".encode()


def _extent(drawing: Drawing, text: Mapping[str, str]) -> str:
    """Return width and height: in millimetres, with the bleed, where the texts state a sheet; else in pixels."""
    sheet = sheet_of(text)
    if sheet is None:
        return f'width="{drawing.width}" height="{drawing.height}"'
    across, down = (f"{side / sheet.dpi * MM_PER_INCH:.6g}mm" for side in (drawing.width, drawing.height))
    return f'width="{across}" height="{down}"'


def _area(area: Area, steps: int) -> str:
    # A path for each face, so that one can be restyled alone.
    paths = "\n".join(f'<path d="{_face(face, steps)}"/>' for face in area.faces)
    return f'<g id="{area.name}" fill="{area.hex}" stroke="{area.hex}">\n{paths}\n</g>'


def _face(face: list[Stroke], steps: int) -> str:
    return "".join(f"{_path(outline, steps)}z" for outline in face)


def _layer(number: int, layer: Layer, steps: int) -> str:
    colour = hex_of(layer.code)
    paths = "\n".join(f'<path d="{_path(stroke, steps)}"/>' for stroke in layer.strokes)
    label = f'inkscape:groupmode="layer" inkscape:label="{number} {colour}"'
    return f'<g id="layer{number}" {label} stroke="{colour}">\n{paths}\n</g>'


def _path(stroke: Stroke, steps: int) -> str:
    """Return a stroke as path data, in relative coordinates: differences of whole steps add up exactly."""
    (at,), *pieces = stroke
    words = ["M", _numbers(at, steps)]
    command = ""
    for piece in pieces:
        letter = "l" if len(piece) == 1 else "c"
        text = _numbers([value - start for point in piece for value, start in zip(point, at, strict=True)], steps)
        words += [letter if letter != command else "" if text[0] == "-" else " ", text]
        command, at = letter, piece[-1]
    return "".join(words)


def _numbers(values: Iterable[int], steps: int) -> str:
    words = (f"{value / steps:.9g}" for value in values)
    short = [word.replace("0.", ".", 1) if word.startswith(("0.", "-0.")) else word for word in words]
    return "".join(word if number == 0 or word[0] == "-" else f" {word}" for number, word in enumerate(short))


def svg_info(file: BinaryIO, name: str) -> FileInfo:
    """Read the texts in an SVG file's metadata, and the size that they state. Raises `BadInput`."""
    check_file_size(file, name, _MAX_FILE)
    try:
        for _, element in ElementTree.iterparse(file):
            if element.tag.rpartition("}")[2] == "metadata":
                texts = comment_texts("".join(element.itertext()).strip())
                if texts:
                    return FileInfo(*drawn_size(texts, name), 8, MappingProxyType(texts))
            element.clear()
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BadInput(f"{name}: cannot be read as SVG ({clip(str(error), 100)})") from None
    raise BadInput(f"{name}: expected an SVG picture made by artstudio, found one without a recipe")
