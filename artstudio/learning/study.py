"""A study: one target, the same raw weights, each activation; learning rates found, networks trained and measured."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar

import jax
import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput
from artstudio.learning.measure import Checkpoint, checkpoints, outputs_of, whole_loss
from artstudio.learning.objective import OBJECTIVES, Objective
from artstudio.learning.recipes import base_recipe
from artstudio.learning.run import Problem, Progress, Trace, compile_programs, train
from artstudio.learning.settings import RATES, Settings
from artstudio.learning.start import init_label
from artstudio.learning.targets.target import Target
from artstudio.model.activation.registry import get_activation
from artstudio.model.recipe import Recipe
from artstudio.model.trained import pack_layers
from artstudio.threads import result_of

T = TypeVar("T")

DEFAULT = ("step", "sigmoid", "tanh", "relu", "gelu", "sine")
MOST_ACTIVATIONS = 8

_FRAMES = 150
"""Moments of a film at which networks are kept; where steps are few, some fall together."""


@dataclass(frozen=True, eq=False)
class Run:
    """One activation's training."""

    activation: str
    label: str
    init: str
    """What its initialisation is called."""
    tried: Tried
    """Learning rates tried and the loss that each came to, infinite where it diverged; empty where one was given."""
    trace: Trace
    checkpoints: tuple[Checkpoint, ...]
    """At 0, 1, 3, 10, 30 ... steps, and the last."""
    recipe: Recipe
    """The picture of the network at the end; it carries its weights."""

    @property
    def last(self) -> Checkpoint:
        """What was measured at the end."""
        return self.checkpoints[-1]

    @property
    def rate(self) -> float:
        """The learning rate."""
        return self.trace.rate


