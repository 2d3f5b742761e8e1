"""What `surprise` and the commands with `--surprise` share: styles, and the surprises that they ask for."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from artstudio.cli import options, report
from artstudio.errors import BadInput

if TYPE_CHECKING:
    from artstudio.model.recipe import Recipe
    from artstudio.presets.collections import Preset

style_option = click.option(
    "--style", "styles", multiple=True, metavar="NAME", shell_complete=options.complete_style,
    help="Only this style (see `artstudio styles`), or those of a file: mine.toml, mine.toml:NAME. Repeatable.",
)  # fmt: skip

count_option = click.option(
    "--surprise", type=int, metavar="N",
    help="N surprises, as `artstudio surprise` makes them; --seed is that of the first.",
)  # fmt: skip


def draw(count: int, styles: Sequence[str], fields: dict[str, Any], quiet: bool) -> list[Preset]:
    """Return surprises with the recipe options that were given.

    `seed`, which is taken out of `fields`, says which; without one it is chosen and printed. Raises `BadInput`.
    """
    from artstudio.curation.surprise import HANDFUL, surprises
    from artstudio.model.recipe import MAX_SEED
    from artstudio.presets.styles import find_styles

    found = find_styles(styles)
    given = fields.pop("seed")
    seed = secrets.randbelow(MAX_SEED + 1) if given is None else given

    def change(recipe: Recipe) -> Recipe:
        return options.override(recipe, fields)

    with report.pixel_progress(count * HANDFUL, "looking", quiet) as progress:
        presets = surprises(seed, count, found, change, progress)
    report.remark(f"seed {seed}", quiet or given is not None)
    return presets


def draw_if_asked(count: int | None, styles: Sequence[str], fields: dict[str, Any], quiet: bool) -> list[Preset]:
    """Return what `draw` does, or nothing where no surprises are asked for. Raises `BadInput`."""
    if count is None and styles:
        raise BadInput("--style: expected --surprise with it, found none")
    return [] if count is None else draw(count, styles, fields, quiet)
