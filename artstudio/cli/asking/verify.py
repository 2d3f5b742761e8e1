"""`artstudio verify`: render again and compare."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option, quiet_option
from artstudio.cli.report import say


@click.command()
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@json_option
@quiet_option
def command(images: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Render the recipe of each picture or loop again and compare the pixels, of a loop those of five frames.

    Says exact, within tolerance (other machines round some pixels the other way; JPEG, AVIF and films lose a
    little everywhere), or differs; exits 1 when one differs.

    \b
    artstudio verify outputs/gallery/*.png
    """
    from artstudio.pictures.picture import read_info
    from artstudio.pictures.verify import verify

    verdicts = []
    for image in images:
        if read_info(image).loop is None:
            verdict = verify(image)
        else:
            from artstudio.motion.film.verify import verify_loop

            verdict = verify_loop(image)
        verdicts.append(verdict)
        if not as_json and not (quiet and verdict.outcome != "differs"):
            word = {"exact": "exact", "tolerance": "within tolerance", "differs": "differs"}[verdict.outcome]
            say(f"{image}: {word}: {verdict.detail}")
    if as_json:
        rows = [
            {
                "path": str(v.path),
                "outcome": v.outcome,
                "changed": v.changed,
                "largest": v.largest,
                "detail": v.detail,
            }
            for v in verdicts
        ]
        click.echo(json.dumps(rows))
    return 1 if any(verdict.outcome == "differs" for verdict in verdicts) else 0
