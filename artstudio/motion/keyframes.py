"""Keyframes: read from the command line or from a file, and what lies between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from artstudio.errors import BadInput, clip
from artstudio.files.source import read_limited
from artstudio.model.fields.documents import read_json, read_toml
from artstudio.model.recipe import FIELDS, Recipe
from artstudio.motion.easing import get_easing
from artstudio.motion.spec import Key

Value = Any
"""A field's value, as a recipe has it: floats and tuples of floats change smoothly."""

_MAX_FILE = 256 << 10
"""Bytes of a file of keys."""


def parse_key(text: str) -> Key:
    """Read `0.5:zoom=3,rotation=45` or `0.5:centre=0.2/0.1:linear`: phase, values, easing. Raises `BadInput`.

    Lists are written with `/`; what has a comma, a slash or a colon of its own goes into a file of keys.
    """
    at, colon, rest = text.partition(":")
    values, _, easing = rest.partition(":")
    try:
        if not colon:
            raise ValueError
        found: dict[str, Any] = {}
        for part in values.split(","):
            name, _, value = part.partition("=")
            words = [_word(word.strip()) for word in value.split("/")]
            name = name.strip()
            is_list = len(words) > 1 or (name in FIELDS and FIELDS[name].kind == "numbers")
            found[name] = tuple(words) if is_list else words[0]
        fields: dict[str, Any] = {"at": float(at), "values": found}
    except ValueError:
        raise BadInput(
            f"key: expected PHASE:FIELD=VALUE,... such as 0.5:zoom=3,rotation=45 or 0.5:centre=0.2/0.1:linear;"
            f" found {clip(text)!r}"
        ) from None
    return _key(fields | ({"easing": easing.strip()} if easing else {}), f"key {clip(text)!r}")


def _word(text: str) -> bool | int | float | str:
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        if not text:
            raise
        return text


def read_keys(path: str | Path) -> tuple[Key, ...]:
    """Read keyframes from a TOML or JSON file: a list `key` of tables with `at`, fields, and maybe `easing`.

    Raises `BadInput` for what is no such file, `FileProblem` where it cannot be read.
    """
    path = Path(path)
    data = read_limited(path, _MAX_FILE, "keys")
    document = (read_json if path.suffix.lower() == ".json" else read_toml)(data, str(path))
    tables = document.get("key") if isinstance(document, dict) else None
    if not isinstance(tables, list) or not tables or not all(isinstance(table, dict) for table in tables):
        raise BadInput(f"{path}: expected a list of keys, as in [[key]] at = 0.5, zoom = 3.0")
    keys = []
    for number, table in enumerate(tables, start=1):
        values = {name: table[name] for name in table if name not in ("at", "easing")}
        about = {name: table[name] for name in ("at", "easing") if name in table}
        keys.append(_key(about | {"values": values}, f"{path}, key {number}"))
    return tuple(keys)


def _key(fields: dict[str, Any], where: str) -> Key:
    try:
        return Key(**fields)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None


class Track:
    """One field's way through its keys and back to the first.

    A key at 1 stands for the end of the loop, which is its beginning: with another one at 0 it must agree.
    """

    def __init__(self, field: str, keys: Sequence[tuple[float, Value, str]], turn: float = 0.0) -> None:
        self._field = field
        ordered = sorted(keys, key=lambda key: key[0])
        places = [at for at, _, _ in ordered]
        if len(set(places)) < len(places):
            raise BadInput(f"keys: expected one value of {field} at each phase, found two")
        first, last = ordered[0], ordered[-1]
        if last[0] == 1 and first[0] == 0:
            if not _closes(first[1], last[1], turn):
                raise BadInput(
                    f"keys: the loop does not close: {field} is {_words(first[1])} at 0 and {_words(last[1])} at 1"
                )
            self._keys = ordered
        else:
            # Before the first key and after the last one lies one way, around the end of the loop.
            self._keys = [(last[0] - 1, *last[1:]), *ordered, (first[0] + 1, *first[1:])]

    def at(self, phase: float) -> Value:
        """Return the field's value at a phase in [0, 1)."""
        number = max(i for i, key in enumerate(self._keys[:-1]) if key[0] <= phase)
        (start, a, easing), (end, b, _) = self._keys[number], self._keys[number + 1]
        t = get_easing(easing)((phase - start) / (end - start)) if end > start else 0.0
        if not self.is_smooth:
            return a
        if isinstance(a, tuple):
            return tuple(x + t * (y - x) for x, y in zip(a, b, strict=True))
        if FIELDS[self._field].record.is_factor:
            return math.exp(math.log(a) + t * (math.log(b) - math.log(a)))
        return a + t * (b - a)

    @property
    def is_smooth(self) -> bool:
        """Whether values between keys lie between theirs; otherwise a value holds until the next key."""
        return all(_is_smooth(value) for _, value, _ in self._keys)


def tracks(recipe: Recipe, keys: Sequence[Key], turn: float) -> dict[str, Track]:
    """Return the way of each field that the keys set, each key checked against the recipe.

    `turn` is the angle in degrees after which the picture looks as before. Raises `BadInput`.
    """
    reached: list[tuple[Key, Recipe]] = []
    for key in keys:
        try:
            found = recipe.with_parts(**key.values)
        except BadInput as error:
            raise BadInput(f"key at {key.at:g}: {error}") from None
        if len(found.latent_values()) != len(recipe.latent_values()) and recipe.latent_values():
            raise BadInput(
                f"key at {key.at:g}: expected {len(recipe.latent_values())} latent values as in the recipe,"
                f" found {len(found.latent_values())}"
            )
        reached.append((key, found))
    made: dict[str, Track] = {}
    for field in FIELDS:
        chosen = [(key.at, found.part(field), key.easing) for key, found in reached if field in key.values]
        if chosen:
            smooth = [value for _, value, _ in chosen if _is_smooth(value)]
            if len({len(value) if isinstance(value, tuple) else 0 for value in smooth}) > 1:
                raise BadInput(f"keys: expected as many values of {field} in every key")
            made[field] = Track(field, chosen, turn if FIELDS[field].record.is_angle else 0.0)
    return made


def _is_smooth(value: Value) -> bool:
    return isinstance(value, float) or (
        isinstance(value, tuple) and all(isinstance(part, float) for part in value)
    )


def _closes(first: Value, last: Value, turn: float) -> bool:
    if turn:
        turns = (last - first) / turn
        return bool(abs(turns - round(turns)) < 1e-9)
    return bool(first == last)


def _words(value: Value) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return clip("/".join(f"{part:g}" if isinstance(part, float) else str(part) for part in parts))
