"""Recipes that carry trained weights: their text, what they refuse, what they paint, and all that takes recipes."""

import base64
import json

import numpy as np
import pytest

from artstudio.curation.variation import breed, vary
from artstudio.engine.render import render
from artstudio.errors import BadInput
from artstudio.model.network import build_params, pre_activations, probe_inputs
from artstudio.model.recipe import Recipe
from artstudio.model.trained import pack_layers
from artstudio.motion.animation import animate
from artstudio.pictures.command import render_command
from artstudio.pictures.picture import load_recipe, save
from artstudio.pictures.verify import verify

PLAIN = Recipe(seed=3, units=8, depth=3, activation="tanh", colour="rgb", features=("x", "y"))


def random_layers(units, depth, inputs, outputs, width=None):
    random = np.random.default_rng(5)
    columns = [inputs, *[width or units] * (depth - 1), units]
    rows = [units] * depth + [outputs]
    return [
        (np.float32(random.normal(0, 0.7, (r, c))), np.float32(random.normal(0, 0.3, (r, 1))))
        for r, c in zip(rows, columns, strict=True)
    ]


LAYERS = random_layers(8, 3, 2, 3)
TRAINED = PLAIN.replace(weights=pack_layers(LAYERS))


def test_weights_come_back_as_they_were():
    again = Recipe.from_json(TRAINED.to_json())
    assert again == TRAINED
    assert again.digest == TRAINED.digest != PLAIN.digest
    for (w, b), (mine, bias) in zip(LAYERS, again.trained_layers(), strict=True):
        np.testing.assert_array_equal(w, mine)
        np.testing.assert_array_equal(b, bias)
    flat = np.concatenate([np.ravel(part) for layer in LAYERS for part in layer])
    assert base64.b64decode(TRAINED.weights) == flat.astype("<f4").tobytes()
    assert "weights" not in repr(TRAINED)


def test_recipes_without_weights_are_written_as_before():
    assert "weights" not in PLAIN.to_dict()
    before = {"origin": (0, 0), "gains": "first"}
    assert PLAIN.replace(**before).to_dict()["schema"] == 2
    assert TRAINED.replace(**before).to_dict()["schema"] == 3


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("####", "expected float32 numbers in base64"),
        (TRAINED.weights[:-4], "expected float32 numbers in base64"),
        (base64.b64encode(np.float32([np.nan] * 195).tobytes()).decode(), "expected finite numbers"),
        (
            base64.b64encode(np.float32([0] * 7).tobytes()).decode(),
            "as 8 units, 3 hidden layers and 2 inputs need",
        ),
        (pack_layers(random_layers(8, 3, 2, 8)), "up to 7 outputs"),
        ("A" * (1 << 21), "at most 1048576"),
        (7, "expected text"),
    ],
)
def test_weights_that_are_none_are_refused_in_one_line(weights, message):
    with pytest.raises(BadInput) as error:
        PLAIN.replace(weights=weights)
    assert message in str(error.value)
    assert len(str(error.value)) < 400


@pytest.mark.parametrize("change", [{"units": 9}, {"depth": 2}, {"features": ("x", "y", "r")}, {"skip": True}])
def test_a_network_of_another_shape_is_refused(change):
    with pytest.raises(BadInput, match="stay as they were trained"):
        TRAINED.replace(**change)


@pytest.mark.parametrize(
    "change", [{}, {"gain": 0.5}, {"skip": True}, {"activation": ("tanh", "sine")}, {"latent": (1.0, -0.5)}]
)
def test_pictures_are_those_of_the_weights(change):
    """Against the network written out in NumPy, at pixels of the canvas."""
    layers = random_layers(8, 3, 2, 3, 10 if "skip" in change else None)
    recipe = PLAIN.replace(**change, weights=pack_layers(layers))
    params = build_params(recipe)
    axis = (2 * np.arange(20) + 1) / 20 - 1
    y, x = (grid.ravel() for grid in np.meshgrid(axis, axis, indexing="ij"))
    inputs = values = np.stack([x, y])
    for number, (weights, bias) in enumerate(layers[:-1]):
        if number and recipe.skip:
            values = np.concatenate([values, inputs])
        z = recipe.gain * (weights @ values + bias)
        if number == 0 and recipe.latent:
            z += params.first_bias - layers[0][1]
        values = np.sin(z) if recipe.layer_activations()[number] == "sine" else np.tanh(z)
    outputs = layers[-1][0] @ values + layers[-1][1]
    expected = 255 / (1 + np.exp(-1.5 * outputs))
    painted = render(recipe, width=20, height=20, supersample=1).reshape(-1, 3).T
    assert np.abs(painted - expected).max() < 0.502
    if recipe.latent:
        assert np.abs(params.first_bias - layers[0][1]).max() > 0.01


