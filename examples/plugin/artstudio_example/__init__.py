"""Records for artstudio. Functions take the array module as `xp`: they run in NumPy, in JAX, and on the page."""

from math import cos, inf, radians, sin, sqrt

from artstudio import Activation, ColourModel, Feature, Palette

SNAKE = Activation(
    name="snake",
    label="Snake",
    formula="z + sin(z)^2",
    latex=r"z + \sin^2 z",
    range=(-inf, inf),
    range_text="R",
    function=lambda z, xp: z + xp.sin(z) ** 2,
    gain=1.0,
    use="periodic data that also grows (Ziyin et al., Neural Networks Fail to Learn Periodic Functions, 2020)",
)


def _hexagon(x, y, xp):
    # The distance from the centre as a hexagon measures it: the farthest of three pairs of sides.
    slanted = sqrt(3) / 2 * xp.abs(x)
    return [xp.maximum(xp.abs(y), slanted + 0.5 * xp.abs(y))]


HEXAGON = Feature("hexagon", "distance from the centre, in hexagons", 1, _hexagon)

_HUE = radians(55)


def _complement(outputs, prepared, to_srgb, xp):
    lightness = 0.56 + 0.36 * xp.tanh(0.8 * outputs[0])
    chroma = 0.13 * xp.tanh(1.2 * outputs[1])
    return to_srgb(xp.stack([lightness, chroma * cos(_HUE), chroma * sin(_HUE)]), xp)


COMPLEMENT = ColourModel(
    name="complement",
    summary="one hue and its complement, with grey between",
    uses_palette=False,
    gives_oklab=True,
    channels=lambda colours: 2,
    prepare=lambda outputs, palette, seed, to_srgb: {},
    apply=_complement,
)

PALETTES = [
    Palette("tidepool", colours=("#0b1d26", "#1f4e5f", "#4f9d8f", "#c7d8b6", "#f4ead5", "#e07a5f")),
    Palette("heather", colours=("#1d1423", "#4b3355", "#8d6a9f", "#c8a8c9", "#efe3e9")),
]
