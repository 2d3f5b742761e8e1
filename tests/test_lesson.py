"""`artstudio lesson`: its numbers against independent references; its figures, measured; its files; its refusals."""

import itertools
import json
from pathlib import Path

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import scipy.special
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from artstudio.engine.lessons import layer_gradients, outputs_float32, plain_params
from artstudio.errors import BadInput
from artstudio.figures.lessons import dying, linearity, softmax, vanishing
from artstudio.figures.lessons.registry import LESSONS
from artstudio.figures.save import encode_figure
from artstudio.figures.theme import find_size, find_theme
from artstudio.model.activations import get_activation
from artstudio.model.network import build_params, pre_activations, probe_inputs
from artstudio.model.recipe import Recipe

SLOPES = {
    "sigmoid": lambda z: scipy.special.expit(z) * scipy.special.expit(-z),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0).astype(float),
    "identity": np.ones_like,
}


@pytest.fixture(scope="module")
def results():
    """Every lesson, measured once at its defaults."""
    return {topic: lesson.measure() for topic, lesson in LESSONS.items()}


def backwards(params, name, inputs):
    """d output / d z of every layer by the chain rule, in float64: (depth, units, pixels)."""
    z = pre_activations(params, (name,) * len(params.activations), inputs)
    arriving = np.tile(params.output_weights[0].astype(float)[:, None], (1, inputs.shape[1]))
    found = []
    for layer in reversed(range(len(z))):
        found.append(SLOPES[name](z[layer]) * arriving)
        if layer:
            arriving = params.hidden_weights[layer - 1].astype(float).T @ found[-1]
    return np.stack(found[::-1])


# Plain networks and their gradients


def test_plain_weights_are_the_raw_ones_scaled_by_the_fan_in():
    params = plain_params(Recipe(seed=5, units=64, depth=3))
    assert params.first_weights.std() == pytest.approx(3**-0.5, rel=0.1)
    assert params.hidden_weights.std() == pytest.approx(64**-0.5, rel=0.02)
    assert np.abs(params.hidden_weights).max() <= (3 / 64) ** 0.5
    assert not params.hidden_biases.any()
    assert not params.first_bias.any()
    assert np.array_equal(
        plain_params(Recipe(seed=5, units=64, depth=3), gain=2).first_weights, 2 * params.first_weights
    )


def test_a_push_lowers_each_bias_by_deviations_of_its_own_unit():
    recipe = Recipe(seed=2, units=6, depth=1, activation="relu")
    inputs = probe_inputs(recipe)
    z = plain_params(recipe).first_weights.astype(float) @ inputs
    pushed = plain_params(recipe, push=1.5).first_bias
    assert pushed[:, 0] == pytest.approx(-1.5 * z.std(axis=1), rel=1e-6)


@pytest.mark.parametrize("name", SLOPES)
@pytest.mark.parametrize("kind", [plain_params, build_params])
def test_layer_gradients_are_those_of_the_chain_rule(name, kind):
    recipe = Recipe(seed=4, units=9, depth=5, activation=name)
    inputs = probe_inputs(recipe)[:, ::41]
    params = kind(recipe)
    expected = backwards(params, name, inputs)
    assert np.abs(expected).max() > 1e-4
    near = np.stack([np.abs(z) for z in pre_activations(params, (name,) * 5, inputs)]).min(axis=(0, 1)) < 1e-4
    off = np.abs(layer_gradients(params, name, inputs) - expected)[..., ~near if name == "relu" else slice(None)]
    assert off.max() < 2e-5 * np.abs(expected).max()


def test_layer_gradients_are_those_of_finite_differences():
    recipe = Recipe(seed=8, units=7, depth=3, activation="gelu")
    inputs = probe_inputs(recipe)[:, [5, 2000]]
    params = plain_params(recipe)
    found = layer_gradients(params, "gelu", inputs)
    h = 1e-4

    def output(layer, unit, nudge):
        biases = [params.first_bias.astype(float), *params.hidden_biases.astype(float)]
        biases[layer][unit] += nudge
        moved = params._replace(first_bias=biases[0], hidden_biases=np.array(biases[1:]))
        z = pre_activations(moved, ("gelu",) * 3, inputs)[-1]
        return (params.output_weights[:1].astype(float) @ get_activation("gelu").function(z, np))[0]

    for layer, unit in itertools.product(range(3), (0, 6)):
        slope = (output(layer, unit, h) - output(layer, unit, -h)) / (2 * h)
        assert found[layer, unit] == pytest.approx(slope, abs=2e-3 * float(np.abs(found[layer]).max()))


