"""The command line. Each command is a thin module here; it is imported when it is called, not before."""

from __future__ import annotations

import click

from artstudio.cli.lazy import LazyGroup
from artstudio.version import VERSION


@click.group(
    cls=LazyGroup,
    commands_in_order={
        "render": "artstudio.cli.making.render",
        "surprise": "artstudio.cli.searching.surprise",
        "gallery": "artstudio.cli.making.gallery",
        "curate": "artstudio.cli.searching.curate",
        "vary": "artstudio.cli.searching.vary",
        "breed": "artstudio.cli.searching.breed",
        "animate": "artstudio.cli.making.animate",
        "export": "artstudio.cli.making.export",
        "studio": "artstudio.cli.making.studio",
        "learn": "artstudio.cli.making.learn",
        "lesson": "artstudio.cli.making.lesson",
        "plot": "artstudio.cli.making.plot",
        "compare": "artstudio.cli.making.compare",
        "grid": "artstudio.cli.making.grid",
        "deck": "artstudio.cli.making.deck",
        "evaluate": "artstudio.cli.asking.evaluate",
        "activations": "artstudio.cli.asking.activations",
        "palettes": "artstudio.cli.asking.palettes",
        "presets": "artstudio.cli.asking.presets",
        "styles": "artstudio.cli.asking.styles",
        "info": "artstudio.cli.asking.info",
        "verify": "artstudio.cli.asking.verify",
        "cache": "artstudio.cli.asking.cache",
        "doctor": "artstudio.cli.asking.doctor",
        "completion": "artstudio.cli.asking.completion",
    },
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, message="artstudio %(version)s")
def cli() -> None:
    """Random neural networks paint pictures: choose the activation function, see what it does.

    \b
    artstudio surprise                   a picture worth keeping
    artstudio render                     a picture from a random seed
    artstudio render -a step --seed 7    the same network, hard-edged
    artstudio gallery                    all the shipped presets, into outputs/
    artstudio studio                     play with it in the browser
    """
