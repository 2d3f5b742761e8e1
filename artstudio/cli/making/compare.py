"""`artstudio compare`: one random draw of weights through several activations, side by side."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from artstudio.cli import options, report

_DEFAULT = "outputs/compare.png"


@click.command(cls=options.RecipeCommand)
@click.argument("activations", nargs=-1, metavar="[ACTIVATION]...", shell_complete=options.complete_activation)
@click.option("--seeds", help="One row per seed, such as 1..4 or 3,7,12.")
@click.option("--morph", metavar="A..B", help="From one activation to another: step..sigmoid shows the limit.")
@click.option(
    "--source",
    metavar="PICTURE|PRESET",
    shell_complete=options.complete_preset,
    help="Start from the recipe of a picture or a preset; other options override it.",
)
@click.option("--steps", default=5, show_default=True, help="Columns of a morph.")
@click.option(
    "--gradient", is_flag=True, help="Add rows of |d colour / d (x, y)|: zero almost everywhere for step."
)
@click.option("--curves", is_flag=True, help="Add a strip with f and f' under each column.")
@click.option("--histogram", type=int, metavar="LAYER", help="Add histograms of a layer's pre-activations.")
@click.option("--exact-weights", metavar="NAME", help="Calibrate for this activation and use its weights for all.")
@click.option("--panel", metavar="WxH", help="Pixels of a panel; its shape is kept. Default: what fills the page.")
@click.option("--title", help="The sheet's title.")
@options.figure_options(_DEFAULT)
@options.json_option
@options.quiet_option
def command(
    activations: tuple[str, ...], seeds: str | None, morph: str | None, steps: int, output: str, theme: str,
    figure_size: str, dpi: float | None, text: str, force: bool, as_json: bool, quiet: bool, source: str | None,
    **fields: Any,
) -> None:  # fmt: skip
    """Show one random draw of weights through each ACTIVATION, side by side; step against sigmoid by default.

    The draw is calibrated for each activation; with --exact-weights all have identical weights.

    \b
    artstudio compare
    artstudio compare step sigmoid tanh relu --seeds 1..3 -o compare.pdf
    artstudio compare step sigmoid --gradient --curves --theme dark
    artstudio compare --morph step..sigmoid --curves
    artstudio compare sine tanh --source outputs/sine.png
    """  # fmt: skip
    from artstudio.model.recipe import Recipe

    asked = {
        name: fields.pop(name) for name in ("gradient", "curves", "histogram", "exact_weights", "panel", "title")
    }
    start = Recipe()
    if source:
        from artstudio.pictures.source import read_source

        start = read_source(source).recipe
    recipe = options.override(start, fields)
    file = options.figure_file(output, _DEFAULT, theme, figure_size, dpi, text, force)

    from artstudio.figures.comparison import panel_count
    from artstudio.figures.exhibits import compare

    count = panel_count(activations, seeds, morph, steps)
    with report.pixel_progress(count, file.path.name, quiet) as progress:
        exhibit = compare(
            *activations, recipe=recipe, theme=theme, size=figure_size, seeds=seeds, progress=progress, **asked,
            morph=morph, steps=steps,
        )  # fmt: skip
        file.write(exhibit.figure)
    about = {"path": output, "size": file.size.name, "theme": file.theme.name, "recipe": recipe.to_dict(),
             "command": exhibit.command, **exhibit.about, "tables": list(map(asdict, exhibit.tables))}  # fmt: skip
    click.echo(json.dumps(about) if as_json else output)
