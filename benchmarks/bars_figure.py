"""The figures made of bars: the share of the machine that a picture uses, and how long others take for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from scaling_figure import machine_words, say

from artstudio.figures.lessons.page import LEFT, page
from artstudio.figures.style.panel import write
from artstudio.figures.style.theme import SIZES, TEXT_POINTS, THIN, Theme, house_style, text_size

_TOP, _FOOT, _THICK, _GAP = 1.9, 0.45, 0.62, 0.4
"""Inches above and below the bars; the share of a row that is bar; inches between columns."""

PEER_NAMES = {
    "naive": "JAX, naive",
    "numpy": "NumPy",
    "torch": "PyTorch",
    "torch.compile": "… compiled",
    "numba": "numba",
}
"""In this order, with the names that they give themselves."""


@dataclass(frozen=True)
class _Column:
    """One column of bars from `left`, inches: a value of `whole` is as long as `width`; a rule stands at 1."""

    left: float
    width: float
    whole: float
    title: str
    inside: bool
    """Whether numbers stand within the bars' ends, as far as they fit."""


def draw_kernel(results: Mapping[str, Any], theme: Theme) -> Figure:
    """Draw the share of a large product's rate: the activations of one network, then networks of other shapes."""
    size = SIZES["slide"]
    shapes = [(key, list(rows)) for key, rows in groupby(results["kernel"], lambda r: (r["units"], r["depth"]))]
    (first, left_rows), others = shapes[0], shapes[1:]
    left_rows = sorted(left_rows, key=lambda r: -r["share"])
    right_rows = [row for _, rows in others for row in rows]
    whole = max(1.0, *(row["share"] for row in results["kernel"]))
    with house_style():
        figure = page(theme, size, "How much of the machine a picture uses")
        say(figure, theme, size.height - 1.07,
            "multiply-adds a second of the whole render call, 1 is a 2048 × 2048 product in JAX")  # fmt: skip
        pitch = _pitch(size.height, max(len(left_rows), len(right_rows)))
        middle = size.width / 2
        sides = (
            (LEFT, f"{first[0]} units, depth {first[1]}", left_rows, [r["activation"] for r in left_rows]),
            (middle, "other units × depth", right_rows,
             [f"{r['units']} × {r['depth']}  {r['activation']}" for r in right_rows]),
        )  # fmt: skip
        for start, title, rows, names in sides:
            if rows:
                beside = max(text_size(name, TEXT_POINTS)[0] for name in names) + 0.2
                column = _Column(start + beside, middle - LEFT - beside - 0.25, whole, title, inside=True)
                _names(figure, theme, start, names, pitch)
                _bars(figure, theme, column, [(r["share"], f"{r['share']:.2f}") for r in rows], pitch)
        say(figure, theme, 0.32, machine_words(results["machine"]))
    return figure


def draw_peers(results: Mapping[str, Any], theme: Theme) -> Figure:
    """Draw how many times as long as artstudio each peer takes, a column a peer, a row an activation."""
    size = SIZES["slide"]
    times = _ratios(results)
    rows = results["peers"]
    peers = [peer for peer in PEER_NAMES if any(peer in row for row in times.values())]
    whole = max([value for row in times.values() for value in row.values()], default=1.0)
    with house_style():
        figure = page(theme, size, "How many times as long others take for the same picture")
        say(figure, theme, size.height - 1.07,
            "1920×1080, 32 units, depth 8, all cores; the line is artstudio’s time")  # fmt: skip
        pitch = _pitch(size.height, len(rows))
        _names(figure, theme, LEFT, [row["activation"] for row in rows], pitch)
        right = LEFT + 2.9
        for k, row in enumerate(rows):
            words = f"{1e3 * row['artstudio']:.0f} ms"
            write(figure, right, _middle(size.height, k, pitch), words, TEXT_POINTS, theme.ink, across="right",
                  up="center_baseline")  # fmt: skip
        write(figure, right, size.height - _TOP + 0.12, "artstudio", TEXT_POINTS, theme.ink, bold=True,
              across="right")  # fmt: skip
        wide = (size.width - right - LEFT) / max(1, len(peers))
        number = text_size(f"{whole:.1f} ", TEXT_POINTS)[0]
        for k, peer in enumerate(peers):
            column = _Column(
                right + k * wide + _GAP, wide - _GAP - number - 0.1, whole, PEER_NAMES[peer], inside=False
            )
            values = [times[row["activation"]].get(peer) for row in rows]
            _bars(figure, theme, column, [(v, "–" if v is None else f"{v:.1f}") for v in values], pitch)
        say(figure, theme, 0.32, machine_words(results["machine"]))
    return figure


def _ratios(results: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Times as long as artstudio by activation and peer; naive JAX is measured in a part of its own."""
    naive = {row["activation"]: row["ratio"] for row in results.get("engine", ())}
    found: dict[str, dict[str, float]] = {}
    for row in results["peers"]:
        name = row["activation"]
        found[name] = {peer: row[peer] / row["artstudio"] for peer in PEER_NAMES if peer in row}
        if name in naive:
            found[name]["naive"] = naive[name]
    return found


def _pitch(height: float, rows: int) -> float:
    """Inches from row to row: as many as fill the page, but bars are not to become blocks."""
    return min(0.62, (height - _TOP - _FOOT - 0.35) / max(1, rows))


def _middle(height: float, row: int, pitch: float) -> float:
    return height - _TOP - (row + 0.5) * pitch


def _names(figure: Figure, theme: Theme, left: float, names: Sequence[str], pitch: float) -> None:
    height = figure.get_size_inches()[1]
    for k, name in enumerate(names):
        write(figure, left, _middle(height, k, pitch), name, TEXT_POINTS, theme.ink, up="center_baseline")


def _bars(
    figure: Figure, theme: Theme, column: _Column, bars: Sequence[tuple[float | None, str]], pitch: float
) -> None:
    """Draw a column: its title, a bar for each value with its number at the end, and the rule at 1."""
    width, height = figure.get_size_inches()
    left, unit = column.left, column.width / column.whole
    write(figure, left, height - _TOP + 0.12, column.title, TEXT_POINTS, theme.ink, bold=True)
    for k, (value, words) in enumerate(bars):
        y, long, thick = _middle(height, k, pitch), (value or 0.0) * unit, pitch * _THICK
        if value is not None:
            corner = left / width, (y - thick / 2) / height
            colour = theme.stroke(0).colour
            figure.add_artist(Rectangle(corner, long / width, thick / height, facecolor=colour, linewidth=0))
        inside = column.inside and long > text_size(words, TEXT_POINTS)[0] + 0.3
        # Beside a bar, and never on the rule.
        x = left + (long - 0.12 if inside else max(long, 0.0 if column.inside else unit) + 0.1)
        write(figure, x, y, words, TEXT_POINTS, theme.paper if inside else theme.muted,
              across="right" if inside else "left", up="center_baseline")  # fmt: skip
    x, ends = (left + unit) / width, [height - _TOP - len(bars) * pitch, height - _TOP]
    style = {"color": theme.ink, "linewidth": THIN, "zorder": 0.5 if column.inside else 2}
    figure.add_artist(Line2D([x, x], [y / height for y in ends], **style))
