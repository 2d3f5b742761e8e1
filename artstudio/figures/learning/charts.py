"""The charts of a study: losses over steps, gradients over layers; both on logarithmic scales."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from artstudio.figures.lessons.page import fitted
from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import LINE, SMALL_POINTS, THIN, Stroke, Theme, blank_axes, number
from artstudio.learning.study import Run, Study
from artstudio.learning.targets.target import Floats

_NARROW = 2.0
"""Inches across a chart below which its words are fewer."""

_BINS = 90
"""Stretches of a loss curve, equally long on its scale; the losses of the steps in each are averaged."""


def loss_curve(run: Run) -> tuple[Floats, Floats]:
    """Return a run's loss by step: places on the scale, log10(1 + step), and the decimal logarithm of the losses.

    Within each of 90 equal stretches of the scale it is the mean logarithm, so that the noise of single batches does
    not hide the curve.
    """
    losses = run.trace.losses.astype(np.float64)
    if not len(losses):
        return np.zeros(0), np.zeros(0)
    at = np.log10(1 + np.arange(len(losses)))
    bins = np.floor(at / max(at[-1], 1e-9) * (_BINS - 1)).astype(int)
    counts = np.bincount(bins)
    with np.errstate(divide="ignore"):
        powers = np.maximum(np.log10(losses), -12)
    means = [np.bincount(bins, part)[counts > 0] / counts[counts > 0] for part in (at, powers)]
    return means[0], means[1]


def loss_limits(curves: Sequence[tuple[Floats, Floats]]) -> tuple[float, float]:
    """Return the range of loss curves, with a little air; what lies far above where it began is cut off."""
    values = np.concatenate([powers for _, powers in curves] or [np.zeros(1)])
    if not len(values):
        return -1.0, 0.0
    start = max((float(powers[0]) for _, powers in curves if len(powers)), default=0.0)
    low, high = float(values.min()), min(float(values.max()), start + 0.5)
    air = 0.06 * max(high - low, 0.2)
    return low - air, high + air


def loss_axes(
    figure: Figure, theme: Theme, study: Study, box: Box, limits: tuple[float, float], points: float = SMALL_POINTS
) -> Axes:
    """Return axes for loss curves: steps across, losses up, both logarithmic."""
    axes = blank_axes(figure, theme, box, points)
    steps = study.settings.steps
    axes.set_xlim(0, math.log10(1 + steps))
    axes.set_ylim(*limits)
    marks = [step for step in (1, 10, 100, 1000, 10_000, 100_000) if step <= steps]
    if box[2] < _NARROW:
        marks = marks[::2]
    axes.xaxis.set_major_locator(FixedLocator([math.log10(1 + step) for step in marks]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda at, _: f"{round(10**at - 1):,}"))
    ticks = _ticks(*limits)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda power, _: number(10**power, 2)))
    for tick in ticks:
        axes.axhline(tick, color=theme.rule, linewidth=THIN / 2, zorder=1)
    axes.axhline(limits[0], color=theme.rule, linewidth=THIN, zorder=1)
    return axes


def _ticks(low: float, high: float) -> list[float]:
    """Return two to five marks within a range of powers of ten: whole ones, with 2 and 5, or 3, between if few."""
    for factors in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)):
        marks = [p + math.log10(f) for p in range(math.floor(low), math.ceil(high) + 1) for f in factors]
        inside = [mark for mark in marks if low <= mark <= high]
        if len(inside) >= 2:
            return inside[:: max(1, math.ceil(len(inside) / 5))]
    return inside


def draw_losses(figure: Figure, theme: Theme, study: Study, box: Box) -> None:
    """Draw every run's loss."""
    curves = [loss_curve(run) for run in study.runs]
    heading(figure, theme, box, loss_title(study) if box[2] > _NARROW else "Loss by step")
    axes = loss_axes(figure, theme, study, box, loss_limits(curves))
    for i, (run, (at, powers)) in enumerate(zip(study.runs, curves, strict=True)):
        draw_stroke(axes, at, powers, theme.stroke(i), run.label)


def draw_stroke(axes: Axes, x: Floats, y: Floats, stroke: Stroke, label: str) -> None:
    """Draw a run's line."""
    axes.plot(x, y, color=stroke.colour, linestyle=stroke.style, linewidth=0.75 * LINE, zorder=3, label=label,
              solid_capstyle="round")  # fmt: skip


def loss_title(study: Study) -> str:
    """Return the title of a chart of losses."""
    return f"Loss by step ({study.objective.loss_name})"


def heading(figure: Figure, theme: Theme, box: Box, title: str, points: float = 15.0) -> None:
    """Write a chart's title above it."""
    left, bottom, width, height = box
    points = fitted(title, points, width, bold=True)
    write(figure, left, bottom + height + 0.12, title, points, theme.ink, bold=True)


def draw_gradients(figure: Figure, theme: Theme, study: Study, box: Box) -> None:
    """Draw the norm of each layer's gradient before training, one line per run; 0 is marked at the bottom."""
    norms = [np.array(run.checkpoints[0].gradients) for run in study.runs]
    before = ", before training" if box[2] > _NARROW else ""
    heading(figure, theme, box, f"Gradient by layer{before}")
    axes = blank_axes(figure, theme, box, SMALL_POINTS)
    count = len(norms[0])
    positive = np.concatenate(norms)[np.concatenate(norms) > 0]
    low, high = (float(f(np.log10(positive))) for f in (np.min, np.max)) if len(positive) else (-1.0, 0.0)
    zero = any((values == 0).any() for values in norms)
    air = 0.08 * max(high - low, 1.0)
    floor = low - air - (0.16 * max(high - low, 1.0) if zero else 0.0)
    axes.set_xlim(1, count)
    axes.set_ylim(floor, high + air)
    step = max(1, math.ceil((high - low) / 3))
    ticks: list[float] = [p for p in range(math.ceil(low - air), math.floor(high + air) + 1) if p % step == 0]
    ticks = ticks or _ticks(low - air, high + air)
    axes.yaxis.set_major_locator(FixedLocator([*ticks, *([floor] if zero else [])]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda power, _: "0" if power == floor else _power(power)))
    axes.xaxis.set_major_locator(FixedLocator([1, count]))
    ends = ("layer 1", "read-out") if box[2] > _NARROW else ("1", "out")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda layer, _: ends[1 if layer > 1 else 0]))
    first, last = axes.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")
    for tick in ticks:
        axes.axhline(tick, color=theme.rule, linewidth=THIN / 2, zorder=1)
    axes.axhline(floor, color=theme.rule, linewidth=THIN, zorder=1)
    layers = np.arange(1, count + 1)
    for i, (run, values) in enumerate(zip(study.runs, norms, strict=True)):
        with np.errstate(divide="ignore"):
            powers = np.where(values > 0, np.log10(values), floor)
        above = values > 0
        stroke = theme.stroke(i)
        draw_stroke(axes, layers[above].astype(float), powers[above], stroke, run.label)
        if not above.all():
            draw_stroke(axes, layers[~above].astype(float), powers[~above], stroke, f"{run.label}: 0")
        if above.sum() == 1 or not above.all():
            axes.plot(layers, powers, linestyle="none", marker="o", markersize=5, color=stroke.colour, clip_on=False,
                      zorder=4, label=f"{run.label} points")  # fmt: skip


def _power(power: float) -> str:
    return f"$10^{{{power:.0f}}}$" if power else "$1$"
