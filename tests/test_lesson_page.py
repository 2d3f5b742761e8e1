"""docs/lesson.md: every number on it is computed here."""

import ast
import inspect
import re
from pathlib import Path

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import scipy.special

import artstudio
from artstudio.curation.scores import edge_density
from artstudio.figures.comparison import compare_sheet
from artstudio.figures.lessons import dying, initialisation, learning, linearity, vanishing
from artstudio.figures.lessons.networks import plain_network
from artstudio.figures.samples import SATURATED
from artstudio.learning.settings import RATES
from artstudio.learning.targets.registry import find_target
from artstudio.model.activation.properties import measure
from artstudio.model.activation.registry import get_activation
from artstudio.model.colour.oklab import oklab_from_srgb
from artstudio.model.network import PROBE_SIZE, probe_inputs
from artstudio.model.recipe import Recipe

pytestmark = pytest.mark.sweep

PAGE = " ".join((Path(__file__).parent.parent / "docs" / "lesson.md").read_text(encoding="utf-8").split())


def numbers(pattern):
    """The numbers that a sentence of the page gives, by a pattern with a group for each."""
    found = re.search(pattern, PAGE)
    assert found, f"not on the page: {pattern}"
    return [float(number) for number in found.groups()]


def test_linearity():
    found = linearity.measure().depths
    depths, last = [each.depth for each in found], found[-1]
    single, double, levels = numbers(
        r"by less than (\S+) of the largest output in float64 and less than (\S+) in float32, .*? at most (\d) levels"
    )
    assert last.double < single
    assert last.single < double
    assert last.levels <= levels
    assert numbers(r"layer leaves (\d+) % of the variance unexplained at 100 layers") == [round(100 * last.beyond)]
    assert numbers(r"weights of variance (\S+) / fan-in") == [1.5**2]
    assert numbers(r"`identity` at (\d+), (\d+) and (\d+) layers beside") == depths
    assert numbers(r"at depth (\d+), (\d+) and (\d+)\]") == depths
    assert numbers(r"At (\d+) layers the two differ") == numbers(r"unexplained at (\d+) layers") == depths[-1:]


def test_sigmoid():
    top, far, share = numbers(r"(0\.25) at 0, the most it can be, and (\S+) at \+-5, about 1/(\d+) of that")
    slope = lambda z: mpmath.exp(-z) / (1 + mpmath.exp(-z)) ** 2  # noqa: E731 - a formula
    assert top == pytest.approx(float(slope(0)))
    assert far == pytest.approx(float(slope(5)), rel=1e-3)
    assert share == round(float(slope(0) / slope(5)))
    output, its = numbers(r"so (0\.7) gives (0\.21)")
    assert output * (1 - output) == pytest.approx(its)


def test_dying():
    found = dying.measure()
    before, after = found.state("relu", "before"), found.state("relu", "after")
    assert numbers(r"active on random input \((\d+) %\)") == pytest.approx([100 * before.active], abs=0.6)
    assert numbers(r"(\d+) of (\d+) are silent on this canvas") == [before.count("silent"), 192]
    # Float32 rounds in another way on other machines: a unit or two may be on the verge.
    assert numbers(r"too large kills (\d+) ReLUs") == pytest.approx([after.count("killed")], abs=2)
    assert numbers(r"the same step revives (\d+)\.") == pytest.approx([after.count("revived")], abs=2)
    assert after.layers[0].revived == 0
    leaky = found.state("leaky_relu", "after")
    assert leaky.count("cut_off") == 0
    assert leaky.count("silent") == pytest.approx(after.count("silent"), rel=0.1)
    low, high = numbers(r"none are silent in the first layer and (\d+) to (\d+) % in the eighth")
    assert found.wide[0] == 0
    assert low < 100 * found.wide[-1] < high


def test_vanishing_and_initialisation():
    left = {g.activation: g.norms[-1] for g in vanishing.measure().gradients}
    said = numbers(r"(\S+) is left with ReLU, (\S+) with tanh, (\S+) with GELU, and (\S+) with sigmoid")
    assert said == pytest.approx([left[name] for name in ("relu", "tanh", "gelu", "sigmoid")], rel=0.15)
    assert left["sigmoid"] < 0.25**20
    assert numbers(r"slope of (\S+) leave (\S+)\.") == pytest.approx([0.2, 0.2**3])
    courses = {(c.activation, c.init): c for c in initialisation.measure().courses}
    said = numbers(r"He's 2 / fan-in keeps (\S+) of the gradient .*? 1 / fan-in it keeps (\S+), and seems")
    assert said == pytest.approx([courses["relu", init].gradient[-1] for init in ("he", "lecun")], rel=0.02)
    assert courses["tanh", "he"].gradient[-1] > courses["tanh", "he"].gradient[0]


