"""`artstudio animate`: a picture that moves, as a seamless loop."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event
from typing import Any

import click

from artstudio.cli import motion_options as motion
from artstudio.cli import options, report


@click.command(cls=options.RecipeCommand)
@click.argument("source", required=False, shell_complete=options.complete_preset)
@motion.loop_options
@motion.file_options
@options.supersample_option
@options.json_option
@options.quiet_option
def command(
    source: str | None, seconds: float | None, fps: str | None, size: str | None, supersample: int | None,
    quality: int | None, output: str | None, force: bool, dry_run: bool, as_json: bool, quiet: bool, **fields: Any,
) -> None:  # fmt: skip
    """Make a seamless loop and print its path.

    SOURCE is what `render` takes, or a loop made here; options override. The kinds of loops: latent (the default),
    the picture flows; zoom; gain; rotation; seeds, from seed to seed; morph, one activation into another; keys.
    The suffix says the format: .mp4 and .webm (they need pip install 'artstudio[video]'), .gif, .webp, .png.

    \b
    artstudio animate
    artstudio animate --surprise --style aurora
    artstudio animate agate --seconds 20 --size 1080p -o agate.mp4
    artstudio animate --morph step..sigmoid --seed 7 -o step-sigmoid.gif
    artstudio animate --seeds 3,7,12 -a relu -o seeds.webp
    artstudio animate --key 0:zoom=1 --key 0.5:zoom=3,rotation=90 -o keys.mp4
    """  # fmt: skip
    from artstudio.batch.interrupt import orderly_interrupt
    from artstudio.motion.film.formats import motion_format
    from artstudio.motion.film.plan import estimate
    from artstudio.motion.film.rate import exact_rate

    recipe, loop, stem, before = motion.request(source, fields, quiet)
    path = Path(output or f"outputs/{stem}-{loop.kind}.mp4")
    format = motion_format(path)
    width, height = motion.size_of(size, format)
    rate = exact_rate(format.fps if fps is None else fps)
    seconds = before if seconds is None else seconds

    from artstudio.motion.animation import animate

    made = animate(
        recipe, loop=loop, seconds=seconds, fps=rate, width=width, height=height,
        supersample=supersample or None,
    )  # fmt: skip
    format.check(width, height, rate, made.count, quality)
    about = {"path": str(path)} | estimate(recipe, format, width, height, rate, made.count)
    if dry_run:
        motion.print_plan(about, as_json)
        return
    motion.prepare(path, named=output is not None, force=force)
    with orderly_interrupt(Event()), report.pixel_progress(made.count, path.name, quiet) as progress:
        made.save(path, quality=quality, overwrite=force, progress=progress)
    about = {name: value for name, value in about.items() if not name.startswith("estimated")}
    about |= {"bytes": path.stat().st_size, "digest": recipe.digest}
    about |= {"loop": loop.to_dict(), "recipe": recipe.to_dict()}
    click.echo(json.dumps(about) if as_json else str(path))
