"""Pictures that say how they were made: save one with its recipe, read the recipe back, verify the pixels."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.engine.size import AUTO
from artstudio.errors import BadInput, clip
from artstudio.files.atomic import write_atomic
from artstudio.files.encode import Format, format_for
from artstudio.files.png import pixel_hash
from artstudio.files.png_read import read_png_pixels, read_png_text
from artstudio.model.recipe import Recipe
from artstudio.version import RENDERER, VERSION

RECIPE_KEY = "artstudio:recipe"
RENDER_KEY = "artstudio:render"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class PictureInfo:
    """What a picture says of itself."""

    path: Path
    width: int
    height: int
    recipe: Recipe
    supersample: int
    renderer: int
    software: str
    title: str
    pixels: str
    """The hash of the pixels as they were rendered."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "path": str(self.path),
            "width": self.width,
            "height": self.height,
            "title": self.title,
            "software": self.software,
            "renderer": self.renderer,
            "supersample": self.supersample,
            "pixels": self.pixels,
            "digest": self.recipe.digest,
            "recipe": self.recipe.to_dict(),
        }


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `outcome` is `exact`, `tolerance` or `differs`; `detail` says it in words."""

    path: Path
    outcome: str
    detail: str
    changed: float
    """The share of pixels that differ at all, 0 to 1."""
    largest: int
    """The largest difference of a channel, in levels of 255."""


def encode_picture(pixels: Pixels, recipe: Recipe, supersample: int, format: Format, title: str = "") -> bytes:
    """Encode pixels, uint8 (H, W, 3), together with the recipe, the software's version and the pixel hash."""
    about = {"renderer": RENDERER, "supersample": supersample, "pixels": pixel_hash(pixels)}
    text = {"Title": title} if title else {}
    text |= {
        "Software": f"artstudio {VERSION}",
        RECIPE_KEY: recipe.to_json(),
        RENDER_KEY: json.dumps(about, sort_keys=True, separators=(",", ":")),
    }
    return format.encode(pixels, text)


def save(
    path: str | Path,
    pixels: Pixels,
    recipe: Recipe,
    *,
    supersample: int = AUTO,
    title: str = "",
    overwrite: bool = False,
) -> None:
    """Write pixels with their recipe to `path`; its suffix says the format (.png, .jpg, .webp, .avif).

    `supersample` is what the pixels were rendered with, by default automatic. The file appears whole or not
    at all. Raises `BadInput` for an unknown suffix or, without `overwrite`, an existing file; `FileProblem`
    otherwise.
    """
    path = Path(path)
    format = format_for(path)
    format.check_size(pixels.shape[1], pixels.shape[0])
    write_atomic(path, encode_picture(pixels, recipe, supersample, format, title), overwrite=overwrite)


def read_info(path: str | Path) -> PictureInfo:
    """Read what a PNG made here says of itself; its pixels are not decoded. Raises `BadInput`."""
    path = Path(path)
    png = read_png_text(path)
    if RECIPE_KEY not in png.text:
        raise BadInput(f"{path}: expected a PNG made by artstudio, found one without a recipe")
    recipe = Recipe.from_json(png.text[RECIPE_KEY], f"{path}: recipe")
    about = _render_record(path, png.text.get(RENDER_KEY, ""))
    return PictureInfo(
        path=path,
        width=png.width,
        height=png.height,
        recipe=recipe,
        supersample=about["supersample"],
        renderer=about["renderer"],
        software=png.text.get("Software", ""),
        title=png.text.get("Title", ""),
        pixels=about["pixels"],
    )


def load_recipe(path: str | Path) -> Recipe:
    """Return the recipe of a PNG made here. Raises `BadInput`."""
    return read_info(path).recipe


def _render_record(path: Path, text: str) -> dict[str, Any]:
    kinds = {"supersample": int, "renderer": int, "pixels": str}
    try:
        record = json.loads(text)
        if all(type(record[key]) is kind for key, kind in kinds.items()):
            return dict(record)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise BadInput(f"{path}: expected a record of how it was rendered, found {clip(text)!r}")


_EDGE_PIXELS = 1e-3
"""The share of pixels that may differ by more than one level: edges of step pictures, which fall either way."""

_ROUNDED_PIXELS = 0.06
"""The share of pixels that may differ by one level: rounding, on another machine or version of JAX."""


def verify(path: str | Path) -> Verdict:
    """Render a picture's recipe again and compare: exact, within tolerance, or different. Raises `BadInput`."""
    from artstudio.engine.render import render  # late: `info` and `load_recipe` should not wait for JAX
    from artstudio.engine.size import check_size

    info = read_info(path)
    check_size(info.width, info.height)
    found = read_png_pixels(info.path, max_pixels=info.width * info.height)
    if pixel_hash(found) != info.pixels:
        return Verdict(info.path, "differs", "the pixels were changed after it was rendered", 1.0, 255)
    wanted = render(info.recipe, width=info.width, height=info.height, supersample=info.supersample)
    changed, beyond, largest = _difference(found, wanted)
    if largest == 0:
        return Verdict(info.path, "exact", "every pixel is the same", 0.0, 0)
    detail = f"{changed:.3%} of the pixels differ, by at most {largest} of 255 levels"
    if info.renderer != RENDERER:
        detail += f" (rendered by renderer version {info.renderer}, this is {RENDERER})"
    close = changed <= _ROUNDED_PIXELS and beyond <= _EDGE_PIXELS
    return Verdict(info.path, "tolerance" if close else "differs", detail, changed, largest)


def _difference(a: Pixels, b: Pixels) -> tuple[float, float, int]:
    """The share of pixels that differ at all, the share by more than one level, the largest difference."""
    largest = np.maximum(a, b) - np.minimum(a, b)
    worst = largest.max(axis=2)
    return float((worst > 0).mean()), float((worst > 1).mean()), int(worst.max())
