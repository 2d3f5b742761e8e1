"""`artstudio compare`: sheets that show what they claim, in every format and theme."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selection import some

from artstudio import Recipe, render
from artstudio.figures.compare import draw_comparison, fitting_panel
from artstudio.figures.comparison import compare_sheet, morph_columns
from artstudio.figures.style.theme import SIZES, THEMES
from artstudio.model.activation.registry import ACTIVATIONS


def sheet(names=("step", "relu"), **options):
    return compare_sheet(names, Recipe(seed=3), (48, 32), **options)


@pytest.fixture(scope="module")
def full_sheet():
    """A sheet with everything in it."""
    return sheet(("step", "tanh", "hard_sigmoid", "max(0.1*z, z)"), gradient=True, curves=True, layer=2)


def drawn(figure):
    figure.draw_without_rendering()
    return figure


def test_a_sheet_holds_the_pictures_of_every_seed_and_activation():
    found = sheet(("step", "tanh"), seeds="1..2,7")
    assert found.seeds == [1, 2, 7]
    for row, seed in zip(found.panels, found.seeds, strict=True):
        for panel, name in zip(row, ("step", "tanh"), strict=True):
            expected = render(Recipe(seed=seed, activation=name), width=48, height=32, supersample=3)
            assert np.array_equal(panel.picture, expected)


@pytest.mark.parametrize(
    ("theme", "size"),
    some(list(product(THEMES, SIZES)), {("dark", "half"), ("print", "a3")}),
)
def test_nothing_is_clipped_and_no_words_overlap(full_sheet, theme, size):
    figure = drawn(draw_comparison(full_sheet, THEMES[theme], SIZES[size]))
    page = figure.bbox
    boxes = [text.get_window_extent() for text in figure.texts if text.get_text()]
    assert len(boxes) >= 4
    for box in boxes:
        assert box.x0 >= page.x0
        assert box.x1 <= page.x1
        assert box.y0 >= page.y0
        assert box.y1 <= page.y1
    for i, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[i + 1 :])
    for axes in figure.axes:
        assert axes.get_window_extent().y0 >= page.y0


def test_the_gradient_row_has_one_scale_and_step_is_black():
    figure = draw_comparison(sheet(("step", "tanh"), gradient=True), THEMES["light"], SIZES["slide"])
    images = [
        axes.images[0].get_array() for axes in figure.axes if axes.images and axes.images[0].get_array().ndim == 2
    ]
    assert len(images) == 2
    assert not images[0].any()
    assert images[1].max() == 1


def test_a_gradient_row_says_what_it_shows_and_where_it_is_zero():
    figure = draw_comparison(sheet(("step", "tanh"), gradient=True), THEMES["light"], SIZES["slide"])
    assert "‖∂ colour / ∂ (x, y)‖" in {text.get_text() for text in figure.texts}
    said = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert said == ["zero almost everywhere"]


@pytest.mark.parametrize(("morph", "steps"), [("step..sigmoid", 5), ("sign..tanh", 4), ("relu..gelu", 4)])
def test_a_morph_paints_plots_and_labels_the_same_functions(morph, steps):
    columns = morph_columns(morph, steps)
    soft = ACTIVATIONS[morph.partition("..")[2]]
    z = np.linspace(-4, 4, 81)
    factors = []
    for column in columns[1:-1]:
        gain = column.activation.gain * column.gain
        if "k =" not in column.label:
            continue
        k = float(column.label.rpartition(" ")[2])
        factors.append(k)
        assert column.activation.function(z, np) == pytest.approx(soft.function(k * z, np), abs=1e-12)
        assert gain == pytest.approx(soft.gain)
    ratios = [a / b for a, b in zip([*factors], [*factors[1:], 1.0], strict=True)] if factors else []
    assert ratios == pytest.approx([2 ** (5 / (steps - 1))] * len(ratios), rel=0.005)


def test_a_morphs_pictures_are_those_of_its_columns():
    found = sheet((), morph="step..sigmoid", steps=3)
    column = found.columns[1]
    recipe = Recipe(seed=3, activation=column.activation.name, gain=column.gain)
    assert np.array_equal(found.panels[0][1].picture, render(recipe, width=48, height=32, supersample=3))


def test_titles_say_what_the_columns_share():
    assert sheet().title == "Same random draw, each calibrated, seed 3"
    assert sheet(exact_weights="tanh").title == "Identical weights, calibrated for Tanh, seed 3"


def test_exact_weights_are_identical():
    import artstudio

    with_tanh = sheet(("tanh", "relu"), exact_weights="tanh").panels[0][0].picture
    assert np.array_equal(with_tanh, sheet(("tanh", "relu")).panels[0][0].picture)
    exhibit = artstudio.compare("tanh", "relu", recipe=Recipe(depth=2), exact_weights="tanh", panel="48x32")
    assert "identical weights" in exhibit.words
    assert "identical weights" in exhibit.alt
    assert "identical" not in artstudio.compare("tanh", "relu", recipe=Recipe(depth=2), panel="48x32").words


def test_json_holds_recipe_size_and_tables(run_cli):
    code, out, err = run_cli("compare", "--depth", 2, "--panel", "48x32", "--json", "--gradient")
    about = json.loads(out)
    assert (code, err, about["size"], about["recipe"]["depth"]) == (0, "", "slide", 2)
    (table,) = about["tables"]
    assert table["rows"][0][0] == "Step"
    assert table["rows"][0][4] == 1.0


def test_no_line_crosses_a_jump():
    figure = draw_comparison(sheet(("step", "square_wave"), curves=True), THEMES["light"], SIZES["slide"])
    for axes in figure.axes:
        for line in axes.lines:
            rise = np.abs(np.diff(np.asarray(line.get_ydata(), float)))
            assert not (rise > 0.5).any()


@pytest.mark.parametrize("columns", range(2, 9))
@pytest.mark.parametrize("pictures", [1, 2, 6])
def test_fitting_panels_have_a_sane_shape(columns, pictures):
    for size in SIZES.values():
        for strips in (0, 1, 2):
            width, height = fitting_panel(size, columns, pictures, strips)
            assert 0.5 < width / height < 2
            assert width >= 48


def test_the_command_writes_every_format(run_cli):
    for suffix, start in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF")):
        code, out, _ = run_cli("compare", "--seed", 3, "--panel", "48x32", "-o", f"c.{suffix}")
        assert (code, out) == (0, f"c.{suffix}\n")
        assert Path(f"c.{suffix}").read_bytes().startswith(start)
    run_cli("compare", "--seed", 3, "--panel", "48x32", "-o", "again.svg")
    assert Path("again.svg").read_bytes() == Path("c.svg").read_bytes()
    assert "<image" in Path("c.svg").read_text(encoding="utf-8")
    with Image.open("c.png") as picture:
        assert picture.size == (1920, 1080)


@pytest.mark.sweep
def test_the_command_morphs_and_reports(run_cli):
    code, out, _ = run_cli(
        "compare", "--morph", "step..sigmoid", "--steps", 4, "--panel", "48x32", "--json", "--theme", "dark"
    )
    about = json.loads(out)
    assert code == 0
    assert (about["activations"][0], about["activations"][-1]) == ("step", "sigmoid")
    assert Path(about["path"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["tanh"], "compare: expected 2 to 8 activations, found 1"),
        (["tanh", "tahn"], "unknown activation 'tahn'"),
        (["tanh", "relu", "--morph", "step..sigmoid"], "expected activations or a morph, found both"),
        (["--morph", "step"], "morph: expected two activations such as step..sigmoid"),
        (["--seeds", "x"], "sweep seed: expected numbers such as 1..64"),
        (["--seeds", "1..9"], "seeds: expected 1 to 6, found 9"),
        (["--histogram", "9"], "layer: expected 1 to 6, found 9"),
        (["--exact-weights", "tahn"], "unknown activation 'tahn'"),
        (["--theme", "drak"], "unknown theme 'drak'; did you mean 'dark'"),
        (["--size", "a9"], "unknown figure size 'a9'"),
        (["--dpi", "5"], "dpi: expected 30 to 1200, found 5"),
        (["-o", "c.bmp"], "unknown figure format '.bmp'"),
        (["-o", "none/c.png"], "none"),
        (["--panel", "0x3"], "size: expected at least 1x1"),
    ],
)
def test_bad_input_gets_one_line(run_cli, arguments, message):
    code, out, err = run_cli("compare", *arguments)
    assert code == (1 if message == "none" else 2)
    assert out == ""
    assert message in err
    assert err.count("\n") == 1
    assert not [path for path in Path().rglob("*") if path.is_file()]
