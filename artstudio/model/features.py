"""From pixel coordinates to the input channels of the network: symmetries first, then features.

Coordinates are canvas coordinates after the view: the short side of the canvas spans [-1, 1], y down.
Every function here is written once for NumPy and JAX: `xp` is `numpy` or `jax.numpy`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, shown, unknown
from artstudio.model.activation.special import cosine, sine
from artstudio.model.weights import COLUMNS, LAYERS, plugin_column, raw_weights
from artstudio.registry import Registry, guarded

Array = Any
"""A NumPy or JAX array."""

MAX_FOLDS = 24

MAX_CHANNELS = 16
"""Inputs that a plugin's feature gives, at most."""


@dataclass(frozen=True)
class Feature:
    """One selectable input.

    `channels` is how many inputs it gives; `function(x, y, xp)` returns them as a list of arrays of the shape of x.
    A `seamless` one repeats over the square [-1, 1]^2; a `centred` one is measured from the recipe's origin, which is
    (0, 0) to its function. `column` is the first weight column that belongs to it, for ever: it makes the weights of
    a feature independent of which others are chosen. A plugin's goes by its name.
    """

    name: str
    label: str
    channels: int
    function: Callable[[Array, Array, Any], list[Array]]
    seamless: bool = False
    centred: bool = False
    column: int = 0

    def at(self, x: Array, y: Array, origin: tuple[Any, Any], xp: Any) -> list[Array]:
        """Return the feature's channels at coordinates x and y, for an origin (x, y)."""
        if self.centred:
            x, y = x - origin[0], y - origin[1]
        return self.function(x, y, xp)


def _radius(x: Array, y: Array, xp: Any) -> Array:
    # The tiny term keeps the gradient of the square root finite at the centre.
    return xp.sqrt(x * x + y * y + 1e-12)


def _angle(x: Array, y: Array, xp: Any) -> list[Array]:
    # As a unit vector, since the angle itself would jump from pi to -pi along a seam.
    r = _radius(x, y, xp)
    return [x / r, y / r]


def _spiral(x: Array, y: Array, xp: Any) -> list[Array]:
    # The direction, turned once more with every unit of distance: two arms of an Archimedean spiral.
    r = _radius(x, y, xp)
    c, s = cosine(math.pi * r, xp), sine(math.pi * r, xp)
    return [(x * c - y * s) / r, (x * s + y * c) / r]


def torus(x: Array, y: Array, xp: Any) -> list[Array]:
    """Return the square [-1, 1]^2 as a torus: four channels that repeat without a seam, in x and in y."""
    return [cosine(math.pi * x, xp), sine(math.pi * x, xp), cosine(math.pi * y, xp), sine(math.pi * y, xp)]


_TAU = 2 * math.pi

_RECORDS = (
    Feature("x", "x", 1, lambda x, y, xp: [x], column=0),
    Feature("y", "y", 1, lambda x, y, xp: [y], column=1),
    Feature("r", "distance from the centre", 1, lambda x, y, xp: [_radius(x, y, xp)], centred=True, column=2),
    Feature("angle", "direction from the centre, as cosine and sine", 2, _angle, centred=True, column=3),
    Feature("x2", "x squared", 1, lambda x, y, xp: [x * x], column=5),
    Feature("y2", "y squared", 1, lambda x, y, xp: [y * y], column=6),
    Feature("xy", "x times y", 1, lambda x, y, xp: [x * y], column=7),
    Feature("abs_x", "|x|", 1, lambda x, y, xp: [xp.abs(x)], column=8),
    Feature("abs_y", "|y|", 1, lambda x, y, xp: [xp.abs(y)], column=9),
    Feature("wave_x", "a sine wave along x", 1, lambda x, y, xp: [xp.sin(_TAU * x)], seamless=True, column=10),
    Feature("wave_y", "a sine wave along y", 1, lambda x, y, xp: [xp.sin(_TAU * y)], seamless=True, column=11),
    Feature(
        "ring",
        "rings around the centre",
        1,
        lambda x, y, xp: [xp.sin(_TAU * _radius(x, y, xp))],
        centred=True,
        column=12,
    ),
    Feature("spiral", "a spiral around the centre, as cosine and sine", 2, _spiral, centred=True, column=13),
    Feature("torus", "the square as a torus: pictures that tile", 4, torus, seamless=True, column=15),
)


def _accept(record: Feature, origin: str) -> Feature:
    """Return a plugin's feature with its weight column. Raises `BadInput`."""
    if not 1 <= record.channels <= MAX_CHANNELS:
        raise BadInput(f"feature {record.name!r}: expected 1 to {MAX_CHANNELS} channels, found {record.channels}")
    function = guarded(record.function, "feature", record.name, origin)
    place = np.linspace(-1, 1, 12, dtype=np.float32)
    found = [np.shape(channel) for channel in function(place, place[::-1], np)]
    if found != [place.shape] * record.channels:
        raise BadInput(
            f"feature {record.name!r}: expected {record.channels} arrays of the shape of x, found {found}"
        )
    return replace(record, function=function, column=plugin_column(record.name))


FEATURES = Registry("feature", "artstudio.features", _RECORDS, _accept)


def weight_columns(features: tuple[str, ...], latent: int, fourier: int = 0) -> list[int]:
    """Return the weight column of every input channel: features, `fourier` random pairs, `latent` values."""
    chosen = (FEATURES[name] for name in features)
    columns = [record.column + i for record in chosen for i in range(record.channels)]
    columns += [COLUMNS["fourier"] + i for i in range(2 * fourier)]
    return columns + [COLUMNS["latent"] + i for i in range(latent)]


