"""`artstudio vary`: neighbours of a picture."""

from __future__ import annotations

from typing import Any

import click

from artstudio.cli import options
from artstudio.cli.searching import found


@click.command()
@click.argument("source", shell_complete=options.complete_preset)
@click.option("--count", type=int, default=12, show_default=True, help="Neighbours to make.")
@click.option(
    "--only",
    type=options.NameList(),
    default="",
    metavar="NAME[,NAME...]",
    help="What may change: seed, latent, palette, gain. Default: all of them.",
)
@found.draw_option
@found.found_options("outputs/varied")
def command(source: str, count: int, only: tuple[str, ...], seed: int, size: str | None, **how: Any) -> int:
    """Make neighbours of a picture or preset: other seeds, latent values, palettes and gains.

    \b
    artstudio vary velvet-rose
    artstudio vary outputs/tanh-7.png --count 24 --only latent,gain --seed 3
    """  # fmt: skip
    from artstudio.curation.variation import vary
    from artstudio.pictures.source import read_source

    parent = read_source(source)
    children = vary(parent.recipe, count, tuple(filter(None, only)), seed)
    return found.deliver(
        "variation", children, [parent], size, "Variations", {"parent": parent.recipe.to_dict()}, **how
    )
