"""Sweeps: one recipe, several values of some of its fields, every combination.

A sweep is written `field=values`, with values separated by commas: `1..64` for whole numbers, `0.5..2.0:7` for
seven numbers evenly spaced, names as they are, `sine+tanh` for layers that take turns.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from artstudio.errors import BadInput, clip, unknown
from artstudio.model.activation.registry import ACTIVATIONS, EXPRESSION
from artstudio.model.recipe import FIELDS, Recipe

MAX_JOBS = 100_000

_NUMBER = r"[+-]?(?:\d{1,12}(?:\.\d{1,12})?|\.\d{1,12})(?:e[+-]?\d{1,3})?"
RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?::(\d{{1,6}}))?", re.IGNORECASE | re.ASCII)

_SWEPT = {name: field for name, field in FIELDS.items() if field.record.sweeps}


@dataclass(frozen=True)
class Sweep:
    """One field and its values, in order, no value twice."""

    field: str
    values: tuple[int | float | str, ...]

    @property
    def words(self) -> str:
        """The field in words: `fourier scale`."""
        return self.field.replace("_", " ")

    @property
    def labels(self) -> tuple[str, ...]:
        """What a figure writes beside each value: `seed 7`, `gain 0.5`, `Step`, `dusk`."""
        return tuple(
            _label(value) if isinstance(value, str) else f"{self.words} {value:g}" for value in self.values
        )


def _label(value: str) -> str:
    """Return the label of an activation, of several that take turns, or another name as it is."""
    parts = [value] if EXPRESSION.search(value) else value.split("+")
    return ", ".join(ACTIVATIONS[part].label if part in ACTIVATIONS else part for part in parts)


def parse_sweep(text: str) -> Sweep:
    """Read `seed=1..64`, `gain=0.5..2.0:7`, `activation=step,tanh` ... Raises `BadInput`."""
    field, equals, values = text.partition("=")
    if not equals:
        raise BadInput(f"sweep: expected field=values, such as seed=1..64; found {clip(text)!r}")
    return make_sweep(field.strip(), values.split(","))


def make_sweep(field: str, parts: Sequence[Any]) -> Sweep:
    """Return the sweep of a field over parts: values as they are, or texts as in `parse_sweep`."""
    if field not in _SWEPT:
        raise unknown("sweep field", field, _SWEPT)
    values: list[int | float | str] = []
    for part in parts:
        values += _expand(field, part.strip()) if isinstance(part, str) else [part]
        if len(values) > MAX_JOBS:
            raise BadInput(f"sweep {field}: expected at most {MAX_JOBS} values, found more")
    if not values:
        raise BadInput(f"sweep {field}: expected at least one value")
    return Sweep(field, tuple(dict.fromkeys(values)))


def _expand(field: str, part: str) -> list[Any]:
    kind = _number_type(field)
    if kind is None:
        return [part]
    match = RANGE.fullmatch(part)
    if not match:
        return [_number(field, part)]
    low, high = _number(field, match[1]), _number(field, match[2])
    if low > high:
        raise BadInput(f"sweep {field}: expected a range from low to high, found {part!r}")
    if match[3] is None:
        if kind is float:
            raise BadInput(f"sweep {field}: expected a count after the range, as in {part}:5; found {part!r}")
        if high - low >= MAX_JOBS:
            raise BadInput(f"sweep {field}: expected at most {MAX_JOBS} values, found {high - low + 1}")
        return list(range(int(low), int(high) + 1))
    count = int(match[3])
    if not 2 <= count <= MAX_JOBS:
        raise BadInput(f"sweep {field}: expected a count of 2 to {MAX_JOBS}, found {part!r}")
    spaced = (low + (high - low) * i / (count - 1) for i in range(count))
    # Six digits: the value in the file's name is then the value in the recipe.
    return [round(value) if kind is int else float(f"{value:.6g}") for value in spaced]


def _number_type(field: str) -> type[int] | type[float] | None:
    return {"integer": int, "number": float}.get(_SWEPT[field].kind)


def _number(field: str, text: str) -> Any:
    kind = _number_type(field) or float
    try:
        if not re.fullmatch(_NUMBER, text, re.IGNORECASE | re.ASCII):
            raise ValueError
        return kind(text)
    except ValueError:
        example = "1..64 or 3,5,8" if kind is int else "0.5..2.0:7 or 0.5,1"
        raise BadInput(f"sweep {field}: expected numbers such as {example}; found {clip(text)!r}") from None


def expand(name: str, recipe: Recipe, sweeps: Sequence[Sweep]) -> Iterator[tuple[str, Recipe]]:
    """Yield name and recipe for every combination; the last sweep varies fastest.

    Names are made from the swept values: `rose-window_seed-7_gain-0.5`. Raises `BadInput` for a value that
    the recipe refuses, a field swept twice, or more than 100,000 combinations.
    """
    fields = [sweep.field for sweep in sweeps]
    if len(set(fields)) < len(fields):
        raise BadInput(f"sweep: expected each field once, found {', '.join(fields)}")
    total = 1
    for sweep in sweeps:
        total *= len(sweep.values)
    if total > MAX_JOBS:
        raise BadInput(f"sweep: expected at most {MAX_JOBS} pictures, found {total}")
    for values in itertools.product(*(sweep.values for sweep in sweeps)):
        parts = [f"{field}-{_word(value)}" for field, value in zip(fields, values, strict=True)]
        yield "_".join([name, *parts] if name else parts), _changed(recipe, dict(zip(fields, values, strict=True)))


def _word(value: Any) -> str:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-") or "0"


def _changed(recipe: Recipe, changes: dict[str, Any]) -> Recipe:
    for name, value in changes.items():
        # An expression has pluses of its own.
        if _SWEPT[name].kind == "names" and isinstance(value, str) and not EXPRESSION.search(value):
            changes[name] = tuple(value.split("+"))
    try:
        return recipe.with_parts(**changes)
    except BadInput as error:
        raise BadInput(f"sweep: {error}") from None
