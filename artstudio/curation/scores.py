"""How good a picture is likely to look, from published measures of its colours, contrasts and detail."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.model.colour.oklab import oklab_from_levels

Floats = NDArray[np.floating[Any]]

_BINS = 64
_EDGE = 0.05
"""A step in lightness between neighbours, at 128 pixels a side, from which on it reads as an edge."""


@dataclass(frozen=True)
class Scores:
    """The measures of one picture; each says in its own unit what it is.

    `colourfulness`: Hasler and Suesstrunk, "Measuring colourfulness in natural images", 2003 (their M, 0 for grey to
    about 110). `entropy`: Shannon entropy of lightness in 64 steps, in bits (0 to 6). `edges`: share of pixels with
    an edge, by the Sobel operator. `slope`: of log amplitude over log frequency; natural images have about -1 (Field,
    "Relations between the statistics of natural images and the response properties of cortical cells", 1987).
    `noise`: share of energy in the top octave (white noise 0.75). `complexity`: deflated size over raw size, after
    Machado and Cardoso, "Computing aesthetics", 1998. `contrast`: standard deviation of lightness (RMS contrast;
    Peli, "Contrast in complex images", 1990). `structure`: the part of that contrast in waves of 3 to 12 over the
    short side, forms rather than gradients or grain. `hues`: circular variance of hue, weighted by chroma (Fisher,
    "Statistical analysis of circular data", 1993), fading out for greys. `balance`: 1 where the centre of visual mass
    is the picture's, 0 at its edge (after Arnheim, "Art and visual perception", 1954). `total`: 0 to 1, see
    `PREFERENCES`.
    """

    colourfulness: float
    entropy: float
    edges: float
    slope: float
    noise: float
    complexity: float
    contrast: float
    structure: float
    hues: float
    balance: float
    total: float


@dataclass(frozen=True)
class Preference:
    """What is liked of a measure: 1 between `low` and `high`, falling to 0 over `soft` on either side."""

    low: float
    high: float
    soft: float
    weight: float

    def __call__(self, value: float) -> float:
        """Return how well a value is liked, 0 to 1, by a raised cosine at the flanks."""
        off = max(self.low - value, value - self.high, 0.0) / self.soft
        return 0.5 + 0.5 * math.cos(math.pi * min(off, 1.0))


PREFERENCES: Mapping[str, Preference] = MappingProxyType(
    {
        "colourfulness": Preference(20, 81, 41, 0.95),
        "entropy": Preference(4.2, 6.0, 3.0, 1.0),
        "edges": Preference(0.22, 0.30, 0.23, 2.1),
        "slope": Preference(-2.28, -1.30, 0.97, 1.0),
        "noise": Preference(0.0, 0.023, 0.17, 1.85),
        "complexity": Preference(0.16, 0.42, 0.32, 1.4),
        "contrast": Preference(0.14, 0.30, 0.14, 1.0),
        "structure": Preference(0.084, 0.148, 0.069, 1.0),
        "hues": Preference(0.0, 0.29, 0.47, 1.05),
        "balance": Preference(0.75, 1.0, 0.75, 1.5),
    }
)
"""The total is the weighted geometric mean of these: a picture that fails in one thing fails. The ranges and
weights are this project's, fitted to judged pairs of pictures: see docs/curation.md and `benchmarks/taste.py`."""


def score(pixels: NDArray[np.uint8], lab: NDArray[np.float32] | None = None) -> Scores:
    """Return the scores of a picture, uint8 (height, width, 3), meant for about 128 pixels a side (at least 16).

    `lab` are its colours in OKLab, (3, pixels), where they are at hand.
    """
    height, width, _ = pixels.shape
    lab = oklab_from_levels(pixels) if lab is None else lab
    lightness = lab[0].reshape(height, width)
    slope, noise, structure = _spectrum(lightness)
    values = {
        "colourfulness": colourfulness(pixels),
        "entropy": entropy(lightness),
        "edges": edge_density(lightness),
        "slope": slope,
        "noise": noise,
        "complexity": len(zlib.compress(pixels.tobytes(), 6)) / pixels.size,
        "contrast": float(lightness.std()),
        "structure": structure,
        "hues": hue_variance(lab),
        "balance": balance(lightness),
    }
    return Scores(**values, total=total(values))


