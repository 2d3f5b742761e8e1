"""`artstudio palettes`: the list of them, with their colours."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the palettes with their colours. Add _r to a name for the reverse order.

    \b
    artstudio palettes
    artstudio render --palette ember_r
    """
    from artstudio.model.palettes import PALETTES, palette_colours

    if as_json:
        click.echo(json.dumps({name: list(palette_colours(name)) for name in PALETTES}))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console()
    for name in PALETTES:
        colours = palette_colours(name)
        step = max(1, len(colours) // 8)
        shown = colours[::step]
        if console.is_terminal:
            line = Text(f"{name:12} ")
            for colour in shown:
                line.append("    ", style=f"on {colour}")
            console.print(line)
        else:
            click.echo(f"{name:12} {' '.join(shown)}")
