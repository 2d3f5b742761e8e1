"""Strict validation, and its complaints as one line each: expected, found, where, what to do."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from artstudio.errors import BadInput, clip


class Strict(BaseModel):
    """A frozen record: no unknown keys, no silent conversions, no nan or infinity."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, validate_default=True)


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
    path = ".".join(str(part) for part in first["loc"])
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
    return clip(repr(value) if isinstance(value, str | int | float | bool) else f"{value!s}", 48)


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
