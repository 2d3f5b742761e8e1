"""The studio's learn mode trains as `artstudio learn` does: the same start, losses, measures and trained recipes."""

import json
from dataclasses import asdict

import jax
import numpy as np
import pytest
from browser import launched_browser, watched_page
from selection import some
from studio_modules import CALL, served_modules

from artstudio.learning.measure import checkpoints
from artstudio.learning.presets import PRESETS
from artstudio.learning.recipes import base_recipe
from artstudio.learning.run import Problem
from artstudio.learning.settings import settings_for
from artstudio.learning.start import INITS
from artstudio.learning.targets.drawings import DRAWINGS
from artstudio.learning.targets.points import POINTS
from artstudio.learning.targets.registry import find_target
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.pages.studio_data import LEARNED_SIDE

TRAIN = """async ([settings, steps]) => {
  const data = window.studioData ??= JSON.parse(document.getElementById("data").textContent);
  (await import("./functions.js")).activationList(data);
  const { Training } = await import("./training.js");
  const training = new Training(data, settings);
  while (training.steps < steps) training.finish(settings);
  const { x, y, values } = training.problem.target;
  return { x: [...x], y: [...y], values: [...values], learners: training.learners.map((one) => ({
    name: one.name, start: [...one.start], losses: one.losses, diverged: one.diverged, ...one.measure() })) };
}"""

STEPS = 100


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with (
        launched_browser() as browser,
        served_modules(tmp_path_factory.mktemp("training")) as address,
        watched_page(browser, address) as watched,
    ):
        yield watched.page
        assert watched.problems() == []


@pytest.fixture
def train(page):
    """Trains in a browser: a number of steps and the page's settings to what became of each network."""
    first = {"rates": {}, "rate": 0.3, "optimiser": "sgd", "init": "natural", "units": 8, "depth": 2, "seed": 1}
    return lambda steps=STEPS, **settings: page.evaluate(TRAIN, [{**first, **settings}, steps])


@pytest.fixture
def call(page):
    """Calls a function of one of the page's modules, once for each list of values."""
    return lambda module, name, values: page.evaluate(CALL, [module, name, values])


def problem_of(target, **settings):
    """Python's problem; every step takes all places."""
    found = find_target(target, side=LEARNED_SIDE, seed=1)
    chosen = settings_for(found.kind, seed=1, **{"units": 8, "depth": 2, "batch": found.count, **settings})
    return Problem(found, chosen, base_recipe(found, chosen), jax.local_devices()[0], None)


def python_losses(problem, activation, rate):
    """The loss before each step and the network after the last; the learning rate stays, as if there were no end."""
    start, advance, *_ = problem.programs(activation)
    network = problem.start(activation)
    ends = np.int32(0), np.int32(STEPS), np.float32(rate), np.float32(np.inf)
    network, _, losses = advance(network, start(network), problem.data(), None, *ends)
    return np.asarray(losses)[:STEPS], network


def flat(network):
    return np.concatenate([np.ravel(part) for layer in network for part in layer])


@pytest.mark.parametrize("target", some([*POINTS, *DRAWINGS], {"spiral", "face", "blobs"}))
def test_targets_are_those_of_python(train, target):
    """Points to the 50,000th part of the canvas, pictures to half a level."""
    found, ours = (
        train(0, target=target, activations=["tanh", "relu"]),
        find_target(target, side=LEARNED_SIDE, seed=1),
    )
    assert np.abs(np.array(found["x"]) - ours.x).max() < 2e-5
    assert np.abs(np.array(found["y"]) - ours.y).max() < 2e-5
    assert np.abs(np.array(found["values"]) - ours.values.ravel()).max() <= 0.5 / 255 + 1e-6


CASES = [
    ("xor", "sgd", 0.1, "step sigmoid relu"),
    ("face", "adam", 0.01, "tanh sine"),
    ("spiral", "momentum", 0.03, "step tanh relu gelu sine"),
    ("blobs", "adam", 0.01, "step sigmoid tanh relu gelu"),
    ("rings", "sgd", 0.3, "sigmoid tanh relu gelu sine"),
]


@pytest.mark.parametrize(("target", "optimiser", "rate", "names"), some(CASES, CASES[:1]))
def test_losses_are_those_of_python(train, target, optimiser, rate, names):
    """The start to the bit, 100 losses within a thousandth; then score, gradients and movement likewise."""
    found = train(target=target, optimiser=optimiser, rate=rate, activations=names.split())["learners"]
    problem = problem_of(target, optimiser=optimiser)
    for name, one in zip(names.split(), found, strict=True):
        assert np.array_equal(np.float32(one["start"]), flat(problem.start(name))), name
        losses, network = python_losses(problem, name, rate)
        assert np.abs(np.array(one["losses"][:STEPS]) - losses).max() < 1e-3, name
        (end,) = checkpoints(problem, name, {STEPS: network})
        assert one["score"] == pytest.approx(end.score, abs=0.01 if end.score <= 1 else 0.1), name
        gradients = [layer["gradient"] for layer in one["layers"]]
        assert gradients == pytest.approx(end.gradients, rel=0.05, abs=5e-4), name
        start = problem.start(name)
        moved = [
            np.linalg.norm(flat([after]) - flat([before])) / np.linalg.norm(flat([before]))
            for after, before in zip(network, start, strict=True)
        ]
        assert [layer["moved"] for layer in one["layers"]] == pytest.approx(moved, rel=0.01, abs=2e-3), name


