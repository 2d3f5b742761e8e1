"""What shows itself in Jupyter: recipes, figures, galleries; and the notebook of the docs, executed."""

import inspect
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import artstudio

TOUR = Path(__file__).parent.parent / "docs" / "tour.ipynb"

SMALL = {"units": 8, "depth": 2}


def pixels(png):
    with Image.open(io.BytesIO(png)) as picture:
        return np.asarray(picture.convert("RGB"))


def test_a_recipe_shows_its_picture_which_carries_it(tmp_path):
    recipe = artstudio.Recipe(seed=7, activation="step", **SMALL)
    png = recipe._repr_png_()
    (tmp_path / "a.png").write_bytes(png)
    assert artstudio.load_recipe(tmp_path / "a.png") == recipe
    assert np.array_equal(pixels(png), artstudio.render(recipe, width=320, height=320))


def test_a_recipe_shows_the_command_that_makes_it(run_cli):
    recipe = artstudio.Recipe(
        seed=7, activation=("sine", "max(0.1*z, z)"), palette=["#000", "#f80", "#fff"], **SMALL
    )
    html = recipe._repr_html_()
    assert html.count("<img ") == 1
    assert 'alt="Picture of a random network with sine, max(0.1 * z, z), seed 7"' in html
    command = re.search("<code>(.*)</code>", html)[1]
    from html import unescape

    assert run_cli(*shlex.split(unescape(command))[1:], "--size", "16x16", "-o", "a.png")[0] == 0
    assert artstudio.load_recipe("a.png") == recipe


def test_recipes_show_themselves_wherever_they_come_from(tmp_path):
    recipe = artstudio.Recipe(**SMALL)
    artstudio.save(tmp_path / "a.png", artstudio.render(recipe, width=8, height=8), recipe)
    code = (
        "import sys, artstudio\n"
        f"recipe = artstudio.load_recipe({str(tmp_path / 'a.png')!r})\n"
        "print(callable(recipe._repr_png_), callable(recipe._repr_html_), 'jax' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "True True False\n"


EXHIBITS = {
    "plot": lambda **look: artstudio.plot("sigmoid", "max(0.1*z, z)", z_range="-3:3", **look),
    "compare": lambda **look: artstudio.compare("step", "tanh", recipe=artstudio.Recipe(seed=3, **SMALL), **look),
    "lesson": lambda **look: artstudio.lesson("softmax", scores=[2.0, -1.0], temperature=[0.5], **look),
}


@pytest.mark.parametrize("name", EXHIBITS)
def test_an_exhibit_shows_and_saves_itself_and_its_command_makes_the_same(run_cli, name):
    exhibit = EXHIBITS[name](theme="dark", size="half")
    assert isinstance(exhibit.figure, Figure)
    assert all(len(row) == len(table.headers) for table in exhibit.tables for row in table.rows)
    data, about = exhibit._repr_mimebundle_()
    assert pixels(data["image/png"]).shape == (720, 640, 3)
    assert about["image/png"]["alt"] == exhibit.alt
    assert exhibit.save("own.png") == Path("own.png")
    words = shlex.split(exhibit.command)
    assert words[:2] == ["artstudio", name]
    assert run_cli(*words[1:])[0] == 0
    assert Path("own.png").read_bytes() == Path(words[-1]).read_bytes()
    with pytest.raises(artstudio.BadInput, match="exists already"):
        exhibit.save("own.png")
    with pytest.raises(artstudio.BadInput, match="unknown figure format"):
        exhibit.save("own.gif")


def test_the_numbers_of_a_plot_are_those_of_the_function():
    from scipy.special import expit

    (table,) = artstudio.plot("sigmoid").tables
    for z, value, slope, remark in table.rows:
        s = expit(z)
        assert value == pytest.approx(s, rel=1e-6)
        assert slope == pytest.approx(s * (1 - s), rel=1e-5)
        assert remark == ""
    (table,) = artstudio.plot("relu", at=[0]).tables
    assert table.rows == ((0, 0, 0, "undefined; by convention"),)
    assert "no slope (0 by convention)" in artstudio.plot("relu", at=[0]).alt


def test_flat_area_is_nearly_everything_for_step_and_little_for_tanh():
    (table,) = EXHIBITS["compare"]().tables
    step, tanh = (row[2] for row in table.rows)
    assert step > 0.6
    assert tanh < 0.4


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: artstudio.plot("tahn"), "did you mean 'tanh'"),
        (lambda: artstudio.plot(theme="neon"), "unknown theme 'neon'"),
        (lambda: artstudio.plot(at=[9]), "expected a z within the range"),
        (lambda: artstudio.compare("step"), "expected 2 to 8 activations, found 1"),
        (lambda: artstudio.lesson("all"), "expected one topic, found 'all'"),
        (lambda: artstudio.lesson("softmax", seed=3), "takes scores, temperature; found seed"),
        (lambda: artstudio.gallery("agaet"), "did you mean 'agate'"),
        (lambda: artstudio.gallery(width=0, height=9), "size: expected at least 1x1"),
    ],
)
def test_bad_input_is_one_clear_line(call, words):
    with pytest.raises(artstudio.BadInput, match=re.escape(words)):
        call()