def test_softmax():
    said = numbers(r"probabilities, (\S+), (\S+), (\S+), that sum to 1")
    assert said == pytest.approx(scipy.special.softmax([2.0, 1.0, 0.1]), abs=5e-4)


def test_only_the_output_layer_of_a_step_network_gets_a_gradient():
    recipe = Recipe(seed=3, units=8, depth=3, activation="step")
    network, inputs = plain_network(recipe, 3, bias=0.5), jnp.asarray(probe_inputs(recipe)[:, ::17], jnp.float32)

    def loss(network):
        values = inputs
        layers = [(network.first_weights, network.first_bias)]
        layers += list(zip(network.hidden_weights, network.hidden_biases, strict=True))
        for w, b in layers:
            values = jnp.heaviside(jnp.matmul(w, values) + b, 1.0)
        return ((network.output_weights @ values + network.output_bias - 1) ** 2).mean()

    slopes = jax.grad(loss)(jax.tree.map(jnp.asarray, network))
    assert all(not np.asarray(part).any() for part in slopes[:4])
    assert np.asarray(slopes.output_weights).any()


@pytest.mark.parametrize(("gain", "depth", "said"), [(1, 6, True), (0.01, 1, False)])
def test_notes_call_pictures_in_the_middle_busier_only_where_they_are(gain, depth, said):
    recipe = Recipe(seed=3, gain=gain, depth=depth)
    words = artstudio.compare(morph="step..sigmoid", recipe=recipe, panel="96x96").words
    assert ("busier than both ends" in words) == said


@pytest.mark.parametrize("seed", [3, 4])
def test_pictures_in_the_middle_of_a_morph_are_busier_than_both_ends(seed):
    sheet = compare_sheet((), Recipe(seed=seed), (96, 96), morph="step..sigmoid")
    edges = []
    for panel in sheet.panels[0]:
        lab = oklab_from_srgb(panel.picture.reshape(-1, 3).T / 255, np)[0]
        edges.append(edge_density(lab.reshape(96, 96)))
    assert min(edges[1:4]) > max(edges[0], edges[4])


def test_with_tanhs_weights_sigmoid_goes_flat_and_relu_overshoots():
    sheet = compare_sheet(("tanh", "sigmoid", "relu"), Recipe(seed=3), (64, 64), exact_weights="tanh", layer=6)
    tanh, sigmoid, relu = sheet.panels[0]
    assert sigmoid.picture.std(axis=(0, 1)).max() < 0.5 * tanh.picture.std(axis=(0, 1)).max()
    (factor,) = numbers(r"spread more than (\d+) times as far as tanh's")
    assert relu.z.std() > factor * tanh.z.std()


def test_columns_share_the_draw_and_are_calibrated_for_each():
    from artstudio.model.network import build_params

    one, other = (build_params(Recipe(seed=3, activation=name)) for name in ("step", "sigmoid"))
    ratio = other.first_weights / one.first_weights
    gains = [get_activation(name).gain for name in ("step", "sigmoid")]
    assert ratio == pytest.approx(gains[1] / gains[0], rel=1e-5)


@pytest.mark.sweep
def test_learning():
    found = learning.measure()
    assert numbers(r"trains (\d+) hidden layers of (\d+) units for (\d+) steps") == [
        found.depth,
        found.units,
        learning.STEPS,
    ]
    best, sigmoid = numbers(r"tanh and ReLU get (\d+) % right, sigmoid (\d+) %")
    assert [100 * found.of(kind).accuracy for kind in ("tanh", "relu")] == pytest.approx([best, best], abs=0.6)
    assert 100 * found.of("sigmoid").accuracy == pytest.approx(sigmoid, abs=3)
    assert numbers(r"in layer 1 is (\S+) of that in layer 3") == [
        pytest.approx(found.of("sigmoid").first, rel=0.03)
    ]
    assert 100 * found.of("step").accuracy == pytest.approx(numbers(r"Step gets (\d+) %")[0], abs=3)
    assert found.of("step").moved == 0
    assert 100 * found.of("sigmoid", learning.ADAM).accuracy == pytest.approx(
        numbers(r"with it sigmoid gets (\d+) % right")[0], abs=0.6
    )
    assert 100 * found.of("tanh").one_sign == pytest.approx(numbers(r"with tanh (\d+) %")[0], abs=3)
    assert [found.of(kind).one_sign for kind in ("sigmoid", "relu")] == [1, 1]
    times, dead = numbers(r"At a rate (\d+) times as high (\d+) % of the ReLUs die")
    assert found.high_rate == pytest.approx(times * found.of("relu").rate)
    assert 100 * found.killed == pytest.approx(dead, abs=3)


def usual(topic, *names):
    """The settings that a lesson has unless others are asked for."""
    parameters = inspect.signature(topic.measure).parameters
    return [parameters[name].default for name in names]


