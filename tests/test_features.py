"""Features and symmetries: the same in NumPy and JAX, seamless, and independent of each other."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats

from artstudio import Recipe, render
from artstudio.errors import BadInput
from artstudio.model.features import (
    FEATURES,
    SYMMETRIES,
    compute_features,
    parse_symmetry,
    seed_origin,
    weight_columns,
)
from artstudio.model.weights import COLUMNS

ORIGIN = (0.25, -0.5)

RNG = np.random.default_rng(5)
X, Y = RNG.uniform(-2, 2, (2, 500))


def texts():
    return [name + (":5" if record.counted else "") for name, record in SYMMETRIES.items()]


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_gives_its_channels_alike_in_numpy_and_jax(name):
    exact = compute_features((name,), X, Y, np, ORIGIN)
    single = compute_features((name,), jnp.asarray(X, jnp.float32), jnp.asarray(Y, jnp.float32), jnp, ORIGIN)
    assert exact.shape == (FEATURES[name].channels, 500)
    assert single.dtype == jnp.float32
    assert np.allclose(exact, single, atol=1e-5)


def test_weight_columns_of_features_do_not_overlap():
    columns = [weight_columns((name,), 0) for name in FEATURES]
    flat = [column for part in columns for column in part]
    assert len(set(flat)) == len(flat)
    assert max(flat) < COLUMNS["latent"]
    assert weight_columns(("x", "r"), 2) == [0, 2, COLUMNS["latent"], COLUMNS["latent"] + 1]


@pytest.mark.sweep
@pytest.mark.parametrize("name", FEATURES)
def test_gradients_are_finite_at_the_centre(name):
    def total(x, y):
        return compute_features((name,), x, y, jnp, ORIGIN).sum()

    zero = jnp.zeros(1)
    for slope in jax.grad(total, (0, 1))(zero, zero):
        assert np.isfinite(slope).all()


def features_after(text, x, y):
    symmetry, folds = parse_symmetry(text)
    return compute_features(("x", "y", "r"), *symmetry.function(x, y, folds, np), np, ORIGIN)


def turned(x, y, angle):
    return np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y


@pytest.mark.parametrize("folds", [2, 3, 7, 24])
@pytest.mark.parametrize("kind", ["rotate", "kaleidoscope"])
def test_a_rotational_symmetry_repeats_at_every_turn(kind, folds):
    text = f"{kind}:{folds}"
    for turn in range(1, folds):
        moved = features_after(text, *turned(X, Y, 2 * np.pi * turn / folds))
        assert np.allclose(moved, features_after(text, X, Y), atol=1e-9)


@pytest.mark.parametrize(
    ("text", "reflect"),
    [
        ("mirror-x", lambda x, y: (-x, y)),
        ("mirror-y", lambda x, y: (x, -y)),
        ("mirror-xy", lambda x, y: (-x, -y)),
        ("kaleidoscope:6", lambda x, y: (x, -y)),
    ],
)
def test_a_mirror_shows_the_same_on_both_sides(text, reflect):
    assert np.allclose(features_after(text, X, Y), features_after(text, *reflect(X, Y)), atol=1e-9)


@pytest.mark.parametrize("text", [text for text in texts() if text != "grid:5"])  # its tiles have edges
def test_a_symmetry_has_no_seam(text):
    angle = np.linspace(0, 2 * np.pi, 20001)
    around = features_after(text, 0.8 * np.cos(angle), 0.8 * np.sin(angle))
    assert np.abs(np.diff(around, axis=1)).max() < 0.8 * 24 * (angle[1] - angle[0])


@pytest.mark.parametrize(
    "text", ["", "mirror", "rotate", "rotate:", "rotate:1", "rotate:25", "rotate:-3", "rotate:2.5", "mirror-x:3",
             "kaleidoscope:0x5", "rotate:" + "9" * 5000, "rotate:٣"],
)  # fmt: skip
def test_what_is_no_symmetry_is_refused(text):
    with pytest.raises(BadInput) as caught:
        parse_symmetry(text)
    assert "\n" not in str(caught.value)


def test_what_is_measured_from_the_origin_moves_with_it_and_all_else_stays():
    def at(name, origin):
        return compute_features((name,), X, Y, np, origin)

    moved = {name for name in FEATURES if not np.array_equal(at(name, (0, 0)), at(name, ORIGIN))}
    assert moved == {"r", "angle", "ring", "spiral"}
    (r,) = compute_features(("r",), X, Y, np, ORIGIN)
    assert np.allclose(r, np.hypot(X - 0.25, Y + 0.5))


def test_origins_are_spread_evenly_over_a_square_and_a_seeds_own_wherever_it_is_used():
    places = np.array([seed_origin(seed) for seed in range(2000)])
    reach = 0.6 * 3**0.5
    for axis in places.T:
        assert scipy.stats.kstest(axis, scipy.stats.uniform(-reach, 2 * reach).cdf).pvalue > 0.01
    assert abs(np.corrcoef(places.T)[0, 1]) < 0.05
    for activation in ("relu", "sine"):
        drawn = Recipe(seed=7, activation=activation)
        given = drawn.replace(origin=seed_origin(7))
        assert np.array_equal(*(render(recipe, width=48, height=32) for recipe in (drawn, given)))
