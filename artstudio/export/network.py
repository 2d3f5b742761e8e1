"""A recipe's network as what every export writes: layers of plain numbers, and tapes for all around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.model.activation.registry import get_activation
from artstudio.model.calibration import Floats
from artstudio.model.colour import finish
from artstudio.model.colour.models import COLOUR_MODELS, TABLE_SIZE
from artstudio.model.colour.oklab import GAMUTS, linear_from_srgb, srgb_from_linear
from artstudio.model.features import FEATURES, parse_symmetry, torus
from artstudio.model.network import Params, build_params, unit_activations
from artstudio.model.recipe import Recipe
from artstudio.model.warp import WARP_LAYERS
from artstudio.model.weights import LAYERS, raw_weights
from artstudio.tapes.calls import with_calls
from artstudio.tapes.trace import Table, Tape, call, trace

Numbers = NDArray[np.float32]

SLOPE_STEP = 3e-4
"""Canvas units between the points whose outputs give a slope, for relief and contour lines."""


@dataclass(frozen=True)
class Dense:
    """A layer: activation(weights @ values + bias). With inputs beside the values there are more columns."""

    weights: Numbers
    """(units, columns)."""
    bias: Numbers
    """(units,)."""
    activations: tuple[str, ...] = ()
    """One for each unit; none for a layer that is linear."""


@dataclass(frozen=True)
class Warp:
    """The domain warp: the coordinates are bent by a network of sines before the features see them."""

    scale: float
    """Factor on the coordinates that it sees; a seamless one sees the torus instead."""
    seamless: bool
    layers: tuple[Dense, ...]


@dataclass(frozen=True)
class Gradient:
    """The colour table of the `palette` model with as few entries as linear interpolation needs."""

    places: Floats
    """Places in the table, (entries,)."""
    colours: Floats
    """sRGB, (3, entries)."""


@dataclass(frozen=True)
class Exported:
    """All of a picture. Tapes take and give single numbers; see `tapes.trace`."""

    recipe: Recipe
    params: Params
    symmetry: Tape
    """x, y after the view -> x, y."""
    warp: Warp | None
    torus: Tape
    features: Tape
    """x, y -> the inputs, without random waves."""
    frequencies: Numbers
    """Of the random waves, (2, count): a cosine of each, then a sine of each."""
    layers: tuple[Dense, ...]
    output: Dense
    posterise: Tape | None
    """One output -> one output; None where there are no bands."""
    colour: Tape
    """Outputs -> sRGB, not yet clipped; with `lookup` in the gradient's table and calls of `gamut`."""
    gamut: Tape
    """OKLab -> sRGB."""
    gradient: Gradient | None
    relief: Tape | None
    """Slopes along x and y -> a factor on linear light."""
    contours: Tape | None
    """The first output, its slopes, linear light -> linear light."""
    to_linear: Tape
    to_srgb: Tape
    drift: Numbers
    """Two directions in latent space as what they add to the first layer's biases, (2, units)."""

    @property
    def has_slopes(self) -> bool:
        """Whether the finish looks at slopes."""
        return self.relief is not None or self.contours is not None

    @property
    def weight_count(self) -> int:
        """Numbers in all layers."""
        warp = self.warp.layers if self.warp else ()
        return sum(layer.weights.size + layer.bias.size for layer in (*warp, *self.layers, self.output))

    def activation_tapes(self) -> Mapping[str, Tape]:
        """The tape of each activation by its name."""
        names = dict.fromkeys(name for layer in self.layers for name in layer.activations)
        return {name: _activation_tape(name) for name in names}


