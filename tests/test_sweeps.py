"""Long sweeps, behind the marker `sweep`: `make sweep` runs them whole, ARTSTUDIO_SWEEP=short in bounded form."""

import os

import numpy as np
import pytest

from artstudio import Recipe, render
from artstudio.engine.render import strip_range
from artstudio.model.activations import ACTIVATIONS
from artstudio.model.colour import COLOUR_MODELS
from artstudio.model.features import FEATURES
from artstudio.model.palettes import PALETTES

pytestmark = pytest.mark.sweep

SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"


def random_recipe(rng):
    """A recipe drawn from all over the space."""
    symmetries = ["none", "none", "mirror-x", "mirror-xy", "rotate:3", "kaleidoscope:6"]
    features = rng.choice(list(FEATURES), rng.integers(1, 5), replace=False)
    return Recipe(
        seed=int(rng.integers(2**32)),
        activation=tuple(rng.choice(list(ACTIVATIONS), rng.integers(1, 4)).tolist()),
        units=int(rng.choice([3, 8, 16, 24, 40, 64])),
        depth=int(rng.integers(1, 9)),
        gain=float(rng.uniform(0.3, 2)),
        features=tuple(features.tolist()),
        symmetry=str(rng.choice(symmetries)),
        latent=tuple(rng.uniform(-2, 2, rng.integers(0, 4)).tolist()),
        view={"zoom": float(rng.uniform(0.3, 5)), "rotation": float(rng.uniform(-180, 180))},
        colour=str(rng.choice(list(COLOUR_MODELS))),
        palette=str(rng.choice(list(PALETTES))),
    )


@pytest.mark.parametrize("number", range(8 if SHORT else 150))
def test_any_recipe_renders_to_the_same_bits_however_it_is_cut_and_after_a_trip_through_json(number):
    rng = np.random.default_rng(number)
    recipe = random_recipe(rng)
    width, height, samples = (int(rng.integers(1, high)) for high in (200, 150, 3))
    whole = render(recipe, width=width, height=height, supersample=samples)
    narrowest, _ = strip_range(recipe.units)
    again = Recipe.from_json(recipe.to_json())
    cut = render(again, width=width, height=height, supersample=samples, strip=narrowest, threads=1)
    assert np.array_equal(whole, cut)
