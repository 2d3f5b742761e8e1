"""Vanishing and exploding gradients: how much of the output's slope reaches each layer of a deep network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from artstudio.engine.lessons import layer_gradients, plain_params
from artstudio.errors import BadInput
from artstudio.figures.lessons.lesson import MAX_UNITS, Table, check_number, finite
from artstudio.model.activations import Activation, derivative, get_activation
from artstudio.model.calibration import Floats
from artstudio.model.network import Params, build_params, pre_activations, probe_inputs
from artstudio.model.properties import measure as properties
from artstudio.model.recipe import Recipe

MOST_ACTIVATIONS, DEEPEST = 6, 40
"""Lines that can be told apart; layers over which a sigmoid's gradient stays within float32."""

STEEP = 0.2
"""A usual slope of a sigmoid, for the product of three of them."""


@dataclass(frozen=True)
class Gradients:
    """One activation. Norms run from the last hidden layer to the first, as the gradient does.

    A norm is the length of d output / d z over a layer's units (z its pre-activations, the output the network's
    first), averaged over the probe of 64 x 64 pixels. `plain`: conventional weights, variance 1 / fan-in, without
    biases; `calibrated`: the network that a recipe renders. `products[k - 1]` is the largest slope to the power k.
    `one_sign`: of the gradients of a unit's incoming weights, the share that has the more frequent of the two
    signs, those of 0 left out; averaged over pixels and over all layers but the first; conventional weights.
    """

    activation: str
    largest_slope: float
    slope_at_5: tuple[float, float]
    """The slopes at -5 and at 5."""
    plain: tuple[float, ...]
    calibrated: tuple[float, ...]
    products: tuple[float, ...]
    bounds: tuple[float, ...]
    """What no `plain` norm can exceed: the products times the spectral norms of the weights on the way."""
    one_sign: float
    first_by_depth: tuple[tuple[int, float], ...]
    """Depth, and the norm at the first layer of a conventional network of that depth."""


@dataclass(frozen=True)
class Vanishing:
    """What the lesson shows."""

    seed: int
    units: int
    depth: int
    gradients: tuple[Gradients, ...]
    steep_at: float
    """Where the sigmoid's slope is 0.2."""
    three: float
    """The product of three such slopes."""

    def tables(self) -> list[Table]:
        """Slopes and signs; then norms by layer, and at the first layer by depth."""
        slopes = [
            (g.activation, f"{g.largest_slope:.4g}", *(f"{slope:.4g}" for slope in g.slope_at_5),
             f"{g.products[-1]:.2g}", f"{g.one_sign:.0%}")
            for g in self.gradients
        ]  # fmt: skip
        headers = ("activation", "largest f'", "f'(-5)", "f'(5)", f"largest^{self.depth}", "gradients of one sign")
        shown = sorted({1, 2, 3, 5, 10, 20, self.depth} & set(range(1, self.depth + 1)), reverse=True)
        layers = [(f"layer {layer}", layer) for layer in shown]
        tables = [Table("Slopes", headers, tuple(slopes))]
        for title, field in (("conventional weights", "plain"), ("calibrated", "calibrated")):
            rows = tuple(
                (g.activation, *(f"{getattr(g, field)[self.depth - layer]:.2g}" for _, layer in layers))
                for g in self.gradients
            )
            heads = ("activation", *(name for name, _ in layers))
            tables.append(Table(f"Gradient norm by layer of {self.depth}, {title}", heads, rows))
        heads = ("activation", *(f"depth {depth}" for depth, _ in self.gradients[0].first_by_depth))
        by_depth = tuple((g.activation, *(f"{v:.2g}" for _, v in g.first_by_depth)) for g in self.gradients)
        tables.append(Table("Gradient norm at the first layer by depth, conventional weights", heads, by_depth))
        three = (f"{STEEP:g}", f"{self.steep_at:.4g}", f"{self.three:.4g}")
        tables.append(Table("Three sigmoid layers", ("slope", "at z = +-", "product of three"), (three,)))
        return tables

    def document(self) -> dict[str, Any]:
        """All numbers."""
        rows = [asdict(g) | {"first_by_depth": dict(g.first_by_depth)} for g in self.gradients]
        about = {"seed": self.seed, "units": self.units, "depth": self.depth, "steep_at": self.steep_at}
        found: dict[str, Any] = finite({**about, "product_of_three": self.three, "activations": rows})
        return found


DEFAULT = ("identity", "tanh", "relu", "gelu", "sigmoid")


