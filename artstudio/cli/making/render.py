"""`artstudio render`: one picture."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import click

from artstudio.cli import one_picture, options, report

_SIZE = "square"


@click.command(cls=options.RecipeCommand)
@click.argument("source", required=False, shell_complete=options.complete_preset)
@options.size_option(_SIZE)
@options.paper_options
@options.supersample_option
@options.bit_depth_option
@options.conversion_options
@options.map_option
@options.device_option
@click.option("--best-of", type=int, metavar="N", help="Score N consecutive seeds; render the best.")
@options.picture_file_option
@options.plotter_option
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be rendered; write nothing.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@click.option("--timings", is_flag=True, help="Print where the time went, on stderr or in --json.")
@options.json_option
@options.quiet_option
def command(
    source: str | None, size: str | None, dpi: float | None, bleed: str | None, supersample: int | None,
    bit_depth: str | None, alpha: str | None, profile: str | None, intent: str | None, surface: str | None,
    device: str, best_of: int | None, output: str | None, plotter: str | None, dry_run: bool, force: bool,
    timings: bool, as_json: bool, quiet: bool, **fields: Any,
) -> None:  # fmt: skip
    """Render one picture and print its path.

    SOURCE is a preset's name, a TOML file (file.toml:name), or a picture or loop made here; options override its
    recipe, its size and how it was sampled. Without SOURCE and --seed a random seed is chosen and printed. A poster
    (16 megapixels or more, .png or .tif) is written while it is rendered; if it is interrupted, the same command
    goes on from there. Pictures of flat areas can be outlines: .svg and .pdf.

    \b
    artstudio render -a step --seed 7 --size 1080p -o step.png
    artstudio render -a relu --best-of 16 --size 4k
    artstudio render outputs/tanh-7.png --palette ember -o warm.png
    artstudio render rose-window --size 16384x16384 --bit-depth 16 -o poster.tif
    artstudio render rose-window --size 300x200mm --bleed 3mm --profile printer.icc -o print.tif
    artstudio render rose-window --alpha ground -o sticker.png
    artstudio render delft-cloud --map normal -o normals.png
    artstudio render rose-window --size 1080p -o window.svg
    artstudio render agate --bands 6 --plotter hatching,a3,0.3 -o agate.svg
    """  # fmt: skip
    from artstudio.pictures.stopwatch import Stopwatch

    watch = Stopwatch()
    with watch("import"):
        from artstudio.model.recipe import MAX_SEED, Recipe
        from artstudio.pictures.source import Source, read_source

    start = (read_source(source) if source else Source(Recipe())).sized(size, _SIZE, dpi, bleed)
    drawn = source is None and fields["seed"] is None
    if drawn:
        fields["seed"] = secrets.randbelow(MAX_SEED + 1)
    recipe = options.override(start.recipe, fields)
    if best_of is not None:
        from artstudio.curation.curate import best_of as choose

        with report.pixel_progress(best_of, "looking", quiet) as looked:
            recipe = choose(recipe, best_of, looked)
    stem = start.stem or "-".join((*recipe.activation, str(recipe.seed)))
    note = f"seed {recipe.seed}" if drawn or best_of else ""
    how = one_picture.How(
        output=output, dry_run=dry_run, force=force, as_json=as_json, quiet=quiet, supersample=supersample,
        bit_depth=bit_depth, device=device, plotter=plotter, timings=timings, alpha=alpha, profile=profile,
        intent=intent, surface=surface,
    )  # fmt: skip
    one_picture.write(replace(start, recipe=recipe, stem=stem), how, watch, note)
