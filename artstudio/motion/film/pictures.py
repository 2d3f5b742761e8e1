"""GIF, animated WebP and animated PNG: pictures that move, which need no further library."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from artstudio.files.info import LOOP_KEY
from artstudio.files.png.write import SIGNATURE, chunk, encode_png
from artstudio.motion.film.rate import Rate
from artstudio.motion.film.take import Frame, Take

_SAMPLED = 24
"""Frames from which a GIF's palette is taken, evenly over the loop."""

_SAMPLE_PIXELS = 120 * 68

_FLAT = 1 / 8
"""The share of all pixels from which on a colour is kept as it is: a dither there is seen, and fills the file."""


def delays(count: int, fps: Rate, unit: int) -> list[int]:
    """Return how long each frame is shown in whole units of 1/`unit` s, so that the sum is right to half a unit."""
    ends = [int((2 * unit * number + fps) // (2 * fps)) for number in range(count + 1)]
    return [end - start for start, end in itertools.pairwise(ends)]


class _Sequence(Image.Image):
    """Frames as one picture of many, which Pillow's writers ask for one after the other; none is kept."""

    def __init__(self, frames: Iterator[Image.Image], count: int) -> None:
        super().__init__()
        self._frames, self._at, self.n_frames = frames, -1, count
        self.seek(0)

    def tell(self) -> int:
        """The number of the frame that is shown."""
        return self._at

    def seek(self, frame: int) -> None:
        """Show the next frame; there is no way back, and asking for it changes nothing."""
        if frame >= self.n_frames:
            raise EOFError(frame)
        while self._at < frame:
            shown = next(self._frames)
            self._at += 1
            self.im, self._mode, self._size, self.palette = shown.im, shown.mode, shown.size, shown.palette


def write_webp(path: Path, frames: Iterable[Frame], take: Take) -> None:
    """Write a lossy animated WebP that repeats for ever; the comment goes into EXIF."""
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.UserComment: b"ASCII\0\0\0" + take.comment.encode("ascii")}
    pictures = _Sequence((Image.fromarray(frame) for frame in frames), take.count)
    with open(path, "wb") as file:
        # Whole frames (kmax): patches upon earlier ones leave crumbs in smooth pictures, and save nothing.
        pictures.save(
            file, "WEBP", save_all=True, duration=delays(take.count, take.fps, 1000), loop=0,
            quality=take.quality, method=3, kmin=0, kmax=1, exif=exif.tobytes().removeprefix(b"Exif\0\0"),
        )  # fmt: skip


def write_gif(path: Path, frames: Iterable[Frame], take: Take) -> None:
    """Write a GIF that repeats for ever, with one palette for the whole loop.

    The palette is taken from frames all over the loop, which are rendered twice.
    """
    palette, flat = _palette(
        [take.sample(number) for number in range(0, take.count, max(1, take.count // _SAMPLED))]
    )
    noise = _noise(take.width, take.height) * _spacing(palette)
    reduced = (_reduced(frame, noise, palette, flat) for frame in frames)
    first = next(reduced)
    with open(path, "wb") as file:
        first.save(
            file, "GIF", save_all=True, append_images=reduced, loop=0, optimize=False, disposal=1,
            duration=[10 * delay for delay in delays(take.count, take.fps, 100)],
            comment=take.comment.encode("ascii"),
        )  # fmt: skip


def _palette(frames: Sequence[Frame]) -> tuple[Image.Image, NDArray[np.uint8]]:
    """Return 256 colours that suit all these frames, as Pillow takes them: a picture with that palette.

    And the colours of large flat areas such as a page's ground, (count, 3), which are the last of the palette.
    """
    step = max(1, round((frames[0].shape[0] * frames[0].shape[1] / _SAMPLE_PIXELS) ** 0.5))
    small = np.concatenate([frame[::step, ::step].reshape(-1, 3) for frame in frames])
    colours, counts = np.unique(small, axis=0, return_counts=True)
    flat = colours[counts >= _FLAT * len(small)]
    others = 256 - len(flat)
    picture = Image.fromarray(small[None]).quantize(
        others, Image.Quantize.MEDIANCUT, kmeans=1, dither=Image.Dither.NONE
    )
    found = np.array(picture.getpalette(), np.uint8).reshape(-1, 3)[:others]
    found = np.concatenate([found, np.repeat(found[-1:], others - len(found), axis=0), flat])
    picture.putpalette(found.tobytes())
    return picture, flat


def _spacing(palette: Image.Image) -> float:
    """Return the usual distance of a colour of the palette from its nearest, in levels."""
    colours = np.array(palette.getpalette(), np.float64).reshape(-1, 3)
    colours = np.unique(colours, axis=0)
    if len(colours) < 2:
        return 0.0
    distance = np.sqrt(((colours[:, None] - colours[None]) ** 2).sum(axis=2))
    np.fill_diagonal(distance, np.inf)
    return float(min(np.median(distance.min(axis=1)), 16.0))


def _noise(width: int, height: int) -> NDArray[np.float32]:
    """Return a dither pattern on [-0.5, 0.5), (height, width, 1), the same for every frame: it does not flicker.

    Interleaved gradient noise (Jimenez, "Next Generation Post Processing in Call of Duty", SIGGRAPH 2014).
    """
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    pattern = (52.9829189 * ((0.06711056 * x + 0.00583715 * y) % 1)) % 1 - 0.5
    return pattern[..., None].astype(np.float32)


_CELL = 4
"""Levels in a channel that Pillow takes for one where it looks for the nearest colour: for the lowest of them."""


def _reduced(
    frame: Frame, noise: NDArray[np.float32], palette: Image.Image, flat: NDArray[np.uint8]
) -> Image.Image:
    shifted = np.clip(np.rint(frame + noise + _CELL / 2 - 0.5), 0, 255).astype(np.uint8)
    reduced = Image.fromarray(shifted).quantize(palette=palette, dither=Image.Dither.NONE)
    for index, colour in enumerate(flat, 256 - len(flat)):
        reduced.paste(index, mask=Image.fromarray((frame == colour).all(axis=2)))
    return reduced


def write_apng(path: Path, frames: Iterable[Frame], take: Take) -> None:
    """Write an animated PNG that repeats for ever, lossless (W3C, "Portable Network Graphics", third edition, 11.3).

    Each frame is what our PNG writer makes of it, its data moved into the chunks of frames.
    """
    numbers = itertools.count()
    delay = (1 / Fraction(take.fps)).limit_denominator(65_535).as_integer_ratio()  # of 16 bits each
    with open(path, "wb") as file:
        for number, frame in enumerate(frames):
            control = struct.pack(">IIIIIHHBB", next(numbers), take.width, take.height, 0, 0, *delay, 0, 0)
            pieces = _chunks(encode_png(frame, {LOOP_KEY: take.comment} if number == 0 else {}))
            if number == 0:
                file.write(SIGNATURE)
                for kind, data in itertools.takewhile(lambda piece: piece[0] != b"IDAT", pieces):
                    file.write(chunk(kind, data))
                file.write(chunk(b"acTL", struct.pack(">II", take.count, 0)))
            file.write(chunk(b"fcTL", control))
            for kind, data in pieces:
                if kind == b"IDAT" and number == 0:
                    file.write(chunk(kind, data))
                elif kind == b"IDAT":
                    file.write(chunk(b"fdAT", struct.pack(">I", next(numbers)) + data))
        file.write(chunk(b"IEND", b""))


def _chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    at = len(SIGNATURE)
    while at < len(png):
        size = int.from_bytes(png[at : at + 4], "big")
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + size]))
        at += size + 12
    return found
