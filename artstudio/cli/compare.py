"""`artstudio compare`: the same weights through several activations, side by side."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import click

from artstudio.cli import options

_DEFAULT = "outputs/compare.png"


@click.command()
@click.argument("activations", nargs=-1, metavar="[ACTIVATION]...", shell_complete=options.complete_activation)
@options.recipe_options
@click.option("--seeds", help="A row for each seed, such as 1..4 or 3,7,12.")
@click.option("--morph", metavar="A..B", help="From one activation to another: step..sigmoid shows the limit.")
@click.option("--steps", default=5, show_default=True, help="Columns of a morph.")
@click.option("--gradient", is_flag=True, help="Add rows of how steeply the colour changes; black for step.")
@click.option("--curves", is_flag=True, help="Add a strip with f and f' under each column.")
@click.option("--histogram", type=int, metavar="LAYER", help="Add histograms of a layer's pre-activations.")
@click.option("--exact-weights", metavar="NAME", help="Calibrate for this activation and use its weights for all.")
@click.option("--panel", metavar="WxH", help="Pixels of a panel; its shape is kept. Default: what fills the page.")
@click.option("--title", help="The sheet's title.")
@options.figure_options(_DEFAULT)
@options.json_option
def command(
    activations: tuple[str, ...],
    seeds: str | None,
    morph: str | None,
    steps: int,
    gradient: bool,
    curves: bool,
    histogram: int | None,
    exact_weights: str | None,
    panel: str,
    title: str | None,
    output: str,
    theme: str,
    figure_size: str,
    dpi: float | None,
    text: str,
    force: bool,
    as_json: bool,
    **fields: Any,
) -> None:
    """Show the same raw weights through each ACTIVATION, side by side; step against sigmoid by default.

    Each activation is calibrated for itself; --exact-weights shows what becomes of one's weights in the others.

    \b
    artstudio compare
    artstudio compare step sigmoid tanh relu --seeds 1..3 -o compare.pdf
    artstudio compare step sigmoid --gradient --curves --theme dark
    artstudio compare --morph step..sigmoid --curves
    """  # fmt: skip
    from artstudio.engine.size import parse_size
    from artstudio.model.recipe import Recipe

    recipe = options.override(Recipe(), fields)
    file = options.figure_file(output, _DEFAULT, theme, figure_size, dpi, text, force)

    from artstudio.figures.compare import draw_comparison, fitting_panel
    from artstudio.figures.comparison import compare_sheet

    shape = parse_size(panel) if panel else partial(fitting_panel, file.size)
    sheet = compare_sheet(
        activations, recipe, shape, seeds=seeds, morph=morph, steps=steps, gradient=gradient, curves=curves,
        layer=histogram, exact_weights=exact_weights, title=title,
    )  # fmt: skip
    file.write(draw_comparison(sheet, file.theme, file.size))
    names = [column.activation.name for column in sheet.columns]
    click.echo(json.dumps({"path": output, "activations": names, "seeds": sheet.seeds}) if as_json else output)
