"""The figure on initialisation: the signal forwards and the gradient back, right and wrong variance side by side."""

from __future__ import annotations

from matplotlib.figure import Figure

from artstudio.figures.lessons.by_layer import Line, draw_lines, limits, named, room_for_names
from artstudio.figures.lessons.drawings.vanishing import BACK, GRADIENT
from artstudio.figures.lessons.initialisation import Beginnings, Course
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.lessons.vanishing import NETWORKS
from artstudio.figures.style.panel import write
from artstudio.figures.style.theme import TEXT_POINTS, Size, Stroke, Theme, house_style, number
from artstudio.model.activation.registry import get_activation
from artstudio.model.initialisation import find_init

_WRONG = (2.2, 1.1)
"""The dash of an initialisation that is not the activation's own."""


def draw(result: Beginnings, theme: Theme, size: Size) -> Figure:
    """Draw two panels with one scale: the activation's own initialisation solid, the other one dashed."""
    lines = {what: _lines(result, theme, what) for what in ("signal", "gradient")}
    bounds = limits([line for part in lines.values() for line in part])
    with house_style():
        figure = page(theme, size, title(result))
        beside, left, foot, head = room_for_names(lines["signal"]), LEFT + 0.75, 1.1, size.height - 1.75
        if size.portrait:
            width, height = size.width - left - beside - 0.3, (head - foot - 1.2) / 2
            boxes = [(left, foot + height + 1.2, width, height), (left, foot, width, height)]
        else:
            width = (size.width - 2 * left - beside - 0.3) / 2
            boxes = [(left, foot, width, head - foot), (2 * left + width, foot, width, head - foot)]
        titles = "Signal, root mean square", GRADIENT
        for (what, part), box, words, axis in zip(lines.items(), boxes, titles, ("layer", BACK), strict=True):
            names = size.portrait or what == "gradient"
            draw_lines(figure, theme, box, part, bounds, title=words, axis=axis, names=names)
        remark = f"Solid: the activation’s own initialisation. Dashed: another. Means of {NETWORKS} networks."
        write(figure, LEFT, 0.35, remark, fitted(remark, TEXT_POINTS, size.width - 2 * LEFT), theme.muted,
              up="center_baseline")  # fmt: skip
    return figure


def title(result: Beginnings) -> str:
    """Return what the figure says of its first activation's gradient."""
    own, other = result.courses[:2]
    label = get_activation(own.activation).label
    return (
        f"{label}, {result.depth} layers: {_name(own)} leaves {number(own.gradient[-1], 2)} of the gradient,"
        f" {_name(other)} {number(other.gradient[-1], 2)}"
    )


def _name(course: Course) -> str:
    return find_init(course.init, course.activation).label


def _lines(result: Beginnings, theme: Theme, what: str) -> list[Line]:
    lines = []
    for i, course in enumerate(result.courses):
        stroke = theme.stroke(i // 2)
        stroke = Stroke(stroke.colour, stroke.text, () if course.natural else _WRONG)
        lines.append(Line(named(course.activation, _name(course)), getattr(course, what), stroke))
    return lines
