"""`artstudio export`: a network for other programs."""

from __future__ import annotations

import json
from typing import Any

import click

from artstudio.cli import options, report


@click.command(cls=options.RecipeCommand)
@click.argument("source", required=False, shell_complete=options.complete_preset)
@options.size_option("square")
@click.option("-o", "--output", required=True, help="A .frag, .html, .onnx, .json or .py file.")
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be written; write nothing.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@options.json_option
@options.quiet_option
def command(
    source: str | None, size: str | None, output: str, dry_run: bool, force: bool, as_json: bool,
    quiet: bool, **fields: Any,
) -> None:  # fmt: skip
    """Write a picture's network for other programs and print the path.

    SOURCE is what `artstudio render` takes. The suffix says the form: a GLSL shader for Shadertoy (.frag), a page
    that paints the picture over the whole window and moves (.html), an ONNX model from coordinates to colours (.onnx,
    needs the extra onnx), plain weights and activations (.json), a NumPy program to read (.py). The recipe is inside.

    \b
    artstudio export agate -o agate.frag
    artstudio export paper-dune --size slide -o background.html
    artstudio export -a sine --seed 7 --units 8 --depth 2 -o network.py
    """  # fmt: skip
    from artstudio.export.write import export_bytes, export_format
    from artstudio.files.atomic import check_writable_target, write_atomic
    from artstudio.model.recipe import Recipe
    from artstudio.pictures.source import Source, read_source

    format = export_format(output)
    start = read_source(source) if source else Source(Recipe())
    recipe = options.override(start.recipe, fields)
    check_writable_target(output, overwrite=force)
    data = export_bytes(recipe, format, title=start.title, size=start.size_or(size, "square"))
    about = {"path": output, "format": format.name, "bytes": len(data), "recipe": recipe.to_dict()}
    if dry_run:
        click.echo(json.dumps(about) if as_json else f"would write {output}: {format.content}, {len(data)} bytes")
        return
    write_atomic(output, data, overwrite=force)
    report.remark(f"{format.content}, {len(data) / 1000:.0f} kB", quiet or as_json)
    click.echo(json.dumps(about) if as_json else output)