def test_what_is_measured_and_on_what():
    points = [PROBE_SIZE, PROBE_SIZE]
    assert numbers(r"levels of (255):") == [np.iinfo(np.uint8).max]
    said = numbers(r"over (\d+) x (\d+) points of the canvas, networks of (\d+) units and the inputs x and y")
    assert said == [*points, *usual(linearity, "units")]
    assert numbers(r"Networks of (\d+) units and (\d+) layers .*? descent at rate (\d+) on") == usual(
        dying, "units", "depth", "rate")  # fmt: skip
    assert numbers(r"bright disc, over (\d+) x (\d+) points") == points
    assert "only three input channels" in PAGE
    assert len(probe_inputs(Recipe())) == 3
    assert numbers(r"on (\d+) independent Gaussian") == [dying.WIDE]
    assert numbers(r"reaches each of (\d+) layers") == usual(vanishing, "depth")
    inputs = vanishing.canvas_points(Recipe())
    across, down, networks = numbers(r"its mean over (\d+) x (\d+) points of the canvas and (\d+) networks")
    assert (across * down, networks) == (inputs.shape[1], vanishing.NETWORKS)
    assert numbers(r"over a layer's (\d+) units") == usual(vanishing, "units")
    assert numbers(r"of the gradient through (\d+) layers") == usual(initialisation, "depth")
    assert numbers(r"\* (\d+) points, all of them in each step") == [find_target("circle").count]
    assert "the best of five learning rates" in PAGE
    assert {len(rates) for name, rates in RATES.items() if name in (learning.PLAIN, learning.ADAM)} == {5}


def test_the_variances_are_those_of_the_weights():
    for name, said in {
        "he": numbers(r"He's (\d) / fan-in keeps"),
        "lecun": numbers(r"all of them variance (\d) / fan-in") and numbers(r"LeCun's (\d) / fan-in it keeps"),
    }.items():
        weights = plain_network(Recipe(seed=1, units=128, depth=3), 3, init=name).hidden_weights
        assert np.var(weights) * 128 == pytest.approx(said[0], rel=0.03)


def test_values_slopes_and_conventions():
    one, at, zero = numbers(r"`artstudio plot step`: (1) where z >= (0), else (0)\.")
    values = get_activation("step").function(np.array([at - 1e-9, at, at + 1e-9]), np)
    assert values.tolist() == [zero, one, one]
    assert numbers(r"undefined at 0, where (0) is taken by convention") == [
        jax.grad(lambda z: jnp.heaviside(z, 1.0))(0.0)
    ]
    slope = jax.grad(jax.nn.relu)
    assert numbers(r"derivative is (1) for z > 0 and (0) for z < 0") == [slope(0.5), slope(-0.5)]
    assert numbers(r"At 0 there is none; (0) is taken") == [slope(0.0)]
    assert numbers(r"where \|f'\| < (0\.1)\.") == [SATURATED]
    assert numbers(r"below (0\.25)\^k") == pytest.approx([measure(get_activation("sigmoid")).largest_slope])
    low, high = numbers(r"zero-centred, in \((-1), (1)\)")
    assert [mpmath.tanh(-100), mpmath.tanh(100)] == [low, high]
    factor, inner, less = numbers(r"tanh\(z\) = (2) sigmoid\((2)z\) - (1)")
    for z in (-3, -0.4, 0, 1.7):
        assert factor / (1 + mpmath.exp(-inner * z)) - less == pytest.approx(float(mpmath.tanh(z)))


MATHEMATICS = (
    r"float\d+", r"undefined at 0", r"slopes around 0", r"\+-5", r"1/(?=\d+ of that)", r"s \(1 - s\)", r"0\.25 at 0",
    r"z [<>] 0", r"At 0 there is none", r"layer [13] is|in layer 3", r"slope is 0, its|by exactly 0|slope 0 at every",
    r"sum to 1;", r"N\(0, 1\)", r"C[01] with", r"\(z, 0, 0\)",
)  # fmt: skip
"""Digits that are names, notation or said of exact zeros that `test_learning` measures."""


def test_every_number_on_the_page_is_checked_here():
    calls = [
        node
        for node in ast.walk(ast.parse(Path(__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    patterns = [call.args[0].value for call in calls if getattr(call.func, "id", "") == "numbers"]
    found = [re.search(pattern, PAGE) for pattern in patterns]
    checked = [match.span(group) for match in found if match for group in range(1, match.re.groups + 1)]
    checked += [m.span() for rule in (r"`[^`]*`|\]\([^)]*\)", *MATHEMATICS) for m in re.finditer(rule, PAGE)]
    left = [
        PAGE[max(0, number.start() - 30) : number.end() + 10]
        for number in re.finditer(r"\d+", PAGE)
        if not any(start <= number.start() < end for start, end in checked)
    ]
    assert left == []
