"""Render a picture's recipe again and compare pixels, from the top down: memory does not grow with the picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from artstudio.errors import BadInput
from artstudio.files.encode import FORMATS
from artstudio.files.png.write import Pixels
from artstudio.files.read import read_file_info
from artstudio.files.source import opened
from artstudio.files.vector.formats import VECTORS, VectorFormat
from artstudio.files.verdict import Verdict
from artstudio.model.fields.strict import checked
from artstudio.model.size import check_side
from artstudio.pictures.picture import PLOTTER_KEY, PictureInfo, read_info
from artstudio.pictures.pixels import hash_rows, pixel_rows
from artstudio.pictures.single import Picture, draw_bytes
from artstudio.vector.plotter import parse_plotter
from artstudio.version import RENDERER

_EDGE_PIXELS = 1e-3
"""The share of pixels that may differ by more than one level of 255: edges of step pictures, mostly."""

_ROUNDED_PIXELS = 0.06
"""The share of pixels that may differ by one level of 255: rounding, on another machine or version of JAX."""


_FAR = 64
"""Levels of 255 by which only `_EDGE_PIXELS` may differ in a lossy format."""


@checked
def verify(path: str | Path) -> Verdict:
    """Render a picture's recipe again and compare: exact, within tolerance, or different. Raises `BadInput`.

    At 16 bits a sample any pixel may differ by up to 257 levels, which is one of 255: float32 has not many more
    digits than that. JPEG and AVIF lose something in every pixel: there the root mean square of the differences
    may be 10 and 6 levels of 255, and one pixel in a thousand may differ by more than 64.
    """
    info = read_info(path)
    if info.loop is not None:
        raise BadInput(f"{path}: expected a picture, found a loop; 'artstudio verify' takes them too")
    check_side(info.width, info.height)
    if info.format in VECTORS:
        return _verdict_on_drawing(info)
    if info.format not in FORMATS:
        raise BadInput(f"{path}: expected a picture, found an exported network, which has no pixels to compare")
    rows = pixel_rows(info)
    if FORMATS[info.format].lossless and hash_rows(info, rows()) != info.pixels:
        return Verdict(info.path, "differs", "the pixels were changed after it was rendered", 1.0, 255)
    bands = info.prepress.bands(
        info.recipe,
        width=info.width,
        height=info.height,
        supersample=info.supersample,
        bit_depth=info.bits,
    )
    return _verdict(info, rows(), (band for _, band in bands))


def _verdict_on_drawing(info: PictureInfo) -> Verdict:
    """Draw a picture again and compare the files."""
    format, file = read_file_info(info.path)
    assert isinstance(format, VectorFormat)
    words = file.text.get(PLOTTER_KEY, "")
    plotter = parse_plotter(words) if words else None
    picture = Picture(
        info.recipe, info.width, info.height, format, info.supersample, title=info.title, plotter=plotter,
        prepress=info.prepress,
    )  # fmt: skip
    picture.check(info.path)
    with opened(info.path) as (found, _):
        same = found.read() == draw_bytes(picture, file.text)
    if same:
        return Verdict(info.path, "exact", "every outline is the same", 0.0, 0)
    return Verdict(info.path, "differs", "its outlines are not those that its recipe gives here", 1.0, 255)


def verify_some_rows(info: PictureInfo) -> bool:
    """Whether some rows of a picture, an eighth in three places, are what its recipe gives, as `verify` has it.

    For a lossy picture of which nothing else is known; it costs an eighth of a render. Raises what `verify` raises.
    """
    from artstudio.engine.render import render_bands  # late: a plan that has a manifest should not wait for JAX

    found = np.concatenate(list(pixel_rows(info)()))
    rows = -(-info.height // 24)
    for place in (0.1, 0.5, 0.9):
        first = int(place * (info.height - rows))
        bands = render_bands(
            info.recipe,
            width=info.width,
            height=info.height,
            supersample=info.supersample,
            start_row=first,
            rows=rows,
        )
        part = iter([found[first : first + rows]])
        if _verdict(replace(info, height=rows), part, (band for _, band in bands)).outcome == "differs":
            return False
    return True


def _verdict(info: PictureInfo, found: Iterator[Pixels], bands: Iterable[Pixels]) -> Verdict:
    loss = FORMATS[info.format].loss
    lossy = loss > 0
    step, levels = (257, 65535) if info.bits == 16 else (_FAR if lossy else 1, 255)
    changed = beyond = largest = squares = 0
    for a, b in _side_by_side(found, bands):
        difference = np.maximum(a, b) - np.minimum(a, b)
        worst = difference.max(axis=2)
        changed += int(np.count_nonzero(worst))
        beyond += int(np.count_nonzero(worst > step))
        largest = max(largest, int(worst.max()))
        squares += int(np.square(difference, dtype=np.uint64).sum()) if lossy else 0
    if largest == 0:
        return Verdict(info.path, "exact", "every pixel is the same", 0.0, 0)
    pixels = info.width * info.height
    if lossy:
        noise = (squares / (info.prepress.channels * pixels)) ** 0.5
        close = noise <= loss and beyond <= _EDGE_PIXELS * pixels
        detail = f"{info.format} changed the samples by {noise:.2f} of 255 levels (root mean square)"
    else:
        close = beyond <= _EDGE_PIXELS * pixels and (info.bits == 16 or changed <= _ROUNDED_PIXELS * pixels)
        detail = f"{changed / pixels:.3%} of the pixels differ, by at most {largest} of {levels} levels"
    if info.renderer != RENDERER:
        detail += f" (rendered by renderer version {info.renderer}, this is {RENDERER})"
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
