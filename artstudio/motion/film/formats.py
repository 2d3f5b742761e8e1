"""The formats of loops: one record each. Suffixes, defaults and limits follow from `MOTION_FORMATS`. Needs no JAX."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from PIL import features

from artstudio.errors import BadInput, clip, unknown
from artstudio.motion.film import pictures, video
from artstudio.motion.film.rate import Rate
from artstudio.motion.film.take import Frame, Take

QUALITY = 75
"""The quality of lossy formats, 1 to 100, where none is asked for."""


@dataclass(frozen=True)
class MotionFormat:
    """A format of loops.

    `write(path, frames, take)` takes the frames one after the other and writes a new file at `path`.
    """

    name: str
    suffix: str
    write: Callable[[Path, Iterable[Frame], Take], None]
    video: bool
    """Whether it needs the extra `video`, and sizes that are even."""
    lossy: bool
    """Whether it has a quality."""
    fps: int
    """The usual number of frames a second."""
    max_fps: int
    max_side: int
    bytes_per_pixel: float
    """Of a frame, roughly, for estimates."""
    max_total: int = 0
    """Pixels in all frames together that it can hold in memory; 0 where frames go straight to the file."""

    @property
    def size(self) -> tuple[int, int]:
        """The usual width and height in pixels."""
        return (1280, 720) if self.video else (480, 270)

    def check(self, width: int, height: int, fps: Rate, count: int, quality: int | None) -> None:
        """Refuse, before any work is done, what the format cannot hold. Raises `BadInput`."""
        if max(width, height) > self.max_side:
            raise BadInput(f"{self.name}: expected at most {self.max_side} pixels a side, found {width}x{height}")
        if self.video and (width % 2 or height % 2):
            even = f"{max(2, width - width % 2)}x{max(2, height - height % 2)}"
            raise BadInput(
                f"{self.name}: expected an even width and height, found {width}x{height}; {even} will do"
            )
        if fps > self.max_fps:
            raise BadInput(f"{self.name}: expected at most {self.max_fps} frames a second, found {fps}")
        if quality is not None and not self.lossy:
            raise BadInput(f"{self.name} does not support a quality; leave it out")
        if quality is not None and not 1 <= quality <= 100:
            raise BadInput(f"quality: expected 1 to 100, found {quality}")
        total = width * height * count
        if self.max_total and total > self.max_total:
            raise BadInput(
                f"{self.name}: expected at most {self.max_total / 1e6:.0f} megapixels in all frames, found"
                f" {total / 1e6:.0f}; choose a smaller size or fewer frames, or .webp or .mp4"
            )


def motion_format(path: str | Path) -> MotionFormat:
    """Return the format that a path's suffix says. Raises `BadInput` for an unknown one, or one not installed."""
    suffix = Path(path).suffix.lower()
    found = _BY_SUFFIX.get(suffix)
    if found is None:
        if not suffix:
            raise BadInput(
                f"{clip(repr(str(path)))}: expected a file name that ends in one of {', '.join(_BY_SUFFIX)}"
            )
        raise unknown("format", suffix, _BY_SUFFIX)
    if found.video and find_spec("av") is None:
        raise BadInput(
            f"{found.suffix}: needs the library av; install it with: pip install 'artstudio[video]'"
            " (.webp, .gif and .png need nothing more)"
        )
    if found.name == "webp" and not features.check("webp"):
        raise BadInput(f"{found.suffix}: this build of Pillow cannot write it; choose .gif or .png")
    return found


_RECORDS = (
    MotionFormat("mp4", ".mp4", video.write_mp4, True, True, 30, 120, 4096, 0.02),
    MotionFormat("webm", ".webm", video.write_webm, True, True, 30, 120, 8192, 0.02),
    MotionFormat("gif", ".gif", pictures.write_gif, False, False, 25, 50, 65_535, 0.45, 300_000_000),
    MotionFormat("webp", ".webp", pictures.write_webp, False, True, 25, 120, 16_383, 0.04),
    MotionFormat("png", ".png", pictures.write_apng, False, False, 25, 120, 65_535, 1.2),
)

MOTION_FORMATS: Mapping[str, MotionFormat] = MappingProxyType({record.name: record for record in _RECORDS})

_BY_SUFFIX = {record.suffix: record for record in _RECORDS} | {".apng": MOTION_FORMATS["png"]}
