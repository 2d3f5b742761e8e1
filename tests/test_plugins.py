"""Plugins: installed packages, and records of a notebook, add activations, features, colours, palettes, presets."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from studio_harness import engine_page, picture

import artstudio
from artstudio.engine import programs
from artstudio.errors import ArtstudioError, BadInput
from artstudio.model.activation.registry import ACTIVATIONS, needs_plugin
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "plugin"

SCRIPT = """
import io, json
from contextlib import redirect_stdout

def printed(*words):
    from artstudio.__main__ import main
    with redirect_stdout(io.StringIO()) as out:
        assert main(list(words)) == 0
    return out.getvalue()

import artstudio
from artstudio.cli.options import complete_activation
from artstudio.pages.studio_page import studio_page
from artstudio.pages.studio_data import studio_data
recipe = artstudio.shipped_presets()["hexagon-lantern"].recipe
picture = artstudio.render(recipe, width=48, height=32)
artstudio.save("lantern.png", picture, recipe)
data = studio_data()
print(json.dumps({
    "json": recipe.to_dict(),
    "own": artstudio.Recipe().to_dict(),
    "deviation": float(picture.std()),
    "read": artstudio.load_recipe("lantern.png") == recipe,
    "digits": recipe.digest,
    "activations": printed("activations"),
    "palettes": printed("palettes"),
    "presets": printed("presets"),
    "collection": printed("gallery", "hexagons", "--dry-run", "-q"),
    "sweep": printed("gallery", "--sweep", "activation=tanh,snake", "--dry-run", "-q"),
    "help": printed("render", "--help"),
    "learn": printed("learn", "xor", "snake", "--steps", "3", "--lr", "0.1", "-o", "l.png", "-q"),
    "compare": printed("compare", "snake", "tanh", "-o", "c.png", "--size", "half", "-q"),
    "completed": [item.value for item in complete_activation(None, None, "sna")],
    "page": {kind: [record for record in data[kind] if record.get("plugin")]
             for kind in ("activations", "features", "colours", "palettes")},
}))
"""


def run(folder, path, *command):
    """Run Python there with the packages of `path`; returns exit code, stdout and stderr."""
    variables = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(path), str(EXAMPLE.parent.parent)]),
        "COLUMNS": "200",
    }
    done = subprocess.run(
        [sys.executable, "-P", *command], cwd=folder, env=variables, capture_output=True, text=True
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder of packages with the example in it, as pip installs it."""
    folder = tmp_path_factory.mktemp("packages")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--no-index", "--target", folder, EXAMPLE], check=True
    )
    return folder


@pytest.fixture(scope="module")
def seen(installed, tmp_path_factory):
    """What artstudio knows with the example installed."""
    code, out, err = run(tmp_path_factory.mktemp("work"), installed, "-c", SCRIPT)
    assert code == 0, err
    assert "warning" not in err
    return json.loads(out)


@pytest.mark.sweep
def test_an_installed_plugin_is_everywhere(seen):
    assert "z + sin(z)^2" in seen["activations"]
    assert "tidepool" in seen["palettes"]
    assert "hexagon-tiles" in seen["presets"]
    assert "hexagon-lantern" in seen["collection"]
    assert seen["sweep"].count("snake") == 1
    assert "hexagon" in seen["help"]
    assert "complement" in seen["help"]
    assert "snake" in seen["learn"]
    assert seen["completed"] == ["snake"]
    assert [record["name"] for kind in seen["page"].values() for record in kind] == [
        "snake", "hexagon", "complement", "tidepool", "heather",
    ]  # fmt: skip
    assert seen["deviation"] > 20


def test_the_doctor_lists_plugins(installed, tmp_path):
    code, out, _ = run(tmp_path, installed, "-m", "artstudio", "doctor")
    assert code == 0
    assert "plugin      artstudio-example 1.0: activations snake, colours complement" in out


@pytest.mark.sweep
def test_a_recipe_says_which_plugins_it_needs(seen, installed, tmp_path):
    assert seen["json"]["plugins"] == dict.fromkeys(("snake", "hexagon", "complement"), "artstudio-example")
    assert "plugins" not in seen["own"]
    assert seen["read"]
    with pytest.raises(BadInput, match="it needs the plugin artstudio-example, which is not installed"):
        artstudio.Recipe.from_dict(seen["json"])
    broken = artstudio.Recipe().to_dict() | {"plugins": 3, "units": -1}
    with pytest.raises(BadInput, match=r"units: expected at least 1, found -1$"):
        artstudio.Recipe.from_dict(broken)


BROKEN = {
    "gone": "nowhere:THING",
    "wrong": "broken_plugin:TEXT",
    "taken": "broken_plugin:TAKEN",
    "shapeless": "broken_plugin:SHAPELESS",
    "failing": "broken_plugin:FAILING",
    "good": "broken_plugin:GOOD",
}

