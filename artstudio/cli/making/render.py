"""`artstudio render`: one picture."""

from __future__ import annotations

import json
import secrets
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options, report

_SIZE = "square"


@click.command(cls=options.RecipeCommand)
@click.argument("source", required=False, shell_complete=options.complete_preset)
@options.size_option(_SIZE)
@options.supersample_option
@options.bit_depth_option
@options.device_option
@click.option("--best-of", type=int, metavar="N", help="Score N consecutive seeds; render the best.")
@options.picture_file_option
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be rendered; write nothing.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@click.option("--timings", is_flag=True, help="Print where the time went, on stderr or in --json.")
@options.json_option
@options.quiet_option
def command(
    source: str | None, size: str | None, supersample: int | None, bit_depth: str | None, device: str,
    best_of: int | None, output: str | None, dry_run: bool, force: bool, timings: bool, as_json: bool, quiet: bool,
    **fields: Any,
) -> None:  # fmt: skip
    """Render one picture and print its path.

    SOURCE is a preset's name, a TOML file (file.toml:name), or a picture or loop made here; options override its
    recipe, its size and how it was sampled. Without SOURCE and --seed a random seed is chosen and printed. A poster
    (16 megapixels or more, .png or .tif) is written while it is rendered; if it is interrupted, the same command
    continues from there.

    \b
    artstudio render -a step --seed 7 --size 1080p -o step.png
    artstudio render -a relu --best-of 16 --size 4k
    artstudio render outputs/tanh-7.png --palette ember -o warm.png
    artstudio render rose-window --size 16384x16384 --bit-depth 16 -o poster.tif
    """  # fmt: skip
    from artstudio.pictures.stopwatch import Stopwatch

    watch = Stopwatch()
    with watch("import"):
        from artstudio.batch.run import prepare_folder
        from artstudio.files.atomic import check_writable_target
        from artstudio.files.encode import format_for
        from artstudio.model.recipe import MAX_SEED, Recipe
        from artstudio.pictures.single import Means, Picture, render_bytes, render_file
        from artstudio.pictures.source import Source, read_source

    start = read_source(source) if source else Source(Recipe())
    width, height = start.size_or(size, _SIZE)
    drawn = source is None and fields["seed"] is None
    if drawn:
        fields["seed"] = secrets.randbelow(MAX_SEED + 1)
    recipe = options.override(start.recipe, fields)
    if best_of is not None:
        from artstudio.curation.curate import best_of as choose

        with report.pixel_progress(best_of, "looking", quiet) as looked:
            recipe = choose(recipe, best_of, looked)
    path = Path(output or f"outputs/{start.stem or '-'.join((*recipe.activation, str(recipe.seed)))}.png")
    to_stdout = output == "-"
    format = format_for(".png" if to_stdout else path)
    bits = int(bit_depth) if bit_depth else min(start.bits, max(format.depths))
    picture = Picture(recipe, width, height, format, start.samples_or(supersample), bits, start.title)
    if not output and not dry_run:
        prepare_folder(path.parent)
    if not to_stdout and (output or path.parent.exists()):
        check_writable_target(path, overwrite=force)
    picture.check(path)
    report.remark(f"seed {recipe.seed}", quiet or not (drawn or best_of))
    plan = {"path": str(path), **picture.to_dict()}
    if dry_run:
        click.echo(json.dumps(plan) if as_json else f"would write {path}: {picture.about}")
        return
    if timings:
        watch.listen()
    with report.pixel_progress(width * height, path.name, quiet) as progress:
        means = Means(progress, partial(report.remark, quiet=quiet), device, watch)
        data = render_bytes(picture, means) if to_stdout else b""
        written = 0 if to_stdout else render_file(picture, path, means=means, overwrite=force)
    report.remark("\n".join(watch.table()), quiet=as_json or not timings)
    if to_stdout:
        sys.stdout.buffer.write(data)
    else:
        about = plan | {"bytes": written} | ({"timings": watch.to_dict()} if timings else {})
        click.echo(json.dumps(about) if as_json else str(path))
