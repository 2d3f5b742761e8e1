"""One panel of a figure, and what is drawn on it: baselines, curves, jumps as jumps, kinks, shading, tangents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, MaxNLocator

from artstudio.figures.samples import Floats, Mark, Tear
from artstudio.figures.style.theme import LINE, THIN, Stroke, Theme, blank_axes, text_options

Box = tuple[float, float, float, float]
"""Left, bottom, width and height in inches from the lower left corner of the figure."""

BAR = 0.12
"""Inches from one saturation bar to the next."""

_ROOM_FOR_DOTS = 0.12
"""Inches between neighbouring jumps below which their dots would run together."""


@dataclass(frozen=True)
class Panel:
    """Axes with their place on the page and their limits. `scale` is for lines, dots and type."""

    axes: Axes
    theme: Theme
    box: Box
    z_limits: tuple[float, float]
    y_limits: tuple[float, float]
    scale: float = 1.0
    taken: list[Floats] = field(default_factory=list)
    """Points in inches on which no label should lie: the curves, limits and tangents drawn so far."""

    def inches(self, z: Floats, y: Floats) -> Floats:
        """Return the places of points on the page, as rows (x, y) in inches."""
        left, bottom, width, height = self.box
        (z0, z1), (y0, y1) = self.z_limits, self.y_limits
        return np.stack([left + width * (z - z0) / (z1 - z0), bottom + height * (y - y0) / (y1 - y0)], axis=-1)

    def shows(self, y: float) -> bool:
        """Whether the value lies within the panel's limits."""
        return self.y_limits[0] <= y <= self.y_limits[1]


def make_panel(
    figure: Figure, theme: Theme, box: Box, z_limits: tuple[float, float], values: Sequence[Floats],
    *, points: float, scale: float = 1.0, z_ticks: bool = True, foot: float = 0.0,
    torn_at_0: bool = False,
) -> Panel:  # fmt: skip
    """Return a panel with baselines and a few ticks, its height fitted to `values`, `foot` inches above the ticks.

    Where a curve is torn at 0 there is no upright baseline: it would seem to join the two ends.
    """
    axes = blank_axes(figure, theme, box, points)
    y_limits = _limits(np.concatenate(values))
    axes.set_xlim(z_limits)
    axes.set_ylim(y_limits)
    low, high = z_limits
    inner = 0.15 * (high - low)
    axes.xaxis.set_major_locator(FixedLocator([low, 0.0, high] if low + inner < 0 < high - inner else [low, high]))
    if foot:
        axes.tick_params(axis="x", pad=0.35 * points + 72 * foot)
    if not z_ticks:
        axes.tick_params(axis="x", labelbottom=False)
    tall = box[3] > 4 * points / 72 * 3
    axes.yaxis.set_major_locator(MaxNLocator(4 if tall else 2, steps=[1, 2, 5, 10]))
    rule: dict[str, Any] = {"color": theme.rule, "linewidth": THIN * scale, "zorder": 1.0}
    if y_limits[0] <= 0 <= y_limits[1]:
        axes.plot(z_limits, (0, 0), label="baseline", **rule)
    if low < 0 < high and not torn_at_0:
        axes.plot((0, 0), y_limits, label="baseline", **rule)
    return Panel(axes, theme, box, z_limits, y_limits, scale)


def _limits(values: Floats) -> tuple[float, float]:
    """Return limits that hold 0 and the values, with air; without the far ends of a curve that explodes."""
    values = values[np.isfinite(values)]
    size = np.abs(values)
    usual = float(np.quantile(size, 0.9)) if len(size) else 0.0
    if len(size) and size.max() > 50 and size.max() > 20 * usual > 0:
        values = values[size <= 2 * usual]
    low, high = min(0.0, float(values.min(initial=0.0))), max(0.0, float(values.max(initial=0.0)))
    if high - low < 1e-3:
        low, high = 0.0, 1.0
    air = 0.07 * (high - low)
    return low - air, high + air


def draw_curve(panel: Panel, z: Floats, y: Floats, stroke: Stroke, label: str, *, thin: float = 1.0) -> None:
    """Draw one line, torn where `y` is nan; `thin` is a factor on its width."""
    panel.axes.plot(
        z, y, color=stroke.colour, linestyle=stroke.style, linewidth=thin * LINE * panel.scale, zorder=3.0,
        label=label,
        solid_capstyle="butt", dash_capstyle="butt", solid_joinstyle="round",
    )  # fmt: skip
    held = np.clip(y, *panel.y_limits)
    panel.taken.append(panel.inches(z, held)[np.isfinite(y)])