SOURCE = """
from dataclasses import replace
import artstudio
tanh = artstudio.ACTIVATIONS["tanh"]
plain = dict(aliases=(), fast=None, derivative=None)
TEXT = "tanh"
TAKEN = replace(tanh, **plain, label="Mine")
SHAPELESS = replace(tanh, **plain, name="shapeless", function=lambda z, xp: z[:1])
FAILING = replace(tanh, **plain, name="failing", function=lambda z, xp: {}["z"])
GOOD = replace(tanh, **plain, name="good", function=lambda z, xp: z if float(z.sum()) else z)
"""


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A folder of packages with one of which most parts are broken."""
    folder = tmp_path_factory.mktemp("broken")
    (folder / "broken_plugin.py").write_text(SOURCE, encoding="utf-8")
    about = folder / "broken_plugin-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 1.0\n", encoding="utf-8")
    lines = ["[artstudio.activations]", *(f"{name} = {target}" for name, target in BROKEN.items())]
    (about / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_what_is_broken_is_named_once_and_left_out(broken, tmp_path):
    code, out, err = run(tmp_path, broken, "-m", "artstudio", "activations")
    assert code == 0
    assert "good " in out
    assert "shapeless" not in out
    assert "Mine" not in out
    start = "artstudio: warning: plugin broken-plugin: "
    assert sorted(err.splitlines()) == sorted(
        start + line
        for line in (
            "gone: ModuleNotFoundError: No module named 'nowhere'; it is left out",
            "expected a record of the type Activation, found str; it is left out",
            "activation 'tanh': the name 'tanh' is taken by 'tanh'; choose another; it is left out",
            "activation 'shapeless': function: expected the shape of z, (4, 3), found (1, 3); it is left out",
            "activation 'failing': KeyError: 'z'; it is left out",
        )
    )


def test_a_function_that_fails_in_jax_is_named(broken, tmp_path):
    command = ("-m", "artstudio", "render", "-a", "good", "--size", "16x16", "-o", "x.png")
    code, _, err = run(tmp_path, broken, *command)
    assert code == 1
    assert "artstudio: plugin broken-plugin: activation 'good': " in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not (tmp_path / "x.png").exists()


@pytest.fixture
def registries(monkeypatch):
    """Registries that are as before after the test."""
    for registry in (ACTIVATIONS, FEATURES, COLOUR_MODELS, PALETTES):
        len(registry)
        for name in ("_records", "_by_any", "_origins"):
            monkeypatch.setattr(registry, name, dict(getattr(registry, name)))
    held = programs.get.__self__._held  # a program that knows what is registered here is of no use afterwards
    kept = {key: list(found) for key, found in held.items()}
    monkeypatch.setattr(programs.get.__self__, "_held", defaultdict(list, kept))
    monkeypatch.setattr(programs.get.__self__, "_expected", None)


@pytest.fixture
def example(registries, monkeypatch):
    """The example's module, not installed."""
    monkeypatch.syspath_prepend(EXAMPLE)
    import artstudio_example

    return artstudio_example


@pytest.mark.sweep
def test_registered_records_paint_here_and_on_the_page(example, tmp_path):
    artstudio.register(example.SNAKE, example.HEXAGON, example.COMPLEMENT, *example.PALETTES)
    recipe = artstudio.Recipe(
        seed=3, activation="snake", units=8, depth=3, features=["x", "hexagon"], colour="complement"
    )
    assert "plugins" not in recipe.to_dict()
    reference = artstudio.render(recipe, width=64, height=64, supersample=1)
    with engine_page(tmp_path) as watched:
        found = picture(watched.page, recipe, 64, 64)
        assert watched.problems() == []
    assert np.abs(found.astype(int) - reference).mean() < 0.3


def test_programs_with_a_plugin_s_words_are_known_and_not_kept(example, tmp_path, monkeypatch):
    """Another version of the plugin may mean something else by the same words."""
    artstudio.register(example.SNAKE)
    words = {"snake": True, "2 * snake(z)": True, "tanh": False, "sin(z)": False}
    assert {word: needs_plugin(word) for word in words} == words
    monkeypatch.setenv("ARTSTUDIO_CACHE", str(tmp_path / "kept"))
    artstudio.render(artstudio.Recipe(activation="2 * snake(z)", units=8, depth=2), width=8, height=8)
    artstudio.learn("xor", "snake", steps=2, units=2, depth=2, rate=0.1)
    assert not list((tmp_path / "kept").glob("*.program"))


def test_a_cell_that_registers_may_run_again(registries):
    def record(power):
        return replace(
            ACTIVATIONS["tanh"], name="again", aliases=(), fast=None, derivative=None,
            function=(lambda z, xp: z * z) if power == 2 else (lambda z, xp: z * z * z),
        )  # fmt: skip

    artstudio.register(record(2))
    artstudio.register(record(2))
    assert ACTIVATIONS["again"].function(3.0, np) == 9
    with pytest.raises(BadInput, match="activation 'again': the name 'again' is taken"):
        artstudio.register(record(3))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("tanh", "register: expected an Activation, Feature, ColourModel or Palette, found 'tanh'"),
        (
            artstudio.Palette("No Name", colours=("#000", "#fff")),
            "palette 'No Name': expected a name of",
        ),
        (artstudio.Palette("dull", colours=("#000",)), "expected 2 to 16 colours, found 1"),
        (artstudio.Palette("dull", colours=("#000", "red")), "expected hex colours such as #f2a65a, found 'red'"),
        (artstudio.Feature("none", "none", 0, lambda x, y, xp: []), "feature 'none': expected 1 to 16 channels"),
        (
            artstudio.Feature("two", "two", 2, lambda x, y, xp: [x]),
            "feature 'two': expected 2 arrays of the shape",
        ),
        (artstudio.Feature("bad", "bad", 1, lambda x, y, xp: x / "a"), "feature 'bad': "),
    ],
)
def test_what_is_no_record_is_refused(record, message, registries):
    with pytest.raises(ArtstudioError, match=message):
        artstudio.register(record)
