"""Everything that the studio page knows, from the registries: as JSON values, with functions as tapes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from artstudio.figures.theme import THEMES
from artstudio.model import (
    calibration,
    colour,
    expression,
    features,
    finish,
    mix,
    network,
    oklab,
    recipe,
    special,
    trained,
    warp,
    weights,
)
from artstudio.model.activation_record import Activation
from artstudio.model.activations import ACTIVATIONS
from artstudio.model.palettes import MAX_COLOURS, PALETTES, palette_colours
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
        "fields": _fields(recipe.Recipe.model_json_schema()),
        "parts": {name: list(place) for name, place in recipe.PARTS.items()},
        "activations": [_activation(record) for record in ACTIVATIONS.values()],
        "expression": _expression(),
        "features": [_feature(record) for record in features.FEATURES.values()],
        "symmetries": [_symmetry(record) for record in features.SYMMETRIES.values()],
        "colours": [_colour(record) for record in colour.COLOUR_MODELS.values()],
        "gamuts": {name: _of_channels(function) for name, function in oklab.GAMUTS.items()},
        "palettes": [{"name": name, "colours": list(palette_colours(name))} for name in PALETTES],
        "functions": _functions(),
        "constants": _constants(),
        "sizes": {name: list(size) for name, size in SIZES.items()},
        "limits": {
            "side": MAX_SIDE, "samples": MAX_SUPERSAMPLE, "folds": features.MAX_FOLDS, "colours": MAX_COLOURS,
            "latent": recipe.MAX_LATENT, "parts": mix.MAX_PARTS, "outputs": trained.MOST_OUTPUTS,
        },
        "strokes": {
            name: [{"colour": stroke.colour, "text": stroke.text, "dash": list(stroke.dash)}
                   for stroke in THEMES[name].strokes]
            for name in ("light", "dark")
        },
    }  # fmt: skip


def _fields(schema: dict[str, Any]) -> dict[str, Any]:
    """Return what each field of the recipe takes, by name: kind, limits, default; nested fields as such objects."""

    def one(field: dict[str, Any]) -> dict[str, Any]:
        if "$ref" in field:
            return {"fields": _fields(schema | schema["$defs"][field["$ref"].rpartition("/")[2]])}
        names = {"ge": "least", "minimum": "least", "le": "most", "maximum": "most", "enum": "choices",
                 "minItems": "fewest", "maxItems": "longest"}  # fmt: skip
        found = {ours: field[theirs] for theirs, ours in names.items() if theirs in field}
        if "prefixItems" in field:
            found |= one(field["prefixItems"][0])
        return found | {"kind": field.get("type", "text or list"), "default": field.get("default")}

    return {name: one(field) for name, field in schema["properties"].items()}


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
        "gain": expression._GAIN,
        "longest": expression.MAX_LENGTH,
        "mostParts": expression._MAX_NODES,
        "mostPower": expression._MAX_POWER,
        "limit": expression._LIMIT,
        "constants": dict(expression._CONSTANTS),
        "functions": {
            name: {"fewest": fewest, "most": most, "tape": tape(fewest, function)}
            for name, (fewest, most, function) in expression._MATH.items()
        },
    }


def _feature(record: features.Feature) -> dict[str, Any]:
    return {
        "name": record.name,
        "label": record.label,
        "column": record.column,
        "channels": record.channels,
        "seamless": record.name in features.SEAMLESS,
        "tape": trace(lambda x, y: record.function(x, y, np), (1,), (1,)),
    }


def _symmetry(record: features.Symmetry) -> dict[str, Any]:
    return {
        "name": record.name,
        "label": record.label,
        "counted": record.counted,
        "tiles": record.name in ("none", *recipe._TILING),
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
    """Return the numbers of calibration and the addresses in the hash."""
    return {
        "probe": network.PROBE_SIZE,
        "flat": calibration.FLAT,
        "outputLayer": weights.OUTPUT_LAYER,
        "biasColumn": weights.BIAS_COLUMN,
        "mixColumn": weights.MIX_COLUMN,
        "skipColumn": network._SKIP_COLUMN,
        "fourierColumn": features.FOURIER_COLUMN,
        "latentColumn": features.LATENT_COLUMN,
        "fourierLayer": features._FOURIER_LAYER,
        "latentLayer": recipe._LATENT_LAYER,
        "hueLayer": colour._HUE_LAYER,
        "tableSize": colour.TABLE_SIZE,
        "knots": colour._KNOTS,
        "constant": colour._CONSTANT,
        "mixture": {count: colour._mixture_entries(count).tolist() for count in _counts()},
        "warpLayers": list(warp._LAYERS),
        "warpUnits": warp.WARP_UNITS,
        "warpGain": warp._GAIN,
        "warpFirst": 1.5,
    }