def draw_tears(panel: Panel, tears: Sequence[Tear], stroke: Stroke, label: str) -> None:
    """Draw an open dot at every limit that is not attained, and a filled one at the value, if there is any."""
    tears = [tear for tear in tears if tear.torn]
    places = panel.inches(np.array([t.z for t in tears]), np.zeros(len(tears)))[..., 0] if tears else np.zeros(0)
    if len(places) > 1 and np.diff(places).min() < _ROOM_FOR_DOTS:
        return
    open_dots = {
        (tear.z, side) for tear in tears for side in (tear.left, tear.right)
        if not math.isnan(side) and (tear.hole or abs(side - tear.value) > 1e-4) and panel.shows(side)
    }  # fmt: skip
    filled = [(tear.z, tear.value) for tear in tears if panel.shows(tear.value) and not tear.hole]
    dots: dict[str, Any] = {
        "linestyle": "none", "marker": "o", "markersize": 8.5 * panel.scale, "markeredgecolor": stroke.colour,
        "markeredgewidth": 0.62 * LINE * panel.scale, "clip_on": False,
    }  # fmt: skip
    if open_dots:
        x, y = zip(*sorted(open_dots), strict=True)
        panel.axes.plot(x, y, markerfacecolor=panel.theme.paper, zorder=4.0, label=f"open {label}", **dots)
    if filled:
        x, y = zip(*filled, strict=True)
        panel.axes.plot(x, y, markerfacecolor=stroke.colour, zorder=5.0, label=f"filled {label}", **dots)


def draw_kinks(panel: Panel, kinks: Sequence[tuple[float, float]], stroke: Stroke, label: str) -> None:
    """Mark each kink with a short tick across the curve."""
    shown = [(z, y) for z, y in kinks if panel.shows(y)]
    places = panel.inches(np.array([z for z, _ in shown]), np.zeros(len(shown)))[..., 0] if shown else np.zeros(0)
    if not shown or (len(places) > 1 and np.diff(places).min() < _ROOM_FOR_DOTS):
        return
    x, y = zip(*shown, strict=True)
    panel.axes.plot(
        x, y, linestyle="none", marker="|", markersize=13 * panel.scale, markeredgewidth=0.6 * LINE * panel.scale,
        color=stroke.colour, clip_on=False, zorder=3.5, label=f"kink {label}",
    )  # fmt: skip


def draw_asymptotes(panel: Panel, limits: Sequence[float]) -> None:
    """Draw a thin dashed line at each limit that lies in the panel."""
    for limit in sorted({limit for limit in limits if panel.shows(limit)}):
        panel.axes.plot(
            panel.z_limits, (limit, limit), color=panel.theme.muted, linewidth=THIN * panel.scale,
            linestyle=(0, (5, 4)), zorder=2.0, label="asymptote",
        )  # fmt: skip
        z = np.linspace(*panel.z_limits, 200)
        panel.taken.append(panel.inches(z, np.full_like(z, limit)))


def shade_spans(panel: Panel, spans: Sequence[tuple[float, float]], label: str) -> None:
    """Shade stretches of z over the whole height of the panel."""
    theme = panel.theme
    # On a page of unknown colour a veil of ink suits where a fixed colour would not.
    colour, alpha = (theme.ink, 0.1) if theme.transparent else (theme.shade, 1.0)
    for low, high in spans:
        panel.axes.axvspan(low, high, color=colour, alpha=alpha, linewidth=0, zorder=0.5, label=label)


def bar_spans(panel: Panel, spans: Sequence[tuple[float, float]], stroke: Stroke, row: int, label: str) -> None:
    """Draw stretches of z as bars below the panel, one row a curve."""
    y = -(0.06 + BAR * row) / panel.box[3]
    for low, high in spans:
        panel.axes.plot(
            (low, high), (y, y), transform=panel.axes.get_xaxis_transform(), color=stroke.colour,
            linewidth=5 * panel.scale, solid_capstyle="butt", clip_on=False, zorder=2.5, label=label,
        )  # fmt: skip


def draw_tangent(panel: Panel, mark: Mark, label: str, reach: float) -> None:
    """Draw the tangent at a point, `reach` inches to either side of it; there is none at a break."""
    z, y, slope = mark.z, mark.value, mark.slope
    if not (mark.defined and math.isfinite(y) and math.isfinite(slope)):
        return
    _, _, width, height = panel.box
    a = width / (panel.z_limits[1] - panel.z_limits[0])
    b = slope * height / (panel.y_limits[1] - panel.y_limits[0])
    along = reach / math.hypot(a, b)
    ends = np.array([-along, along])
    panel.axes.plot(
        z + ends, y + slope * ends, color=panel.theme.ink, linewidth=0.55 * LINE * panel.scale, zorder=5.5,
        label=f"tangent {label}",
    )  # fmt: skip
    steps = np.linspace(-along, along, 40)
    panel.taken.append(panel.inches(z + steps, y + slope * steps))


def draw_point(panel: Panel, z: float, y: float, stroke: Stroke, label: str) -> None:
    """Mark a point on a curve."""
    if math.isfinite(y) and panel.shows(y):
        panel.axes.plot(
            [z], [y], marker="o", markersize=10 * panel.scale, color=stroke.colour,
            markeredgecolor=panel.theme.ink, markeredgewidth=THIN * panel.scale, clip_on=False, zorder=6.0,
            label=f"point {label}",
        )  # fmt: skip


def write(figure: Figure, x: float, y: float, text: str, points: float, colour: str, *, bold: bool = False,
          across: str = "left", up: str = "baseline") -> Text:  # fmt: skip
    """Write text at a place on the page given in inches, and return it."""
    width, height = figure.get_size_inches()
    options = text_options(points, colour, bold=bold)
    return figure.text(x / width, y / height, text, ha=across, va=up, **options)
