"""`artstudio cache`: the compiled programs that are kept."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option


@click.command()
@click.argument("action", type=click.Choice(("info", "clear")), default="info")
@json_option
def command(action: str, as_json: bool) -> None:
    """Print where compiled programs are kept and how large they are, or delete them.

    They make the next start faster and change no pixel; at most 64 MiB are kept. ARTSTUDIO_CACHE=off keeps none,
    ARTSTUDIO_CACHE=FOLDER keeps them elsewhere. After a first picture a process in the background compiles what other
    pictures will need; ARTSTUDIO_COMPILE_AHEAD=off prevents that.

    \b
    artstudio cache info
    artstudio cache clear
    """
    from artstudio.compiled.cache import LIMIT, cache_folder, clear, entries, why_unusable

    folder = cache_folder()
    trouble = why_unusable(folder) if folder and folder.exists() else ""
    deleted = clear(folder) if folder and action == "clear" and not trouble else 0
    found = entries(folder) if folder and not trouble else []
    size = sum(about.st_size for _, about in found)
    if as_json:
        about = {"folder": str(folder) if folder else None, "trouble": trouble, "programs": len(found)}
        click.echo(json.dumps(about | {"bytes": size, "limit": LIMIT, "deleted": deleted}))
    elif folder is None:
        click.echo("off")
    elif trouble:
        click.echo(f"{folder}: not used ({trouble})")
    else:
        gone = f"{deleted} deleted, " if action == "clear" else ""
        click.echo(f"{folder}: {gone}{len(found)} programs, {size / 2**20:.1f} of {LIMIT >> 20} MiB")
