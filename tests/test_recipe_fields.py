"""The parts of a recipe beyond the plain network: each changes the picture, is kept, and renders again."""

import shlex
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
from selection import some

from artstudio import ACTIVATIONS, BadInput, Recipe, load_recipe, render, save, verify
from artstudio.engine.render import strip_range
from artstudio.model import recipe as model
from artstudio.model.activation.mix import draw_parts, parse_mix
from artstudio.model.features import fourier_frequencies, torus
from artstudio.model.network import build_params, pre_activations, probe_inputs, probe_points, unit_activations
from artstudio.model.warp import bend, build_warp
from artstudio.pictures.command import render_command

SIZE = {"width": 72, "height": 48}

FIELDS = {
    "skip": {"skip": True},
    "sparsity": {"sparsity": 0.7},
    "spiral": {"features": ("x", "y", "spiral")},
    "torus": {"features": ("torus",)},
    "fourier": {"fourier": {"count": 9, "scale": 1.5}},
    "fourier and torus": {"features": ("torus",), "fourier": {"count": 4, "scale": 2.0}},
    "warp": {"warp": {"amount": 0.4, "scale": 1.5}},
    "warp of the torus": {"features": ("torus",), "warp": {"amount": 0.3}},
    "origin": {"origin": (0.4, -0.6)},
    "origin of every centred input": {"features": ("r", "angle", "ring", "spiral"), "origin": (0.4, -0.6)},
    "gains": {"activation": "sine", "gains": "first"},
    "grid": {"symmetry": "grid:3"},
    "mosaic": {"symmetry": "mosaic:4"},
    "drawn latent": {"latent": "seed:5"},
    "mix": {"activation": "mix(tanh:3, step)"},
    "mix with a plain layer": {"activation": ("mix(sine, relu)", "gelu")},
    "mix with softmax": {"activation": "mix(softmax, tanh)"},
    "mix and skip": {"activation": "mix(tanh, step)", "skip": True, "fourier": {"count": 3}},
    "duotone": {"colour": "duotone"},
    "clip": {"colour": "oklch", "gamut": "clip", "seed": 6},
    "bands": {"finish": {"bands": 5}},
    "contours": {"finish": {"contours": 9}},
    "relief": {"finish": {"relief": 0.7}},
    "dither": {"finish": {"dither": True}},
    "all of it": {
        "activation": "mix(relu, sine)", "skip": True, "sparsity": 0.3, "features": ("x", "y", "spiral"),
        "fourier": {"count": 5}, "warp": {"amount": 0.3}, "latent": "seed:2", "symmetry": "mosaic:2",
        "colour": "mixture", "finish": {"bands": 7, "contours": 5, "relief": 0.5, "dither": True},
    },
}  # fmt: skip


def recipe_of(name, **changes):
    return Recipe(**{"seed": 5, "units": 24, "depth": 4, **FIELDS[name], **changes})


@pytest.mark.parametrize("name", some(FIELDS, {"torus", "clip", "relief"}))
def test_a_field_is_kept_in_the_picture_and_renders_again(name, tmp_path):
    recipe = recipe_of(name)
    assert Recipe.from_json(recipe.to_json()) == recipe
    pixels = render(recipe, **SIZE)
    plain = Recipe(seed=recipe.seed, units=24, depth=4, colour="oklch" if name == "clip" else "palette")
    assert not np.array_equal(pixels, render(plain, **SIZE))
    save(tmp_path / "picture.png", pixels, recipe)
    assert load_recipe(tmp_path / "picture.png") == recipe
    assert verify(tmp_path / "picture.png").outcome == "exact"


@pytest.mark.sweep
@pytest.mark.parametrize("name", some(FIELDS, {"all of it"}))
def test_strips_and_threads_change_no_bit(name, painted_in_strips):
    recipe = recipe_of(name)
    narrow, _ = strip_range(recipe.units)
    whole = render(recipe, width=150, height=60)
    assert np.array_equal(painted_in_strips(recipe, narrow, width=150, height=60, threads=1), whole)


@pytest.mark.parametrize(
    "name",
    some(FIELDS, {"skip", "fourier and torus", "gains", "drawn latent", "mix with softmax", "clip", "bands"}),
)
def test_the_command_makes_the_same_recipe(name, run_cli):
    recipe = recipe_of(name)
    words = shlex.split(render_command(recipe, 4, 4, 1))
    assert run_cli(*words[1:], "-q", "-o", "a.png")[0] == 0
    assert load_recipe("a.png") == recipe


@pytest.mark.parametrize("path", sorted(Path(__file__).parent.glob("data/schema1/*.png")), ids=lambda p: p.stem)
def test_pictures_of_the_first_schema_still_render_the_same(path):
    assert verify(path).outcome in ("exact", "tolerance")
    assert load_recipe(path).gamut == "clip"


