"""The finish: what may be done to a picture between the network and the bytes. All of it is off by default.

Written once for NumPy and JAX: `xp` is `numpy` or `jax.numpy`. Light is linear, (3, pixels).
"""

from __future__ import annotations

import math
from typing import Any

Array = Any

LINE_WIDTH = 0.006
"""Width of contour lines in canvas units: 3 pixels where the short side has 1080."""

_SOFT = 0.003
"""Half of the width, in canvas units, over which a line's edge fades."""

_LIGHT = (-0.48, -0.64, 0.6)
"""Where the light of the relief comes from: from the top left, a little above the paper; a unit vector."""

_HEIGHT = 0.16
"""How high one standard deviation of the output stands over the paper, in canvas units."""

_SPREAD = 1.6

_END = 0.002
"""The outermost bands are put here, as shares of the range: at its ends, for every colour model."""


def evened(outputs: Array, xp: Any) -> Array:
    """Spread standardised outputs evenly over (0, 1): close to their rank, if they are about normal."""
    return 0.5 + 0.5 * xp.tanh(0.5 * _SPREAD * outputs)


def posterise(outputs: Array, bands: Array, xp: Any) -> Array:
    """Round standardised outputs to `bands` levels of about equal areas, from one end of the range to the other."""
    band = xp.floor(xp.clip(evened(outputs, xp), 0.0, 0.999999) * bands)
    share = xp.clip(band / (bands - 1), _END, 1 - _END)
    return xp.log(share / (1 - share)) / _SPREAD


def contour_cover(output: Array, slope_x: Array, slope_y: Array, lines: Array, xp: Any) -> Array:
    """Return how much of each pixel, 0 to 1, is covered by one of `lines` lines of equal output.

    Slopes are d output / d x and y in canvas units. The distance to a line is its difference in output over the
    slope, so lines have one width everywhere; where the picture is flat there is none.
    """
    share = evened(output, xp)
    place = share * lines
    # d share / d output, by the chain rule of tanh.
    steepness = lines * 0.5 * _SPREAD * 2 * share * (1 - share) * xp.sqrt(slope_x**2 + slope_y**2)
    off = xp.abs(place - xp.floor(place) - 0.5)
    distance = off / xp.maximum(steepness, 1e-6)
    return xp.clip((LINE_WIDTH / 2 + _SOFT / 2 - distance) / _SOFT, 0, 1)


def draw_contours(light: Array, cover: Array, xp: Any) -> Array:
    """Darken linear light under lines; where it is dark already, lines are light."""
    luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
    dark = xp.clip((0.10 - luminance) / 0.06, 0, 1)
    line = (0.12 * (1 - dark))[None] * light + dark[None] * (0.25 + 0.5 * light)
    return light + cover[None] * (line - light)


def relief_light(slope_x: Array, slope_y: Array, amount: Array, xp: Any) -> Array:
    """Return the factor on linear light, (pixels,), of a relief whose height is the output; 1 where it is flat.

    Lambert's law: light falls as the cosine between its direction and the surface's normal.
    """
    u, v = _HEIGHT * slope_x, _HEIGHT * slope_y
    cosine = (-u * _LIGHT[0] - v * _LIGHT[1] + _LIGHT[2]) / xp.sqrt(1 + u * u + v * v)
    return 1 + amount * (xp.clip(cosine / _LIGHT[2], 0.08, math.inf) - 1)
