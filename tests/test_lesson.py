"""`artstudio lesson`: its numbers against independent references; its figures, measured; its files; its refusals."""

import dataclasses
import itertools
import json
import re
from pathlib import Path

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import scipy.special
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image
from selection import some

from artstudio.errors import BadInput
from artstudio.figures.lessons import dying, linearity, softmax, vanishing
from artstudio.figures.lessons.drawings import dying as dying_figure
from artstudio.figures.lessons.drawings import vanishing as vanishing_figure
from artstudio.figures.lessons.networks import (
    layer_gradients,
    outputs,
    outputs_float32,
    plain_network,
    pre_activations,
    train,
)
from artstudio.figures.lessons.registry import LESSONS
from artstudio.figures.style.save import encode_figure
from artstudio.figures.style.theme import find_size, find_theme
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.initialisation import INITIALISATIONS
from artstudio.model.network import probe_inputs
from artstudio.model.recipe import Recipe
from artstudio.model.weights import LAYERS, raw_weights

SLOPES = {
    "sigmoid": lambda z: scipy.special.expit(z) * scipy.special.expit(-z),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0).astype(float),
    "identity": np.ones_like,
}
FUNCTIONS = {
    "sigmoid": scipy.special.expit,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "identity": lambda z: z,
}


every_topic = pytest.mark.parametrize("topic", some(LESSONS, {*LESSONS} - {"learning"}))


class Measured(dict):
    """Every lesson, measured at its defaults when it is first asked for."""

    def __missing__(self, topic):
        self[topic] = LESSONS[topic].measure()
        return self[topic]


@pytest.fixture(scope="module")
def results():
    return Measured()


def backwards(network, name, inputs):
    """d output / d z of every layer by the chain rule, in float64: (depth, units, pixels)."""
    weights = [network.first_weights, *network.hidden_weights]
    biases = [network.first_bias, *network.hidden_biases]
    values, slopes = inputs, []
    for w, b in zip(weights, biases, strict=True):
        z = w.astype(float) @ values + b
        slopes.append(SLOPES[name](z))
        values = FUNCTIONS[name](z)
    arriving = np.tile(network.output_weights[0].astype(float)[:, None], (1, inputs.shape[1]))
    found = []
    for layer in reversed(range(len(weights))):
        found.append(slopes[layer] * arriving)
        arriving = weights[layer].astype(float).T @ found[-1]
    return np.stack(found[::-1])


# Plain networks and their gradients

VARIANCES = {
    # activation: variance of the first layer of 3 -> 64, and of 64 -> 64, by the conventions' papers
    "relu": (2 / 3, 2 / 64), "gelu": (2 / 3, 2 / 64), "leaky_relu": (2 / 3, 2 / 64), "selu": (1 / 3, 1 / 64),
    "tanh": (2 / 67, 2 / 128), "sigmoid": (2 / 67, 2 / 128), "identity": (1 / 3, 1 / 64),
    "sine": (30**2 / 27, 2 / 64),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANCES)
def test_weights_have_the_variance_of_the_activations_own_convention(name):
    network = plain_network(Recipe(seed=5, units=64, depth=4, activation=name), 3)
    first, hidden = VARIANCES[name]
    assert network.first_weights.var() == pytest.approx(first, rel=0.2)
    assert network.hidden_weights.var() == pytest.approx(hidden, rel=0.04)
    assert not network.hidden_biases.any()
    assert not network.first_bias.any()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_names_an_initialisation(name):
    assert ACTIVATIONS[name].init in INITIALISATIONS


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("init", INITIALISATIONS)
def test_layer_gradients_are_those_of_the_chain_rule(name, init):
    recipe = Recipe(seed=4, units=9, depth=5, activation=name)
    inputs = probe_inputs(recipe)[:, ::41]
    network = plain_network(recipe, len(inputs), init=init, bias=0.2)
    expected = backwards(network, name, inputs)
    assert np.abs(expected).max() > 1e-4
    near = np.stack([np.abs(z) for z in pre_activations(network, name, inputs)]).min(axis=(0, 1)) < 1e-4
    off = np.abs(layer_gradients(network, name, inputs) - expected)[..., ~near if name == "relu" else slice(None)]
    assert off.max() < 5e-5 * np.abs(expected).max()


