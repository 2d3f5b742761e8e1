"""Programs for GPUs and their like: a run of pixels all at once, by the fused kernel where there is one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp

from artstudio.engine.fused import fused_apply
from artstudio.engine.program import Architecture, Canvas, Network, painter
from artstudio.model.network import Params, apply

Array = Any


@lru_cache(maxsize=64)
def run_program(kind: Architecture, run: int, bits: int = 8, fused: bool = False) -> Callable[..., Array]:
    """Return the compiled painter of `run` pixels all at once, for devices that have thousands of cores.

    Its arguments and results are those of `strip_program`'s. With `fused`, for GPUs, the network is the kernel of
    `engine.fused`, if that can be compiled.
    """

    def program(network: Network) -> Callable[..., Array]:
        pixels = painter(kind, run, bits, network)

        def paint(params: Params, view: Canvas, row: Array, column: Array) -> Array:
            flat = column + jnp.arange(run, dtype=jnp.int32)
            return pixels(params, view, flat % view.width, row + flat // view.width)

        return jax.jit(paint)

    return Fallback(program(fused_apply), program(apply)) if fused else program(apply)


@lru_cache(maxsize=64)
def places_program(kind: Architecture, count: int, bits: int = 8, fused: bool = False) -> Callable[..., Array]:
    """Return the compiled painter of `count` single pixels all at once.

    Its arguments and results are those of `spot_program`'s; for `fused` see `run_program`.
    """

    def program(network: Network) -> Callable[..., Array]:
        pixels = painter(kind, count, bits, network)
        return jax.jit(lambda params, view, rows, columns: pixels(params, view, columns, rows))

    return Fallback(program(fused_apply), program(apply)) if fused else program(apply)


class Fallback:
    """A program, and another that takes its place if the first cannot be made to work here.

    Old cards and old releases cannot compile the kernel; the first call finds out. It may raise what the second
    program raises.
    """

    def __init__(self, first: Any, second: Any) -> None:
        self._program, self._second = first, second
        self._works = False
        self.failure: Exception | None = None
        """Why the second program is used, where it is."""

    def __call__(self, *arguments: Any) -> Array:
        """Call the program that works."""
        if not self._works:
            try:
                made = self._program(*arguments).block_until_ready()
            except Exception as error:  # of the imports, the lowering, the compiler or the driver
                self.failure, self._program = error, self._second
            else:
                self._works = True
                return made
        return self._program(*arguments)

    def lower(self, *arguments: Any) -> Any:
        """Lower the program that works, as jitted functions do, once it has been called."""
        self(*arguments)
        return self._program.lower(*arguments)
