"""The activation functions, each written once for NumPy (float64 calibration) and JAX (float32 pictures).

`function(z, xp)`: `z` is an array of any shape, `xp` the module that made it; the result has the shape and
dtype of `z`. All are elementwise but `softmax`. nan in gives nan out, and the infinities give the limit
where there is one. JAX on CPUs takes denormal numbers (below 1.2e-38) for 0.

A function named `..._slope` is the derivative of the one before it. It is written by hand only where
autodiff would lose accuracy, overflow, or leave to a library's tie rule what holds exactly at a break.
Conditions are put such that nan falls through them to a branch that keeps it.
"""

from __future__ import annotations

from artstudio.model.activation import special
from artstudio.model.activation.special import Array, Xp, cosine, logistic, logistic_slope, sine

LEAK = 0.01
"""Slope of the leaky ReLU below 0 (Maas, Hannun and Ng, 2013)."""

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
"""The fixed point of Klambauer et al., "Self-Normalizing Neural Networks", 2017, equation 14."""

_FLAT = 14.0
"""Beyond this the normal tail is 0 in float32."""

_HUGE = 1e30
"""Arguments are held here where an infinity would meet a 0 or another infinity."""

_ROOT_2_OVER_PI, _CUBIC = 0.7978845608028654, 0.044715
_INVERSE_ROOT_2PI = 0.3989422804014327


def identity(z: Array, xp: Xp) -> Array:
    """Return z."""
    return z


def step(z: Array, xp: Xp) -> Array:
    """Return 1 where z >= 0, else 0."""
    return xp.where(z >= 0, 1.0, xp.maximum(z, 0.0))


def sign(z: Array, xp: Xp) -> Array:
    """Return -1, 0 or 1."""
    return xp.sign(z)


def hard_sigmoid(z: Array, xp: Xp) -> Array:
    """Return relu6(z + 3) / 6 (Howard et al., "Searching for MobileNetV3", 2019)."""
    return xp.where(z <= -3, 0.0, xp.where(z >= 3, 1.0, z * (1 / 6) + 0.5))


def tanh(z: Array, xp: Xp) -> Array:
    """Return the hyperbolic tangent."""
    return xp.tanh(z)


def tanh_slope(z: Array, xp: Xp) -> Array:
    """Return 1 - tanh(z)^2, keeping the tails that the difference would lose."""
    return 4.0 * logistic_slope(2.0 * z, xp)


def hard_tanh(z: Array, xp: Xp) -> Array:
    """Return z clipped to [-1, 1]."""
    return xp.where(z <= -1, -1.0, xp.where(z >= 1, 1.0, z))


def relu(z: Array, xp: Xp) -> Array:
    """Return max(0, z)."""
    return xp.maximum(z, 0.0)


def relu_slope(z: Array, xp: Xp) -> Array:
    """Return 1 where z > 0, else 0: 0 at 0, where JAX alone would say 1/2."""
    return xp.where(z > 0, 1.0, 0.0 * xp.minimum(z, 0.0))


def relu6(z: Array, xp: Xp) -> Array:
    """Return z clipped to [0, 6]."""
    return xp.where(z <= 0, 0.0, xp.where(z >= 6, 6.0, z))


def leaky_relu(z: Array, xp: Xp) -> Array:
    """Return z where z > 0, else 0.01 z."""
    return xp.where(z > 0, z, LEAK * z)


def elu(z: Array, xp: Xp) -> Array:
    """Return z where z > 0, else e^z - 1 (Clevert, Unterthiner and Hochreiter, 2015; alpha = 1)."""
    return xp.where(z > 0, z, special.expm1_of_negative(xp.minimum(z, 0.0), xp))


def elu_slope(z: Array, xp: Xp) -> Array:
    """Return 1 where z > 0, else e^z."""
    return xp.exp(xp.minimum(z, 0.0))


