"""The lessons' numbers, against references of our own making and SciPy's, and their figures and refusals."""

import json
from pathlib import Path

import mpmath
import numpy as np
import pytest
import scipy.special
from PIL import Image

from artstudio.engine.lessons import plain_params
from artstudio.figures.lessons.registry import LESSONS, measure
from artstudio.figures.theme import SIZES, THEMES
from artstudio.model.network import pre_activations, probe_inputs
from artstudio.model.recipe import Recipe


@pytest.fixture(scope="module")
def results():
    """Every lesson with its defaults, measured once; a shallower vanishing one, for speed."""
    settings = {"vanishing": {"depth": 8}}
    return {topic: measure(lesson, settings.get(topic, {})) for topic, lesson in LESSONS.items()}


def test_a_hundred_identity_layers_are_one_affine_map(results):
    for row in results["linearity"].document()["depths"]:
        assert row["double"] < 1e-12  # relative, float64
        assert row["single"] < 3e-7 * (1 + row["depth"])  # float32: its rounding, once a layer
        assert row["levels"] <= 1  # the pictures are the same to a display level
    deepest = results["linearity"].document()["depths"][-1]
    assert deepest["depth"] == 100
    assert deepest["beyond"] > 0.5  # what no affine map explains of tanh's output


def test_softmax_cross_entropy_and_temperature_are_scipy_s(results):
    found = results["softmax"].document()
    scores = np.array([2.0, 1.0, 0.1])
    assert list(found["scores"]) == [2.0, 1.0, 0.1]
    assert np.allclose(found["shares"]["probabilities"], scipy.special.softmax(scores), atol=1e-7)
    assert [round(p, 3) for p in found["shares"]["probabilities"]] == [0.659, 0.242, 0.099]
    assert np.allclose(found["cross_entropy"], -scipy.special.log_softmax(scores), atol=1e-6)
    for row in found["tempered"]:
        assert np.allclose(row["probabilities"], scipy.special.softmax(scores / row["temperature"]), atol=1e-7)


def chain_rule(depth, units, seed):
    """The mean length of d output / d z for each layer from the last, for tanh, by hand in float64."""
    recipe = Recipe(seed=seed, units=units, depth=depth, activation="tanh")
    params = plain_params(recipe)
    z = pre_activations(params, recipe.layer_activations(), probe_inputs(recipe))
    slope = [1 - np.tanh(layer) ** 2 for layer in z]
    row = params.output_weights[0].astype(np.float64)[:, None] * slope[-1]
    norms = [np.linalg.norm(row, axis=0).mean()]
    for layer in range(depth - 2, -1, -1):
        row = (params.hidden_weights[layer].astype(np.float64).T @ row) * slope[layer]
        norms.append(np.linalg.norm(row, axis=0).mean())
    return norms


def test_gradient_norms_are_the_chain_rule_s(results):
    found = results["vanishing"].document()
    tanh = next(row for row in found["activations"] if row["activation"] == "tanh")
    assert np.allclose(tanh["plain"], chain_rule(found["depth"], found["units"], found["seed"]), rtol=1e-3)


def test_sigmoid_s_gradient_vanishes_below_its_bound(results):
    found = results["vanishing"].document()
    sigmoid = next(row for row in found["activations"] if row["activation"] == "sigmoid")
    assert np.allclose(sigmoid["products"], [0.25**k for k in range(1, found["depth"] + 1)], rtol=1e-6)
    assert all(norm <= bound * (1 + 1e-5) for norm, bound in zip(sigmoid["plain"], sigmoid["bounds"], strict=True))
    assert list(sigmoid["plain"]) == sorted(sigmoid["plain"], reverse=True)
    exact = mpmath.diff(lambda z: 1 / (1 + mpmath.exp(-z)), 5)
    assert sigmoid["slope_at_5"] == pytest.approx([float(exact)] * 2, abs=1e-7)
    assert found["product_of_three"] == pytest.approx(0.2**3, abs=1e-6)
    assert (
        sigmoid["one_sign"] > 0.99
    )  # its outputs are all positive: so are, or are not, all of a unit's gradients


def test_about_half_of_the_units_are_active_and_only_relu_s_die(results):
    relu, leaky, *_ = results["dying"].document()["networks"]
    assert (relu["activation"], leaky["activation"]) == ("relu", "leaky_relu")
    assert 0.4 < relu["active"] < 0.6
    assert sum(layer["dead"] for layer in relu["layers"]) > 0
    assert sum(layer["dead"] for layer in leaky["layers"]) == 0


def test_a_dead_unit_is_negative_everywhere_on_the_probe(results):
    document = results["dying"].document()
    relu = document["networks"][0]
    recipe = Recipe(seed=document["seed"], units=document["units"], depth=len(relu["layers"]), activation="relu")
    z = pre_activations(plain_params(recipe), recipe.layer_activations(), probe_inputs(recipe))
    for layer, row in zip(z, relu["layers"], strict=True):
        assert row["dead"] == int((layer <= 0).all(axis=1).sum())
        assert row["active"] == pytest.approx(float((layer > 0).mean()), abs=2e-3)


@pytest.mark.parametrize("topic", LESSONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_words_leave_the_page(results, topic, theme):
    figure = LESSONS[topic].draw(results[topic], THEMES[theme], SIZES["slide"])
    figure.draw_without_rendering()
    for text in figure.texts:
        if text.get_text():
            box = text.get_window_extent()
            assert box.x0 >= figure.bbox.x0
            assert box.x1 <= figure.bbox.x1
            assert box.y0 >= figure.bbox.y0
            assert box.y1 <= figure.bbox.y1


def test_the_command_prints_and_draws(run_cli):
    code, out, _ = run_cli("lesson", "softmax", "3", "-1", "0.5")
    assert code == 0
    assert out.endswith("outputs/lesson-softmax.png\n")
    assert f"{scipy.special.softmax([3, -1, 0.5])[1]:.3f}" in out
    with Image.open("outputs/lesson-softmax.png") as picture:
        assert picture.size == (1920, 1080)
    code, out, _ = run_cli("lesson", "dying", "--json", "-o", "d.svg")
    assert (code, json.loads(out)["topic"]) == (0, "dying")
    assert Path("d.svg").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope"], "unknown topic 'nope'"),
        (["softmax", "--units", "3"], "takes scores, temperature; found units"),
        (["softmax", "x"], "'x' is not a valid float"),
        (["softmax", "nan", "1"], "score"),
        (["dying", "--units", "0"], "units: expected 2 to 64, found 0"),
        (["vanishing", "--depth", "1000"], "depth: expected 3 to 40, found 1000"),
        (["vanishing", "-a", "tahn"], "unknown activation 'tahn'"),
        (["linearity", "--seed", "-1"], "seed: expected at least 0"),
        (["dying", "--theme", "drak"], "unknown theme 'drak'"),
        (["dying", "-o", "x.bmp"], "unknown figure format"),
    ],
)
def test_bad_input_gets_one_line(run_cli, arguments, message):
    code, out, err = run_cli("lesson", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
    assert not [path for path in Path().rglob("*") if path.is_file()]
