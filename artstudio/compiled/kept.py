"""Functions that JAX compiles once for each shape of their arguments, for this process and those after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

import jax
import numpy as np

from artstudio.compiled.cache import usable_cache


def kept(function: Callable[..., Any], *name: object, on_disk: bool = True) -> Callable[..., Any]:
    """Return `function` compiled, as `jax.jit` does, and kept in the user's cache folder, or with `on_disk` false in
    memory alone.

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
                compiled[key] = read_or_compile((*name, *key[1:]), device or jax.device_put(0).device, arguments)
        return compiled[key](*arguments)

    def read_or_compile(named: tuple[object, ...], device: Any, arguments: tuple[Any, ...]) -> Callable[..., Any]:
        cache = usable_cache() if on_disk else None
        found = cache.read(named, device) if cache else None
        if found is None:
            found = compile_for(function, arguments, device)
            if cache:
                cache.write(named, device, found)
        return found

    return call


def compile_for(
    function: Callable[..., Any], arguments: tuple[Any, ...], device: Any, options: Mapping[str, Any] | None = None
) -> Any:
    """Return a function compiled for arguments of these shapes and types on a JAX device.

    `arguments` are pytrees of arrays and NumPy scalars, `options` the compiler's.
    """
    where = jax.sharding.SingleDeviceSharding(device)

    def shape(leaf: Any) -> Any:
        return jax.ShapeDtypeStruct(np.shape(leaf), leaf.dtype, sharding=where)  # type: ignore[no-untyped-call]

    program = jax.jit(function, compiler_options=dict(options or {}))
    return program.lower(*jax.tree.map(shape, arguments)).compile()
