"""`artstudio palettes`: the list of them, with their colours; or a new one from a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

from artstudio.cli.options import json_option


@click.command()
@click.option("--from", "image", metavar="IMAGE", help="Print the main colours of your own picture instead.")
@click.option("--colours", type=int, default=6, show_default=True, help="How many of them, 2 to 16.")
@json_option
def command(image: str | None, colours: int, as_json: bool) -> None:
    """List the palettes with their colours. Add _r to a name for the reverse order.

    \b
    artstudio palettes
    artstudio render --palette ember_r
    artstudio palettes --from photo.jpg
    artstudio render --palette image:photo.jpg
    """
    if image is not None:
        from artstudio.presets.image_palette import palette_from_image

        found = palette_from_image(image, colours)
        click.echo(json.dumps(list(found)) if as_json else ",".join(found))
        return
    from artstudio.model.colour.palettes import PALETTES, palette_colours

    palettes = {name: list(palette_colours(name)) for name in PALETTES}
    if as_json:
        click.echo(json.dumps(palettes))
    else:
        _show(palettes)


def _show(palettes: Mapping[str, Sequence[str]]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for name, colours in palettes.items():
        shown = colours[:: max(1, len(colours) // 8)]
        if console.is_terminal:
            line = Text(f"{name:12} ")
            for colour in shown:
                line.append("    ", style=f"on {colour}")
            console.print(line)
        else:
            click.echo(f"{name:12} {' '.join(shown)}")
