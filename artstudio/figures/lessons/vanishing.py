"""Vanishing and exploding gradients: how much of the output's slope reaches each layer of a deep network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from artstudio.errors import BadInput
from artstudio.figures.lessons.lesson import MAX_UNITS, Rows, Table, check_number, finite
from artstudio.figures.lessons.networks import (
    Network,
    layer_gradients,
    plain_network,
    pre_activations,
)
from artstudio.model.activation.properties import measure as properties
from artstudio.model.activation.registry import Activation, derivative, get_activation
from artstudio.model.calibration import Floats
from artstudio.model.initialisation import NATURAL, find_init
from artstudio.model.network import PROBE_SIZE, probe_inputs
from artstudio.model.recipe import MAX_SEED, Recipe

MOST_ACTIVATIONS, DEEPEST = 6, 40
"""Lines that can be told apart; layers over which a sigmoid's gradient stays within float32."""

NETWORKS = 40
"""One network's gradient may be several times another's: numbers are means over so many."""

STEEP = 0.2
"""A usual slope of a sigmoid, for the product of three of them."""

_EVERY = 4
"""Of the calibration probe every fourth point in each direction is taken."""


@dataclass(frozen=True)
class Gradients:
    """One activation with one initialisation; norms from the last hidden layer to the first, as the gradient runs.

    A norm is the length of d output / d z over a layer's units (z its pre-activations, the output the network's
    first), averaged over 16 x 16 points of the canvas and over 40 networks of consecutive seeds, without biases.
    `products[k - 1]` is the largest slope to the power k. `one_sign`: of the gradients of a unit's incoming weights,
    the share that has the more frequent of the two signs, those of 0 left out; averaged over pixels, networks, and
    all layers but the first.
    """

    activation: str
    init: str
    """The name of the initialisation."""
    largest_slope: float
    slope_at_5: tuple[float, float]
    """The slopes at -5 and at 5."""
    norms: tuple[float, ...]
    products: tuple[float, ...]
    one_sign: float
    first_by_depth: tuple[tuple[int, float], ...]
    """Depth, and the norm at the first layer of networks of that depth."""


@dataclass(frozen=True)
class Vanishing:
    """What the lesson shows."""

    seed: int
    units: int
    depth: int
    init: str
    """What was asked for: `natural`, each activation's own, or one for all."""
    gradients: tuple[Gradients, ...]
    steep_at: float
    """Where the sigmoid's slope is 0.2."""
    three: float
    """The product of three such slopes."""

    def tables(self) -> list[Table]:
        """Slopes and signs; then norms by layer, and at the first layer by depth."""
        names = [(g.activation, find_init(g.init, g.activation).label) for g in self.gradients]
        slopes = [
            (g.activation, g.largest_slope, *g.slope_at_5, g.products[-1], g.one_sign) for g in self.gradients
        ]
        headers = ("activation", "largest f'", "f'(-5)", "f'(5)", f"largest^{self.depth}", "gradients of one sign")
        shown = sorted({1, 2, 3, 5, 10, 20, self.depth} & set(range(1, self.depth + 1)), reverse=True)
        by_layer: Rows = tuple(
            (*name, *(g.norms[self.depth - layer] for layer in shown))
            for name, g in zip(names, self.gradients, strict=True)
        )
        depths = [depth for depth, _ in self.gradients[0].first_by_depth]
        by_depth: Rows = tuple(
            (*name, *(norm for _, norm in g.first_by_depth)) for name, g in zip(names, self.gradients, strict=True)
        )
        both, mean = ("activation", "initialisation"), f"mean of {NETWORKS} networks"
        return [
            Table("Slopes", headers, tuple(slopes), ("", ".4g", ".4g", ".4g", ".2g", ".0%")),
            Table(f"Gradient norm by layer of {self.depth}, {mean}",
                  (*both, *(f"layer {layer}" for layer in shown)), by_layer, ("", "", *(".2g",) * len(shown))),
            Table(f"Gradient norm at the first layer by depth, {mean}",
                  (*both, *(f"depth {depth}" for depth in depths)), by_depth, ("", "", *(".2g",) * len(depths))),
            Table("Three sigmoid layers", ("slope", "at z = +-", "product of three"),
                  ((STEEP, self.steep_at, self.three),), ("g", ".4g", ".4g")),
        ]  # fmt: skip

    def words(self) -> str:
        """Which gradients are left and which are not, and why."""
        left = [
            f"{g.norms[-1]:.2g} of it with {g.activation} ({find_init(g.init, g.activation).label})"
            for g in self.gradients
        ]
        return (
            "In every layer the gradient is multiplied by a slope and by a matrix of weights, so the weights count as"
            f" much as the function. Behind {self.depth} layers there is {', '.join(left)}. The slopes of three"
            f" sigmoid layers, {STEEP:g} each, multiply to {self.three:.1g}."
        )

    def document(self) -> dict[str, Any]:
        """All numbers."""
        rows = [asdict(g) | {"first_by_depth": dict(g.first_by_depth)} for g in self.gradients]
        about = {"seed": self.seed, "units": self.units, "depth": self.depth, "init": self.init}
        found: dict[str, Any] = finite({
            **about, "networks": NETWORKS, "steep_at": self.steep_at, "product_of_three": self.three,
            "activations": rows,
        })  # fmt: skip
        return found