def test_layer_gradients_are_those_of_finite_differences():
    recipe = Recipe(seed=8, units=7, depth=3, activation="gelu")
    inputs = probe_inputs(recipe)[:, [5, 2000]]
    network = plain_network(recipe, len(inputs))
    found = layer_gradients(network, "gelu", inputs)
    h = 1e-4

    def output(layer, unit, nudge):
        biases = [network.first_bias.astype(float), *network.hidden_biases.astype(float)]
        biases[layer][unit] += nudge
        return outputs(network._replace(first_bias=biases[0], hidden_biases=np.array(biases[1:])), "gelu", inputs)[
            0
        ]

    for layer, unit in itertools.product(range(3), (0, 6)):
        slope = (output(layer, unit, h) - output(layer, unit, -h)) / (2 * h)
        assert found[layer, unit] == pytest.approx(slope, abs=2e-3 * float(np.abs(found[layer]).max()))


@pytest.mark.sweep
def test_a_network_cut_short_is_the_network_of_that_depth():
    recipe = Recipe(seed=1, units=8, depth=6, activation="tanh")
    inputs = probe_inputs(recipe)
    cut = layer_gradients(plain_network(recipe, len(inputs)), "tanh", inputs, depth=2)
    short = layer_gradients(plain_network(recipe.replace(depth=2), len(inputs)), "tanh", inputs)
    assert cut.shape == short.shape
    assert cut == pytest.approx(short, rel=1e-5, abs=1e-7)


def test_a_step_is_that_of_gradient_descent():
    recipe = Recipe(seed=3, units=5, depth=2, activation="tanh")
    inputs = probe_inputs(recipe)[:, ::97]
    network, target = plain_network(recipe, len(inputs), bias=0.3), np.sin(3 * inputs[:1])
    moved = train(network, "tanh", inputs, target, rate=0.5)

    def loss(weight):
        other = network.hidden_weights.astype(float)
        other[0, 2, 1] = weight
        return ((outputs(network._replace(hidden_weights=other), "tanh", inputs) - target) ** 2).mean()

    at, h = float(network.hidden_weights[0, 2, 1]), 1e-5
    slope = (loss(at + h) - loss(at - h)) / (2 * h)
    assert float(moved.hidden_weights[0, 2, 1]) == pytest.approx(at - 0.5 * slope, abs=1e-6)
    assert abs(slope) > 1e-4


# Linearity


def test_a_hundred_identity_layers_are_one(results):
    found = results["linearity"]
    assert [d.depth for d in found.depths] == [1, 10, 100]
    for d in found.depths:
        assert 0 < d.double < 1e-12
        assert 1e-9 < d.single < 1e-4
        assert d.levels <= 2
        assert d.identity_picture.std() > 20


def test_the_collapsed_layer_is_what_least_squares_finds():
    recipe = Recipe(seed=3, units=12, depth=20, features=("x", "y"), activation="identity")
    inputs = probe_inputs(recipe)
    network = linearity.lesson_network(recipe, inputs)
    columns = np.vstack([inputs, np.ones(inputs.shape[1])]).T
    fit = np.linalg.lstsq(columns, outputs(network, "identity", inputs).T, rcond=None)[0].T
    weights, bias = linearity.collapse(network)
    assert np.hstack([weights, bias]) == pytest.approx(fit, rel=1e-9)


def test_a_wrong_layer_would_be_noticed():
    recipe = Recipe(seed=3, units=12, depth=20, features=("x", "y"), activation="identity")
    inputs = probe_inputs(recipe)
    params = linearity.lesson_network(recipe, inputs)
    single = linearity.collapsed_network(params)
    wrong = single._replace(first_weights=single.first_weights * np.float32(1.01))
    right, off = (outputs_float32(p, "identity", inputs) for p in (single, wrong))
    deep = outputs_float32(params, "identity", inputs)
    assert np.abs(right - deep).max() < 1e-5 * np.abs(deep).max()
    assert np.abs(off - deep).max() > 5e-3 * np.abs(deep).max()


def test_tanh_is_no_single_layer_and_less_so_the_deeper(results):
    shares = [d.beyond for d in results["linearity"].depths]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[-1] > 0.9
    x = np.linspace(-1, 1, 2001)[None]
    assert linearity.beyond_affine(x, 3 * x - 1) == pytest.approx(0, abs=1e-20)
    assert linearity.beyond_affine(x, x**2) == pytest.approx(1, abs=1e-9)
    assert linearity.beyond_affine(x, 0 * x) == 0