def test_a_gallery_shows_some_and_saves_all(tmp_path):
    presets = tmp_path / "mine.toml"
    presets.write_text("[dots]\nunits = 8\ndepth = 2\ntitle = 'Dots & <lines>'\n", encoding="utf-8")
    shown = artstudio.gallery(str(presets), sweeps=["seed=1..14"], width=32, height=24)
    html = shown._repr_html_()
    assert (len(shown), html.count("<img ")) == (14, 12)
    assert "and 2 more" in html
    assert "Dots &amp; &lt;lines&gt;, seed 1" in html
    assert repr(shown).startswith("<gallery of 14: dots_seed-1, ")
    folder = shown.save(tmp_path / "pictures")
    recipes = {artstudio.load_recipe(path).seed for path in folder.glob("*.png")}
    assert recipes == set(range(1, 15))


@pytest.mark.sweep
def test_the_notebook_of_the_docs_runs_and_shows_what_it_did(tmp_path, monkeypatch):
    pytest.importorskip("ipykernel", reason="needs ipykernel")
    nbformat = pytest.importorskip("nbformat", reason="needs nbformat")
    nbclient = pytest.importorskip("nbclient", reason="needs nbclient")
    assert TOUR.stat().st_size < 1_500_000
    monkeypatch.setenv("PYTHONPATH", str(TOUR.parent.parent))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    stored = nbformat.read(TOUR, as_version=4)
    nbformat.validate(stored)
    fresh = nbformat.from_dict(json.loads(json.dumps(stored)))
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(fresh, timeout=900, kernel_name="python3", resources=resources).execute()
    for was, now in zip(stored.cells, fresh.cells, strict=True):
        if was.cell_type == "code":
            # The kinds of output, and the words; pictures may differ in rounding on another machine.
            assert [_kinds(output) for output in was.outputs] == [_kinds(output) for output in now.outputs]
            assert [_words(output) for output in was.outputs] == [_words(output) for output in now.outputs]
    assert (tmp_path / "sigmoid.svg").is_file()
    assert len(list((tmp_path / "windows").glob("*.png"))) == 6


def _kinds(output):
    return sorted(output.get("data", {"stream": ""}))


def _words(output):
    text = output.get("text") or output["data"]["text/plain"]
    return re.sub(r"\d+\.\d+%", "", text)


@pytest.mark.parametrize("make", [artstudio.plot, artstudio.compare, artstudio.lesson, artstudio.gallery])
def test_a_misspelt_argument_is_seen_by_a_type_checker(make):
    kinds = {parameter.kind for parameter in inspect.signature(make).parameters.values()}
    assert inspect.Parameter.VAR_KEYWORD not in kinds
