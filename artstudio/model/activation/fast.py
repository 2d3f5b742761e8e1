"""Float32 forms of smooth activations, for pictures: rational functions, several times as fast as exponentials.

Each takes an array of any shape and its module (`jax.numpy`) and is within 1e-6 relative or 2e-7 absolute of the
function of its name in `functions.py`, for every float32; nan gives nan. Small values keep that absolute error
and no relative one: good for pixels, too little for the tails that slopes and tables of numbers tell of.

The constants are minimax fits by the differential correction algorithm (Barrodale, Powell and Roberts, "The
differential correction algorithm for rational l_inf approximation", SIAM J. Numer. Anal. 9, 1972) on 600 or 700
points, the error weighed by the bar above. Past its `limit` a function is at its own limit, as far as the bar tells.
"""

from __future__ import annotations

from typing import NamedTuple

from artstudio.model.activation.functions import SELU_ALPHA, SELU_SCALE
from artstudio.model.activation.special import Array, Xp


class Ratio(NamedTuple):
    """A quotient of two polynomials on 0 <= x <= limit; coefficients from the constant term up."""

    limit: float
    top: tuple[float, ...]
    bottom: tuple[float, ...]


_TANH = Ratio(
    7.9,
    (0.999999824, 0.129331462, 0.00295917417, 1.15190698e-05),
    (1.0, 0.46266362, 0.0238485979, 0.000239836181, 2.48869248e-07),
)
"""tanh(x) / x in x^2."""

_LOGISTIC = Ratio(
    16.0,
    (0.249999992, 0.00839886682, 5.56898613e-05, 8.5051423e-08, 1.4708689e-11),
    (1.0, 0.116928769, 0.00163349979, 5.31120508e-06, 3.30219366e-09),
)
"""(sigmoid(x) - 1/2) / x in x^2."""

_DECAY = Ratio(
    21.0,
    (1.00000001, -0.179547759, 0.0128710032, -0.000435183221, 5.82430866e-06),
    (1.0, 0.320452682, 0.0480950605, 0.00439346944, 0.000258391689, 1.02863596e-05),
)
"""e^(-x / 2)."""

_EXPM1 = Ratio(
    17.0,
    (1.00000108, 0.0956453345, 0.0349735438, 0.00271476527, 0.000255171677, -1.39766033e-07),
    (1.0, 0.595658221, 0.166086472, 0.0282382029, 0.00308556981, 0.000244088613),
)
"""(1 - e^-x) / x."""

_LOG1P_EXP = Ratio(
    16.5,
    (0.693147165, -0.214669769, 0.0273794061, -0.00179199362, 5.99815046e-05, -8.18467108e-07),
    (1.0, 0.411642987, 0.156117408, 0.0357263947, 0.00536368263, 0.000339591847, 8.42575183e-05),
)
"""ln(1 + e^-x)."""

_SIGMOID_TAIL = Ratio(
    19.5,
    (0.500000536, -0.16113948, 0.0221968078, -0.00166850371, 7.19813774e-05, -1.6849321e-06, 1.66703543e-08),
    (1.0, 0.177732836, 0.133215699, 0.0216854745, 0.00349727661, 0.000412644141, 2.52448085e-05, 3.19675239e-06),
)
"""sigmoid(-x), for a product with x."""

_NORMAL_TAIL = Ratio(
    5.6,
    (0.707108176, 1.93737745, -1.53182507, 0.418778257, -0.0506347129, 0.00231415004),
    (1.0, 3.1388566, -0.834921251, 0.475691366, -0.07116087, 0.0150098311),
)
"""The square root of P(N > x), for a product with x."""

_GELU_TANH_TAIL = Ratio(
    5.4,
    (0.707107128, -0.658055656, 0.247863065, -0.0472330036, 0.00455304012, -0.000177556104),
    (1.0, -0.531691251, 0.218054197, -0.0574740596, 0.00931747253, -0.000684558453),
)
"""The square root of (1 - tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, for a product with x."""


