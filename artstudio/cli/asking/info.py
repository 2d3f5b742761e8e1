"""`artstudio info`: what a picture says of itself."""

from __future__ import annotations

import json

import click

from artstudio.cli.options import json_option
from artstudio.cli.report import say


@click.command()
@click.argument("image")
@json_option
def command(image: str, as_json: bool) -> None:
    """Print the recipe embedded in a picture or loop made here.

    \b
    artstudio info outputs/tanh-7.png
    artstudio info outputs/tanh-7.png --json
    """
    from artstudio.pictures.picture import read_info

    info = read_info(image)
    if as_json:
        click.echo(json.dumps(info.to_dict()))
        return
    about = {
        "picture" if info.loop is None else "loop": image,
        "title": info.title,
        "size": f"{info.width}x{info.height}, {info.bits} bits, {_samples(info.supersample)}",
        "print": info.prepress.sheet.words if info.prepress.sheet else "",
        "map": f"{info.prepress.map.name}: {info.prepress.map.summary}" if info.prepress.map else "",
        "transparent": info.prepress.ground,
        "profile": info.prepress.conversion.words if info.prepress.conversion else "",
        "made with": f"{info.software}, renderer version {info.renderer}",
        "moves": info.loop,
        "pixels": info.pixels,
        "digest": info.recipe.digest,
    }
    fields = info.recipe.model_dump(mode="json")
    if info.recipe.weights:
        fields["weights"] = f"{sum(w.size + b.size for w, b in info.recipe.trained_layers())} trained numbers"
    for key, value in {**about, **fields}.items():
        if value:
            say(f"{key + ':':13}{_plain(value)}")


def _samples(samples: int) -> str:
    return f"{samples}x{samples} samples a pixel" if samples else "edges anti-aliased"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(part)}" for key, part in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
