"""`artstudio presets`: the list of the shipped ones, or of a file's."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option
from artstudio.cli.report import print_table


@click.command()
@click.argument("file", required=False)
@json_option
def command(file: str | None, as_json: bool) -> None:
    """List the shipped presets, or those of a TOML FILE.

    \b
    artstudio presets
    artstudio presets mine.toml --json
    """
    from artstudio.presets.collections import find_presets, shipped_presets

    presets = find_presets(file) if file else list(shipped_presets().values())
    if as_json:
        rows = [
            {
                "name": p.name,
                "collection": p.collection,
                "title": p.title,
                "description": p.description,
                "tags": list(p.tags),
                "recipe": p.recipe.to_dict(),
            }
            for p in presets
        ]
        click.echo(json.dumps(rows))
        return
    cells = [(p.name, p.collection, ",".join(p.recipe.activation), p.description) for p in presets]
    print_table(("name", "collection", "activation", "description"), cells)