BAD = {
    "sparsity": ({"sparsity": 0.99}, "sparsity: expected at most 0.95"),
    "latent word": ({"latent": "seed:0"}, "latent: expected numbers, or seed:N"),
    "latent many": ({"latent": "seed:17"}, "latent: expected numbers, or seed:N"),
    "one band": ({"finish": {"bands": 1}}, "finish.bands: expected 0 (off) or 2 to 64, found 1"),
    "relief": ({"finish": {"relief": 1.5}}, "finish.relief: expected at most 1"),
    "unknown part": ({"finish": {"reliev": 1.0}}, "did you mean 'relief'"),
    "warp": ({"warp": {"amount": -1.0}}, "warp.amount: expected at least 0"),
    "fourier": ({"fourier": {"count": 65}}, "fourier.count: expected at most 64"),
    "gamut": ({"gamut": "squeeze"}, "gamut: expected"),
    "skip": ({"skip": 1}, "skip: expected true or false"),
    "mix of one": ({"activation": "mix(tanh)"}, "mix: expected 2 to 6 activations"),
    "mix twice": ({"activation": "mix(silu, swish)"}, "mix: expected each activation once"),
    "mix weight": ({"activation": "mix(tanh:0, step)"}, "mix: expected a weight above 0 after tanh:"),
    "mix expression": ({"activation": "mix(z*z, step)"}, "mix: expected names of activations"),
    "mix unknown": ({"activation": "mix(tanx, step)"}, "did you mean"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_values_get_one_line(name):
    fields, message = BAD[name]
    with pytest.raises(BadInput) as caught:
        Recipe(**fields)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_parts_of_nested_fields_can_be_changed_by_name():
    changed = Recipe().with_parts(zoom=2.0, warp=0.5, bands=3, seed=8)
    assert (changed.view.zoom, changed.warp.amount, changed.finish.bands, changed.seed) == (2.0, 0.5, 3, 8)
    assert changed.warp.scale == Recipe().warp.scale
    for name, field in model.FIELDS.items():
        assert Recipe().with_parts(**{name: field.default}) == Recipe()
        assert Recipe().part(name) == field.default


# Tiling


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_seamless_picture_has_no_step_at_its_border(activation):
    recipe = Recipe(seed=3, activation=activation, features=("torus",), fourier={"count": 3}, warp={"amount": 0.2})
    assert recipe.seamless
    pixels = render(recipe, width=96, height=96, supersample=1).astype(int)
    for axis in (0, 1):
        step = np.abs(pixels - np.roll(pixels, 1, axis)).max(axis=2)
        border, inner = (step[0], step[1:]) if axis == 0 else (step[:, 0], step[:, 1:])
        assert border.max() <= inner.max()


def test_a_picture_of_plain_coordinates_is_not_seamless():
    assert not Recipe().seamless
    assert not Recipe(features=("torus", "x")).seamless
    assert not Recipe(features=("torus",), symmetry="kaleidoscope:5").seamless


def test_the_torus_is_periodic():
    x = np.linspace(-1, 1, 9)
    assert np.allclose(torus(x, x, np), torus(x + 2, x - 4, np), atol=1e-6)


# Networks


def test_units_of_a_mix_take_their_share():
    drawn = draw_parts("mix(tanh:3, step:1)", seed=1, layer=0, units=4000)
    counts = np.bincount(drawn, minlength=2)
    assert scipy.stats.chisquare(counts, [3000, 1000]).pvalue > 1e-3
    assert parse_mix(" MIX( tanh : 3 ,step)") == (("tanh", 3.0), ("step", 1.0))


def test_a_mixed_layer_applies_each_unit_s_own_function():
    recipe = Recipe(seed=2, units=16, depth=2, activation="mix(relu, sine)")
    params, inputs = build_params(recipe), probe_inputs(recipe)
    first, second = pre_activations(recipe, params, inputs)
    values = np.array([
        np.maximum(row, 0) if name == "relu" else np.sin(row)
        for row, name in zip(first, unit_activations(recipe, 0), strict=True)
    ])  # fmt: skip
    expected = params.hidden_weights[0].astype(float) @ values + params.hidden_biases[0]
    assert np.allclose(second, expected, atol=1e-5)


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_sparsity_is_the_share_of_zeros(share):
    weights = build_params(Recipe(seed=3, units=64, depth=4, sparsity=share)).hidden_weights
    assert (weights == 0).mean() == pytest.approx(share, abs=0.03)
    assert (weights != 0).any(axis=2).all()


def test_skipped_inputs_carry_half_of_the_variance():
    recipe = Recipe(seed=3, units=20, depth=3, skip=True)
    params, inputs = build_params(recipe), probe_inputs(recipe)
    assert params.hidden_weights.shape == (2, 20, 20 + 3)
    beside = (params.hidden_weights[0][:, 20:].astype(float) @ inputs).std(axis=1)
    z = pre_activations(recipe, params, inputs)
    before = (params.hidden_weights[0][:, :20].astype(float) @ np.tanh(z[0])).std(axis=1)
    assert np.allclose(before, beside, rtol=1e-4)


def test_fourier_frequencies_have_their_scale():
    waves = fourier_frequencies(7, 64, 3.0, seamless=False) / np.pi
    assert waves.std() == pytest.approx(3.0, rel=0.15)
    whole = fourier_frequencies(7, 64, 3.0, seamless=True) / np.pi
    assert np.array_equal(whole, np.rint(waves))


@pytest.mark.parametrize("seamless", [False, True])
def test_the_warp_shifts_by_its_amount(seamless):
    x, y = probe_points(Recipe())
    params = build_warp(4, 0.35, 1.0, seamless, x, y)
    moved = bend(params, seamless, x, y, np)
    for before, after in zip((x, y), moved, strict=True):
        assert (after - before).std() == pytest.approx(0.35, rel=1e-3)
        assert abs((after - before).mean()) < 1e-3


def test_drawn_latent_values_follow_the_seed():
    one, other = Recipe(seed=1, latent="seed:3"), Recipe(seed=2, latent="seed:3")
    assert one.latent_values() != other.latent_values()
    assert one.replace(latent="seed:5").latent_values()[:3] == one.latent_values()
    spelled = one.replace(latent=one.latent_values())
    assert np.array_equal(render(spelled, **SIZE), render(one, **SIZE))
