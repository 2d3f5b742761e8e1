"""Recipes show themselves in notebooks: the picture, and below it the command that makes it.

Importing this gives `Recipe` the methods that Jupyter looks for. They are added here, since a recipe, some floors
below, knows nothing of rendering; the package imports this before it hands out anything.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from html import escape

from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO
from artstudio.pictures.command import render_command

SIDE = 320
"""Pixels of the square that a recipe shows itself as."""


@lru_cache(maxsize=8)
def recipe_png(recipe: Recipe) -> bytes:
    """Return the recipe's picture as a PNG file that carries it, `SIDE` pixels square."""
    from artstudio.files.encode import FORMATS
    from artstudio.pictures.single import Picture, render_bytes

    return render_bytes(Picture(recipe, SIDE, SIDE, FORMATS["png"], AUTO))


def recipe_html(recipe: Recipe) -> str:
    """Return the recipe's picture and its command as HTML that needs nothing else."""
    command = render_command(recipe, 1024, 1024, AUTO)
    alt = f"Picture of a random network with {', '.join(recipe.activation)}, seed {recipe.seed}"
    return (
        f'<figure style="margin:0;max-width:{2 * SIDE}px">'
        f'<img src="{data_uri(recipe_png(recipe), "image/png")}" width="{SIDE}" height="{SIDE}" alt="{escape(alt)}">'
        f'<figcaption style="margin-top:6px"><code>{escape(command)}</code></figcaption></figure>'
    )


def data_uri(data: bytes, media_type: str) -> str:
    """Return a file's bytes as a URI to put into a page."""
    return f"data:{media_type};base64,{b64encode(data).decode('ascii')}"


for _name, _show in {"_repr_png_": recipe_png, "_repr_html_": recipe_html}.items():
    # A plain function: a cached one would not be bound to the recipe that it is asked of.
    setattr(Recipe, _name, lambda self, show=_show: show(self))
