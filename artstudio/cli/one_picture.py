"""How `render` and `surprise` write one picture: what is checked before, what is printed after."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from artstudio.cli import report

if TYPE_CHECKING:
    from artstudio.pictures.source import Source
    from artstudio.pictures.stopwatch import Stopwatch


@dataclass(frozen=True, kw_only=True)
class How:
    """What the options of these names say."""

    output: str | None
    dry_run: bool
    force: bool
    as_json: bool
    quiet: bool
    supersample: int | None = None
    bit_depth: str | None = None
    device: str = "auto"
    plotter: str | None = None
    alpha: str | None = None
    profile: str | None = None
    intent: str | None = None
    surface: str | None = None
    """A kind of map, in place of colours."""
    timings: bool = False


def write(source: Source, how: How, watch: Stopwatch, note: str) -> None:
    """Render a source of known size to the file that was asked for, else to one of its stem; say `note`.

    Print the path, or with `dry_run` only what would be rendered. Raises `BadInput` and `FileProblem`.
    """
    with watch("import"):
        from artstudio.batch.run import prepare_folder
        from artstudio.files.atomic import check_writable_target
        from artstudio.pictures.maps import wanted_map
        from artstudio.pictures.printing import prepared
        from artstudio.pictures.single import Means, Picture, picture_format, render_bytes, render_file
        from artstudio.vector.plotter import parse_plotter

    path = Path(how.output or f"outputs/{source.stem}.png")
    to_stdout = how.output == "-"
    format = picture_format(".png" if to_stdout else path)
    # A map's steps would be seen with fewer bits.
    usual_bits = 16 if wanted_map(how.surface, source.prepress.map) else source.bits
    bits = int(how.bit_depth) if how.bit_depth else min(usual_bits, max(format.depths))
    (width, height), samples = source.pixels, source.samples_or(how.supersample)
    plotter = parse_plotter(how.plotter) if how.plotter else None
    picture = Picture(source.recipe, width, height, format, samples, bits, source.title, plotter)
    if not how.output and not how.dry_run:
        prepare_folder(path.parent)
    if not to_stdout and (how.output or path.parent.exists()):
        check_writable_target(path, overwrite=how.force)
    picture.check(path)
    ready = prepared(picture, source.prepress, how.alpha, how.profile, how.intent, how.surface)
    picture = ready.picture
    picture.check(path)
    report.remark("\n".join(filter(None, (note, ready.note))), how.quiet or not (note or ready.note))
    plan = {"path": str(path), **picture.to_dict(), **ready.figures}
    if how.dry_run:
        click.echo(json.dumps(plan) if how.as_json else f"would write {path}: {picture.about}")
        return
    if how.timings:
        watch.listen()
    with report.pixel_progress(width * height, path.name, how.quiet) as progress:
        means = Means(progress, partial(report.remark, quiet=how.quiet), how.device, watch)
        data = render_bytes(picture, means) if to_stdout else b""
        written = 0 if to_stdout else render_file(picture, path, means=means, overwrite=how.force)
    report.remark("\n".join(watch.table()), quiet=how.as_json or not how.timings)
    if to_stdout:
        sys.stdout.buffer.write(data)
    else:
        about = plan | {"bytes": written} | ({"timings": watch.to_dict()} if how.timings else {})
        click.echo(json.dumps(about) if how.as_json else str(path))