def test_a_network_cut_short_is_the_network_of_that_depth():
    recipe = Recipe(seed=1, units=8, depth=6, activation="tanh")
    inputs = probe_inputs(recipe)
    cut = layer_gradients(plain_params(recipe), "tanh", inputs, depth=2)
    short = layer_gradients(plain_params(recipe.replace(depth=2)), "tanh", inputs)
    assert cut.shape == short.shape
    assert cut == pytest.approx(short, rel=1e-5, abs=1e-7)


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
    params, inputs = plain_params(recipe, bias=0.3), probe_inputs(recipe)
    z = pre_activations(params, ("identity",) * 20, inputs)[-1]
    outputs = params.output_weights.astype(float) @ z
    columns = np.vstack([inputs, np.ones(inputs.shape[1])]).T
    fit = np.linalg.lstsq(columns, outputs.T, rcond=None)[0].T
    weights, bias = linearity.collapse(params)
    assert np.hstack([weights, bias]) == pytest.approx(fit, rel=1e-9)


def test_a_wrong_layer_would_be_noticed():
    recipe = Recipe(seed=3, units=12, depth=20, features=("x", "y"), activation="identity")
    params, inputs = plain_params(recipe), probe_inputs(recipe)
    single = linearity.collapsed_params(params)
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
    along = linearity.collapse(plain_params(recipe, gain=1.5, bias=0.2))[0][0]
    picture = results["linearity"].depths[-1].identity_picture.astype(int)
    step = np.array([-along[1], along[0]]) * 60 / np.hypot(*along)
    across, down = (round(float(v)) for v in step)
    height, width = picture.shape[:2]
    moved = picture[max(down, 0) : height + min(down, 0), max(across, 0) : width + min(across, 0)]
    still = picture[max(-down, 0) : height + min(-down, 0), max(-across, 0) : width + min(-across, 0)]
    assert np.abs(moved - still).max() <= 6  # the step is rounded to whole pixels


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


def test_norms_are_those_of_the_chain_rule(results):
    recipe = Recipe(seed=1, units=32, depth=20)
    inputs = probe_inputs(recipe)
    for g in results["vanishing"].gradients:
        if g.activation in SLOPES:
            own = recipe.replace(activation=g.activation)
            for kind, found in ((plain_params, g.plain), (build_params, g.calibrated)):
                gradients = backwards(kind(own), g.activation, inputs)
                expected = np.sqrt((gradients**2).sum(axis=1)).mean(axis=1)[::-1]
                assert found == pytest.approx(expected, rel=2e-3)


def test_no_gradient_exceeds_its_bound_and_sigmoid_stays_below_its_slopes(results):
    for g in results["vanishing"].gradients:
        assert all(norm <= bound for norm, bound in zip(g.plain, g.bounds, strict=True))
    sigmoid = {g.activation: g for g in results["vanishing"].gradients}["sigmoid"]
    assert all(norm < 1.2 * product for norm, product in zip(sigmoid.plain, sigmoid.products, strict=True))
    assert sigmoid.plain[-1] < 0.25**20
    assert sigmoid.calibrated[-1] > sigmoid.calibrated[0] > 0.1


def test_the_deeper_the_sigmoids_the_less_reaches_the_first(results):
    for g in results["vanishing"].gradients:
        by_depth = dict(g.first_by_depth)
        assert list(by_depth) == [1, 3, 10, 20]
        assert by_depth[20] == g.plain[-1]
        if g.activation == "sigmoid":
            assert by_depth[1] > 15 * by_depth[3] > 15**2 * by_depth[10] > 15**3 * by_depth[20] > 0


