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


@click.command()
@click.argument("source", required=False, shell_complete=options.complete_preset)
@options.recipe_options
@options.size_option("square")
@options.supersample_option
@options.bit_depth_option
@click.option("-o", "--output", help="The file: .png, .jpg, .webp, .avif or .tif; '-' writes a PNG to stdout.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@options.json_option
@options.quiet_option
def command(
    source: str | None,
    size: str,
    supersample: int | None,
    bit_depth: str,
    output: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    **fields: Any,
) -> None:
    """Render one picture and print its path.

    SOURCE is a preset's name, a TOML file (file.toml:name), or a PNG or TIFF made here; options override its
    recipe. Without SOURCE and --seed a seed is drawn and told. A poster (16 megapixels or more, .png or .tif)
    is written while it is rendered; if it is interrupted, the same command goes on from there.

    \b
    artstudio render
    artstudio render -a step --seed 7 --size 1080p -o step.png
    artstudio render rose-window --size 4k
    artstudio render outputs/tanh-7.png --palette ember -o warm.png
    artstudio render rose-window --size 16384x16384 --bit-depth 16 -o poster.tif
    """  # fmt: skip
    from artstudio.batch.run import prepare_folder
    from artstudio.batch.single import Picture, render_bytes, render_file
    from artstudio.engine.size import parse_size, resolve_supersample
    from artstudio.files.atomic import check_writable_target
    from artstudio.files.encode import format_for
    from artstudio.model.recipe import MAX_SEED, Recipe

    width, height = parse_size(size)
    recipe, stem, title = options.source_recipe(source) if source else (Recipe(), "", "")
    drawn = source is None and fields["seed"] is None
    if drawn:
        fields["seed"] = secrets.randbelow(MAX_SEED + 1)
    recipe = options.override(recipe, fields)
    stem = stem or f"{'-'.join(recipe.activation)}-{recipe.seed}"
    path = Path(output or f"outputs/{stem}.png")
    to_stdout = output == "-"
    format = format_for(".png" if to_stdout else path)
    samples = resolve_supersample(supersample)
    picture = Picture(recipe, width, height, format, samples, int(bit_depth), title)
    if not to_stdout:
        prepare_folder(path.parent if not output else Path())
        check_writable_target(path, overwrite=force)
    picture.check(path)
    report.remark(f"seed {recipe.seed}", quiet or not drawn)

    with report.pixel_progress(width * height, path.name, quiet) as progress:
        if to_stdout:
            sys.stdout.buffer.write(render_bytes(picture, progress=progress))
            return
        tell = partial(report.remark, quiet=quiet)
        size_in_bytes = render_file(picture, path, overwrite=force, progress=progress, tell=tell)
    about = {
        "path": str(path),
        "width": width,
        "height": height,
        "supersample": samples,
        "bit_depth": picture.bits,
    }
    about |= {"bytes": size_in_bytes, "digest": recipe.digest, "recipe": recipe.to_dict()}
    click.echo(json.dumps(about) if as_json else str(path))
