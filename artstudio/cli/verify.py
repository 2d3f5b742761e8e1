"""`artstudio verify`: render again and compare."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option
from artstudio.cli.report import say


@click.command()
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@json_option
def command(images: tuple[str, ...], as_json: bool) -> int:
    """Render the recipe of each PNG or TIFF again and compare the pixels.

    Says exact, within tolerance (other machines round some pixels the other way), or differs; exits 1 when
    one differs.

    \b
    artstudio verify outputs/gallery/*.png
    """
    from artstudio.batch.verify import verify
    from artstudio.engine.cache import cache_folder, open_cache

    cache = open_cache(cache_folder())
    verdicts = []
    for image in images:
        verdict = verify(image, cache=cache)
        verdicts.append(verdict)
        if not as_json:
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
