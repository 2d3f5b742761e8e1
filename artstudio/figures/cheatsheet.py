"""The cheat sheet as a figure: every activation with its curve, its formula and its measured properties."""

from __future__ import annotations

import re
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from artstudio.figures.style.small import draw_small_curve, small_range
from artstudio.figures.style.theme import (
    Size,
    Theme,
    blank_axes,
    blank_figure,
    house_style,
    number,
    text_options,
    text_size,
)
from artstudio.model.activation.properties import measure
from artstudio.model.activation.record import Activation

_SMOOTH = r"$\mathrm{C}^{\infty}$"
_FOOTNOTE = (
    "zero-centred: f(z) averages zero for z from N(0, 1), to a hundredth of its spread.   C⁰: continuous, with kinks;"
    f"  C¹: f′ is continuous, too;  {_SMOOTH}: all derivatives are.   Softmax: the first share of (z, 0, 0)."
)
_CLASSES = {"C0": "C⁰", "C1": "C¹", "C2": "C²", "C∞": _SMOOTH}
_BLOCKS = 2
_HEADERS = ("", "", "range", "zero-\ncentred", "saturates", "smooth-\nness", "largest\n|f′|", "where")
_STARTS = (0.0, 0.14, 0.42, 0.54, 0.615, 0.707, 0.787, 0.856)
"""Where the columns begin, as a share of a block's width: curve, name and formula, then the properties."""


def draw_cheat_sheet(activations: Sequence[Activation], theme: Theme, size: Size) -> Figure:
    """Draw the sheet for any number of activations: two blocks of rows, as tall as the page allows."""
    with house_style():
        figure = blank_figure(theme, size)
        scale = size.width / 16.5
        margin, head = 0.6 * scale, 1.5 * scale
        rows = -(-len(activations) // _BLOCKS)
        pitch = (size.height - head - 0.75 * scale) / max(rows, 1)
        width = (size.width - (_BLOCKS + 1) * margin) / _BLOCKS
        _write(figure, margin, 0.55 * scale, "Activation functions", 24 * scale, theme.ink, bold=True)
        wide = {a.label: small_range(a) for a in activations if small_range(a) != (-4, 4)}
        others = "".join(f" ({label}: {number(low)} to {number(high)})" for label, (low, high) in wide.items())
        note = f"measured from the functions; solid f, dashed f′, for z from −4 to 4{others}"
        _write(figure, margin, size.height - 0.3 * scale, _FOOTNOTE, 10 * scale, theme.muted)
        _write(figure, size.width - margin, 0.55 * scale, note, 12 * scale, theme.muted, ha="right")
        for block in range(_BLOCKS):
            left = margin + block * (width + margin)
            for start, header in zip(_STARTS, _HEADERS, strict=True):
                _write(figure, left + start * width, 1.14 * scale, header, 9.5 * scale, theme.muted)
            for row, activation in enumerate(activations[block * rows : (block + 1) * rows]):
                top = head + row * pitch
                _row(figure, activation, theme, (left, top, width, pitch), scale)
    return figure


def _row(
    figure: Figure, activation: Activation, theme: Theme, box: tuple[float, float, float, float], scale: float
) -> None:
    left, top, width, pitch = box
    found = measure(activation)
    middle = top + pitch / 2
    _small_curve(figure, activation, theme, (left, top + 0.1 * pitch, 0.13 * width, 0.8 * pitch))
    # Below a large sum mathtext sets its index, which makes a line of text too tall.
    name, formula = left + _STARTS[1] * width, "$" + activation.latex.replace(r"\sum_", r"\Sigma_") + "$"
    room = (_STARTS[2] - _STARTS[1] - 0.025) * width
    points = 12 * scale
    _write(figure, name, middle - 0.22 * pitch, activation.label, points, theme.ink, bold=True)
    points *= min(1.0, room / max(text_size(formula, points)[0], 1e-6))
    _write(figure, name, middle + 0.22 * pitch, formula, points, theme.ink)
    place = found.slope_at.removeprefix("z = ").replace(", and so on", " …")
    words = (
        _signs(activation.range_text.replace("inf", "∞").replace(", sums to 1", "")),
        "yes" if found.zero_centred else "no",
        found.saturates,
        _CLASSES.get(found.smoothness, found.smoothness),
        f"{found.largest_slope:.3g}",
        _signs(place.replace("almost everywhere", "almost all z")),
    )
    for start, word in zip(_STARTS[2:], words, strict=True):
        _write(figure, left + start * width, middle, word, 10 * scale, theme.ink)
    page_width, page_height = figure.get_size_inches()
    y = 1 - (top + pitch) / page_height
    figure.add_artist(_rule(left / page_width, (left + width) / page_width, y, theme))


def _signs(text: str) -> str:
    """Return numbers in text with true minus signs, and the reals as mathematicians write them."""
    return re.sub(r"-(?=\d)", "−", "ℝ" if text == "R" else text)


def _rule(left: float, right: float, y: float, theme: Theme) -> Line2D:
    return Line2D([left, right], [y, y], color=theme.rule, linewidth=0.6)


def _small_curve(
    figure: Figure, activation: Activation, theme: Theme, box: tuple[float, float, float, float]
) -> None:
    height = figure.get_size_inches()[1]
    axes = blank_axes(figure, theme, (box[0], height - box[1] - box[3], box[2], box[3]), 6)
    draw_small_curve(axes, activation, theme, width=1.7)
    axes.set_xticks([])


def _write(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    points: float,
    colour: str,
    *,
    ha: str = "left",
    bold: bool = False,
) -> None:
    width, height = figure.get_size_inches()
    figure.text(x / width, 1 - y / height, text, ha=ha, va="center", **text_options(points, colour, bold=bold))
