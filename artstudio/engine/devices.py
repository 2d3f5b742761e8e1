"""Where pictures are painted: on the CPU, or on the GPUs that JAX finds."""

from __future__ import annotations

from typing import Any

from artstudio.errors import BadInput

DEVICES = ("auto", "cpu", "gpu")


def find_devices(kind: str) -> tuple[Any, ...]:
    """Return JAX's devices of a kind: `cpu`, `gpu`, or `auto`, which is GPUs where there are any.

    Raises `BadInput` for a kind that is unknown, or of which JAX finds none.
    """
    import jax  # late: the names alone need no JAX

    if kind not in DEVICES:
        raise BadInput(f"device: expected one of {', '.join(DEVICES)}, found {kind!r}")
    if kind == "auto":
        return tuple(jax.local_devices())
    try:
        return tuple(jax.local_devices(backend=kind))
    except RuntimeError:
        raise BadInput(
            "device: expected a GPU that JAX can use, found none; pip install 'artstudio[gpu]' on a machine with an"
            " NVIDIA card, or choose --device cpu"
        ) from None
