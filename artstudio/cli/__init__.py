"""The command line. Each command is a thin module here; it is imported when it is called, not before."""

from __future__ import annotations

import click

from artstudio.cli.lazy import LazyGroup
from artstudio.version import VERSION


@click.group(
    cls=LazyGroup,
    commands_in_order={
        "render": "artstudio.cli.render",
        "gallery": "artstudio.cli.gallery",
        "curate": "artstudio.cli.curate",
        "vary": "artstudio.cli.vary",
        "breed": "artstudio.cli.breed",
        "animate": "artstudio.cli.animate",
        "studio": "artstudio.cli.studio",
        "learn": "artstudio.cli.learn",
        "lesson": "artstudio.cli.lesson",
        "plot": "artstudio.cli.plot",
        "compare": "artstudio.cli.compare",
        "deck": "artstudio.cli.deck",
        "evaluate": "artstudio.cli.evaluate",
        "activations": "artstudio.cli.activations",
        "palettes": "artstudio.cli.palettes",
        "presets": "artstudio.cli.presets",
        "info": "artstudio.cli.info",
        "verify": "artstudio.cli.verify",
        "cache": "artstudio.cli.cache",
        "doctor": "artstudio.cli.doctor",
        "completion": "artstudio.cli.completion",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, message="artstudio %(version)s")
def cli() -> None:
    """Random neural networks paint pictures: choose the activation function, see what it does.

    \b
    artstudio render                     a picture from a random seed
    artstudio render -a step --seed 7    the same network, hard-edged
    artstudio gallery                    all the shipped presets, into outputs/
    artstudio studio                     play with it in the browser
    """
