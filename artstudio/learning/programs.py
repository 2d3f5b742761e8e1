"""The programs that train and look at one network, kept: one for each activation, whatever the learning rate.

Arrays are feature-major, as in the model: inputs (channels, places). A network is a list of layers, the output layer
last. Everything is float32; a matrix product keeps all of it on GPUs too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax

from artstudio.compiled.kept import kept
from artstudio.learning.objective import OBJECTIVES
from artstudio.learning.settings import DECAY
from artstudio.learning.targets.target import Kind
from artstudio.model.activation.properties import measure
from artstudio.model.activation.record import derivative, differentiable
from artstudio.model.activation.registry import get_activation, needs_plugin

Array = Any
Network = Sequence[tuple[Array, Array]]

WINDOW = 256
"""Steps whose order of data is in one array; no call goes beyond its end."""

_UNROLLED = 8
"""Hidden layers that are written out one by one; more are a loop, which compiles quickly but runs slower."""

FLAT = 0.01
"""A slope below this share of the activation's largest is called flat."""


class Programs(NamedTuple):
    """`start(network)`: the optimiser's state.

    `advance(network, state, data, order, first, last, rate, steps)`: network and state after steps first to last, of
    so many in all, and the losses, (WINDOW,), step i at i modulo `WINDOW`. `data` are inputs and values; `order` are
    places, (WINDOW, batch), or None where every step takes all.

    `outputs(network, inputs)`: (channels, places).

    `inspect(network, data)`: the loss over all places, the outputs, the gradient's norm in each layer, and of each
    hidden layer the shares of dead units and of flat slopes.
    """

    start: Callable[..., Any]
    advance: Callable[..., Any]
    outputs: Callable[..., Any]
    inspect: Callable[..., Any]


def stands_in(activation: str) -> bool:
    """Whether `straight_through` changes an activation: its slope is zero wherever it has one."""
    return measure(get_activation(activation)).saturates == "hard"


def _slope_of(name: str, straight_through: bool) -> Callable[[Array], Array]:
    if straight_through and stands_in(name):
        return lambda z: (jnp.abs(z) <= 1).astype(z.dtype)
    return lambda z: derivative(get_activation(name), z)


def _function_of(name: str, straight_through: bool) -> Callable[[Array], Array]:
    """Return an activation for autodiff: with its recorded slope, or the stand-in.

    The stand-in is the straight-through estimator (Bengio et al. 2013; clipped, Hubara et al. 2016): backwards the
    unit counts as the identity where |z| <= 1.
    """
    record = get_activation(name)
    if not stands_in(name):
        return differentiable(record)
    if not straight_through:  # XLA leaves out what is multiplied by a slope of 0: half of the work
        return lambda z: jax.lax.stop_gradient(record.function(z, jnp))
    slope = _slope_of(name, straight_through)
    wrapped = jax.custom_jvp(lambda z: record.function(z, jnp))
    wrapped.defjvp(lambda z, dz: (wrapped(z[0]), slope(z[0]) * dz[0]))
    return wrapped


def _product(weights: Array, values: Array) -> Array:
    return jnp.matmul(weights, values, precision=jax.lax.Precision.HIGHEST)


def forward(function: Callable[[Array], Array], network: Network, inputs: Array) -> tuple[Array, Array]:
    """Return the network's outputs, (channels, places), and the pre-activations, (depth, units, places)."""
    first, *hidden = network[:-1]
    z = _product(first[0], inputs) + first[1]
    found, values = [z[None]], function(z)
    if len(hidden) < _UNROLLED:
        for weights, bias in hidden:
            z = _product(weights, values) + bias
            found, values = [*found, z[None]], function(z)
    elif hidden:

        def layer(values: Array, parts: Sequence[Array]) -> tuple[Array, Array]:
            z = _product(parts[0], values) + parts[1]
            return function(z), z

        values, rest = jax.lax.scan(layer, values, [jnp.stack(parts) for parts in zip(*hidden, strict=True)])
        found.append(rest)
    weights, bias = network[-1]
    return _product(weights, values) + bias, jnp.concatenate(found)