def test_identity_pictures_change_in_one_direction_only(results):
    recipe = Recipe(seed=3, units=24, depth=100, features=("x", "y"), activation="identity")
    along = linearity.collapse(linearity.lesson_network(recipe, probe_inputs(recipe)))[0][0]
    picture = results["linearity"].depths[-1].identity_picture.astype(int)
    step = np.array([-along[1], along[0]]) * 60 / np.hypot(*along)
    across, down = (round(float(v)) for v in step)
    height, width = picture.shape[:2]
    moved = picture[max(down, 0) : height + min(down, 0), max(across, 0) : width + min(across, 0)]
    still = picture[max(-down, 0) : height + min(-down, 0), max(-across, 0) : width + min(-across, 0)]
    assert np.abs(moved - still).max() <= 6  # the step is rounded to whole pixels


@pytest.mark.sweep
def test_an_expression_that_explodes_is_drawn_without_a_warning(run_cli):
    code, out, err = run_cli("lesson", "linearity", "-a", "exp(z)", "--depth", "9", "--json")
    about = json.loads(out)
    assert (code, err, about["other"]) == (0, "", "exp(z)")
    assert 0.1 < about["depths"][0]["beyond"] < 1


# Vanishing


def test_slopes_and_products_are_the_exact_ones(results):
    found = {g.activation: g for g in results["vanishing"].gradients}["sigmoid"]
    exact = mpmath.exp(-5) / (1 + mpmath.exp(-5)) ** 2
    assert found.slope_at_5 == pytest.approx((float(exact), float(exact)), rel=1e-14)
    assert found.slope_at_5[1] == pytest.approx(0.006648, abs=5e-7)
    assert found.largest_slope == pytest.approx(0.25, abs=1e-9)
    assert found.products[:3] == pytest.approx((0.25, 0.0625, 0.015625), rel=1e-7)
    at = results["vanishing"].steep_at
    assert float(mpmath.exp(-at) / (1 + mpmath.exp(-at)) ** 2) == pytest.approx(0.2, abs=1e-12)
    assert results["vanishing"].three == pytest.approx(0.008, abs=1e-15)


def first_layer_norm(variance, name="relu", units=24, depth=20, seeds=range(1, 41)):
    """The mean norm at the first layer, all of it written anew but the raw weights."""
    x = probe_inputs(Recipe(origin=(0, 0)))[:, ::7]
    norms = []
    for seed in seeds:
        values, weights, masks = x, [], []
        for layer in range(depth):
            raw = raw_weights(seed, layer, units, range(len(values))).astype(float)
            weights.append(raw * (variance / len(values)) ** 0.5)
            z = weights[-1] @ values
            masks.append(SLOPES[name](z))
            values = FUNCTIONS[name](z)
        gradient = raw_weights(seed, LAYERS["output"], 1, range(units)).astype(float).T / units**0.5
        for layer in reversed(range(depth)):
            gradient = masks[layer] * gradient
            if layer:
                gradient = weights[layer].T @ gradient
        norms.append(np.sqrt((gradient**2).sum(axis=0)).mean())
    return float(np.mean(norms))


def test_relu_keeps_its_gradient_with_he_and_loses_it_with_lecun(results):
    found = {(c.activation, c.init): c.gradient[-1] for c in results["initialisation"].courses}
    he, lecun = first_layer_norm(2), first_layer_norm(1)
    assert he == pytest.approx(0.37, abs=0.01)
    assert lecun == pytest.approx(0.00051, abs=2e-5)
    assert found["relu", "he"] == pytest.approx(he, rel=0.02)
    assert found["relu", "lecun"] == pytest.approx(lecun, rel=0.02)
    # Nineteen matrices lie between, each the root of two larger, and ReLU passes every factor on.
    assert found["relu", "he"] / found["relu", "lecun"] == pytest.approx(2**9.5, rel=1e-4)
    relu = {g.activation: g for g in results["vanishing"].gradients}["relu"]
    assert relu.norms[-1] == pytest.approx(he, rel=0.02)


def test_signals_are_those_of_the_forward_pass(results):
    course = results["initialisation"].courses[0]
    found = []
    for seed in range(1, 41):
        recipe = Recipe(seed=seed, units=24, depth=20, activation="relu", origin=(0, 0))
        inputs = vanishing.canvas_points(recipe)
        network, values = plain_network(recipe, 3, init="he"), inputs
        for w in (network.first_weights, *network.hidden_weights):
            values = np.maximum(w.astype(float) @ values, 0)
        found.append(np.sqrt((values**2).mean()))
    assert course.signal[-1] == pytest.approx(np.mean(found), rel=1e-6)


