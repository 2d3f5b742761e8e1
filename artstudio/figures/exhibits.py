"""The figures as exhibits: `plot`, `compare` and `lesson`, with the arguments of the commands of these names."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from artstudio.errors import BadInput
from artstudio.figures.compare import draw_comparison, fitting_panel
from artstudio.figures.comparison import Panel, Sheet, compare_sheet
from artstudio.figures.curves import plot_figure
from artstudio.figures.exhibit import Exhibit
from artstudio.figures.lessons.lesson import Table
from artstudio.figures.lessons.registry import ALL, check_settings, find_lessons, measure
from artstudio.figures.spec import PlotSpec, plot_spec
from artstudio.figures.theme import Size, Theme, find_size, find_theme
from artstudio.model.activations import Activation, derivative, get_activation
from artstudio.model.option_words import option_words
from artstudio.model.properties import curve
from artstudio.model.recipe import Recipe
from artstudio.model.strict import checked

_PLACES = (-5.0, -2.0, 0.0, 2.0, 5.0)
"""Where f and f' are told, unless places are asked for."""


@checked
def plot(*activations: str, theme: str = "light", size: str = "slide", **choices: Any) -> Exhibit:
    """Return f(z) and f'(z) of activations (names or expressions in z; step and sigmoid when there are none).

    `choices` are those of `artstudio plot`: `layout` (overlay, grid or stacked), `z_range` such as `-5:5`,
    `derivative` and `saturation` (True or False), `at` (up to three z to mark). Raises `BadInput`.

    >>> plot("sigmoid", at=[0]).command
    'artstudio plot sigmoid --at 0 -o plot-sigmoid.png'
    """
    records = list(dict.fromkeys(map(get_activation, activations or ("step", "sigmoid"))))
    spec = plot_spec(len(records), theme=theme, size=size, **choices)
    low, high = spec.z_range
    words = [record.name for record in records]
    words += ["--layout", choices["layout"]] if choices.get("layout") else []
    words += [f"--range={low:g}:{high:g}"] if (low, high) != (-5, 5) else []
    words += ["--no-derivative"] * (not spec.derivative) + ["--saturation"] * spec.saturation
    words += [word for z in spec.at for word in ("--at", f"{z:g}")]
    places = spec.at or tuple(z for z in _PLACES if low <= z <= high)
    tables = tuple(_values(record, places) for record in records)
    names = _listed([record.label for record in records])
    what = "with its derivative" if len(records) == 1 else "with their derivatives"
    told = " ".join(f"At z = {z}: {f} with slope {slope}." for z, f, slope in tables[0].rows[:3])
    curves = "f(z) and its derivative" if spec.derivative else "f(z)"
    return Exhibit(
        title=f"{names} {what}" if spec.derivative else names,
        alt=f"Plot of {curves} for z from {low:g} to {high:g}: {names}."
        + (f" {told}" if len(records) == 1 else ""),
        command=_command("plot", words, theme, size, [record.name for record in records]),
        tables=tables,
        draw=partial(_draw_plot, records, spec),
        theme=spec.theme,
        size=spec.size,
    )


def _draw_plot(records: Sequence[Activation], spec: PlotSpec, theme: Theme, size: Size) -> Figure:
    return plot_figure(records, replace(spec, theme=theme, size=size))


def _values(record: Activation, places: Sequence[float]) -> Table:
    import jax.numpy as jnp

    z = np.array(places, np.float64)
    scores = z if record.elementwise else np.stack([z, np.zeros_like(z), np.zeros_like(z)])
    slopes = np.asarray(derivative(record, jnp.asarray(scores, jnp.float32)))
    slopes = slopes if record.elementwise else slopes[0]
    with np.errstate(all="ignore"):
        rows = zip(z, curve(record, z), slopes, strict=True)
    cells = tuple((f"{a:g}", f"{b + 0.0:.4g}", f"{c + 0.0:.4g}") for a, b, c in rows)
    title = f"{record.label}: f(z) = {record.formula}, values in {record.range_text}"
    return Table(title, ("z", "f(z)", "f′(z)"), cells)


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
    theme: str = "light",
    size: str = "slide",
) -> Exhibit:
    """Return the same raw weights through several activations, side by side (step and sigmoid when none is named).

    `recipe` is what the panels share, all but the activation. `seeds`, such as `1..3`, gives a row each; `morph`,
    such as `step..sigmoid`, leads from one activation to another in `steps`; `gradient`, `curves` and
    `histogram` (a layer) add rows; `exact_weights` names the activation whose calibrated weights all take.
    Raises `BadInput`.
    """
    recipe = recipe or Recipe()
    look, page = find_theme(theme), find_size(size)
    sheet = compare_sheet(
        activations, recipe, partial(fitting_panel, page), seeds=seeds, morph=morph, steps=steps, gradient=gradient,
        curves=curves, layer=histogram, exact_weights=exact_weights, title=title,
    )  # fmt: skip
    words = ["--morph", morph, *(["--steps", str(steps)] if steps != 5 else [])] if morph else []
    words = words or [column.activation.name for column in sheet.columns]
    words += ["--seeds", seeds] if seeds else ["--seed", str(recipe.seed)]
    words += ["--gradient"] * gradient + ["--curves"] * curves
    words += ["--histogram", str(histogram)] if histogram is not None else []
    words += ["--exact-weights", exact_weights] if exact_weights else []
    words += ["--title", title] if title else []
    words += option_words(recipe.replace(activation="tanh"))
    return Exhibit(
        title=sheet.title,
        alt=_told(sheet, gradient),
        command=_command("compare", words, theme, size, _stem(sheet, morph, gradient)),
        tables=_measured(sheet),
        draw=partial(draw_comparison, sheet),
        theme=look,
        size=page,
    )


