"""Dying ReLU: units that are silent everywhere get no gradient; a leaky ReLU still lets a hundredth through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.engine.lessons import layer_gradients, plain_params
from artstudio.figures.lessons.lesson import Table, check_number
from artstudio.model.network import PROBE_SIZE, Params, pre_activations, probe_inputs
from artstudio.model.recipe import Recipe

KINDS = ("relu", "leaky_relu")
MOST_UNITS, DEEPEST = 64, 16


@dataclass(frozen=True)
class Layer:
    """One hidden layer, over the probe of 64 x 64 pixels.

    `active`: the share of pairs of unit and pixel with a positive pre-activation; `silent`: the units that are
    negative or 0 at every pixel; `dead`: those to whose pre-activation no gradient comes back at any pixel, because
    they are silent or because all that listen to them are.
    """

    active: float
    silent: int
    dead: int


@dataclass(frozen=True)
class Network:
    """One network: its activation, by how much its biases are lowered, and its layers."""

    activation: str
    push: float
    layers: tuple[Layer, ...]

    @property
    def active(self) -> float:
        """The share of active pairs over all layers."""
        return sum(layer.active for layer in self.layers) / len(self.layers)


@dataclass(frozen=True)
class Dying:
    """What the lesson shows: both kinds as initialised, then with lowered biases; maps of one layer's units."""

    seed: int
    units: int
    push: float
    networks: tuple[Network, ...]
    shown: int
    """The number of the layer in `maps`, from 1: the one in which most of the ReLUs are dead."""
    maps: dict[str, NDArray[np.bool_]]
    """For each kind as initialised, where the units are active, (units, 64, 64)."""
    dead: dict[str, NDArray[np.bool_]]
    """For each kind, which of these units get no gradient anywhere, (units,)."""

    def network(self, activation: str, push: float) -> Network:
        """Return one of the networks."""
        return next(n for n in self.networks if (n.activation, n.push) == (activation, push))

    def tables(self) -> list[Table]:
        """One table a degree of push, one row a layer."""
        headers = ("layer", *(f"{kind} {what}" for kind in KINDS for what in ("active", "silent", "dead")))
        tables = []
        for push in dict.fromkeys(n.push for n in self.networks):
            pair = [self.network(kind, push) for kind in KINDS]
            rows = [
                (str(i + 1), *(cell for n in pair for cell in _cells(n.layers[i])))
                for i in range(len(pair[0].layers))
            ]
            totals = ("all", *(cell for n in pair for cell in _cells(_total(n))))
            lowered = f"biases lowered by {push:g} standard deviation{'s' * (push != 1)}"
            title = f"{self.units} units a layer, {lowered if push else 'as initialised: no biases'}"
            tables.append(Table(title, headers, (*rows, totals)))
        return tables

    def document(self) -> dict[str, Any]:
        """All counts; no maps."""
        rows = [
            {"activation": n.activation, "push": n.push, "active": n.active,
             "layers": [{"active": a.active, "silent": a.silent, "dead": a.dead} for a in n.layers]}
            for n in self.networks
        ]  # fmt: skip
        return {"seed": self.seed, "units": self.units, "push": self.push, "shown_layer": self.shown,
                "networks": rows}  # fmt: skip


def _cells(layer: Layer) -> tuple[str, str, str]:
    return f"{layer.active:.0%}", str(layer.silent), str(layer.dead)


def _total(network: Network) -> Layer:
    silent, dead = (sum(getattr(layer, name) for layer in network.layers) for name in ("silent", "dead"))
    return Layer(network.active, silent, dead)


def measure(*, seed: int = 1, units: int = 24, depth: int = 8, push: float = 1.0) -> Dying:
    """Count active, silent and dead units of conventionally initialised networks. Raises `BadInput`.

    Weights have variance 1 / fan-in and there are no biases; a second pair of networks has every bias lowered by
    `push` standard deviations of its unit's pre-activation, as one training step that was too large may do.
    """
    check_number("units", units, 2, MOST_UNITS)
    check_number("depth", depth, 1, DEEPEST)
    check_number("push", push, 0, 10)
    networks, maps, dead = [], {}, {}
    for degree in dict.fromkeys((0.0, push)):
        for kind in KINDS:
            recipe = Recipe(seed=seed, units=units, depth=depth, activation=kind)
            active, without = _units(recipe, plain_params(recipe, push=degree))
            layers = tuple(
                Layer(float(a.mean()), int((~a.any(axis=1)).sum()), int(d.sum()))
                for a, d in zip(active, without, strict=True)
            )
            networks.append(Network(kind, degree, layers))
            if degree == 0.0:
                maps[kind], dead[kind] = active, without
    shown = int(dead["relu"].sum(axis=1).argmax())
    return Dying(
        seed=seed, units=units, push=push, networks=tuple(networks), shown=shown + 1,
        maps={kind: maps[kind][shown].reshape(units, PROBE_SIZE, PROBE_SIZE) for kind in KINDS},
        dead={kind: dead[kind][shown] for kind in KINDS},
    )  # fmt: skip


def _units(recipe: Recipe, params: Params) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where units are active, (depth, units, pixels), and which have no gradient anywhere, (depth, units)."""
    inputs = probe_inputs(recipe)
    z = np.stack(pre_activations(params, recipe.layer_activations(), inputs))
    gradients = layer_gradients(params, recipe.activation[0], inputs)
    return z > 0, ~(gradients != 0).any(axis=2)
