"""One picture to one file: small ones in memory, posters strip by strip, so that an interrupted one goes on."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from artstudio.batch.picture import encode_picture, picture_texts
from artstudio.engine.size import check_size
from artstudio.errors import FileProblem
from artstudio.files.atomic import write_atomic
from artstudio.files.encode import Format
from artstudio.files.growing import growing_file, unfinished_path
from artstudio.model.recipe import Recipe

POSTER = 1 << 24
"""Pixels; from here on a picture is written while it is rendered."""


@dataclass(frozen=True)
class Picture:
    """One recipe at one size in one format. `supersample` is the samples a pixel along each side, or `AUTO`."""

    recipe: Recipe
    width: int
    height: int
    format: Format
    supersample: int
    bits: int = 8
    title: str = ""

    @property
    def is_poster(self) -> bool:
        """Whether it is written while it is rendered."""
        return self.format.strips is not None and self.width * self.height >= POSTER

    def check(self, path: Path) -> None:
        """Refuse, before any work is done, what the format, the memory or the disk cannot hold.

        Raises `BadInput` and `FileProblem`.
        """
        self.format.check_size(self.width, self.height)
        self.format.check_depth(self.bits)
        if self.is_poster:
            self._check_disk(path)
        else:
            check_size(self.width, self.height)

    def _check_disk(self, path: Path) -> None:
        # Compressed pictures are several times smaller, as a rule; but a poster should not fail after hours.
        needed = self.width * self.height * 3 * self.bits // 8
        with contextlib.suppress(OSError):
            needed -= unfinished_path(path).stat().st_size
        free = shutil.disk_usage(path.parent).free
        if needed > free:
            raise FileProblem(
                f"{path}: may need up to {needed / 1e9:.1f} GB of disk, but {free / 1e9:.1f} GB are free in "
                f"{path.parent}; make room there, or choose a smaller size"
            )


def render_bytes(picture: Picture, *, progress: Callable[[int], object]) -> bytes:
    """Render and encode a picture in memory."""
    from artstudio.engine.render import render  # late: a refusal should not wait for JAX

    pixels = render(
        picture.recipe,
        width=picture.width,
        height=picture.height,
        supersample=picture.supersample,
        bit_depth=picture.bits,
        alone=True,
        progress=progress,
    )
    return encode_picture(pixels, picture.recipe, picture.supersample, picture.format, picture.title)


def render_file(
    picture: Picture,
    path: Path,
    *,
    overwrite: bool = False,
    progress: Callable[[int], object] = lambda pixels: None,
    tell: Callable[[str], object] = lambda line: None,
) -> int:
    """Render a picture to a file and return its size in bytes. The file appears whole or not at all.

    A poster that was interrupted, however it was, goes on where it stopped when it is rendered to the same path
    again; its pixels are those of an uninterrupted one. `progress` is called with numbers of pixels as they are
    done, from any thread; `tell` with a line for the user. Raises what `growing_file` and `write_atomic` raise.
    """
    if not picture.is_poster:
        data = render_bytes(picture, progress=progress)
        write_atomic(path, data, overwrite=overwrite)
        return len(data)
    from artstudio.engine.render import band_rows, render_bands

    assert picture.format.strips is not None
    width, height = size = picture.width, picture.height
    format = picture.format.strips(width, height, picture.bits, band_rows(width))

    def texts(pixel_hash: str) -> dict[str, str]:
        return picture_texts(picture.recipe, picture.supersample, picture.title, pixel_hash)

    with growing_file(path, format, texts, size, picture.bits, overwrite=overwrite) as file:
        if file.rows:
            tell(f"{file.rows} of {height} rows were done already")
            progress(file.rows * width)
        bands = render_bands(
            picture.recipe,
            width=width,
            height=height,
            supersample=picture.supersample,
            bit_depth=picture.bits,
            start_row=file.rows,
            alone=True,
            progress=progress,
        )
        try:
            for _, band in bands:
                file.append(band)
        except KeyboardInterrupt:
            seed = picture.recipe.seed
            tell(
                f"{file.rows} of {height} rows are kept; the same command, with --seed {seed}, goes on from there"
            )
            raise
        return file.finish()
