"""Dying ReLU: one training step too large leaves units without a gradient; a leaky ReLU keeps a hundredth of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.figures.lessons.lesson import Table, check_number
from artstudio.figures.lessons.networks import Network, layer_gradients, plain_network, pre_activations, train
from artstudio.figures.lessons.vanishing import NETWORKS
from artstudio.model.calibration import Floats
from artstudio.model.network import PROBE_SIZE, probe_inputs
from artstudio.model.recipe import MAX_SEED, Recipe

KINDS = ("relu", "leaky_relu")
BEFORE, AFTER = "before", "after"
MOST_UNITS, DEEPEST = 64, 16

DISC = 0.6
"""The radius of the bright disc that the step is to learn."""

WIDE, POINTS = 100, 1024
"""Channels and number of the Gaussian inputs with which the canvas is compared."""


@dataclass(frozen=True)
class Layer:
    """One hidden layer of a network, over the canvas's 64 x 64 points.

    `active`: the share of pairs of unit and point with a positive pre-activation; `silent`: the units that are
    negative or 0 at every point; `cut_off`: those to which no gradient comes back from any point, because they are
    silent ReLUs or because all that listen to them are; `killed`: those cut off now that were not before the step;
    `revived`: those that were and are not.
    """

    active: float
    silent: int
    cut_off: int
    killed: int = 0
    revived: int = 0


@dataclass(frozen=True)
class State:
    """One network, before or after the step."""

    activation: str
    stage: str
    layers: tuple[Layer, ...]

    @property
    def active(self) -> float:
        """The share of active pairs over all layers."""
        return sum(layer.active for layer in self.layers) / len(self.layers)

    def count(self, what: str) -> int:
        """The units of all layers that are `silent`, `cut_off`, `killed` or `revived`."""
        return sum(int(getattr(layer, what)) for layer in self.layers)


@dataclass(frozen=True)
class Dying:
    """What the lesson shows: both kinds before and after one step; maps of one layer's units after it."""

    seed: int
    units: int
    rate: float
    states: tuple[State, ...]
    shown: int
    """The number of the layer in `maps`, from 1: the one in which the step kills most ReLUs."""
    maps: dict[str, NDArray[np.bool_]]
    """For each kind after the step, where the units are active, (units, 64, 64)."""
    cut_off: dict[str, NDArray[np.bool_]]
    """For each kind, which of these units get no gradient from anywhere, (units,)."""
    wide: tuple[float, ...]
    """Share of each layer's ReLUs that are silent on 1024 Gaussian inputs of 100 channels, mean of 40 networks."""

    def state(self, activation: str, stage: str) -> State:
        """Return one of the networks, `before` or `after`."""
        return next(s for s in self.states if (s.activation, s.stage) == (activation, stage))

    def tables(self) -> list[Table]:
        """Before and after the step, one row per layer; then silence on wide inputs."""
        titles = {
            BEFORE: f"{self.units} units per layer, He's weights, as initialised",
            AFTER: f"After one step of gradient descent at rate {self.rate:g}",
        }
        columns = {
            BEFORE: ("active", "silent", "cut_off"),
            AFTER: ("active", "silent", "cut_off", "killed", "revived"),
        }
        tables = []
        for stage, fields in columns.items():
            pair = [self.state(kind, stage) for kind in KINDS]
            words = [{"cut_off": "no gradient"}.get(field, field) for field in fields]
            headers = ("layer", *(f"{kind} {word}" for kind in KINDS for word in words))
            rows = [
                (i + 1, *(getattr(state.layers[i], field) for state in pair for field in fields))
                for i in range(len(pair[0].layers))
            ]
            totals = [s.active if field == "active" else s.count(field) for s in pair for field in fields]
            formats = ("", *(".0%" if field == "active" else "" for _ in KINDS for field in fields))
            tables.append(Table(titles[stage], headers, (*rows, ("all", *totals)), formats))
        layers = tuple((i + 1, share) for i, share in enumerate(self.wide))
        title = f"ReLUs silent on {WIDE} independent Gaussian inputs, mean of {NETWORKS} networks"
        return [*tables, Table(title, ("layer", "silent"), layers, ("", ".1%"))]

    def words(self) -> str:
        """What the step does, and what it does not say."""
        before, after = self.state("relu", BEFORE), self.state("relu", AFTER)
        leaky = self.state("leaky_relu", AFTER)
        total = self.units * len(after.layers)
        return (
            f"At the start {before.count('silent')} of {total} ReLUs are silent on this canvas, which has only three"
            f" input channels. That is not dying. One step at rate {self.rate:g} kills {after.count('killed')}: no"
            f" gradient reaches them any more. It also revives {after.count('revived')}, since a deeper unit's inputs"
            " change as earlier layers move. In the first layer inputs never change, and"
            f" {after.layers[0].revived or 'none'} revive. With Leaky ReLU {leaky.count('silent')} units are negative"
            f" everywhere, and {leaky.count('cut_off') or 'none'} without a gradient."
        )

    def document(self) -> dict[str, Any]:
        """All counts; no maps."""
        fields = ("active", "silent", "cut_off", "killed", "revived")
        rows = [
            {"activation": s.activation, "stage": s.stage, "active": s.active,
             "layers": [{field: getattr(layer, field) for field in fields} for layer in s.layers]}
            for s in self.states
        ]  # fmt: skip
        return {"seed": self.seed, "units": self.units, "rate": self.rate, "shown_layer": self.shown,
                "networks": rows, "silent_on_gaussian_inputs": list(self.wide)}  # fmt: skip


