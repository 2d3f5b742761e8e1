"""Presets as TOML text: what `presets/collections.py` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from artstudio.model.recipe import Recipe
from artstudio.presets.collections import Preset

_LONGEST = 64
"""Letters of a preset's name."""


def preset_names(texts: Iterable[str]) -> list[str]:
    """Return a valid preset's name for each text, no two alike: `gain-0-5` for `gain_0.5`."""
    found: dict[str, None] = {}
    for text in texts:
        plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "picture"
        name, number = plain[:_LONGEST].rstrip("-"), 1
        while name in found:
            number += 1
            ending = f"-{number}"
            name = plain[: _LONGEST - len(ending)].rstrip("-") + ending
        found[name] = None
    return list(found)


def presets_toml(title: str, description: str, presets: Iterable[Preset]) -> str:
    """Return a collection's file. Only what differs from the default recipe is written."""
    parts = [f"title = {_value(title)}\ndescription = {_value(description)}\n"]
    return "\n".join([*parts, *map(_table, presets)])


def named_presets_toml(title: str, recipes: Iterable[tuple[str, Recipe]]) -> str:
    """Return a collection's file of recipes by their names, which become presets' names."""
    names, found = zip(*recipes, strict=True)
    presets = zip(preset_names(names), found, strict=True)
    return presets_toml(title, "", [Preset(name, recipe, "", "", (), "") for name, recipe in presets])


def _table(preset: Preset) -> str:
    words = {"title": preset.title, "description": preset.description, "tags": list(preset.tags)}
    lines = [f"[{preset.name}]", *(f"{name} = {_value(value)}" for name, value in words.items() if value)]
    usual = Recipe().model_dump(mode="json")
    for name, value in preset.recipe.model_dump(mode="json").items():
        if name == "seed" or value != usual[name]:
            lines.append(f"{name} = {_value(_short(value, usual[name]))}")
    return "\n".join(lines) + "\n"


def _short(value: Any, usual: Any) -> Any:
    """Of a nested part only what differs; a list of one as its entry."""
    if isinstance(value, dict):
        return {name: part for name, part in value.items() if part != usual[name]}
    return value[0] if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) else value


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_value(part)}' for name, part in value.items())} }}"
    # JSON's strings are TOML's: the same escapes, and DEL written out.
    return (
        json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else repr(value)
    )
