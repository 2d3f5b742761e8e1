"""`artstudio styles`: the list of the shipped ones, or of a file's."""

from __future__ import annotations

import json
from pathlib import Path

import click

from artstudio.cli.options import json_option
from artstudio.cli.report import print_table


@click.command()
@click.argument("file", required=False)
@json_option
def command(file: str | None, as_json: bool) -> None:
    """List the styles that `surprise` draws from, or those of a TOML FILE.

    `--json` prints their fields, too, each with its alternatives. How to write your own: docs/reference/styles.md.

    \b
    artstudio styles
    artstudio surprise --style silk
    artstudio styles mine.toml --json
    """
    from artstudio.presets.styles import load_styles, shipped_styles

    styles = load_styles(Path(file)) if file else shipped_styles()
    if as_json:
        click.echo(json.dumps([style.to_dict() for style in styles.values()]))
        return
    rows = [(style.name, f"{style.weight:g}", style.description) for style in styles.values()]
    print_table(("name", "weight", "description"), rows)
