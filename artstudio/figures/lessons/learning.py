"""Learning: what a network can learn depends on the slopes: step none, sigmoid too small, ReLU some, unless it
dies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from artstudio.figures.lessons.lesson import Table, check_number
from artstudio.figures.lessons.networks import Network
from artstudio.figures.lessons.vanishing import one_sign
from artstudio.learning.settings import settings_for
from artstudio.learning.study import Run, Study, study
from artstudio.learning.targets.registry import find_target
from artstudio.model.activation.registry import get_activation
from artstudio.model.calibration import Floats
from artstudio.model.initialisation import NATURAL

KINDS = ("step", "sigmoid", "tanh", "relu")
TARGET = "circle"
PLAIN, ADAM = "sgd", "adam"
STEPS = 500

DEEPEST, MOST_UNITS = 12, 64

_TOO_HIGH = 30.0
"""The factor on ReLU's best rate with which units die."""


@dataclass(frozen=True)
class Learned:
    """One activation with one optimiser, at the rate that was best of those tried, after the last step.

    `accuracy` and `loss` over all points; `moved`: how far the hidden weights and biases are from where they began,
    relative to their size there; `dead`: the share of hidden units whose slope is 0 at every point; `first`: the norm
    of the loss's gradient in the first layer before training, over that in the last hidden layer (0 where both are).
    """

    activation: str
    optimiser: str
    rate: float
    accuracy: float
    loss: float
    moved: float
    dead: float
    first: float
    one_sign: float
    """Of the gradients of a unit's incoming weights, from one point, the share of the more frequent sign, after
    training: the mean over points and the units of all layers but the first."""


@dataclass(frozen=True, eq=False)
class Learning:
    """What the lesson shows: four activations by plain gradient descent and by Adam; ReLU at a rate too high."""

    seed: int
    units: int
    depth: int
    studies: dict[str, Study]
    """By optimiser."""
    learned: tuple[Learned, ...]
    high_rate: float
    killed: float
    """The share of ReLU's units that are dead after training at that rate."""

    def of(self, activation: str, optimiser: str = PLAIN) -> Learned:
        """Return one of the networks."""
        return next(one for one in self.learned if (one.activation, one.optimiser) == (activation, optimiser))

    def tables(self) -> list[Table]:
        """One row per network; then the dead units at a rate too high."""
        title = f"{TARGET.capitalize()}, {self.depth} hidden layers of {self.units} units, {STEPS} steps"
        headers = ("optimiser", "activation", "rate", "accuracy", "loss", "hidden moved", "dead", "gradient 1st/last",
                   "one sign")  # fmt: skip
        rows = tuple(
            (one.optimiser, one.activation, one.rate, one.accuracy, one.loss, one.moved, one.dead, one.first,
             one.one_sign)
            for one in self.learned
        )  # fmt: skip
        formats = ("", "", "g", ".1%", ".3g", ".3g", ".1%", ".2g", ".0%")
        relu = self.of("relu")
        high = Table(
            "ReLU at a rate too high, plain gradient descent", ("rate", "dead"),
            ((relu.rate, relu.dead), (self.high_rate, self.killed)), ("g", ".1%"),
        )  # fmt: skip
        return [Table(title, headers, rows, formats), high]

    def words(self) -> str:
        """What the numbers say."""
        step, sigmoid, tanh, relu = (self.of(kind) for kind in KINDS)
        helped = self.of("sigmoid", ADAM)
        return (
            "All networks start from the same raw weights, each with its activation's usual initialisation and the"
            " best of five learning rates. With step the derivative is 0: the hidden weights moved by"
            f" {step.moved:g}, only the read-out learned, and {step.accuracy:.1%} of the points are right."
            f" {self.depth} layers of sigmoid reach {sigmoid.accuracy:.1%} by plain gradient descent, tanh"
            f" {tanh.accuracy:.1%}, ReLU {relu.accuracy:.1%}: before training sigmoid's gradient in layer 1 is"
            f" {sigmoid.first:.2g} of that in the last. Adam divides each gradient by its own size and so hides"
            f" that: with it sigmoid reaches {helped.accuracy:.1%}. Sigmoid's outputs are positive, so at each point"
            f" the gradients of a unit's weights have one sign ({sigmoid.one_sign:.0%}; tanh {tanh.one_sign:.0%}):"
            f" they go up together or down together. At rate {self.high_rate:g} {self.killed:.1%} of the ReLUs are"
            " dead at the end."
        )

    def document(self) -> dict[str, Any]:
        """All numbers."""
        names = tuple(Learned.__dataclass_fields__)
        rows = [{name: getattr(one, name) for name in names} for one in self.learned]
        return {"seed": self.seed, "units": self.units, "depth": self.depth, "target": TARGET, "steps": STEPS,
                "networks": rows, "high_rate": self.high_rate, "killed": self.killed}  # fmt: skip


def measure(*, seed: int = 1, units: int = 16, depth: int = 3) -> Learning:
    """Train step, sigmoid, tanh and ReLU on points in a circle by plain gradient descent and by Adam. Raises
    `BadInput`."""
    check_number("units", units, 2, MOST_UNITS)
    check_number("depth", depth, 2, DEEPEST)
    target = find_target(TARGET, seed=seed)
    shared: dict[str, Any] = {"seed": seed, "units": units, "depth": depth, "steps": STEPS, "init": NATURAL}
    studies = {
        optimiser: study(target, settings_for("points", optimiser=optimiser, **shared), KINDS)
        for optimiser in (PLAIN, ADAM)
    }
    relu = next(run for run in studies[PLAIN].runs if run.activation == "relu")
    high = _TOO_HIGH * relu.rate
    hot = study(target, settings_for("points", optimiser=PLAIN, rate=high, **shared), ["relu"]).runs[0]
    learned = tuple(_learned(made, run, optimiser) for optimiser, made in studies.items() for run in made.runs)
    return Learning(seed, units, depth, studies, learned, high, hot.last.dead_share)


def _learned(made: Study, run: Run, optimiser: str) -> Learned:
    norms = run.checkpoints[0].gradients
    network, inputs = _network(made, run)
    return Learned(
        activation=run.activation, optimiser=optimiser, rate=run.rate, accuracy=run.last.score, loss=run.last.loss,
        moved=run.last.moved, dead=run.last.dead_share, first=norms[0] / norms[-2] if norms[-2] else 0.0,
        one_sign=one_sign(network, get_activation(run.activation), inputs),
    )  # fmt: skip


def _network(made: Study, run: Run) -> tuple[Network, Floats]:
    """Return the trained network as the other lessons have it, and its inputs, (channels, points)."""
    (first, *hidden), output = run.recipe.trained_layers()[:-1], run.recipe.trained_layers()[-1]
    weights, biases = (np.stack([layer[part] for layer in hidden]) for part in (0, 1))
    return Network(*first, weights, biases, *output), made.problem.data()[0].astype(np.float64)
