"""Colour models: from the network's outputs, (channels, pixels), to display-referred sRGB, (3, pixels).

Outputs come standardised: over the calibration probe each has mean zero and unit variance. A model first
`prepare`s what it needs in float64 from the probe's outputs, the palette and the seed (small arrays that
travel beside the weights), then `apply`s it to every pixel in float32. So colour never depends on the
picture's size, its strips or its view. Values in [0, 1] up to gamut overflow; the engine clips.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput
from artstudio.model.colour.oklab import oklab_from_oklch
from artstudio.model.colour.palettes import sample_ramp
from artstudio.model.colour.prepared import Part
from artstudio.model.weights import LAYERS, raw_weights
from artstudio.registry import Registry, guarded

Array = Any
ToSrgb = Callable[[Array, Any], Array]
Prepared = dict[str, NDArray[np.float32]]

MAX_OUTPUTS = 7
"""Network outputs that a colour model takes, at most."""

TABLE_SIZE = 4096
"""Entries in the colour table of the `palette` model; neighbours differ by less than a display level."""

KNOTS = 65
"""Quantiles kept of the first output: fine enough to equalise, too coarse to follow the probe's grain."""

CONSTANT = 1e-9
"""A range this small, where the usual deviation is 1, is rounding."""


@dataclass(frozen=True)
class ColourModel:
    """One way to colour. `channels(n)` is the number of network outputs for a palette of n colours.

    `prepare(outputs, palette, seed)` takes the probe's outputs, float64 (channels, probe pixels), and the
    palette in OKLab, (3, n); `apply(outputs, prepared, to_srgb, xp)` is written once for NumPy and JAX.
    `to_srgb(lab, xp)` converts OKLab and says what becomes of colours outside of sRGB; a model that `gives_oklab`
    calls it last, on all that it returns. `parts` are what it prepares; of what `comparable` makes of that, sums give
    colours between.
    """

    name: str
    summary: str
    uses_palette: bool
    gives_oklab: bool
    channels: Callable[[int], int]
    prepare: Callable[[NDArray[np.float64], NDArray[np.float64], int, ToSrgb], Prepared]
    apply: Callable[[Array, Prepared, ToSrgb, Any], Array]
    parts: Mapping[str, Part] = field(default_factory=dict)
    comparable: Callable[[Prepared], Prepared] = lambda prepared: prepared


def _nothing(outputs: NDArray[np.float64], palette: NDArray[np.float64], seed: int, to_srgb: ToSrgb) -> Prepared:
    return {}


def _base_hue(outputs: NDArray[np.float64], palette: NDArray[np.float64], seed: int, to_srgb: ToSrgb) -> Prepared:
    # A fraction of a full turn, from the seed: no two seeds share a colour mood.
    turn = raw_weights(seed, LAYERS["hue"], 1, [0]).astype(np.float64) / (2 * math.sqrt(3)) + 0.5
    return {"hue": turn.astype(np.float32)}


def _sigmoid(z: Array, xp: Any) -> Array:
    return 0.5 + 0.5 * xp.tanh(0.5 * z)