def tanh(z: Array, xp: Xp) -> Array:
    """Return the hyperbolic tangent."""
    x = xp.clip(z, -_TANH.limit, _TANH.limit)
    return x * _value(_TANH, x * x)


def logistic(z: Array, xp: Xp) -> Array:
    """Return 1 / (1 + e^-z)."""
    x = xp.clip(z, -_LOGISTIC.limit, _LOGISTIC.limit)
    return 0.5 + x * _value(_LOGISTIC, x * x)


def silu(z: Array, xp: Xp) -> Array:
    """Return z sigmoid(z)."""
    x = _size(z, _SIGMOID_TAIL, xp)
    return xp.maximum(z, 0.0) - x * _value(_SIGMOID_TAIL, x)


def gelu(z: Array, xp: Xp) -> Array:
    """Return z P(N <= z)."""
    return _hinge(z, _NORMAL_TAIL, xp)


def gelu_tanh(z: Array, xp: Xp) -> Array:
    """Return GELU's tanh form."""
    return _hinge(z, _GELU_TANH_TAIL, xp)


def elu(z: Array, xp: Xp) -> Array:
    """Return z where z > 0, else e^z - 1."""
    return xp.where(z > 0, z, _expm1_of_negative(z, xp))


def selu(z: Array, xp: Xp) -> Array:
    """Return the ELU, stretched."""
    return xp.where(z > 0, SELU_SCALE * z, SELU_SCALE * SELU_ALPHA * _expm1_of_negative(z, xp))


def softplus(z: Array, xp: Xp) -> Array:
    """Return ln(1 + e^z)."""
    return xp.maximum(z, 0.0) + _value(_LOG1P_EXP, _size(z, _LOG1P_EXP, xp))


def mish(z: Array, xp: Xp) -> Array:
    """Return z tanh(ln(1 + e^z))."""
    # tanh(ln(1 + w)) = n / (n + 2) with n = w (w + 2) and w = e^z; for positive z divided by w^2 above and below.
    e = _decay(xp.abs(z), xp)
    n = xp.where(z > 0, 1.0 + 2.0 * e, e * (e + 2.0))
    return xp.maximum(z, -_DECAY.limit) * (n / (n + xp.where(z > 0, 2.0 * e * e, 2.0)))


def gaussian(z: Array, xp: Xp) -> Array:
    """Return e^(-z^2)."""
    return _decay(z * z, xp)


def softmax(z: Array, xp: Xp) -> Array:
    """Return e^z_i / sum_j e^z_j over axis 0, the units."""
    import jax
    import jax.numpy as jnp

    # The maximum need not tell of nan, which comes through e, and has no part in the slope: any shift does.
    shift = jax.lax.reduce(
        jax.lax.stop_gradient(z), z.dtype.type(-jnp.inf), lambda a, b: jnp.where(a > b, a, b), (0,)
    )
    e = _decay(shift[None] - z, xp)
    total = jnp.matmul(jnp.ones((1, len(z)), z.dtype), e, precision=jax.lax.Precision.HIGHEST)
    return e * (1.0 / total)


def _expm1_of_negative(z: Array, xp: Xp) -> Array:
    """Return e^z - 1 for z <= 0, and 0 above."""
    x = xp.clip(-z, 0.0, _EXPM1.limit)
    return -x * _value(_EXPM1, x)


def _hinge(z: Array, root: Ratio, xp: Xp) -> Array:
    """Return max(z, 0) - |z| root(|z|)^2."""
    x = _size(z, root, xp)
    r = _value(root, x)
    return xp.maximum(z, 0.0) - x * (r * r)


def _decay(x: Array, xp: Xp) -> Array:
    """Return e^-x for x >= 0."""
    r = _value(_DECAY, xp.minimum(x, _DECAY.limit))
    return r * r


def _size(z: Array, ratio: Ratio, xp: Xp) -> Array:
    return xp.minimum(xp.abs(z), ratio.limit)


def _value(ratio: Ratio, x: Array) -> Array:
    return _polynomial(ratio.top, x) / _polynomial(ratio.bottom, x)


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    value: Array = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        value = value * x + coefficient
    return value