@pytest.mark.parametrize("name", ["relu", "tanh", "sigmoid", "identity"])
def test_norms_are_those_of_the_chain_rule(results, name):
    found = {g.activation: g for g in results["vanishing"].gradients}[name]
    recipe = Recipe(units=24, depth=20, activation=name, origin=(0, 0))
    inputs = vanishing.canvas_points(recipe)
    norms = []
    for seed in range(1, 41):
        gradients = backwards(plain_network(recipe.replace(seed=seed), 3), name, inputs)
        norms.append(np.sqrt((gradients**2).sum(axis=1)).mean(axis=1)[::-1])
    assert found.norms == pytest.approx(np.mean(norms, axis=0), rel=2e-3)


def test_sigmoid_stays_below_its_slopes_and_the_title_says_that_it_vanishes(results):
    sigmoid = {g.activation: g for g in results["vanishing"].gradients}["sigmoid"]
    assert all(norm < 1.2 * product for norm, product in zip(sigmoid.norms, sigmoid.products, strict=True))
    assert sigmoid.norms[-1] < 0.25**20
    assert vanishing_figure.title(results["vanishing"]) == "Sigmoid’s gradient vanishes over 20 layers"
    others = [g.norms[-1] for g in results["vanishing"].gradients if g.activation != "sigmoid"]
    assert min(others) > 0.03
    kept = vanishing.measure(activation=("relu",), depth=5)
    assert vanishing_figure.title(kept) == "What is left of the gradient after 5 layers"
    # A gradient that is 0 in every layer does not vanish over the layers.
    none = dataclasses.replace(sigmoid, activation="step", norms=(0.0,) * 20)
    both = dataclasses.replace(kept, gradients=(none, *kept.gradients))
    assert vanishing_figure.title(both) == "What is left of the gradient after 5 layers"
    alone = dataclasses.replace(kept, gradients=(none,))
    assert vanishing_figure.title(alone) == "Step lets no gradient through, at any depth"


def test_each_line_is_named_with_its_initialisation(results):
    figure = vanishing_figure.draw(results["vanishing"], find_theme("light"), find_size("slide"))
    words = {text.get_text() for text in figure.texts}
    assert {"ReLU, He", "Tanh, Glorot", "Sigmoid, Glorot", "Identity, LeCun", "GELU, He"} <= words
    wrong = vanishing.measure(activation=("relu",), init="lecun")
    assert wrong.gradients[0].norms[-1] < 0.002
    assert vanishing_figure.title(wrong).endswith("variance 1 / fan-in")


def test_the_deeper_the_sigmoids_the_less_reaches_the_first(results):
    for g in results["vanishing"].gradients:
        by_depth = dict(g.first_by_depth)
        assert list(by_depth) == [1, 3, 10, 20]
        assert by_depth[20] == g.norms[-1]
        if g.activation == "sigmoid":
            assert by_depth[1] > 15 * by_depth[3] > 15**2 * by_depth[10] > 15**3 * by_depth[20] > 0


@pytest.mark.sweep
def test_positive_outputs_give_all_weights_of_a_unit_one_sign():
    recipe = Recipe(seed=6, units=10, depth=2, origin=(0, 0))
    inputs = probe_inputs(recipe)[:, [100, 1500, 4000]]
    for name in ("sigmoid", "tanh"):
        params, record = plain_network(recipe.replace(activation=name), 3), get_activation(name)
        shares = []
        for pixel in inputs.T:
            first = record.function(params.first_weights @ pixel.astype(np.float32), jnp)

            def output(weights, first=first, params=params, record=record):
                return (params.output_weights @ record.function(weights @ first, jnp))[0]

            signs = np.sign(jax.grad(output)(jnp.asarray(params.hidden_weights[0])))
            shares.append(np.maximum((signs > 0).mean(axis=1), (signs < 0).mean(axis=1)).mean())
        found = vanishing.one_sign(params, record, inputs)
        assert found == pytest.approx(np.mean(shares), abs=1e-6)
        assert found == 1 if name == "sigmoid" else found < 0.9


@pytest.mark.sweep
def test_flat_and_exploding_functions_are_told_as_they_are(run_cli):
    code, out, err = run_cli("lesson", "vanishing", "-a", "step,exp(z)", "--json")
    step, exploding = json.loads(out)["activations"]
    assert (code, err) == (0, "")
    assert set(step["norms"]) == {0}
    assert exploding["norms"][-1] is None
    assert "NaN" not in out


# Dying


def test_about_half_of_the_relus_are_active():
    shares = [dying.measure(seed=seed, rate=0).state("relu", "before").active for seed in range(4)]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.05)
    assert all(0.3 < share < 0.7 for share in shares)


