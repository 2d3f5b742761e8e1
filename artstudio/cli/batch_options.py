"""The options of `gallery` that say how to work through a batch, and how its folder is to look."""

from __future__ import annotations

import click

from artstudio.cli import options

batch_options = options.adder(
    click.option(
        "--workers", type=click.IntRange(1, 256), help="Pictures at a time; default: one more than cores."
    ),
    click.option("--cluster", default="", metavar="ADDRESS", help="Render on a Dask cluster; 'local' starts one."),
    click.option("-n", "--dry-run", is_flag=True, help="Print the plan; write nothing."),
    click.option("-f", "--force", is_flag=True, help="Render all, even pictures already there and unchanged."),
    click.option("--fail-fast", is_flag=True, help="Stop at the first picture that fails."),
)

look_options = options.adder(
    click.option("--title", default="artstudio gallery", help="Title of the contact sheet and the page."),
    click.option("--sheet", default="slide", show_default=True, help="Contact sheet: slide, a4, long or none."),
    click.option("--columns", type=click.IntRange(1, 40), help="Columns of the contact sheet."),
    click.option(
        "--caption", default="name", show_default=True, help="Text below each picture: name, recipe, size or none."
    ),
    click.option(
        "--page/--no-page", default=True, help="Write index.html, a page of the pictures. On by default."
    ),
)
