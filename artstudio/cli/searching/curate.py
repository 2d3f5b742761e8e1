"""`artstudio curate`: search many seeds for good, different pictures."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import prod
from typing import Any

import click

from artstudio.cli import options, report
from artstudio.cli.searching import found


@click.command(cls=options.RecipeCommand)
@click.argument("source", required=False, shell_complete=options.complete_preset)
@click.option("--count", type=int, default=500, show_default=True, help="Seeds to look at, from --seed on.")
@click.option("--keep", type=int, default=24, show_default=True, help="Pictures to keep.")
@click.option(
    "--sweep",
    "sweeps",
    multiple=True,
    metavar="FIELD=VALUES",
    help="Try each of these values for every seed, as in --sweep palette=dusk,ink; may be repeated.",
)
@found.found_options("outputs/curated")
def command(
    source: str | None, count: int, keep: int, sweeps: tuple[str, ...], size: str | None, output: str, force: bool,
    dry_run: bool, as_json: bool, quiet: bool, **fields: Any,
) -> int:  # fmt: skip
    """Let it find good ones: render many small, score them on published measures, keep a good, varied set.

    Every candidate is scored by its colours, contrast, detail and balance (docs/curation.md). The kept ones are
    rendered into a folder with a contact sheet, a page, and presets.toml for `artstudio gallery`. SOURCE is a
    preset or a picture to start from. `--json` prints the scores of all candidates.

    \b
    artstudio curate -a relu --palette koi
    artstudio curate --count 2000 --keep 24 --sweep activation=step,tanh
    artstudio curate glacier-flight --count 200 --keep 8 --json
    """  # fmt: skip
    from artstudio.curation.curate import check_counts, consecutive_seeds, curate, score_recipes
    from artstudio.model.recipe import Recipe
    from artstudio.pictures.source import Source, read_source
    from artstudio.presets.sweep import expand, parse_sweep
    from artstudio.presets.text import preset_names

    start = read_source(source) if source else Source(Recipe())
    recipe = options.override(start.recipe, fields)
    seeds = consecutive_seeds(recipe, count)
    parsed = [parse_sweep(text) for text in sweeps]
    check_counts(count * prod(len(sweep.values) for sweep in parsed), keep)
    named = [pair for r in seeds for pair in expand(f"seed-{r.seed}", r, parsed)]
    target = found.open_found(start.size_or(size, found.SIZE), output, force, as_json, quiet)
    if dry_run:
        ends = {"first": named[0][0], "last": named[-1][0]}
        about = {"candidates": len(named), "keep": keep, "folder": output, **ends}
        click.echo(json.dumps(about) if as_json else f"{len(named)} candidates, {keep} to keep, into {output}")
        return 0
    with report.pixel_progress(len(named), "looking", quiet) as progress:
        kept, scores = curate(score_recipes(named, progress), keep)
    table = [{"name": name, **asdict(measures)} for name, measures in scores]
    description = f"{len(kept)} of {len(named)} candidates, chosen by score and difference."
    names = preset_names(candidate.name for candidate in kept)
    presets = found.as_presets("Curated", zip(names, (candidate.recipe for candidate in kept), strict=True))
    return target.publish("Curated", description, presets, {"scores": table})