def test_positive_outputs_give_all_weights_of_a_unit_one_sign():
    recipe = Recipe(seed=6, units=10, depth=2)
    inputs = probe_inputs(recipe)[:, [100, 1500, 4000]]
    for name in ("sigmoid", "tanh"):
        params, record = plain_params(recipe.replace(activation=name)), get_activation(name)
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


def test_flat_and_exploding_functions_are_told_as_they_are(run_cli):
    code, out, err = run_cli("lesson", "vanishing", "-a", "step,exp(z)", "--json")
    step, exploding = json.loads(out)["activations"]
    assert (code, err) == (0, "")
    assert set(step["plain"]) == {0}
    assert exploding["plain"][-1] is None
    assert "NaN" not in out


# Dying


def test_about_half_of_the_relus_are_active():
    shares = [dying.measure(seed=seed, push=0).network("relu", 0.0).active for seed in range(6)]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.05)
    assert all(0.3 < share < 0.7 for share in shares)


def test_counts_are_those_of_the_network(results):
    found = results["dying"]
    recipe = Recipe(seed=1, units=24, depth=8)
    values = probe_inputs(recipe)
    params = plain_params(recipe.replace(activation="relu"))
    for layer, w in zip(
        found.network("relu", 0.0).layers, (params.first_weights, *params.hidden_weights), strict=True
    ):
        z = w.astype(float) @ values
        values = np.maximum(z, 0)
        assert layer.active == pytest.approx((z > 0).mean(), abs=1e-6)
        assert layer.silent == (z <= 0).all(axis=1).sum()
    assert found.maps["relu"].shape == (24, 64, 64)
    assert found.dead["relu"].sum() == max(layer.dead for layer in found.network("relu", 0.0).layers) > 0


def test_silent_relus_are_dead_and_leaky_ones_are_not(results):
    found = results["dying"]
    for push in (0.0, found.push):
        relu, leaky = (found.network(kind, push) for kind in dying.KINDS)
        assert all(layer.dead >= layer.silent for layer in relu.layers)
        assert sum(layer.silent for layer in leaky.layers) > 0
        assert all(layer.dead == 0 for layer in leaky.layers)
    assert not found.maps["relu"][found.dead["relu"]].any()
    lowered = found.network("relu", found.push)
    assert lowered.active < 0.3
    assert sum(layer.dead for layer in lowered.layers) > sum(
        layer.dead for layer in found.network("relu", 0.0).layers
    )


@pytest.mark.parametrize("kind", dying.KINDS)
def test_no_step_of_training_reaches_a_dead_unit(results, kind):
    recipe = Recipe(seed=1, units=24, depth=8, activation=kind)
    params, inputs = plain_params(recipe), jnp.asarray(probe_inputs(recipe), jnp.float32)
    shown, function = results["dying"].shown, get_activation(kind).function

    def loss(weights):
        values = inputs
        for w in weights:
            values = function(w @ values, jnp)
        return ((params.output_weights @ values - 1) ** 2).mean()

    weights = [jnp.asarray(w) for w in (params.first_weights, *params.hidden_weights)]
    reached = (np.asarray(jax.grad(loss)(weights)[shown - 1]) != 0).any(axis=1)
    dead = results["dying"].dead["relu"]
    assert dead.sum() > 3
    assert not reached[dead].any() if kind == "relu" else reached[dead].all()


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
    "dying": {"units": 7, "depth": 3},
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


@pytest.mark.parametrize("size", ["slide", "half", "square", "a3"])
@pytest.mark.parametrize("topic", LESSONS)
def test_words_are_on_the_page_and_do_not_overlap(results, topic, size):
    assert_readable(LESSONS[topic].draw(results[topic], find_theme("light"), find_size(size)))


@pytest.mark.parametrize("topic", LESSONS)
def test_unusual_settings_are_readable_too(topic):
    result = LESSONS[topic].measure(**CASES[topic])
    for size in ("slide", "half"):
        assert_readable(LESSONS[topic].draw(result, find_theme("print"), find_size(size)))


@pytest.mark.parametrize("topic", LESSONS)
def test_type_on_a_slide_is_large(results, topic):
    figure = LESSONS[topic].draw(results[topic], find_theme("dark"), find_size("slide"))
    assert min(text.get_fontsize() for text in figure.texts) >= 17


