"""Where pictures are painted: on the CPU, or on the GPUs that JAX finds; and how much of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from artstudio.errors import BadInput

DEVICES = ("auto", "cpu", "gpu")

SMALLEST_RUN, LARGEST_RUN = 1 << 16, 1 << 20
"""Pixels in one call to a device other than a CPU: enough to keep thousands of cores busy."""

RUN_VALUES = 1 << 26
"""Values in a layer of such a call, units x pixels, where it is written to the device's memory: 256 MiB."""


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
            " NVIDIA card, or choose the device cpu"
        ) from None


def have_own_memory(devices: Sequence[Any]) -> bool:
    """Whether these are no CPUs: they work by themselves, and what they paint must be copied back."""
    return any(device.platform != "cpu" for device in devices)


def device_run(pixels: int, devices: int, values: int) -> int:
    """Return the pixels in one call for devices other than CPUs.

    Each of up to eight devices gets its share of the `pixels` in one call, from `SMALLEST_RUN` to `LARGEST_RUN`
    pixels; fewer where a layer, with `values` a pixel, would take more than `RUN_VALUES`.
    """
    share = max(SMALLEST_RUN, -(-pixels // devices))
    # Rounded up by an eighth at most: few different runs mean few compilations.
    step = 1 << (share.bit_length() - 4)
    room = 1 << ((RUN_VALUES // values).bit_length() - 1)
    return min(-(-share // step) * step, LARGEST_RUN, room)