@pytest.mark.parametrize("colour", ["palette", "duotone", "mono", "mixture"])
def test_another_colour_model_shows_brightness(colour):
    """Palettes get one output: the mix of red, green and blue that makes brightness, standardised over the canvas."""
    recipe = TRAINED.replace(colour=colour, palette="ink")
    params = build_params(recipe)
    inputs = probe_inputs(recipe)
    values = np.tanh(pre_activations(recipe, params, inputs)[-1])
    bright = np.array([0.2126, 0.7152, 0.0722]) @ (LAYERS[-1][0] @ values + LAYERS[-1][1])
    outputs = params.output_weights @ values + params.output_bias
    standard = (bright - bright.mean()) / bright.std()
    if colour == "mixture":
        centres = np.linspace(-1.5, 1.5, len(outputs))
        nearest = np.abs(standard - centres[:, None]).argmin(axis=0)
        assert (outputs.argmax(axis=0) == nearest).mean() > 0.999
    else:
        np.testing.assert_allclose(outputs[0], standard, atol=1e-4)
    assert render(recipe, width=16, height=16).std() > 5


def test_files_loops_and_neighbours_take_them(tmp_path):
    view = TRAINED.replace(view={"zoom": 2.0}, finish={"bands": 4})
    save(tmp_path / "a.png", render(view, width=40, height=30), view)
    assert load_recipe(tmp_path / "a.png") == view
    assert verify(tmp_path / "a.png").outcome == "exact"
    frames = animate(TRAINED, seconds=1, width=32, height=32)
    assert not np.array_equal(frames.frame(0), frames.frame(15))
    animate(TRAINED, loop="zoom", seconds=0.2, width=32, height=32).save(tmp_path / "a.webp")
    assert load_recipe(tmp_path / "a.webp") == TRAINED
    near = vary(TRAINED, 4, seed=1)
    assert {recipe.weights for recipe in near} <= {TRAINED.weights, ""}
    for child in breed(TRAINED, Recipe(seed=8, units=24, depth=2), 4):
        assert child.weights in (TRAINED.weights, "")
    assert "PICTURE.png" in render_command(TRAINED, 64, 64, 0)


def test_a_file_grows_by_less_than_60_kilobytes(tmp_path):
    recipe = Recipe(units=32, depth=8, colour="rgb")
    trained = recipe.replace(weights=pack_layers(random_layers(32, 8, 3, 3)))
    pixels = render(recipe, width=32, height=32)
    for name, one in {"plain": recipe, "trained": trained}.items():
        for suffix in (".png", ".jpg", ".webp"):
            save(tmp_path / (name + suffix), pixels, one)
    for suffix in (".png", ".jpg", ".webp"):
        sizes = [(tmp_path / (name + suffix)).stat().st_size for name in ("plain", "trained")]
        assert sizes[1] - sizes[0] < 60_000
        assert load_recipe(tmp_path / f"trained{suffix}") == trained


def test_the_command_line_takes_them(run_cli, tmp_path):
    save("a.png", render(TRAINED, width=16, height=16), TRAINED)
    code, out, _ = run_cli(
        "render", "a.png", "--size", "24x24", "--palette", "ember", "-c", "palette", "-o", "b.png"
    )
    assert (code, out.strip()) == (0, "b.png")
    assert load_recipe("b.png").weights == TRAINED.weights
    assert "195 trained numbers" in run_cli("info", "a.png")[1]
    assert json.loads(run_cli("info", "a.png", "--json")[1])["recipe"]["weights"] == TRAINED.weights
    assert run_cli("render", "a.png", "--units", "9", "-o", "c.png")[0] == 2
    code, out, _ = run_cli(
        "compare", "tanh", "sine", "--source", "a.png", "--panel", "64x48", "-o", "d.png", "--json"
    )
    about = json.loads(out)
    assert (code, about["recipe"]["weights"]) == (0, TRAINED.weights)
    assert "--source PICTURE.png" in about["command"]
