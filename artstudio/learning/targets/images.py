"""Image files as targets: any that Pillow reads, turned as their EXIF says, on a ground, cropped and scaled down."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor, ImageOps, UnidentifiedImageError

from artstudio.errors import BadInput, clip, shown
from artstudio.files.pillow import MAX_FILE
from artstudio.files.source import check_file_size, opened

SMALLEST = 8
"""Pixels of an image's shorter side: of fewer there is nothing to learn."""


def read_image(path: str | Path, side: int, *, crop: bool = True, ground: str = "white") -> NDArray[np.float64]:
    """Return an image as sRGB in [0, 1], (rows, columns, 3).

    With `crop` the middle square, scaled to `side` pixels; else the whole, its longer side scaled to that.
    Transparent parts show the `ground`, a colour's name or hex digits. Raises `BadInput` for what is no image, has
    more than 89 megapixels, or less than 8 pixels a side; `FileProblem` where it cannot be read.
    """
    try:
        colour = ImageColor.getrgb(ground)[:3]
    except ValueError:
        raise BadInput(f"ground: expected a colour such as white or #202428, found {shown(ground)}") from None
    if os.path.isdir(path):
        raise BadInput(f"{path}: expected an image, found a folder")
    with opened(path) as (file, name):
        check_file_size(file, name, MAX_FILE)
        image = _decode(file, name, side, colour)
    square = min(image.size)
    if square < SMALLEST:
        raise BadInput(f"{name}: expected at least {SMALLEST} pixels a side, found {image.width}x{image.height}")
    if crop:
        size = (min(side, square),) * 2
        image = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    else:
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        if min(image.size) < SMALLEST:
            raise BadInput(f"{name}: too narrow to be fitted; leave --fit out, and it is cropped to a square")
    return np.asarray(image, np.float64) / 255


def _decode(file: BinaryIO, name: str, side: int, ground: tuple[int, ...]) -> Image.Image:
    try:
        with catch_warnings():
            simplefilter("ignore")  # of damaged fields: the rest of the file may well do
            simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                image.draft("RGB", (4 * side, 4 * side))
                turned = ImageOps.exif_transpose(image).convert("RGBA")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        most = (Image.MAX_IMAGE_PIXELS or 0) / 1e6
        raise BadInput(f"{name}: expected at most {most:.0f} megapixels, found more") from None
    except UnidentifiedImageError:
        raise BadInput(f"{name}: expected an image, found something else") from None
    except (OSError, ValueError, SyntaxError) as error:
        raise BadInput(f"{name}: cannot be read as an image ({clip(str(error), 200)})") from None
    below = Image.new("RGBA", turned.size, (*ground, 255))
    return Image.alpha_composite(below, turned).convert("RGB")
