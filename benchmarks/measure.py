"""What every part shares: how a call is timed, what it is timed on, and how its table is printed."""

from __future__ import annotations

import math
import os
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import TypeVar

from artstudio.version import RENDERER, VERSION

WIDTH, HEIGHT, UNITS, DEPTH = 1920, 1080, 32, 8
"""The picture and the network that most parts measure."""

ACTIVATIONS = ("step", "relu", "tanh", "sine", "sigmoid", "gelu", "silu", "softmax")

Name = TypeVar("Name")


def best_of(rounds: int, calls: Mapping[Name, Callable[[], object]], turn: float = math.inf) -> dict[Name, float]:
    """The best time of each call in seconds, taken in turns, after one warm-up of each.

    A call is timed three times in a row, since the first after another's turn finds cold caches; fewer times
    once `turn` seconds have passed, for calls so long that it does not matter.
    """
    for call in calls.values():
        call()
    best = dict.fromkeys(calls, math.inf)
    for _ in range(rounds):
        for name, call in calls.items():
            until = time.perf_counter() + turn
            for _ in range(3):
                start = time.perf_counter()
                call()
                end = time.perf_counter()
                best[name] = min(best[name], end - start)
                if end > until:
                    break
    return best


def matrix_rate() -> Callable[[], float]:
    """A function that returns the machine's float32 rate now: flop per second of a 2048 x 2048 product in JAX."""
    import jax
    import jax.numpy as jnp
    import numpy as np

    a = jnp.asarray(np.random.default_rng(0).standard_normal((2048, 2048), np.float32))
    product = jax.jit(lambda a: a @ a)
    return lambda: 2 * 2048**3 / best_of(2, {"": lambda: product(a).block_until_ready()})[""]


def machine() -> dict[str, object]:
    """What the numbers were measured on and with: nothing that tells whose machine it is."""
    import jax

    return {
        "cpu": _processor(),
        "cores": os.cpu_count() or 1,
        "instructions": _instructions(),
        "device": jax.devices()[0].device_kind,
        "python": platform.python_version(),
        "jax": version("jax"),
        "numpy": version("numpy"),
        "artstudio": VERSION,
        "renderer": RENDERER,
    }


def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _instructions() -> str:
    """The widest vector instructions."""
    flags = _cpuinfo("flags").split()
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else platform.machine()


def _cpuinfo(key: str) -> str:
    """What Linux says of the first core; empty elsewhere."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")
    except OSError:
        return ""


def table(*columns: str) -> Callable[..., None]:
    """Print the head of a Markdown table and return what prints a row, as soon as there is one."""
    widths = [max(10, len(column)) for column in columns]

    def row(*cells: object) -> None:
        first, *rest = (str(cell) for cell in cells)
        aligned = [first.ljust(widths[0])]
        aligned += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        print("| " + " | ".join(aligned) + " |", flush=True)

    row(*columns)
    rule = ["-" * (width + 1) + (":" if i else "-") for i, width in enumerate(widths)]
    print("|" + "|".join(rule) + "|")
    return row


def ms(seconds: float) -> str:
    """Seconds as milliseconds, for a table."""
    return f"{1e3 * seconds:.0f} ms" if seconds >= 0.0095 else f"{1e3 * seconds:.1f} ms"
