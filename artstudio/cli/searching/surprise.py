"""`artstudio surprise`: a good picture, whatever it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from artstudio.cli import one_picture, options
from artstudio.cli.searching import found, wall
from artstudio.cli.surprise_options import draw, style_option
from artstudio.errors import BadInput
from artstudio.model.size import parse_size

if TYPE_CHECKING:
    from artstudio.presets.collections import Preset

_SIZE = "1080p"


@click.command(cls=options.RecipeCommand)
@click.option("-s", "--seed", type=click.IntRange(0, 2**32 - 1), help="Which surprise; random without it.")
@style_option
@click.option("--count", type=int, metavar="N", help="N surprises that differ, into a folder.")
@click.option("--sheet", is_flag=True, help="One picture of all --count, edge to edge, in place of the folder.")
@click.option("--size", metavar="WxH|NAME", shell_complete=options.completer("artstudio.model.size:size_names"),
              help=f"Pixels, or a name as in render.  [default: {_SIZE}; each of --count {found.SIZE}, in a sheet "
              f"{wall.TILE}]")  # fmt: skip
@click.option("-o", "--output", help="The picture's file, or the folder of --count.")
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be made; write nothing.")
@click.option("-f", "--force", is_flag=True, help="Replace what is there.")
@options.json_option
@options.quiet_option
def command(
    styles: tuple[str, ...], count: int | None, sheet: bool, size: str | None, output: str | None, dry_run: bool,
    force: bool, as_json: bool, quiet: bool, **fields: Any,
) -> int:  # fmt: skip
    """Make a picture that is worth keeping, and print its path.

    A style, such as silk or mandala, has its turn by the seed; six recipes are drawn from it, with their activations,
    features, symmetry and finish, and the best of them by its scores (docs/curation.md) is rendered. All that is not
    left to chance is given as in render. The recipe is an ordinary one: `render`, `vary` and `animate` take the file.

    \b
    artstudio surprise
    artstudio surprise --style mandala --palette koi --size 4k -o koi.png
    artstudio surprise --count 24 -o finds
    artstudio surprise --count 100 --seed 1 --sheet -o wall.png
    artstudio surprise --style mine.toml --seed 7
    """  # fmt: skip
    how = one_picture.How(output=output, dry_run=dry_run, force=force, as_json=as_json, quiet=quiet)
    if count is None and sheet:
        raise BadInput("--sheet: expected --count N with it, found none")
    make = _one if count is None else wall.write if sheet else _folder
    return make(lambda: draw(1 if count is None else count, styles, fields, quiet), size, how)


def _one(find: Callable[[], list[Preset]], size: str | None, how: one_picture.How) -> int:
    from artstudio.model.recipe import Recipe
    from artstudio.pictures.source import Source
    from artstudio.pictures.stopwatch import Stopwatch

    paper = Source(Recipe()).sized(size, _SIZE, None, None)
    (preset,) = find()
    source = replace(paper, recipe=preset.recipe, stem=preset.name, title=preset.title)
    one_picture.write(source, how, Stopwatch(), "")
    return 0


def _folder(find: Callable[[], list[Preset]], size: str | None, how: one_picture.How) -> int:
    output = how.output or "outputs/surprises"
    target = found.open_found(parse_size(size or found.SIZE), output, how.force, how.as_json, how.quiet)
    presets = find()
    if how.dry_run:
        wall.print_plan(presets, output, how)
        return 0
    styles = len({preset.tags for preset in presets})
    return target.publish("Surprises", f"{len(presets)} surprises in {styles} styles.", presets, {})
