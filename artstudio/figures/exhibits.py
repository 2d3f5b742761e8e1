"""The figures as exhibits: `plot`, `compare` and `lesson`, with the arguments of the commands of these names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np
from matplotlib.figure import Figure

from artstudio.errors import BadInput
from artstudio.figures.compare import draw_comparison, fitting_panel
from artstudio.figures.comparison import Comparison, Panel, compare_sheet
from artstudio.figures.curves import plot_figure
from artstudio.figures.exhibit import Exhibit, figure_command, listed
from artstudio.figures.lessons.lesson import Cell, Rows, Table
from artstudio.figures.lessons.registry import ALL, check_settings, find_lessons, measure
from artstudio.figures.spec import PlotSpec, plot_spec
from artstudio.figures.style.theme import Size, Theme, find_size, find_theme
from artstudio.model.activation.properties import Properties, curve, feature_range
from artstudio.model.activation.properties import measure as properties
from artstudio.model.activation.registry import Activation, derivative, get_activation
from artstudio.model.fields.option_words import option_words
from artstudio.model.fields.strict import checked
from artstudio.model.recipe import Recipe
from artstudio.model.size import parse_size

Layout = Literal["overlay", "grid", "stacked"]

_PLACES = (-5.0, -2.0, 0.0, 2.0, 5.0)
"""Where f and f' are given, unless places are asked for."""


@checked
def plot(
    *activations: str,
    layout: Layout | None = None,
    z_range: str | tuple[float, float] | None = None,
    derivative: bool = True,
    saturation: bool = False,
    at: Sequence[float] = (),
    theme: str = "light",
    size: str = "slide",
) -> Exhibit:
    """Return f(z) and f'(z) of activations (names or expressions in z; step and sigmoid when there are none).

    The arguments are those of `artstudio plot`: `z_range` such as (-5, 5) or "-5:5", by default what shows the
    functions best; `at` marks up to three z. Raises `BadInput`.

    >>> plot("sigmoid", at=[0]).command
    'artstudio plot sigmoid --at 0 -o plot-sigmoid.png'
    """
    records = list(dict.fromkeys(map(get_activation, activations or ("step", "sigmoid"))))
    spec = plot_spec(
        len(records), layout=layout, z_range=z_range, usual=usual_range(records), derivative=derivative,
        saturation=saturation, at=at, theme=theme, size=size,
    )  # fmt: skip
    low, high = spec.z_range
    words = [record.name for record in records]
    words += ["--layout", layout] if layout else []
    words += [f"--range={low:g}:{high:g}"] if not spec.own_ranges else []
    words += ["--no-derivative"] * (not spec.derivative) + ["--saturation"] * spec.saturation
    words += [word for z in spec.at for word in ("--at", f"{z:g}")]
    places = spec.at or tuple(z for z in _PLACES if low <= z <= high)
    names = listed([record.label for record in records])
    curves = "f(z) and its derivative" if spec.derivative else "f(z)"
    values = (
        "".join(f" {_value(row)}" for row in _values(records[0], places).rows[:3]) if len(records) == 1 else ""
    )
    return Exhibit(
        title=_plot_title(records),
        alt=f"Plot of {curves} for z from {low:g} to {high:g}: {names}.{values}",
        words=" ".join(map(_said, records)),
        command=figure_command("plot", words, theme, size, [record.name for record in records]),
        tables=tuple(_values(record, places) for record in records),
        draw=partial(_draw_plot, records, spec),
        theme=spec.theme,
        size=spec.size,
    )


def usual_range(records: Sequence[Activation]) -> tuple[float, float]:
    """Return the range of z that shows what all of them do."""
    lows, highs = zip(*map(feature_range, records), strict=True)
    return min(lows), max(highs)


def _draw_plot(records: Sequence[Activation], spec: PlotSpec, theme: Theme, size: Size) -> Figure:
    return plot_figure(records, replace(spec, theme=theme, size=size))


def _plot_title(records: Sequence[Activation]) -> str:
    """Return what the curves show: of one, where its slope dies; of several, their largest slopes."""
    if len(records) == 1:
        return _claim(records[0], properties(records[0]))
    if len(records) > 4:
        return f"{len(records)} activation functions and their slopes"
    return "Largest slopes: " + listed([f"{r.label} {properties(r).largest_slope:.3g}" for r in records])


def _claim(record: Activation, found: Properties) -> str:
    steepest = f"its slope is at most {found.largest_slope:.3g}"
    return {
        "hard": f"{record.label} gives gradient descent nothing",
        "both": f"{record.label} saturates on both sides; {steepest}",
        "negative": f"{record.label} saturates on the negative side only",
        "positive": f"{record.label} saturates on the positive side only",
        "no": f"{record.label} saturates nowhere",
    }[found.saturates]


