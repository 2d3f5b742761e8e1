"""`artstudio breed`: children of two pictures."""

from __future__ import annotations

import json

import click

from artstudio.cli import found, options


@click.command()
@click.argument("first", shell_complete=options.complete_preset)
@click.argument("second", shell_complete=options.complete_preset)
@click.option("--count", type=int, default=8, show_default=True, help="Children to make.")
@found.draw_option
@found.found_options("outputs/bred")
def command(
    first: str,
    second: str,
    count: int,
    seed: int,
    size: str | None,
    output: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Cross two recipes: each part is one parent's, numbers are something between.

    FIRST and SECOND are presets, TOML files with a name (file.toml:name), or pictures and loops made here; the size
    is that of FIRST.

    \b
    artstudio breed velvet-rose koi-dahlia
    artstudio breed a.png b.png --count 24 --seed 3 -o children
    """  # fmt: skip
    from artstudio.batch.source import read_source
    from artstudio.curation.variation import breed

    parents = [read_source(source) for source in (first, second)]
    children = breed(parents[0].recipe, parents[1].recipe, count, seed)
    names = " and ".join(parent.stem for parent in parents)
    named = [(f"child-{number}", child) for number, child in enumerate(children, 1)]
    target = found.open_found(parents[0].size_or(size, found.SIZE), output, force, as_json, quiet)
    if dry_run:
        recipes = {name: child.to_dict() for name, child in named}
        click.echo(json.dumps(recipes) if as_json else f"{len(named)} children of {names}, into {output}")
        return 0
    extra = {"parents": [parent.recipe.to_dict() for parent in parents]}
    return target.publish("Children", f"Children of {names}.", named, extra)
