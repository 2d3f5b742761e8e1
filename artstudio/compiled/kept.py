"""Functions that JAX compiles once for each shape of their arguments, for this process and those after it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

import jax
import numpy as np

from artstudio.compiled.cache import usable_cache


def kept(function: Callable[..., Any], *name: object) -> Callable[..., Any]:
    """Return `function` compiled, as `jax.jit` does, and kept in the user's cache folder.

    Arguments are pytrees of arrays and NumPy scalars. `name` says what the function is: equal names, equal functions,
    as long as no file of the package changes that `cache.SOURCES` covers. It runs on the device that holds its
    arguments, else on JAX's default one.
    """
    compiled: dict[Any, Callable[..., Any]] = {}
    lock = Lock()

    def call(*arguments: Any) -> Any:
        leaves, structure = jax.tree.flatten(arguments)
        device = next((leaf.device for leaf in leaves if isinstance(leaf, jax.Array)), None)
        key = device, structure, tuple((np.shape(leaf), leaf.dtype.str) for leaf in leaves)
        with lock:  # another thread may want the same
            if key not in compiled:
                compiled[key] = _read_or_compile(function, (*name, *key[1:]), arguments, device)
        return compiled[key](*arguments)

    return call


def _read_or_compile(
    function: Callable[..., Any], name: tuple[object, ...], arguments: tuple[Any, ...], device: Any
) -> Callable[..., Any]:
    device = device or jax.device_put(0).device
    cache = usable_cache()
    found = cache.read(name, device) if cache else None
    if found is None:
        where = jax.sharding.SingleDeviceSharding(device)

        def shape(leaf: Any) -> Any:
            return jax.ShapeDtypeStruct(np.shape(leaf), leaf.dtype, sharding=where)  # type: ignore[no-untyped-call]

        found = jax.jit(function).lower(*jax.tree.map(shape, arguments)).compile()
        if cache:
            cache.write(name, device, found)
    return found
