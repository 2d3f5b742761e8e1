"""Initialisation: the same networks with the right and the wrong variance of weights, forwards and backwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from artstudio.figures.lessons.lesson import MAX_UNITS, Table, check_number, finite
from artstudio.figures.lessons.networks import Network, pre_activations
from artstudio.figures.lessons.vanishing import (
    DEEPEST,
    NETWORKS,
    canvas_points,
    mean_norms,
    networks,
    some_activations,
)
from artstudio.model.activation.registry import Activation
from artstudio.model.calibration import Floats
from artstudio.model.initialisation import find_init
from artstudio.model.recipe import Recipe

MOST_ACTIVATIONS = 3


@dataclass(frozen=True)
class Course:
    """What becomes of signal and gradient with one activation and one initialisation, means over 40 networks.

    `signal`: the root mean square of each hidden layer's outputs over its units and 16 x 16 points of the canvas,
    from the first layer to the last. `gradient`: the norm of d output / d z, from the last layer to the first.
    """

    activation: str
    init: str
    natural: bool
    """Whether it is the activation's own initialisation."""
    signal: tuple[float, ...]
    gradient: tuple[float, ...]


@dataclass(frozen=True)
class Beginnings:
    """What the lesson shows: for each activation its own initialisation, then another."""

    seed: int
    units: int
    depth: int
    courses: tuple[Course, ...]

    def tables(self) -> list[Table]:
        """One row per activation and initialisation."""
        rows = []
        for c in self.courses:
            record = find_init(c.init, c.activation)
            ends = (c.signal[0], c.signal[-1], c.gradient[0], c.gradient[-1])
            rows.append((c.activation, record.label, record.variance_text, *ends))
        last = f"layer {self.depth}"
        headers = ("activation", "initialisation", "variance of a weight", "signal at layer 1", f"signal at {last}",
                   f"gradient at {last}", "gradient at layer 1")  # fmt: skip
        title = f"Signal and gradient through {self.depth} layers, mean of {NETWORKS} networks"
        return [Table(title, headers, tuple(rows), ("", "", "", *(".2g",) * 4))]

    def words(self) -> str:
        """What the two initialisations do to the first activation."""
        own, other = self.courses[:2]
        mine, theirs = (find_init(c.init, c.activation) for c in (own, other))
        return (
            f"The same {own.activation} networks with two variances of their weights. With {mine.label}'s,"
            f" {mine.variance_text}, {own.gradient[-1]:.2g} of the gradient reaches the first of {self.depth} layers;"
            f" with {theirs.label}'s, {theirs.variance_text}, {other.gradient[-1]:.2g}. The root mean square of the"
            f" signal at the last layer is {own.signal[-1]:.2g} and {other.signal[-1]:.2g}."
        )

    def document(self) -> dict[str, Any]:
        """All numbers."""
        about = {"seed": self.seed, "units": self.units, "depth": self.depth, "networks": NETWORKS}
        found: dict[str, Any] = finite({**about, "courses": [asdict(c) for c in self.courses]})
        return found


def measure(
    *, seed: int = 1, units: int = 24, depth: int = 20, activation: Sequence[str] = ("relu", "tanh")
) -> Beginnings:
    """Follow signal and gradient of up to three activations, each with two initialisations. Raises `BadInput`.

    Beside its own initialisation an activation has LeCun's, or He's if LeCun's or Glorot's is its own.
    """
    records = some_activations(activation, MOST_ACTIVATIONS)
    check_number("units", units, 1, MAX_UNITS)
    check_number("depth", depth, 3, DEEPEST)
    recipe = Recipe(seed=seed, units=units, depth=depth, origin=(0.0, 0.0))
    with np.errstate(all="ignore"):  # an expression such as exp(z) may overflow: what comes of it is shown
        courses = tuple(
            _course(recipe.replace(activation=r.name), r, init)
            for r in records
            for init in (r.init, other_init(r))
        )
    return Beginnings(recipe.seed, units, depth, courses)


def other_init(record: Activation) -> str:
    """Return the initialisation that does not suit an activation, by name."""
    return "he" if record.init in ("lecun", "glorot") else "lecun"


def _course(recipe: Recipe, record: Activation, init: str) -> Course:
    inputs = canvas_points(recipe)
    chosen = networks(recipe, inputs, init)
    return Course(
        record.name, init, init == record.init,
        signal=tuple(float(v) for v in np.mean([_signal(n, record, inputs) for n in chosen], axis=0)),
        gradient=mean_norms(chosen, record.name, inputs),
    )  # fmt: skip


def _signal(network: Network, record: Activation, inputs: Floats) -> list[float]:
    layers = pre_activations(network, record.name, inputs)
    return [float(np.sqrt((record.function(z, np) ** 2).mean())) for z in layers]