def loss_function(activation: str, kind: Kind, straight_through: bool) -> Callable[[Network, Array, Array], Array]:
    """Return the loss as JAX differentiates it: (network, inputs, values) -> a number, in the arrays' precision."""
    function, objective = _function_of(activation, straight_through), OBJECTIVES[kind]

    def loss(network: Network, inputs: Array, values: Array) -> Array:
        return objective.loss(forward(function, network, inputs)[0], values)

    return loss


@lru_cache(maxsize=256)
def programs(activation: str, kind: Kind, optimiser: str, straight_through: bool) -> Programs:
    """Return the programs of an activation for a kind of target and an optimiser."""
    method, decay = _METHODS[optimiser](), DECAY[optimiser]

    loss = loss_function(activation, kind, straight_through)

    def advance(
        network: Network, state: Any, data: tuple[Array, Array], order: Array | None, first: Array, last: Array,
        rate: Array, steps: Array,
    ) -> tuple[Network, Any, Array]:  # fmt: skip
        def step(i: Array, carried: Any) -> Any:
            network, state, losses = carried
            at = i % WINDOW
            batch = data if order is None else tuple(jnp.take(part, order[at], axis=1) for part in data)
            found, slopes = jax.value_and_grad(loss)(network, *batch)
            direction, state = method.update(slopes, state)
            now = -rate * decay ** (i / steps)
            network = jax.tree.map(lambda value, way: value + now * way, network, direction)
            return network, state, losses.at[at].set(found)

        carried = network, state, jnp.zeros(WINDOW, jnp.float32)
        found: tuple[Network, Any, Array] = jax.lax.fori_loop(first, last, step, carried)
        return found

    compiled = partial(_compiled, activation, kind, straight_through)
    start = compiled(method.init, "start", optimiser)
    return Programs(start, compiled(advance, "advance", optimiser), *_looking(activation, kind, straight_through))


@lru_cache(maxsize=256)
def _looking(activation: str, kind: Kind, straight_through: bool) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return the programs that only look at a network, whatever its optimiser: `outputs` and `inspect`."""
    function = _function_of(activation, straight_through)
    slope = _slope_of(activation, straight_through)
    largest = measure(get_activation(activation)).largest_slope

    def inspect(network: Network, data: tuple[Array, Array]) -> tuple[Array, ...]:
        inputs, values = data

        def measured(network: Network) -> tuple[Array, tuple[Array, Array]]:
            outputs, z = forward(function, network, inputs)
            return OBJECTIVES[kind].loss(outputs, values), (outputs, z)

        (found, (outputs, z)), slopes = jax.value_and_grad(measured, has_aux=True)(network)
        norms = jnp.stack([jnp.sqrt((w**2).sum() + (b**2).sum()) for w, b in slopes])
        steepness = jnp.abs(jnp.stack([slope(part) for part in z]))
        dead = (steepness == 0).all(axis=2).mean(axis=1)
        return found, outputs, norms, dead, (steepness <= FLAT * largest).mean(axis=(1, 2))

    def outputs(network: Network, inputs: Array) -> Array:
        return forward(function, network, inputs)[0]

    compiled = partial(_compiled, activation, kind, straight_through)
    return compiled(outputs, "outputs"), compiled(inspect, "inspect")


def _compiled(
    activation: str, kind: Kind, straight_through: bool, function: Callable[..., Any], *name: str
) -> Callable[..., Any]:
    about = "learning", activation, kind, straight_through, *name
    return kept(function, *about, on_disk=not needs_plugin(activation))


_METHODS: dict[str, Callable[[], optax.GradientTransformation]] = {
    "adam": optax.scale_by_adam,
    "sgd": optax.identity,
    "momentum": lambda: optax.trace(0.9),
}
"""What turns gradients into directions. The learning rate is an argument of the program, so it multiplies them
there."""
