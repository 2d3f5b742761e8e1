"""`artstudio doctor`: what there is on this machine."""

from __future__ import annotations

import json

import click

from artstudio.cli import report
from artstudio.cli.options import json_option


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Print versions, devices, kept programs, and what each missing extra would give; for a report of a bug.

    \b
    artstudio doctor
    artstudio doctor --json
    """
    from artstudio import doctor

    found = doctor.examine()
    if as_json:
        click.echo(json.dumps(found))
        return
    for line in doctor.report(found).splitlines():
        report.say(line)
