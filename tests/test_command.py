"""The command on the page makes the same picture."""

import shlex

import numpy as np
import pytest
from PIL import Image

from artstudio import Recipe, load_recipe, render
from artstudio.pictures.command import render_command

RECIPES = [
    Recipe(),
    Recipe(
        seed=7, activation=("sine", "max(0.1*z, z)"), palette=("#000000", "#ff8800", "#ffffff"), colour="mixture"
    ),
    Recipe(seed=2**32 - 1, units=8, depth=2, gain=0.3, features=("x", "ring"), symmetry="kaleidoscope:5"),
    Recipe(latent=(-0.5, 1.25), view={"centre": (-0.2, 0.1), "zoom": 2.5, "rotation": -30.0}, palette="ember_r"),
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_command_makes_the_same_picture(run_cli, recipe):
    words = shlex.split(render_command(recipe, 48, 32, 2))
    assert words[0] == "artstudio"
    assert run_cli(*words[1:], "-o", "again.png")[0] == 0
    assert load_recipe("again.png") == recipe
    with Image.open("again.png") as picture:
        assert np.array_equal(np.asarray(picture), render(recipe, width=48, height=32, supersample=2))
