"""What an expression in z gives between -8 and 8: finite numbers everywhere, and where it jumps."""

from __future__ import annotations

import re
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
        rising = np.flatnonzero(np.abs(np.diff(value(z))) > smallest)[:256]
        low, high = z[rising], z[rising + 1]
        for _ in range(40):  # all of them at once
            middle = (low + high) / 2
            left = np.abs(value(middle) - value(low)) > np.abs(value(high) - value(middle))
            low, high = np.where(left, low, middle), np.where(left, middle, high)
        torn = np.abs(value(high) - value(low)) > smallest
        places = np.unique(np.round((low + high)[torn] / 2, 9) + 0.0)[:64]  # 0 for -0
        return tuple(
            Break(place, "jump", height, 0.0)
            for place, height in zip(places.tolist(), value(places).tolist(), strict=True)
        )


_NAME, _GROUP, _KEYWORD = r"[A-Za-z_]\w*", r"\([^()]*\)", r"(?!(?:if|else|and|or|not|for|in|is|lambda)\b)"

USUAL_FORMS = (
    (rf"(\w+|{_GROUP})\s*\^\s*(-?\w+|{_GROUP})", "{0}**{1}"),
    (rf"(\w+|{_GROUP})²", "{0}**2"),
    (rf"(\w+|{_GROUP})³", "{0}**3"),
    (rf"σ\s*({_GROUP})", "sigmoid{0}"),
    (rf"√\s*({_GROUP})", "sqrt{0}"),
    (r"√\s*(\w+)", "sqrt({0})"),
    (r"\|([^|]+)\|", "abs({0})"),
    (r"(\w+|\))\s*[·×]\s*(\w+|\()", "{0}*{1}"),
    (r"−\s*(\w+|\()", "-{0}"),
    (rf"(?<![\w.])(\d+\.?\d*|\.\d+)\s*(?![eE][+-]?\d|[xobXOB]\d){_KEYWORD}({_NAME}|\()", "{0}*{1}"),
    (r"(?<!\w)(z)\s*\(", "{0}*("),
    (rf"(\))\s*{_KEYWORD}(\w+|\()", "{0}*{1}"),
    (rf"(?<!\w){_KEYWORD}([A-Za-z_]\w+)\s+(z)(?!\w)", "{0}({1})"),
)
"""What people write in mathematics and in other programs: a pattern, and what is meant, with its groups. The studio's
page has them too, so they keep to what Python and JavaScript both understand."""


def usual_form(text: str) -> str:
    """Return a hint for an expression that could not be read, `; write 2*z for 2z`, or nothing."""
    for pattern, form in USUAL_FORMS:
        if match := re.search(pattern, text, re.ASCII):
            meant = form.format(*(group.strip() for group in match.groups()))
            return f"; write {clip(meant, 40)} for {clip(match[0], 40)}"
    return ""
