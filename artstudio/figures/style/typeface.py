"""The typeface of every figure, sheet, slide and page: Inter, bundled in `fonts/` under the SIL Open Font License."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFont

FAMILY = "Inter artstudio"
"""The name within the files: not the whole typeface's, so that an installed Inter is not taken instead."""

INSTALLED = "Inter"
"""The name of the whole typeface, for files that name their fonts and do not hold them."""

_FOLDER = Path(__file__).parent / "fonts"
FACES = tuple(_FOLDER / f"Inter-{face}.ttf" for face in ("regular", "bold", "italic"))

WEB_FACES = {_FOLDER / "Inter-regular.woff2": "400", _FOLDER / "Inter-bold.woff2": "600 700"}
"""The files for web pages, and the weights that each is for."""

LICENCE = _FOLDER / "LICENSE.txt"
"""To go with the files wherever they go."""

BROAD = "DejaVu Sans"
"""Comes with matplotlib, and has what the bundled subset does not: other scripts."""


def register() -> None:
    """Let matplotlib know the bundled faces."""
    from matplotlib.font_manager import fontManager

    for face in FACES:
        fontManager.addfont(face)


@cache
def web_faces() -> str:
    """Return the style rules that give a page the typeface, regular and bold, with the fonts inside.

    They cover Latin, Greek and the signs of formulas; for everything else the browser takes the next family.
    """
    return face_rules(lambda file: f"data:font/woff2;base64,{b64encode(file.read_bytes()).decode()}")


def face_rules(address: Callable[[Path], str]) -> str:
    """Return the rules of `web_faces` with the fonts at an address of each file of `WEB_FACES`."""
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:url({address(file)}) format("woff2")}}\n'
        for file, weight in WEB_FACES.items()
    )


@cache
def pillow_font(text: str, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the face for Pillow to write `text` with, `size` pixels an em: the broad one where a sign is missing."""
    from PIL import ImageFont

    if set(map(ord, text)) <= _signs():
        return ImageFont.truetype(FACES[1 if bold else 0], size)
    return broad_font(size)


def broad_font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the broad face for Pillow, from matplotlib's own files."""
    from matplotlib import get_data_path
    from PIL import ImageFont

    face = "DejaVuSans-Bold" if bold else "DejaVuSans"
    return ImageFont.truetype(Path(get_data_path()) / f"fonts/ttf/{face}.ttf", size)


@cache
def _signs() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(FACES[0])).get_charmap())
