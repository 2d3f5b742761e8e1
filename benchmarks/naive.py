"""The peer: the same picture as one would first write it in JAX, pixel-major, the whole image in one jit."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from artstudio.model.network import build_params
from artstudio.model.recipe import Recipe

FUNCTIONS = {
    "tanh": jnp.tanh,
    "relu": jax.nn.relu,
    "step": lambda z: (z >= 0).astype(jnp.float32),
    "sine": jnp.sin,
    "sigmoid": jax.nn.sigmoid,
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "silu": jax.nn.silu,
    "softmax": lambda z: jax.nn.softmax(z, axis=-1),
}


def painter(recipe: Recipe, width: int, height: int) -> Callable[[], np.ndarray]:
    """A function that paints the recipe (features x, y, r; colour model palette; one activation)."""
    params = build_params(recipe)
    activation = FUNCTIONS[recipe.activation[0]]
    layers = [(params.first_weights.T, params.first_bias[:, 0])]
    layers += [(w.T, b[:, 0]) for w, b in zip(params.hidden_weights, params.hidden_biases, strict=True)]
    arguments = jax.device_put(
        (
            layers,
            params.output_weights.T,
            params.output_bias[:, 0],
            params.colour["table"].T,
            params.colour["address"],
        )
    )

    @jax.jit
    def paint(layers, output_weights, output_bias, table, address):
        short = min(width, height)
        x = (2 * jnp.arange(width) + 1 - width) / short
        y = (2 * jnp.arange(height) + 1 - height) / short
        x, y = jnp.meshgrid(x, y)
        values = jnp.stack([x, y, jnp.sqrt(x * x + y * y)], axis=-1).reshape(-1, 3)
        for weights, bias in layers:
            values = activation(values @ weights + bias)
        output = (values @ output_weights + output_bias)[:, 0]
        position = jnp.clip(output * address[0] + address[1], 0, len(table) - 1)
        left = jnp.clip(jnp.floor(position).astype(jnp.int32), 0, len(table) - 2)
        rgb = table[left] + (table[left + 1] - table[left]) * (position - left)[:, None]
        return jnp.round(jnp.clip(rgb, 0, 1) * 255).astype(jnp.uint8).reshape(height, width, 3)

    return lambda: np.asarray(paint(*arguments))