def measure(*, seed: int = 1, units: int = 24, depth: int = 8, rate: float = 1.0) -> Dying:
    """Count silent and cut-off units of networks before and after one training step. Raises `BadInput`.

    Weights are He's, and there are no biases. The step is one of gradient descent at `rate` on the mean squared error
    towards a bright disc, over all points of the canvas at once.
    """
    check_number("units", units, 2, MOST_UNITS)
    check_number("depth", depth, 1, DEEPEST)
    check_number("rate", rate, 0, 10)
    base = Recipe(seed=seed, units=units, depth=depth, origin=(0.0, 0.0))
    inputs, target = probe_inputs(base), disc(base)
    states, maps, lost = [], {}, {}
    for kind in KINDS:
        network = plain_network(base.replace(activation=kind), len(inputs), init="he")
        before, after = (
            _units(n, kind, inputs) for n in (network, train(network, kind, inputs, target, rate=rate))
        )
        states += [State(kind, BEFORE, _layers(before, before)), State(kind, AFTER, _layers(after, before))]
        maps[kind], lost[kind] = after
    shown = int(np.argmax([layer.killed for layer in states[1].layers]))
    return Dying(
        seed=seed, units=units, rate=rate, states=tuple(states), shown=shown + 1,
        maps={kind: maps[kind][shown].reshape(units, PROBE_SIZE, PROBE_SIZE) for kind in KINDS},
        cut_off={kind: lost[kind][shown] for kind in KINDS}, wide=_on_wide_inputs(base.replace(activation="relu")),
    )  # fmt: skip


def disc(recipe: Recipe) -> Floats:
    """Return what the step is to learn, (1, points): 1 in a disc in the middle of the canvas, 0 around it."""
    x, y = probe_inputs(recipe.replace(features=("x", "y")))
    inside: Floats = (np.hypot(x, y) < DISC).astype(np.float64)[None]
    return inside


def _units(network: Network, kind: str, inputs: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where units are active, (depth, units, points), and which have no gradient anywhere, (depth, units)."""
    z = np.stack(pre_activations(network, kind, inputs))
    gradients = layer_gradients(network, kind, inputs)
    return z > 0, ~(gradients != 0).any(axis=2)


def _layers(
    now: tuple[NDArray[np.bool_], NDArray[np.bool_]], before: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> tuple[Layer, ...]:
    return tuple(
        Layer(float(active.mean()), int((~active.any(axis=1)).sum()), int(lost.sum()),
              int((lost & ~was).sum()), int((was & ~lost).sum()))
        for active, lost, was in zip(*now, before[1], strict=True)
    )  # fmt: skip


def _on_wide_inputs(recipe: Recipe) -> tuple[float, ...]:
    inputs = np.random.Generator(np.random.PCG64(recipe.seed)).standard_normal((WIDE, POINTS))
    shares = []
    for i in range(NETWORKS):
        network = plain_network(recipe.replace(seed=(recipe.seed + i) % (MAX_SEED + 1)), WIDE, init="he")
        shares.append([(z <= 0).all(axis=1).mean() for z in pre_activations(network, "relu", inputs)])
    return tuple(float(share) for share in np.mean(shares, axis=0))
