"""What the fields of a recipe say of themselves: one record in each field's annotation.

The command line, sweeps, keyframes, breeding, the studio's panel and address, commands to copy and docs/recipe.md
follow from it. A field is known to people by one name: its own, or another `word` where it is part of a nested one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Kind = Literal["integer", "number", "truth", "choice", "text", "names", "numbers"]


@dataclass(frozen=True)
class Control:
    """A field's control on the studio's panel, in the part of this name. A number has a slider from `low` to `high`.

    `kind` is what builds it (`BUILDERS` in pages/studio/panel.js), by default what suits the field's own kind.
    """

    part: str
    label: str
    low: float = 0
    high: float = 1
    _: KW_ONLY
    digits: int = 0
    """After the point."""
    log: bool = False
    """Whether the slider goes by factors."""
    unit: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Draw:
    """How the studio's Randomise draws a value: `part` is what people let it change.

    `values` are equally likely; without them the page draws from all that there is (`DRAWS` in pages/studio/vary.js).
    """

    part: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, eq=False)
class Record:
    """What a field says of itself.

    `help` is for the command line; in it {least} and {most} stand for the field's limits, {names} for `names`.
    """

    help: str
    _: KW_ONLY
    word: str = ""
    """The name for people, in `snake_case`; empty for the field's own."""
    letter: str = ""
    """Of the short option."""
    spelling: str = ""
    """Another spelling of the option."""
    metavar: str = ""
    names: Iterable[str] = ()
    """A registry of what a text, or a list of texts, may name."""
    is_option: bool = True
    """Whether it can be given on the command line, and stands in commands to copy."""
    sweeps: bool = False
    animates: bool = True
    """Whether keyframes may set it. Decimal numbers change smoothly, all else at its key."""
    is_factor: bool = False
    """Whether it changes by factors: halfway between 1 and 4 is 2."""
    is_angle: bool = False
    """In degrees."""
    breeds: Literal["between", "one of them", "default"] = "between"
    """A child's value: for numbers something between its parents' and else one of them; one of them; the default."""
    zero_is_off: bool = False
    """Whether nothing lies between 0 and the other values."""
    barred: int | None = None
    """A whole number between others that it cannot have."""
    control: Control | None = None
    draw: Draw | None = None


@dataclass(frozen=True, eq=False)
class RecipeField:
    """A field as all else sees it: its record, and what its annotation says. `path` leads to it from the recipe."""

    name: str
    path: tuple[str, ...]
    record: Record
    kind: Kind
    is_open: bool
    """Whether it takes values of another kind as well, such as `seed:4` in place of numbers."""
    default: Any
    limits: dict[str, float]
    """`least` and `most` of numbers, `fewest` and `longest` of lists, where there are any."""
    choices: tuple[str, ...]

    @property
    def option(self) -> str:
        """The option's long name."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def help(self) -> str:
        """The help text, with its limits and names."""
        return self.record.help.format(**self.limits, names=", ".join(self.record.names))

    def words(self, value: Any) -> list[str]:
        """Return the words of the command line that give this value."""
        if self.kind == "truth":
            return [self.option if value else self.option.replace("--", "--no-", 1)]
        text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
        return [f"{self.option}={text}"] if text.startswith("-") else [self.option, text]


def fields_of(model: type[BaseModel], outer: tuple[str, ...] = ()) -> Iterator[RecipeField]:
    """Yield the fields of a recipe, those of nested parts one by one. Raises `TypeError` for one without a record."""
    for name, info in model.model_fields.items():
        path = (*outer, name)
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from fields_of(info.annotation, path)
        else:
            yield _read(path, info)


def _read(path: tuple[str, ...], info: FieldInfo) -> RecipeField:
    record = next((part for part in info.metadata if isinstance(part, Record)), None)
    if record is None:
        raise TypeError(f"{'.'.join(path)}: expected a Record in the field's annotation")
    kinds = [_kind(part) for part in _alternatives(info.annotation)]
    return RecipeField(
        name=record.word or path[-1],
        path=path,
        record=record,
        kind=kinds[0],
        is_open=len(kinds) > 1,
        default=info.get_default(),
        limits=_limits(info),
        choices=get_args(info.annotation) if kinds[0] == "choice" else (),
    )


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)


def _kind(annotation: Any) -> Kind:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(parts[0])
    if origin is tuple:
        return "names" if _kind(parts[0]) == "text" else "numbers"
    if origin is Literal:
        return "choice"
    kinds: dict[Any, Kind] = {int: "integer", float: "number", bool: "truth", str: "text"}
    return kinds[annotation]


_LIMITS = {"ge": "least", "le": "most", "min_length": "fewest", "max_length": "longest"}


def _limits(info: FieldInfo) -> dict[str, float]:
    parts = get_args(info.annotation) if get_origin(info.annotation) is tuple else ()
    fixed = {"fewest": len(parts), "longest": len(parts)} if parts and parts[-1] is not Ellipsis else {}
    # The limits of a list's entries stand in the annotation of the first.
    inner = (
        [found for part in get_args(parts[0])[1:] for found in getattr(part, "metadata", [part])] if parts else []
    )
    constraints = [*info.metadata, *inner]
    stated = {ours: getattr(c, its) for c in constraints for its, ours in _LIMITS.items() if hasattr(c, its)}
    return fixed | stated
