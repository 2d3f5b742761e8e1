"""One picture to one file: small ones in memory, posters strip by strip, so that an interrupted one goes on.

Pictures of flat areas can be drawings, too: their outlines are traced and written as SVG or PDF.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from artstudio.errors import BadInput, FileProblem
from artstudio.files.atomic import write_atomic
from artstudio.files.encode import Format, format_for
from artstudio.files.growing import growing_file, unfinished_path
from artstudio.files.vector.formats import VECTORS, VectorFormat, plot_writer, vector_format
from artstudio.model.network import build_params
from artstudio.model.recipe import Recipe
from artstudio.model.size import check_size
from artstudio.pictures.picture import drawing_texts, encode_picture, picture_texts
from artstudio.pictures.prepress import PLAIN, Prepress
from artstudio.vector.flat import check_flat
from artstudio.vector.plotter import Plotter

POSTER = 1 << 24
"""Pixels; from here on a picture is written while it is rendered."""


def picture_format(path: str | Path) -> Format | VectorFormat:
    """Return the format that a path's suffix says, of pixels or of outlines. Raises `BadInput`."""
    suffixes = [suffix for record in VECTORS.values() for suffix in record.suffixes]
    return vector_format(path) or format_for(path, beside=suffixes)


@dataclass(frozen=True)
class Picture:
    """One recipe at one size in one format. `supersample` is the samples a pixel along each side, or `AUTO`."""

    recipe: Recipe
    width: int
    height: int
    format: Format | VectorFormat
    supersample: int
    bits: int = 8
    title: str = ""
    plotter: Plotter | None = None
    """How a drawing becomes a sheet for a pen plotter, where it does."""
    prepress: Prepress = PLAIN
    """The sheet, the transparent ground, the profile."""

    def to_dict(self) -> dict[str, Any]:
        """Return what decides its pixels, as JSON values."""
        return {
            "width": self.width,
            "height": self.height,
            "supersample": self.supersample,
            "bit_depth": self.bits,
            "digest": self.recipe.digest,
            "recipe": self.recipe.to_dict(),
            **self.prepress.to_dict(),
        }

    @property
    def about(self) -> str:
        """Its size and depth in words."""
        sheet = f", {self.prepress.sheet.words}" if self.prepress.sheet else ""
        if isinstance(self.format, VectorFormat):
            return f"{self.width}x{self.height}{sheet}, outlines"
        megapixels = f"{self.width * self.height / 1e6:.3g} megapixels"
        return f"{self.width}x{self.height}{sheet}, {megapixels}, {self.bits} bits per channel"

    @property
    def is_poster(self) -> bool:
        """Whether it is written while it is rendered."""
        return (
            isinstance(self.format, Format)
            and self.format.strips is not None
            and self.width * self.height >= POSTER
        )

    def check(self, path: Path) -> None:
        """Refuse, before any work is done, what the format, the memory or the disk cannot hold.

        Raises `BadInput` and `FileProblem`.
        """
        self.prepress.check(self.format, self.width, self.height, self.bits, self.supersample)
        if isinstance(self.format, VectorFormat):
            check_size(self.width, self.height)
            check_flat(self.recipe)
            if self.bits != 8:
                raise BadInput(f"{self.format.name}: colours are written with 8 bits; leave --bit-depth out")
            if self.plotter:
                plot_writer(self.format)
                if self.prepress.ground:
                    raise BadInput("alpha: a plotter's sheet has no ground; leave --alpha out")
            return
        if self.plotter:
            raise BadInput(f"--plotter: expected a file that ends in .svg, found {self.format.suffixes[0]}")
        self.format.check_size(self.width, self.height)
        self.format.check_depth(self.bits)
        if self.is_poster:
            self._check_disk(path)
        else:
            check_size(self.width, self.height)

    def _check_disk(self, path: Path) -> None:
        # Compressed pictures are several times smaller, as a rule; but a poster should not fail after hours.
        needed = self.width * self.height * self.prepress.channels * self.bits // 8
        with contextlib.suppress(OSError):
            needed -= unfinished_path(path).stat().st_size
        free = shutil.disk_usage(path.parent).free
        if needed > free:
            raise FileProblem(
                f"{path}: may need up to {needed / 1e9:.1f} GB of disk, but {free / 1e9:.1f} GB are free in "
                f"{path.parent}; make room there, or choose a smaller size"
            )


