"""Palettes: named lists of colours, your own hex colours, and the smooth ramp through them in OKLab."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, clip, unknown
from artstudio.model.colour.oklab import oklab_from_srgb
from artstudio.registry import Registry

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
    "vellum": "#f8f1e1 #eadbbd #d9b98a #a9744f #5b3a29",
    "madder": "#2b0a14 #6d1530 #b3284a #e2787f #f7cfc4",
    "saffron": "#2c1503 #7a3b06 #cf7d0e #f3b73b #fdecc0",
    "verdigris": "#0d1f1e #1f4d48 #3f8c80 #9cc9b5 #f0ead2",
    "iris": "#120f26 #352a63 #6b5bb0 #b1a6dd #f3eefb",
    "sumi": "#f6f3ec #d9d4c8 #8f8a80 #3c3a38 #141414",
    "cyanotype": "#03142e #0b3a6f #2f76ad #9cc5dd #f2f3ea",
    "kilim": "#2a1420 #7d1f2c #c8502d #e5a83b #f2e2bd #2d5f6b",
    "fresco": "#3a4a5a #7f97a0 #d9c9ae #c98b6b #8c4a3c",
    "boreal": "#061a1a #0f4038 #2f8f5b #b6e36b #f4fbd0",
    "lichen": "#1c2321 #48564c #87967a #c6c79f #f0eccf",
    "koi": "#f7f2e8 #f6c9a0 #ee6b3b #b5261e #1b2430",
    "wisteria": "#f6f0f7 #d9c6e6 #a98fd0 #6a5aa8 #2c2a5a",
    "delft": "#fbfaf5 #cfdcec #7fa3cf #2d5fa8 #12285e",
    "obsidian": "#050507 #14161d #2b303b #59616f #a9b0b8",
    "poppy": "#1a0f0f #5a1414 #c22525 #f26a3d #ffd6a5",
    "alpine": "#22304a #55708c #a3b7c2 #e9ebe4 #c9b79a #7a6a55",
    "linen": "#fbf7f0 #f3ece0 #e7dccb #efe6d8 #f8f3ea",
    "mist": "#f7f9fa #e9eff3 #d6e1e8 #e6edf1 #f3f6f8",
    "graphite": "#121418 #191d23 #232932 #1c2128 #15181d",
    "midnight": "#0a0f1f #101a33 #182a52 #111d3a #0b1124",
    "blueprint": "#123a8c #f4efe2",
    "flamingo": "#2a2f6b #ff9aa8",
    "pine": "#0f3b34 #f3e9c9",
    "tangerine": "#20263f #ff9f4a",
    "mulberry": "#3a0f3d #f6c6d0",
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

_RECORDS = (
    *(Palette(name, colours=tuple(text.split())) for name, text in _HAND_MADE.items()),
    *(Palette(name, source=source) for name, source in _COLOUR_MAPS.items()),
)

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE | re.ASCII)


def _accept(record: Palette, origin: str) -> Palette:
    """Return a plugin's palette with its colours as `#rrggbb`. Raises `BadInput`."""
    colours = record.colours or _sample_colour_map(record.source)
    return Palette(record.name, colours=tuple(map(str, canonical_palette(tuple(colours)))))


PALETTES = Registry("palette", "artstudio.palettes", _RECORDS, _accept)
"""Every palette by its name, in listing order. Read-only."""


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
