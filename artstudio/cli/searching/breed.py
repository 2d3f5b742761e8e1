"""`artstudio breed`: children of two pictures."""

from __future__ import annotations

from typing import Any

import click

from artstudio.cli import options
from artstudio.cli.searching import found


@click.command()
@click.argument("first", shell_complete=options.complete_preset)
@click.argument("second", shell_complete=options.complete_preset)
@click.option("--count", type=int, default=8, show_default=True, help="Children to make.")
@found.draw_option
@found.found_options("outputs/bred")
def command(first: str, second: str, count: int, seed: int, size: str | None, **how: Any) -> int:
    """Cross two recipes: each part comes from one parent; numbers lie between both.

    FIRST and SECOND are presets, TOML files with a name (file.toml:name), or pictures and loops made here; the size
    is that of FIRST.

    \b
    artstudio breed velvet-rose koi-dahlia
    artstudio breed a.png b.png --count 24 --seed 3 -o children
    """  # fmt: skip
    from artstudio.curation.variation import breed
    from artstudio.pictures.source import read_source

    parents = [read_source(source) for source in (first, second)]
    children = breed(parents[0].recipe, parents[1].recipe, count, seed)
    extra = {"parents": [parent.recipe.to_dict() for parent in parents]}
    return found.deliver("child", children, parents, size, "Children", extra, **how)
