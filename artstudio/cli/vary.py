"""`artstudio vary`: neighbours of a picture."""

from __future__ import annotations

import json

import click

from artstudio.cli import found, options


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
def command(
    source: str,
    count: int,
    only: tuple[str, ...],
    seed: int,
    size: str | None,
    output: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Make neighbours of a picture or preset: other seeds, latent values, palettes and gains.

    \b
    artstudio vary velvet-rose
    artstudio vary outputs/tanh-7.png --count 24 --only latent,gain --seed 3
    """  # fmt: skip
    from artstudio.batch.source import read_source
    from artstudio.curation.variation import vary

    parent = read_source(source)
    children = vary(parent.recipe, count, tuple(filter(None, only)), seed)
    named = [(f"variation-{number}", child) for number, child in enumerate(children, 1)]
    target = found.open_found(parent.size_or(size, found.SIZE), output, force, as_json, quiet)
    if dry_run:
        recipes = {name: child.to_dict() for name, child in named}
        click.echo(json.dumps(recipes) if as_json else f"{len(named)} variations of {parent.stem}, into {output}")
        return 0
    return target.publish(
        "Variations", f"Neighbours of {parent.stem}.", named, {"parent": parent.recipe.to_dict()}
    )