def selu(z: Array, xp: Xp) -> Array:
    """Return the ELU stretched to keep zero mean and unit variance from layer to layer."""
    negative = SELU_SCALE * SELU_ALPHA * special.expm1_of_negative(xp.minimum(z, 0.0), xp)
    return xp.where(z > 0, SELU_SCALE * z, negative)


def selu_slope(z: Array, xp: Xp) -> Array:
    """Return lambda where z > 0, else lambda alpha e^z."""
    return xp.where(z > 0, SELU_SCALE, SELU_SCALE * SELU_ALPHA * xp.exp(xp.minimum(z, 0.0)))


def softplus(z: Array, xp: Xp) -> Array:
    """Return ln(1 + e^z); its slope is the sigmoid."""
    return xp.maximum(z, 0.0) + special.log1p_of_exp(-xp.abs(z), xp)


def softsign(z: Array, xp: Xp) -> Array:
    """Return z / (1 + |z|)."""
    z = xp.clip(z, -_HUGE, _HUGE)
    return z / (1.0 + xp.abs(z))


def softsign_slope(z: Array, xp: Xp) -> Array:
    """Return 1 / (1 + |z|)^2, dividing before squaring so that nothing overflows."""
    r = 1.0 / (1.0 + xp.abs(z))
    return r * r


def gelu(z: Array, xp: Xp) -> Array:
    """Return z P(N <= z), exact to rounding (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016)."""
    # As max(z, 0) - |z| P(N > |z|) there is no cancellation on the negative side.
    t = xp.minimum(xp.abs(z), _FLAT)
    return xp.maximum(z, 0.0) - t * special.normal_tail(t, xp)


def gelu_slope(z: Array, xp: Xp) -> Array:
    """Return P(N <= z) + z phi(z) with the normal density phi."""
    c = xp.clip(z, -_FLAT, _FLAT)
    tail = special.normal_tail(xp.abs(c), xp)
    return xp.where(z > 0, 1.0 - tail, tail) + c * _INVERSE_ROOT_2PI * xp.exp(-0.5 * c * c)


def gelu_tanh(z: Array, xp: Xp) -> Array:
    """Return GELU's tanh form, z (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) / 2, as used by GPT-2."""
    # (1 + tanh u) / 2 = sigmoid(2 u), which does not cancel for negative z.
    c = xp.clip(z, -_FLAT, _FLAT)
    return xp.maximum(z, -_FLAT) * logistic(gelu_tanh_exponent(c), xp)


def gelu_tanh_slope(z: Array, xp: Xp) -> Array:
    """Return the slope by the product rule."""
    c = xp.clip(z, -_FLAT, _FLAT)
    u = gelu_tanh_exponent(c)
    return logistic(u, xp) + c * gelu_tanh_exponent_slope(c) * logistic_slope(u, xp)


def gelu_tanh_exponent(z: Array) -> Array:
    """Return 2 sqrt(2/pi) (z + 0.044715 z^3): GELU's tanh form is z times the sigmoid of this."""
    return 2 * _ROOT_2_OVER_PI * z * (1.0 + _CUBIC * z * z)


def gelu_tanh_exponent_slope(z: Array) -> Array:
    """Return the derivative of `gelu_tanh_exponent`."""
    return 2 * _ROOT_2_OVER_PI * (1.0 + 3 * _CUBIC * z * z)


def silu(z: Array, xp: Xp) -> Array:
    """Return z sigmoid(z) (Elfwing, Uchibe and Doya, 2018; Ramachandran, Zoph and Le, 2017)."""
    c = xp.maximum(z, -88.0)
    return c / (1.0 + xp.exp(-c))


def silu_slope(z: Array, xp: Xp) -> Array:
    """Return s + z s (1 - s) with s = sigmoid(z)."""
    return logistic(z, xp) + z * logistic_slope(z, xp)


