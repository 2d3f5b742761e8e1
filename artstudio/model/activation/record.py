"""What is recorded of an activation function, and its derivative as JAX computes it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Array = Any
Function = Callable[[Array, Any], Array]
"""`function(z, xp)`: an array and the module that made it, `numpy` or `jax.numpy`."""


@dataclass(frozen=True)
class Break:
    """A place where a function is not smooth, and what it and its derivative give exactly there."""

    z: float
    kind: Literal["kink", "jump"]
    """A kink is continuous, with another slope on each side; at a jump the function itself is torn."""
    value: float
    slope: float


@dataclass(frozen=True, kw_only=True)
class Activation:
    """All that artstudio knows of an activation function; commands, plots and tests read it from here."""

    name: str
    """The canonical name: lower case, words joined by `_`."""
    label: str
    """The name as people write it, for titles."""
    aliases: tuple[str, ...] = ()
    formula: str
    """The formula in plain text."""
    latex: str
    """The formula in matplotlib's mathtext, without the dollar signs."""
    range: tuple[float, float]
    """The least and the greatest value, or the limits that it approaches; may be infinite."""
    range_text: str
    """The range as people write it: `(0, 1)`, `[0, inf)`, `{0, 1}`."""
    function: Function
    fast: Function | None = None
    """A float32 form for JAX with which pictures are painted: within 1e-6 relative or 2e-7 absolute of `function`."""
    derivative: Function | None = None
    """The slope written by hand, where autodiff is wrong or inaccurate; of softmax, the diagonal."""
    breaks: tuple[Break, ...] = ()
    """Where the function is not smooth: on the whole line, or in one period."""
    period: float | None = None
    gain: float
    """Default factor on the standardised pre-activations: what makes pictures that are neither flat nor noisy."""
    first_gain: float | None = None
    """What the gain was for recipes before schema 4, where it was another."""
    init: str = "lecun"
    """The usual initialisation of layers that feed it: a name in `INITIALISATIONS`."""
    use: str
    """What it is used for, in a few words."""
    convention: str = ""
    """Where the derivative is undefined, and what is taken for it there; empty where there is no break."""
    elementwise: bool = True

    def gain_of(self, gains: str) -> float:
        """Return the gain of a set, as a recipe's `gains` names it: `calm` or `first`."""
        return self.gain if gains != "first" or self.first_gain is None else self.first_gain

    def breaks_within(self, low: float, high: float) -> tuple[Break, ...]:
        """Return the breaks in [low, high], in order: those on record, repeated with the period if there is one."""
        found = []
        for b in self.breaks:
            places = [b.z]
            if self.period is not None:
                first, last = math.ceil((low - b.z) / self.period), math.floor((high - b.z) / self.period)
                places = [b.z + k * self.period for k in range(first, last + 1)]
            found += [Break(z, b.kind, b.value, b.slope) for z in places if low <= z <= high]
        return tuple(sorted(found, key=lambda b: b.z))

    def has_slope(self, z: float) -> bool:
        """Whether there is a derivative at `z`, or only a convention.

        Breaks on record are known; those of an expression are found by one-sided differences, which at a kink or jump
        stay apart however close they are taken.
        """
        if self.breaks_within(z, z):
            return False
        if self.derivative is not None or self.period is not None or not self.elementwise or not math.isfinite(z):
            return True
        import numpy as np  # late: listings need no array library

        with np.errstate(all="ignore"):
            wide, close = (self._bend(z, step * max(1.0, abs(z))) for step in (1e-5, 1e-6))
        return not close > max(0.01, 0.5 * wide)

    def _bend(self, z: float, step: float) -> float:
        """The difference between the slopes on the right and on the left of `z`."""
        import numpy as np

        left, middle, right = self.function(np.array([z - step, z, z + step]), np)
        return abs(float(right - 2 * middle + left)) / step

    @property
    def jumps(self) -> bool:
        """Whether the function itself is torn somewhere."""
        return any(place.kind == "jump" for place in self.breaks)

    @property
    def painter(self) -> Function:
        """The form with which pictures are painted."""
        return self.fast or self.function


def derivative(activation: Activation, z: Array) -> Array:
    """Return f'(z) as a JAX array of the shape and float dtype of `z` (whole numbers become float32).

    At breaks it gives the recorded convention; at an infinity the limit where there is one; nan for nan.
    For softmax, over axis 0, it is the diagonal of the Jacobian.
    """
    import jax
    import jax.numpy as jnp

    z = jnp.asarray(z)
    z = z.astype(z.dtype if jnp.issubdtype(z.dtype, jnp.floating) else jnp.float32)
    # The greatest number stands for infinity: every limit is reached by then.
    finite = jnp.nan_to_num(z, nan=jnp.nan)
    if activation.derivative is not None:
        slope = activation.derivative(finite, jnp)
    else:
        _, slope = jax.jvp(lambda x: activation.function(x, jnp), (finite,), (jnp.ones_like(finite),))
    # A constant slope, or a branch chosen by a comparison, knows nothing of nan.
    return jnp.where(jnp.isnan(z), z, slope)


@cache
def differentiable(activation: Activation, painter: bool = False) -> Callable[[Array], Array]:
    """Return f, or its `painter`, as a function of one JAX array, for `jax.grad` and `jax.jvp` to differentiate.

    Autodiff then uses the derivative written by hand where there is one: the gradient follows the recorded
    convention at breaks and is finite at every finite float32.
    """
    import jax
    import jax.numpy as jnp

    slope = activation.derivative
    form = activation.painter if painter else activation.function

    def function(z: Array) -> Array:
        return form(z, jnp)

    if slope is None or not activation.elementwise:
        return function
    wrapped = jax.custom_jvp(function)
    wrapped.defjvp(lambda z, dz: (function(z[0]), slope(z[0], jnp) * dz[0]))
    return wrapped