@pytest.mark.parametrize("init", INITS)
def test_every_initialisation_starts_where_python_does(train, init):
    names = ["tanh", "relu", "sine", "max(0.1*z, z)"]
    found = train(0, target="xor", init=init, activations=names)["learners"]
    problem = problem_of("xor", init=init)
    for name, one in zip(names, found, strict=True):
        start = flat(problem.start(name))
        assert np.allclose(one["start"], start, rtol=1e-4, atol=1e-5 * np.abs(start).max()), name


@pytest.mark.parametrize("part", some(range(7), {0}))
def test_every_activation_learns_as_in_python(train, part):
    names = [name for name, record in ACTIVATIONS.items() if record.elementwise][part::7]
    found = train(target="moons", rate=0.05, activations=names)["learners"]
    problem = problem_of("moons")
    for name, one in zip(names, found, strict=True):
        losses, _ = python_losses(problem, name, 0.05)
        assert np.abs(np.array(one["losses"][:STEPS]) - losses).max() < 1e-3, name


# Presets


def settings_of(preset):
    """A preset as the page's settings."""
    return {key: value for key, value in asdict(preset).items() if key not in ("title", "claim")} | {"rates": {}}


def shown(train, name, steps):
    """What a preset comes to, by activation."""
    return {one["name"]: one for one in train(steps, **settings_of(PRESETS[name]))["learners"]}


def dead(one):
    return [sum(layer["dead"]) for layer in one["layers"][:-1]]


def moved(one):
    return [layer["moved"] for layer in one["layers"]]


def test_xor_needs_a_bend(train):
    found = shown(train, "bend", 300)
    assert found["identity"]["score"] < 0.6
    assert found["identity"]["loss"] == pytest.approx(np.log(2), abs=1e-3), "that of guessing"
    assert found["tanh"]["score"] == found["relu"]["score"] == 1


def test_step_cannot_learn_though_its_loss_falls(train):
    found = shown(train, "step", 600)
    *hidden, out = moved(found["step"])
    assert (hidden, out > 0.5) == ([0, 0], True)
    assert found["step"]["losses"][-1] < 0.8 * found["step"]["losses"][0]
    assert found["step"]["score"] < 0.75
    assert min(found["tanh"]["score"], found["relu"]["score"]) > 0.93
    assert dead(found["step"]) == [0, 0], "no gradient, which is not the same as dead"


def test_the_gradient_vanishes(train):
    start, end = shown(train, "vanishing", 0), shown(train, "vanishing", 600)
    ratios = {name: one["layers"][0]["gradient"] / one["layers"][-1]["gradient"] for name, one in start.items()}
    assert ratios["sigmoid"] < 1e-3
    assert min(ratios["tanh"], ratios["relu"]) > 0.1
    assert end["sigmoid"]["loss"] == pytest.approx(np.log(2), abs=1e-3)
    assert moved(end["sigmoid"])[0] < 0.01
    assert end["tanh"]["score"] == end["relu"]["score"] == 1


def test_relu_dies_and_leaky_relu_does_not(train):
    found = shown(train, "kill", 400)
    assert max(dead(found["relu"])) >= 7
    assert found["relu"]["layers"][0]["gradient"] == 0
    assert found["relu"]["score"] == 0.5
    assert dead(found["leaky_relu"]) == [0, 0]
    assert found["leaky_relu"]["score"] > 0.98


def test_adam_rescues_what_vanished(train):
    before, after = (asdict(PRESETS[name]) for name in ("vanishing", "adam"))
    others = {name for name in before if before[name] != after[name]}
    assert others == {"title", "claim", "optimiser", "rate"}, "nothing but the optimiser is another"
    assert all(one["score"] == 1 for one in shown(train, "adam", 300).values())


def test_each_preset_is_tested_here():
    assert set(PRESETS) == {"bend", "step", "vanishing", "kill", "adam"}


# Settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("frog,tanh", "frog"), ("tanh", "2 to 6"), ("tanh,relu,rate:99", "rate: expected a number from 0.001 to 10"),
        ("tanh,relu,target:frog", "target: expected one of xor"), ("softmax,tanh", "single numbers"),
        ("tanh,relu,units:0", "units"), ("tanh,relu,seed:-1", "seed"), ("tanh,relu:", "rate"),
        ("__proto__:1,tanh,relu", "__proto__"), ("tanh,relu,init:frog", "init"),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_told_in_one_line(call, text, words):
    (found,) = call("learnsettings.js", "readSettings", [["data", text]])
    assert isinstance(found, str), "it was taken"
    assert words in found
    assert "\n" not in found


def test_settings_come_back_from_the_address(call):
    first = call("learnsettings.js", "readSettings", [["data", ""]])[0]
    rates = {"sine": 0.02, "max(0.1 * z, z)": 3}
    edges = {"rate": 0.001, "init": "calibrated", "units": 32, "depth": 8, "seed": 2**32 - 1}
    others = [
        {**first, "target": "spiral", "activations": list(reversed(rates)), "rates": rates},
        {**first, **edges, "optimiser": "adam"},
        *(json.loads(json.dumps(settings_of(preset))) for preset in PRESETS.values()),
    ]
    texts = call("learnsettings.js", "writeSettings", [["data", one] for one in others])
    assert texts[2:] == ["", *list(PRESETS)[1:]]
    assert call("learnsettings.js", "readSettings", [["data", text] for text in texts]) == others
