"""The whole network in one launch on a GPU: a Pallas kernel that takes the place of `model.network.apply`.

The plain path writes every layer's values to the card's memory and reads them back. Here each program of the
kernel carries a tile of pixels through all layers; between them the values stay in registers and on-chip memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from artstudio.model.activations import ACTIVATIONS
from artstudio.model.network import Functions, Params, apply

Array = Any

LARGEST = 64
"""Units (or outputs) up to which a layer's weights and values fit into registers, nearly."""

TILE_VALUES = 1 << 11
"""Values in a layer of one tile, units x pixels: 16 for each of 128 threads. With 32 some no longer fit."""

_RECORDS = {record.painter: record for record in ACTIVATIONS.values()}


class _OnChip:
    """`jax.numpy` for activation functions inside the kernel, less what Triton cannot do."""

    __name__ = "jax.numpy"

    def __getattr__(self, name: str) -> Any:
        return getattr(jnp, name)

    @staticmethod
    def rint(z: Array) -> Array:
        """Return the nearest whole number, the even one of two: there is no such operation on the chip."""
        below = jnp.floor(z)
        rest, half = z - below, 0.5 * below  # both are exact
        up = (rest > 0.5) | ((rest == 0.5) & (half != jnp.floor(half)))
        return below + jnp.where(up, 1.0, 0.0)


def takes(params: Params, functions: Functions, *, mixed: bool = False, skip: bool = False) -> bool:
    """Whether the kernel evaluates such a network; the arguments are those of `apply`.

    It does for up to `LARGEST` units with activations of the registry, one a layer. It does not for mixtures, skip
    connections, expressions (which may use anything), and finishes that need slopes.
    """
    fits = max(params.first_weights.shape[0], params.output_weights.shape[0]) <= LARGEST
    return fits and not mixed and not skip and all(function in _RECORDS for function in functions)


def fused_apply(
    params: Params,
    inputs: Array,
    functions: Functions,
    *,
    mixed: bool = False,
    skip: bool = False,
    interpret: bool = False,
) -> Array:
    """Evaluate the network: inputs (channels, pixels) -> outputs (channels, pixels), float32, as `apply` does.

    One launch of the kernel where it `takes` the network, to within rounding the values of `apply`; `apply` itself
    where it does not. `interpret` runs the kernel as ordinary JAX on any device, for tests.
    """
    if not takes(params, functions, mixed=mixed, skip=skip):
        return apply(params, inputs, functions, mixed=mixed, skip=skip)
    from jax.experimental import pallas as pl  # late: half a second that CPUs need not wait
    from jax.experimental.pallas import triton

    units, outputs = params.first_weights.shape[0], params.output_weights.shape[0]
    rows, last, pixels = _padded(units), _padded(outputs), inputs.shape[1]
    tile = TILE_VALUES // max(rows, last)
    tiles = -(-pixels // tile)
    # Padding units have no weights going out, so that what the activation makes of their 0 does not count.
    layers = max(1, params.hidden_weights.shape[0])
    operands = (
        params.activations,
        _grown(inputs, inputs.shape[0], tiles * tile),
        _grown(params.first_weights, rows, inputs.shape[0]),
        _grown(params.first_bias, rows, 1),
        _grown(params.hidden_weights, layers, rows, rows),
        _grown(params.hidden_biases, layers, rows, 1),
        _grown(params.output_weights, last, rows),
        _grown(params.output_bias, last, 1),
    )
    specs = [pl.BlockSpec(array.shape, partial(_origin, array.ndim)) for array in operands]
    specs[1] = pl.BlockSpec((inputs.shape[0], tile), lambda number: (0, number))
    call = pl.pallas_call(
        partial(_network, [_branch(function, units) for function in functions]),
        out_shape=jax.ShapeDtypeStruct((last, tiles * tile), jnp.float32),  # type: ignore[no-untyped-call]
        grid=(tiles,),
        in_specs=specs,
        out_specs=pl.BlockSpec((last, tile), lambda number: (0, number)),
        compiler_params=triton.CompilerParams(num_warps=4, num_stages=1),
        interpret=interpret,
        name="network",
    )
    return call(*operands)[:outputs, :pixels]


def _network(
    branches: list[Callable[[Array], Array]],
    activations: Any,
    inputs: Any,
    first_weights: Any,
    first_bias: Any,
    hidden_weights: Any,
    hidden_biases: Any,
    output_weights: Any,
    output_bias: Any,
    outputs: Any,
) -> None:
    """The kernel: one tile, (channels, pixels) -> (outputs, pixels). Its arguments are references to the memory."""

    def product(weights: Array, values: Array) -> Array:
        # Full float32: the tensor cores' shorter format is ruled out.
        return jnp.dot(weights, values, precision=jax.lax.Precision.HIGHEST)

    def add_input(k: Array, total: Array) -> Array:
        return first_weights[:, k][:, None] * inputs[k, :][None] + total

    def layer(number: Array, values: Array) -> Array:
        z = product(hidden_weights[number], values) + hidden_biases[number]
        return jax.lax.switch(activations[number + 1], branches, z)

    z = jnp.zeros((first_weights.shape[0], inputs.shape[1]), jnp.float32)
    z = jax.lax.fori_loop(0, inputs.shape[0], add_input, z) + first_bias[...]
    values = jax.lax.switch(activations[0], branches, z)
    values = jax.lax.fori_loop(0, activations.shape[0] - 1, layer, values)
    outputs[...] = product(output_weights[...], values) + output_bias[...]


def _branch(function: Callable[[Array, Any], Array], units: int) -> Callable[[Array], Array]:
    record = _RECORDS[function]
    if record.elementwise:
        return lambda z: function(z, _OnChip())

    def over_units(z: Array) -> Array:
        real = jax.lax.broadcasted_iota(jnp.int32, z.shape, 0) < units
        # As it is defined: its form for pictures adds up by a product, which the chip has no use for.
        return record.function(jnp.where(real, z, -jnp.inf), _OnChip())

    return over_units


def _padded(count: int) -> int:
    """The power of two, from 16 on, that the chip's matrix products want."""
    return max(16, 1 << (count - 1).bit_length())


def _grown(array: Array, *shape: int) -> Array:
    return jnp.pad(array, [(0, size - found) for size, found in zip(shape, array.shape, strict=True)])


def _origin(axes: int, number: Array) -> tuple[int, ...]:
    return (0,) * axes
