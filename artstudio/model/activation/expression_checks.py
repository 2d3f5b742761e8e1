"""What an expression in z gives between -8 and 8: finite numbers everywhere, and where it jumps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from artstudio.errors import BadInput, clip
from artstudio.model.activation.record import Break

Array = Any
Term = Callable[[Array, Any], Array]
"""z, an array, and the array module -> the expression's value."""


def _grid() -> Any:
    import numpy as np  # late: listings need no array library

    return np.arange(-8 * 64, 8 * 64 + 1) / 64


def check_finite(text: str, term: Term) -> None:
    """Refuse an expression that gives no finite number somewhere in [-8, 8]. Raises `BadInput`."""
    import numpy as np  # late: listings need no array library

    z = _grid()
    with np.errstate(all="ignore"):
        value = np.broadcast_to(np.asarray(term(z, np), np.float64), z.shape)
    bad = z[~np.isfinite(value)]
    if len(bad):
        nearest = bad[np.abs(bad).argmin()]
        raise BadInput(
            f"expression {clip(text)!r}: gives no finite number at z = {nearest:g}; keep roots and logarithms of"
            " positive numbers, and divisors away from 0"
        )


def find_jumps(term: Term, smallest: float = 1e-3) -> tuple[Break, ...]:
    """Return the jumps in [-8, 8] found by halving every step of the grid that rises suspiciously, until it is
    tiny."""
    import numpy as np  # late: listings need no array library

    def value(z: Any) -> Any:
        return np.broadcast_to(np.asarray(term(z, np), np.float64), np.shape(z))

    z = _grid()
    with np.errstate(all="ignore"):
        rise = np.abs(np.diff(value(z)))
        jumps: dict[float, Break] = {}
        for i in np.flatnonzero(rise > smallest)[:256]:
            low, high = z[i], z[i + 1]
            for _ in range(40):
                middle = (low + high) / 2
                left = abs(value(middle) - value(low)) > abs(value(high) - value(middle))
                low, high = (low, middle) if left else (middle, high)
            if abs(value(high) - value(low)) > smallest:
                place = float(np.round((low + high) / 2, 9))
                jumps[place] = Break(place, "jump", float(value(np.float64(place))), 0.0)
    return tuple(jumps.values())[:64]
