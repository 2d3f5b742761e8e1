"""The studio's pictures, painted by the graphics card (here: software WebGL2), against the renderer's."""

import base64
import os
from dataclasses import replace

import numpy as np
import pytest
from selection import some
from studio_harness import engine_page, picture
from test_sweeps import random_recipe

from artstudio import Recipe, render
from artstudio.model import recipe as recipes
from artstudio.model.activation import mix
from artstudio.model.activation import registry as activations
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.features import FEATURES
from artstudio.model.network import build_params, pre_activations, probe_inputs
from artstudio.pages import studio_data
from artstudio.registry import Registry

SIZE = 256
SEEDS = (1, 7, 2**32 - 1)
SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with engine_page(tmp_path_factory.mktemp("engine")) as watched:
        yield watched.page
        assert watched.problems() == []


def differences(page, recipe, size=SIZE):
    """The mean absolute difference in levels, the shares of values and of pixels more than 2 levels apart."""
    reference = render(recipe, width=size, height=size, supersample=1)
    distance = np.abs(picture(page, recipe, size, size).astype(int) - reference)
    return distance.mean(), (distance > 2).mean(), (distance.max(axis=2) > 2).mean()


def jumps(names):
    return any(place.kind == "jump" for name in names for place in ACTIVATIONS[name].breaks)


def assert_alike(recipe, mean, values, pixels):
    steep = jumps(name for name in recipe.activation_parts() if name in ACTIVATIONS)
    assert mean < 1
    assert pixels <= 0.005 if steep else values <= 0.01


@pytest.mark.parametrize("seed", some(SEEDS, {7}))
@pytest.mark.parametrize("name", some(ACTIVATIONS, {"tanh", "step", "softmax"}))
def test_every_activation(page, name, seed):
    recipe = Recipe(seed=seed, activation=name, units=8, depth=4)
    assert_alike(recipe, *differences(page, recipe))  # one compilation for all


@pytest.mark.parametrize("seed", some(SEEDS, {7}))
@pytest.mark.parametrize("name", some(COLOUR_MODELS, {"palette", "oklch", "mixture"}))
def test_every_colour_model(page, name, seed):
    recipe = Recipe(seed=seed, colour=name, palette="lagoon", units=8, depth=4)
    assert_alike(recipe, *differences(page, recipe))


FIELDS = {
    "features, symmetry, view": {
        "features": tuple(FEATURES), "symmetry": "kaleidoscope:5",
        "view": {"centre": (0.3, -0.2), "zoom": 1.7, "rotation": 30.0},
    },
    "fourier, warp, skip, sparsity, latent": {
        "fourier": {"count": 6, "scale": 1.5}, "warp": {"amount": 0.4, "scale": 2.0}, "skip": True, "sparsity": 0.5,
        "latent": "seed:5", "symmetry": "mosaic:2", "activation": ("tanh", "gaussian", "relu"),
    },
    "a torus that is bent, a mixture with softmax, no gamut mapping": {
        "features": ("torus",), "warp": {"amount": 0.3}, "activation": "mix(sine, relu:2, softmax)",
        "colour": "oklch", "gamut": "clip", "fourier": {"count": 3},
    },
    "an expression, bands, dither": {
        "activation": "sin(3*z) * exp(-z**2) + 0.2*gelu(z)", "finish": {"bands": 6, "dither": True},
        "units": 70, "depth": 2,
    },
    "truth values as numbers": {
        "activation": "(z<1) + (z<2)*exp(z<0.5)/3 - (z>0)*z/4 if z<9 else 1/0", "units": 12, "depth": 3,
    },
    "relief and contours through everything": {
        "activation": "mix(tanh, softmax, softsign)", "skip": True, "warp": {"amount": 0.2},
        "fourier": {"count": 2}, "symmetry": "rotate:3", "features": ("x", "spiral", "ring"),
        "finish": {"relief": 0.6, "contours": 9}, "colour": "mixture", "palette": "viridis",
    },
    "one unit": {"units": 1, "depth": 1, "palette": ("#f00", "#00f")},
}  # fmt: skip


@pytest.mark.parametrize("name", some(FIELDS, {"relief and contours through everything"}))
def test_every_field_of_the_recipe(page, name):
    recipe = Recipe(seed=5, **{"units": 10, "depth": 3, **FIELDS[name]})
    assert_alike(recipe, *differences(page, recipe, 96))


