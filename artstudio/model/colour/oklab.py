"""OKLab, OKLCH and sRGB (Björn Ottosson, "A perceptual color space for image processing", 2020).

Arrays are channel-first, (3, pixels). sRGB is display-referred in [0, 1]; out of gamut values are not
clipped here. L is in [0, 1], a and b are about +-0.4, hue is in radians. Every function is written once for
NumPy and JAX: `xp` is `numpy` or `jax.numpy`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = Any

_ROUNDING = 2e-6
"""Light this far outside [0, 1] is rounding: the corners of the gamut are inside."""

_LMS_FROM_LINEAR = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB_FROM_LMS = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_LMS_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_LINEAR_FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


def _mix(matrix: tuple[tuple[float, ...], ...], channels: Array, xp: Any) -> Array:
    # Written out, not a matrix product: three multiply-adds a value, in full float32 on any device.
    a, b, c = channels
    return xp.stack([row[0] * a + row[1] * b + row[2] * c for row in matrix])


def linear_from_srgb(srgb: Array, xp: Any) -> Array:
    """Undo the sRGB transfer function (IEC 61966-2-1), for values in [0, 1]."""
    return xp.where(srgb <= 0.04045, srgb / 12.92, ((xp.maximum(srgb, 0.04045) + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(linear: Array, xp: Any) -> Array:
    """Apply the sRGB transfer function (IEC 61966-2-1); negative light stays on the straight part."""
    curve = 1.055 * xp.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return xp.where(linear <= 0.0031308, linear * 12.92, curve)


def oklab_from_linear(linear: Array, xp: Any) -> Array:
    """Convert linear sRGB light, (3, pixels), to OKLab."""
    return _mix(_LAB_FROM_LMS, xp.cbrt(_mix(_LMS_FROM_LINEAR, linear, xp)), xp)


def linear_from_oklab(lab: Array, xp: Any) -> Array:
    """Convert OKLab, (3, pixels), to linear sRGB light."""
    lms = _mix(_LMS_FROM_LAB, lab, xp)
    return _mix(_LINEAR_FROM_LMS, lms * lms * lms, xp)


def oklab_from_srgb(srgb: Array, xp: Any) -> Array:
    """Convert sRGB in [0, 1], (3, pixels), to OKLab."""
    return oklab_from_linear(linear_from_srgb(srgb, xp), xp)


def oklab_from_levels(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Convert sRGB levels, uint8 (..., 3), to OKLab, float32 (3, pixels): by a table, there are only 256 levels."""
    light = _light_of_levels()[pixels.reshape(-1, 3).T]
    lab: NDArray[np.float32] = oklab_from_linear(light, np)
    return lab


@cache
def _light_of_levels() -> NDArray[np.float32]:
    light: NDArray[np.float32] = linear_from_srgb(np.arange(256) / 255.0, np).astype(np.float32)
    return light


def srgb_from_oklab(lab: Array, xp: Any) -> Array:
    """Convert OKLab, (3, pixels), to sRGB; out of gamut colours leave [0, 1]."""
    return srgb_from_linear(linear_from_oklab(lab, xp), xp)


def srgb_in_gamut(lab: Array, xp: Any) -> Array:
    """Convert OKLab, (3, pixels), to sRGB in [0, 1]: colours outside lose chroma, not their hue or lightness.

    The greatest chroma inside is found by halving, to 1/256 of the colour's own, from below. With chroma up to 0.16
    and lightness from 0.25 to 0.9 that is at most 0.0007 of OKLab's chroma, which nobody sees; but in a channel near
    0, where sRGB is steep, it can be some levels of 255: of the colours outside one in ten is off by more than one,
    none by more than nine.
    """
    lightness, grey = xp.clip(lab[0], 0, 1), xp.zeros_like(lab[0])

    def light(share: Array) -> Array:
        return linear_from_oklab(xp.stack([lightness, lab[1] * share, lab[2] * share]), xp)

    def inside(linear: Array) -> Array:
        return xp.logical_and(linear.min(axis=0) >= -_ROUNDING, linear.max(axis=0) <= 1 + _ROUNDING)

    def halve(turn: Array, low: Array) -> Array:
        higher = low + 0.5 ** (turn + 1.0)
        return xp.where(inside(light(higher)), higher, low)

    whole = light(grey + 1)
    fits = inside(whole)
    if xp is np and fits.dtype == bool and fits.all():  # nothing to search for; it may be traced, too
        return np.clip(srgb_from_linear(whole, np), 0, 1)
    share = xp.where(fits, grey + 1, _repeat(8, halve, grey, xp))
    return xp.clip(srgb_from_linear(light(share), xp), 0, 1)


def _repeat(times: int, body: Callable[[Array, Array], Array], value: Array, xp: Any) -> Array:
    if xp.__name__ == "jax.numpy":  # written out, the steps take XLA two seconds to compile
        import jax

        return jax.lax.fori_loop(0, times, body, value)
    for turn in range(times):
        value = body(turn, value)
    return value


GAMUTS: Mapping[str, Callable[[Array, Any], Array]] = MappingProxyType(
    {"reduce": srgb_in_gamut, "clip": srgb_from_oklab, "p3": srgb_in_gamut}
)
"""How OKLab becomes red, green and blue: by less chroma where need be, or as it is, to be clipped. With `p3` the
numbers are those of `reduce`, but mean the primaries of Display P3 (`artstudio.spaces`)."""


def oklab_from_oklch(lightness: Array, chroma: Array, hue: Array, xp: Any) -> Array:
    """Convert OKLCH, hue in radians, to OKLab, (3, pixels)."""
    return xp.stack([lightness, chroma * xp.cos(hue), chroma * xp.sin(hue)])


def relative_luminance(linear: Array) -> Array:
    """Return the luminance Y (ITU-R BT.709 primaries) of linear sRGB light, (3, pixels) -> (pixels,)."""
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
