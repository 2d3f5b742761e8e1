"""Contact sheets: many pictures on one, with their names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_PAPER = (250, 249, 246)
_TEXT = (38, 38, 42)
_QUIET = (128, 126, 122)


@dataclass(frozen=True)
class Tile:
    """One picture on the sheet and what stands below it."""

    path: Path
    title: str
    caption: str = ""


def contact_sheet(
    tiles: Sequence[Tile], *, title: str, columns: int | None = None, tile_width: int = 480
) -> bytes:
    """Return a PNG with the pictures in rows, each with its title and caption below.

    Every picture keeps its shape within cells of the first one's. `columns` defaults to what makes the
    sheet about as wide as 16:10; `tile_width` is in pixels.
    """
    with Image.open(tiles[0].path) as first:
        cell_height = round(tile_width * first.height / first.width)
    gap, text_height, margin = tile_width // 12, tile_width // 4, tile_width // 6
    pitch = (tile_width + gap, cell_height + text_height)
    if columns is None:
        columns = max(1, min(len(tiles), round(math.sqrt(len(tiles) * 1.6 * pitch[1] / pitch[0]))))
    rows = -(-len(tiles) // columns)
    head = tile_width // 3
    width = 2 * margin + columns * pitch[0] - gap
    sheet = Image.new("RGB", (width, head + margin + rows * pitch[1] + margin // 2), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _write(draw, (margin, head // 2 + margin // 4), title, tile_width // 8, _TEXT, width - 2 * margin)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, columns)
        left, top = margin + column * pitch[0], head + margin // 2 + row * pitch[1]
        picture = _thumbnail(tile.path, tile_width, cell_height)
        offset = ((tile_width - picture.width) // 2, (cell_height - picture.height) // 2)
        sheet.paste(picture, (left + offset[0], top + offset[1]))
        below = top + cell_height + tile_width // 22
        _write(draw, (left, below), tile.title, tile_width // 20, _TEXT, tile_width)
        _write(draw, (left, below + tile_width // 15), tile.caption, tile_width // 26, _QUIET, tile_width)
    buffer = BytesIO()
    sheet.save(buffer, "PNG", compress_level=4)
    return buffer.getvalue()


def _thumbnail(path: Path, width: int, height: int) -> Image.Image:
    with Image.open(path) as picture:
        small = picture.convert("RGB")
        small.thumbnail((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
        return small


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    text: str,
    size: int,
    colour: tuple[int, int, int],
    room: int,
) -> None:
    """Write one line, shortened with an ellipsis to the room there is."""
    font = ImageFont.load_default(size)
    while text and draw.textlength(text, font) > room:
        text = text.rstrip("…")[:-1].rstrip() + "…"
        if text == "…":
            return
    draw.text(at, text, colour, font)