DEFAULT = ("identity", "tanh", "relu", "gelu", "sigmoid")


def some_activations(names: Sequence[str], most: int) -> list[Activation]:
    """Return the activations of these names, each once. Raises `BadInput` for none, or for more than `most`."""
    records = list(dict.fromkeys(get_activation(name) for name in names))
    if not 1 <= len(records) <= most:
        raise BadInput(f"activation: expected 1 to {most}, found {len(records)}")
    return records


def measure(
    *, seed: int = 1, units: int = 24, depth: int = 20, activation: Sequence[str] = DEFAULT, init: str = NATURAL
) -> Vanishing:
    """Measure gradients by layer for up to six activations. Raises `BadInput`.

    `init` is `natural`, each activation's own initialisation, or the name of one for all of them.
    """
    records = some_activations(activation, MOST_ACTIVATIONS)
    check_number("units", units, 1, MAX_UNITS)
    check_number("depth", depth, 3, DEEPEST)
    recipe = Recipe(seed=seed, units=units, depth=depth, origin=(0.0, 0.0))
    # The slope s (1 - s) is 0.2 where s solves that square equation.
    share = (1 + (1 - 4 * STEEP) ** 0.5) / 2
    steep_at = float(np.log(share / (1 - share)))
    slope = float(_slopes(get_activation("sigmoid"), np.array([steep_at]))[0])
    with np.errstate(all="ignore"):  # an expression such as exp(z) may overflow: what comes of it is shown
        gradients = tuple(_measure(recipe.replace(activation=r.name), r, init) for r in records)
    return Vanishing(recipe.seed, units, depth, init, gradients, steep_at, slope**3)


def canvas_points(recipe: Recipe) -> Floats:
    """Return the network's inputs at 16 x 16 points of the canvas, (channels, 256)."""
    inputs = probe_inputs(recipe)
    grid = inputs.reshape(len(inputs), PROBE_SIZE, PROBE_SIZE)[:, _EVERY // 2 :: _EVERY, _EVERY // 2 :: _EVERY]
    return grid.reshape(len(inputs), -1)


def networks(recipe: Recipe, inputs: Floats, init: str) -> list[Network]:
    """Return the 40 networks of consecutive seeds from the recipe's own on; after the last seed comes 0."""
    seeds = ((recipe.seed + i) % (MAX_SEED + 1) for i in range(NETWORKS))
    return [plain_network(recipe.replace(seed=seed), len(inputs), init=init) for seed in seeds]


def _measure(recipe: Recipe, record: Activation, init: str) -> Gradients:
    inputs = canvas_points(recipe)
    chosen = networks(recipe, inputs, init)
    largest = properties(record).largest_slope
    ends = _slopes(record, np.array([[-5.0, 5.0], [0, 0], [0, 0]]))[0]
    products = largest ** np.arange(1, recipe.depth + 1)
    depths = sorted({1, 3, 10, recipe.depth} & set(range(1, recipe.depth + 1)))
    by_depth = {depth: mean_norms(chosen, record.name, inputs, depth=depth) for depth in depths}
    return Gradients(
        activation=record.name,
        init=find_init(init, record.name).name,
        largest_slope=largest,
        slope_at_5=(float(ends[0]), float(ends[1])),
        norms=by_depth[recipe.depth],
        products=tuple(float(product) for product in products),
        one_sign=float(np.mean([one_sign(network, record, inputs) for network in chosen])),
        first_by_depth=tuple((depth, norms[-1]) for depth, norms in by_depth.items()),
    )


def _slopes(record: Activation, z: Floats) -> Floats:
    """Return f'(z); where it is written by hand, in float64 and without the second that a first use of JAX takes."""
    if record.derivative is not None:
        slopes: Floats = record.derivative(z, np)
        return slopes
    return np.asarray(derivative(record, np.float32(z)), np.float64)


def mean_norms(
    chosen: Sequence[Network], activation: str, inputs: Floats, *, depth: int | None = None
) -> tuple[float, ...]:
    """Return the mean norm of d output / d z over pixels and networks, for each layer from the last to the first.

    With `depth`, of the networks that end after so many hidden layers.
    """
    found = []
    for network in chosen:
        gradients = layer_gradients(network, activation, inputs, depth=depth).astype(np.float64)
        found.append(np.sqrt((gradients**2).sum(axis=1)).mean(axis=1))
    return tuple(float(mean) for mean in np.mean(found, axis=0)[::-1])


def one_sign(network: Network, activation: Activation, inputs: Floats) -> float:
    """Return the mean share of the gradients of a unit's incoming weights that have the more frequent sign.

    At one pixel the gradient of weight j of a unit is its own d output / d z times input j: the inputs' signs alone
    decide. Outputs that are never negative give one sign. 1 where all are 0.
    """
    shares = []
    for z in pre_activations(network, activation.name, inputs)[:-1]:
        values = activation.function(z, np)
        above, below = (values > 0).sum(axis=0), (values < 0).sum(axis=0)
        shares.append(np.maximum(above, below) / np.maximum(above + below, 1))
    shown = np.concatenate(shares)
    return float(shown[shown > 0].mean()) if (shown > 0).any() else 1.0
