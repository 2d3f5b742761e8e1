"""`artstudio gallery`: many pictures into a folder."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import click

from artstudio.cli.options import complete_preset, json_option, quiet_option, size_option, supersample_option
from artstudio.cli.report import pixel_progress, remark


@click.command()
@click.argument("presets", nargs=-1, metavar="[PRESET]...", shell_complete=complete_preset)
@size_option("1080p")
@supersample_option
@click.option("-o", "--output", "folder", default="outputs/gallery", show_default=True, help="The folder.")
@click.option("--format", "format_name", default="png", show_default=True, help="png, jpeg, webp or avif.")
@click.option("--workers", type=click.IntRange(1, 256), help="Pictures at a time; default: one a core.")
@json_option
@quiet_option
def command(
    presets: tuple[str, ...],
    size: str,
    supersample: int | None,
    folder: str,
    format_name: str,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Render presets into a folder: one picture each, contact-sheet.png and manifest.jsonl.

    PRESET is a shipped preset, a TOML file (all of its presets) or file.toml:name; all shipped presets when
    none is named.

    \b
    artstudio gallery
    artstudio gallery rose-window harbour --size 4k -o slides
    artstudio gallery mine.toml --size square --format webp
    """  # fmt: skip
    from artstudio.batch.job import preset_job
    from artstudio.batch.presets import find_presets, shipped_presets
    from artstudio.batch.run import prepare_folder, run
    from artstudio.engine.size import parse_size
    from artstudio.figures.sheet import Tile, contact_sheet
    from artstudio.files.atomic import write_atomic
    from artstudio.files.encode import format_for

    width, height = parse_size(size)
    format = format_for("", explicit=format_name)
    format.check_size(width, height)
    chosen = [preset for name in presets for preset in find_presets(name)] or list(shipped_presets().values())
    jobs = [preset_job(preset, width, height, format, supersample) for preset in dict.fromkeys(chosen)]
    target = Path(folder)
    prepare_folder(target)
    start = time.perf_counter()
    total = width * height * len(jobs)
    with pixel_progress(total, f"{len(jobs)} pictures", quiet) as progress:
        outcomes = list(run(jobs, target, workers=workers or os.cpu_count() or 1, progress=progress))
    tiles = [Tile(target / job.file_name, job.title, job.name) for job in jobs]
    write_atomic(target / "contact-sheet.png", contact_sheet(tiles, title="artstudio gallery"))
    seconds = time.perf_counter() - start
    if as_json:
        pictures = [
            {"name": o.job.name, "path": str(o.path), "bytes": o.bytes, "seconds": o.seconds} for o in outcomes
        ]
        click.echo(json.dumps({"folder": folder, "seconds": seconds, "pictures": pictures}))
        return
    size_mb = sum(outcome.bytes for outcome in outcomes) / 1e6
    remark(f"{len(jobs)} pictures, {total / 1e6:.0f} megapixels, {size_mb:.1f} MB in {seconds:.1f} s", quiet)
    click.echo(str(target / "contact-sheet.png"))
