"""Prints docs/recipe.md, the reference of what a recipe holds, from the records themselves: `make docs`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.features import FEATURES, SYMMETRIES
from artstudio.model.fields.record import RecipeField
from artstudio.model.fields.schemas import ADDED, SCHEMA
from artstudio.model.recipe import FIELDS

HEAD = """# What a recipe holds

This page is written by `make docs` from the records that the program itself reads.

The first column has a field's name on the command line, in sweeps, in keyframes and in the studio's address, the
second its place in presets and in Python."""


SCHEMAS = f"""## Schemas

The JSON of a recipe says in which `schema` it is written; the newest is {SCHEMA}. A recipe of an older one is painted
as it was: fields that its schema did not know have the values below, whatever their default is now. A recipe is
written in the oldest schema, from 2 on, that can say it.

A file of presets may say `schema = 2` at its beginning, as may a file of styles; without it, all that it leaves out
has today's default. Addresses of the studio say `schema=4`; one without it was written before, and has the values of
schema 3."""


def _before(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value) or "none"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def _values(field: RecipeField) -> str:
    if field.choices:
        return " or ".join(field.choices)
    words = {"integer": "whole number", "truth": "true or false", "names": "texts", "numbers": "numbers"}
    limits = f", {field.limits['least']} to {field.limits['most']}" if "least" in field.limits else ""
    return words.get(field.kind, field.kind) + limits


def _field(field: RecipeField) -> Sequence[object]:
    record = field.record
    default = ",".join(map(str, field.default)) if isinstance(field.default, tuple) else str(field.default).lower()
    can = ", ".join(["sweep"] * record.sweeps + ["keyframes"] * record.animates)
    return f"`{field.name}`", f"`{'.'.join(field.path)}`", _values(field), default, can, field.help


def main() -> None:
    """Print the page."""
    parts = [
        HEAD,
        table(("name", "place", "values", "default", "can change in", "what it is"), map(_field, FIELDS.values())),
        SCHEMAS,
        table(("name", "since schema", "before"),
              ((f"`{name}`", added.schema, _before(added.before)) for name, added in ADDED.items())),
        "## Inputs",
        table(("name", "what it is", "channels", "tiles"),
              ((f"`{f.name}`", f.label, f.channels, "yes" * f.seamless) for f in FEATURES.values())),
        "## Symmetries",
        table(("name", "what it is", "tiles"),
              ((f"`{s.word}`", s.label, "yes" * s.tiles) for s in SYMMETRIES.values())),
        "## Colour models",
        table(("name", "what it is", "palette"),
              ((f"`{c.name}`", c.summary, "yes" * c.uses_palette) for c in COLOUR_MODELS.values())),
        "## Activations",
        table(("name", "f(z)", "values", "used for"),
              ((f"`{a.name}`", f"`{a.formula}`", a.range_text, a.use) for a in ACTIVATIONS.values())),
    ]  # fmt: skip
    print("\n\n".join(parts))


if __name__ == "__main__":
    main()
