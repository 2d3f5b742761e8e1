"""A recipe's field, a symmetry and an activation are one record each: all else of a copy of the package has it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

RECORDS = {
    "recipe.py": (
        "    finish: Given[",
        """    wobble: Annotated[Number, Field(ge=0, le=9), Record("How much it wobbles, up to {most}.", sweeps=True,
        control=Control("Finish", "Wobble", 0, 9, digits=1))] = 0.5
""",
    ),
    "features.py": (
        '    Symmetry("mosaic"',
        """    Symmetry("shear", "pushed to one side", lambda x, y, folds, xp: (x + 0.5 * y, y)),
""",
    ),
    "activation/registry.py": (
        '    Activation(\n        name="identity"',
        """    Activation(name="hump", label="Hump", formula="z^2", latex="z^2", range=(0.0, inf),
               range_text="[0, inf)", function=lambda z, xp: z * z, gain=1.0, use="a test"),
""",
    ),
}
"""What is put before which text of a module."""

SCRIPT = """
import io, json, runpy, sys
from contextlib import redirect_stdout
from pathlib import Path

def printed(call):
    with redirect_stdout(io.StringIO()) as out:
        call()
    return out.getvalue()

from artstudio.__main__ import main
from artstudio.pictures.command import render_command
from artstudio.presets.collections import load_file
from artstudio.presets.sweep import expand, parse_sweep
from artstudio.cli.options import complete_activation
from artstudio.engine.render import render
from artstudio.model.recipe import Recipe
from artstudio.motion.keyframes import parse_key
from artstudio.pages.studio_data import studio_data

def swept(*texts):
    return [recipe.to_dict() for _, recipe in expand("", Recipe(), [parse_sweep(text) for text in texts])]

Path("own.toml").write_text("[own]\\nwobble = 2.5\\nsymmetry = 'shear'\\nactivation = ['hump']")
recipe = load_file(Path("own.toml"))["own"].recipe
data = studio_data()
print(json.dumps({
    "help": printed(lambda: main(["render", "--help"])),
    "activations": printed(lambda: main(["activations"])),
    "completed": [item.value for item in complete_activation(None, None, "hu")],
    "sweeps": swept("wobble=1..3:3", "symmetry=none,shear", "activation=tanh,hump"),
    "preset": recipe.to_dict(),
    "command": render_command(recipe, 8, 8, 0),
    "key": parse_key("0.5:wobble=3.0").values,
    "fields": data["fields"], "symmetries": data["symmetries"], "page activations": data["activations"],
    "docs": printed(lambda: runpy.run_path("docs/recipe.py", run_name="__main__")),
    "deviation": float(render(recipe.replace(units=8, depth=1), width=24, height=16, supersample=1).std()),
}))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a copy of the package with the three records says in all its places."""
    copy = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("artstudio", "presets"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    (copy / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "recipe.py", copy / "docs")
    for name, (place, record) in RECORDS.items():
        path = copy / "artstudio" / "model" / name
        text = path.read_text(encoding="utf-8")
        assert text.count(place) == 1, name
        path.write_text(text.replace(place, record + place), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(copy), "COLUMNS": "200"}
    outcome = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=copy, env=environment, capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


def named(records, name):
    return next(record for record in records if record["name"] == name)


def test_a_recipe_s_field_is_one_record(found):
    assert "--wobble FLOAT" in found["help"]
    assert "How much it wobbles, up to 9." in found["help"]
    assert {recipe["wobble"] for recipe in found["sweeps"]} == {1.0, 2.0, 3.0}
    assert found["preset"]["wobble"] == 2.5
    assert "--wobble 2.5" in found["command"]
    assert found["key"] == {"wobble": 3.0}
    field = found["fields"]["wobble"]
    assert (field["path"], field["least"], field["most"]) == (["wobble"], 0, 9)
    assert (field["control"]["part"], field["control"]["kind"], field["control"]["label"]) == (
        "Finish",
        "number",
        "Wobble",
    )
    assert (
        "| `wobble` | `wobble` | number, 0 to 9 | 0.5 | sweep, keyframes | How much it wobbles, up to 9. |"
        in found["docs"]
    )


def test_a_symmetry_is_one_record(found):
    assert "shear" in found["help"]
    assert {recipe["symmetry"] for recipe in found["sweeps"]} == {"none", "shear"}
    assert found["preset"]["symmetry"] == "shear"
    assert "--symmetry shear" in found["command"]
    assert named(found["symmetries"], "shear")["tape"]
    assert "| `shear` | pushed to one side |" in found["docs"]


def test_an_activation_is_one_record(found):
    assert "hump" in found["activations"]
    assert found["completed"] == ["hump"]
    assert {tuple(recipe["activation"]) for recipe in found["sweeps"]} == {("tanh",), ("hump",)}
    assert found["preset"]["activation"] == ["hump"]
    assert "--activation hump" in found["command"]
    assert named(found["page activations"], "hump")["f"]
    assert "| `hump` | `z^2` | [0, inf) | a test |" in found["docs"]


def test_what_was_added_is_painted(found):
    assert found["deviation"] > 1


def test_the_reference_is_up_to_date():
    printed = subprocess.run(
        [sys.executable, ROOT / "docs" / "recipe.py"], capture_output=True, text=True, check=True
    ).stdout
    assert printed == (ROOT / "docs" / "recipe.md").read_text(encoding="utf-8")