def measure(*, seed: int = 1, units: int = 32, depth: int = 20, activation: Sequence[str] = DEFAULT) -> Vanishing:
    """Measure gradients by layer for up to six activations. Raises `BadInput`."""
    records = list(dict.fromkeys(get_activation(name) for name in activation))
    if not 1 <= len(records) <= MOST_ACTIVATIONS:
        raise BadInput(f"activation: expected 1 to {MOST_ACTIVATIONS}, found {len(records)}")
    check_number("units", units, 1, MAX_UNITS)
    check_number("depth", depth, 3, DEEPEST)
    recipe = Recipe(seed=seed, units=units, depth=depth)
    # The slope s (1 - s) is 0.2 where s solves that square equation.
    share = (1 + (1 - 4 * STEEP) ** 0.5) / 2
    steep_at = float(np.log(share / (1 - share)))
    slope = float(_slopes(get_activation("sigmoid"), np.array([steep_at]))[0])
    with np.errstate(all="ignore"):  # an expression such as exp(z) may overflow: what comes of it is told
        gradients = tuple(_measure(recipe.replace(activation=record.name), record) for record in records)
    return Vanishing(recipe.seed, units, depth, gradients, steep_at, slope**3)


def _measure(recipe: Recipe, record: Activation) -> Gradients:
    inputs, plain = probe_inputs(recipe), plain_params(recipe)
    largest = properties(record).largest_slope
    ends = _slopes(record, np.array([[-5.0, 5.0], [0, 0], [0, 0]]))[0]
    # All of softmax's slopes together stretch a vector by 1/2 at most: its matrix diag(s) - s s' has rows whose
    # absolute values sum to 2 s (1 - s).
    stretch = largest if record.elementwise else 0.5
    powers = np.arange(1, recipe.depth + 1)
    products, bounds = largest**powers, stretch**powers * spectral_products(plain)
    first = [
        (depth, norms(plain, record.name, inputs, depth=depth)[-1])
        for depth in sorted({1, 3, 10, recipe.depth} & set(range(1, recipe.depth + 1)))
    ]
    return Gradients(
        activation=record.name,
        largest_slope=largest,
        slope_at_5=(float(ends[0]), float(ends[1])),
        plain=norms(plain, record.name, inputs),
        calibrated=norms(build_params(recipe), record.name, inputs),
        products=tuple(float(product) for product in products),
        bounds=tuple(float(bound) for bound in bounds),
        one_sign=one_sign(plain, record, inputs),
        first_by_depth=tuple(first),
    )


def _slopes(record: Activation, z: Floats) -> Floats:
    """Return f'(z); where it is written by hand, in float64 and without the second that a first use of JAX takes."""
    if record.derivative is not None:
        slopes: Floats = record.derivative(z, np)
        return slopes
    return np.asarray(derivative(record, np.float32(z)), np.float64)


def norms(params: Params, activation: str, inputs: Floats, *, depth: int | None = None) -> tuple[float, ...]:
    """Return the norm of d output / d z, averaged over the pixels, for each layer from the last to the first.

    With `depth`, of the network that ends after so many hidden layers.
    """
    gradients = layer_gradients(params, activation, inputs, depth=depth).astype(np.float64)
    means = np.sqrt((gradients**2).sum(axis=1)).mean(axis=1)
    return tuple(float(mean) for mean in means[::-1])


def spectral_products(params: Params) -> Floats:
    """Return how much the weights from each layer's activations to the output can stretch at most, last layer first.

    The product of the largest singular values of the matrices on the way.
    """
    matrices = [params.output_weights[:1], *params.hidden_weights[::-1]]
    return np.cumprod([np.linalg.norm(m.astype(np.float64), 2) for m in matrices])


def one_sign(params: Params, activation: Activation, inputs: Floats) -> float:
    """Return the mean share of the gradients of a unit's incoming weights that have the more frequent sign.

    At one pixel the gradient of weight j of a unit is its own d output / d z times input j: the inputs' signs alone
    decide. Outputs that are never negative give one sign. 1 where all are 0.
    """
    depth = len(params.activations)
    shares = []
    for z in pre_activations(params, (activation.name,) * depth, inputs)[:-1]:
        values = activation.function(z, np)
        above, below = (values > 0).sum(axis=0), (values < 0).sum(axis=0)
        shares.append(np.maximum(above, below) / np.maximum(above + below, 1))
    shown = np.concatenate(shares)
    return float(shown[shown > 0].mean()) if (shown > 0).any() else 1.0
