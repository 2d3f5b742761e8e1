"""The typeface of every figure, sheet, slide and page: Inter, bundled in `fonts/` under the SIL Open Font License."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageFont

FAMILY = "Inter artstudio"
"""The name within the files: not the whole typeface's, so that an installed Inter is not taken instead."""

_FOLDER = Path(__file__).parent / "fonts"
FACES = tuple(_FOLDER / f"Inter-{face}.ttf" for face in ("regular", "bold", "italic"))

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
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weight};src:url(data:font/woff2;base64,{font})'
        ' format("woff2")}\n'
        for face, weight in (("regular", "400"), ("bold", "600 700"))
        for font in [b64encode((_FOLDER / f"Inter-{face}.woff2").read_bytes()).decode()]
    )


@cache
def pillow_font(text: str, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the face for Pillow to write `text` with, `size` pixels an em: the broad one where a sign is missing."""
    from PIL import ImageFont

    own = ImageFont.truetype(FACES[1 if bold else 0], size)
    matplotlib = find_spec("matplotlib")
    if matplotlib is None or matplotlib.origin is None or set(map(ord, text)) <= _signs():
        return own
    return ImageFont.truetype(Path(matplotlib.origin).parent / "mpl-data/fonts/ttf/DejaVuSans.ttf", size)


@cache
def _signs() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(FACES[0])).get_charmap())
