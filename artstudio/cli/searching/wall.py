"""A wall: many pictures in one, as `surprise --sheet` writes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from artstudio.cli import one_picture, report
from artstudio.model.size import parse_size

if TYPE_CHECKING:
    from artstudio.presets.collections import Preset

TILE = "192x192"


def write(find: Callable[[], list[Preset]], size: str | None, how: one_picture.How) -> int:
    """Write one picture of all that `find` returns, each of them small; print its path. Raises `BadInput`."""
    from artstudio.batch.run import prepare_folder
    from artstudio.files.atomic import check_writable_target, write_atomic
    from artstudio.files.encode import format_for

    path, (width, height) = Path(how.output or "outputs/surprises.png"), parse_size(size or TILE)
    format = format_for(path)
    if not how.output and not how.dry_run:
        prepare_folder(path.parent)
    if how.output or path.parent.exists():
        check_writable_target(path, overwrite=how.force)
    presets = find()
    if how.dry_run:
        print_plan(presets, str(path), how)
        return 0

    from artstudio.curation.many import render_many
    from artstudio.figures.wall import wall

    with report.pixel_progress(len(presets), path.name, how.quiet) as progress:
        recipes = [preset.recipe for preset in presets]
        tiles = render_many(recipes, width=width, height=height, then=lambda tile: tile, progress=progress)
        data = format.encode(wall(tiles), {})
    write_atomic(path, data, overwrite=how.force)
    about = {"path": str(path), "bytes": len(data), "pictures": _recipes(presets)}
    click.echo(json.dumps(about) if how.as_json else str(path))
    return 0


def print_plan(presets: Sequence[Preset], output: str, how: one_picture.How) -> None:
    """Print which surprises there would be, and where."""
    lines = (f"{preset.name}: {preset.description}" for preset in presets)
    plan = [f"{len(presets)} surprises, into {output}", *lines]
    click.echo(json.dumps({"output": output, "pictures": _recipes(presets)}) if how.as_json else "\n".join(plan))


def _recipes(presets: Sequence[Preset]) -> list[dict[str, Any]]:
    return [{"name": preset.name, "recipe": preset.recipe.to_dict()} for preset in presets]