@dataclass(frozen=True)
class Means:
    """What a picture is made with, none of which changes a pixel."""

    progress: Callable[[int], object] = lambda pixels: None
    """Called with numbers of pixels as they are done, from any thread."""
    tell: Callable[[str], object] = lambda line: None
    """Called with a line for the user."""
    device: str = "auto"
    """See `engine.devices.find_devices`."""
    watch: Callable[[str], AbstractContextManager[None]] = lambda stage: nullcontext()
    """Entered for each stage of the work."""
    threads: int | None = None
    """None for one per core."""


def render_bytes(picture: Picture, means: Means = Means()) -> bytes:
    """Render and encode a picture in memory."""
    if isinstance(picture.format, VectorFormat):
        plotter = picture.plotter.words if picture.plotter else ""
        size = picture.width, picture.height
        texts = drawing_texts(picture.recipe, size, picture.title, plotter, picture.prepress)
        return draw_bytes(picture, texts, means)
    with means.watch("import"):
        from artstudio.engine.render import render  # late: a refusal should not wait for JAX
    arguments, prepress = _arguments(picture, means), picture.prepress
    with means.watch("render"):
        if prepress.changes_pixels:
            pixels = np.concatenate([band for _, band in prepress.bands(picture.recipe, **arguments)])
        else:
            pixels = render(picture.recipe, **arguments)
    with means.watch("encode"):
        return encode_picture(pixels, picture.recipe, picture.supersample, picture.format, picture.title, prepress)


def draw_bytes(picture: Picture, texts: Mapping[str, str], means: Means = Means()) -> bytes:
    """Return the file of a picture that is drawn as outlines, with these texts in it."""
    with means.watch("import"):
        from artstudio.vector.outlines import drawing_of
        from artstudio.vector.plotter import plot_of
        from artstudio.vector.trace import trace
    assert isinstance(picture.format, VectorFormat)
    size = picture.width, picture.height
    arguments = _arguments(picture, means)
    with means.watch("trace"):
        given = {name: arguments[name] for name in ("params", "devices", "threads", "progress")}
        subdivision = trace(picture.recipe, *size, **given)
    with means.watch("encode"):
        if picture.plotter:
            return plot_writer(picture.format)(plot_of(subdivision, *size, picture.plotter), texts)
        drawing = replace(drawing_of(subdivision, *size), space=picture.recipe.space)
        ground = picture.prepress.ground
        return picture.format.write(drawing.without(int(ground[1:], 16)) if ground else drawing, texts)


def _arguments(picture: Picture, means: Means) -> dict[str, Any]:
    """Return the arguments of `render` and `render_bands`."""
    from artstudio.engine.devices import find_devices

    devices = find_devices(means.device)
    with means.watch("weights"):
        params = build_params(picture.recipe)
    return {
        "width": picture.width,
        "height": picture.height,
        "supersample": picture.supersample,
        "bit_depth": picture.bits,
        "params": params,
        "devices": devices,
        "threads": means.threads,
        "progress": means.progress,
    }


def render_file(
    picture: Picture,
    path: Path,
    *,
    means: Means = Means(),
    overwrite: bool = False,
) -> int:
    """Render a picture to a file and return its size in bytes. The file appears whole or not at all.

    A poster that was interrupted, however it was, goes on where it stopped when it is rendered to the same path
    again; its pixels are those of an uninterrupted one. Raises what `growing_file` and `write_atomic` raise.
    """
    if not picture.is_poster:
        data = render_bytes(picture, means)
        with means.watch("write"):
            write_atomic(path, data, overwrite=overwrite)
        return len(data)
    with means.watch("import"):
        from artstudio.engine.render import band_rows

    assert isinstance(picture.format, Format)
    assert picture.format.strips is not None
    width, height = size = picture.width, picture.height
    format = picture.format.strips(
        width, height, picture.bits, band_rows(width), picture.prepress.space(picture.recipe),
        picture.prepress.channels,
    )  # fmt: skip

    def texts(pixel_hash: str) -> dict[str, str]:
        return picture_texts(picture.recipe, picture.supersample, picture.title, pixel_hash, picture.prepress)

    with growing_file(path, format, texts, size, picture.bits, overwrite=overwrite) as file:
        if file.rows:
            means.tell(f"{file.rows} of {height} rows were done already")
            means.progress(file.rows * width)
        bands = picture.prepress.bands(picture.recipe, start_row=file.rows, **_arguments(picture, means))
        try:
            while not file.finished:
                with means.watch("render"):
                    _, band = next(bands)
                with means.watch("encode, write"):
                    file.append(band)
        except KeyboardInterrupt:
            seed = picture.recipe.seed
            means.tell(
                f"{file.rows} of {height} rows are kept; the same command, with --seed {seed}, goes on from there"
            )
            raise
        with means.watch("encode, write"):
            return file.finish()
