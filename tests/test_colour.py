"""Colour models and palettes: in range, the same under NumPy and JAX, and true to the palette."""

import jax.numpy as jnp
import numpy as np
import pytest
import scipy.special
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from selection import some

from artstudio import BadInput, Recipe, render
from artstudio.learning.targets.target import canvas_places
from artstudio.model.colour.models import COLOUR_MODELS, TABLE_SIZE, equalise
from artstudio.model.colour.oklab import srgb_from_oklab, srgb_in_gamut
from artstudio.model.colour.palettes import (
    PALETTES,
    canonical_palette,
    palette_colours,
    palette_oklab,
    sample_ramp,
)
from artstudio.model.network import build_params, inputs_at

RNG = np.random.default_rng(1)


def outputs_for(model, palette):
    return RNG.standard_normal((model.channels(palette.shape[1]), 4000))


@pytest.mark.parametrize("palette", some(["dusk", "viridis", (("#000", "#fff"),)], {"dusk"}))
@pytest.mark.parametrize("name", COLOUR_MODELS)
def test_a_model_gives_three_channels_alike_in_numpy_and_jax(name, palette):
    model, lab = COLOUR_MODELS[name], palette_oklab(canonical_palette(palette))
    outputs = outputs_for(model, lab)
    prepared = model.prepare(outputs, lab, 3, srgb_in_gamut)
    exact = model.apply(outputs, prepared, srgb_in_gamut, np)
    single = model.apply(jnp.asarray(outputs, jnp.float32), prepared, srgb_in_gamut, jnp)
    assert exact.shape == (3, 4000)
    assert single.dtype == jnp.float32
    assert np.abs(exact - single).max() < 2e-3
    assert 0 <= np.median(exact) <= 1


@pytest.mark.parametrize("name", some(COLOUR_MODELS, {"palette", "oklab", "hsv"}))
def test_extreme_outputs_stay_finite(name):
    model, lab = COLOUR_MODELS[name], palette_oklab("dusk")
    prepared = model.prepare(outputs_for(model, lab), lab, 3, srgb_in_gamut)
    for value in (-1e30, -50.0, 50.0, 1e30):
        outputs = jnp.full((model.channels(6), 5), value, jnp.float32)
        assert np.isfinite(model.apply(outputs, prepared, srgb_in_gamut, jnp)).all()


def test_the_oklab_model_bounds_lightness_and_chroma():
    outputs = RNG.standard_normal((3, 4000))
    rgb = COLOUR_MODELS["oklab"].apply(outputs, {}, srgb_from_oklab, np)
    inside = ((rgb >= 0) & (rgb <= 1)).all(axis=0)
    assert inside.mean() > 0.3
    for channel in rgb.T[inside][::40]:
        lightness, chroma, _ = Color("srgb", list(channel)).convert("oklch").coords()
        assert 0.249 < lightness < 0.901
        assert chroma < 0.161


@given(arrays(np.float64, st.integers(2, 400), elements=st.floats(-100, 100)))
def test_equalising_is_monotonic_and_fills_the_range(values):
    low, high, rank = equalise(values)
    assert low < high
    assert len(rank) == TABLE_SIZE
    assert (np.diff(rank) >= 0).all()
    assert rank.min() >= 0
    assert rank.max() <= 1


def test_equalised_normal_values_are_spread_evenly():
    values = RNG.standard_normal(20_000)
    low, high, rank = equalise(values)
    ranks = np.interp(values, np.linspace(low, high, TABLE_SIZE), rank)
    counts, _ = np.histogram(ranks, bins=10, range=(0, 1))
    assert counts.min() > 1800
    assert counts.max() < 2200


def test_a_few_flat_levels_are_spread_over_the_whole_palette():
    _, _, rank = equalise(np.repeat([0.0, 0.1, 5.0], [100, 100, 100]))
    assert rank[0] == 0
    assert rank[-1] == 1
    assert abs(rank[round(0.1 / 5 * (TABLE_SIZE - 1))] - 0.5) < 0.02


def test_a_palette_picture_uses_its_palette_from_end_to_end():
    pixels = render(Recipe(seed=5, palette=("#000000", "#ffffff")), width=128, height=128)
    assert pixels.min() < 8
    assert pixels.max() > 247
    assert (pixels.max(axis=2) - pixels.min(axis=2)).max() <= 1
    lightness = np.array([Color("srgb", [v / 255] * 3).convert("oklab")["l"] for v in range(256)])
    assert abs(lightness[pixels[..., 0]].mean() - 0.5) < 0.05  # evenly spread in lightness, not in light


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_is_made_of_hex_colours_and_reverses(name):
    colours = palette_colours(name)
    assert len(colours) >= 2
    assert canonical_palette(colours[:16]) == colours[:16]
    assert palette_colours(name + "_r") == colours[::-1]
    lab = palette_oklab(name)
    theirs = [Color(colour).convert("oklab").coords() for colour in colours]
    assert np.allclose(lab.T, theirs, atol=1e-5)


def test_colour_maps_follow_the_original():
    from cmap import Colormap

    lab = palette_oklab("magma")
    at = np.linspace(0, 1, 100)
    theirs = [Color("srgb", list(rgba[:3])).convert("oklab").coords() for rgba in Colormap("bids:magma")(at)]
    assert np.abs(sample_ramp(lab, at).T - theirs).max() < 0.01


def test_the_mixture_of_one_certain_entry_is_that_colour():
    model, lab = COLOUR_MODELS["mixture"], palette_oklab("dusk")
    prepared = model.prepare(outputs_for(model, lab), lab, 0, srgb_in_gamut)
    for entry, colour in enumerate(palette_colours("dusk")):
        outputs = np.full((6, 1), -30.0)
        outputs[entry] = 30.0
        assert np.allclose(
            model.apply(outputs, prepared, srgb_in_gamut, np)[:, 0], Color(colour).coords(), atol=1e-5
        )


@pytest.mark.parametrize(
    "value", ["", "nope", "#12", "#1234567", "#ggg,#fff", "dusk_r_r", "#fff", 3, None, ("#fff", 1)]
)
def test_what_is_no_palette_is_refused(value):
    with pytest.raises(BadInput):
        canonical_palette(value)


@pytest.mark.sweep
@pytest.mark.parametrize("count", range(2, 8))
def test_a_mixture_of_few_colours_is_rendered_of_these_alone(count):
    """The program has room for seven outputs; those that a recipe leaves unused have no share."""
    recipe = Recipe(colour="mixture", palette=palette_colours("viridis")[:count], units=8, depth=1)
    params, (x, y) = build_params(recipe), canvas_places(8, 8)
    values = np.tanh(params.first_weights @ inputs_at(recipe, x, y) + params.first_bias)
    outputs = params.output_weights @ values + params.output_bias
    shares = scipy.special.softmax(2 * outputs, axis=0)
    wanted = srgb_in_gamut(palette_oklab(recipe.palette) @ shares, np).T.reshape(8, 8, 3)
    found = render(recipe, width=8, height=8, supersample=1)
    assert np.abs(255 * np.clip(wanted, 0, 1) - found).max() <= 1
