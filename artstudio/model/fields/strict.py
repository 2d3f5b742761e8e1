"""Strict validation, and its complaints as one line each: expected, found, where, what to do."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from functools import cache, wraps
from numbers import Real
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Generic,
    ParamSpec,
    SupportsIndex,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from artstudio.errors import BadInput, clip, shown


class Strict(BaseModel):
    """A frozen record: no unknown keys, no silent conversions, no nan or infinity. Raises `BadInput` in one line."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    called: ClassVar[str] = ""
    """What errors call it; empty where the names of its fields say enough."""

    if not TYPE_CHECKING:  # type checkers derive the arguments from the fields

        def __init__(self, **fields: Any) -> None:
            try:
                super().__init__(**fields)
            except ValidationError as error:
                raise explain(error, type(self), self.called) from None

        # Within another record pydantic is to go on collecting complaints, as for classes without an `__init__`.
        __init__.__pydantic_base_init__ = True


_Given = TypeVar("_Given")
_Kept = TypeVar("_Kept")

if TYPE_CHECKING:

    class Given(Generic[_Given, _Kept]):
        """A field that takes more than it keeps: `Given[str | Sequence[str], tuple[str, ...]]`.

        Type checkers see a descriptor, whose `__set__` they take for the argument's type (see `dataclass_transform`).
        """

        def __get__(self, instance: object, owner: Any = None) -> _Kept: ...

        def __set__(self, instance: object, value: _Given) -> None: ...

else:

    class Given:
        """At run time, what the field keeps."""

        def __class_getitem__(cls, types: tuple[Any, Any]) -> Any:
            return types[1]


def usual(value: Any) -> Any:
    """Return a `Given` field's default as it is, for type checkers as whatever the field's type is."""
    return value


def as_tuple(value: Any) -> Any:
    """Return a list as a tuple, and anything else as it is: a validator that comes before the strict ones."""
    return tuple(value) if isinstance(value, list) else value


Names = Annotated[
    Given[str | Sequence[str], tuple[str, ...]],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else as_tuple(value)),
]
"""Texts; one may stand for a list of one."""


_P = ParamSpec("_P")
_R = TypeVar("_R")


def checked(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have a public function refuse arguments of another type than it says, as `BadInput`.

    Numbers may be NumPy's too, and lists any sequence or array. Hints beyond plain types are not looked at.
    """
    signature = inspect.signature(function)
    hints = cache(lambda: get_type_hints(function))

    @wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        for name, value in signature.bind(*args, **kwargs).arguments.items():
            hint = hints().get(name, Any)
            kind = signature.parameters[name].kind
            values = value if kind is inspect.Parameter.VAR_POSITIONAL else (value,)
            for part in values if kind is not inspect.Parameter.VAR_KEYWORD else ():
                if not _fits(part, hint) or (Path in get_args(hint) and not _can_be_path(part)):
                    raise BadInput(f"{name}: expected {_in_words(hint)}, found {shown(part)}")
        return function(*args, **kwargs)

    return call


def _fits(value: Any, hint: Any) -> bool:
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin in (Sequence, tuple):
        sized = hasattr(value, "__len__") and hasattr(value, "__iter__") and not isinstance(value, str | bytes)
        return sized and all(_fits(part, parts[0]) for part in value)
    if hint in (int, float):
        return isinstance(value, SupportsIndex if hint is int else Real) and not isinstance(value, bool)
    kind = origin or hint
    return not isinstance(kind, type) or kind is Any or isinstance(value, kind)


def _can_be_path(path: str | Path) -> bool:
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _in_words(hint: Any) -> str:
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(map(_in_words, get_args(hint))))
    if origin in (Sequence, tuple):
        return f"a list (each {_in_words(get_args(hint)[0])})"
    return _WORDS.get(hint, getattr(origin or hint, "__name__", "another type"))


_WORDS: Mapping[Any, str] = MappingProxyType(
    {
        int: "a whole number",
        float: "a number",
        str: "text",
        bool: "true or false",
        NoneType: "None",
        Path: "a path",
    }
)


_EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "text",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "missing": "a value",
}


def explain(error: ValidationError, model: type[BaseModel], where: str = "") -> BadInput:
    """Return the first complaint of `error` as one clear line; `where` says which file or table it is in."""
    first = error.errors(include_url=False)[0]
    path = clip(".".join(str(part) for part in first["loc"]))
    at = f"{where}: " if where else ""
    if first["type"] == "extra_forbidden":
        return BadInput(f"{at}unknown key {clip(path)!r}{_suggestion(model, first['loc'])}")
    if first["type"] == "missing":
        return BadInput(f"{at}{path} is missing")
    if first["type"] == "value_error":  # raised by a validator of ours: the sentence is ready
        return BadInput(f"{at}{path}: {first['ctx']['error']}" if path else f"{at}{first['ctx']['error']}")
    return BadInput(f"{at}{path}: expected {_expected(first)}, found {_found(first['input'])}")


def _expected(complaint: Any) -> str:
    context = complaint.get("ctx", {})
    bounds = {
        "greater_than_equal": "at least {ge}",
        "greater_than": "more than {gt}",
        "less_than_equal": "at most {le}",
        "less_than": "less than {lt}",
        "too_short": "at least {min_length} entries",
        "too_long": "at most {max_length} entries",
        "string_too_short": "at least {min_length} characters",
        "string_too_long": "at most {max_length} characters",
    }
    kind = complaint["type"]
    if kind in bounds:
        return bounds[kind].format(**context)
    return _EXPECTED.get(kind) or complaint["msg"].removeprefix("Input should be ")


def _found(value: Any) -> str:
    return clip(str(value), 48) if isinstance(value, date | time) else shown(value, 48)


def _suggestion(model: type[BaseModel], location: tuple[int | str, ...]) -> str:
    names = model.model_fields
    for part in location[:-1]:
        inner = names[str(part)].annotation if str(part) in names else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            break
        names = inner.model_fields
    close = get_close_matches(str(location[-1]), names, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"; {hint}(known: {', '.join(names)})"
