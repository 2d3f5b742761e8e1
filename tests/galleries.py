"""Small galleries for the tests of their page."""

import numpy as np

from artstudio.files.encode import FORMATS
from artstudio.model.recipe import Recipe
from artstudio.pages.gallery import PAGE_NAME, Picture, gallery_page
from artstudio.pages.thumbnails import update_thumbnails

RECIPE = Recipe(seed=7, activation=["step", "tanh"], palette="dusk")


def picture(name="dawn", **changes):
    """A picture with everything in it."""
    fields = {
        "name": name,
        "file": f"{name}.png",
        "title": name.capitalize(),
        "description": "Soft light",
        "tags": ("warm", "calm"),
        "width": 480,
        "height": 270,
        "recipe": RECIPE,
        "digest": RECIPE.digest,
        "command": f"artstudio render {name} -o {name}.png",
        "bytes": 31_000,
        "collection": "Mornings",
    }
    return Picture(**{**fields, **changes})


def write_picture(path, width=800, height=450):
    """Write a grey ramp in the format that the suffix says."""
    ramp = np.linspace(0, 255, width * height * 3).reshape(height, width, 3).astype(np.uint8)
    format = next(format for format in FORMATS.values() if path.suffix in format.suffixes)
    path.write_bytes(format.encode(ramp, {}))


def write_gallery(folder, pictures, title="My gallery"):
    """Write a gallery whose pictures are all there; return the page's address."""
    folder.mkdir(exist_ok=True)
    for item in pictures:
        if item.status == "ok" and not (folder / item.file).exists():
            write_picture(folder / item.file, item.width, item.height)
    page = gallery_page(pictures, title=title, version="1.2.3", thumbnails=update_thumbnails(folder, pictures))
    (folder / PAGE_NAME).write_text(page, encoding="utf-8")
    return (folder / PAGE_NAME).as_uri()
