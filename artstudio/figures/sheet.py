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
from artstudio.figures.typeface import pillow_font
from artstudio.files.read import open_picture

_LONGEST = 400
"""Letters of a text that are looked at; fewer fit."""

_PAPER = (250, 249, 246)
_EMPTY = (232, 230, 224)
_TEXT = (38, 38, 42)
_QUIET = (110, 108, 104)


@dataclass(frozen=True)
class Layout:
    """A kind of page: its size in pixels (no height: as high as it needs to be) and its usual columns."""

    name: str
    width: int
    height: int | None
    columns: int


_FEW, _MORE_COLUMNS = 32, 3
"""A page has up to three columns more than usual where that brings these few pictures together on it."""

_LARGER = 1.5
"""Small pictures are enlarged up to this factor, to fill their cells."""

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

    Every picture keeps its shape within cells of width / height = `aspect`. A page has at least one row, so
    very tall cells are made narrower until one fits. Without `columns` a page has the layout's, or some more where
    a few pictures are all on one page then.
    """
    widest = columns or layout.columns + (_MORE_COLUMNS if len(tiles) <= _FEW else 0)
    grids = [_grid(layout, aspect, n, len(tiles)) for n in range(columns or layout.columns, widest + 1)]
    grid = next((grid for grid in grids if grid.columns * grid.rows >= len(tiles)), grids[0])
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


def _grid(layout: Layout, aspect: float, columns: int, count: int) -> _Grid:
    margin, gap = layout.width // 28, layout.width // 80
    head = round(margin * 1.6)
    usable = layout.width - 2 * margin
    cell_width = (usable - (columns - 1) * gap) // columns
    foot = max(56, cell_width // 6)
    if layout.height is None:
        rows = max(1, -(-count // columns))
        cell_height = round(cell_width / aspect)
        height = head + rows * (cell_height + foot) + margin // 2
    else:
        height = layout.height
        room = height - head - margin // 2
        # As many rows as nearly fit, and the cells made smaller to let them.
        rows = max(1, round(room / (cell_width / aspect + foot)))
        cell_height = max(1, min(round(cell_width / aspect), room // rows - foot))
        cell_width = max(1, min(cell_width, round(cell_height * aspect)))
        if columns > 1:
            gap = min((usable - columns * cell_width) // (columns - 1), 4 * gap)
    left = (layout.width - columns * cell_width - (columns - 1) * gap) // 2
    # Rows that are not needed leave their room to the others, up to a point.
    used = max(1, min(rows, -(-count // columns)))
    pitch = cell_height + foot + min((height - head - margin // 2) // used - cell_height - foot, foot)
    return _Grid(
        layout.width, height, columns, rows, (cell_width, cell_height), margin, gap, head, foot, left, pitch
    )


def _page(tiles: Sequence[Tile], title: str, number: str, grid: _Grid) -> bytes:
    sheet = Image.new("RGB", (grid.width, grid.height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    size = grid.margin // 2
    baseline = grid.head - size
    _write(draw, (grid.left, baseline), title, size, _TEXT, grid.width - 2 * grid.left - 4 * size, "ls")
    _write(draw, (grid.width - grid.left, baseline), number, size * 2 // 3, _QUIET, 4 * size, "rs")
    for index, tile in enumerate(tiles):
        row, column = divmod(index, grid.columns)
        width, height = grid.cell
        left, top = grid.left + column * (width + grid.gap), grid.head + row * grid.pitch
        if tile.path is None:
            draw.rectangle((left, top, left + width - 1, top + height - 1), _EMPTY)
        else:
            picture = _thumbnail(tile.path, width, height)
            sheet.paste(picture, (left + (width - picture.width) // 2, top + (height - picture.height) // 2))
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
    scale = min(width / small.width, height / small.height, _LARGER)
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
) -> None:
    """Write one line, shortened with an ellipsis to the room there is."""
    text = text[:_LONGEST]
    font = pillow_font(text, size)
    if draw.textlength(text, font) > room:
        while text and draw.textlength(text + "…", font) > room:
            text = text[:-1].rstrip()
        text += "…"
    draw.text(at, text, colour, font, anchor)