def test_figures_show_what_was_measured(results):
    light, slide = find_theme("light"), find_size("slide")
    figure = LESSONS["vanishing"].draw(results["vanishing"], light, slide)
    for axes, kind in zip(figure.axes, ("plain", "calibrated"), strict=True):
        lines = [line for line in axes.lines if line.get_label() == "norms"]
        for line, g in zip(lines, results["vanishing"].gradients, strict=True):
            assert 10.0 ** line.get_ydata() == pytest.approx(getattr(g, kind), rel=1e-9)
    assert any("0.008" in text.get_text() for text in figure.texts)
    figure = LESSONS["softmax"].draw(results["softmax"], light, slide)
    assert {"0.659", "0.242", "0.099", "0.417"} <= {text.get_text() for text in figure.texts}
    figure = LESSONS["dying"].draw(results["dying"], light, slide)
    active, dead = figure.axes[:2]
    layers = results["dying"].network("relu", 0.0).layers
    assert [bar.get_height() for bar in active.patches] == pytest.approx([100 * layer.active for layer in layers])
    assert [bar.get_height() for bar in dead.patches] == pytest.approx([100 * layer.dead / 24 for layer in layers])
    crossed = [axes.get_label() for axes in figure.axes if any(line.get_label() == "dead" for line in axes.lines)]
    assert crossed == [f"relu unit {unit + 1}" for unit in np.flatnonzero(results["dying"].dead["relu"])]


@pytest.mark.parametrize("topic", LESSONS)
def test_the_same_numbers_give_the_same_bytes(results, topic):
    first, second = (
        encode_figure(LESSONS[topic].draw(results[topic], find_theme("dark"), find_size("half")), "svg")
        for _ in range(2)
    )
    assert first == second


# The command

QUICK = {"linearity": ["--depth", 9], "vanishing": ["--depth", 6], "dying": ["--units", 7], "softmax": []}
"""Settings by which a lesson is measured in little time."""


@pytest.mark.parametrize("topic", LESSONS)
def test_each_lesson_prints_tables_and_writes_a_slide(run_cli, topic):
    code, out, err = run_cli("lesson", topic)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"outputs/lesson-{topic}.png"
    assert len(out.splitlines()) > 5
    with Image.open(f"outputs/lesson-{topic}.png") as picture:
        assert picture.size == (1920, 1080)
    assert run_cli("lesson", topic)[0] == 2
    code, out, _ = run_cli("lesson", topic, *QUICK[topic], "--json", "-o", "a.pdf")
    about = json.loads(out)
    assert (code, about["topic"], about["path"]) == (0, topic, "a.pdf")
    assert Path("a.pdf").read_bytes().startswith(b"%PDF")


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


def test_settings_change_what_is_measured(run_cli):
    _, out, _ = run_cli("lesson", "dying", "--units", "5", "--depth", "2", "--seed", "9", "--push", "2", "--json")
    about = json.loads(out)
    assert (about["units"], about["seed"], len(about["networks"][0]["layers"])) == (5, 9, 2)
    assert [n["push"] for n in about["networks"]] == [0, 0, 2, 2]


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
    (["linearity", "1"], "lesson linearity: takes seed, units, depth, activation; found scores"),
    (["linearity", "--depth", "3"], "depth: expected 4 to 128, found 3"),
    (["linearity", "-a", "tanh,relu"], "activation: expected one beside identity, found 2"),
    (["vanishing", "-a", "tahn"], "unknown activation 'tahn'; did you mean 'tanh'"),
    (["vanishing", "-a", "tanh,relu,elu,selu,silu,gelu,mish"], "activation: expected 1 to 6, found 7"),
    (["vanishing", "--depth", "41"], "depth: expected 3 to 40, found 41"),
    (["vanishing", "--units", "0"], "units: expected 1 to 128, found 0"),
    (["vanishing", "--seed", "-1"], "seed: expected at least 0, found -1"),
    (["dying", "--push", "nan"], "push: expected 0 to 10, found nan"),
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