def export_network(recipe: Recipe) -> Exported:
    """Return the network of a recipe."""
    params, origin = build_params(recipe), recipe.origin_point()
    symmetry, folds = parse_symmetry(recipe.symmetry)
    bands, lines, amount = recipe.finish.bands, recipe.finish.contours, recipe.finish.relief

    def inputs(x: Any, y: Any) -> list[Any]:
        return [channel for name in recipe.features for channel in FEATURES[name].at(x, y, origin, np)]

    def drawn(output: Any, x: Any, y: Any, light: Any) -> Any:
        return finish.draw_contours(light, finish.contour_cover(output, x, y, lines, np), np)

    one, three = (1,), (3, 1)
    return Exported(
        recipe=recipe,
        params=params,
        symmetry=_tape(lambda x, y: symmetry.function(x, y, float(folds), np), one, one),
        warp=_warp(recipe, params),
        torus=_tape(lambda x, y: torus(x, y, np), one, one),
        features=_tape(inputs, one, one),
        frequencies=params.frequencies,
        layers=_layers(recipe, params),
        output=Dense(params.output_weights, params.output_bias[:, 0]),
        posterise=_tape(lambda output: finish.posterise(output, float(bands), np), one) if bands else None,
        colour=_colour_tape(recipe, params),
        gamut=_tape(lambda lab: GAMUTS[recipe.gamut](lab, np), three),
        gradient=_gradient(params.colour["table"]) if "table" in params.colour else None,
        relief=_tape(lambda x, y: finish.relief_light(x, y, amount, np), one, one) if amount else None,
        contours=_tape(drawn, one, one, one, three) if lines else None,
        to_linear=_tape(lambda srgb: linear_from_srgb(srgb, np), three),
        to_srgb=_tape(lambda light: srgb_from_linear(light, np), three),
        drift=_drift(recipe),
    )


def _tape(function: Any, *shapes: tuple[int, ...]) -> Tape:
    return with_calls(trace(function, *shapes))


def _activation_tape(name: str) -> Tape:
    record = get_activation(name)
    return with_calls(trace(lambda z: record.function(z, np), (1,), over_units=not record.elementwise))


def _layers(recipe: Recipe, params: Params) -> tuple[Dense, ...]:
    weights = [params.first_weights, *params.hidden_weights]
    biases = [params.first_bias, *params.hidden_biases]
    return tuple(
        Dense(weights[number], biases[number][:, 0], unit_activations(recipe, number))
        for number in range(recipe.depth)
    )


def _warp(recipe: Recipe, params: Params) -> Warp | None:
    if not params.warp:
        return None
    layers = tuple(
        Dense(
            params.warp[f"w{number}"],
            params.warp[f"b{number}"][:, 0],
            ("sine",) * (0 if number == len(WARP_LAYERS) - 1 else len(params.warp[f"w{number}"])),
        )
        for number in range(len(WARP_LAYERS))
    )
    return Warp(float(params.warp["scale"]), recipe.seamless, layers)


def _colour_tape(recipe: Recipe, params: Params) -> Tape:
    model = COLOUR_MODELS[recipe.colour]
    prepared: dict[str, Any] = {
        name: Table() if values.shape[-1] == TABLE_SIZE else values.astype(np.float64)
        for name, values in params.colour.items()
    }

    def colour(outputs: Any) -> Any:
        return model.apply(outputs, prepared, lambda lab, xp: call("gamut", lab), np)

    return _tape(colour, (len(params.output_weights), 1))


def _gradient(table: Numbers) -> Gradient:
    """Return the entries of a table from which all others follow within a fifth of a level of 255."""
    kept = {0, TABLE_SIZE - 1}
    stack = [(0, TABLE_SIZE - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        share = np.arange(last - first + 1) / (last - first)
        line = table[:, [first]] + (table[:, [last]] - table[:, [first]]) * share
        off = np.abs(table[:, first : last + 1] - line).max(axis=0)
        worst = first + int(off.argmax())
        if off.max() > 0.2 / 255:
            kept.add(worst)
            stack += [(first, worst), (worst, last)]
    places = np.array(sorted(kept))
    return Gradient(places.astype(np.float64), table[:, places].astype(np.float64))


def _drift(recipe: Recipe) -> Numbers:
    count = len(recipe.latent_values()) or 4
    zero = recipe.replace(latent=(0.0,) * count)
    directions = raw_weights(recipe.seed, LAYERS["loop"], 2, range(count)).astype(np.float64)
    directions /= np.sqrt(np.square(directions).sum(axis=1, keepdims=True))
    start = build_params(zero).first_bias[:, 0]
    moved = [build_params(zero.replace(latent=tuple(way.tolist()))).first_bias[:, 0] - start for way in directions]
    return np.array(moved, np.float32)
