"""A small f and f' without words, to stand beside other things: in comparisons and on the cheat sheet."""

from __future__ import annotations

from matplotlib.axes import Axes

from artstudio.figures.samples import sample
from artstudio.figures.theme import THIN, Theme
from artstudio.model.activation_record import Activation

_RANGE = 4.0


def draw_small_curve(axes: Axes, activation: Activation, theme: Theme, *, width: float) -> None:
    """Draw f solid, `width` points wide, and f' dashed, for z from -4 to 4, torn at breaks; no y ticks."""
    (found,) = sample([activation], -_RANGE, _RANGE)
    axes.axhline(0, color=theme.rule, linewidth=THIN / 2, zorder=0)
    axes.plot(found.z, found.slope, color=theme.stroke(1).colour, linewidth=0.75 * width, linestyle=(0, (3, 1.5)))
    axes.plot(found.z, found.f, color=theme.stroke(0).colour, linewidth=width)
    axes.set_xlim(-_RANGE, _RANGE)
    axes.set_yticks([])