def stepped(kind, stage):
    """The network of the lesson, before or after its step, by `jax.grad` of a loss written here."""
    recipe = Recipe(seed=1, units=24, depth=8, activation=kind, origin=(0, 0))
    network, inputs = plain_network(recipe, 3, init="he"), probe_inputs(recipe)
    target = (np.hypot(*inputs[:2]) < 0.6).astype(np.float32)
    slope = 0.0 if kind == "relu" else 0.01

    def loss(parts):
        weights, biases, output, shift = parts
        values = jnp.asarray(inputs, jnp.float32)
        for w, b in zip(weights, biases, strict=True):
            z = jnp.matmul(w, values, precision="highest") + b
            values = jnp.where(z > 0, z, slope * z)
        return (((output @ values + shift)[0] - target) ** 2).mean()

    parts = (
        [jnp.asarray(w) for w in (network.first_weights, *network.hidden_weights)],
        [jnp.asarray(b) for b in (network.first_bias, *network.hidden_biases)],
        jnp.asarray(network.output_weights), jnp.asarray(network.output_bias),
    )  # fmt: skip
    if stage == "after":
        parts = jax.tree.map(lambda value, gradient: value - gradient, parts, jax.grad(loss)(parts))
    gradients = jax.grad(loss)(parts)
    reached = np.stack([(np.asarray(b) != 0).any(axis=1) for b in gradients[1]])
    return parts, reached


@pytest.mark.parametrize("kind", some(dying.KINDS, {"relu"}))
def test_counts_are_those_of_a_training_step_written_anew(results, kind):
    found = results["dying"]
    (_, before), (_, after) = stepped(kind, "before"), stepped(kind, "after")
    for was, now, first, second in zip(
        before, after, found.state(kind, "before").layers, found.state(kind, "after").layers, strict=True
    ):
        assert first.cut_off == (~was).sum()
        assert second.cut_off == pytest.approx((~now).sum(), abs=1)  # float32: one may be on the verge
        assert second.killed == pytest.approx((was & ~now).sum(), abs=1)
        assert second.revived == pytest.approx((~was & now).sum(), abs=1)


def test_silent_units_and_active_shares_are_those_of_the_network(results):
    found = results["dying"]
    recipe = Recipe(seed=1, units=24, depth=8, activation="relu", origin=(0, 0))
    values, network = probe_inputs(recipe), plain_network(recipe, 3, init="he")
    weights = (network.first_weights, *network.hidden_weights)
    for layer, w in zip(found.state("relu", "before").layers, weights, strict=True):
        z = w.astype(float) @ values
        values = np.maximum(z, 0)
        assert layer.active == pytest.approx((z > 0).mean(), abs=1e-6)
        assert layer.silent == (z <= 0).all(axis=1).sum()
    assert found.maps["relu"].shape == (24, 64, 64)
    shown = found.state("relu", "after").layers[found.shown - 1]
    assert found.cut_off["relu"].sum() == shown.cut_off
    assert shown.killed == max(layer.killed for layer in found.state("relu", "after").layers) > 0
    assert not found.maps["relu"][found.cut_off["relu"]].any()


@pytest.mark.parametrize("seed", some([1, 2, 3, 4], {2}))
def test_a_large_step_kills_relus_no_leaky_ones_and_revives_none_in_the_first_layer(seed):
    found = dying.measure(seed=seed)
    relu, leaky = (found.state(kind, "after") for kind in dying.KINDS)
    assert relu.count("killed") > 10
    assert leaky.count("cut_off") == leaky.count("killed") == 0
    assert leaky.count("silent") > 10
    assert relu.layers[0].revived == 0
    assert relu.count("revived") > 0
    still = dying.measure(seed=seed, rate=0)
    assert still.state("relu", "after").count("killed") == 0


def test_a_silent_relu_of_the_first_layer_never_moves():
    (weights, *_), (moved, *_) = (stepped("relu", stage)[0] for stage in ("before", "after"))
    silent = ~(np.asarray(weights[0]) @ probe_inputs(Recipe(origin=(0, 0))) > 0).any(axis=1)
    assert silent.sum() == 6
    assert np.array_equal(weights[0][silent], moved[0][silent])


def test_silence_at_the_start_comes_from_the_canvas(results):
    wide = results["dying"].wide
    assert wide[0] == 0
    assert 0.05 < wide[-1] < 0.10
    assert results["dying"].state("relu", "before").layers[0].silent > 0