def _stem(sheet: Sheet, morph: str | None, gradient: bool) -> list[str]:
    ends = [sheet.columns[0], sheet.columns[-1]] if morph else sheet.columns
    return ["morph"] * bool(morph) + [column.activation.name for column in ends] + ["gradient"] * gradient


def _told(sheet: Sheet, gradient: bool) -> str:
    names = _listed([column.label for column in sheet.columns])
    rows = "row" if len(sheet.seeds) == 1 else "rows"
    seeds = _listed(list(map(str, sheet.seeds)))
    what = f"{len(sheet.seeds)} {rows} of pictures from the same random weights, seed {seeds}"
    parts = [f"{what}, one column an activation: {names}."]
    parts += ["Below each picture the steepness of its colour, black where it is flat."] * gradient
    parts += ["Below each column its curve and derivative."] * sheet.curves
    parts += [f"Below each column a histogram of layer {sheet.layer}."] if sheet.layer is not None else []
    return " ".join(parts)


def _measured(sheet: Sheet) -> tuple[Table, ...]:
    """One row a picture: how much of it is flat, and how steep it is where that was computed."""
    slopes = sheet.panels[0][0].gradient is not None
    headers = ("activation", "seed", "flat area", *(("mean gradient", "gradient is 0") if slopes else ()))
    rows = tuple(
        (column.label, str(seed), *_measures(panel))
        for seed, row in zip(sheet.seeds, sheet.panels, strict=True)
        for column, panel in zip(sheet.columns, row, strict=True)
    )
    return (Table("flat area: pixels that equal both their right and their lower neighbour", headers, rows),)


def _measures(panel: Panel) -> list[str]:
    p = panel.picture
    flat = (p[:-1, :-1] == p[1:, :-1]).all(axis=2) & (p[:-1, :-1] == p[:-1, 1:]).all(axis=2)
    cells = [f"{flat.mean():.1%}"]
    if panel.gradient is not None:
        cells += [f"{panel.gradient.mean():.3g}", f"{(panel.gradient == 0).mean():.1%}"]
    return cells


@checked
def lesson(topic: str, *, theme: str = "light", size: str = "slide", **settings: Any) -> Exhibit:
    """Return a lesson's figure, and its numbers in `tables`: linearity, vanishing, dying or softmax.

    `settings` are those of the topic: `seed`, `units`, `depth`, `activation` (a list), `push`, `scores`,
    `temperature`. Raises `BadInput`.
    """
    if topic == ALL:
        raise BadInput("lesson: expected one topic, found 'all'")
    (record,) = find_lessons(topic)
    check_settings(topic, settings)
    look, page = find_theme(theme), find_size(size)
    result = measure(record, settings)
    tables = tuple(result.tables())
    words = [topic, *(f"{value:g}" for value in settings.get("scores", ()))]
    words += [f"--{name}={_option(value)}" for name, value in settings.items() if name != "scores"]
    return Exhibit(
        title=f"Lesson: {topic}",
        alt=f"Figure of the lesson on {topic}. {tables[0].title}: {_row(tables[0])}.",
        command=_command("lesson", words, theme, size, [topic]),
        tables=tables,
        draw=partial(record.draw, result),
        theme=look,
        size=page,
    )


def _row(table: Table) -> str:
    return "; ".join(
        ", ".join(f"{header} {cell}" for header, cell in zip(table.headers, row, strict=True) if cell)
        for row in table.rows[:2]
    )


def _option(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _command(name: str, words: Sequence[str], theme: str, size: str, parts: Sequence[str]) -> str:
    stem = "-".join([name, *parts]) if len(parts) < 7 and all(map(str.isidentifier, parts)) else name
    look = [*(["--theme", theme] if theme != "light" else []), *(["--size", size] if size != "slide" else [])]
    return shlex.join(["artstudio", name, *words, *look, "-o", f"{stem}.png"])


def _listed(names: Sequence[str]) -> str:
    """Return `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
