"""A recipe as the command line's options: the words that make it again, for people to copy."""

from __future__ import annotations

from artstudio.model.recipe import FIELDS, Recipe


def option_words(recipe: Recipe) -> list[str]:
    """Return the options for all that differs from the default recipe but the seed, which is always worth naming.

    >>> option_words(Recipe(seed=3, activation="relu", gain=0.5))
    ['--activation', 'relu', '--gain', '0.5']
    """
    fields = [field for field in FIELDS.values() if field.record.is_option and field.name != "seed"]
    values = [(field, recipe.part(field.name)) for field in fields]
    return [word for field, value in values if value != field.default for word in field.words(value)]
