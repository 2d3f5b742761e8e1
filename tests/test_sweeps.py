"""Long sweeps, behind the marker `sweep`: `make sweep` runs them whole, ARTSTUDIO_SWEEP=short in bounded form."""

import os

import numpy as np
import pytest
import scipy.fft
import scipy.signal

from artstudio import Recipe, render
from artstudio.engine.render import strip_range
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import oklab_from_srgb
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES

pytestmark = pytest.mark.sweep

SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"


def random_recipe(rng):
    """A recipe drawn from all over the space."""
    symmetries = ["none", "none", "mirror-x", "mirror-xy", "rotate:3", "kaleidoscope:6", "mosaic:3"]
    features = rng.choice(list(FEATURES), rng.integers(1, 5), replace=False)
    return Recipe(
        seed=int(rng.integers(2**32)),
        activation=tuple(rng.choice([*ACTIVATIONS, "mix(tanh, step)"], rng.integers(1, 4)).tolist()),
        units=int(rng.choice([3, 8, 16, 24, 40, 64])),
        depth=int(rng.integers(1, 9)),
        gain=float(rng.uniform(0.3, 2)),
        skip=bool(rng.integers(2)),
        sparsity=float(rng.choice([0.0, 0.5])),
        features=tuple(features.tolist()),
        fourier={"count": int(rng.choice([0, 0, 7])), "scale": float(rng.uniform(0.3, 3))},
        warp={"amount": float(rng.choice([0.0, 0.0, 0.5]))},
        symmetry=str(rng.choice(symmetries)),
        latent=tuple(rng.uniform(-2, 2, rng.integers(0, 4)).tolist()),
        view={"zoom": float(rng.uniform(0.3, 5)), "rotation": float(rng.uniform(-180, 180))},
        colour=str(rng.choice(list(COLOUR_MODELS))),
        palette=str(rng.choice(list(PALETTES))),
        gamut=str(rng.choice(["reduce", "clip"])),
        finish={
            "bands": int(rng.choice([0, 0, 5])),
            "contours": int(rng.choice([0, 0, 8])),
            "relief": float(rng.choice([0.0, 0.0, 0.7])),
            "dither": bool(rng.integers(2)),
        },
    )


@pytest.mark.parametrize("number", range(8 if SHORT else 150))
def test_any_recipe_renders_to_the_same_bits_however_it_is_cut_and_after_a_trip_through_json(
    number, painted_in_strips
):
    rng = np.random.default_rng(number)
    recipe = random_recipe(rng)
    width, height, samples = (int(rng.integers(1, high)) for high in (200, 150, 3))
    whole = render(recipe, width=width, height=height, supersample=samples)
    narrowest, _ = strip_range(recipe.units)
    again = Recipe.from_json(recipe.to_json())
    cut = painted_in_strips(again, narrowest, width=width, height=height, supersample=samples, threads=1)
    assert np.array_equal(whole, cut)


def top_octave(pixels):
    """The share of the energy of lightness at half of the highest frequency and above; white noise has 0.75."""
    side = len(pixels)
    lightness = oklab_from_srgb(pixels.reshape(-1, 3).T / 255.0, np)[0].reshape(side, side)
    window = scipy.signal.windows.hann(side)
    energy = np.abs(scipy.fft.fft2((lightness - lightness.mean()) * np.outer(window, window))) ** 2
    frequency = np.abs(scipy.fft.fftfreq(side))
    return energy[np.maximum.outer(frequency, frequency) >= 0.25].sum() / energy.sum(), lightness.std()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_at_most_one_in_a_hundred_seeds_is_flat_or_noise(name):
    seeds = range(60 if SHORT else 1000)
    found = [
        top_octave(render(Recipe(seed=seed, activation=name), width=128, height=128, supersample=1))
        for seed in seeds
    ]
    noise, deviation = np.array(found).T
    assert (noise > 0.25).mean() <= 0.01
    assert (deviation < 0.03).mean() <= 0.01