@dataclass(frozen=True, eq=False)
class Study:
    """What was learned, by each activation."""

    problem: Problem
    runs: tuple[Run, ...]
    interrupted: bool
    """Whether it was ended early: then there may be fewer runs, and shorter ones."""

    @property
    def target(self) -> Target:
        """What they learned."""
        return self.problem.target

    @property
    def settings(self) -> Settings:
        """How they learned it."""
        return self.problem.settings

    @property
    def objective(self) -> Objective:
        """Loss and score."""
        return OBJECTIVES[self.target.kind]

    def outputs(self, run: Run, step: int, inputs: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Return the outputs of a run's network, (channels, places), at the latest remembered step up to `step`.

        For other `inputs` than the target's, (channels, places), if they are given.
        """
        at = max(kept for kept in run.trace.networks if kept <= step)
        return outputs_of(self.problem, run.activation, run.trace.networks[at], inputs)


def checkpoint_steps(steps: int) -> tuple[int, ...]:
    """Return the steps to measure at: 0, 1, 3, 10, 30, 100 ... and the last.

    >>> checkpoint_steps(50)
    (0, 1, 3, 10, 30, 50)
    """
    powers = (factor * 10**power for power in range(6) for factor in (1, 3))
    return (0, *(step for step in powers if step < steps), steps)


def film_step(steps: int, share: float) -> int:
    """Return the step that a film shows at a share of its time, 0 to 1: each step more, a constant factor later."""
    return round(float((steps + 1) ** share)) - 1


def search_steps(steps: int) -> int:
    """Return how many steps each learning rate is tried for: a fifth of the training, but no less than 50."""
    return min(steps, max(50, steps // 5))


def chosen_activations(names: Sequence[str]) -> list[str]:
    """Return the activations of these names or expressions, each once. Raises `BadInput` for more than 8."""
    found = list(dict.fromkeys(get_activation(name).name for name in names or DEFAULT))
    if len(found) > MOST_ACTIVATIONS:
        raise BadInput(f"activations: expected at most {MOST_ACTIVATIONS}, found {len(found)}")
    return found


def work(settings: Settings, activations: Sequence[str]) -> int:
    """Return the steps of all trainings together, those that search for learning rates included."""
    search = len(RATES[settings.optimiser]) * search_steps(settings.steps) if settings.rate is None else 0
    return len(activations) * (settings.steps + search)


def study(
    target: Target,
    settings: Settings,
    activations: Sequence[str] = (),
    *,
    palette: str | Sequence[str] | None = None,
    device: Any = None,
    threads: int | None = None,
    stop: Event | None = None,
    progress: Progress = lambda steps: None,
) -> Study:
    """Train one network per activation on a target and measure it.

    Side by side, on as many `threads` as there are cores. `device` is JAX's first by default. `progress` is called
    with the number of steps done since the last call, `work` in all, from any thread. When `stop` is set, what was
    learned by then is returned. Raises `BadInput` for settings that do not suit a recipe.
    """
    names = chosen_activations(activations)
    device = device or jax.local_devices()[0]
    stop = stop or Event()
    recipe = base_recipe(target, settings, palette)
    problem = Problem(target, settings, recipe, device, stop)
    with ThreadPoolExecutor(threads or os.cpu_count() or 1, "learn") as pool:
        _all(pool, stop, compile_programs, [(problem, name) for name in names])
        tried = _search(problem, names, pool, progress)
        runs = _all(pool, stop, _run, [(problem, name, tried[name], progress) for name in names])
    return Study(problem, tuple(run for run in runs if run is not None), stop.is_set())


def _all(
    pool: ThreadPoolExecutor, stop: Event, function: Callable[..., T], tasks: Sequence[tuple[Any, ...]]
) -> list[T]:
    """Return what a function gives for each task, side by side; an interrupt sets `stop`, and they end early."""
    futures = [pool.submit(function, *task) for task in tasks]
    try:
        return [result_of(future) for future in futures]
    except KeyboardInterrupt:
        stop.set()
        return [result_of(future) for future in futures]


Tried = tuple[tuple[float, float], ...]
"""Learning rates, and the loss that each came to."""


def _search(
    problem: Problem, names: Sequence[str], pool: ThreadPoolExecutor, progress: Progress
) -> dict[str, Tried]:
    """Try every learning rate for every activation; nothing where one is given."""
    settings = problem.settings
    rates = RATES[settings.optimiser] if settings.rate is None else ()
    steps = search_steps(settings.steps)
    tasks = [(problem, name, rate, steps, progress) for name in names for rate in rates]
    losses = iter(_all(pool, problem.stop, _try, tasks))
    return {name: tuple((rate, next(losses)) for rate in rates) for name in names}


def _try(problem: Problem, activation: str, rate: float, steps: int, progress: Progress) -> float:
    """Return the loss over all places after a short training; infinite where it diverged."""
    if problem.stop.is_set():
        return math.inf
    trace = train(problem, activation, rate, steps, (), progress)
    if trace.diverged is not None:
        progress(steps - len(trace.losses))
        return math.inf
    return whole_loss(problem, activation, trace.networks[max(trace.networks)])


def best_rate(tried: Tried) -> float:
    """Return the rate with the lowest loss; of equal ones the lowest rate."""
    return min(tried, key=lambda pair: (pair[1], pair[0]))[0]


def _run(problem: Problem, name: str, tried: Tried, progress: Progress) -> Run | None:
    settings = problem.settings
    if problem.stop.is_set():
        return None
    steps = settings.steps
    rate = best_rate(tried) if settings.rate is None else settings.rate
    moments = {film_step(steps, frame / (_FRAMES - 1)) for frame in range(_FRAMES)}
    trace = train(problem, name, rate, steps, moments | set(checkpoint_steps(steps)), progress)
    if trace.diverged is not None:
        progress(steps - len(trace.losses))
    last = max(trace.networks)
    networks = {step: trace.networks[step] for step in trace.networks if step in (*checkpoint_steps(steps), last)}
    measured = checkpoints(problem, name, networks)
    weights = pack_layers(trace.networks[measured[-1].step])
    return Run(
        activation=name,
        label=get_activation(name).label,
        init=init_label(settings.init, name),
        tried=tried,
        trace=trace,
        checkpoints=measured,
        recipe=problem.recipe.replace(activation=name, weights=weights),
    )
