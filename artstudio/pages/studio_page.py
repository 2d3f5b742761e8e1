"""The studio's page: one HTML file with its style, its script and its data inside, for a browser without a network.

The script is written as modules, which this joins into one, in the order of their imports. The lines that
import, the word `export`, indentation and lines of comment go: every name at the top of a module must be its own
among all of them, and no text in it may need the spaces at the start of its lines. The page's policy allows that
one script and that one style by their hashes, and nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from artstudio.figures.style.typeface import web_faces
from artstudio.model.recipe import Recipe
from artstudio.pages.policy import content_policy
from artstudio.pages.studio_data import studio_data
from artstudio.presets.collections import shipped_presets
from artstudio.version import VERSION

MODULES = Path(__file__).parent / "studio"
"""The folder of the page's modules, styles and frame."""

ENTRY = "app.js"
STYLES = ("studio.css", "panel.css", "dialogs.css", "explorer.css")

_SOURCES = {
    True: {"connect": "'self'", "img": "data: blob: 'self'", "font": "data:"},
    False: {"connect": "'none'", "img": "data: blob:", "font": "data:"},
}
"""Whether it is served -> what the page may load, besides its own style and script."""

_IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_MARGIN = re.compile(r"^[ \t]*(?://.*\n)?", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let)\b)", re.MULTILINE)


def studio_page(served: bool) -> str:
    """Return the page's HTML; `served` when artstudio's server is behind it, which renders and lists galleries."""
    style = web_faces() + "".join(_source(name) for name in STYLES)
    script = join_modules(ENTRY, _source)
    data = {**studio_data(), "presets": _presets(), "served": served}
    page = Environment(
        loader=FileSystemLoader(MODULES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("studio.html")
    return page.render(
        policy=content_policy(style, script, **_SOURCES[served]),
        style=Markup(style),
        script=Markup(script),
        data=Markup(_embedded(data)),
        version=VERSION,
    )


def join_modules(entry: str, source: Callable[[str], str]) -> str:
    """Return `entry` and all that it imports as one script. `source` reads a module by its file's name.

    Raises `ValueError` for a module that imports or exports in another way than this understands.
    """
    joined: list[str] = []
    seen: set[str] = set()

    def add(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        text = source(name)
        for needed in _IMPORT.findall(text):
            add(needed)
        bare = _EXPORT.sub("", _IMPORT.sub("", text))
        if found := re.search(r"^(?:import|export)\b.*|</script|<!--", bare, re.MULTILINE | re.IGNORECASE):
            raise ValueError(f"{name}: cannot be joined: {found[0]}")
        joined.append(_MARGIN.sub("", bare))

    add(entry)
    return "".join(joined)


def _source(name: str) -> str:
    # Universal newlines: a browser hashes a block after it made each line end a single \n.
    return (MODULES / name).read_text(encoding="utf-8")


def _embedded(data: dict[str, Any]) -> str:
    """Return JSON that cannot end the element it stands in."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _presets() -> list[dict[str, Any]]:
    """Return the shipped presets, each with the fields of its recipe that are not the default."""
    plain = Recipe().to_dict()
    return [
        {
            "title": preset.title,
            "collection": preset.collection,
            "fields": {name: value for name, value in preset.recipe.to_dict().items() if value != plain.get(name)},
        }
        for preset in shipped_presets().values()
    ]
