"""The texts of the studio's page: what stands in its modules, its frame and its data, in English, and the catalogues
that say it in other languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from artstudio.pages.questions.load import question_texts

LANGUAGES = Path(__file__).parent / "studio" / "languages"
"""The folder of the catalogues, a file for each language."""

_CALL = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
_WORD = re.compile(r"(?!inf\b)\b[A-Za-z]{2,}")
_FRAME = re.compile(r'(?:aria-label|data-drop)="([^"]+)"|\sdata-text>([^<]+)<')


def catalogues() -> dict[str, dict[str, Any]]:
    """Return the languages that the page speaks beside English, by their codes: what each calls itself, and its texts
    by the English ones."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(LANGUAGES.glob("*.json"))}


def languages_data(texts: Sequence[str]) -> dict[str, Any]:
    """Return what the page embeds of the catalogues: these texts in English, and the other languages' in the same
    order, 0 for what is the same."""
    return {
        "english": texts,
        "others": {
            code: [catalogue["name"], [_unless(text, catalogue["texts"].get(text, text)) for text in texts]]
            for code, catalogue in catalogues().items()
        },
    }


def _unless(text: str, words: str) -> str | int:
    return 0 if words == text else words


def script_texts(script: str) -> list[str]:
    """Return the texts of a script, each a plain string in a call of `t`."""
    return list(map(_text, _CALL.findall(script)))


def _text(literal: str) -> str:
    return str(json.loads(f'"{literal}"'))


def with_numbers(script: str, texts: Sequence[str]) -> str:
    """Return a script that names its texts by their places in `texts`, where they are compressed."""
    places = {text: place for place, text in enumerate(texts)}
    return _CALL.sub(lambda call: f"t({places[_text(call[1])]}", script)


def frame_texts(html: str) -> list[str]:
    """Return the texts of the page's frame that `translateFrame` puts into other languages."""
    return [attribute or content for attribute, content in _FRAME.findall(html)]


def data_texts(data: dict[str, Any]) -> Iterator[str]:
    """Yield the texts of the page's data that people read, by the parts that are there; no bare formulas."""
    yield from filter(_WORD.search, _data_texts(data))


def _data_texts(data: dict[str, Any]) -> Iterator[str]:
    for kind, names in data.get("shown", {}).items():
        yield from (record[name] for record in data.get(kind, ()) for name in names if record[name])
    for field in data.get("fields", {}).values():
        if "control" in field:
            yield from (field["control"]["label"], field["control"]["part"], *field.get("choices", ()))
        if "draw" in field:
            yield field["draw"]["part"]
    learning = data.get("learning", {})
    for preset in learning.get("presets", {}).values():
        yield from (preset["title"], preset["claim"])
    yield from (kind["loss"] for kind in learning.get("kinds", {}).values())
    yield from (record["variance"] for record in learning.get("initialisations", ()))
    yield from (preset["collection"] for preset in data.get("presets", ()))
    yield from question_texts(data.get("questions", ()))
