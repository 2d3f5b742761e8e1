"""Everything that the studio page knows, from the registries: as JSON values, with functions as tapes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from artstudio.figures.style.theme import THEMES
from artstudio.files.png.write import space_chunks
from artstudio.learning import objective, settings, start
from artstudio.learning.presets import PRESETS
from artstudio.learning.recipes import CLASSES
from artstudio.learning.targets.drawings import DRAWINGS
from artstudio.learning.targets.points import POINTS, points_target
from artstudio.learning.targets.target import Kind, Target
from artstudio.model import calibration, features, network, recipe, trained, warp, weights
from artstudio.model.activation import expression, expression_checks, mix, special
from artstudio.model.activation.exact import EXACT
from artstudio.model.activation.record import Activation
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour import finish, oklab
from artstudio.model.colour import models as colour
from artstudio.model.colour.palettes import MAX_COLOURS, PALETTES, Palette, palette_colours
from artstudio.model.fields import schemas
from artstudio.model.fields.checks import MAX_LATENT
from artstudio.model.fields.record import RecipeField
from artstudio.model.initialisation import INITIALISATIONS, NATURAL, Initialisation
from artstudio.model.size import MAX_SIDE, MAX_SUPERSAMPLE, SIZES
from artstudio.presets.harmony import HARMONIES, harmonious_palette
from artstudio.presets.styles import Style, shipped_styles
from artstudio.registry import Registry, warn_of
from artstudio.spaces import ColourSpace
from artstudio.tapes.glsl import library_source
from artstudio.tapes.trace import Table, Tape, call, trace
from artstudio.version import RENDERER, VERSION

SHOWN = {
    "activations": ("label", "rangeText", "use", "convention"),
    "features": ("label",),
    "symmetries": ("label",),
    "colours": ("summary",),
}
"""The kinds of records with texts for people: where these stand. The page shows them in the reader's language."""


def studio_data() -> dict[str, Any]:
    """Return the page's data: records of the registries with their functions as tapes (see `trace`), the recipe's
    fields with their limits and defaults, and the constants of calibration and hash."""
    return {
        "version": VERSION,
        "shown": {kind: list(names) for kind, names in SHOWN.items()},
        "renderer": RENDERER,
        "schema": schemas.SCHEMA,
        "oldestWritten": schemas.OLDEST_WRITTEN,
        "unnamed": schemas.UNNAMED,
        "added": {name: asdict(added) for name, added in schemas.ADDED.items()},
        "recipe": recipe.Recipe().to_dict(),
        "fields": {name: _field(field) for name, field in recipe.FIELDS.items()},
        "activations": _records(ACTIVATIONS, _activation),
        "expression": _expression(),
        "features": _records(features.FEATURES, _feature),
        "symmetries": [_symmetry(record) for record in features.SYMMETRIES.values()],
        "colours": _records(colour.COLOUR_MODELS, _colour),
        "gamuts": {name: _of_channels(function) for name, function in oklab.GAMUTS.items()},
        "spaces": {name: _space(recipe.Recipe().replace(gamut=name).space) for name in oklab.GAMUTS},
        "palettes": _records(PALETTES, _palette),
        "styles": [_style(style) for style in shipped_styles().values()],
        "harmonies": {rule: _harmonies(rule) for rule in HARMONIES},
        "functions": _functions(),
        "glsl": library_source(),
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
        "learning": _learning(),
    }  # fmt: skip