def test_the_titles_of_the_figure_are_the_counts(results):
    figure = dying_figure.draw(results["dying"], find_theme("light"), find_size("slide"))
    words = {text.get_text() for text in figure.texts}
    after = results["dying"].state("relu", "after")
    assert f"One training step too large kills {after.count('killed')} of 192 ReLUs" in words
    assert f"After: {after.count('killed')} killed, {after.count('revived')} revived" in words
    assert "Before: 49 silent on this canvas" in words


# Softmax


def test_probabilities_and_losses_are_the_exact_ones(results):
    found = results["softmax"]
    scores = [mpmath.mpf(text) for text in ("2.0", "1.0", "0.1")]
    for shares in (found.shares, *found.tempered):
        powers = [mpmath.exp(z / shares.temperature) for z in scores]
        expected = [float(p / sum(powers)) for p in powers]
        assert shares.probabilities == pytest.approx(expected, abs=1e-15)
        assert shares.total == pytest.approx(1, abs=1e-15)
    assert [round(p, 3) for p in found.shares.probabilities] == [0.659, 0.242, 0.099]
    assert [s.temperature for s in found.tempered] == [0.5, 2]
    assert found.cross_entropy == pytest.approx(-scipy.special.log_softmax([2.0, 1.0, 0.1]), abs=1e-15)


def test_losses_stay_finite_where_probabilities_round_to_0():
    found = softmax.measure(scores=(0.0, -2000.0, 3.0), temperature=(0.01,))
    assert found.shares.probabilities[1] == 0
    assert found.cross_entropy == pytest.approx(-scipy.special.log_softmax([0.0, -2000.0, 3.0]), rel=1e-14)
    assert min(found.cross_entropy) > 0


# Figures

CASES = {
    "linearity": {"depth": 9, "activation": ("sine",)},
    "vanishing": {
        "depth": 6,
        "units": 8,
        "activation": ("sigmoid", "step", "relu", "leaky_relu", "elu", "softplus"),
    },
    "initialisation": {"depth": 6, "units": 8, "activation": ("leaky_relu", "hard_sigmoid", "exp(z)")},
    "dying": {"units": 7, "depth": 3},
    "learning": {"seed": 2},
    "softmax": {"scores": (3.0, -1.0, 0.5, 2.0, -2.25, 0.0, 1.0, 1.23e-5), "temperature": (0.1, 0.5, 2.0, 10.0)},
}


