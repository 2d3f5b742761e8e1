"""The recipes whose pixels are compared with those of renderer 3: presets, combinations, random ones."""

from itertools import product
from random import Random

from artstudio import Recipe
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES, SYMMETRIES
from artstudio.presets.collections import shipped_presets

WIDTH, HEIGHT = 60, 40
"""Pixels of every picture that is compared."""

RANDOM = 500

BEFORE = {"origin": (0.0, 0.0), "gains": "first"}
"""What recipes had before schema 4."""

EXPRESSIONS = ("max(0.1*z, z)", "sin(z) * exp(-z*z/8)", "z * sigmoid(2*z)")


def presets():
    """Yield the name and the recipe of each shipped preset."""
    for name, preset in shipped_presets().items():
        yield f"preset {name}", preset.recipe


def combinations():
    """Yield a small recipe for every activation, colour model and symmetry together."""
    folds = {name: f"{name}:5" if symmetry.counted else name for name, symmetry in SYMMETRIES.items()}
    for number, (activation, colour, symmetry) in enumerate(product(ACTIVATIONS, COLOUR_MODELS, SYMMETRIES)):
        recipe = Recipe(
            seed=number,
            activation=activation,
            units=16,
            depth=3,
            colour=colour,
            symmetry=folds[symmetry],
            **BEFORE,
        )
        yield f"{activation} {colour} {symmetry}", recipe


def random_recipes(count: int = RANDOM):
    """Yield random recipes over all fields; number N is always the same."""
    for number in range(count):
        yield f"random {number}", _random(Random(number))


def _activation(draw: Random) -> str:
    kind = draw.random()
    if kind < 0.12:
        parts = draw.sample(sorted(ACTIVATIONS), draw.randint(2, 4))
        return f"mix({', '.join(f'{part}:{draw.randint(1, 4)}' for part in parts)})"
    return draw.choice(EXPRESSIONS) if kind < 0.18 else draw.choice(sorted(ACTIVATIONS))


def _random(draw: Random) -> Recipe:
    """Return a recipe; each field beyond the usual ones is on in one of a few."""

    def maybe(share, value, otherwise):
        return value() if draw.random() < share else otherwise

    symmetry = draw.choice(sorted(SYMMETRIES))
    return Recipe(
        seed=draw.randrange(2**32),
        activation=tuple(_activation(draw) for _ in range(maybe(0.2, lambda: 2, 1))),
        units=draw.choice((8, 16, 24, 32)),
        depth=draw.randint(1, 9),
        gain=round(draw.uniform(0.5, 2.0), 2),
        skip=maybe(0.15, lambda: True, False),
        sparsity=maybe(0.15, lambda: 0.5, 0.0),
        features=tuple(draw.sample(sorted(FEATURES), maybe(0.3, lambda: draw.randint(4, 7), draw.randint(1, 3)))),
        fourier={"count": maybe(0.15, lambda: draw.randint(1, 8), 0)},
        symmetry=f"{symmetry}:{draw.randint(2, 9)}" if SYMMETRIES[symmetry].counted else symmetry,
        warp={"amount": maybe(0.2, lambda: 0.5, 0.0), "scale": 1.5},
        latent=maybe(0.2, lambda: "seed:3", ()),
        view={
            "centre": (round(draw.uniform(-1, 1), 2), round(draw.uniform(-1, 1), 2)),
            "zoom": maybe(0.3, lambda: round(draw.uniform(0.3, 4), 2), 1.0),
            "rotation": maybe(0.3, lambda: draw.randint(-180, 180), 0),
        },
        colour=draw.choice(sorted(COLOUR_MODELS)),
        palette=draw.choice(sorted(PALETTES)),
        gamut=draw.choice(("reduce", "reduce", "clip")),
        finish={
            "bands": maybe(0.15, lambda: draw.randint(2, 9), 0),
            "contours": maybe(0.1, lambda: draw.randint(4, 16), 0),
            "relief": maybe(0.1, lambda: 0.7, 0.0),
            "dither": maybe(0.15, lambda: True, False),
        },
        **BEFORE,
    )
