"""The recipe: strict, frozen, and the same after a trip through JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from artstudio import BadInput, Recipe, View
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES
from artstudio.model.recipe import MAX_SEED

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def numbers(low, high):
    return st.floats(low, high, allow_nan=False)


RECIPES = st.builds(
    Recipe,
    seed=st.integers(0, MAX_SEED),
    activation=st.lists(st.sampled_from(list(ACTIVATIONS)), min_size=1, max_size=16).map(tuple),
    units=st.integers(1, 512),
    depth=st.integers(1, 128),
    gain=numbers(0.01, 100),
    features=st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True).map(tuple),
    gains=st.sampled_from(["calm", "first"]),
    origin=st.just("seed") | st.tuples(numbers(-100, 100), numbers(-100, 100)),
    symmetry=st.sampled_from(["none", "mirror-x", "mirror-y", "mirror-xy", "rotate:3", "kaleidoscope:24"]),
    latent=st.lists(numbers(-10, 10), max_size=16).map(tuple),
    view=st.builds(
        View,
        centre=st.tuples(numbers(-100, 100), numbers(-100, 100)),
        zoom=numbers(0.01, 1e6),
        rotation=numbers(-360, 360),
    ),
    colour=st.sampled_from(list(COLOUR_MODELS)),
    palette=st.sampled_from(list(PALETTES)) | st.lists(COLOURS, min_size=2, max_size=16).map(tuple),
)


@given(RECIPES)
def test_a_recipe_survives_json(recipe):
    back = Recipe.from_json(recipe.to_json())
    assert back == recipe
    assert hash(back) == hash(recipe)
    assert back.digest == recipe.digest


@given(RECIPES)
def test_a_recipe_that_older_schemas_can_say_is_written_as_they_did(recipe):
    """Its digest stays what it was, and versions that know no newer schema go on reading it."""
    newer = json.loads(recipe.to_json())
    assert newer["schema"] == (2 if recipe.origin == (0, 0) and recipe.gains == "first" else 4)
    older = recipe.replace(origin=(0, 0), gains="first")
    form = json.loads(older.to_json())
    assert form == {k: v for k, v in newer.items() if k not in ("origin", "gains")} | {"schema": 2}
    for schema in (2, 3):
        assert Recipe.from_dict(form | {"schema": schema}) == older


@given(RECIPES, RECIPES)
def test_equal_digests_mean_equal_recipes(one, other):
    assert (one.digest == other.digest) == (one == other)


def test_equal_values_have_equal_digests_however_they_were_written():
    plain = Recipe(activation="silu", latent=(0.0, 1.0), palette=("#ffffff", "#000000"), features=("x", "y", "r"))
    other = Recipe(activation=["Swish"], latent=[-0.0, 1], palette=["#FFF", "#000"], features=["r", "y", "x"])
    assert plain.digest == other.digest


def test_the_digest_of_the_default_recipe_is_pinned():
    assert Recipe().digest == "373563fb7ac63b1b538c576e35e9f23a7274962619f2a151ba04eaa99f53931e"
    before = Recipe.from_dict({"schema": 2})
    assert before.digest == "ea9e6018acb627895cc5f860f96f804045f6b8e4ddbbebd3e2f1e364fc5445e8"


def test_a_recipe_cannot_be_changed():
    with pytest.raises(ValidationError):
        Recipe().seed = 3


def test_replace_validates():
    assert Recipe().replace(seed=9).seed == 9
    with pytest.raises(BadInput):
        Recipe().replace(seed=-1)


BAD = {
    "negative seed": ({"seed": -1}, "seed: expected at least 0, found -1"),
    "seed too large": ({"seed": 2**32}, "seed: expected at most 4294967295, found 4294967296"),
    "seed of the wrong type": ({"seed": "7"}, "seed: expected a whole number, found '7'"),
    "true is no number": ({"seed": True}, "seed: expected a whole number, found True"),
    "fractional units": ({"units": 3.5}, "units: expected a whole number, found 3.5"),
    "no units": ({"units": 0}, "units: expected at least 1, found 0"),
    "gain nan": ({"gain": float("nan")}, "gain: expected a finite number, found nan"),
    "gain inf": ({"gain": float("inf")}, "gain: expected a finite number, found inf"),
    "latent nan": ({"latent": (0.0, float("nan"))}, "latent: value 2: expected a finite number, found nan"),
    "unknown key": ({"sede": 3}, "unknown key 'sede'; did you mean 'seed'?"),
    "unknown inner key": ({"view": {"zom": 2}}, "unknown key 'view.zom'; did you mean 'zoom'?"),
    "unknown activation": ({"activation": "tahn"}, "activation: unknown activation 'tahn'; did you mean 'tanh'"),
    "no activation": ({"activation": ()}, "activation: expected at least 1 entries"),
    "unknown feature": ({"features": ("x", "z")}, "features: unknown feature 'z'"),
    "feature twice": ({"features": ("x", "x")}, "features: expected each feature once"),
    "unknown colour": ({"colour": "oklub"}, "colour: unknown colour model 'oklub'; did you mean 'oklab'"),
    "unknown palette": ({"palette": "embers"}, "palette: unknown palette 'embers'; did you mean 'ember'"),
    "bad hex": ({"palette": ("#fff", "red")}, "palette: expected hex colours such as #f2a65a, found 'red'"),
    "one colour": ({"palette": ("#fff",)}, "palette: expected 2 to 16 colours, found 1"),
    "palette of numbers": ({"palette": (1, 2)}, "palette: expected a palette name or a list of hex colours"),
    "bad symmetry": ({"symmetry": "rotate"}, "symmetry: symmetry 'rotate' needs a number from 2 to 24"),
    "zoom zero": ({"view": {"zoom": 0.0}}, "view.zoom: expected at least 0.01, found 0.0"),
    "view no table": ({"view": 3}, "view: expected a table"),
}


@pytest.mark.parametrize(("fields", "message"), BAD.values(), ids=BAD)
def test_bad_fields_get_one_line(fields, message):
    with pytest.raises(BadInput) as caught:
        Recipe(**fields)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON"),
        ("[]", "expected a JSON object, found list"),
        ("{}", "expected a schema number, found None"),
        ('{"schema":true}', "expected a schema number, found True"),
        ('{"schema":99}', "written with recipe schema 99"),
        ('{"schema":1,"gain":NaN}', "expected finite numbers, found NaN"),
        ('{"schema":1,"gain":1e999}', "gain: expected a finite number"),
        ("[" * 100_000, "not valid JSON"),
        ('{"schema":1,"seed":' + "9" * 5000 + "}", "not valid JSON"),
    ],
)
def test_bad_json_gets_one_line_that_says_where(text, message):
    with pytest.raises(BadInput) as caught:
        Recipe.from_json(text, "a.png: recipe")
    assert str(caught.value).startswith("a.png: recipe: " + message)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


def test_activations_are_cycled_over_the_layers():
    assert Recipe(activation=("tanh", "sin"), depth=5).layer_activations() == (
        "tanh",
        "sine",
        "tanh",
        "sine",
        "tanh",
    )