def words_of(figure):
    """The words on a page and their boxes in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = list(figure.texts)
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            texts += [tick.label1 for tick in axis.get_major_ticks() if tick.label1.get_visible()]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts if text.get_text()]


def assert_readable(figure):
    boxes = words_of(figure)
    assert len(boxes) > 8
    for words, box in boxes:
        inside = box.x0 > 0 and box.y0 > 0 and box.x1 < figure.bbox.width and box.y1 < figure.bbox.height
        assert inside, f"{words!r} is clipped"
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        across, up = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 0 or up <= 0.2 * min(a.height, b.height), f"{one!r} and {other!r} overlap"


@pytest.mark.parametrize("size", some(["slide", "half", "square", "a3"], {"slide"}))
@every_topic
def test_words_are_on_the_page_and_do_not_overlap(results, topic, size):
    assert_readable(LESSONS[topic].draw(results[topic], find_theme("light"), find_size(size)))


@pytest.mark.parametrize("topic", some(LESSONS, {"softmax"}))
def test_unusual_settings_are_readable_too(topic):
    result = LESSONS[topic].measure(**CASES[topic])
    for size in ("slide", "half"):
        assert_readable(LESSONS[topic].draw(result, find_theme("print"), find_size(size)))


@every_topic
def test_type_on_a_slide_is_large(results, topic):
    figure = LESSONS[topic].draw(results[topic], find_theme("dark"), find_size("slide"))
    assert min(text.get_fontsize() for text in figure.texts) >= 17


def test_figures_show_what_was_measured(results):
    light, slide = find_theme("light"), find_size("slide")
    figure = LESSONS["vanishing"].draw(results["vanishing"], light, slide)
    lines = {line.get_label(): 10.0 ** line.get_ydata() for line in figure.axes[0].lines}
    for g in results["vanishing"].gradients:
        name = f"{ACTIVATIONS[g.activation].label}, {INITIALISATIONS[g.init].label}"
        assert lines[name] == pytest.approx(g.norms, rel=1e-9)
    assert lines["$0.25^k$: slopes alone"] == pytest.approx(0.25 ** np.arange(1, 21), rel=1e-6)
    figure = LESSONS["initialisation"].draw(results["initialisation"], light, slide)
    for axes, what in zip(figure.axes, ("signal", "gradient"), strict=True):
        lines = [line for line in axes.lines if line.get_label() != "rule"]
        for line, course in zip(lines, results["initialisation"].courses, strict=True):
            assert 10.0 ** line.get_ydata() == pytest.approx(getattr(course, what), rel=1e-9)
    title = "ReLU, 20 layers: He leaves 0.37 of the gradient, LeCun 0.00051"
    assert title in {text.get_text() for text in figure.texts}
    figure = LESSONS["vanishing"].draw(results["vanishing"], light, slide)
    assert any("0.008" in text.get_text() for text in figure.texts)
    figure = LESSONS["softmax"].draw(results["softmax"], light, slide)
    assert {"0.659", "0.242", "0.099", "0.417"} <= {text.get_text() for text in figure.texts}
    figure = LESSONS["dying"].draw(results["dying"], light, slide)
    for axes, stage in zip(figure.axes[:2], ("before", "after"), strict=True):
        tops = [bar.get_y() + bar.get_height() for bar in axes.patches[-8:]]
        layers = results["dying"].state("relu", stage).layers
        assert tops == pytest.approx([100 * layer.cut_off / 24 for layer in layers])
        assert [bar.get_height() for bar in axes.patches[-8:]] == pytest.approx(
            [100 * layer.killed / 24 for layer in layers]
        )
    crossed = [
        axes.get_label() for axes in figure.axes if any(line.get_label() == "no gradient" for line in axes.lines)
    ]
    assert crossed == [f"relu unit {unit + 1}" for unit in np.flatnonzero(results["dying"].cut_off["relu"])]


@pytest.mark.parametrize("topic", some(LESSONS, {"dying"}))
def test_the_same_numbers_give_the_same_bytes(results, topic):
    first, second = (
        encode_figure(LESSONS[topic].draw(results[topic], find_theme("dark"), find_size("half")), "svg")
        for _ in range(2)
    )
    assert first == second


# The command

QUICK = {"linearity": ["--depth", 9], "vanishing": ["--depth", 6], "initialisation": ["-a", "relu", "--depth", 3],
         "dying": ["--units", 7], "learning": ["--seed", 2], "softmax": []}  # fmt: skip
"""Settings by which a lesson is measured in little time."""


@pytest.mark.parametrize("topic", some(LESSONS, {"dying", "softmax"}))
def test_each_lesson_prints_tables_and_writes_a_slide(run_cli, topic):
    code, out, err = run_cli("lesson", topic, *QUICK[topic])
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"outputs/lesson-{topic}.png"
    assert len(out.splitlines()) > 5
    with Image.open(f"outputs/lesson-{topic}.png") as picture:
        assert picture.size == (1920, 1080)
    assert run_cli("lesson", topic, *QUICK[topic])[0] == 2
    code, out, _ = run_cli("lesson", topic, *QUICK[topic], "--json", "-o", "a.pdf")
    about = json.loads(out)
    assert (code, about["topic"], about["path"]) == (0, topic, "a.pdf")
    assert Path("a.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.sweep
def test_all_writes_every_lesson_into_a_folder(run_cli):
    code, out, _ = run_cli("lesson", "all", "--json", "--dpi", "40", "--theme", "transparent")
    about = json.loads(out)
    assert (code, about["folder"]) == (0, "outputs/lessons")
    assert [lesson["topic"] for lesson in about["lessons"]] == list(LESSONS)
    for lesson in about["lessons"]:
        with Image.open(lesson["path"]) as picture:
            assert picture.convert("RGBA").getpixel((0, 0))[3] == 0


def test_softmax_takes_negative_scores(run_cli):
    code, out, _ = run_cli("lesson", "softmax", "-1", "-2.5", "0", "--temperature", "4", "-o", "a.svg", "--json")
    about = json.loads(out)
    assert (code, about["scores"]) == (0, [-1, -2.5, 0])
    assert about["tempered"][0]["probabilities"] == pytest.approx(scipy.special.softmax([-0.25, -0.625, 0]))
    assert "0.242" in run_cli("lesson", "softmax", "2.0", "1.0", "0.1")[1]


@pytest.mark.sweep
def test_settings_change_what_is_measured(run_cli):
    _, out, _ = run_cli("lesson", "dying", "--units", "5", "--depth", "2", "--seed", "9", "--rate", "2", "--json")
    about = json.loads(out)
    assert (about["units"], about["seed"], len(about["networks"][0]["layers"])) == (5, 9, 2)
    assert about["rate"] == 2
    assert [n["stage"] for n in about["networks"]] == ["before", "after", "before", "after"]
    _, out, _ = run_cli(
        "lesson", "vanishing", "--init", "lecun", "--depth", "3", "-a", "relu,tanh", "--json", "-o", "v.svg"
    )
    assert [g["init"] for g in json.loads(out)["activations"]] == ["lecun", "lecun"]


@every_topic
def test_tables_hold_numbers_and_print_no_negative_zero(results, topic):
    for table in results[topic].tables():
        for row, printed in zip(table.rows, table.printed(), strict=True):
            assert len(row) == len(printed) == len(table.headers)
            assert any(isinstance(cell, int | float) for cell in row)
            assert not {"-0", "-0.0", "-0.000"} & set(printed)


BAD = [
    ([], "TOPIC"),
    (["dyin"], "unknown topic 'dyin'; did you mean 'dying'"),
    (["softmax", "1"], "scores: expected 2 to 8, found 1"),
    (["softmax", *"123456789"], "scores: expected 2 to 8, found 9"),
    (["softmax", "x", "1"], "'x' is not a valid float"),
    (["softmax", "nan", "1"], "scores: expected -1e+06 to 1e+06, found nan"),
    (["softmax", "1", "2", "--temperature", "0"], "temperature: expected 0.01 to 100, found 0"),
    (["softmax", "--temperature", "a"], "expected numbers separated by commas, found 'a'"),
    (["softmax", "--depth", "3"], "lesson softmax: takes scores, temperature; found depth"),
    (["linearity", "1"], "lesson linearity: takes seed, units, depth, activation, palette; found scores"),
    (["linearity", "--depth", "3"], "depth: expected 4 to 128, found 3"),
    (["linearity", "-a", "tanh,relu"], "activation: expected one beside identity, found 2"),
    (["vanishing", "-a", "tahn"], "unknown activation 'tahn'; did you mean 'tanh'"),
    (["vanishing", "-a", "tanh,relu,elu,selu,silu,gelu,mish"], "activation: expected 1 to 6, found 7"),
    (["vanishing", "--depth", "41"], "depth: expected 3 to 40, found 41"),
    (["vanishing", "--units", "0"], "units: expected 1 to 128, found 0"),
    (["vanishing", "--seed", "-1"], "seed: expected at least 0, found -1"),
    (["dying", "--rate", "nan"], "rate: expected 0 to 10, found nan"),
    (["dying", "--rate", "11"], "rate: expected 0 to 10, found 11"),
    (["vanishing", "--init", "hee"], "unknown initialisation 'hee'; did you mean 'he'"),
    (["initialisation", "-a", "tanh,relu,elu,selu"], "activation: expected 1 to 3, found 4"),
    (["dying", "--units", "65"], "units: expected 2 to 64, found 65"),
    (["dying", "--theme", "drak"], "unknown theme 'drak'"),
    (["dying", "--size", "huge"], "unknown figure size 'huge'"),
    (["dying", "--dpi", "5"], "dpi: expected 30 to 1200, found 5"),
    (["dying", "-o", "a.gif"], "unknown figure format '.gif'"),
    (["dying", "--sead", "3"], "'--sead' is not a valid float"),
    (["all", "--depth", "5"], "lesson all: takes seed; found depth"),
    (["all", "-o", "a.png"], "all: expected a folder, found 'a.png'"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(case[0]) for case in BAD])
def test_bad_input_gets_one_line_and_writes_nothing(run_cli, arguments, message):
    code, out, err = run_cli("lesson", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("artstudio: ")
    assert err.count("\n") == 1
    assert message in err
    assert not [path for path in Path().rglob("*") if path.is_file()]


def test_the_library_refuses_too():
    with pytest.raises(BadInput, match="units"):
        linearity.measure(units=129)


@every_topic
def test_words_to_say_give_numbers_that_are_in_the_tables(results, topic):
    """Every number of the words is one that was measured, or a setting."""
    words = results[topic].words()
    assert words.endswith(".")
    cells = [cell for table in results[topic].tables() for row in table.rows for cell in row]
    measured = [float(cell) for cell in cells if isinstance(cell, int | float)]
    measured += [100 * value for value in measured]
    known = {255, 64, 32, 1, 2, 192, 20, 100, *(getattr(results[topic], "units", 0) * k for k in (1, 8))}
    for number in re.findall(r"(?<![\w./])\d+(?:\.\d+)?(?:e-?\d+)?", words):
        value = float(number)
        digits = max(1, len(number.partition("e")[0].replace(".", "").lstrip("0")))
        assert value in known or any(float(f"{m:.{digits}g}") == value for m in measured), (number, words)
