"""Whether a recipe may come from a style: looked up in what the style says, not drawn."""

import re

from artstudio.model.recipe import FIELDS
from artstudio.presets.styles import Harmony, OneOf, Range


def may_be(value, found):
    """Whether what a style says of a field allows this value."""
    if isinstance(value, OneOf):
        return any(may_be(part, found) for part in value.values)
    if isinstance(value, Range):
        return value.low * 0.999 <= found <= value.high * 1.001
    if isinstance(value, Harmony):
        return len(found) == 6 and all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in found)
    if isinstance(value, tuple) and isinstance(found, tuple):
        return len(value) == len(found) and all(map(may_be, value, found))
    return value == found


def may_come_from(style, recipe):
    """Whether each field is one that the style allows, and the usual one where it says nothing."""
    return all(
        may_be(style.fields[name], recipe.part(name))
        if name in style.fields
        else recipe.part(name) == field.default
        for name, field in FIELDS.items()
        if name != "seed"
    )