def mish(z: Array, xp: Xp) -> Array:
    """Return z tanh(ln(1 + e^z)) (Misra, "Mish", 2019) with one exponential and no logarithm."""
    # tanh(ln(1 + w)) = n / (n + 2) with n = w (w + 2); from w = e^20 on it is 1.
    w = xp.exp(xp.clip(z, -88.0, 20.0))
    n = w * (w + 2.0)
    return xp.maximum(z, -88.0) * (n / (n + 2.0))


def mish_slope(z: Array, xp: Xp) -> Array:
    """Return the slope by the product rule."""
    c = xp.clip(z, -88.0, 20.0)
    w = xp.exp(c)
    n = w * (w + 2.0)
    r = 1.0 / (n + 2.0)
    return n * r + c * (4.0 * w * (w + 1.0) * r * r)


def gaussian(z: Array, xp: Xp) -> Array:
    """Return e^(-z^2)."""
    return xp.exp(-z * z)


def gaussian_slope(z: Array, xp: Xp) -> Array:
    """Return -2 z e^(-z^2), with z held where z^2 does not overflow."""
    c = xp.clip(z, -_FLAT, _FLAT)
    return -2.0 * c * xp.exp(-c * c)


def cosine_slope(z: Array, xp: Xp) -> Array:
    """Return -sin z."""
    return -sine(z, xp)


def sinc(z: Array, xp: Xp) -> Array:
    """Return sin(z) / z, and 1 at 0."""
    a = xp.clip(xp.abs(z), 1 / _HUGE, _HUGE)
    return sine(a, xp) / a


def sinc_slope(z: Array, xp: Xp) -> Array:
    """Return (cos z - sinc z) / z, or its series near 0, where that difference cancels."""
    c = xp.clip(z, -1.5, 1.5)
    q = c * c
    series = c * (-1 / 3 + q * (1 / 30 - q * (1 / 840 - q * (1 / 45360 - q * (1 / 3991680 - q / 518918400)))))
    a = xp.clip(xp.abs(z), 1.5, _HUGE)
    direct = xp.sign(z) * (cosine(a, xp) - sine(a, xp) / a) / a
    return xp.where(xp.abs(z) > 1.5, direct, series)


def absolute(z: Array, xp: Xp) -> Array:
    """Return |z|."""
    return xp.abs(z)


def absolute_slope(z: Array, xp: Xp) -> Array:
    """Return sign z: 0 at 0, where JAX alone would say 1."""
    return xp.sign(z)


def square_wave(z: Array, xp: Xp) -> Array:
    """Return 1 on [0, 1), -1 on [1, 2), and so on with period 2."""
    k = xp.floor(z)
    return 1.0 - 2.0 * (k - 2.0 * xp.floor(0.5 * k))


def triangle_wave(z: Array, xp: Xp) -> Array:
    """Return the wave of period 4 that rises through 0 at 0 with slope 1 and turns at odd whole numbers."""
    r = z - 4.0 * xp.rint(0.25 * z)
    return xp.maximum(xp.minimum(r, 2.0 - r), -2.0 - r)


def triangle_wave_slope(z: Array, xp: Xp) -> Array:
    """Return 1 rising, -1 falling, and 0 where the wave turns."""
    return xp.sign(1.0 - xp.abs(z - 4.0 * xp.rint(0.25 * z)))


def sawtooth_wave(z: Array, xp: Xp) -> Array:
    """Return z on [-1, 1), repeated with period 2."""
    # The remainder is exact; rint puts half of the odd whole numbers at +1 instead of -1.
    r = z - 2.0 * xp.rint(0.5 * z)
    return xp.where(r >= 1, r - 2.0, r)


def softmax(z: Array, xp: Xp) -> Array:
    """Return e^z_i / sum_j e^z_j over axis 0, the units: positive, and 1 in sum."""
    e = xp.exp(z - xp.max(z, axis=0, keepdims=True))
    return e / xp.sum(e, axis=0, keepdims=True)


def softmax_slope(z: Array, xp: Xp) -> Array:
    """Return the diagonal of the Jacobian, s (1 - s): how each output answers to its own score."""
    s = softmax(z, xp)
    return s * (1.0 - s)
