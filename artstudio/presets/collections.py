"""Presets: named recipes in TOML files, read strictly.

A file is a collection. Its own `title` and `description` come first, and the recipe `schema` by which its presets are
meant (the newest where none is given), then one table a preset, whose name is
the preset's name, with an optional `title`, `description` and `tags` beside the fields of the recipe, and an
optional table `sweep`: `seed = "1..64"` makes a picture of each (see `sweep.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from artstudio.errors import ArtstudioError, BadInput, clip, shown, unknown
from artstudio.files.source import read_limited
from artstudio.model.fields.documents import read_toml
from artstudio.model.fields.schemas import SCHEMA, check_schema, values_before
from artstudio.model.fields.strict import as_tuple
from artstudio.model.recipe import Recipe
from artstudio.presets.sweep import Sweep, make_sweep
from artstudio.registry import plugin_objects, warn_of

PLUGINS = "artstudio.presets"
"""The group of entry points that name folders of presets: a path, or a package whose folder has them."""

MAX_FILE_SIZE = 256 * 1024
"""Bytes. Far above any real collection; a parser should not meet more."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]", re.ASCII)


@dataclass(frozen=True)
class Preset:
    """A named recipe, with what people want to know about it."""

    name: str
    recipe: Recipe
    title: str
    description: str
    tags: tuple[str, ...]
    collection: str
    sweeps: tuple[Sweep, ...] = ()


_Tag = Annotated[str, Field(min_length=1, max_length=40)]


class _Table(Recipe):
    """A preset's table as it stands in the file: a recipe, and words about it."""

    title: Annotated[str, Field(max_length=120)] = ""
    description: Annotated[str, Field(max_length=1000)] = ""
    tags: Annotated[tuple[_Tag, ...], BeforeValidator(as_tuple), Field(max_length=16)] = ()
    sweep: Annotated[dict[str, Any], Field(max_length=8)] = Field(default_factory=dict)

    @field_validator("sweep")
    @classmethod
    def _sweep(cls, value: dict[str, Any]) -> dict[str, Any]:
        try:
            for field, parts in value.items():
                _sweep_of(field, parts)
        except BadInput as error:
            raise ValueError(str(error)) from None
        return value


