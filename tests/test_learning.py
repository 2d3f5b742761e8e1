"""Learning: gradients, steps and measures against independent references; targets; what is refused."""

import re
import zlib
from pathlib import Path
from threading import Event

import jax
import jax.numpy as jnp
import learners
import numpy as np
import pytest
from PIL import Image
from selection import some

from artstudio.engine.render import render
from artstudio.errors import ArtstudioError, BadInput
from artstudio.learning.programs import loss_function
from artstudio.learning.recipes import base_recipe
from artstudio.learning.run import Problem, orders, train
from artstudio.learning.settings import RATES, settings_for
from artstudio.learning.show import pixels_at
from artstudio.learning.study import checkpoint_steps, study
from artstudio.learning.targets.registry import find_target, target_names
from artstudio.learning.targets.target import picture_target

SMALL = {"units": 8, "depth": 3, "steps": 100, "batch": 64}


def problem(target, **settings):
    chosen = settings_for(target.kind, **settings)
    return Problem(target, chosen, base_recipe(target, chosen), jax.local_devices()[0], Event())


@pytest.fixture(scope="module")
def face():
    return find_target("face", side=16)


@pytest.fixture(scope="module")
def learned(face):
    return study(face, settings_for("picture", **SMALL), ["step", "relu", "sine"])


# Gradients and steps

SOME = ("sigmoid", "tanh", "relu", "gelu", "sine", "leaky_relu", "silu", "sin(z) + z**2 / 9")


@pytest.mark.parametrize("name", some(SOME, SOME[:2]))
def test_gradients_are_those_of_central_differences(name):
    """Five random networks for each of eight activations, every weight, in float64."""
    kind = ("picture", "points")[SOME.index(name) % 2]
    with jax.enable_x64(True):
        loss = loss_function(name, kind, False)
        shapes = [(4, 3), (4, 1), (4, 4), (4, 1), (3, 4), (3, 1)]
        ends = np.cumsum([rows * columns for rows, columns in shapes])

        def at(flat, inputs, values):
            parts = [part.reshape(shape) for part, shape in zip(jnp.split(flat, ends[:-1]), shapes, strict=True)]
            return loss(list(zip(parts[::2], parts[1::2], strict=True)), inputs, values)

        slopes, losses = jax.jit(jax.grad(at)), jax.jit(jax.vmap(at, (0, None, None)))
        for seed in range(5):
            random = np.random.default_rng([seed, len(name)])
            flat = random.normal(0, 0.7, ends[-1])
            inputs, values = random.uniform(-1, 1, (3, 9)), random.uniform(0, 1, (3, 9))
            nudges = 1e-6 * np.eye(len(flat))
            found = np.asarray(slopes(flat, inputs, values))
            ups, downs = (np.asarray(losses(flat + sign * nudges, inputs, values)) for sign in (1, -1))
            expected = (ups - downs) / 2e-6
            assert np.linalg.norm(found - expected) < 1e-4 * np.linalg.norm(expected)


@pytest.mark.parametrize(
    ("name", "target"),
    some(
        [*((name, "face") for name in learners.FUNCTIONS), ("sigmoid", "spiral"), ("relu", "spiral")],
        {("step", "face"), ("relu", "spiral")},
    ),
)
def test_a_hundred_steps_are_those_of_numpy(name, target):
    """Adam in batches on a picture, plain gradient descent on points: the same weights, the same order."""
    found = find_target(target, side=16)
    adam = found.kind == "picture"
    task = problem(found, **SMALL, optimiser="adam" if adam else "sgd")
    rate = 0.003 if adam else 0.1
    trace = train(task, name, rate, 100, (), lambda steps: None)
    inputs, values = (part.astype(float) for part in task.data())
    order = next(orders(found.count, 64, 1))
    batches = [(inputs[:, order[step]], values[:, order[step]]) for step in range(100)]
    expected = learners.train(task.start(name), name, batches, found.kind, rate=rate, steps=100, adam=adam)
    np.testing.assert_allclose(trace.losses, expected, rtol=1e-3)
    assert expected[-1] < expected[0]


