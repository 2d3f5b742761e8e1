"""Galleries that show themselves in notebooks and save themselves into a folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path

from artstudio.batch.job import Job, gallery_jobs
from artstudio.errors import ArtstudioError, BadInput
from artstudio.files.encode import format_for
from artstudio.model.fields.strict import checked
from artstudio.model.size import check_size
from artstudio.notebook.recipe import data_uri
from artstudio.presets.sweep import parse_sweep

_MOST, _SIDE = 12, 240
"""How many pictures show themselves, and the pixels of their longer side: a notebook is to stay small."""


@dataclass(frozen=True, repr=False)
class Gallery:
    """Pictures of many recipes. As the last line of a notebook's cell it shows the first twelve."""

    jobs: tuple[Job, ...]

    def save(self, folder: str | Path, *, workers: int | None = None) -> Path:
        """Render all pictures into `folder`, as `artstudio gallery` does, and return it.

        What is there and unchanged is kept. Raises `ArtstudioError` when a picture failed, `FolderLocked`,
        `FileProblem`.
        """
        from artstudio.batch.execute import Options, execute, open_folder

        folder = Path(folder)
        options = Options(workers or (os.cpu_count() or 1) + 1)
        with open_folder(folder) as entries:
            failed = [o for o in execute(self.jobs, folder, entries, options) if o.status == "failed"]
        if failed:
            more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
            raise ArtstudioError(f"{failed[0].job.name}: {failed[0].reason}{more}")
        return folder

    def __len__(self) -> int:
        return len(self.jobs)

    def __repr__(self) -> str:
        names = ", ".join(job.name for job in self.jobs[:3])
        return f"<gallery of {len(self.jobs)}: {names}{', …' if len(self.jobs) > 3 else ''}>"

    def _repr_html_(self) -> str:
        cells = "".join(map(_cell, self.jobs[:_MOST]))
        hidden = len(self.jobs) - _MOST
        rest = f"<p>and {hidden} more; <code>save(folder)</code> renders all of them</p>" if hidden > 0 else ""
        return f'<div style="display:flex;flex-wrap:wrap;gap:12px">{cells}</div>{rest}'


@checked
def gallery(
    *presets: str,
    sweeps: Sequence[str] = (),
    width: int | None = None,
    height: int | None = None,
    format: str = "png",
) -> Gallery:
    """Return a gallery of presets: names, collections, TOML files or pictures; all the shipped ones if none is named.

    `sweeps`, such as `seed=1..6`, give a picture for each value; `width` and `height` in pixels and `format` (png,
    jpeg, webp or avif) are those of the saved pictures. Without a size it is 1080p, or that of a picture that is
    named. Raises `BadInput`.
    """
    parsed = [parse_sweep(text) for text in sweeps]
    if (width is None) != (height is None):
        raise BadInput("gallery: expected width and height, found one of them")
    size = None
    if width is not None and height is not None:
        check_size(width, height)
        size = f"{width}x{height}"
    jobs = gallery_jobs(presets, parsed, lambda recipe: recipe, size, format_for("", explicit=format), None)
    return Gallery(tuple(jobs))


def _cell(job: Job) -> str:
    from PIL import Image

    from artstudio.engine.render import render

    scale = _SIDE / max(job.width, job.height)
    width, height = (max(1, round(side * scale)) for side in (job.width, job.height))
    # Twice as fine as it is shown, for screens that can show it.
    pixels = render(job.recipe, width=2 * width, height=2 * height)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "WEBP", quality=80, method=4)
    name = escape(job.title or job.name)
    return (
        f'<figure style="margin:0;width:{width}px">'
        f'<img src="{data_uri(buffer.getvalue(), "image/webp")}" width="{width}" height="{height}" alt="{name}">'
        f"<figcaption>{name}</figcaption></figure>"
    )
