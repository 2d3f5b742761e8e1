"""What the lessons' pages share: the title, pictures at their place, and type that fits."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from artstudio.figures.style.panel import Box, write
from artstudio.figures.style.theme import TITLE, TITLE_POINTS, Size, Theme, blank_axes, blank_figure, text_size

LEFT = 0.6
"""Inches of margin on both sides."""


def page(theme: Theme, size: Size, title: str) -> Figure:
    """Return a page with its title, smaller if it would not fit. Call it within `house_style`."""
    figure = blank_figure(theme, size)
    points = fitted(title, TITLE_POINTS, size.width - 2 * LEFT, bold=True)
    text = write(figure, LEFT, size.height - 0.62, title, points, theme.ink, bold=True, up="center_baseline")
    text.set_label(TITLE)
    return figure


def fitted(text: str, points: float, width: float, *, bold: bool = False) -> float:
    """Return `points`, or what makes the text as wide as `width` inches if it would be wider."""
    return min(points, points * width / max(text_size(text, points, bold=bold)[0], 1e-6))


def picture(figure: Figure, theme: Theme, box: Box, pixels: NDArray[Any], **options: Any) -> Axes:
    """Show an image in a box (left, bottom, width, height in inches), without ticks."""
    axes = blank_axes(figure, theme, box, 1.0)
    axes.imshow(pixels, aspect="auto", **options)
    axes.set_axis_off()
    return axes
