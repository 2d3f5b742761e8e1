"""The versions of a recipe's JSON form, and what a recipe of an older one means by fields that it did not know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from artstudio.errors import BadInput, shown

SCHEMA = 4
"""The newest version. A reader refuses a newer one and goes on reading older ones.

Schema 1 knew no random Fourier features, warp, skip connections, sparse weights, finish or gamut mapping; its
colours outside of sRGB were clipped. Schema 2 knew no trained weights. Up to schema 3 distances were measured from
the middle of the picture, and `sine` and `gaussian` had greater gains.
"""

OLDEST_WRITTEN = 2
"""A recipe is written in the oldest schema that can say it, from this one on: its digest stays what it was."""

UNNAMED = 3
"""The last schema of which the page's addresses did not say that they were written in it."""


@dataclass(frozen=True)
class Added:
    """A field that a schema added, and the JSON value by which recipes of older ones are painted."""

    schema: int
    before: Any


ADDED: Mapping[str, Added] = MappingProxyType(
    {
        "gamut": Added(2, "clip"),
        "weights": Added(3, ""),
        "origin": Added(4, [0.0, 0.0]),
        "gains": Added(4, "first"),
    }
)
"""The fields whose default is another than what recipes of older schemas mean; fields of no effect by default are not
listed."""


def check_schema(schema: Any, where: str) -> int:
    """Return a schema that can be read. Raises `BadInput` with `where` in its line."""
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise BadInput(f"{where}: expected a schema number, found {shown(schema, 40)}")
    if schema > SCHEMA:
        raise BadInput(
            f"{where}: written with recipe schema {shown(schema, 20)}, but this version reads up to {SCHEMA}; "
            "a newer artstudio can read it"
        )
    return schema


def values_before(schema: int) -> dict[str, Any]:
    """Return the values of the fields that a schema did not know, as JSON values."""
    return {name: added.before for name, added in ADDED.items() if schema < added.schema}


def oldest_form(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recipe's fields, all of them as JSON values, with the oldest schema that can say them."""
    needed = [added.schema for name, added in ADDED.items() if fields[name] != added.before]
    schema = max([OLDEST_WRITTEN, *needed])
    known = {name: value for name, value in fields.items() if name not in values_before(schema)}
    if not fields["weights"]:
        known.pop("weights", None)
    return {"schema": schema, **known}