def _said(record: Activation) -> str:
    """Return what there is to say of an activation, from what is measured of it."""
    found = properties(record)
    place = found.slope_at
    kinds = {"=": "at ", "<": "for ", ">": "for ", "grows": "approached ", "just": "approached "}
    before = next((word for sign, word in kinds.items() if sign in place.split()), "")
    slope = f"the largest slope is {found.largest_slope:.3g}, {before}{place}"
    if found.saturates == "hard":
        slope = "the slope is zero almost everywhere, so no gradient gets through"
    broken = f" {record.convention}" if record.convention and record.breaks else ""
    values = record.range_text.replace(", sums", " and sum")
    return f"{_claim(record, found)}: values lie in {values}, and {slope}.{broken}"


def _values(record: Activation, places: Sequence[float]) -> Table:
    import jax.numpy as jnp

    z = np.array(places, np.float64)
    scores = z if record.elementwise else np.stack([z, np.zeros_like(z), np.zeros_like(z)])
    slopes = np.asarray(derivative(record, jnp.asarray(scores, jnp.float32)))
    slopes = slopes if record.elementwise else slopes[0]
    with np.errstate(all="ignore"):
        rows = zip(z.tolist(), curve(record, z).tolist(), slopes.tolist(), strict=True)
    cells = tuple(
        (a + 0.0, b + 0.0, c + 0.0, "" if record.has_slope(a) else "undefined; by convention") for a, b, c in rows
    )
    title = f"{record.label}: f(z) = {record.formula}, values in {record.range_text}"
    return Table(title, ("z", "f(z)", "f′(z)", ""), cells, ("g", ".4g", ".4g", ""))


def _value(row: Sequence[Cell]) -> str:
    z, value, slope, remark = row
    said = f"slope {slope:.4g}" if not remark else f"no slope ({slope:.4g} by convention)"
    return f"At z = {z:g}: {value:.4g} with {said}."


@checked
def compare(
    *activations: str,
    recipe: Recipe | None = None,
    seeds: str | None = None,
    morph: str | None = None,
    steps: int = 5,
    gradient: bool = False,
    curves: bool = False,
    histogram: int | None = None,
    exact_weights: str | None = None,
    title: str | None = None,
    panel: str | None = None,
    theme: str = "light",
    size: str = "slide",
    progress: Callable[[int], object] | None = None,
) -> Exhibit:
    """Return one random draw of weights through several activations, side by side (step and sigmoid by default).

    `recipe` is what the panels share, all but the activation. `seeds`, such as `1..3`, gives a row each; `morph`,
    such as `step..sigmoid`, leads from one activation to another in `steps`; `gradient`, `curves` and
    `histogram` (a layer) add rows; `exact_weights` names the activation whose calibrated weights all take; `panel` is
    the size of one picture in pixels, such as `640x360`, by default what fills the page; `progress` is called with 1
    after each panel. Raises `BadInput`.
    """
    recipe = recipe or Recipe()
    look, page = find_theme(theme), find_size(size)
    shape = parse_size(panel) if panel else partial(fitting_panel, page)
    sheet = compare_sheet(
        activations, recipe, shape, seeds=seeds, morph=morph, steps=steps, gradient=gradient,
        curves=curves, layer=histogram, exact_weights=exact_weights, title=title,
        progress=progress,
    )  # fmt: skip
    words = ["--morph", morph, *(["--steps", str(steps)] if steps != 5 else [])] if morph else []
    words = words or [column.activation.name for column in sheet.columns]
    words += ["--seeds", seeds] if seeds else ["--seed", str(recipe.seed)]
    words += ["--gradient"] * gradient + ["--curves"] * curves
    words += ["--histogram", str(histogram)] if histogram is not None else []
    words += ["--exact-weights", exact_weights] if exact_weights else []
    words += ["--title", title] if title else []
    words += ["--panel", panel] if panel else []
    # Trained weights are too many for a line: PICTURE.png stands for a file that carries them.
    words += ["--source", "PICTURE.png"] if recipe.weights else option_words(recipe.replace(activation="tanh"))
    return Exhibit(
        title=sheet.title,
        alt=_described(sheet, gradient, bool(recipe.weights)),
        words=_compared(sheet, gradient, bool(recipe.weights)),
        command=figure_command("compare", words, theme, size, _stem(sheet, morph, gradient)),
        tables=_measured(sheet),
        about={"activations": [column.activation.name for column in sheet.columns], "seeds": list(sheet.seeds)},
        draw=partial(draw_comparison, sheet),
        theme=look,
        size=page,
    )


def _stem(sheet: Comparison, morph: str | None, gradient: bool) -> list[str]:
    ends = [sheet.columns[0], sheet.columns[-1]] if morph else sheet.columns
    return ["morph"] * bool(morph) + [column.activation.name for column in ends] + ["gradient"] * gradient


def _described(sheet: Comparison, gradient: bool, trained: bool) -> str:
    names = listed([column.label for column in sheet.columns])
    rows = "row" if len(sheet.seeds) == 1 else "rows"
    seeds = listed(list(map(str, sheet.seeds)))
    exact = f"identical weights, calibrated for {sheet.exact}"
    drawn = exact if sheet.exact else "the same random draw, each calibrated"
    drawn = "the same trained weights" if trained else drawn
    parts = [
        f"{len(sheet.seeds)} {rows} of pictures from {drawn}, seed {seeds}, one column per activation: {names}."
    ]
    parts += ["Below each picture the norm of d colour / d (x, y), black where it is zero."] * gradient
    parts += ["Below each column its curve and derivative."] * bool(sheet.curves)
    parts += [f"Below each column a histogram of layer {sheet.layer}."] if sheet.layer is not None else []
    return " ".join(parts)


