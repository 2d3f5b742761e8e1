"""Parts of the studio's page as files of their own, for frames on other pages, with nothing but what they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from artstudio.errors import unknown
from artstudio.figures.style.typeface import web_faces
from artstudio.pages.studio_data import SHOWN, studio_data
from artstudio.pages.studio_page import join_modules, page_html, source

_ENTRY = """import {{ beginPart }} from "./part.js";
import {{ mountPart }} from "./part{name}.js";
await beginPart(mountPart);
"""
_STYLES = ("base.css", "part.css")


@dataclass(frozen=True)
class Part:
    """A part, shown by the module `part<name>.js`: what it needs beside the modules that this one imports."""

    title: str
    styles: tuple[str, ...]
    data: tuple[str, ...]
    activations: tuple[str, ...] = ()
    """Those that it needs; all where none is named."""
    shown: tuple[str, ...] = ("label", "rangeText", "use", "convention", "formula", "latex")
    """What it shows of the record of an activation."""
    has_words: bool = True
    """Whether there is text enough on it to bring the typeface along."""


_CURVES = ("activations", "strokes")

PARTS: Mapping[str, Part] = MappingProxyType({
    "picture": Part(
        "picture",
        ("stage.css",),
        ("version", "renderer", "schema", "oldestWritten", "unnamed", "added", "recipe", "fields", "activations",
         "expression", "features", "symmetries", "colours", "gamuts", "spaces", "palettes", "functions", "glsl",
         "constants", "layers", "columns", "limits"),
        shown=("label",),
        has_words=False,
    ),
    "explorer": Part("activation explorer", ("explorer.css",), (*_CURVES, "expression")),
    "softmax": Part("softmax", ("explorer.css",), _CURVES, activations=("softmax",), shown=()),
    "depth": Part("depth", ("explorer.css",), _CURVES, shown=("label",)),
    "learn": Part(
        "learn",
        ("explorer.css", "panel.css", "dialogs.css", "learn.css"),
        (*_CURVES, "learning", "expression", "recipe", "schema", "oldestWritten", "unnamed", "added",
         "version", "fields", "colours", "features",
         "columns", "layers", "constants", "palettes", "symmetries", "limits", "gamuts", "functions"),
        shown=("label",),
    ),
})  # fmt: skip


def part_page(name: str, start: str = "") -> str:
    """Return the HTML of one part of `PARTS`, which needs no network and no other file.

    `start` is what it shows when its address says nothing, as in an address: `#activation=step`. Raises `BadInput`
    for a part that does not exist.
    """
    if name not in PARTS:
        raise unknown("part", name, PARTS)
    part = PARTS[name]
    entry = _ENTRY.format(name=name)
    script = join_modules("entry", lambda module: entry if module == "entry" else source(module))
    style = (web_faces() if part.has_words else "") + "".join(map(source, (*_STYLES, *part.styles)))
    sources = {"img": "data: blob:"} | ({"font": "data:"} if part.has_words else {})
    return page_html("part.html", style, script, _data(part) | {"start": start}, title=part.title, **sources)


def _data(part: Part) -> dict[str, Any]:
    data = {kind: value for kind, value in studio_data().items() if kind in part.data}
    unseen = {*Part.shown} - {*part.shown}
    data["activations"] = [
        {name: value for name, value in record.items() if name not in unseen}
        for record in data["activations"]
        if not part.activations or record["name"] in part.activations
    ]
    for field in data.get("fields", {}).values():
        field.pop("control", None)
        field.pop("draw", None)
    return data | {"shown": {"activations": [name for name in SHOWN["activations"] if name in part.shown]}}
