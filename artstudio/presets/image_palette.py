"""A palette from a picture: its main colours, found by k-means in OKLab."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from artstudio.errors import BadInput
from artstudio.files.pillow import MAX_FILE
from artstudio.files.source import check_file_size, opened
from artstudio.model.colour.oklab import oklab_from_srgb, srgb_in_gamut
from artstudio.model.colour.palettes import MAX_COLOURS
from artstudio.presets.kmeans import cluster

_SIDE = 128
"""Pixels a side that are looked at: colours are in the picture's areas, not in its grain."""

_MAX_PIXELS = 200_000_000


def palette_from_image(path: str | Path, colours: int = 6) -> tuple[str, ...]:
    """Return the main colours of a picture (any format that Pillow reads) as `#rrggbb`, dark to light.

    Transparent parts count as white. Raises `BadInput` for a file that is no picture, one of more than 200
    megapixels, or a number of colours outside 2 to 16; `FileProblem` where the file cannot be read.
    """
    if not 2 <= colours <= MAX_COLOURS:
        raise BadInput(f"colours: expected 2 to {MAX_COLOURS}, found {colours}")
    pixels = _read(Path(path)).reshape(-1, 3).T / 255.0
    centres, _ = cluster(oklab_from_srgb(pixels, np).T, colours)
    if len(centres) < 2:
        raise BadInput(f"{path}: expected a picture of at least two colours, found one")
    ordered = srgb_in_gamut(centres[centres[:, 0].argsort()].T, np)
    return tuple("#" + bytes(colour).hex() for colour in np.rint(ordered.T * 255).astype(np.uint8))


def _read(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with opened(path) as (file, name):
        check_file_size(file, name, MAX_FILE)
        return _small(file, name)


def _small(file: BinaryIO, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    try:
        with Image.open(file) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise BadInput(f"{name}: expected at most 200 megapixels, found {image.width}x{image.height}")
            image.draft("RGB", (2 * _SIDE, 2 * _SIDE))
            small = image.convert("RGBA")
            small.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
            white = Image.new("RGBA", small.size, "white")
            return np.asarray(Image.alpha_composite(white, small).convert("RGB"))
    except UnidentifiedImageError:
        raise BadInput(f"{name}: expected a picture, found something else") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(f"{name}: cannot be read as a picture ({error})") from None
