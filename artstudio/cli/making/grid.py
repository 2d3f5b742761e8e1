"""`artstudio grid`: one recipe with the values of one, two or three of its fields, side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options, report

_DEFAULT = "outputs/grid.png"


@click.command(cls=options.RecipeCommand)
@click.argument("source", required=False, shell_complete=options.complete_preset)
@click.option("-x", "across", required=True, metavar="FIELD=VALUES", help="The columns: up to 12 values.")
@click.option("-y", "down", metavar="FIELD=VALUES", help="The rows: up to 12 values.")
@click.option("-z", "pages", metavar="FIELD=VALUES", help="The pages of a PDF: up to 24 values.")
@click.option(
    "--panel", metavar="WxH", help="Pixels of a picture; its shape is kept. Default: what fills the page."
)
@click.option("--title", help="The figure's title.")
@click.option("--manifest", metavar="FILE.toml", help="Write the pictures as presets, for `artstudio gallery`.")
@options.figure_options(_DEFAULT)
@click.option("--dry-run", is_flag=True, help="Say what would be painted, and paint nothing.")
@options.json_option
@options.quiet_option
def command(
    source: str | None, across: str, down: str | None, pages: str | None, manifest: str | None, output: str,
    theme: str, figure_size: str, dpi: float | None, text: str, force: bool, dry_run: bool, as_json: bool,
    quiet: bool, panel: str | None, title: str | None, **fields: Any,
) -> None:  # fmt: skip
    """Show SOURCE, a picture or a preset, with each value of one or two fields: labelled columns and rows.

    Values are those of a sweep: names, numbers, ranges such as seed=1..6, or gain=0.5..2:4 for four evenly spaced.

    \b
    artstudio grid -x activation=step,tanh,relu -y gain=0.5..2:4
    artstudio grid rose-window -x palette=dusk,lagoon,ember -y zoom=0.5,1,2 --theme dark
    artstudio grid -x seed=1..5 -y depth=2,4,8 -z activation=tanh,sine -o grid.pdf
    artstudio grid -x warp=0..1:5 --manifest warps.toml
    artstudio gallery warps.toml
    """  # fmt: skip
    from artstudio.figures.recipe_grid import check_pages, grid, grid_pages
    from artstudio.files.atomic import check_writable_target, write_atomic
    from artstudio.model.recipe import Recipe
    from artstudio.pictures.source import Source, read_source

    start = read_source(source) if source else Source(Recipe())
    sheets = grid_pages(options.override(start.recipe, fields), across, down, pages)
    file = options.figure_file(output, _DEFAULT, theme, figure_size, dpi, text, force, make_folder=not dry_run)
    check_pages(len(sheets), file.format)
    if manifest:
        check_writable_target(Path(manifest), overwrite=force)
    cells = [cell for sheet in sheets for cell in sheet.cells]
    about = {"path": output, "size": file.size.name, "theme": file.theme.name,
             "cells": [{"name": name, "recipe": recipe.to_dict()} for name, recipe in cells]}  # fmt: skip
    if not dry_run:
        with report.pixel_progress(len(cells), file.path.name, quiet) as progress:
            look: dict[str, Any] = {"panel": panel, "theme": theme, "size": figure_size, "progress": progress}
            headings = [sheet.heading(title, start.title) for sheet in sheets]
            file.write(
                *(
                    grid(across, down, recipe=sheet.recipe, title=heading, **look).figure
                    for sheet, heading in zip(sheets, headings, strict=True)
                )
            )
        if manifest:
            from artstudio.presets.text import named_presets_toml

            write_atomic(Path(manifest), named_presets_toml("Grid", cells).encode(), overwrite=force)
    line = f"would write {output}: {len(cells)} pictures" if dry_run else output
    click.echo(json.dumps(about) if as_json else line)
