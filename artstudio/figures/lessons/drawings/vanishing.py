"""The figure on vanishing gradients: norms by layer on a logarithmic scale, each line with its initialisation."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from artstudio.figures.lessons.by_layer import Line, draw_lines, limits, named, room_for_names
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.lessons.vanishing import NETWORKS, STEEP, Vanishing
from artstudio.figures.style.panel import write
from artstudio.figures.style.theme import TEXT_POINTS, THIN, Size, Stroke, Theme, house_style, number
from artstudio.model.activation.registry import get_activation
from artstudio.model.initialisation import NATURAL, find_init

VANISHED = 1e-6
"""Below this share a gradient is called vanished."""

GRADIENT = "Gradient, length of ∂ output / ∂ z"
BACK = "layers back from the output"


def draw(result: Vanishing, theme: Theme, size: Size) -> Figure:
    """Draw one line per activation, from the last layer to the first, and thin ones for the slopes alone."""
    lines = _lines(result, theme)
    with house_style():
        figure = page(theme, size, title(result))
        beside = room_for_names(lines)
        left, foot = LEFT + 0.75, 1.35 if size.portrait else 1.05
        box = (left, foot, size.width - left - beside - 0.4, size.height - foot - 1.75)
        draw_lines(figure, theme, box, lines, limits(lines), axis=BACK,
                   title=f"{GRADIENT}, mean of {NETWORKS} networks")  # fmt: skip
        three = f"Three sigmoid layers with a slope of {STEEP:g} leave {STEEP:g}³ = {number(result.three)}."
        write(figure, LEFT, 0.35, three, fitted(three, TEXT_POINTS, size.width - 2 * LEFT), theme.muted,
              up="center_baseline")  # fmt: skip
    return figure


def title(result: Vanishing) -> str:
    """Return what the figure says of the weakest gradient; one that is 0 in every layer has nothing to lose."""
    weakest = min(result.gradients, key=lambda g: g.norms[-1] if any(g.norms) else np.inf)
    label = get_activation(weakest.activation).label
    if not any(weakest.norms):
        said = f"{label} lets no gradient through, at any depth"
    elif weakest.norms[-1] < VANISHED:
        said = f"{label}’s gradient vanishes over {result.depth} layers"
    else:
        said = f"What is left of the gradient after {result.depth} layers"
    if result.init == NATURAL:
        return said
    record = find_init(result.init, weakest.activation)
    return f"{said}, variance {record.variance_text}"


def _lines(result: Vanishing, theme: Theme) -> list[Line]:
    lines = [
        Line(named(g.activation, find_init(g.init, g.activation).label), g.norms, theme.stroke(i))
        for i, g in enumerate(result.gradients)
    ]
    plain = Stroke(theme.muted, theme.muted)
    # What the slopes alone can multiply to at most, where that shrinks.
    return lines + [
        Line(f"${g.largest_slope:.3g}^k$: slopes alone", g.products, plain, THIN)
        for g in result.gradients if 0 < g.largest_slope < 0.99
    ]  # fmt: skip