def fourier_frequencies(seed: int, count: int, scale: float, seamless: bool) -> NDArray[np.float64]:
    """Return random angular frequencies, (2, count): a row for x and one for y, of deviation pi * scale.

    They turn coordinates into waves of all directions (Tancik et al., "Fourier Features Let Networks Learn High
    Frequency Functions in Low Dimensional Domains", 2020). `seamless` rounds them to whole waves over [-1, 1].
    """
    waves = raw_weights(seed, LAYERS["fourier"], 2, range(count)).astype(np.float64) * scale
    return math.pi * (np.rint(waves) if seamless else waves)


ORIGINS = 0.6
"""Times the raw weights' range, sqrt 3: a seed's origin lies this far out along each axis, at most."""


def seed_origin(seed: int) -> tuple[float, float]:
    """Return the point from which a seed's distances are measured, in canvas units, evenly spread over a square."""
    x, y = raw_weights(seed, LAYERS["origin"], 1, range(2))[0].astype(np.float64) * ORIGINS
    return float(x), float(y)


def compute_features(
    features: tuple[str, ...],
    x: Array,
    y: Array,
    xp: Any,
    origin: tuple[Any, Any],
    frequencies: Array | None = None,
) -> Array:
    """Return the input channels, (channels, pixels), for coordinates x and y of shape (pixels,).

    `origin` is the point from which centred features are measured. `frequencies` are those of the random Fourier
    features, (2, count): a cosine and a sine of each.
    """
    channels = [channel for name in features for channel in FEATURES[name].at(x, y, origin, xp)]
    if frequencies is None or not frequencies.shape[1]:
        return xp.stack(channels)
    phase = frequencies[0][:, None] * x[None] + frequencies[1][:, None] * y[None]
    return xp.concatenate([xp.stack(channels), cosine(phase, xp), sine(phase, xp)])


# --- symmetry ---------------------------------------------------------------------------------------------


def _mirror_x(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    return xp.abs(x), y


def _mirror_y(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    return x, xp.abs(y)


def _mirror_xy(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    return xp.abs(x), xp.abs(y)


def _rotate(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    # The angle times n: the same value n times around, and no seam, since cosine and sine close on themselves.
    r, angle = _radius(x, y, xp), xp.arctan2(y, x) * folds
    return r * xp.cos(angle), r * xp.sin(angle)


def _kaleidoscope(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    # Fold the angle into one half-sector and mirror it there, as two mirrors at pi / n do.
    r, sector = _radius(x, y, xp), _TAU / folds
    angle = xp.arctan2(y, x) / sector
    folded = xp.abs(angle - xp.floor(angle + 0.5)) * sector
    return r * xp.cos(folded), r * xp.sin(folded)


def _grid(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    # Each tile sees the whole square [-1, 1]^2.
    def tile(t: Array) -> Array:
        place = 0.5 * (t + 1) * folds
        return 2 * (place - xp.floor(place)) - 1

    return tile(x), tile(y)


def _mosaic(x: Array, y: Array, folds: Array, xp: Any) -> tuple[Array, Array]:
    # As the grid, but every other tile is mirrored, so that neighbours meet without a step.
    def tile(t: Array) -> Array:
        place = 0.25 * (t + 1) * folds
        return 4 * xp.abs(place - xp.floor(place) - 0.5) - 1

    return tile(x), tile(y)


@dataclass(frozen=True)
class Symmetry:
    """A map of the plane to itself, applied before the features; `counted` ones take a number of folds."""

    name: str
    label: str
    function: Callable[[Array, Array, Array, Any], tuple[Array, Array]]
    counted: bool = False
    tiles: bool = False
    """Whether the edges of the square [-1, 1]^2 meet where those of the features do."""
    order: Callable[[int], int] = lambda folds: 1
    """How many times, for so many folds, the picture looks the same in one turn around its centre."""

    @property
    def word(self) -> str:
        """How it is written, with `:N` for its folds."""
        return self.name + ":N" * self.counted


_SYMMETRIES = (
    Symmetry("none", "no symmetry", lambda x, y, folds, xp: (x, y), tiles=True),
    Symmetry("mirror-x", "left mirrors right", _mirror_x, tiles=True),
    Symmetry("mirror-y", "top mirrors bottom", _mirror_y, tiles=True),
    Symmetry("mirror-xy", "both mirrors", _mirror_xy, tiles=True, order=lambda folds: 2),
    Symmetry("rotate", "the same N times around the centre", _rotate, True, order=lambda folds: folds),
    Symmetry(
        "kaleidoscope", "N mirrored sectors around the centre", _kaleidoscope, True, order=lambda folds: folds
    ),
    Symmetry("grid", "N by N equal tiles", _grid, True),
    Symmetry("mosaic", "N by N tiles, every other one mirrored", _mosaic, True),
)

SYMMETRIES: Mapping[str, Symmetry] = MappingProxyType({record.name: record for record in _SYMMETRIES})

SYMMETRY_WORDS = tuple(record.word for record in _SYMMETRIES)


def parse_symmetry(text: str) -> tuple[Symmetry, int]:
    """Read `none`, `mirror-x`, `rotate:5`, `kaleidoscope:6` ... as the symmetry and its number of folds.

    Raises `BadInput` for an unknown name, a missing count or one outside 2 to 24.
    """
    name, _, count = text.partition(":")
    record = SYMMETRIES.get(name)
    if record is None:
        raise unknown("symmetry", name, SYMMETRY_WORDS)
    if not record.counted:
        if count:
            raise BadInput(f"symmetry {name!r} takes no number, found {shown(text)}")
        return record, 1
    if not (count.isascii() and count.isdigit() and len(count) <= 3 and 2 <= int(count) <= MAX_FOLDS):
        raise BadInput(
            f"symmetry {name!r} needs a number from 2 to {MAX_FOLDS}, as in {name}:6; found {shown(text)}"
        )
    return record, int(count)
