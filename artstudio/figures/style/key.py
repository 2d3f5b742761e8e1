"""The key at the head of a page: names, formulas, and values at points, in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from artstudio.errors import clip
from artstudio.figures.samples import Mark, Samples
from artstudio.figures.style.panel import write
from artstudio.figures.style.theme import LINE, TEXT_POINTS, Stroke, Theme, formula_points, number, text_size

VALUE, SLOPE = "$f\\,(z)$", "$f\\,\\mathrm{′}(z)$"
"""How panels and keys name what they show. A literal prime stands closer than mathtext's own."""

_SMALLEST = 0.55
"""A formula is shrunk to this at most; one that is longer still is left out."""

_INDENT, _GAP, _AIR = 0.5, 0.35, 0.22
"""Inches for a swatch, between columns, and around a tall formula."""


@dataclass(frozen=True)
class Entry:
    """A curve in a key: its stroke, its name, its formula in mathtext, and values at points."""

    stroke: Stroke
    name: str
    formula: str
    remark: str = ""
    """What to say of it where there is no room for the formula."""
    values: tuple[str, ...] = ()

    def width(self, points: float) -> float:
        """Inches that the widest of its lines takes."""
        lines = [text_size(self.name, points, bold=True)[0]]
        if self.formula:
            lines.append(text_size(self.formula, formula_points(self.formula, points))[0])
        return max(lines + [text_size(value, TEXT_POINTS)[0] for value in self.values])


def entry_of(curve: Samples, stroke: Stroke) -> Entry:
    """Return the key entry of a curve, without values; softmax says which of its shares is drawn."""
    # Below a large sum mathtext sets its index, which makes a line of text too tall.
    formula = curve.activation.latex.replace(r"\sum_", r"\Sigma_")
    remark = "" if curve.activation.elementwise else "first share of (z, 0, 0)"
    if remark:
        formula += r"\ \ \mathrm{first\ share\ of}\ (z,\,0,\,0)"
    return Entry(stroke, clip(curve.activation.label, 26), f"${formula}$", remark)


def without_formula(entry: Entry) -> Entry:
    """Return the entry with its name alone."""
    return replace(entry, name=", ".join(filter(None, (entry.name, entry.remark))), formula="")


def value_lines(mark: Mark) -> tuple[str, str]:
    """Return `f(1) = 0.731` and `f′(1) = 0.197`; at a break `f′(0) undefined; 0 by convention`."""
    where, slope = number(mark.z, 6), number(mark.slope)
    said = f"= {slope}" if mark.defined else f"undefined; {slope} by convention"
    return f"f({where}) = {number(mark.value)}", f"f′({where}) {said}"


def fit(text: str, points: float, room: float, *, bold: bool = False, least: float = _SMALLEST) -> float:
    """Return the type size at which `text` fits in `room` inches: at most `points`, 0 if below the least share."""
    share = min(1.0, room / max(text_size(text, points, bold=bold)[0], 1e-9))
    return points * share if share >= least else 0.0


def draw_swatch(figure: Figure, x: float, y: float, stroke: Stroke) -> None:
    """Draw a short piece of a curve's line, from x on, in inches."""
    across, up = figure.get_size_inches()
    figure.add_artist(
        Line2D([x / across, (x + _INDENT - 0.12) / across], [y / up] * 2, color=stroke.colour,
               linestyle=stroke.style, linewidth=LINE, label="swatch")
    )  # fmt: skip


def draw_key(figure: Figure, theme: Theme, entries: Sequence[Entry], corner: tuple[float, float], width: float,
             points: float, *, swatches: bool, columns: tuple[int, int]) -> float:  # fmt: skip
    """Write the entries from the upper left `corner` down, in as many columns as fit; return where it ends.

    `columns` are the fewest, in which formulas are made smaller if need be, and the most.
    """
    indent = _INDENT if swatches else 0.0
    count = _columns(entries, width, points, indent, columns)
    wanted = [max(indent + e.width(points) for e in entries[column::count]) for column in range(count)]
    rooms = _share(wanted, width - _GAP * (count - 1))
    left, y = corner
    line = 1.45 * points / 72
    for start in range(0, len(entries), count):
        row = entries[start : start + count]
        sizes = [
            fit(e.formula, formula_points(e.formula, points), room - indent) if e.formula else 0.0
            for e, room in zip(row, rooms, strict=False)
        ]
        heights = [text_size(e.formula, size)[1] for e, size in zip(row, sizes, strict=True) if size]
        tall = max([line, *(height + _AIR for height in heights)]) if heights else 0.0
        for column, (entry, size) in enumerate(zip(row, sizes, strict=True)):
            x = left + sum(rooms[:column]) + _GAP * column
            room = rooms[column] - indent
            base = y - 0.75 * line
            if swatches:
                draw_swatch(figure, x, base + 0.35 * points / 72, entry.stroke)
            x += indent
            name_points = fit(entry.name, points, room, bold=True, least=0.0)
            write(figure, x, base, entry.name, name_points, entry.stroke.text, bold=True)
            if size:
                write(figure, x, y - line - tall / 2, entry.formula, size, theme.muted, up="center")
            for i, value in enumerate(entry.values):
                value_points = fit(value, TEXT_POINTS, room, least=0.0)
                write(figure, x, y - line - tall - (i + 0.75) * _leading(), value, value_points, entry.stroke.text)
        y -= line + tall + _leading() * max(len(e.values) for e in row) + 0.1
    return y


def _leading() -> float:
    return 1.35 * TEXT_POINTS / 72


def _columns(
    entries: Sequence[Entry], width: float, points: float, indent: float, columns: tuple[int, int]
) -> int:
    fewest, most = (min(n, len(entries)) for n in columns)
    for count in range(most, fewest, -1):
        wide = [max(indent + e.width(points) for e in entries[column::count]) for column in range(count)]
        if sum(wide) + _GAP * (count - 1) <= width:
            return count
    return fewest


def _share(wanted: Sequence[float], total: float) -> list[float]:
    """Share out a width: what each wants if there is enough, else the widest give way first."""
    if sum(wanted) <= total:
        spare = (total - sum(wanted)) / len(wanted)
        return [w + spare for w in wanted]
    low, high = 0.0, max(wanted)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(min(w, middle) for w in wanted) < total else (low, middle)
    return [min(w, low) for w in wanted]