def test_every_pass_takes_each_place_once():
    order = np.concatenate([part.ravel() for part, _ in zip(orders(1000, 100, 3), range(3), strict=False)])
    for number in range(len(order) // 1000):
        assert sorted(order[1000 * number : 1000 * (number + 1)]) == list(range(1000))
    assert next(orders(50, 50, 3)) is None


# What is measured


def test_step_moves_by_exactly_0_unless_it_is_given_a_slope(face, learned):
    step = learned.runs[0]
    assert [checkpoint.moved for checkpoint in step.checkpoints] == [0.0] * len(step.checkpoints)
    assert step.last.loss < step.checkpoints[0].loss
    assert set(step.last.gradients[:-1]) == {0.0}
    assert step.last.gradients[-1] > 0
    assert set(step.last.dead) == set(step.last.flat) == {1.0}
    stand_in = study(face, settings_for("picture", **SMALL, straight_through=True), ["step"]).runs[0]
    assert stand_in.last.moved > 0.01
    assert stand_in.last.loss < step.last.loss


def test_checkpoints_are_those_of_numpy(face, learned):
    relu = learned.runs[1]
    inputs = learned.problem.data()[0].astype(float)
    start = learned.problem.start("relu")
    assert [checkpoint.step for checkpoint in relu.checkpoints] == [0, 1, 3, 10, 30, 100]
    for checkpoint in relu.checkpoints:
        network = relu.trace.networks[checkpoint.step]
        loss, gradient = learners.loss_and_gradient(network, "relu", inputs, face.values.astype(float), "picture")
        norms = [np.sqrt((w**2).sum() + (b**2).sum()) for w, b in gradient]
        _, z, _ = learners.forward(network, "relu", inputs)
        assert checkpoint.loss == pytest.approx(loss, rel=1e-4)
        assert checkpoint.score == pytest.approx(-10 * np.log10(loss), abs=1e-3)
        np.testing.assert_allclose(checkpoint.gradients, norms, rtol=1e-3)
        np.testing.assert_allclose(checkpoint.dead, [(part <= 0).all(axis=1).mean() for part in z])
        np.testing.assert_allclose(checkpoint.flat, [(part <= 0).mean() for part in z], atol=0.002)
        apart = np.concatenate([(a - b).ravel() for x, y in zip(network[:-1], start, strict=False)
                                for a, b in zip(x, y, strict=True)])  # fmt: skip
        size = np.concatenate([part.ravel() for layer in start[:-1] for part in layer])
        assert checkpoint.moved == pytest.approx(np.linalg.norm(apart) / np.linalg.norm(size), rel=1e-4)


def test_the_best_of_the_rates_is_taken(learned):
    for run in learned.runs:
        assert [rate for rate, _ in run.tried] == list(RATES["adam"])
        assert dict(run.tried)[run.rate] == min(loss for _, loss in run.tried)


def test_all_start_from_the_same_raw_weights(learned):
    first = [learned.problem.start(name)[0][0] for name in ("step", "relu", "sine")]
    ratios = [weights / first[0] for weights in first]
    assert all(ratio == pytest.approx(np.full(ratio.shape, ratio[0, 0]), rel=1e-5) for ratio in ratios)


@pytest.mark.sweep
def test_identity_cannot_learn_xor():
    found = study(find_target("xor"), settings_for("points", steps=300), ["identity", "tanh"])
    assert found.runs[0].last.score <= 0.75
    assert found.runs[1].last.score > 0.95


@pytest.mark.sweep
def test_a_rate_that_diverges_is_said_and_the_others_go_on():
    target = find_target("sine")
    found = study(target, settings_for("curve", optimiser="sgd", rate=0.9, steps=60), ["identity", "z / 100"])
    diverged, other = found.runs
    assert diverged.trace.diverged is not None
    assert np.isfinite(diverged.last.loss)
    assert len(diverged.trace.losses) == diverged.trace.diverged
    assert other.trace.diverged is None
    assert len(other.trace.losses) == 60


def test_an_early_end_keeps_what_is_done(face):
    stop, seen = Event(), []

    def progress(steps):
        seen.append(steps)
        if sum(seen) >= 60:
            stop.set()

    found = study(face, settings_for("picture", **SMALL, rate=0.003), ["relu", "sine", "tanh"], stop=stop, threads=1,
                  progress=progress)  # fmt: skip
    assert found.interrupted
    assert len(found.runs) == 1
    assert 60 <= found.runs[0].last.step < 100
    assert found.runs[0].recipe.weights


def test_checkpoints_are_a_third_of_a_power_apart():
    assert checkpoint_steps(1000) == (0, 1, 3, 10, 30, 100, 300, 1000)
    assert checkpoint_steps(1) == (0, 1)


# Trained networks as recipes


@pytest.mark.parametrize("number", [0, 2])
def test_rendering_the_recipe_gives_what_was_learned(learned, number):
    run = learned.runs[number]
    painted = render(run.recipe, width=16, height=16, supersample=1).astype(int)
    shown = pixels_at(learned, run, 100).astype(int)
    off = np.abs(painted - shown).max(axis=2)
    assert (off > 1).mean() <= (0.02 if run.activation == "step" else 0)


@pytest.mark.sweep
def test_a_map_of_classes_is_what_its_recipe_paints():
    found = study(find_target("blobs:5"), settings_for("points", units=8, depth=2, steps=50, rate=0.3), ["tanh"])
    painted = render(found.runs[0].recipe, width=96, height=96, supersample=1).astype(int)
    assert np.abs(painted - pixels_at(found, found.runs[0], 50)).max() <= 1


# Targets


@pytest.mark.parametrize("name", target_names())
def test_every_target_has_values_in_range(name):
    found = find_target(name, side=32)
    assert found.values.dtype == np.float32
    assert found.values.shape[1] == len(found.x) == len(found.y)
    assert np.abs(found.x).max() <= 1.3
    low, high = (-1, 1) if found.kind == "curve" else (0, 1)
    assert low <= found.values.min() < found.values.max() <= high
    if found.kind == "points":
        assert (found.values.sum(axis=0) == 1).all()
        assert np.ptp(found.values.sum(axis=1)) <= 1


def test_formulas_are_pictures_and_curves():
    curve = find_target("sin(3*x)")
    assert curve.kind == "curve"
    assert np.corrcoef(curve.values[0], np.sin(3 * curve.x))[0, 1] == pytest.approx(1)
    picture = find_target("x*y + relu(x)", side=24)
    assert picture.pixels.shape == (24, 24, 3)
    assert find_target("1 + 0*y", side=16).values.std(axis=1).max() < 1e-6


def test_an_image_is_turned_laid_on_its_ground_and_cropped(tmp_path):
    pixels = np.zeros((20, 40, 4), np.uint8)
    pixels[:, :20] = (255, 0, 0, 255)
    picture = Image.fromarray(pixels)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise
    picture.save(tmp_path / "a.png", exif=exif)
    found = find_target(str(tmp_path / "a.png"), side=32, crop=False, ground="#0000ff")
    assert found.shape == (32, 16)
    assert found.pixels[2, 8] == pytest.approx([1, 0, 0], abs=0.02)
    assert found.pixels[-3, 8] == pytest.approx([0, 0, 1], abs=0.02)
    assert find_target(str(tmp_path / "a.png"), side=32).shape == (20, 20)
    given = picture_target("p", "p", found.pixels)
    np.testing.assert_array_equal(given.values, found.values)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.png", "nowhere.png: cannot be read"),
        ("text.png", "expected an image, found something else"),
        ("empty.png", "expected an image, found something else"),
        ("pixel.png", "expected at least 8 pixels a side, found 1x1"),
        ("bomb.png", "expected at most 89 megapixels, found more"),
        ("folder/", "expected an image, found a folder"),
        ("log(x) * y", "gives no finite number"),
        ("sqrt(x)", "gives no finite number"),
        ("z + x", "known names are x, y, pi and e"),
        ("blobs:300", "expected blobs:N with N from 2 to 7"),
        ("spiral:3", "expected spiral"),
        ("fase", "unknown target 'fase'; did you mean 'face'"),
    ],
)
def test_bad_targets_are_refused_in_one_line(tmp_path, monkeypatch, name, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    Image.new("RGB", (1, 1)).save("pixel.png")
    Image.new("1", (8, 8)).save("bomb.png")
    data = bytearray((tmp_path / "bomb.png").read_bytes())
    data[16:24] = (60000).to_bytes(4, "big") * 2
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    (tmp_path / "bomb.png").write_bytes(data)
    with pytest.raises(ArtstudioError) as error:
        find_target(name)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "wrong",
    [{"steps": 0}, {"units": 0}, {"depth": 41}, {"batch": 0}, {"rate": 0.0}, {"rate": float("nan")}, {"init": "no"},
     {"optimiser": "lion"}],
)  # fmt: skip
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(BadInput, match=r"expected|unknown"):
        settings_for("picture", **wrong)


