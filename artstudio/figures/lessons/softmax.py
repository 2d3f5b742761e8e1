"""Softmax: scores become probabilities that sum to 1, at several temperatures, and what cross-entropy charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from artstudio.errors import BadInput
from artstudio.figures.lessons.lesson import Cell, Rows, Table, check_number
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.panel import Box, write
from artstudio.figures.theme import TEXT_POINTS, THIN, Size, Theme, formula_points, house_style, number, text_size
from artstudio.model.activations import get_activation

MOST_SCORES, MOST_TEMPERATURES, FARTHEST = 8, 4, 1e6


@dataclass(frozen=True)
class Shares:
    """The probabilities of the classes at one temperature."""

    temperature: float
    probabilities: tuple[float, ...]
    total: float


@dataclass(frozen=True)
class Softmax:
    """What the lesson shows. `cross_entropy` is -ln of each probability at temperature 1, in nats."""

    scores: tuple[float, ...]
    shares: Shares
    cross_entropy: tuple[float, ...]
    tempered: tuple[Shares, ...]

    def tables(self) -> list[Table]:
        """One row a class."""
        others = tuple(f"p at T = {s.temperature:g}" for s in self.tempered)
        rows: Rows = tuple(
            (i + 1, z, self.shares.probabilities[i], loss, *(s.probabilities[i] for s in self.tempered))
            for i, (z, loss) in enumerate(zip(self.scores, self.cross_entropy, strict=True))
        )
        sums: tuple[Cell, ...] = ("sum", "", self.shares.total, "", *(s.total for s in self.tempered))
        headers = ("class", "score z", "probability", "cross-entropy", *others)
        formats = ("", "g", ".3f", ".3f", *(".3f" for _ in others))
        return [Table("softmax: e^z_i / sum of all e^z_j", headers, (*rows, sums), formats)]

    def document(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


def measure(*, scores: Sequence[float] = (2.0, 1.0, 0.1), temperature: Sequence[float] = (0.5, 2.0)) -> Softmax:
    """Turn 2 to 8 scores into probabilities, at temperature 1 and at up to 4 others. Raises `BadInput`."""
    if not 2 <= len(scores) <= MOST_SCORES:
        raise BadInput(f"scores: expected 2 to {MOST_SCORES}, found {len(scores)}")
    if not 1 <= len(temperature) <= MOST_TEMPERATURES:
        raise BadInput(f"temperature: expected 1 to {MOST_TEMPERATURES}, found {len(temperature)}")
    for score in scores:
        check_number("scores", score, -FARTHEST, FARTHEST)
    for value in temperature:
        check_number("temperature", value, 0.01, 100)
    z = np.array(scores, np.float64)
    # Not the logarithm of the probability, which is infinite where that has rounded to 0.
    above = z - z.max()
    losses = np.log(np.exp(above).sum()) - above
    return Softmax(
        tuple(float(score) for score in scores), _shares(z, 1.0), _floats(losses),
        tuple(_shares(z, float(value)) for value in temperature),
    )  # fmt: skip


def _shares(z: NDArray[np.float64], temperature: float) -> Shares:
    probabilities = get_activation("softmax").function(z / temperature, np)
    return Shares(temperature, _floats(probabilities), float(probabilities.sum()))


def _floats(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


@dataclass(frozen=True)
class _Column:
    """One column of bars: its formula, a remark below it, the bars and what is written beside them."""

    formula: str
    remark: str
    values: tuple[float, ...]
    words: tuple[str, ...]
    full: float
    """The value that fills the column, where none is larger."""
    stroke: int


_SOFTMAX = r"p_i = \frac{e^{z_i}}{\Sigma_j\, e^{z_j}}"


def _columns(result: Softmax) -> list[_Column]:
    losses = result.cross_entropy
    columns = [
        _Column(
            "$z_i$", "scores", result.scores, tuple(number(z) for z in result.scores),
            max(map(abs, result.scores)) or 1.0, 4,
        ),
        _probability(f"${_SOFTMAX}$", result.shares, 0),
        _Column(
            r"$-\ln\, p_i$", "cross-entropy", losses, tuple(f"{v:.3f}" if v < 100 else number(v) for v in losses),
            max(losses) or 1.0, 1,
        ),
    ]  # fmt: skip
    return columns + [_probability(rf"$p_i\ \mathrm{{at}}\ T = {s.temperature:g}$", s, 2) for s in result.tempered]


def _probability(formula: str, shares: Shares, stroke: int) -> _Column:
    words = tuple(f"{p:.3f}" for p in shares.probabilities)
    return _Column(formula, f"sum {shares.total:.3f}", shares.probabilities, words, 1.0, stroke)


def draw(result: Softmax, theme: Theme, size: Size) -> Figure:
    """Draw a row of bars for each class: scores, probabilities, cross-entropy, and other temperatures."""
    with house_style():
        figure = page(theme, size, "Softmax turns scores into probabilities")
        columns = _columns(result)
        blocks = [columns[:3], columns[3:]] if size.portrait else [columns]
        top = size.height - 1.25
        tall = (top - 0.45) / len(blocks)
        for i, block in enumerate(blocks):
            _block(figure, theme, block, size, top - i * tall, tall)
    return figure


def _block(figure: Figure, theme: Theme, columns: Sequence[_Column], size: Size, top: float, tall: float) -> None:
    head, foot, gap = 1.05, 0.45, 0.4
    width = (size.width - 2 * LEFT - gap * (len(columns) - 1)) / len(columns)
    for i, column in enumerate(columns):
        x, bottom = LEFT + i * (width + gap), top - tall + foot
        points = fitted(column.formula, formula_points(column.formula, 1.1 * TEXT_POINTS), width)
        write(figure, x, top - 0.45, column.formula, points, theme.stroke(column.stroke).text, up="center")
        _bars(figure, theme, column, (x, bottom, width, tall - head - foot))
        points = fitted(column.remark, TEXT_POINTS, width)
        write(figure, x, bottom - 0.3, column.remark, points, theme.muted, up="center_baseline")


def _bars(figure: Figure, theme: Theme, column: _Column, box: Box) -> None:
    """Draw the bars from the first down, each with its number at its end; negative ones go to the left."""
    left, bottom, width, height = box
    pitch = height / len(column.values)
    pairs = list(zip(column.values, column.words, strict=True))
    wide = [max((text_size(w, TEXT_POINTS)[0] + 0.1 for v, w in pairs if (v < 0) == below), default=0.0)
            for below in (True, False)]  # fmt: skip
    # The numbers leave a fifth of the width to the bars.
    scale = min(1.0, 0.8 * width / sum(wide), 72 * 0.6 * pitch / TEXT_POINTS)
    points, wide = scale * TEXT_POINTS, [scale * w for w in wide]
    low, high = min(0.0, *column.values), max(0.0, *column.values)
    span = max(high - low, column.full)
    unit, air = (width - sum(wide)) / span, 0.1 * scale
    zero = left + (wide[0] if low < 0 else 0.0) - low * unit
    for k, (value, words) in enumerate(pairs):
        middle, length = bottom + height - (k + 0.5) * pitch, unit * value
        bar = (zero + min(length, 0.0), middle - 0.25 * pitch, abs(length), 0.5 * pitch)
        _bar(figure, bar, theme.stroke(column.stroke).colour)
        at, across = (zero + length + air, "left") if value >= 0 else (zero + length - air, "right")
        write(figure, at, middle, words, points, theme.ink, across=across, up="center_baseline")
    _bar(figure, (zero - THIN / 144, bottom, THIN / 72, height), theme.rule)


def _bar(figure: Figure, box: Box, colour: str) -> None:
    width, height = figure.get_size_inches()
    corner = (box[0] / width, box[1] / height)
    figure.add_artist(Rectangle(corner, box[2] / width, box[3] / height, facecolor=colour, linewidth=0))