def _rgb(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    return _sigmoid(1.5 * outputs, xp)


def _hsv(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    # A fifth of a turn either way around the base hue: a full turn looks like a rainbow.
    hue = prepared["hue"][0] + 0.2 * xp.tanh(outputs[0])
    saturation = 0.2 + 0.55 * _sigmoid(outputs[1], xp)
    value = 0.15 + 0.83 * _sigmoid(1.7 * outputs[2], xp)
    # HSV to RGB in closed form (Smith 1978): each channel is a clipped triangle wave of the hue.
    turn = xp.stack([hue * 6 + shift for shift in (5.0, 3.0, 1.0)])
    k = turn - 6 * xp.floor(turn / 6)
    return value[None] * (1 - saturation[None] * xp.clip(xp.minimum(k, 4 - k), 0, 1))


def _oklab(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    lightness = 0.25 + 0.65 * _sigmoid(1.6 * outputs[0], xp)
    a, b = outputs[1], outputs[2]
    scale = 0.16 / xp.sqrt(1 + a * a + b * b)  # chroma stays below 0.16, its direction as it is
    return to_srgb(xp.stack([lightness, a * scale, b * scale]), xp)


def _oklch(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    lightness = 0.25 + 0.65 * _sigmoid(1.6 * outputs[0], xp)
    chroma = 0.04 + 0.11 * _sigmoid(outputs[1], xp)
    hue = (2 * math.pi) * prepared["hue"][0] + 1.4 * xp.tanh(0.8 * outputs[2])
    return to_srgb(oklab_from_oklch(lightness, chroma, hue, xp), xp)


def _mono(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    lightness = 0.1 + 0.87 * _sigmoid(1.6 * outputs[0], xp)
    zero = xp.zeros_like(lightness)
    return to_srgb(xp.stack([lightness, zero, zero]), xp)


def _prepare_duotone(
    outputs: NDArray[np.float64], palette: NDArray[np.float64], seed: int, to_srgb: ToSrgb
) -> Prepared:
    order = np.argsort(palette[0], kind="stable")
    return {"ends": palette[:, order[[0, -1]]].astype(np.float32)}


def _duotone(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    # Steeper than `mono`, so that both inks stand almost pure over large areas, as in print.
    share = _sigmoid(2.2 * outputs[0], xp)[None]
    dark, light = prepared["ends"][:, :1], prepared["ends"][:, 1:]
    return to_srgb(dark + (light - dark) * share, xp)


def _prepare_palette(
    outputs: NDArray[np.float64], palette: NDArray[np.float64], seed: int, to_srgb: ToSrgb
) -> Prepared:
    low, high, rank = equalise(outputs[0])
    table = to_srgb(sample_ramp(palette, rank), np)
    scale = (TABLE_SIZE - 1) / (high - low)
    return {
        "table": np.clip(table, 0, 1).astype(np.float32),
        "address": np.array([scale, -low * scale], np.float32),
    }


_REACH = 8.0
"""Standard deviations of the output: colour tables of different networks are laid over this common range."""


def _over_common_range(prepared: Prepared) -> Prepared:
    # A table of equalised colours starts and ends where its own outputs do. Only tables over one range can be mixed.
    scale, offset = prepared["address"]
    places = np.clip(np.linspace(-_REACH, _REACH, TABLE_SIZE) * scale + offset, 0, TABLE_SIZE - 1)
    common = np.stack([np.interp(places, np.arange(TABLE_SIZE), row) for row in prepared["table"]])
    step = (TABLE_SIZE - 1) / (2 * _REACH)
    return {"table": common.astype(np.float32), "address": np.array([step, _REACH * step], np.float32)}


def equalise(values: NDArray[np.float64]) -> tuple[float, float, NDArray[np.float64]]:
    """Return low, high and the rank in [0, 1] of `TABLE_SIZE` evenly spaced values from low to high.

    The rank is the share of `values` below, halfway through ties, so that a picture of few flat levels
    spreads them as evenly as a smooth one spreads its gradient. Interpolated linearly between quantiles.
    """
    ordered = np.sort(values)
    knots = np.unique(np.quantile(ordered, np.linspace(0, 1, KNOTS), method="nearest"))
    below = np.searchsorted(ordered, knots, "left")
    through = np.searchsorted(ordered, knots, "right")
    rank = (below + through) / (2 * len(ordered))
    if knots[-1] - knots[0] < CONSTANT:  # a constant output: the middle of the palette
        return float(knots[0]) - 1, float(knots[0]) + 1, np.full(TABLE_SIZE, 0.5)
    rank = (rank - rank[0]) / (rank[-1] - rank[0])
    low, high = float(knots[0]), float(knots[-1])
    return low, high, np.interp(np.linspace(low, high, TABLE_SIZE), knots, rank)


def _palette(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    scale, offset = prepared["address"]
    position = xp.clip(outputs[0] * scale + offset, 0, TABLE_SIZE - 1)
    left = xp.clip(xp.floor(position), 0, TABLE_SIZE - 2)
    index = left.astype("int32")
    table = prepared["table"]
    start = table[:, index]
    return start + (table[:, index + 1] - start) * (position - left)[None]


def _prepare_mixture(
    outputs: NDArray[np.float64], palette: NDArray[np.float64], seed: int, to_srgb: ToSrgb
) -> Prepared:
    return {"colours": palette[:, mixture_entries(palette.shape[1])].astype(np.float32)}


def mixture_entries(colours: int) -> NDArray[np.intp]:
    """Return which of so many colours are mixed: of a colour map's dozens seven, evenly spaced, say the same."""
    return np.rint(np.linspace(0, colours - 1, min(colours, MAX_OUTPUTS))).astype(np.intp)


def _mixture(outputs: Array, prepared: Prepared, to_srgb: ToSrgb, xp: Any) -> Array:
    # Sums over few entries, written out: their order is then the same for every strip on every device, and
    # no matrix product may run in reduced precision on a GPU.
    colours = prepared["colours"]
    greatest = outputs.max(axis=0)
    shares = [xp.exp(2.0 * (output - greatest)) for output in outputs]
    lab = sum(colours[:, i, None] * share[None] for i, share in enumerate(shares)) / sum(shares)[None]
    return to_srgb(lab, xp)


_HUE = {"hue": Part((1, 1), "turns")}

_RECORDS = (
    ColourModel(
        "palette", "one output, equalised, along the palette", True, False,
        lambda n: 1, _prepare_palette, _palette,
        {"table": Part((3, TABLE_SIZE)), "address": Part((2,))}, _over_common_range,
    ),
    ColourModel(
        "mixture", "softmax over the outputs mixes the palette's colours", True, True,
        lambda n: len(mixture_entries(n)), _prepare_mixture, _mixture,
        {"colours": Part((3, MAX_OUTPUTS))},
    ),
    ColourModel(
        "duotone", "two inks: the palette's darkest and lightest colour", True, True,
        lambda n: 1, _prepare_duotone, _duotone, {"ends": Part((3, 2))},
    ),
    ColourModel(
        "oklab", "lightness and two colour axes, evenly perceived", False, True,
        lambda n: 3, _nothing, _oklab,
    ),
    ColourModel(
        "oklch", "lightness, chroma and a limited range of hues", False, True,
        lambda n: 3, _base_hue, _oklch, _HUE,
    ),
    ColourModel(
        "hsv", "hue, saturation, value around the seed's own hue", False, False,
        lambda n: 3, _base_hue, _hsv, _HUE,
    ),
    ColourModel(
        "rgb", "red, green and blue straight from the network", False, False,
        lambda n: 3, _nothing, _rgb,
    ),
    ColourModel("mono", "shades of grey", False, True, lambda n: 1, _nothing, _mono),
)  # fmt: skip


def _accept(record: ColourModel, origin: str) -> ColourModel:
    """Return a plugin's colour model with functions that name it where they fail. Raises `BadInput`."""
    kept: dict[str, Any] = {
        name: guarded(getattr(record, name), "colour model", record.name, origin)
        for name in ("channels", "prepare", "apply", "comparable")
    }
    known = {name: part for model in _RECORDS for name, part in model.parts.items()}
    if clash := sorted(name for name, part in record.parts.items() if known.get(name, part) != part):
        raise BadInput(f"colour model {record.name!r}: another model prepares a different part {clash[0]!r}")
    for colours in (2, 16):
        count = kept["channels"](colours)
        if not 1 <= count <= MAX_OUTPUTS:
            raise BadInput(f"colour model {record.name!r}: expected 1 to {MAX_OUTPUTS} channels, found {count}")
        outputs = np.linspace(-2, 2, count * 64).reshape(count, 64)
        prepared = kept["prepare"](outputs, np.linspace(0.1, 0.9, 3 * colours).reshape(3, colours), 0, _as_it_is)
        found = np.shape(kept["apply"](outputs.astype(np.float32), prepared, _as_it_is, np))
        if found != (3, 64):
            raise BadInput(f"colour model {record.name!r}: expected colours of the shape (3, 64), found {found}")
    return replace(record, **kept)


def _as_it_is(lab: Array, xp: Any) -> Array:
    return lab


COLOUR_MODELS = Registry("colour model", "artstudio.colours", _RECORDS, _accept)
"""Every colour model by its name, in listing order. Read-only."""
