"""Strict validation, and its complaints as one line each: expected, found, where, what to do."""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from functools import cache, wraps
from numbers import Real
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, ParamSpec, SupportsIndex, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError

from artstudio.errors import BadInput, clip, shown


class Strict(BaseModel):
    """A frozen record: no unknown keys, no silent conversions, no nan or infinity."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def read_json(text: str | bytes, where: str) -> Any:
    """Return the values of a JSON text that came from outside.

    Raises `BadInput`, beginning with `where`, for what is not JSON, numbers of thousands of digits, nan and infinity,
    and texts that are not Unicode.
    """

    def refuse(name: str) -> float:
        raise BadInput(f"{where}: expected finite numbers, found {name}")

    try:
        values = json.loads(text, parse_constant=refuse)
        json.dumps(values, ensure_ascii=False).encode()  # a lone surrogate, written as an escape, has no encoding
    except UnicodeError:
        raise BadInput(f"{where}: expected Unicode text, found other characters in its JSON") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not valid JSON ({error})") from None
    except RecursionError:
        raise BadInput(f"{where}: not valid JSON (nested too deeply)") from None
    except ValueError:  # what Python says of numbers too long to read
        raise BadInput(f"{where}: not valid JSON (a number of thousands of digits)") from None
    return values


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
