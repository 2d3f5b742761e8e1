"""The gallery's page: `index.html`, one file that needs nothing but the pictures beside it.

Everything that a person wrote (titles, tags, reasons ...) passes through Jinja's escaping or the JSON that the
script reads; it is never part of a script, a style or an address. The page's own policy allows the one style
and the one script in it by their hashes, and pictures from its own folder; nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from artstudio.figures.style.typeface import web_faces
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import palette_colours
from artstudio.model.recipe import Recipe
from artstudio.pages.policy import content_policy

PAGE_NAME = "index.html"
"""What the page is called in the gallery's folder."""

OWN_COLOURS = "own colours"
"""What a palette is called that a recipe lists colour by colour."""

_TEMPLATES = Path(__file__).parent / "templates"
_SHAPES = (0.5, 4.0)
"""Width / height of the frames: a picture that is slimmer than these stands in one with room around it."""


@dataclass(frozen=True)
class Picture:
    """What the page shows of one picture. `status` is `ok`, or `failed` for a job without a picture.

    `name` is unique in a gallery; `file` is relative to its folder; `command` makes the picture again; of a
    failed job `reason` says why. `width` and `height` are in pixels.
    """

    name: str
    file: str
    title: str
    description: str
    tags: tuple[str, ...]
    width: int
    height: int
    recipe: Recipe | None
    digest: str
    command: str
    status: str = "ok"
    reason: str = ""
    bytes: int = 0
    collection: str = ""


def gallery_page(
    pictures: Sequence[Picture],
    *,
    title: str,
    version: str,
    thumbnails: Mapping[str, Mapping[int, str]],
) -> str:
    """Return the page's HTML. `thumbnails` are files relative to the gallery's folder, by name and width.

    A picture without thumbnails is shown in full in their place. Control characters and broken surrogates in
    the texts become visible marks, since HTML cannot hold them.
    """
    cards = [_card(picture, thumbnails.get(picture.name, {})) for picture in pictures]
    shapes = sorted({card["shape"] for card in cards})
    style = (
        web_faces()
        + _source("gallery.css")
        + "".join(f".s{_css_name(shape)}{{--shape:{shape}}}\n" for shape in shapes)
    )
    script = _source("gallery.js") + _source("lightbox.js")
    page = _environment().get_template("gallery.html.j2")
    return page.render(
        title=clean(title),
        version=clean(version),
        # Holds on file:// as well: there Chromium and Firefox take 'self' for any file.
        policy=content_policy(style, script, img="'self'", font="data:"),
        style=Markup(style),
        script=Markup(script),
        icon_url=next((card["source"] for card in cards if "source" in card), ""),
        cards=cards,
        wall=f"wall even s{_css_name(shapes[0])}" if len(shapes) == 1 else "wall",
        facets=_facets(cards),
        failed=sum(card["failed"] for card in cards),
        data={"pictures": [card["data"] for card in cards], "palettes": _palettes(pictures)},
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    environment.filters["css_name"] = _css_name
    return environment


def _source(name: str) -> str:
    # Universal newlines: a browser hashes a block after it made each line end a single \n.
    return (_TEMPLATES / name).read_text(encoding="utf-8")


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def clean(text: str) -> str:
    """Return a text with every character that HTML cannot hold made visible: NUL becomes U+2400, and so on."""
    return _CONTROLS.sub(_mark, text)


def _mark(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def relative_url(file: str) -> str:
    """Return the address of a file relative to the page. Whatever its name, it cannot name another host."""
    # With ./ in front, neither "//host/" nor "scheme:" can be read as the start of another address.
    return "./" + quote(file, safe="/", errors="replace")


def _card(picture: Picture, thumbnails: Mapping[int, str]) -> dict[str, Any]:
    recipe = picture.recipe
    palette = _palette_word(recipe)
    title = clean(picture.title or picture.name)
    data: dict[str, Any] = {
        "name": clean(picture.name),
        "title": title,
        "description": clean(picture.description),
        "tags": [clean(tag) for tag in picture.tags],
        "collection": clean(picture.collection),
        "palette": palette,
        "recipe": recipe.to_dict() if recipe else None,
    }
    shape = picture.width / picture.height if picture.width > 0 and picture.height > 0 else 16 / 9
    card: dict[str, Any] = {
        "data": data,
        "title": title,
        "shape": round(min(max(shape, _SHAPES[0]), _SHAPES[1]), 3),
        "failed": picture.status != "ok",
        "reason": clean(picture.reason),
        "about": [*([", ".join(recipe.activation)] if recipe else []), *([palette] if palette else [])],
    }
    if card["failed"]:
        return card
    data |= {"bytes": picture.bytes, "digest": clean(picture.digest), "command": clean(picture.command)}
    sources = {width: relative_url(file) for width, file in sorted(thumbnails.items())}
    url = relative_url(picture.file)
    return card | {
        "url": url,
        "source": next(iter(sources.values()), url),
        "sources": ", ".join(f"{source} {width}w" for width, source in sources.items()),
        "width": picture.width,
        "height": picture.height,
        "alt": _alt(title, recipe, palette),
    }


def _css_name(shape: float) -> str:
    return f"{shape:g}".replace(".", "-")


def _alt(title: str, recipe: Recipe | None, palette: str) -> str:
    if recipe is None:
        return title
    kind = "activation" if len(recipe.activation) == 1 else "activations"
    words = f"{title}: abstract picture, {kind} {', '.join(recipe.activation)}"
    return f"{words}, palette {palette}" if palette else words


def _palette_word(recipe: Recipe | None) -> str:
    if recipe is None or not COLOUR_MODELS[recipe.colour].uses_palette:
        return ""
    return recipe.palette if isinstance(recipe.palette, str) else OWN_COLOURS


def _palettes(pictures: Iterable[Picture]) -> dict[str, tuple[str, ...]]:
    words = {_palette_word(picture.recipe) for picture in pictures} - {"", OWN_COLOURS}
    return {word: palette_colours(word) for word in sorted(words)}


def _facets(cards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what there is to choose from: only what tells at least two groups of pictures apart."""
    counts: dict[str, Counter[str]] = {key: Counter() for key in ("activation", "palette", "tag", "collection")}
    for card in cards:
        data = card["data"]
        counts["activation"].update(set(data["recipe"]["activation"] if data["recipe"] else ()))
        counts["palette"].update({data["palette"]} - {""})
        counts["tag"].update(set(data["tags"]) - {""})
        counts["collection"].update({data["collection"]} - {""})
    return [
        {"key": key, "values": sorted(found.items(), key=lambda item: (item[0].casefold(), item[0]))}
        for key, found in counts.items()
        if any(count < len(cards) for count in found.values())
    ]
