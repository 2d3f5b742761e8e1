"""What a comparison shows: one random draw of weights through each activation, as pictures and numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from artstudio.engine.programs import expect
from artstudio.engine.render import gradient_magnitude, render
from artstudio.errors import BadInput
from artstudio.model.activation.morph import DOUBLINGS, LIMITS, morph_ends, parse_morph
from artstudio.model.activation.registry import Activation, get_activation
from artstudio.model.network import Params, build_params, pre_activations, probe_inputs
from artstudio.model.recipe import Recipe
from artstudio.presets.sweep import Sweep, expand, make_sweep

MAX_COLUMNS = 8
MAX_SEEDS = 6

SAMPLES = 3
"""Samples a pixel along each side: a very sharp sigmoid has edges like a step's."""


@dataclass(frozen=True)
class Column:
    """One activation of a comparison, and what to call it. `gain` is a factor on the recipe's."""

    activation: Activation
    label: str
    gain: float = 1.0

    def recipe(self, shared: Recipe) -> Recipe:
        """Return the recipe of its pictures, from what all columns share."""
        return shared.replace(activation=self.activation.name, gain=shared.gain * self.gain)


@dataclass(frozen=True)
class Panel:
    """One seed through one activation. Gradient and histogram are there where they were asked for."""

    picture: NDArray[np.uint8]
    gradient: NDArray[np.float32] | None
    """(H, W): the norm of d colour / d (x, y), full scale per half of the canvas's short side."""
    z: NDArray[np.float64] | None
    """The pre-activations of the layer asked for, over the calibration probe, flat."""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Pictures in rows and columns, ready to draw: `panels[row][column]`."""

    title: str
    across: Sequence[str]
    """What is written above each column."""
    down: Sequence[str]
    """What is written beside each row, where there are several."""
    panels: Sequence[Sequence[Panel]]
    curves: Sequence[Activation] = ()
    """The functions that a strip shows below the columns, if any."""
    layer: int | None = None
    """The hidden layer whose pre-activations the histograms show, if any."""


@dataclass(frozen=True, kw_only=True)
class Comparison(Sheet):
    """One random draw through several activations: a column for each, a row for each seed."""

    columns: Sequence[Column]
    seeds: Sequence[int]
    exact: str | None = None
    """The activation whose calibrated weights all columns take, if any."""
    sharpened: bool = False
    """Whether the columns are f(k z) with k growing, up to the limit."""


def columns_of(names: Sequence[str]) -> list[Column]:
    """Return a column for each name or expression. Raises `BadInput`."""
    records = [get_activation(name) for name in names]
    if not 2 <= len(records) <= MAX_COLUMNS:
        raise BadInput(f"compare: expected 2 to {MAX_COLUMNS} activations, found {len(records)}")
    return [Column(record, record.label) for record in records]


def morph_columns(text: str, steps: int = 5, gains: str = Recipe().gains) -> list[Column]:
    """Return columns that lead from one activation to another, `step..sigmoid`.

    Where one is the limit of the other it is approached by sharpness: sigmoid(k z) with k growing to the step, by the
    same factor from column to column. Other pairs are blended, (1 - t) f(z) + t g(z). `gains` are the recipe's.
    Raises `BadInput`.
    """
    first, last = morph_ends(*parse_morph(text))
    if not 3 <= steps <= MAX_COLUMNS:
        raise BadInput(f"morph: expected 3 to {MAX_COLUMNS} steps, found {steps}")
    backwards = LIMITS.get((last.name, first.name)) == 0
    soft, hard = (last, first) if backwards else (first, last)
    between = range(1, steps - 1)
    if LIMITS.get((soft.name, hard.name)) == 0:
        # The label is the k that is painted and plotted; the soft one's own gain stays a gain.
        factors = [f"{2.0 ** (DOUBLINGS * i / (steps - 1)):.3g}" for i in between]
        middle = [
            Column(
                get_activation(f"{soft.name}({k} * z)"),
                f"{soft.label}, k = {k}",
                soft.gain_of(gains) / _expression_gain(),
            )
            for k in factors
        ]
    else:
        shares = [i / (steps - 1) for i in between]
        middle = [
            Column(
                get_activation(f"{1 - t:.6g} * {soft.name}(z) + {t:.6g} * {hard.name}(z)"),
                f"{100 * t:.0f} % {hard.label}",
                ((1 - t) * soft.gain_of(gains) + t * hard.gain_of(gains)) / _expression_gain(),
            )
            for t in shares
        ]
    path = [Column(soft, soft.label), *middle, Column(hard, hard.label)]
    return path[::-1] if backwards else path


def morph_title(columns: Sequence[Column]) -> str:
    """Return what the columns of a morph show: which one is the limit of the other, if one is."""
    first, last = columns[0], columns[-1]
    for soft, hard in ((first, last), (last, first)):
        if LIMITS.get((soft.activation.name, hard.activation.name)) == 0:
            return f"{hard.label} is the limit of {soft.activation.name}(k z) as k grows"
    return f"From {first.label} to {last.label}"


def _expression_gain() -> float:
    return get_activation("0 * z").gain


def compute_panel(
    recipe: Recipe,
    column: Column,
    size: tuple[int, int],
    *,
    gradient: bool,
    layer: int | None,
    exact_weights: str | None,
) -> Panel:
    """Render one panel of `size` (width, height) pixels.

    Each activation is calibrated for itself; or, with `exact_weights`, all take the folded weights that were
    calibrated for that one. `layer` is the hidden layer, from 1, whose pre-activations are wanted.
    """
    own = column.recipe(recipe)
    width, height = size
    params = build_params(own)
    if exact_weights is not None:
        base = build_params(recipe.replace(activation=get_activation(exact_weights).name))
        params = params._replace(**{name: getattr(base, name) for name in _CALIBRATED})
    return Panel(
        picture=render(own, width=width, height=height, params=params, supersample=SAMPLES),
        gradient=gradient_magnitude(own, width=width, height=height, params=params) if gradient else None,
        z=_layer_values(own, params, layer) if layer is not None else None,
    )


_CALIBRATED = ("first_weights", "first_bias", "hidden_weights", "hidden_biases", "output_weights", "output_bias",
               "colour")  # fmt: skip
"""The parameters that depend on the activation."""


def _layer_values(recipe: Recipe, params: Params, layer: int) -> NDArray[np.float64]:
    if not 1 <= layer <= recipe.depth:
        raise BadInput(f"layer: expected 1 to {recipe.depth}, found {layer}")
    return pre_activations(recipe, params, probe_inputs(recipe))[layer - 1].ravel()


def compare_sheet(
    names: Sequence[str],
    recipe: Recipe,
    panel: tuple[int, int] | Callable[[int, int, int], tuple[int, int]],
    *,
    seeds: str | None = None,
    morph: str | None = None,
    steps: int = 5,
    gradient: bool = False,
    curves: bool = False,
    layer: int | None = None,
    exact_weights: str | None = None,
    title: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Comparison:
    """Compute a comparison: `names` (step and sigmoid when there are none), or a `morph` such as step..sigmoid.

    `seeds` is written like a sweep's values, `1..4` or `3,7`; by default it is the recipe's own. `panel` is the
    (width, height) of one picture in pixels, or a function that gives it for the number of columns, of rows of
    pictures and of strips. `progress` is called with 1 after each panel of the `panel_count`. Raises `BadInput`.
    """
    if morph and names:
        raise BadInput("compare: expected activations or a morph, found both")
    columns = morph_columns(morph, steps, recipe.gains) if morph else columns_of(names or ("step", "sigmoid"))
    if exact_weights is not None:
        get_activation(exact_weights)
    rows = _rows(seeds, recipe)
    size = panel
    if callable(size):
        size = size(len(columns), len(rows.values) * (1 + gradient), curves + (layer is not None))
    expect(column.recipe(recipe) for column in columns)
    panels: list[list[Panel]] = []
    for _, of_seed in expand("", recipe, [rows]):
        panels.append([])
        for column in columns:
            panels[-1].append(
                compute_panel(
                    of_seed, column, size, gradient=gradient, layer=layer, exact_weights=exact_weights
                )
            )  # fmt: skip
            if progress:
                progress(1)
    drawn = [int(seed) for seed in rows.values]
    return Comparison(
        title=title or _title(columns, drawn, morph, exact_weights),
        across=[column.label for column in columns],
        down=rows.labels,
        panels=panels,
        curves=[column.activation for column in columns] if curves else (),
        layer=layer,
        columns=columns,
        seeds=drawn,
        exact=exact_weights,
        sharpened=any(" k = " in column.label for column in columns),
    )


def panel_count(names: Sequence[str], seeds: str | None, morph: str | None, steps: int) -> int:
    """Return the number of panels that a comparison has. Raises `BadInput` for seeds that are none."""
    return (steps if morph else len(names) or 2) * len(_rows(seeds, Recipe()).values)


def _rows(seeds: str | None, recipe: Recipe) -> Sweep:
    rows = make_sweep("seed", seeds.split(",") if seeds else [recipe.seed])
    if len(rows.values) > MAX_SEEDS:
        raise BadInput(f"seeds: expected 1 to {MAX_SEEDS}, found {len(rows.values)}")
    return rows


def _title(columns: Sequence[Column], seeds: Sequence[int], morph: str | None, exact: str | None) -> str:
    seed = f", seed {seeds[0]}" if len(seeds) == 1 else ""
    if morph:
        return f"{morph_title(columns)}{seed}"
    if exact is not None:
        return f"Identical weights, calibrated for {get_activation(exact).label}{seed}"
    return f"Same random draw, each calibrated{seed}"