def _records(registry: Registry[Any], about: Callable[[Any], dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the page knows of a registry's records. One of a plugin that cannot be traced is left out."""
    found = []
    for name, record in registry.items():
        origin = registry.origin(name)
        try:
            found.append(about(record) | ({"plugin": origin} if origin else {}))
        except Exception as error:
            if not origin:
                raise
            warn_of(origin, error, f"{registry.kind} {name!r} on the page")
    return found


def _space(space: ColourSpace) -> dict[str, Any]:
    """Return a colour space as the page needs it: what canvases call it, and the chunks that say so in a PNG."""
    chunks = [[kind.decode(), b64encode(data).decode()] for kind, data in space_chunks(space)]
    return {"canvas": space.canvas, "chunks": chunks}


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
        "firstGain": record.first_gain,
        "init": record.init,
        "use": record.use,
        "convention": record.convention,
        "elementwise": record.elementwise,
        "f": trace(lambda z: record.function(z, np), one, over_units=over_units),
        # None where the page differentiates the tape of f itself, as JAX does.
        "slope": trace(lambda z: slope(z, np), one, over_units=over_units) if slope else None,
        # f and f' for numbers that people read, where the tape of f stops short of the tails.
        "exact": [trace(form, one) for form in EXACT[record.name]] if record.name in EXACT else None,
    }


def _expression() -> dict[str, Any]:
    def tape(arguments: int, function: Any) -> Tape:
        return trace(lambda *values: function(np, *values), *[(1,)] * arguments)

    return {
        "gain": expression.GAIN,
        "init": Activation.init,
        "longest": expression.MAX_LENGTH,
        "mostParts": expression.MAX_NODES,
        "mostPower": expression.MAX_POWER,
        "limit": expression.LIMIT,
        "forms": expression_checks.USUAL_FORMS,
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
        "centred": record.centred,
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


def _palette(record: Palette) -> dict[str, Any]:
    return {"name": record.name, "colours": list(palette_colours(record.name))}


def _style(style: Style) -> dict[str, Any]:
    return {name: value for name, value in style.to_dict().items() if name in ("weight", "fields")}


def _harmonies(rule: str) -> list[list[str]]:
    """Return some palettes by a rule of harmony: the page chooses among them, it does not make any."""
    random = np.random.Generator(np.random.PCG64(1))
    return [list(harmonious_palette(rule, random)) for _ in range(_HARMONIES)]


_HARMONIES = 12


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
        "origins": features.ORIGINS,
        "warpUnits": warp.WARP_UNITS,
        "warpGain": warp.GAIN,
        "warpFirst": warp.FIRST_SCALE,
    }


LEARNED_SIDE = 32
"""Pixels on each side of a picture that the page learns: all of them in each step."""

MOST_LEARNERS = 6


def _learning() -> dict[str, Any]:
    """Return what the page needs to train networks as `learning` does: targets, initialisations, limits."""
    return {
        "side": LEARNED_SIDE,
        "pictures": {name: _picture(drawing(LEARNED_SIDE)) for name, drawing in DRAWINGS.items()},
        "points": {name: _points(points_target(name, 1)) for name in POINTS},
        "kinds": {kind: _kind(kind) for kind in ("picture", "points")},
        "classes": list(CLASSES),
        "sharpness": objective.SHARPNESS,
        "initialisations": [_initialisation(record) for record in INITIALISATIONS.values()],
        "inits": list(start.INITS),
        "natural": NATURAL,
        "calibrated": start.CALIBRATED,
        "optimisers": list(settings.OPTIMISERS),
        # Networks of this size make dozens of steps a second, all learners together.
        "limits": {"learners": [2, MOST_LEARNERS], "units": [1, 32], "depth": [1, 8], "rate": [0.001, 10.0]},
        "presets": {name: asdict(preset) for name, preset in PRESETS.items()},
    }  # fmt: skip


def _kind(kind: Kind) -> dict[str, Any]:
    about = objective.OBJECTIVES[kind]
    usual = settings.settings_for(kind)
    return {
        "features": list(usual.features),
        "colour": about.colour,
        "loss": about.loss_name,
        "score": about.score_name,
    }


def _picture(pixels: Any) -> str:
    """Return a picture, sRGB in [0, 1], as bytes in base64: red, green, blue of each pixel in reading order."""
    return b64encode(np.rint(255 * pixels).astype(np.uint8).tobytes()).decode("ascii")


_REACH = 1.25
"""No point lies farther out than this along an axis."""


def _points(target: Target) -> dict[str, Any]:
    """Return labelled points: x and y of each as four hexadecimal digits, 0 at -reach and ffff at reach; and
    the digits of their classes."""
    places = np.rint((np.stack([target.x, target.y], axis=1) / _REACH + 1) / 2 * 0xFFFF).astype(int).ravel()
    return {
        "reach": _REACH,
        "places": "".join(f"{place:04x}" for place in places),
        "labels": "".join(map(str, target.values.argmax(axis=0))),
    }


def _initialisation(record: Initialisation) -> dict[str, Any]:
    """Return a convention; its tapes take fan-in and fan-out."""

    def tape(first: bool) -> Tape:
        return trace(lambda fan_in, fan_out: record.variance(fan_in, fan_out, first), (), ())

    return {
        "name": record.name,
        "label": record.label,
        "variance": record.variance_text,
        "first": tape(True),
        "later": tape(False),
    }
