"""`artstudio grid`: each cell is the picture of its recipe, and every sweepable field can be an axis."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader
from selection import some

import artstudio
from artstudio.errors import BadInput
from artstudio.figures.comparison import compare_sheet
from artstudio.model.recipe import FIELDS, Recipe

SMALL = Recipe(seed=5, units=8, depth=2)
SWEPT = [name for name, field in FIELDS.items() if field.record.sweeps]
VALUES = {
    "integer": "1,2", "number": "0.5..0.9:2", "activation": "step,sine+tanh,max(0.1*z+z**3; z)",
    "symmetry": "none,mirror-x", "colour": "mono,oklch", "palette": "dusk,lagoon",
}  # fmt: skip


def values_of(name):
    values = {"bands": "2,3", "fourier_scale": "0.5,1"}.get(name) or VALUES.get(name) or VALUES[FIELDS[name].kind]
    return values.replace("; z", "").replace("max(0.1*z+z**3)", "z**3")


def places(figure):
    """The axes of a figure in reading order."""
    return sorted(figure.axes, key=lambda axes: (-axes.get_position().y0, axes.get_position().x0))


def pictures(exhibit):
    """What a figure shows, row by row."""
    return [np.asarray(axes.images[0].get_array()) for axes in places(exhibit.figure)]


@pytest.mark.parametrize("field", some(SWEPT, {"activation", "gain", "seed", "palette", "warp"}))
def test_every_field_that_sweeps_can_be_an_axis(field):
    found = artstudio.grid(f"{field}={values_of(field)}", recipe=SMALL, panel="24x16")
    shown = pictures(found)
    cells = found.about["cells"]
    assert len(shown) == len(cells) >= 2
    for picture, cell in zip(shown, cells, strict=True):
        recipe = Recipe.from_dict(cell["recipe"])
        assert np.array_equal(picture, artstudio.render(recipe, width=24, height=16, supersample=3))


def test_rows_and_columns_are_where_their_labels_are():
    found = artstudio.grid("activation=step,tanh", "gain=0.5,1,2", recipe=SMALL, panel="24x16")
    cells = [Recipe.from_dict(cell["recipe"]) for cell in found.about["cells"]]
    assert [(cell.gain, cell.activation[0]) for cell in cells] == [
        (gain, name) for gain in (0.5, 1, 2) for name in ("step", "tanh")
    ]
    figure = found.figure
    figure.draw_without_rendering()
    words = {text.get_text(): text.get_window_extent() for text in figure.texts}
    boxes = [axes.get_window_extent() for axes in places(figure)]
    for column, label in enumerate(("Step", "Tanh")):
        assert abs(words[label].x0 + words[label].x1 - boxes[column].x0 - boxes[column].x1) < 4
    for row, label in enumerate(("gain 0.5", "gain 1", "gain 2")):
        assert abs(words[label].y0 + words[label].y1 - boxes[2 * row].y0 - boxes[2 * row].y1) < 4
    assert (found.title, found.title in words) == ("Gain and activation, seed 5", True)


def test_comparing_seeds_is_a_grid():
    rows = compare_sheet(("step", "tanh"), SMALL, (24, 16), seeds="1..2").panels
    grid = artstudio.grid("activation=step,tanh", "seed=1..2", recipe=SMALL, panel="24x16")
    for panel, picture in zip((panel for row in rows for panel in row), pictures(grid), strict=True):
        assert np.array_equal(panel.picture, picture)


@pytest.mark.parametrize("size", some(["slide", "half", "square", "a3"], {"slide"}))
def test_nothing_is_clipped_and_no_words_overlap(size):
    figure = artstudio.grid(
        "seed=1..12", "palette=dusk,lagoon,ember", recipe=SMALL, panel="16x9", size=size
    ).figure
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.texts if text.get_text()]
    for i, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_pages_are_those_of_a_pdf_and_the_manifest_makes_the_pictures(run_cli):
    words = ["grid", "-x", "seed=1,2", "-y", "depth=1..2", "-z", "activation=step,tanh", "--units", 8]
    code, out, err = run_cli(*words, "--panel", "24x16", "-o", "g.pdf", "--manifest", "cells.toml", "--json", "-q")
    about = json.loads(out)
    assert (code, err, len(about["cells"])) == (0, "", 8)
    texts = [page.extract_text() for page in PdfReader("g.pdf").pages]
    assert [("Step" in text, "Tanh" in text) for text in texts] == [(True, False), (False, True)]
    presets = artstudio.presets.collections.load_file(Path("cells.toml"))
    assert [preset.recipe.to_dict() for preset in presets.values()] == [cell["recipe"] for cell in about["cells"]]
    assert len(tomllib.loads(Path("cells.toml").read_text(encoding="utf-8"))) == 10


def test_a_dry_run_writes_nothing(run_cli):
    code, out, err = run_cli("grid", "-x", "seed=1..3", "--manifest", "m.toml", "--dry-run")
    assert (code, out, err) == (0, "would write outputs/grid.png: 3 pictures\n", "")
    assert list(Path().iterdir()) == []


def test_a_picture_is_a_source_and_the_command_makes_the_figure_again(run_cli, tmp_path):
    artstudio.save("a.png", artstudio.render(SMALL, width=16, height=16), SMALL)
    code, out, _ = run_cli("grid", "a.png", "-x", "gain=1,2", "--panel", "16x16", "-o", "g.png", "--json", "-q")
    assert code == 0
    assert [cell["recipe"]["seed"] for cell in json.loads(out)["cells"]] == [5, 5]
    exhibit = artstudio.grid("gain=1,2", recipe=SMALL, panel="16x16")
    assert exhibit.command == (
        "artstudio grid -x gain=1,2 --seed 5 --panel 16x16 --units 8 --depth 2 -o grid-gain.png"
    )
    words = exhibit.command.split()[1:-1]
    assert run_cli(*words, "again.png", "-q")[0] == 0
    assert run_cli(*words, "--json", "-o", "json.png", "-q")[0] == 0
    exhibit.save("ours.png")
    assert Path("again.png").read_bytes() == Path("ours.png").read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["-x", "gain"], "sweep: expected field=values"),
        (["-x", "gian=1,2"], "unknown sweep field 'gian'; did you mean 'gain'"),
        (["-x", "features=x,y"], "unknown sweep field 'features'"),
        (["-x", "seed=1..13"], "grid: expected at most 12 values along x, found 13"),
        (["-x", "seed=1", "-y", "gain=1..2:20"], "grid: expected at most 12 values along y, found 20"),
        (["-x", "seed=1,2", "-z", "depth=1..25"], "grid: expected at most 24 values along z, found 25"),
        (["-x", "gain=1,2", "-y", "gain=3"], "sweep: expected each field once, found gain, gain"),
        (["-x", "seed=1,2", "-z", "depth=1,2"], "grid: expected a .pdf for 2 pages, found .png"),
        (["-x", "activation=tahn"], "did you mean 'tanh'"),
        (["-x", "gain=500"], "sweep: gain"),
        (["nothing-here", "-x", "seed=1"], "unknown preset 'nothing-here'"),
        (["-x", "seed=1,2", "-o", "g.jpg"], "unknown figure format"),
        ([], "Missing option '-x'"),
    ],
)
def test_bad_input_is_one_line(run_cli, words, message):
    code, out, err = run_cli("grid", *words)
    assert (code, out) == (2, "")
    assert message in err
    assert [path.name for path in Path().rglob("*") if path.is_file()] == []


def test_the_api_speaks_of_arguments():
    with pytest.raises(BadInput, match="expected at most 12 values along x"):
        artstudio.grid("seed=1..20")
