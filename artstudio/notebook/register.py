"""Records of your own, for as long as Python runs: activations, features, colour models and palettes."""

from __future__ import annotations

from typing import Any

from artstudio.errors import BadInput, shown
from artstudio.model.activation.registry import ACTIVATIONS, Activation
from artstudio.model.colour.models import COLOUR_MODELS, ColourModel
from artstudio.model.colour.palettes import PALETTES, Palette
from artstudio.model.features import FEATURES, Feature
from artstudio.registry import Registry


def register(*records: Activation | Feature | ColourModel | Palette) -> None:
    """Add records, each under its name: recipes, comparisons, plots and the page know them from then on.

    A package with entry points adds records for good: see docs/plugins.md. A cell that registers the same record may
    run again; a record with another function needs another name. Raises `BadInput`.

    >>> import artstudio
    >>> artstudio.register(artstudio.Palette("dawn", colours=("#102030", "#f2a65a", "#fff3d0")))
    >>> artstudio.Recipe(palette="dawn").palette
    'dawn'
    """
    registries: tuple[Registry[Any], ...] = (ACTIVATIONS, FEATURES, COLOUR_MODELS, PALETTES)
    for record in records:
        registry = next((registry for registry in registries if registry.holds(record)), None)
        if registry is None:
            expected = "an Activation, Feature, ColourModel or Palette"
            raise BadInput(f"register: expected {expected}, found {shown(record)}")
        registry.register(record)
