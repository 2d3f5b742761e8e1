"""Palettes: named lists of colours, your own hex colours, and the smooth ramp through them in OKLab."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, clip, unknown
from artstudio.model.oklab import oklab_from_srgb

MAX_COLOURS = 16

_RAMP_STOPS = 33
"""How many colours are taken from a scientific colour map: enough that straight OKLab lines between them
follow the original."""


@dataclass(frozen=True)
class Palette:
    """A named palette: its own `colours` (hex, in order), or `source`, a colour map of the cmap library."""

    name: str
    colours: tuple[str, ...] = ()
    source: str = ""


_HAND_MADE = {
    "dusk": "#0f1130 #2b2a5f #6a4c93 #c9637e #f2a65a #fbe8c8",
    "ember": "#14080e #49111c #a22c29 #e36414 #f6ae2d #fff3d0",
    "glacier": "#06141f #0b3954 #1f7a8c #7fc8d6 #e1f3f5",
    "moss": "#10170f #29402a #5d7f43 #a7b86b #eee8c6",
    "ink": "#0d0f14 #1f2633 #46556b #93a1b0 #dfe3e6 #f7f4ee",
    "porcelain": "#f7f3ea #c9d8e6 #6c93c2 #2a4f91 #122150",
    "aurora": "#050b1e #0e3b43 #159a80 #7fe0a3 #d6b4f5 #6a3fa0",
    "sorbet": "#ffe9d6 #ffc2b4 #f58aa0 #b46cc4 #5a56b0",
    "terracotta": "#2a1a1f #6b2d2a #b5533c #e0976b #f3d9b8 #5f8a8b",
    "riso": "#1b2a6b #ff5a5f #ffd23f #f7f3e8",
    "bauhaus": "#1d1d1b #d7352c #f2b61f #f3ecdc #1f5fa8",
    "cathedral": "#12131c #123f7a #0f8a8d #e0b02e #c8402f #6a1b4d",
    "peacock": "#04151f #083d56 #0e7c7b #17bebb #d4f4dd #d9a441",
    "copper": "#0b0b10 #3a1f1a #8c4a2f #d58b5a #f3d2ad #4f7f78",
    "nightshade": "#0a0612 #2a1246 #5d2a8c #b04fc0 #f59bd0 #ffe6f0",
    "meadow": "#16302b #3e6b48 #a3b565 #f2e394 #f29559",
    "paper": "#fbf7ef #e8dcc7 #c7b299 #8d7966 #4b3f38",
    "cobalt": "#020824 #0a2472 #1c5bd9 #8cc4ff #f5f9ff",
    "lagoon": "#0b2b33 #13505b #2a9d8f #e9d8a6 #ee9b6a #bb4430",
    "orchid": "#1a1423 #44344f #8a5a83 #d49bae #f6e3dc #bbcbcb",
}

_COLOUR_MAPS = {
    "viridis": "bids:viridis",
    "magma": "bids:magma",
    "inferno": "bids:inferno",
    "plasma": "bids:plasma",
    "cividis": "cividis:cividis",
    "twilight": "matplotlib:twilight",
    "batlow": "crameri:batlow",
    "roma": "crameri:roma",
    "vik": "crameri:vik",
    "tokyo": "crameri:tokyo",
    "davos": "crameri:davos",
    "lajolla": "crameri:lajolla",
    "lapaz": "crameri:lapaz",
    "nuuk": "crameri:nuuk",
    "acton": "crameri:acton",
    "thermal": "cmocean:thermal",
    "haline": "cmocean:haline",
    "mako": "seaborn:mako",
    "rocket": "seaborn:rocket",
    "icefire": "seaborn:icefire",
}

PALETTES: Mapping[str, Palette] = MappingProxyType(
    {name: Palette(name, colours=tuple(text.split())) for name, text in _HAND_MADE.items()}
    | {name: Palette(name, source=source) for name, source in _COLOUR_MAPS.items()}
)

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE | re.ASCII)


def canonical_palette(value: Any) -> str | tuple[str, ...]:
    """Return a palette as a recipe keeps it: a known name, or 2 to 16 colours as `#rrggbb`.

    A name may end in `_r` for the reverse order. Raises `BadInput`.
    """
    if isinstance(value, str):
        if value.removesuffix("_r") in PALETTES:
            return value
        if value.startswith("#"):
            return canonical_palette(tuple(value.replace(",", " ").split()))
        raise unknown("palette", value, PALETTES, see="artstudio palettes")
    if not isinstance(value, tuple) or not all(isinstance(colour, str) for colour in value):
        raise BadInput(f"expected a palette name or a list of hex colours, found {clip(repr(value))}")
    if not 2 <= len(value) <= MAX_COLOURS:
        raise BadInput(f"expected 2 to {MAX_COLOURS} colours, found {len(value)}")
    for colour in value:
        if not _HEX.fullmatch(colour):
            raise BadInput(f"expected hex colours such as #f2a65a, found {clip(repr(colour))}")
    return tuple(_long_hex(colour.lower()) for colour in value)


def _long_hex(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])


def palette_colours(palette: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the colours of a canonical palette as `#rrggbb`, in order."""
    if isinstance(palette, tuple):
        return palette
    record = PALETTES[palette.removesuffix("_r")]
    colours = record.colours or _sample_colour_map(record.source)
    return colours[::-1] if palette.endswith("_r") else colours


@lru_cache
def _sample_colour_map(source: str) -> tuple[str, ...]:
    from cmap import Colormap  # late: it takes a fifth of a second to import

    rgb = np.asarray(Colormap(source)(np.linspace(0, 1, _RAMP_STOPS)))[:, :3]
    return tuple("#" + bytes(np.rint(row * 255).astype(np.uint8)).hex() for row in rgb)


def palette_oklab(palette: str | tuple[str, ...]) -> NDArray[np.float64]:
    """Return the palette's colours in OKLab, float64 (3, colours)."""
    rgb = [[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in palette_colours(palette)]
    lab: NDArray[np.float64] = oklab_from_srgb(np.array(rgb, np.float64).T, np)
    return lab


def sample_ramp(colours: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Interpolate OKLab colours (3, n) linearly at positions in [0, 1]: (3, len(at))."""
    stops = np.linspace(0, 1, colours.shape[1])
    return np.stack([np.interp(at, stops, channel) for channel in colours])
