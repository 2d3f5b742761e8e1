"""The gradient-magnitude panel is the gradient; and what a comparison is made of."""

import numpy as np
import pytest
from selection import some

from artstudio import BadInput, Recipe, render
from artstudio.engine.render import gradient_magnitude
from artstudio.figures.comparison import columns_of, compute_panel, morph_columns
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import srgb_in_gamut
from artstudio.model.features import compute_features, parse_symmetry
from artstudio.model.network import build_params, pre_activations

SIZE = {"width": 120, "height": 90}
PANEL = {"width": 60, "height": 40, "supersample": 3}


def colours(recipe, x, y):
    """The picture as a function of coordinates, in float64 NumPy."""
    params = build_params(recipe)
    symmetry, folds = parse_symmetry(recipe.symmetry)
    inputs = compute_features(recipe.features, *symmetry.function(x, y, folds, np), np, recipe.origin_point())
    z = pre_activations(recipe, params, inputs)[-1]
    outputs = params.output_weights @ np.tanh(z) + params.output_bias
    return np.clip(COLOUR_MODELS[recipe.colour].apply(outputs, params.colour, srgb_in_gamut, np), 0, 1)


@pytest.mark.parametrize("colour", some(COLOUR_MODELS, {"palette", "mixture", "hsv"}))
@pytest.mark.parametrize("symmetry", some(["none", "kaleidoscope:5"], {"kaleidoscope:5"}))
def test_the_gradient_is_what_differences_show(colour, symmetry):
    recipe = Recipe(seed=3, colour=colour, symmetry=symmetry, gain=0.5)
    ours = gradient_magnitude(recipe, **SIZE).ravel()
    x, y = np.meshgrid((2 * np.arange(120) + 1 - 120) / 90, (2 * np.arange(90) + 1 - 90) / 90)
    x, y, h = x.ravel(), y.ravel(), 1e-5
    across = (colours(recipe, x + h, y) - colours(recipe, x - h, y)) / (2 * h)
    down = (colours(recipe, x, y + h) - colours(recipe, x, y - h)) / (2 * h)
    theirs = np.sqrt((across**2 + down**2).sum(axis=0))
    # At the borders of the gamut and at a palette's colours the slope itself jumps.
    assert np.isclose(ours, theirs, rtol=0.01, atol=0.01).mean() > 0.97


@pytest.mark.parametrize("name", ["step", "sign", "square_wave"])
def test_where_nothing_slopes_the_gradient_is_zero_everywhere(name):
    assert not gradient_magnitude(Recipe(seed=3, activation=name), **SIZE).any()


@pytest.mark.parametrize(
    "name",
    some(
        [*ACTIVATIONS, "sigmoid(200*z)", "tanh(90*z) + 0.1*gelu(40*z)"],
        {"step", "relu", "sine", "softmax", "sigmoid(200*z)"},
    ),
)
def test_the_gradient_is_finite_and_not_negative(name):
    found = gradient_magnitude(Recipe(seed=5, activation=name), **SIZE)
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert (found >= 0).all()


def panel(name, **options):
    settings = {"gradient": False, "layer": None, "exact_weights": None} | options
    return compute_panel(Recipe(seed=3), columns_of([name, "identity"])[0], (60, 40), **settings)


def test_a_panel_is_the_picture_itself():
    for name in ("step", "tanh", "max(0.1*z, z)"):
        assert np.array_equal(panel(name).picture, render(Recipe(seed=3, activation=name), **PANEL))


def test_exact_weights_are_one_activation_s_for_all():
    assert np.array_equal(panel("tanh", exact_weights="tanh").picture, panel("tanh").picture)
    other = panel("relu", exact_weights="tanh").picture
    assert not np.array_equal(other, panel("relu").picture)
    params = build_params(Recipe(seed=3, activation="tanh"))
    borrowed = params._replace(activations=build_params(Recipe(seed=3, activation="relu")).activations)
    recipe = Recipe(seed=3, activation="relu")
    assert np.array_equal(other, render(recipe, **PANEL, params=borrowed))


def test_a_layer_s_pre_activations_have_the_gain_as_spread():
    for name in ("tanh", "sigmoid"):
        values = panel(name, layer=2).z.reshape(24, -1)
        assert np.allclose(values.std(axis=1), get_activation(name).gain, rtol=1e-3)
    with pytest.raises(BadInput, match="layer: expected 1 to 6, found 7"):
        panel("tanh", layer=7)


@pytest.mark.parametrize("text", ["step..sigmoid", "sigmoid..step", "tanh..sign"])
def test_a_morph_approaches_its_limit_by_sharpness(text):
    first, last = text.split("..")
    columns = morph_columns(text, 6)
    assert (columns[0].activation.name, columns[-1].activation.name) == (first, last)
    hard = columns[0] if first == "step" else columns[-1]
    ordered = columns if hard is columns[-1] else columns[::-1]
    z = np.linspace(-2, 2, 401)
    limit = hard.activation.function(z, np)
    gains = [c.activation.gain * c.gain for c in ordered[:-1]]
    painted = [c.activation.function(z * gain, np) for c, gain in zip(ordered[:-1], gains, strict=True)]
    distances = [np.abs(values - limit).mean() for values in painted]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.02


def test_other_pairs_are_blended():
    middle = morph_columns("relu..tanh", 3)[1].activation
    z = np.linspace(-2, 2, 9)
    assert np.allclose(middle.function(z, np), (np.maximum(z, 0) + np.tanh(z)) / 2)


@pytest.mark.parametrize("text", ["step", "step..", "step..step", "step..softmax", "a..b", "step..sigmoid..tanh"])
def test_what_is_no_morph_is_refused(text):
    with pytest.raises(BadInput):
        morph_columns(text)


@pytest.mark.parametrize("names", [["tanh"], ["tanh"] * 9, ["tanh", "tahn"]])
def test_what_cannot_be_compared_is_refused(names):
    with pytest.raises(BadInput):
        columns_of(names)
