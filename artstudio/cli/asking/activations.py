"""`artstudio activations`: the cheat sheet."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from artstudio.cli.options import complete_theme, json_option, text_option
from artstudio.cli.report import print_table

_HEADERS = (
    "name", "f(z)", "range", "zero-centred", "saturates", "monotonic", "smoothness",
    "largest |f'|", "where", "used for",
)  # fmt: skip


FOOTNOTE = (
    "zero-centred: averages zero for z from N(0, 1), to a hundredth of its spread. smoothness: C0 has kinks, C1 a"
    " continuous slope, and so on. softmax: the first share of (z, 0, 0)."
)


@click.command()
@click.option("--markdown", is_flag=True, help="Print the table in Markdown, for notes and slides.")
@click.option("--aliases", is_flag=True, help="List each function's other names instead.")
@click.option("--figure", metavar="FILE", help="Draw the sheet: FILE.png, .svg or .pdf.")
@click.option("--theme", default="light", show_default=True, shell_complete=complete_theme,
              help="Of the figure: light, dark, print, transparent.")  # fmt: skip
@text_option
@click.option("-f", "--force", is_flag=True, help="Replace an existing figure.")
@json_option
def command(
    markdown: bool, aliases: bool, figure: str | None, theme: str, text: str, force: bool, as_json: bool
) -> None:
    """Print the cheat sheet: every activation with its properties, measured from the function itself.

    \b
    artstudio activations
    artstudio activations --markdown > cheat-sheet.md
    artstudio activations --figure cheat-sheet.pdf
    artstudio activations --aliases
    """
    from artstudio.model.activation.properties import measure
    from artstudio.model.activation.registry import ACTIVATIONS

    records = ACTIVATIONS.values()
    if figure:
        from artstudio.cli.options import figure_file

        file = figure_file(figure, "", theme, "a3", None, text, force)

        from artstudio.figures.cheatsheet import draw_cheat_sheet

        file.write(draw_cheat_sheet(list(records), file.theme, file.size))
        click.echo(json.dumps({"path": figure, "activations": [a.name for a in records]}) if as_json else figure)
        return
    if aliases:
        print_table(("name", "also"), [(a.name, ", ".join(a.aliases)) for a in records])
        return
    if as_json:
        described = ("name", "label", "formula", "latex", "gain", "convention", "use")
        rows = []
        for a in records:
            row = {field: getattr(a, field) for field in described}
            row |= {"aliases": list(a.aliases), "range": a.range_text, **asdict(measure(a))}
            rows.append(
                {key: None if value in (float("inf"), -float("inf")) else value for key, value in row.items()}
            )
        click.echo(json.dumps(rows))
        return
    cells = []
    for a in records:
        p = measure(a)
        cells.append((
            a.name, a.formula, a.range_text, _yes(p.zero_centred), p.saturates, _yes(p.monotonic), p.smoothness,
            f"{p.largest_slope:.4g}", p.slope_at, a.use,
        ))  # fmt: skip
    if markdown:
        for line in (_HEADERS, ("---",) * len(_HEADERS), *cells):
            click.echo("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |")
        click.echo(f"\n{FOOTNOTE}")
        return
    print_table(_HEADERS, cells)
    click.echo(FOOTNOTE)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
