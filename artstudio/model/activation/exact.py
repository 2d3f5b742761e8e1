"""Activation functions in float64, exact to the digits that people see as far out as they look: |z| <= 100.

The forms in `functions.py` hold exponents where float32 would overflow; sigmoid(-100) is 6.05e-39 there, and 3.72e-44
here. Pictures cannot show the difference, numbers can. Only functions whose tails differ have a form of their own.
Each takes and returns a NumPy array.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.model.activation import functions, special
from artstudio.model.activation.special import Array, logistic_slope

_FAR = 8.0
"""From here on the continued fraction of the normal tail is better than the polynomial."""

_TERMS = 12
_ROOT_2PI = 2.5066282746310002


def sigmoid(z: Array) -> Array:
    """Return 1 / (1 + e^-z)."""
    return 1.0 / (1.0 + np.exp(-z))


def normal_tail(t: Array) -> Array:
    """Return P(N > t) of the standard normal for t >= 0: far out by Laplace's continued fraction (Abramowitz and
    Stegun, 26.2.14)."""
    far = np.maximum(t, _FAR)
    fraction = far
    for k in range(_TERMS, 0, -1):
        fraction = far + k / fraction
    beyond = np.exp(-0.5 * far * far) / (fraction * _ROOT_2PI)
    return np.where(t > _FAR, beyond, special.normal_tail(np.minimum(t, _FAR), np))


def gelu(z: Array) -> Array:
    """Return z P(N <= z)."""
    return np.maximum(z, 0.0) - np.abs(z) * normal_tail(np.abs(z))


def gelu_slope(z: Array) -> Array:
    """Return P(N <= z) + z phi(z) with the normal density phi."""
    tail = normal_tail(np.abs(z))
    return np.where(z > 0, 1.0 - tail, tail) + z * np.exp(-0.5 * z * z) / _ROOT_2PI


def gelu_tanh(z: Array) -> Array:
    """Return z sigmoid(2 u) with u = sqrt(2/pi) (z + 0.044715 z^3)."""
    return z * sigmoid(functions.gelu_tanh_exponent(z))


def gelu_tanh_slope(z: Array) -> Array:
    """Return the slope by the product rule."""
    u = functions.gelu_tanh_exponent(z)
    return sigmoid(u) + z * functions.gelu_tanh_exponent_slope(z) * logistic_slope(u, np)


def silu(z: Array) -> Array:
    """Return z sigmoid(z)."""
    return z * sigmoid(z)


def silu_slope(z: Array) -> Array:
    """Return s + z s (1 - s) with s = sigmoid(z)."""
    return sigmoid(z) + z * logistic_slope(z, np)


def mish(z: Array) -> Array:
    """Return z tanh(ln(1 + e^z)) as z n / (n + 2) with n = w (w + 2), w = e^z; from w = e^20 on the quotient is 1."""
    w = np.exp(np.minimum(z, 20.0))
    n = w * (w + 2.0)
    return z * (n / (n + 2.0))


def mish_slope(z: Array) -> Array:
    """Return the slope by the product rule."""
    w = np.exp(np.minimum(z, 20.0))
    n = w * (w + 2.0)
    return n / (n + 2.0) + z * (4.0 * w * (w + 1.0) / ((n + 2.0) * (n + 2.0)))


def gaussian(z: Array) -> Array:
    """Return e^(-z^2)."""
    return np.exp(-z * z)


def gaussian_slope(z: Array) -> Array:
    """Return -2 z e^(-z^2)."""
    return -2.0 * z * np.exp(-z * z)


EXACT: Mapping[str, tuple[Callable[[Array], Any], Callable[[Array], Any]]] = MappingProxyType(
    {
        "sigmoid": (sigmoid, lambda z: logistic_slope(z, np)),
        "softplus": (lambda z: functions.softplus(z, np), sigmoid),
        "gelu": (gelu, gelu_slope),
        "gelu_tanh": (gelu_tanh, gelu_tanh_slope),
        "silu": (silu, silu_slope),
        "mish": (mish, mish_slope),
        "gaussian": (gaussian, gaussian_slope),
    }
)
"""The name of an activation -> f and f'."""
