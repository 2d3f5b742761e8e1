"""The network: calibration standardises, the fold is exact, and no activation is flat."""

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selection import some

from artstudio import Recipe, render
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import linear_from_srgb, relative_luminance
from artstudio.model.features import weight_columns
from artstudio.model.forward import outputs_function
from artstudio.model.network import build_params, probe_inputs, probe_points
from artstudio.model.vocabulary import arrange, full_vocabulary
from artstudio.model.weights import COLUMNS, raw_weights

NAMES = list(ACTIVATIONS)


def forward(recipe, inputs):
    """The network written out in float64 NumPy, from the folded parameters: every pre-activation, then outputs."""
    params = build_params(recipe)
    weights = [params.first_weights, *params.hidden_weights, params.output_weights]
    biases = [params.first_bias, *params.hidden_biases, params.output_bias]
    values, seen = inputs, []
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        z = w.astype(np.float64) @ values + b
        seen.append(z)
        if layer < recipe.depth:
            values = get_activation(recipe.layer_activations()[layer]).function(z, np)
    return seen


@pytest.mark.parametrize("name", NAMES)
def test_pre_activations_have_the_gain_as_their_spread_and_half_a_raw_bias_as_their_middle(name):
    recipe = Recipe(seed=11, activation=name, gain=0.7, depth=4)
    gain = get_activation(name).gain * 0.7
    *hidden, outputs = forward(recipe, probe_inputs(recipe))
    for layer, z in enumerate(hidden):
        spread = z.std(axis=1)
        assert np.allclose(spread[spread > 0], gain, rtol=1e-3)
        bias = raw_weights(11, layer, recipe.units, [COLUMNS["bias"]])[:, 0]
        assert np.allclose(z.mean(axis=1), 0.5 * gain * bias, atol=2e-3 * gain)
    assert np.allclose(outputs.mean(axis=1), 0, atol=2e-3)
    assert np.allclose(outputs.std(axis=1), 1, rtol=2e-3)


def test_first_layer_weights_are_the_raw_ones_scaled_by_unit():
    recipe = Recipe(seed=4)
    raw = raw_weights(4, 0, recipe.units, weight_columns(recipe.features, 0))
    ratio = build_params(recipe).first_weights / raw
    assert np.allclose(ratio, ratio[:, :1], rtol=1e-5)
    assert (ratio > 0).all()


applied = jax.jit(outputs_function(full_vocabulary(), differentiated=False))  # one compilation for all


@pytest.mark.parametrize(
    "activation",
    some(
        [((name,),) for name in NAMES] + [(("tanh", "step", "sine"),)], {(("gelu",),), (("tanh", "step", "sine"),)}
    ),
)
def test_the_jax_network_is_the_one_written_out(activation):
    recipe = Recipe(seed=2, activation=activation, depth=3, units=16)
    x, y = (np.float32(part[::7]) for part in probe_points(recipe))
    inputs = probe_inputs(recipe)[:, ::7]
    network = arrange(recipe, build_params(recipe), full_vocabulary(), 4, 16)
    ours = np.asarray(applied(network, np.float32(1), x, y))[:1]
    assert ours.dtype == np.float32
    close = np.isclose(ours, forward(recipe, inputs)[-1], atol=2e-3)
    # Functions that jump may fall either way on a handful of pixels that lie on an edge.
    jumps = any(b.kind == "jump" for name in activation for b in get_activation(name).breaks)
    assert close.mean() > (0.98 if jumps else 0.9999)


def test_a_unit_that_is_constant_over_the_probe_does_not_become_noise():
    # The square wave of a huge first layer: some units of a narrow net see one value only.
    for seed in range(40):
        recipe = Recipe(seed=seed, activation="step", units=1, depth=8)
        params = build_params(recipe)
        assert all(np.isfinite(part).all() for part in params[:6])
        assert np.abs(params.hidden_weights).max() < 1e4


@given(st.integers(0, 2**32 - 1), st.lists(st.floats(-3, 3), min_size=1, max_size=4).map(tuple))
def test_latent_values_move_only_the_first_biases(seed, latent):
    still = build_params(Recipe(seed=seed, latent=(0.0,) * len(latent), depth=2, units=8))
    moved = build_params(Recipe(seed=seed, latent=latent, depth=2, units=8))
    assert np.array_equal(still.hidden_weights, moved.hidden_weights)
    assert np.array_equal(still.first_weights, moved.first_weights)
    if max(abs(v) for v in latent) > 1e-3:
        assert not np.array_equal(still.first_bias, moved.first_bias)


def test_the_view_and_the_latent_do_not_change_the_weights_of_the_features():
    plain = build_params(Recipe(seed=5))
    zoomed = build_params(Recipe(seed=5, view={"zoom": 7.0, "rotation": 30.0}))
    more = build_params(Recipe(seed=5, features=("x", "y", "r", "xy")))
    assert all(np.array_equal(a, b) for a, b in zip(plain[:6], zoomed[:6], strict=True))
    ratio = more.first_weights[:, :3] / plain.first_weights
    assert np.allclose(ratio, ratio[:, :1], rtol=1e-4)


def luminance_deviation(recipe):
    pixels = render(recipe, width=48, height=48, supersample=1)
    channels = pixels.reshape(-1, 3).T / 255
    return relative_luminance(linear_from_srgb(channels, np)).std()


@pytest.mark.parametrize(("seeds", "most"), [(9, 1), pytest.param(100, 2, marks=pytest.mark.sweep)])
@pytest.mark.parametrize("name", some(NAMES, {"step", "relu", "sine"}))
def test_no_activation_gives_flat_pictures(name, seeds, most):
    flat = [seed for seed in range(seeds) if luminance_deviation(Recipe(seed=seed, activation=name)) < 0.03]
    assert len(flat) <= most, f"flat seeds: {flat}"


@pytest.mark.parametrize("colour", some(COLOUR_MODELS, {"oklch", "mixture"}))
def test_no_colour_model_gives_flat_pictures(colour):
    flat = [seed for seed in range(12) if luminance_deviation(Recipe(seed=seed, colour=colour)) < 0.03]
    assert len(flat) <= 1, f"flat seeds: {flat}"
