"""The typeface of every figure, sheet and slide: Inter, bundled in `fonts/` under the SIL Open Font License."""

from __future__ import annotations

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
