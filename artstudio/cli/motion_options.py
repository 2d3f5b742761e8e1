"""What `animate` takes besides a recipe: the loop and its file."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from artstudio.cli import options, report
from artstudio.cli.surprise_options import draw_if_asked, style_option
from artstudio.errors import BadInput
from artstudio.motion.easing import EASINGS

if TYPE_CHECKING:
    from artstudio.model.recipe import Recipe
    from artstudio.motion.film.formats import MotionFormat
    from artstudio.motion.spec import Loop

F = TypeVar("F", bound=Callable[..., Any])

loop_options = options.adder(
    click.option("--surprise", is_flag=True, help="Start from a surprise; --seed says which."),
    style_option,
    click.option("--loop", "kind", metavar="KIND", shell_complete=options.complete_loop,
                 help="What moves; latent unless other options say."),
    click.option("--amount", type=float, help="How far: radius in latent space, factor of zoom or gain, degrees."),
    click.option("--seeds", metavar="N,N...", help="Go from seed to seed and back to the first: 3,7,12 or 1..4."),
    click.option("--morph", metavar="A..B", help="From one activation to another and back: step..sigmoid."),
    click.option("--key", "keys", multiple=True, metavar="PHASE:FIELD=VALUE,...[:EASING]",
                 help="A keyframe: 0.5:zoom=3,rotation=45 or 0.5:centre=0.2/0.1:linear. Repeatable. Any field of a "
                 "recipe; what is not a decimal number changes at its key."),
    click.option("--keys", "keys_file", metavar="FILE",
                 help="Keyframes from a TOML or JSON file: [[key]] at = 0.5, zoom = 3."),
    click.option("--easing", shell_complete=options.complete_easing,
                 help=f"How the speed changes on the way: {', '.join(EASINGS)}.  [default: sine]"),
)  # fmt: skip

file_options = options.adder(
    click.option("--seconds", type=float, help="Length of the loop.  [default: 10]"),
    click.option("--fps", metavar="RATE",
                 help="Frames per second, such as 24, 29.97 or 30000/1001.  "
                 "[default: 30; 25 for .gif, .webp and .png]"),
    click.option("--size", metavar="WxH|NAME",
                 help="Pixels, or a name as in render.  [default: 720p; 480x270 for .gif, .webp and .png]"),
    click.option("--quality", type=int, metavar="N",
                 help="1 to 100, of .mp4, .webm and .webp.  [default: 75]"),
    click.option("-o", "--output", help="The file: .mp4, .webm, .gif, .webp or .png."),
    click.option("-f", "--force", is_flag=True, help="Replace an existing file."),
    click.option("-n", "--dry-run", is_flag=True, help="Estimate frames, time and file size; make nothing."),
)  # fmt: skip


def request(source: str | None, fields: dict[str, Any], quiet: bool) -> tuple[Recipe, Loop, str, float]:
    """Return the recipe, the loop, a stem for the file's name and the length in seconds.

    `fields` are the options of the loop and of the recipe. Raises `BadInput`.
    """
    from artstudio.model.recipe import MAX_SEED, Recipe
    from artstudio.motion.film.plan import wanted_loop

    surprise, styles = fields.pop("surprise"), fields.pop("styles")
    if surprise and source:
        raise BadInput(f"expected a SOURCE or --surprise, found both: {source}")
    names = ("kind", "amount", "seeds", "morph", "keys", "keys_file", "easing")
    asked = {name: fields.pop(name) for name in names}
    recipe, loop, stem, seconds = Recipe(), None, "", 10.0
    if source:
        from artstudio.motion.film.about import read_about
        from artstudio.pictures.source import read_source

        start = read_source(source)
        recipe, stem = start.recipe, start.stem
        if start.is_loop:
            about = read_about(source)
            loop, seconds = about.loop, about.seconds
    for preset in draw_if_asked(1 if surprise else None, styles, fields, quiet):
        recipe, stem = preset.recipe, preset.name
    if asked["seeds"]:
        from artstudio.presets.sweep import make_sweep

        asked["seeds"] = make_sweep("seed", asked["seeds"].split(",")).values
        if fields.get("seed") is None:
            fields["seed"] = asked["seeds"][0]
    asked["seeds"] = asked["seeds"] or ()
    if not source and not surprise and fields["seed"] is None:
        fields["seed"] = secrets.randbelow(MAX_SEED + 1)
        report.remark(f"seed {fields['seed']}", quiet)
    recipe = options.override(recipe, fields)
    if loop is None or any(asked[name] for name in ("kind", "seeds", "morph", "keys", "keys_file")):
        loop = wanted_loop(asked.pop("kind"), **asked)
    else:
        loop = loop.replace(**{name: asked[name] for name in ("amount", "easing") if asked[name] is not None})
    return recipe, loop, stem or f"{'-'.join(recipe.activation)}-{recipe.seed}", seconds


def size_of(size: str | None, format: MotionFormat) -> tuple[int, int]:
    """Return width and height: as asked, or the format's usual ones."""
    from artstudio.model.size import parse_size

    return parse_size(size) if size else format.size


def prepare(path: Path, *, named: bool, force: bool) -> None:
    """Check the file's place before any work is done; the default's folder is made if need be."""
    from artstudio.batch.run import prepare_folder
    from artstudio.files.atomic import check_writable_target

    if not named:
        prepare_folder(path.parent)
    check_writable_target(path, overwrite=force)


def print_plan(about: dict[str, Any], as_json: bool) -> None:
    """Print what a loop would take."""
    if as_json:
        click.echo(json.dumps(about))
        return
    click.echo(
        f"{about['path']}: {about['frames']} frames of {about['width']}x{about['height']}, {about['seconds']:g} s at"
        f" {about['fps']} frames a second; about {about['estimated_seconds']:.0f} s of work and"
        f" {about['estimated_bytes'] / 1e6:.1f} MB"
    )
