"""Pictures with a transparent ground: the samples of one colour are left out, the others are averaged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.engine.painter import DEPTHS
from artstudio.engine.render import band_rows, render_bands
from artstudio.errors import BadInput, clip, shown
from artstudio.files.vector.drawing import hex_of, is_colour
from artstudio.model.colour.oklab import linear_from_srgb, srgb_from_linear
from artstudio.model.recipe import Recipe
from artstudio.model.size import EDGE_SAMPLES

GROUND = "ground"
"""The colour that most of a picture has."""

_LEAST_GROUND = 0.01
"""The share of a picture that a colour must fill to be called its ground."""

_NAMED = 3


def find_ground(text: str, pixels: NDArray[np.uint8]) -> str:
    """Return the colour to be transparent, as `#rrggbb`: `ground`, or a colour of the pixels, uint8 (H, W, 3).

    Raises `BadInput` for another text, for a colour that is not there, and where no colour fills much.
    """
    codes, counts = np.unique(pixels.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    codes, shares = codes[order], counts[order] / counts.sum()
    if text.lower() == GROUND:
        if shares[0] < _LEAST_GROUND:
            raise BadInput(
                f"alpha: no colour fills 1 % of this picture ({hex_of(int(codes[0]))} fills {shares[0]:.2%});"
                " it needs flat areas, as of step or with --bands 6"
            )
        return hex_of(int(codes[0]))
    colour = text.lower() if text.startswith("#") else f"#{text.lower()}"
    if not is_colour(colour):
        raise BadInput(f"alpha: expected {GROUND} or a colour such as #f7f3e8, found {clip(shown(text))}")
    if int(colour[1:], 16) not in codes:
        most = ", ".join(hex_of(int(code)) for code in codes[:_NAMED])
        raise BadInput(f"alpha: expected a colour of this picture, found {colour}; most of it is {most}")
    return colour


def cutout_bands(
    recipe: Recipe,
    ground: str,
    *,
    width: int,
    height: int,
    supersample: int | None = None,
    bit_depth: int = 8,
    start_row: int = 0,
    rows: int | None = None,
    **means: Any,
) -> Iterator[tuple[int, NDArray[Any]]]:
    """Yield a picture's bands as `engine.render.render_bands` does, with alpha: (rows, width, 4).

    Each pixel has N x N samples, `supersample` along each side, 4 where that is automatic. A sample belongs to the
    ground where its colour, rounded to 8 bits, is `ground`, `#rrggbb`. Alpha is the share of the others, and colour
    is their mean in linear light: not multiplied by alpha, and free of the ground's colour. Where alpha is 0, all is.
    """
    samples = supersample or EDGE_SAMPLES
    stop = height if rows is None else min(height, start_row + rows)
    progress = means.pop("progress", None)
    # The bar counts the picture's own pixels.
    counted = None if progress is None else lambda count: progress(round(count / samples**2))
    # Samples have 16 bits, so that neither rounding nor dither is seen in them.
    fine = render_bands(
        recipe, width=width * samples, height=height * samples, supersample=1, bit_depth=16,
        start_row=start_row * samples, rows=(stop - start_row) * samples, progress=counted, **means,
    )  # fmt: skip
    colour = np.array([int(ground[at : at + 2], 16) for at in (1, 3, 5)], np.uint16)
    whole = _regrouped((band for _, band in fine), samples, at_least=True)
    strips = (_averaged(strip, samples, colour, bit_depth) for strip in whole)
    row = start_row
    for band in _regrouped(strips, band_rows(width)):
        yield row, band
        row += len(band)


def _regrouped(strips: Iterable[NDArray[Any]], rows: int, *, at_least: bool = False) -> Iterator[NDArray[Any]]:
    """Yield the same rows in strips of so many, or of a multiple where `at_least`; the last one may be short."""
    waiting: list[NDArray[Any]] = []
    for strip in strips:
        waiting.append(strip)
        count = sum(map(len, waiting))
        if count < rows:
            continue
        joined = np.concatenate(waiting)
        whole = count // rows * rows
        size = whole if at_least else rows
        yield from (joined[first : first + size] for first in range(0, whole, size))
        waiting = [joined[whole:]]
    if waiting and sum(map(len, waiting)):
        yield np.concatenate(waiting)


def _averaged(fine: NDArray[np.uint16], samples: int, ground: NDArray[np.uint16], bits: int) -> NDArray[Any]:
    """Return the pixels, (rows, W, 4), of samples, (rows * samples, W * samples, 3)."""
    height, width = (side // samples for side in fine.shape[:2])
    figure = ((fine + np.uint32(128)) // 257 != ground).any(axis=2, keepdims=True)
    light = np.where(figure, _light()[fine], np.float32(0))
    total, count = (
        part.reshape(height, samples, width, samples, -1).sum(axis=(1, 3), dtype=np.float32)
        for part in (light, figure)
    )
    colour = srgb_from_linear(total / np.maximum(count, 1), np)
    most = np.iinfo(DEPTHS[bits]).max
    pixels = np.concatenate([np.clip(colour, 0, 1), count / samples**2], axis=2) * most
    return np.round(pixels).astype(DEPTHS[bits])


@cache
def _light() -> NDArray[np.float32]:
    """Return linear light for each of the 65,536 levels of sRGB."""
    return np.asarray(linear_from_srgb(np.arange(65536) / 65535, np), np.float32)