def _compared(sheet: Comparison, gradient: bool, trained: bool) -> str:
    """Return what there is to say of a comparison."""
    parts = [
        "Every column starts from the same random draw of weights; each is then calibrated for its activation."
    ]
    if sheet.exact:
        parts = [f"All columns have identical weights, calibrated for {get_activation(sheet.exact).label}."]
    if trained:
        parts = ["All columns have the same trained weights, those of a network with one of these activations."]
    parts += [BUSIER] * (sheet.sharpened and all(map(_is_busier_within, sheet.panels)))
    parts += [STEEPNESS] * gradient
    flat = [c.label for i, c in enumerate(sheet.columns) if all(_is_flat(row[i]) for row in sheet.panels)]
    parts += [f"For {listed(flat)} it is zero almost everywhere: all change is at the edges."] if flat else []
    return " ".join(parts)


STEEPNESS = (
    "The grey pictures show d colour / d (x, y), how fast the colour changes across the canvas. That is another"
    " quantity than d loss / d weight, which learning needs."
)
BUSIER = (
    "Pictures in the middle are busier than both ends: through several layers the large slopes around 0 multiply,"
    " before the function is flat enough to cut them off."
)


def _is_busier_within(row: Sequence[Panel]) -> bool:
    """Whether in every picture but the first and the last neighbouring pixels differ more than in those two."""
    pictures = (panel.picture.astype(np.float64) for panel in row)
    first, *middle, last = (sum(np.abs(np.diff(p, axis=axis)).mean() for axis in (0, 1)) for p in pictures)
    return bool(min(middle) > max(first, last))


def _is_flat(panel: Panel) -> bool:
    return panel.gradient is not None and not panel.gradient.any()


def _measured(sheet: Comparison) -> tuple[Table, ...]:
    """One row per picture: how much of it is flat, and how steep it is where that was computed."""
    slopes = sheet.panels[0][0].gradient is not None
    headers = ("activation", "seed", "flat area", *(("mean ‖∂ colour / ∂ (x, y)‖", "is 0") if slopes else ()))
    rows: Rows = tuple(
        (column.label, seed, *_measures(panel))
        for seed, row in zip(sheet.seeds, sheet.panels, strict=True)
        for column, panel in zip(sheet.columns, row, strict=True)
    )
    return (Table("flat area: pixels that equal both their right and their lower neighbour", headers, rows,
                  ("", "", ".1%", ".3g", ".1%")[: len(headers)]),)  # fmt: skip


def _measures(panel: Panel) -> list[float]:
    p = panel.picture
    flat = (p[:-1, :-1] == p[1:, :-1]).all(axis=2) & (p[:-1, :-1] == p[:-1, 1:]).all(axis=2)
    cells = [float(flat.mean())]
    if panel.gradient is not None:
        cells += [float(panel.gradient.mean()), float((panel.gradient == 0).mean())]
    return cells


@checked
def lesson(
    topic: str,
    *,
    seed: int | None = None,
    units: int | None = None,
    depth: int | None = None,
    activation: str | Sequence[str] | None = None,
    init: str | None = None,
    palette: str | Sequence[str] | None = None,
    rate: float | None = None,
    scores: Sequence[float] | None = None,
    temperature: Sequence[float] | None = None,
    theme: str = "light",
    size: str = "slide",
) -> Exhibit:
    """Return a lesson's figure, and its numbers in `tables`: linearity, vanishing, initialisation, dying or softmax.

    The other arguments are settings of the topic, as in `artstudio lesson`; each has a default. Raises `BadInput` for
    one that the topic does not take.
    """
    if topic == ALL:
        raise BadInput("lesson: expected one topic, found 'all'")
    (record,) = find_lessons(topic)
    activation = (activation,) if isinstance(activation, str) else activation
    given = {
        "seed": seed, "units": units, "depth": depth, "activation": activation, "init": init, "palette": palette,
        "rate": rate, "scores": scores, "temperature": temperature,
    }  # fmt: skip
    settings = {name: value for name, value in given.items() if value is not None}
    check_settings(topic, settings)
    look, page = find_theme(theme), find_size(size)
    result = measure(record, settings)
    tables = tuple(result.tables())
    words = [topic, *(f"{value:g}" for value in scores or ())]
    words += [f"--{name}={_option(value)}" for name, value in settings.items() if name != "scores"]
    return Exhibit(
        title=f"Lesson: {topic}",
        alt=f"Figure of the lesson on {topic}. {result.words()}",
        words=result.words(),
        command=figure_command("lesson", words, theme, size, [topic]),
        tables=tables,
        draw=partial(record.draw, result),
        theme=look,
        size=page,
    )


def _option(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
