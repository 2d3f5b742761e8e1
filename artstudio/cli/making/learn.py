"""`artstudio learn`: the same network trained with every activation."""

from __future__ import annotations

import json
import sys
from threading import Event
from typing import Any

import click

from artstudio.cli import learn_options, options, report

_OUTPUTS = ("output", "only", "keep", "theme", "size", "dpi", "text", "seconds", "fps", "quality", "force")


@click.command()
@click.argument("target", shell_complete=learn_options.complete_target)
@click.argument("activations", nargs=-1, metavar="[ACTIVATION]...", shell_complete=options.complete_activation)
@learn_options.training_options
@learn_options.output_options
@options.json_option
@options.quiet_option
def command(
    target: str, activations: tuple[str, ...], device: str, dry_run: bool, as_json: bool, quiet: bool, **given: Any
) -> int:
    """Train the same raw weights with each ACTIVATION on TARGET; print what was measured and draw it.

    TARGET is an image file; a picture that comes with artstudio: face, letter, checkerboard, rings, gradient; a
    curve: sine, steps, sawtooth, bump; labelled points: xor, circle, moons, spiral, blobs:N; or a formula in x and y,
    or in x alone. The default activations: step, sigmoid, tanh, relu, gelu and sine. Ctrl-C ends the training and
    shows what was learned by then.

    \b
    artstudio learn face
    artstudio learn portrait.jpg relu sine --steps 3000 -o portrait.mp4
    artstudio learn spiral sigmoid relu --depth 3 --theme dark
    artstudio learn 'sin(6*x) * cos(6*y)' step relu --straight-through
    artstudio learn face --only sine -o sine.png
    """  # fmt: skip
    from artstudio.batch.interrupt import orderly_interrupt
    from artstudio.learning.study import chosen_activations, work
    from artstudio.notebook.learned import check_wanted
    from artstudio.notebook.learning import plan, run_plan

    asked = {name: given.pop(name) for name in _OUTPUTS}
    found, settings = plan(target, **given)
    only = chosen_activations([asked["only"]])[0] if asked["only"] else ""
    names = chosen_activations(activations or ([only] if only else ()))
    total = work(settings, names)
    if dry_run:
        about = {"target": found.to_dict(), "activations": names, "settings": settings.to_dict(), "steps": total}
        line = f"{found.words}: {len(names)} networks, {total} steps in all, with the search for learning rates"
        click.echo(json.dumps(about) if as_json else line)
        return 0
    wanted = check_wanted(found, names, **asked | {"only": only})
    stop, words = Event(), sys.argv[2:]
    with orderly_interrupt(stop), report.pixel_progress(total, found.name, quiet) as progress:
        learned = run_plan(
            found, settings, names, palette=given["palette"], device=device, theme=wanted.theme, size=wanted.size,
            stop=stop, words=words, progress=progress,
        )  # fmt: skip
    interrupted = learned.study.interrupted
    with report.pixel_progress(wanted.frames, wanted.path.name, quiet) as drawn:
        paths = list(map(str, wanted.write(learned, drawn)))
    if as_json:
        click.echo(json.dumps({"path": paths[0] if paths else None, "paths": paths, **learned.exhibit.about}))
    else:
        report.say(learned.tables[0].title)
        report.print_table(learned.tables[0].headers, learned.tables[0].printed())
        report.say(learned.exhibit.words)
        click.echo("\n".join(paths))
    report.remark("interrupted; this is what was learned by then", not interrupted)
    return 130 if interrupted else 0
