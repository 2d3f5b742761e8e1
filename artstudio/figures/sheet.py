"""Contact sheets: many pictures on a page, with their names; as many pages as it takes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from PIL import Image, ImageDraw

from artstudio.errors import ArtstudioError
from artstudio.figures.style.typeface import pillow_font
from artstudio.files.read import open_picture

_LONGEST = 400
"""Letters of a text that are looked at; fewer fit."""

_PAPER = (250, 249, 246)
_EMPTY = (232, 230, 224)
_TEXT = (38, 38, 42)
_QUIET = (110, 108, 104)


@dataclass(frozen=True)
class Layout:
    """A kind of page: its size in pixels (no height: as high as it needs to be) and its columns when it is full."""

    name: str
    width: int
    height: int | None
    columns: int


_LAYOUTS = (
    Layout("slide", 3840, 2160, 5),
    Layout("a4", 2480, 3508, 4),
    Layout("long", 2720, None, 5),
)

LAYOUTS: Mapping[str, Layout] = MappingProxyType({layout.name: layout for layout in _LAYOUTS})


@dataclass(frozen=True)
class Tile:
    """One picture on the sheet and what stands below it. Without a path there is a blank in its place."""

    path: Path | None
    title: str
    caption: str = ""


def contact_sheets(
    tiles: Sequence[Tile], *, title: str, layout: Layout, aspect: float, columns: int | None = None
) -> Iterator[bytes]:
    """Yield the pages as PNG files: rows of pictures, each with its title and caption, page numbers at the top.

    Every picture keeps its shape within cells of width / height = `aspect` and is scaled to fill its cell. A page
    has at least one row, so very tall cells are made narrower until one fits. Without `columns` a page has those
    that make its pictures largest, if all of them fit on one; else the layout's.
    """
    grid = _fitting_grid(layout, aspect, len(tiles), columns)
    per_page = grid.columns * grid.rows
    pages = max(1, -(-len(tiles) // per_page))
    for page in range(pages):
        number = f"{page + 1} / {pages}" if pages > 1 else ""
        yield _page(tiles[page * per_page : (page + 1) * per_page], title, number, grid)


@dataclass(frozen=True)
class _Grid:
    width: int
    height: int
    columns: int
    rows: int
    cell: tuple[int, int]
    margin: int
    gap: int
    head: int
    foot: int
    left: int
    pitch: int
    """Pixels from row to row."""
    top: int
    """Where the first row begins."""


def _fitting_grid(layout: Layout, aspect: float, count: int, columns: int | None) -> _Grid:
    """Return the grid that makes cells largest with all pictures on one page, or that of a full page."""
    fixed = columns or layout.columns
    if layout.height is None:
        fixed = columns or min(fixed, max(count, 1))
        return _grid(layout, aspect, fixed, max(1, -(-count // fixed)))
    full = _full_page(layout, aspect, fixed)
    choices = [columns] if columns else range(1, min(max(count, 1), 2 * layout.columns) + 1)
    grids = [_grid(layout, aspect, n, max(1, -(-count // n))) for n in choices]
    # Cells may be somewhat smaller than those of a full page, to bring a few pictures together.
    together = [g for g in grids if count <= _FEW and g.cell[0] >= _SMALLEST_SHARE * full.cell[0]]

    def rank(grid: _Grid) -> tuple[float, int]:
        return round(grid.cell[0] / layout.width, 2), -(-count % grid.columns)  # then the fewest empty cells

    return max(together, key=rank, default=full)


_FEW, _SMALLEST_SHARE = 40, 0.55


def _full_page(layout: Layout, aspect: float, columns: int) -> _Grid:
    """Return the grid of a page with so many columns: as many rows as nearly fit, in cells smaller if need be."""
    tall = _grid(layout, aspect, columns, 1)
    room = (layout.height or 0) - tall.head - tall.margin // 2
    wide = (layout.width - 2 * tall.margin - (columns - 1) * tall.gap) // columns
    return _grid(layout, aspect, columns, max(1, round(room / (wide / aspect + max(_LEAST_FOOT, wide // 6)))))


_LEAST_FOOT = 84
"""Pixels below a picture for its title and caption; below large ones a sixth of their width."""


def _grid(layout: Layout, aspect: float, columns: int, rows: int) -> _Grid:
    margin, gap = layout.width // 28, layout.width // 80
    head = round(margin * 1.6)
    usable = layout.width - 2 * margin
    width = (usable - (columns - 1) * gap) // columns
    if layout.height is not None:
        each = (layout.height - head - margin // 2) / rows
        lower = each / (1 / aspect + 1 / 6)
        width = max(1, min(width, int(lower if lower > 6 * _LEAST_FOOT else (each - _LEAST_FOOT) * aspect)))
    cell = (width, max(1, round(width / aspect)))
    foot = max(_LEAST_FOOT, width // 6)
    if columns > 1:
        gap = min((usable - columns * width) // (columns - 1), 2 * gap)
    left = (layout.width - columns * width - (columns - 1) * gap) // 2
    height = layout.height or head + rows * (cell[1] + foot) + margin // 2
    # What the rows leave over goes between them, up to a point, and above them.
    spare = max(0, height - head - margin // 2 - rows * (cell[1] + foot))
    pitch = cell[1] + foot + min(spare // rows, foot // 2)
    top = head + max(0, height - head - margin // 2 - rows * pitch) // 2
    return _Grid(layout.width, height, columns, rows, cell, margin, gap, head, foot, left, pitch, top)


def _page(tiles: Sequence[Tile], title: str, number: str, grid: _Grid) -> bytes:
    sheet = Image.new("RGB", (grid.width, grid.height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    size = grid.margin // 2
    baseline = grid.head - size
    _write(draw, (grid.left, baseline), title, size, _TEXT, grid.width - 2 * grid.left - 4 * size, "ls", bold=True)
    _write(draw, (grid.width - grid.left, baseline), number, size * 2 // 3, _QUIET, 4 * size, "rs")
    for index, tile in enumerate(tiles):
        row, column = divmod(index, grid.columns)
        width, height = grid.cell
        left, top = grid.left + column * (width + grid.gap), grid.top + row * grid.pitch
        if tile.path is None:
            draw.rectangle((left, top, left + width - 1, top + height - 1), _EMPTY)
        else:
            picture = _thumbnail(tile.path, width, height)
            # On the cell's ground and at its left, where the words stand.
            sheet.paste(picture, (left, top + height - picture.height))
        below, letters = top + height, max(22, min(grid.foot // 4, width // 12))
        _write(draw, (left, below + round(letters * 1.35)), tile.title, letters, _TEXT, width, "ls")
        small = round(letters * 0.78)
        _write(draw, (left, below + round(letters * 2.45)), tile.caption, small, _QUIET, width, "ls")
    buffer = BytesIO()
    sheet.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def _thumbnail(path: Path, width: int, height: int) -> Image.Image:
    try:
        with open_picture(path) as picture:
            picture.draft("RGB", (width, height))
            small = picture.convert("RGB")
    except ArtstudioError:  # damaged since it was made: the sheet shows a blank in its place
        return Image.new("RGB", (width, height), _EMPTY)
    scale = min(width / small.width, height / small.height)
    size = (max(1, math.floor(small.width * scale)), max(1, math.floor(small.height * scale)))
    return small.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: tuple[int, int, int],
    room: int,
    anchor: str,
    *,
    bold: bool = False,
) -> None:
    """Write one line, shortened with an ellipsis to the room there is."""
    text = text[:_LONGEST]
    font = pillow_font(text, size, bold=bold)
    if draw.textlength(text, font) > room:
        while text and draw.textlength(text + "…", font) > room:
            text = text[:-1].rstrip()
        text += "…"
    draw.text(at, text, colour, font, anchor)
