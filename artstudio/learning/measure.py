"""What is measured of a network in training, over all of the data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from artstudio.learning.objective import OBJECTIVES
from artstudio.learning.run import Problem
from artstudio.model.trained import Layer


@dataclass(frozen=True)
class Checkpoint:
    """A network after so many steps.

    `score` is the PSNR in dB or the accuracy. `gradients`: the norm of d loss / d (weights, biases) of each layer,
    the output layer last. `dead`: of each hidden layer, the share of units whose slope is 0 at every place of the
    data, so that no gradient comes through them. `flat`: the share of pairs of unit and place whose slope is at
    most a hundredth of the activation's largest. `moved`: how far the hidden layers' weights and biases are from
    where they started, relative to their own size there.
    """

    step: int
    loss: float
    score: float
    gradients: tuple[float, ...]
    dead: tuple[float, ...]
    flat: tuple[float, ...]
    moved: float

    @property
    def dead_share(self) -> float:
        """The share of dead units over all hidden layers."""
        return sum(self.dead) / len(self.dead)

    @property
    def flat_share(self) -> float:
        """The share of flat slopes over all hidden layers."""
        return sum(self.flat) / len(self.flat)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return asdict(self)


def checkpoints(problem: Problem, activation: str, networks: Mapping[int, list[Layer]]) -> tuple[Checkpoint, ...]:
    """Measure a network at several steps; those at which the loss is no number any more are left out."""
    inspect = problem.programs(activation).inspect
    values = problem.target.values.astype(np.float64)
    start, found = _joined(problem.start(activation)), []
    with jax.default_device(problem.device):
        data = jax.device_put(problem.data())
        for step, network in networks.items():
            loss, outputs, gradients, dead, flat = (
                np.asarray(part, np.float64) for part in inspect(network, data)
            )
            if not np.isfinite(loss):
                continue
            score = OBJECTIVES[problem.target.kind].score(float(loss), outputs, values)
            moved = float(np.linalg.norm(_joined(network) - start) / np.linalg.norm(start))
            found.append(
                Checkpoint(
                    step=step, loss=float(loss), score=score, gradients=_numbers(gradients), dead=_numbers(dead),
                    flat=_numbers(flat), moved=moved,
                )
            )  # fmt: skip
    return tuple(found)


def _numbers(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(map(float, values))


def outputs_of(
    problem: Problem, activation: str, network: list[Layer], inputs: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return a network's outputs, (channels, places), for inputs, by default those of the data."""
    with jax.default_device(problem.device):
        found = problem.programs(activation).outputs(network, problem.data()[0] if inputs is None else inputs)
        return np.asarray(found)


def whole_loss(problem: Problem, activation: str, network: list[Layer]) -> float:
    """Return a network's loss over all of the data; infinite where it is no number."""
    outputs = outputs_of(problem, activation, network)
    loss = float(OBJECTIVES[problem.target.kind].loss(outputs, problem.target.values))
    return loss if math.isfinite(loss) else math.inf


def _joined(network: list[Layer]) -> NDArray[np.float64]:
    """Return the weights and biases of the hidden layers as one vector."""
    return np.concatenate([np.ravel(part) for layer in network[:-1] for part in layer]).astype(np.float64)
