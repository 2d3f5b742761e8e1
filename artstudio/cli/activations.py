"""`artstudio activations`: the list of them."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option
from artstudio.cli.report import print_table


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List the activation functions: name, formula, range, other names, what they are used for.

    \b
    artstudio activations
    artstudio activations --json
    """
    from artstudio.model.activations import ACTIVATIONS

    records = ACTIVATIONS.values()
    if as_json:
        rows = [
            {
                "name": a.name,
                "label": a.label,
                "aliases": list(a.aliases),
                "formula": a.formula,
                "latex": a.latex,
                "range": a.range_text,
                "gain": a.gain,
                "convention": a.convention,
                "use": a.use,
            }
            for a in records
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    cells = [(a.name, a.formula, a.range_text, ", ".join(a.aliases), a.use) for a in records]
    print_table(("name", "f(z)", "range", "also", "used for"), cells)