# The bars, in full


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("picture", "seed", "apart"), [("letter", 1, 1), ("letter", 2, 1), ("letter", 3, 1), ("face", 3, 0)]
)
def test_sine_learns_a_picture_best_and_step_worst(picture, seed, apart):
    """On the face ReLU and sigmoid come close: with this seed they are 0.6 dB apart."""
    found = study(find_target(picture), settings_for("picture", seed=seed), ["step", "sigmoid", "relu", "sine"])
    step, sigmoid, relu, sine = (run.last.score for run in found.runs)
    assert sine > relu + 1
    assert relu > sigmoid + apart
    assert sigmoid > step + 1


@pytest.mark.sweep
def test_two_layers_learn_the_spiral():
    found = study(find_target("spiral"), settings_for("points", depth=2, steps=5000), ["tanh", "relu"])
    assert max(run.last.score for run in found.runs) > 0.98


@pytest.mark.sweep
def test_twenty_layers_of_sigmoid_stay_at_chance_where_relu_learns():
    found = study(find_target("circle"), settings_for("points", depth=20, steps=2000), ["sigmoid", "relu"])
    sigmoid, relu = (run.last.score for run in found.runs)
    assert sigmoid < 0.6
    assert relu > 0.95


@pytest.mark.sweep
def test_the_page_gives_what_is_measured():
    page = (Path(__file__).parent.parent / "docs" / "learning.md").read_text(encoding="utf-8")
    names, _, values = re.search(r"((?:\|[^\n]*\n){3})", page[page.index("PSNR on `face`") :])[1].splitlines()
    stated = dict(zip(names.strip("| ").split(" | "), map(float, values.strip("| ").split(" | ")), strict=True))
    found = study(find_target("face"), settings_for("picture"))
    assert {run.activation: run.last.score for run in found.runs} == pytest.approx(stated, abs=1.0)
