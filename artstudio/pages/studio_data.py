"""Everything that the studio page knows, from the registries: as JSON values, with functions as tapes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from artstudio.figures.style.theme import THEMES
from artstudio.model import calibration, features, network, recipe, trained, warp, weights
from artstudio.model.activation import expression, mix, special
from artstudio.model.activation.record import Activation
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour import finish, oklab
from artstudio.model.colour import models as colour
from artstudio.model.colour.palettes import MAX_COLOURS, PALETTES, palette_colours
from artstudio.model.fields.checks import MAX_LATENT
from artstudio.model.fields.record import RecipeField
from artstudio.model.size import MAX_SIDE, MAX_SUPERSAMPLE, SIZES
from artstudio.pages.trace import Table, Tape, call, trace
from artstudio.version import RENDERER, VERSION


def studio_data() -> dict[str, Any]:
    """Return the page's data: records of the registries with their functions as tapes (see `trace`), the recipe's
    fields with their limits and defaults, and the constants of calibration and hash."""
    return {
        "version": VERSION,
        "renderer": RENDERER,
        "schema": recipe.SCHEMA,
        "recipe": recipe.Recipe().to_dict(),
        "fields": {name: _field(field) for name, field in recipe.FIELDS.items()},
        "activations": [_activation(record) for record in ACTIVATIONS.values()],
        "expression": _expression(),
        "features": [_feature(record) for record in features.FEATURES.values()],
        "symmetries": [_symmetry(record) for record in features.SYMMETRIES.values()],
        "colours": [_colour(record) for record in colour.COLOUR_MODELS.values()],
        "gamuts": {name: _of_channels(function) for name, function in oklab.GAMUTS.items()},
        "palettes": [{"name": name, "colours": list(palette_colours(name))} for name in PALETTES],
        "functions": _functions(),
        "constants": _constants(),
        "layers": dict(weights.LAYERS),
        "columns": dict(weights.COLUMNS),
        "sizes": {name: list(size) for name, size in SIZES.items()},
        "limits": {
            "side": MAX_SIDE, "samples": MAX_SUPERSAMPLE, "folds": features.MAX_FOLDS, "colours": MAX_COLOURS,
            "latent": MAX_LATENT, "parts": mix.MAX_PARTS, "outputs": trained.MOST_OUTPUTS,
        },
        "strokes": {
            name: [{"colour": stroke.colour, "text": stroke.text, "dash": list(stroke.dash)}
                   for stroke in THEMES[name].strokes]
            for name in ("light", "dark")
        },
    }  # fmt: skip


_CONTROLS = {"integer": "number", "number": "number", "truth": "switch", "choice": "choice", "names": "several"}
"""The control that suits a kind of field, where its record names no other."""


def _field(field: RecipeField) -> dict[str, Any]:
    """Return a field with all that the page shows and checks, without what is not there."""
    record = field.record
    about: dict[str, Any] = {"path": field.path, "kind": field.kind, **field.limits, "choices": field.choices}
    about |= {"open": field.is_open, "option": record.is_option, "barred": record.barred}
    if record.control:
        about["control"] = asdict(record.control) | {"kind": record.control.kind or _CONTROLS[field.kind]}
    if record.draw:
        about["draw"] = asdict(record.draw)
    return {
        name: value for name, value in about.items() if value is not None and value is not False and value != ()
    }


def _activation(record: Activation) -> dict[str, Any]:
    one, over_units = (1,), not record.elementwise
    slope = record.derivative
    return {
        "name": record.name,
        "label": record.label,
        "aliases": list(record.aliases),
        "formula": record.formula,
        "latex": record.latex,
        "rangeText": record.range_text,
        "breaks": [asdict(place) for place in record.breaks],
        "period": record.period,
        "gain": record.gain,
        "use": record.use,
        "convention": record.convention,
        "elementwise": record.elementwise,
        "f": trace(lambda z: record.function(z, np), one, over_units=over_units),
        # None where the page differentiates the tape of f itself, as JAX does.
        "slope": trace(lambda z: slope(z, np), one, over_units=over_units) if slope else None,
    }


def _expression() -> dict[str, Any]:
    def tape(arguments: int, function: Any) -> Tape:
        return trace(lambda *values: function(np, *values), *[(1,)] * arguments)

    return {
        "gain": expression.GAIN,
        "longest": expression.MAX_LENGTH,
        "mostParts": expression.MAX_NODES,
        "mostPower": expression.MAX_POWER,
        "limit": expression.LIMIT,
        "constants": dict(expression.CONSTANTS),
        "functions": {
            name: {"fewest": fewest, "most": most, "tape": tape(fewest, function)}
            for name, (fewest, most, function) in expression.FUNCTIONS.items()
        },
    }


def _feature(record: features.Feature) -> dict[str, Any]:
    return {
        "name": record.name,
        "label": record.label,
        "column": record.column,
        "channels": record.channels,
        "seamless": record.seamless,
        "tape": trace(lambda x, y: record.function(x, y, np), (1,), (1,)),
    }


def _symmetry(record: features.Symmetry) -> dict[str, Any]:
    return {
        "name": record.name,
        "label": record.label,
        "counted": record.counted,
        "tiles": record.tiles,
        "tape": trace(lambda x, y, folds: record.function(x, y, folds, np), (1,), (1,), (1,)),
    }


def _counts() -> range:
    """How many colours a palette may have."""
    return range(2, max(MAX_COLOURS, *(len(palette_colours(name)) for name in PALETTES)) + 1)


def _colour(model: colour.ColourModel) -> dict[str, Any]:
    """Return a colour model; its tapes, by the number of network outputs, take these and then what is prepared."""
    sizes = {model.channels(count): count for count in _counts()}
    tapes = {str(channels): _colour_tape(model, channels, count) for channels, count in sizes.items()}
    return {
        "name": model.name,
        "summary": model.summary,
        "usesPalette": model.uses_palette,
        "channels": {count: model.channels(count) for count in _counts()},
        "tapes": tapes,
    }


def _colour_tape(model: colour.ColourModel, channels: int, colours: int) -> Tape:
    some = np.linspace(-1.0, 1.0, channels * 8).reshape(channels, 8)
    prepared = model.prepare(some, np.linspace(0.1, 0.9, 3 * colours).reshape(3, colours), 0, oklab.srgb_in_gamut)
    parts = {name: values for name, values in prepared.items() if values.shape[-1] != colour.TABLE_SIZE}

    def function(outputs: Any, *values: Any) -> Any:
        given = dict(zip(parts, values, strict=True))
        table = {name: Table() for name in prepared if name not in parts}
        return model.apply(outputs, given | table, lambda lab, xp: call("gamut", lab), np)

    tape = trace(function, (channels, 1), *(values.shape for values in parts.values()))
    return {**tape, "prepared": list(prepared), "parts": {name: values.size for name, values in parts.items()}}


def _of_channels(function: Any) -> Tape:
    return trace(lambda channels: function(channels, np), (3, 1))


def _functions() -> dict[str, Tape]:
    """Return the functions of which every picture, or its finish, is made."""
    number: tuple[int, ...] = ()
    return {
        "sine": trace(lambda z: special.sine(z, np), (1,)),
        "cosine": trace(lambda z: special.cosine(z, np), (1,)),
        "torus": trace(lambda x, y: features.torus(x, y, np), (1,), (1,)),
        "oklab_from_srgb": _of_channels(oklab.oklab_from_srgb),
        "linear_from_srgb": _of_channels(oklab.linear_from_srgb),
        "srgb_from_linear": _of_channels(oklab.srgb_from_linear),
        "posterise": trace(lambda output, bands: finish.posterise(output, bands, np), (1,), number),
        "contour_cover": trace(
            lambda output, x, y, lines: finish.contour_cover(output, x, y, lines, np), (1,), (1,), (1,), number),
        "draw_contours": trace(lambda light, cover: finish.draw_contours(light, cover, np), (3, 1), (1,)),
        "relief_light": trace(lambda x, y, amount: finish.relief_light(x, y, amount, np), (1,), (1,), number),
    }  # fmt: skip


def _constants() -> dict[str, Any]:
    """Return the numbers of calibration, colour tables and warps."""
    return {
        "probe": network.PROBE_SIZE,
        "flat": calibration.FLAT,
        "tableSize": colour.TABLE_SIZE,
        "knots": colour.KNOTS,
        "constant": colour.CONSTANT,
        "mixture": {count: colour.mixture_entries(count).tolist() for count in _counts()},
        "warpUnits": warp.WARP_UNITS,
        "warpGain": warp.GAIN,
        "warpFirst": warp.FIRST_SCALE,
    }
