"""The picture as a function of coordinates, as JAX traces it: symmetry, warp, features, network, colour, finish.

All of a recipe is run-time data (`model.vocabulary`). What is chosen by an index, such as a symmetry, is chosen once
per call, where a branch costs nothing. Never `vmap` it: each choice would compute all branches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from artstudio.model.activation.record import differentiable
from artstudio.model.activation.registry import get_activation
from artstudio.model.activation.special import cosine, sine
from artstudio.model.colour.finish import contour_cover, draw_contours, posterise, relief_light
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import GAMUTS, linear_from_srgb, srgb_from_linear
from artstudio.model.features import FEATURES, SYMMETRIES
from artstudio.model.vocabulary import OUTPUTS, WAVES, Network, Vocabulary
from artstudio.model.warp import bend

Array = Any

_FUSED_INPUTS = 4
"""Inputs whose products are summed in one pass over memory; the others take a pass each."""


def picture_function(words: Vocabulary, *, lit: bool, differentiated: bool = False) -> Callable[..., Array]:
    """Return the picture as a function: (network, folds, x, y) -> sRGB, (3, pixels), not yet clipped.

    `folds` are those of the symmetry; x and y, (pixels,), are coordinates after the view. The finish is `lit` where
    it may need slopes. Where the function is to be `differentiated`, activations have their recorded slopes.
    """
    outputs_at = outputs_function(words, differentiated or lit)
    models = [COLOUR_MODELS[name] for name in words.colours]
    gamuts = [partial(_displayed, name) for name in words.gamuts]

    def colour_at(network: Network, folds: Array, x: Array, y: Array) -> Array:
        def along(x: Array, y: Array) -> Array:
            return outputs_at(network, folds, x, y)

        if not lit:
            return tinted(network, along(x, y))
        outputs, slope_x, slope_y = with_slopes(along, x, y)
        light = linear_from_srgb(jnp.clip(tinted(network, outputs), 0, 1), jnp)
        if "relief" in words.parts:
            light = only_if(
                network.relief > 0,
                lambda light: light * relief_light(slope_x[0], slope_y[0], network.relief, jnp)[None],
                light,
            )
        if "contours" in words.parts:
            light = only_if(
                network.contours > 0,
                lambda light: draw_contours(
                    light, contour_cover(outputs[0], slope_x[0], slope_y[0], network.contours, jnp), jnp
                ),
                light,
            )
        return srgb_from_linear(jnp.minimum(light, 1), jnp)

    def tinted(network: Network, outputs: Array) -> Array:
        if "bands" in words.parts:
            outputs = only_if(network.bands > 0, lambda outputs: banded(network, outputs), outputs)

        def coloured(model: Any, outputs: Array) -> Array:
            used = outputs[: model.channels(OUTPUTS[-1])]
            return model.apply(used, network.colouring, lambda lab, xp: lab, jnp)

        lab = jax.lax.switch(network.colour, [partial(coloured, model) for model in models], outputs)
        return jax.lax.switch(network.gamut, gamuts, lab)

    def banded(network: Network, outputs: Array) -> Array:
        """Posterise no more outputs than there are: it takes a logarithm for each."""

        def some(most: int, outputs: Array) -> Array:
            return outputs.at[:most].set(posterise(outputs[:most], network.bands, jnp))

        branches = [partial(some, most) for most in OUTPUTS]
        return jax.lax.switch(network.outputs, branches, outputs)

    return colour_at


def outputs_function(words: Vocabulary, differentiated: bool) -> Callable[..., Array]:
    """Return the network with all that is before it: (network, folds, x, y) -> outputs, (7, pixels).

    Where it is `differentiated`, activations have their recorded slopes.
    """
    symmetries = [SYMMETRIES[name] for name in words.symmetries]
    activations = [_activation(name, differentiated) for name in words.activations]

    def bent(name: str, network: Network, x: Array, y: Array) -> tuple[Array, Array]:
        if name == "none":
            return x, y
        first = network.warping["w0"][:, : 4 if name == "torus" else 2]
        return bend(network.warping | {"w0": first}, name == "torus", x, y, jnp)

    def outputs_at(network: Network, folds: Array, x: Array, y: Array) -> Array:
        moves = [partial(lambda move, x, y: move(x, y, folds, jnp), symmetry.function) for symmetry in symmetries]
        x, y = jax.lax.switch(network.symmetry, moves, x, y)
        x, y = jax.lax.switch(network.warp, [partial(bent, name, network) for name in words.warps], x, y)
        rows = _input_rows(network, words, x, y)
        values = _hidden_layers(network, rows, activations, words)
        products = [partial(_output_product, network, most) for most in OUTPUTS]
        return jax.lax.switch(network.outputs, products, values)

    return outputs_at


def _input_rows(network: Network, words: Vocabulary, x: Array, y: Array) -> Array:
    """Return the input channels, (slots, pixels); slots that are not in use are 0."""

    def add_channel(slot: Array, rows: Array) -> Array:
        channels = [partial(_channel, word, network, slot) for word in words.channels]
        row = jax.lax.switch(_item(network.channels, slot), channels, x, y)
        return jax.lax.dynamic_update_slice_in_dim(rows, row[None], slot, axis=0)

    rows = jnp.zeros((network.channels.shape[0], x.shape[0]), jnp.float32)
    return jax.lax.fori_loop(np.uint32(0), network.inputs, add_channel, rows)


def _hidden_layers(network: Network, rows: Array, activations: Sequence[Any], words: Vocabulary) -> Array:
    """Return the last hidden layer's values, (units, pixels), for input channels, (slots, pixels)."""

    def add_inputs(weights: Array, total: Array, first: int) -> Array:
        def add(slot: Array, total: Array) -> Array:
            row = jax.lax.dynamic_slice_in_dim(rows, slot, 1)
            return jax.lax.dynamic_slice_in_dim(weights, slot, 1, axis=1) * row + total

        return jax.lax.fori_loop(np.uint32(first), network.inputs, add, total)

    def from_inputs(number: Array, values: Array) -> Array:
        # In this order it becomes the chain of fused multiply-adds that a product is, to the bit.
        total = network.first[:, 0, None] * rows[0][None]
        for slot in range(1, _FUSED_INPUTS):
            total = network.first[:, slot, None] * rows[slot][None] + total
        return add_inputs(network.first, total, _FUSED_INPUTS)

    def from_layer(number: Array, values: Array) -> Array:
        return _matmul(_item(network.hidden, _item(network.pass_layer, number) - 1), values)

    def from_both(number: Array, values: Array) -> Array:
        weights = _item(network.skip, _item(network.pass_layer, number) - 1)
        return add_inputs(weights, from_layer(number, values), 0)

    def as_it_is(number: Array, values: Array) -> Array:
        return values

    sources = [from_inputs, from_layer]
    sources += [from_both if "skip" in words.parts else as_it_is] if {"skip", "mix"} & set(words.parts) else []
    sources += [as_it_is] if "mix" in words.parts else []

    def activated(function: Callable[[Array], Array], number: Array, z: Array) -> Array:
        # The bias is added inside the branch, where it fuses with the activation into one pass over memory.
        layer = _item(network.pass_layer, number)
        found = function(z + _item(network.biases, layer))
        if "mix" not in words.parts:
            return found
        return jnp.where(_item(network.unit_parts, layer) == _item(network.pass_part, number), found, z)

    branches = [partial(activated, function) for function in activations]

    def add_pass(number: Array, values: Array) -> Array:
        z = jax.lax.switch(_item(network.pass_source, number), sources, number, values)
        return jax.lax.switch(_item(network.pass_activation, number), branches, number, z)

    start = jnp.zeros((network.first.shape[0], rows.shape[1]), jnp.float32)
    return jax.lax.fori_loop(np.uint32(0), network.passes, add_pass, start)


