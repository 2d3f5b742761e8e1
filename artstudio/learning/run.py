"""One network learning one target: steps in calls of at most a window, with what it was at the steps to remember."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from threading import Event
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from artstudio.learning.programs import WINDOW, Programs, programs
from artstudio.learning.settings import Settings
from artstudio.learning.start import start_layers
from artstudio.learning.targets.target import Target
from artstudio.model.network import inputs_at
from artstudio.model.recipe import Recipe
from artstudio.model.trained import Layer

Progress = Callable[[int], object]


@dataclass(frozen=True, eq=False)
class Problem:
    """A target and how it is learned, by one activation or another, on a JAX device."""

    target: Target
    settings: Settings
    recipe: Recipe
    """What all networks share; the activation is each one's own."""
    device: Any
    stop: Event
    """Set where training is to end early."""

    def data(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the network's inputs and the values wanted, (channels, places)."""
        return inputs_at(self.recipe, self.target.x, self.target.y).astype(np.float32), self.target.values

    def start(self, activation: str) -> list[Layer]:
        """Return an activation's network before the first step."""
        return start_layers(self.recipe.replace(activation=activation), self.settings.init, self.target.channels)

    def programs(self, activation: str) -> Programs:
        """Return the programs for an activation."""
        return programs(activation, self.target.kind, self.settings.optimiser, self.settings.straight_through)


@dataclass(frozen=True, eq=False)
class Trace:
    """What became of one network."""

    rate: float
    losses: NDArray[np.float32]
    """The loss of each step's batch before the step, (steps done,)."""
    networks: dict[int, list[Layer]]
    """The network before the first step and at the steps to remember, by the number of steps done."""
    diverged: int | None
    """The step whose loss was no number any more."""


def orders(count: int, batch: int, seed: int) -> Iterator[NDArray[np.int32] | None]:
    """Yield for each window which places its steps take, (WINDOW, batch): shuffled anew for every pass over all.

    None for ever where a step takes all of them. The same for every activation.
    """
    random = np.random.Generator(np.random.PCG64([seed, 1]))
    left = np.zeros(0, np.int64)
    while True:
        if batch >= count:
            yield None
            continue
        while len(left) < WINDOW * batch:
            left = np.concatenate([left, random.permutation(count)])
        yield left[: WINDOW * batch].reshape(WINDOW, batch).astype(np.int32)
        left = left[WINDOW * batch :]


def train(
    problem: Problem, activation: str, rate: float, steps: int, remember: Iterable[int], progress: Progress
) -> Trace:
    """Train a network for so many steps; `progress` is called with the number of steps done since the last call.

    Ends early, with what there is by then, when `problem.stop` is set or a loss is no number any more.
    """
    with jax.default_device(problem.device):
        start, advance, _, _ = problem.programs(activation)
        network: Any = jax.device_put(problem.start(activation))
        data, state = jax.device_put(problem.data()), start(network)
        kept, losses = {0: _host(network)}, [np.zeros(0, np.float32)]
        wanted = set(remember)
        marks = sorted({*range(0, steps, WINDOW), *(step for step in wanted if step <= steps), steps, 0})
        order, coming = None, orders(problem.target.count, problem.settings.batch, problem.settings.seed)
        for first, last in pairwise(marks):
            if first % WINDOW == 0:
                order = next(coming)
                order = order if order is None else jax.device_put(order)
            network, state, found = advance(
                network, state, data, order, np.int32(first), np.int32(last), np.float32(rate), np.float32(steps)
            )
            part = np.asarray(found)[np.arange(first, last) % WINDOW]
            broken = np.flatnonzero(~np.isfinite(part))
            if len(broken):
                losses.append(part[: broken[0]])
                return Trace(rate, np.concatenate(losses), kept, first + int(broken[0]))
            losses.append(part)
            progress(last - first)
            if last in wanted or last == steps or problem.stop.is_set():
                kept[last] = _host(network)
            if problem.stop.is_set():
                break
        return Trace(rate, np.concatenate(losses), kept, None)


def _host(network: Any) -> list[Layer]:
    return [(np.asarray(weights), np.asarray(bias)) for weights, bias in network]


def compile_programs(problem: Problem, activation: str) -> None:
    """Compile what trains an activation, by training for no steps."""
    if problem.stop.is_set():
        return
    with jax.default_device(problem.device):
        start, advance, _, _ = problem.programs(activation)
        network: Any = jax.device_put(problem.start(activation))
        order = next(orders(problem.target.count, problem.settings.batch, 0))
        zero = np.int32(0)
        arguments = start(network), jax.device_put(problem.data()), order, zero, zero, np.float32(0), np.float32(1)
        np.asarray(advance(network, *arguments)[-1])  # waits for it