def shipped_folder() -> Path:
    """The folder of the presets that come with artstudio: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "shipped"
    return installed if installed.is_dir() else package.parent / "presets"


def shipped_presets() -> Mapping[str, Preset]:
    """All presets that come with artstudio, in the order of their files, then those of plugins."""
    return _with_plugins(load_folder(shipped_folder()))


def _with_plugins(presets: Mapping[str, Preset]) -> Mapping[str, Preset]:
    for origin, path in _plugin_files():
        try:
            presets = MappingProxyType({**presets, **_new(path, load_file(path), presets)})
        except ArtstudioError as error:
            warn_of(origin, error)
    return presets


def _plugin_files() -> Iterator[tuple[str, Path]]:
    """Yield the collections of plugins, with the names of their packages."""
    for origin, found in plugin_objects(PLUGINS):
        folder = Path(str(files(found)) if isinstance(found, ModuleType) else str(found))
        for path in sorted(folder.glob("*.toml")):
            yield origin, path


def _collections() -> dict[str, Path]:
    """The files of the shipped collections, and of plugins, by their names."""
    paths = [*(path for _, path in _plugin_files()), *shipped_folder().glob("*.toml")]
    return dict(sorted((path.stem, path) for path in paths))


def collection_names() -> list[str]:
    """The shipped collections, and those of plugins, by the names of their files."""
    return list(_collections())


def source_names() -> list[str]:
    """The names of the shipped presets and collections."""
    return [*shipped_presets(), *collection_names()]


def load_folder(folder: Path) -> Mapping[str, Preset]:
    """Read every `*.toml` of a folder. A name that two files share is `BadInput`."""
    presets: dict[str, Preset] = {}
    for path in sorted(folder.glob("*.toml")):
        presets |= _new(path, load_file(path), presets)
    return MappingProxyType(presets)


def _new(path: Path, presets: Mapping[str, Preset], known: Mapping[str, Preset]) -> Mapping[str, Preset]:
    for name in presets:
        if name in known:
            raise BadInput(f"{path}: [{name}] stands in the collection {known[name].collection!r} too")
    return presets


def load_file(path: Path) -> Mapping[str, Preset]:
    """Read one collection. Raises `BadInput` with file, table and key, `FileProblem` if it can't be read."""
    data = read_toml(read_limited(path, MAX_FILE_SIZE, "presets"), str(path))
    collection = _word(path, data.pop("title", path.stem), "title")
    _word(path, data.pop("description", ""), "description")
    before = values_before(check_schema(data.pop("schema", SCHEMA), str(path)))
    presets: dict[str, Preset] = {}
    for name, table in data.items():
        if not isinstance(table, dict):
            close = get_close_matches(name, ("title", "description", "schema"), n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise BadInput(f"{path}: unknown key {clip(name)!r}{hint} (a preset is a table: [{clip(name, 20)}])")
        check_name(path, name, "preset")
        presets[name] = _preset(path, name, before | table, collection)
    if not presets:
        raise BadInput(f"{path}: expected at least one preset, a table such as [my-picture]; found none")
    return MappingProxyType(presets)


def _preset(path: Path, name: str, table: dict[str, Any], collection: str) -> Preset:
    try:
        parsed = _Table(**table)
    except BadInput as error:
        raise BadInput(f"{path}: [{name}] {error}") from None
    recipe = Recipe(**{field: getattr(parsed, field) for field in Recipe.model_fields})
    title = parsed.title or name.replace("-", " ").capitalize()
    sweeps = tuple(_sweep_of(field, parts) for field, parts in parsed.sweep.items())
    return Preset(name, recipe, title, parsed.description, parsed.tags, collection, sweeps)


def _sweep_of(field: str, parts: Any) -> Sweep:
    # A text as on the command line, or a list of values as they are.
    if isinstance(parts, str):
        parts = parts.split(",")
    if not isinstance(parts, list) or not all(type(part) in (str, int, float) for part in parts):
        raise BadInput(f"sweep {field}: expected a text such as '1..64' or a list, found {shown(parts)}")
    return make_sweep(field, parts)


def find_presets(source: str) -> list[Preset]:
    """Return what a person named: a shipped preset or collection, `file.toml` (all of it), or `file.toml:name`."""
    path, preset = split_toml(source)
    if not path:
        shipped = shipped_presets()
        if source in shipped:
            return [shipped[source]]
        if source in (collections := _collections()):
            return list(load_file(collections[source]).values())
        raise unknown("preset", source, source_names(), see="artstudio presets")
    presets = load_file(Path(path))
    if not preset:
        return list(presets.values())
    if preset not in presets:
        raise unknown(f"preset in {path}:", preset, presets)
    return [presets[preset]]


def is_toml(source: str) -> bool:
    """Say whether a text names a TOML file, or a preset in one."""
    return split_toml(source)[0] != ""


def split_toml(source: str) -> tuple[str, str]:
    """Return file and preset of `file.toml:name`; no preset for `file.toml`, neither for another text."""
    if source.endswith(".toml"):
        return source, ""
    path, _, preset = source.rpartition(":")
    found = path.endswith(".toml") and preset and not any(mark in preset for mark in "/\\")
    return (path, preset) if found else ("", "")


def _word(path: Path, value: Any, key: str) -> str:
    if not isinstance(value, str) or len(value) > 1000:
        raise BadInput(f"{path}: {key}: expected a text, found {shown(value)}")
    return value


def check_name(path: Path, name: str, kind: str) -> None:
    """Refuse a name of a preset or style, its `kind`, of which no file name can be made. Raises `BadInput`."""
    # Names become file names on every system, so they are plain; Windows keeps some for its devices.
    if not _NAME.fullmatch(name) or _RESERVED.fullmatch(name):
        raise BadInput(
            f"{path}: {kind} name {clip(ascii(name))}: expected small letters, digits and hyphens, at most 64"
            " (and no name that a system reserves, such as con)"
        )
