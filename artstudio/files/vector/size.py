"""The size of a vector picture in pixels, as its texts state it: a plotter's sheet is measured in millimetres."""

from __future__ import annotations

import re
from collections.abc import Mapping

from artstudio.errors import BadInput, shown

SIZE_KEY = "artstudio:size"
"""The keyword of the size."""


def drawn_size(text: Mapping[str, str], name: str) -> tuple[int, int]:
    """Return width and height in pixels. Raises `BadInput`."""
    found = re.fullmatch(r"([0-9]{1,6})x([0-9]{1,6})", text.get(SIZE_KEY, ""))
    if not found:
        raise BadInput(f"{name}: expected a size such as 1920x1080, found {shown(text.get(SIZE_KEY, ''))}")
    return int(found[1]), int(found[2])
