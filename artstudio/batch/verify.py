"""Render a picture's recipe again and compare pixels, from the top down: memory does not grow with the picture."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from artstudio.batch.picture import PictureInfo, is_tiff, read_info
from artstudio.engine.cache import ProgramCache
from artstudio.engine.size import check_side, check_size
from artstudio.files.png import PixelHash, Pixels, sample_bytes
from artstudio.files.png_read import MAX_PIXELS, read_png_pixels
from artstudio.files.png_rows import OtherEncoder, read_png_rows
from artstudio.files.tiff_read import read_tiff_info, read_tiff_rows
from artstudio.model.strict import checked
from artstudio.version import RENDERER


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `outcome` is `exact`, `tolerance` or `differs`; `detail` says it in words."""

    path: Path
    outcome: str
    detail: str
    changed: float
    """The share of pixels that differ at all, 0 to 1."""
    largest: int
    """The largest difference of a channel, in levels of its bit depth."""


_EDGE_PIXELS = 1e-3
"""The share of pixels that may differ by more than one level of 255: edges of step pictures, mostly."""

_ROUNDED_PIXELS = 0.06
"""The share of pixels that may differ by one level of 255: rounding, on another machine or version of JAX."""


@checked
def verify(path: str | Path, *, cache: ProgramCache | None = None) -> Verdict:
    """Render a picture's recipe again and compare: exact, within tolerance, or different. Raises `BadInput`.

    At 16 bits a sample any pixel may differ by up to 257 levels, which is one of 255: float32 has not many more
    digits than that.
    """
    from artstudio.engine.render import render_bands  # late: a file that is none should not wait for JAX

    info = read_info(path)
    check_side(info.width, info.height)
    rows = _reader(info)
    if _hash(info, rows()) != info.pixels:
        return Verdict(info.path, "differs", "the pixels were changed after it was rendered", 1.0, 255)
    bands = render_bands(
        info.recipe,
        width=info.width,
        height=info.height,
        supersample=info.supersample,
        bit_depth=info.bits,
        alone=True,
        cache=cache,
    )
    return _verdict(info, rows(), (band for _, band in bands))


def _verdict(info: PictureInfo, found: Iterator[Pixels], bands: Iterable[Pixels]) -> Verdict:
    step, levels = (1, 255) if info.bits == 8 else (257, 65535)
    changed = beyond = largest = 0
    for a, b in _side_by_side(found, bands):
        worst = (np.maximum(a, b) - np.minimum(a, b)).max(axis=2)
        changed += int(np.count_nonzero(worst))
        beyond += int(np.count_nonzero(worst > step))
        largest = max(largest, int(worst.max()))
    if largest == 0:
        return Verdict(info.path, "exact", "every pixel is the same", 0.0, 0)
    pixels = info.width * info.height
    detail = f"{changed / pixels:.3%} of the pixels differ, by at most {largest} of {levels} levels"
    if info.renderer != RENDERER:
        detail += f" (rendered by renderer version {info.renderer}, this is {RENDERER})"
    close = beyond <= _EDGE_PIXELS * pixels and (info.bits == 16 or changed <= _ROUNDED_PIXELS * pixels)
    return Verdict(info.path, "tolerance" if close else "differs", detail, changed / pixels, largest)


def _side_by_side(found: Iterator[Pixels], wanted: Iterable[Pixels]) -> Iterator[tuple[Pixels, Pixels]]:
    """Yield the same rows of two pictures, however each is cut into strips."""
    strip = next(found)
    for band in wanted:
        while len(band):
            if not len(strip):
                strip = next(found)
            rows = min(len(strip), len(band))
            yield strip[:rows], band[:rows]
            strip, band = strip[rows:], band[rows:]


def _hash(info: PictureInfo, strips: Iterator[Pixels]) -> str:
    digest = PixelHash(info.height, info.width, 3, info.bits)
    for strip in strips:
        digest.update(sample_bytes(strip))
    return digest.text()


def _reader(info: PictureInfo) -> Callable[[], Iterator[Pixels]]:
    """Return what yields a picture's rows in strips, from the top.

    PNGs that another program compressed anew are decoded in one piece, if they are not too large.
    """
    path = info.path
    if is_tiff(path):
        return lambda: read_tiff_rows(path, read_tiff_info(path))
    try:
        for _ in read_png_rows(path):
            pass
    except OtherEncoder:
        if info.bits != 8 or info.width * info.height > MAX_PIXELS:
            raise
        check_size(info.width, info.height)
        return lambda: iter([read_png_pixels(path)])
    return lambda: read_png_rows(path)
