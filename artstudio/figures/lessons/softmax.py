"""Softmax: scores become probabilities that sum to 1, at several temperatures, and what cross-entropy charges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput
from artstudio.figures.lessons.lesson import Cell, Rows, Table, check_number
from artstudio.model.activation.registry import get_activation

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

    def words(self) -> str:
        """What becomes of the scores."""
        shares = ", ".join(f"{p:.3f}" for p in self.shares.probabilities)
        best = self.scores.index(max(self.scores))
        return (
            f"Scores become probabilities, {shares}, that sum to 1. The cross-entropy of a class is minus the"
            f" logarithm of its probability: {self.cross_entropy[best]:.3f} for the class with the highest score,"
            f" {max(self.cross_entropy):.3f} for the least likely. A temperature below 1 sharpens, one above 1 evens"
            " out."
        )

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
