"""Render some frames of a loop again and compare them with those in its file."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from artstudio.errors import BadInput
from artstudio.files.encode import FORMATS
from artstudio.files.pillow import pillow_picture
from artstudio.files.read import Film, opened_film, read_file_info
from artstudio.files.source import opened
from artstudio.files.verdict import Verdict
from artstudio.motion.animation import animate
from artstudio.motion.film.about import read_about
from artstudio.motion.film.take import Frame

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_LOOKED_AT = 5
"""Frames, evenly over the loop."""

_NOISE = 20.0
"""The root mean square of the differences, in levels of 255, that a format, at any quality, may make."""


def verify_loop(path: str | Path) -> Verdict:
    """Compare five frames: exact, within tolerance, or different. Raises `BadInput` and `FileProblem`.

    All formats but PNG lose something in every pixel: the root mean square of the differences may be 20 levels.
    """
    path = Path(path)
    about, (_, file) = read_about(path), read_file_info(path)
    size = {"width": file.width, "height": file.height}
    made = animate(about.recipe, loop=about.loop, seconds=about.seconds, fps=about.fps, **size)
    numbers = sorted({number * made.count // _LOOKED_AT for number in range(_LOOKED_AT)})
    changed, largest, squares, looked_at = 0, 0, 0, 0
    with closing(_frames(path, numbers, about.seconds / made.count)) as frames:
        for number, frame in zip(numbers, frames, strict=False):
            if frame.shape != (file.height, file.width, 3):
                raise BadInput(f"{path}: expected frames of {file.width}x{file.height}, found others")
            difference = np.abs(frame.astype(np.int64) - made.frame(number))
            changed += int(np.count_nonzero(difference.max(axis=2)))
            largest = max(largest, int(difference.max()))
            squares += int(np.square(difference).sum())
            looked_at += 1
    pixels = looked_at * file.width * file.height
    if looked_at < len(numbers):
        return Verdict(
            path, "differs", f"frames are missing, the first of them {numbers[looked_at] + 1}", 1.0, 255
        )
    if largest == 0:
        return Verdict(path, "exact", f"every pixel of {looked_at} frames is the same", 0.0, 0)
    noise = (squares / (3 * pixels)) ** 0.5
    detail = f"the samples of {looked_at} frames differ by {noise:.2f} of 255 levels (root mean square)"
    return Verdict(path, "tolerance" if noise <= _NOISE else "differs", detail, changed / pixels, largest)


def _frames(path: Path, numbers: Sequence[int], seconds: float) -> Generator[Frame, None, None]:
    """Yield the frames of these numbers, in order, as far as there are any; each is shown for so many seconds."""
    format, _ = read_file_info(path)
    with opened(path) as (file, name):
        if isinstance(format, Film) and format.container:
            with opened_film(format.container, file, name) as film:
                for number, frame in enumerate(film.decode(video=0)):
                    if number in numbers:
                        yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
            return
        decoder = FORMATS[format.name].decoder if format.name in FORMATS else "Gif"
        with pillow_picture(decoder, file, name) as picture:
            yield from _shown_at(picture, [1000 * (number + 0.5) * seconds for number in numbers])


def _shown_at(picture: ImageFile, times: Sequence[float]) -> Iterator[Frame]:
    """Yield the frames that are shown at these times in milliseconds: frames that look alike may be kept as one."""
    end, at = 0.0, -1
    shown: Frame = np.empty((0, 0, 3), np.uint8)
    for time in times:
        while end <= time:
            at += 1
            if at == getattr(picture, "n_frames", 1):
                return
            picture.seek(at)
            shown = np.asarray(picture.convert("RGB"))
            end += float(picture.info.get("duration", 0)) or 1.0
        yield shown
