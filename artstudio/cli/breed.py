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
    size: str,
    output: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Cross two recipes: each part is one parent's, numbers are something between.

    FIRST and SECOND are presets, TOML files with a name (file.toml:name), or pictures made here.

    \b
    artstudio breed velvet-rose koi-dahlia
    artstudio breed a.png b.png --count 24 --seed 3 -o children
    """  # fmt: skip
    from artstudio.curation.variation import breed

    parents = [options.source_recipe(source) for source in (first, second)]
    children = breed(parents[0][0], parents[1][0], count, seed)
    names = " and ".join(stem for _, stem, _ in parents)
    named = [(f"child-{number}", child) for number, child in enumerate(children, 1)]
    target = found.open_found(size, output, force, as_json, quiet)
    if dry_run:
        recipes = {name: child.to_dict() for name, child in named}
        click.echo(json.dumps(recipes) if as_json else f"{len(named)} children of {names}, into {output}")
        return 0
    extra = {"parents": [recipe.to_dict() for recipe, _, _ in parents]}
    return target.publish("Children", f"Children of {names}.", named, extra)
