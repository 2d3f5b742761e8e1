"""What a TARGET stands for: a picture, curve or points by name, an image file, or a formula."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from artstudio.errors import BadInput, clip, unknown
from artstudio.learning.targets.curves import CURVES, curve_target
from artstudio.learning.targets.drawings import DRAWINGS
from artstudio.learning.targets.images import read_image
from artstudio.learning.targets.points import POINTS, points_target
from artstudio.learning.targets.target import Floats, Target, canvas_places, picture_target
from artstudio.model.activation.registry import parse_formula
from artstudio.model.colour.oklab import srgb_in_gamut
from artstudio.model.colour.palettes import canonical_palette, palette_oklab, sample_ramp
from artstudio.model.recipe import Recipe

SIDE, SMALLEST, LARGEST = 128, 16, 256
"""Pixels on each side of a picture to learn: the usual number, the fewest and the most."""

_NAME = re.compile(r"[A-Za-z_]+(:.*)?")
_FILE = re.compile(r"[^()*]*\.[A-Za-z]{2,5}")


def target_names() -> list[str]:
    """Return the names of all targets that come with artstudio."""
    return [*DRAWINGS, *(name for name in CURVES if name not in DRAWINGS), *POINTS]


def find_target(
    name: str,
    *,
    side: int = SIDE,
    crop: bool = True,
    ground: str = "white",
    palette: str | Sequence[str] | None = None,
    seed: int = 1,
) -> Target:
    """Return what a network is to learn.

    `name` is that of a picture, a curve or a problem of points, an image's path, or a formula: of x and y a picture
    along the `palette`, of x alone a curve. Pictures are `side` pixels wide and high; images are cropped to a square
    unless not `crop`, and shown on the `ground`, a colour, where they are transparent. `seed` draws points. Raises
    `BadInput`, and `FileProblem` for a file that cannot be read.
    """
    if not SMALLEST <= side <= LARGEST:
        raise BadInput(f"side: expected {SMALLEST} to {LARGEST} pixels, found {side}")
    if name in DRAWINGS:
        return picture_target(name, f"{name}, {side} × {side} pixels", DRAWINGS[name](side))
    if name in CURVES:
        return curve_target(name, CURVES[name])
    if name.partition(":")[0] in POINTS:
        return points_target(name, seed)
    if os.path.lexists(name) or os.sep in name or _FILE.fullmatch(name):
        pixels = read_image(name, side, crop=crop, ground=ground)
        return picture_target(
            name, f"{clip(Path(name).name, 24)}, {pixels.shape[1]} × {pixels.shape[0]} pixels", pixels
        )
    if name not in ("x", "y") and _NAME.fullmatch(name):
        raise unknown("target", name, [*target_names(), "blobs:N", "an image file", "a formula in x and y"])
    return _formula(name, side, palette)


def _formula(text: str, side: int, palette: str | Sequence[str] | None) -> Target:
    formula = parse_formula(text)
    if "y" not in formula.variables:
        return curve_target(formula.text, lambda x: _finite(text, formula(x, np.zeros_like(x))))
    values = _finite(text, formula(*canvas_places(side, side)))
    low, high = float(values.min()), float(values.max())
    share = (values - low) / (high - low) if high > low else np.full_like(values, 0.5)
    chosen = canonical_palette(palette if isinstance(palette, str) else list(palette or ()) or Recipe().palette)
    colours = palette_oklab(chosen)
    pixels = np.clip(srgb_in_gamut(sample_ramp(colours, share), np), 0, 1).T.reshape(side, side, 3)
    return picture_target(formula.text, f"{clip(formula.text, 32)}, {side} × {side} pixels", pixels)


def _finite(text: str, values: Floats) -> Floats:
    if not np.isfinite(values).all():
        raise BadInput(
            f"formula {clip(text)!r}: gives no finite number somewhere on the canvas, where x and y are from -1 to 1"
        )
    return values
