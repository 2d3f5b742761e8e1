"""A small f and f' without words, to stand beside other things: in comparisons and on the cheat sheet."""

from __future__ import annotations

from matplotlib.axes import Axes

from artstudio.figures.samples import sample
from artstudio.figures.style.theme import THIN, Theme
from artstudio.model.activation.properties import feature_range
from artstudio.model.activation.record import Activation

_RANGE = (-4.0, 4.0)


def small_range(activation: Activation) -> tuple[float, float]:
    """Return the range of a small curve: -4 to 4, or more where there is something to see beyond."""
    low, high = feature_range(activation)
    return (low, high) if (low, high) != (-5, 5) else _RANGE


def draw_small_curve(axes: Axes, activation: Activation, theme: Theme, *, width: float) -> None:
    """Draw f solid, `width` points wide, and f' dashed, over `small_range`, torn at breaks; no y ticks."""
    low, high = small_range(activation)
    (found,) = sample([activation], low, high)
    axes.axhline(0, color=theme.rule, linewidth=THIN / 2, zorder=0)
    axes.plot(found.z, found.slope, color=theme.stroke(1).colour, linewidth=0.75 * width, linestyle=(0, (3, 1.5)))
    axes.plot(found.z, found.f, color=theme.stroke(0).colour, linewidth=width)
    axes.set_xlim(low, high)
    # Where the range is larger, so is what is seen of the values.
    larger = 3.5 if (low, high) != _RANGE else 1.0
    axes.set_ylim(-1.4 * larger, 1.9 * larger)
    axes.set_yticks([])