@pytest.mark.parametrize(("samples", "supersample"), [(0, None), (3, 3)])
def test_samples_are_averaged_alike(page, samples, supersample):
    recipe = Recipe(seed=3, activation="square_wave", units=8, depth=2)
    reference = render(recipe, width=96, height=64, supersample=supersample)
    distance = np.abs(picture(page, recipe, 96, 64, samples).astype(int) - reference)
    assert (distance > 2).mean() <= 0.005
    plain = render(recipe, width=96, height=64, supersample=1)
    assert (np.abs(plain.astype(int) - reference) > 2).mean() > 0.02, "samples make no difference here"


def test_the_first_layer_under_the_pointer(page):
    recipe = Recipe(
        seed=4,
        latent=(1.0, -2.0),
        warp={"amount": 0.3},
        fourier={"count": 2},
        symmetry="mirror-x",
        units=9,
        depth=2,
    )
    found = page.evaluate(
        "recipe => { const checked = checkRecipe(data, recipe); const axis = i => (2 * i + 1) / 64 - 1;"
        " return [0, 70, 2015].map(p => [...painter.firstLayer(checked, axis(p % 64), axis(Math.floor(p / 64)))]); }",
        recipe.to_dict(),
    )
    exact = pre_activations(recipe, build_params(recipe), probe_inputs(recipe))[0]
    assert np.allclose(np.array(found).T, exact[:, [0, 70, 2015]], rtol=1e-4, atol=1e-5)


@pytest.mark.sweep
def test_a_new_activation_appears_and_paints(page, monkeypatch):
    """Only Python knows it; the page plays, differentiates and paints it."""

    def wiggle(z, xp):
        return xp.where(z > 0.5, xp.sqrt(xp.abs(z)), xp.tanh(z) * xp.exp(-z * z) - xp.floor(0.3 * z))

    record = replace(
        ACTIVATIONS["tanh"], name="wiggle", label="Wiggle", aliases=(), function=wiggle, fast=None, derivative=None
    )
    known = Registry("activation", "none", [*ACTIVATIONS.values(), record])
    for module in (activations, mix, studio_data, recipes):
        monkeypatch.setattr(module, "ACTIVATIONS", known)
    known = studio_data.studio_data()
    assert known["activations"][-1]["label"] == "Wiggle"
    recipe = Recipe(seed=2, activation="wiggle", units=8, depth=2, finish={"relief": 0.5})
    script = (
        "([known, recipe]) => { const other = new Painter(document.createElement('canvas'), known);"
        " const record = activationList(known).find(r => r.name === 'wiggle');"
        " const numbers = [0.2, 2].map(z => [record.f(z), record.slope(z)]);"
        " const pixels = text64(other.pixels(checkRecipe(known, recipe), { width: 64, height: 64 }));"
        " other.dispose(); activationList(data); return [numbers, pixels]; }"
    )
    numbers, text = page.evaluate(script, [known, recipe.to_dict()])
    small = np.tanh(0.2) * np.exp(-0.04)
    slope = (1 - np.tanh(0.2) ** 2) * np.exp(-0.04) - 0.4 * small
    assert np.allclose(numbers, [[small, slope], [2**0.5, 0.5 / 2**0.5]])
    painted = np.frombuffer(base64.b64decode(text), np.uint8).reshape(64, 64, 4)[..., :3].astype(int)
    reference = render(recipe, width=64, height=64, supersample=1)
    assert (np.abs(painted - reference) > 2).mean() < 0.01


@pytest.mark.sweep
@pytest.mark.parametrize("name", list(ACTIVATIONS)[:4] if SHORT else list(ACTIVATIONS))
def test_every_activation_at_the_default_size_of_network(page, name):
    for seed in SEEDS:
        recipe = Recipe(seed=seed, activation=name)
        assert_alike(recipe, *differences(page, recipe))


@pytest.mark.sweep
@pytest.mark.parametrize("number", range(4 if SHORT else 60))
def test_recipes_from_all_over_the_space(page, number):
    recipe = random_recipe(np.random.default_rng(number))
    recipe = recipe.replace(depth=min(recipe.depth, 4), gain=min(recipe.gain, 1.0))
    assert_alike(recipe, *differences(page, recipe, 96))
