"""`artstudio plot`: f(z) and f'(z)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options

_DEFAULT = "outputs/plot.svg"


@click.command()
@click.argument("activations", nargs=-1, metavar="[ACTIVATION]...", shell_complete=options.complete_activation)
@click.option("--all", "everything", is_flag=True, help="A poster of every activation, A3 unless --size is given.")
@click.option("--layout", help="overlay, grid or stacked. Default: by the number of curves and the size.")
@click.option(
    "--range", "z_range", metavar="LOW:HIGH", help="The z axis. Default: -5:5, or more to show all kinks."
)
@click.option("--derivative/--no-derivative", default=True, help="Draw f' as well. On by default.")
@click.option("--saturation", is_flag=True, help="Show where |f'| < 0.1.")
@click.option("--at", type=float, multiple=True, metavar="Z", help="Mark value and slope at Z; up to three.")
@click.option("--theme", default="light", show_default=True, shell_complete=options.complete_theme,
              help="light, dark, print, transparent[-dark].")  # fmt: skip
@click.option("--size", shell_complete=options.complete_page, help="slide (default), half, square or a3.")
@click.option("--dpi", type=float, help="Dots per inch of a PNG, 30 to 1200. Default: 144; a3 240.")
@options.text_option
@click.option("-o", "--output", default=_DEFAULT, show_default=True, help="The file: .svg, .pdf or .png.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@options.json_option
def command(
    activations: tuple[str, ...], everything: bool, size: str | None, dpi: float | None, text: str, output: str,
    force: bool, as_json: bool, **choices: Any,
) -> None:  # fmt: skip
    """Draw f(z) and f'(z) of activations and print the path.

    ACTIVATION is a name or an expression in z; step and sigmoid when none is named. Jumps are torn, with an open
    dot at a limit that is not attained and a filled one at the value; a kink has a tick across the curve.

    \b
    artstudio plot
    artstudio plot step sigmoid tanh relu --theme dark -o smooth.png
    artstudio plot sigmoid --at 0 --at 5 --saturation -o sigmoid.pdf
    artstudio plot relu gelu silu 'max(0.1*z, z)' --range -3:3 --layout grid
    artstudio plot --all -o poster.pdf
    artstudio plot tanh --text editable -o tanh.svg
    """
    from artstudio.errors import BadInput
    from artstudio.figures.exhibits import usual_range
    from artstudio.figures.spec import plot_spec
    from artstudio.figures.style.save import check_dpi, encode_figure, figure_format
    from artstudio.files.atomic import check_writable_target, write_atomic
    from artstudio.model.activation.registry import ACTIVATIONS, get_activation

    if everything and activations:
        raise BadInput("expected activations or --all, found both")
    names = list(ACTIVATIONS) if everything else activations or ("step", "sigmoid")
    records = list(dict.fromkeys(map(get_activation, names)))
    page = size or ("a3" if everything else "slide")
    spec = plot_spec(len(records), size=page, usual=usual_range(records), **choices)
    format, path = figure_format(output), Path(output)
    check_dpi(dpi or spec.size.dpi)
    if output == _DEFAULT and not path.parent.is_dir():
        from artstudio.batch.run import prepare_folder

        prepare_folder(path.parent)
    check_writable_target(path, overwrite=force)

    from artstudio.figures.curves import plot_figure

    title = "Activation functions and their derivatives" if everything else ""
    data = encode_figure(plot_figure(records, spec, title=title), format, dpi=dpi, text=text)
    write_atomic(path, data, overwrite=force)
    about = {"path": str(path), "bytes": len(data), "activations": [record.name for record in records],
             "layout": spec.layout, "range": spec.z_range, "theme": spec.theme.name, "size": spec.size.name,
             "at": spec.at, "dpi": dpi or spec.size.dpi}  # fmt: skip
    click.echo(json.dumps(about) if as_json else str(path))