def _item(array: Array, index: Array) -> Array:
    return jax.lax.dynamic_index_in_dim(array, index, keepdims=False)


def _output_product(network: Network, most: int, values: Array) -> Array:
    """Return the outputs, of which at most so many are used, (7, pixels)."""
    outputs = _matmul(network.output[:most], values) + network.output_bias[:most]
    unused = jnp.broadcast_to(network.output_bias[most:], (OUTPUTS[-1] - most, outputs.shape[1]))
    return jnp.concatenate([outputs, unused])


def _displayed(gamut: str, colour: Array) -> Array:
    """Return OKLab colours as sRGB; colours that are sRGB already, of gamut `none`, as they are."""
    return colour if gamut == "none" else GAMUTS[gamut](colour, jnp)


def _channel(word: str, network: Network, slot: Array, x: Array, y: Array) -> Array:
    """Return an input channel, (pixels,); the slot's frequencies are those of a wave."""
    if word in WAVES:
        wave = cosine if word == WAVES[0] else sine
        fx, fy = _item(network.frequencies.T, slot)
        return wave(fx * x + fy * y, jnp)
    name, number = word.split()
    return FEATURES[name].at(x, y, network.origin, jnp)[int(number)]


def _activation(name: str, differentiated: bool) -> Callable[[Array], Array]:
    record = get_activation(name)
    return differentiable(record, painter=True) if differentiated else lambda z: record.painter(z, jnp)


def _matmul(weights: Array, values: Array) -> Array:
    # Full float32: a GPU would otherwise be free to use its tensor cores' shorter format.
    return jnp.matmul(weights, values, precision=jax.lax.Precision.HIGHEST)


def with_slopes(function: Callable[[Array, Array], Array], x: Array, y: Array) -> tuple[Array, Array, Array]:
    """Return a function's value at x and y, (pixels,), and its derivatives by both."""
    one, zero = jnp.ones_like(x), jnp.zeros_like(x)

    def along(step_x: Array, step_y: Array) -> tuple[Array, Array]:
        return jax.jvp(function, (x, y), (step_x, step_y))

    # Both directions in one pass: only the derivatives have an axis more, so no choice computes all branches.
    steps = jnp.stack([one, zero]), jnp.stack([zero, one])
    value, (along_x, along_y) = jax.vmap(along, out_axes=(None, 0))(*steps)
    return value, along_x, along_y


def only_if(condition: Array, change: Callable[[Array], Array], value: Array) -> Array:
    """Return a value changed where the condition, a scalar, holds."""
    return jax.lax.cond(condition, change, lambda value: value, value)