def total(values: Mapping[str, float]) -> float:
    """Return the weighted geometric mean of how well each value is liked, 0 to 1."""
    weights = sum(preference.weight for preference in PREFERENCES.values())
    logs = sum(p.weight * math.log(max(p(values[name]), 1e-6)) for name, p in PREFERENCES.items())
    return math.exp(logs / weights)


def colourfulness(pixels: NDArray[np.uint8]) -> float:
    """Return Hasler and Suesstrunk's M of sRGB pixels."""
    red, green, blue = pixels.reshape(-1, 3).T.astype(np.float64)
    first, second = red - green, 0.5 * (red + green) - blue
    spread = math.hypot(first.std(), second.std())
    return float(spread + 0.3 * math.hypot(first.mean(), second.mean()))


def entropy(lightness: Floats) -> float:
    """Return the Shannon entropy of lightness in [0, 1] over 64 steps, in bits."""
    counts = np.bincount(np.clip(lightness * _BINS, 0, _BINS - 1).astype(np.intp).ravel(), minlength=_BINS)
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


def edge_density(lightness: Floats) -> float:
    """Return the share of inner pixels at which the Sobel operator finds an edge."""
    across, down = _sobel(lightness), _sobel(lightness.T).T
    return float((np.hypot(across, down) > _EDGE).mean())


def _sobel(values: Floats) -> Floats:
    # Change from left to right over two pixels, smoothed from top to bottom; in units of lightness per pixel.
    change = (values[:, 2:] - values[:, :-2]) / 2
    smooth: Floats = (change[:-2] + 2 * change[1:-1] + change[2:]) / 4
    return smooth


def balance(lightness: Floats) -> float:
    """Return 1 less how far the centre of what stands out lies from the middle, in halves of each side."""
    mass = np.abs(lightness - np.median(lightness))
    if not mass.any():
        return 1.0
    y, x = (np.linspace(-1, 1, n) for n in lightness.shape)
    away = math.hypot((mass.sum(axis=0) * x).sum(), (mass.sum(axis=1) * y).sum()) / mass.sum()
    return max(0.0, 1.0 - float(away))


def hue_variance(lab: Floats) -> float:
    """Return the circular variance of hue, weighted by chroma, of OKLab colours (3, pixels): 0 for one hue, up to 1.

    Where the mean chroma is below 0.05 it is less by as much: the hue of a grey is not seen.
    """
    chroma = np.hypot(lab[1], lab[2])
    total = float(chroma.sum())
    if not total:
        return 0.0
    # Chroma times the unit vector of hue is (a, b) itself.
    resultant = math.hypot(float(lab[1].sum()), float(lab[2].sum())) / total
    return float((1 - resultant) * min(total / chroma.size / 0.05, 1.0))


def _spectrum(lightness: Floats) -> tuple[float, float, float]:
    """Return the slope of log amplitude over log frequency, the top octave's share of energy, and `structure`."""
    height, width = lightness.shape
    amplitude = np.abs(np.fft.fft2((lightness - lightness.mean()) * _window(height, width)))
    energy = (amplitude**2).sum()
    if energy < 1e-3:  # flat but for the rounding of float32; one pixel one level off has more than 0.1
        return 0.0, 0.0, 0.0
    ring, top = _rings(height, width)
    rings = min(height, width) // 2
    mean = (
        np.bincount(ring, amplitude.ravel(), rings + 1)[1:rings] / np.bincount(ring, minlength=rings + 1)[1:rings]
    )
    frequency = np.arange(1, rings)
    slope = np.polyfit(np.log(frequency[1:]), np.log(np.maximum(mean[1:], 1e-12)), 1)[0]
    power = np.bincount(ring, (amplitude**2).ravel(), rings + 1)
    # Parseval: the energy of all waves is that of the windowed picture, times its pixels.
    structure = math.sqrt(power[3:13].sum() / lightness.size / (_window(height, width) ** 2).sum())
    return float(slope), float((amplitude**2)[top].sum() / energy), structure


@lru_cache(maxsize=8)
def _window(height: int, width: int) -> Floats:
    return np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)


@lru_cache(maxsize=8)
def _rings(height: int, width: int) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Return the ring of each frequency (in waves over the short side, the rest in the last), and the top octave."""
    y, x = np.abs(np.fft.fftfreq(height))[:, None], np.abs(np.fft.fftfreq(width))[None]
    short = min(height, width)
    ring = np.minimum(np.rint(np.hypot(y, x) * short), short // 2).astype(np.intp)
    return ring.ravel(), np.maximum(y, x) >= 0.25
