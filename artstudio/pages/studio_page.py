"""The studio's page: one HTML file with its style, its script and its data inside, for a browser without a network.

The script is written as modules. They are joined into one, in the order of their imports, each in a function that
returns what the module exports, made smaller, and compressed like the data; a few lines unpack and start them. The
page's policy allows that one script, those lines and that one style by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import minify_html
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from artstudio.figures.style.typeface import web_faces
from artstudio.model.recipe import Recipe
from artstudio.pages.policy import content_policy
from artstudio.pages.questions.load import QuestionSet, load_questions
from artstudio.pages.studio_data import studio_data
from artstudio.pages.studio_texts import data_texts, frame_texts, languages_data, script_texts, with_numbers
from artstudio.presets.collections import shipped_presets
from artstudio.version import VERSION

MODULES = Path(__file__).parent / "studio"
"""The folder of the page's modules, styles and frame."""

TEMPLATES = Path(__file__).parent / "templates"

ENTRY = "app.js"
FRAME = "studio.html"
STYLES = (
    "base.css",
    "stage.css",
    "studio.css",
    "panel.css",
    "dialogs.css",
    "explorer.css",
    "questions.css",
    "learn.css",
    "library.css",
    "part.css",
    "hall.css",
)

_SOURCES = {
    True: {"connect": "'self'", "img": "data: blob: 'self'", "font": "data:"},
    False: {"connect": "'none'", "img": "data: blob:", "font": "data:"},
}
"""Whether it is served -> what the page may load, besides its own style and script."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const)\b\*? *)(\w+)", re.MULTILINE)


def studio_page(served: bool, start: str = "", questions: QuestionSet | None = None) -> str:
    """Return the page's HTML; `served` when artstudio's server is behind it, which renders and lists galleries.

    `start` is what it shows when its address says nothing, as in an address: `#seed=7&activation=step`.
    `questions` are those that it asks, by default the lesson's.
    """
    asked = questions or load_questions()
    data = {
        **studio_data(), "presets": preset_data(), "served": served, "start": start, "questions": asked.to_dict(),
    }  # fmt: skip
    style = web_faces() + "".join(map(source, STYLES))
    return page_html(FRAME, style, join_modules(ENTRY, source), data, **_SOURCES[served])


def page_html(
    frame: str, style: str, script: str, data: dict[str, Any], *, title: str = "", **sources: str
) -> str:
    """Return a page made of a frame from the folder of modules, with all that it needs inside: style, script, data,
    and of the languages what it says. `sources` are what it may load (see `content_policy`)."""
    texts = list(dict.fromkeys([*script_texts(script), *frame_texts(source(frame)), *data_texts(data)]))
    # The minifier leaves comments within classes.
    script = _smaller("script", re.sub(r"^ *//.*\n", "", with_numbers(script, texts), flags=re.MULTILINE))
    style = _smaller("style", style)
    start = _smaller("script", (TEMPLATES / "unpack.js").read_text(encoding="utf-8"))
    page = Environment(
        loader=FileSystemLoader(MODULES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template(frame)
    return page.render(
        policy=content_policy(style, start, packed=script, **sources),
        style=Markup(style),
        start=Markup(start),
        script=_packed(script),
        languages=_embedded(languages_data(texts)),
        data=_embedded(data),
        title=title,
        version=VERSION,
    )


def join_modules(entry: str, read: Callable[[str], str]) -> str:
    """Return `entry` and all that it imports as one script. `read` reads a module by its file's name.

    Raises `ValueError` for a module that imports or exports in another way than this understands, and for modules
    that import each other in a circle.
    """
    joined: dict[str, str] = {}
    started: list[str] = []

    def variable(name: str) -> str:
        return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))

    def add(name: str) -> None:
        if name in joined:
            return
        if name in started:
            raise ValueError(f"{name}: imports itself by way of {started[-1]}")
        started.append(name)
        text = read(name)
        for _, needed in _IMPORT.findall(text):
            add(needed)
        text = _IMPORT.sub(
            lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = {variable(found[2])};\n", text
        )
        exports = [exported for _, exported in _EXPORT.findall(text)]
        bare = _EXPORT.sub(r"\1\2", text)
        if found := re.search(r"^(?:import|export)\b.*|</script|<!--", bare, re.MULTILINE | re.IGNORECASE):
            raise ValueError(f"{name}: cannot be joined: {found[0]}")
        if name != entry:
            # What waits at the start of a line waits while the module loads, and those that import it with it.
            wait, kind = ("await ", "async ") if re.search(r"^\w.*\bawait\b", bare, re.MULTILINE) else ("", "")
            gives = f"return {{ {', '.join(exports)} }};"
            bare = f"const {variable(name)} = {wait}({kind}() => {{\n{bare}{gives}\n}})();\n"
        joined[name] = bare

    add(entry)
    return "".join(joined.values())


def _smaller(element: str, text: str) -> str:
    """Return a style or script without comments and with as little white space as it needs."""
    html = minify_html.minify(
        f"<{element}>{text}</{element}>", minify_css=True, minify_js=True, keep_closing_tags=True
    )
    return html.removeprefix(f"<{element}>").removesuffix(f"</{element}>")


def source(name: str) -> str:
    """Return the text of a module, a style or a frame."""
    # Universal newlines: a browser hashes a block after it made each line end a single \n.
    return (MODULES / name).read_text(encoding="utf-8")


def _embedded(data: dict[str, Any]) -> str:
    """Return JSON, compressed with gzip, in base64."""
    return _packed(json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False))


def _packed(text: str) -> str:
    """Return text, compressed with gzip, in base64."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def preset_data() -> list[dict[str, Any]]:
    """Return the shipped presets, each with the fields of its recipe that are not the default."""
    plain = Recipe().model_dump(mode="json")

    def changed(recipe: Recipe) -> dict[str, Any]:
        return {name: value for name, value in recipe.model_dump(mode="json").items() if value != plain[name]}

    return [
        {"title": preset.title, "collection": preset.collection, "fields": changed(preset.recipe)}
        for preset in shipped_presets().values()
    ]
