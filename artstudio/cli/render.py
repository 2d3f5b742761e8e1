"""`artstudio render`: one picture."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options, report


@click.command()
@click.argument("source", required=False, shell_complete=options.complete_preset)
@options.recipe_options
@options.size_option("square")
@options.supersample_option
@click.option("--best-of", type=int, metavar="N", help="Score N consecutive seeds; render the best.")
@click.option("-o", "--output", help="The file: .png, .jpg, .webp or .avif; '-' writes a PNG to stdout.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@options.json_option
@options.quiet_option
def command(
    source: str | None,
    size: str,
    supersample: int | None,
    best_of: int | None,
    output: str | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    **fields: Any,
) -> None:
    """Render one picture and print its path.

    SOURCE is a preset's name, a TOML file (file.toml:name), or a PNG made here; options options.override its
    recipe. Without SOURCE and --seed a seed is drawn and told.

    \b
    artstudio render
    artstudio render -a step --seed 7 --size 1080p -o step.png
    artstudio render rose-window --size 4k
    artstudio render -a relu --best-of 16
    artstudio render outputs/tanh-7.png --palette ember -o warm.png
    """  # fmt: skip
    from artstudio.batch.picture import encode_picture
    from artstudio.batch.run import prepare_folder
    from artstudio.engine.size import check_size, parse_size, resolve_supersample
    from artstudio.files.atomic import check_writable_target, write_atomic
    from artstudio.files.encode import format_for
    from artstudio.model.recipe import MAX_SEED, Recipe

    width, height = parse_size(size)
    recipe, stem, title = options.source_recipe(source) if source else (Recipe(), "", "")
    drawn = source is None and fields["seed"] is None
    if drawn:
        fields["seed"] = secrets.randbelow(MAX_SEED + 1)
    recipe = options.override(recipe, fields)
    samples = resolve_supersample(supersample)
    check_size(width, height)
    if best_of is not None:
        from artstudio.curation import curate

        with report.pixel_progress(best_of, "looking", quiet) as looked:
            recipe = curate.best_of(recipe, best_of, looked)
    stem = stem or f"{'-'.join(recipe.activation)}-{recipe.seed}"
    path = Path(output or f"outputs/{stem}.png")
    to_stdout = output == "-"
    format = format_for(".png" if to_stdout else path)
    format.check_size(width, height)
    if not to_stdout:
        prepare_folder(path.parent if not output else Path())
        check_writable_target(path, overwrite=force)
    report.remark(f"seed {recipe.seed}", quiet or not (drawn or best_of))

    from artstudio.engine.render import render

    with report.pixel_progress(width * height, path.name, quiet) as progress:
        pixels = render(recipe, width=width, height=height, supersample=samples, alone=True, progress=progress)
        data = encode_picture(pixels, recipe, samples, format, title)
    if to_stdout:
        sys.stdout.buffer.write(data)
        return
    write_atomic(path, data, overwrite=force)
    about = {"path": str(path), "width": width, "height": height, "supersample": samples}
    about |= {"bytes": len(data), "digest": recipe.digest, "recipe": recipe.to_dict()}
    click.echo(json.dumps(about) if as_json else str(path))
