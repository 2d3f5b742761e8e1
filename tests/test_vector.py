"""Vector pictures: painted by resvg, Chromium and poppler, which are not ours, and compared with our own pixels."""

import os
import re
import shutil
import subprocess
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from browser import launched_browser
from click.testing import CliRunner
from PIL import Image
from selection import some

from artstudio.cli import cli
from artstudio.engine.render import render
from artstudio.errors import BadInput
from artstudio.files.vector.drawing import reverse
from artstudio.files.vector.formats import VECTORS
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.network import build_params
from artstudio.model.recipe import Recipe
from artstudio.pictures.picture import load_recipe, read_info
from artstudio.pictures.single import Picture, render_bytes, render_file
from artstudio.pictures.verify import verify
from artstudio.presets.collections import shipped_presets
from artstudio.vector.curves import fit
from artstudio.vector.edges import edge_shifts
from artstudio.vector.flat import check_flat, is_flat
from artstudio.vector.outlines import drawing_of
from artstudio.vector.plotter import parse_plotter
from artstudio.vector.trace import trace
from artstudio.vector.values import colour_function

WIDTH, HEIGHT = 480, 270

RECIPES = {
    "step": Recipe(seed=3, activation="step", depth=4, palette="cathedral"),
    "bands": Recipe(seed=5, finish={"bands": 6}),
    "two colours": Recipe(seed=2, activation="sine", depth=2, colour="mono", finish={"bands": 2}),
    "kaleidoscope": Recipe(
        seed=7, activation="step", units=16, depth=3, symmetry="kaleidoscope:8", colour="mixture"
    ),
    "grid": Recipe(seed=4, activation="sign", depth=2, symmetry="grid:3", colour="hsv"),
    "mixture of jumps": Recipe(seed=4, activation="mix(step, square_wave)", depth=2, warp={"amount": 0.3}),
    "expression": Recipe(seed=9, activation="floor(2*z)", depth=2, view={"zoom": 0.7, "rotation": 20}),
    "dithered": Recipe(seed=9, activation="relu", finish={"bands": 4, "dither": True, "contours": 0}),
    "one colour": Recipe(seed=1, activation="step", depth=2, view={"zoom": 10**6}),
}

every_recipe = pytest.mark.parametrize("name", some(RECIPES, ("two colours", "one colour")))


def svg_pixels(data):
    resvg = pytest.importorskip("resvg_py")
    return np.asarray(Image.open(BytesIO(bytes(resvg.svg_to_bytes(svg_string=data.decode())))).convert("RGB"))


def drawn(recipe, name="svg", size=(WIDTH, HEIGHT), **more):
    return render_bytes(Picture(recipe, *size, VECTORS[name], 0, **more))


def share_that_differs(found, recipe, size):
    wanted = render(recipe, width=size[0], height=size[1], supersample=8)
    return float((np.abs(found.astype(int) - wanted).max(axis=2) > 16).mean())


def drawing(recipe):
    return drawing_of(trace(recipe, WIDTH, HEIGHT, params=build_params(recipe)), WIDTH, HEIGHT)


@every_recipe
def test_another_renderer_paints_the_same(name):
    """At a quarter of 1080p four times as many of the pixels are at edges: the bar there is 0.5 %."""
    recipe = RECIPES[name]
    plain = recipe.with_parts(dither=False)
    assert share_that_differs(svg_pixels(drawn(recipe)), plain, (WIDTH, HEIGHT)) <= 0.02


@pytest.mark.sweep
def test_the_comparison_can_fail():
    recipe = RECIPES["step"]
    assert share_that_differs(svg_pixels(drawn(recipe)), recipe.replace(seed=4), (WIDTH, HEIGHT)) > 0.1
    moved = drawn(recipe).replace(b'<g id="areas"', b'<g transform="translate(0.7 0.7)" id="areas"')
    assert share_that_differs(svg_pixels(moved), recipe, (WIDTH, HEIGHT)) > 0.02


def is_drawable(recipe):
    try:
        check_flat(recipe)
    except BadInput:
        return False
    return True


FLAT_PRESETS = [preset for preset in shipped_presets().values() if is_drawable(preset.recipe)]
SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"


@pytest.mark.sweep
@pytest.mark.parametrize("preset", FLAT_PRESETS[:: 4 if SHORT else 1], ids=lambda preset: preset.name)
def test_the_presets_at_1080p(preset, tmp_path):
    size = (1920, 1080)
    data = drawn(preset.recipe, size=size)
    assert len(data) < 2_000_000 or "square_wave" in preset.recipe.activation
    assert share_that_differs(svg_pixels(data), preset.recipe, size) <= 0.005
    (tmp_path / "picture.svg").write_bytes(data)
    with launched_browser() as browser:
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.goto((tmp_path / "picture.svg").as_uri())
        found = np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    assert share_that_differs(found, preset.recipe, size) <= 0.0075  # Chromium's edges have fewer shades


def twenty_areas(outline):
    """Twenty times the signed area within a closed stroke, a whole number: Green's theorem for Bézier curves."""
    total, (at,) = 0, outline[0]
    for piece in outline[1:]:
        if len(piece) == 1:
            b, c, d = at, piece[0], piece[0]
            total += 10 * (at[0] * d[1] - d[0] * at[1])
        else:
            b, c, d = piece
            cross = [
                (6, at, b), (3, at, c), (1, at, d), (3, b, c), (3, b, d), (6, c, d),
            ]  # fmt: skip
            total += sum(weight * (p[0] * q[1] - q[0] * p[1]) for weight, p, q in cross)
        at = piece[-1]
    assert outline[0][0] == at
    return total


@every_recipe
def test_areas_fill_the_picture_without_gap_or_overlap(name):
    found = drawing(RECIPES[name])
    total = sum(twenty_areas(outline) for area in found.areas for face in area.faces for outline in face)
    assert abs(total) == 20 * WIDTH * HEIGHT * found.steps**2


@pytest.mark.sweep
def test_nothing_shows_through_between_areas():
    white = re.sub(rb"=\"#[0-9a-f]{6}\"", b'="#ffffff"', drawn(RECIPES["step"]))
    white = white.replace(b"<metadata", b'<rect width="9999" height="9999"/><metadata')
    assert svg_pixels(white).min() >= 254
    assert svg_pixels(re.sub(rb"<use [^>]*>", b"", white)).min() < 250  # this sees what it looks for


@pytest.mark.sweep
def test_colours_are_named_and_grouped():
    recipe = RECIPES["bands"]
    root = ElementTree.fromstring(drawn(recipe))
    paths = root.findall(".//{*}g[@id='areas']/{*}g")
    colours = {
        tuple(colour) for colour in render(recipe, width=256, height=144, supersample=1).reshape(-1, 3).tolist()
    }
    assert len(paths) == 6
    assert {path.get("id") for path in paths} == {"area-" + bytes(colour).hex() for colour in colours}
    assert all(path.get("id") == f"area-{path.get('fill')[1:]}" for path in paths)


@pytest.mark.parametrize("name", VECTORS)
def test_a_file_brings_its_recipe_back(name, tmp_path):
    recipe = RECIPES["two colours"]
    path = tmp_path / f"picture.{name}"
    render_file(Picture(recipe, WIDTH, HEIGHT, VECTORS[name], 0, title="A <rose> & ünïcode"), path)
    info = read_info(path)
    assert (info.recipe, info.width, info.height, info.format) == (recipe, WIDTH, HEIGHT, name)
    assert info.title == "A <rose> & ünïcode"
    assert load_recipe(path) == recipe
    assert verify(path).outcome == "exact"


@pytest.mark.sweep
def test_a_changed_drawing_is_noticed(tmp_path):
    path = tmp_path / "picture.svg"
    path.write_bytes(drawn(RECIPES["step"]).replace(b'<g id="areas"', b'<g opacity="0.5" id="areas"'))
    assert verify(path).outcome == "differs"


@pytest.mark.sweep
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils")
def test_a_pdf_shows_the_same(tmp_path):
    recipe = RECIPES["step"]
    (tmp_path / "a.pdf").write_bytes(drawn(recipe, "pdf"))
    subprocess.run(["pdftoppm", "-r", "96", "-png", "a.pdf", "a"], cwd=tmp_path, check=True)
    found = np.asarray(Image.open(next(tmp_path.glob("a*.png"))).convert("RGB"))
    assert share_that_differs(found, recipe, (WIDTH, HEIGHT)) <= 0.02


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_which_activations_are_flat(name):
    assert is_flat(name) == (name in ("step", "sign", "square_wave"))


def test_which_expressions_are_flat():
    assert is_flat("floor(3*z)")
    assert is_flat("where(z > 0, 1, -1)")
    assert not is_flat("where(z > 0, 1, z)")


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Recipe(), "add --bands 6"),
        (Recipe(activation=("step", "tanh"), depth=2, skip=True), "add --bands 6"),
        (Recipe(activation="mix(step, tanh)"), "add --bands 6"),
        (Recipe(finish={"bands": 5, "relief": 0.5}), "add --relief 0"),
        (Recipe(finish={"bands": 5, "contours": 9}), "add --contours 0"),
    ],
    ids=str,
)
def test_smooth_pictures_are_refused_with_what_to_add(recipe, words):
    with pytest.raises(BadInput, match=words):
        check_flat(recipe)


def test_fitted_curves_stay_close_and_are_few():
    angle = np.linspace(0, 2 * np.pi, 500)
    circle = 50 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    pieces = fit(circle, 0.05)
    assert len(pieces) <= 8
    t, at = np.linspace(0, 1, 50)[:, None], circle[0]
    for piece in pieces:
        b, c, d = piece
        curve = (1 - t) ** 3 * at + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
        assert np.abs(np.hypot(*curve.T) - 50).max() < 0.1
        at = d
    square = np.array([(0, 0), (5, 0), (10, 0), (10, 5), (10, 10)], float)
    assert [piece[-1].tolist() for piece in fit(square, 0.05)] == [[10, 0], [10, 10]]


def test_strokes_are_reversed():
    stroke = [((0, 0),), ((1, 2), (3, 4), (5, 6)), ((7, 8),)]
    assert reverse(stroke) == [((7, 8),), ((5, 6),), ((3, 4), (1, 2), (0, 0))]
    assert reverse(reverse(stroke)) == stroke


def test_edges_move_into_the_darker_side():
    black, grey, white = 0x000000, 0x808080, 0xFFFFFF
    shifts = edge_shifts(np.array([white, black, grey, white]), np.array([black, white, grey, grey]))
    assert 0.15 < shifts[0] < 0.3
    assert shifts[1] == pytest.approx(-shifts[0])
    assert shifts[2] == 0
    assert 0 < shifts[3] < shifts[0]


def plotted(mode, recipe=RECIPES["step"]):
    root = ElementTree.fromstring(drawn(recipe, plotter=parse_plotter(mode)))
    label = "{http://www.inkscape.org/namespaces/inkscape}label"
    return root, {layer.get(label): layer.findall("{*}path") for layer in root.findall("{*}g")}


def test_a_plotters_sheet_is_in_millimetres_on_numbered_layers():
    root, layers = plotted("outlines,a3,0.3")
    assert (root.get("width"), root.get("height"), root.get("stroke-width")) == ("420mm", "297mm", "0.3")
    assert all(re.fullmatch(r"\d+ #[0-9a-f]{6}", name) for name in layers)
    assert [int(name.split()[0]) for name in layers] == list(range(1, len(layers) + 1))


@pytest.mark.sweep
def test_hatching_lies_in_areas_of_its_colour():
    recipe = RECIPES["step"]
    _, layers = plotted("hatching,500x500,0.2")
    colour_at = colour_function(recipe, build_params(recipe), WIDTH, HEIGHT)
    scale = 480 / WIDTH
    off = []
    for name, paths in layers.items():
        ends = [re.fullmatch(r"M(\S+?)[ ]?(-?[\d.]+)l(.+?)[ ]?(-?[\d.]+)", path.get("d")) for path in paths]
        numbers = np.array([[float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", e[0])] for e in ends])
        middle = (numbers[:, :2] + numbers[:, 2:] / 2 - [10, 250 - 135 * scale]) / scale
        wanted = [int(name[-6:][i : i + 2], 16) for i in (0, 2, 4)]
        off.append(np.abs(colour_at(*middle.T) - wanted).max(axis=1))
    assert np.mean(np.concatenate(off) > 1) < 0.01


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("tanh.svg", "add --bands 6"),
        ("a.svg --bands 4 --plotter dots", "unknown plotter mode 'dots'"),
        ("a.svg --bands 4 --plotter hatching,a9", "expected a sheet such as"),
        ("a.svg --bands 4 --plotter hatching,20x20", "30 to 10000 millimetres"),
        ("a.svg --bands 4 --plotter hatching,a4,0", "0.05 to 5 millimetres"),
        ("a.svg --bands 4 --plotter hatching,a4,1,2", "0.05 to 5 millimetres"),
        ("a.pdf --bands 4 --plotter hatching", "ends in .svg"),
        ("a.png --bands 4 --plotter hatching", "ends in .svg"),
        ("a.svg --bands 4 --bit-depth 16", "leave --bit-depth out"),
        ("a.eps --bands 4", ".svg"),
    ],
)
def test_bad_input_is_one_line(arguments, words, tmp_path):
    result = CliRunner().invoke(cli, ["render", "-s", "1", "-o", *arguments.split()], standalone_mode=False)
    assert isinstance(result.exception, BadInput)
    assert words in str(result.exception)
    assert "\n" not in str(result.exception)
    assert list(tmp_path.iterdir()) == []


LAUGHS = b'<!DOCTYPE svg [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 12) for i in range(10)
) + b"]><svg><metadata>&k;</metadata></svg>"  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"<svg", b"<svg/>", b"<svg><metadata>{}</metadata></svg>", b"<?xml version='1.0' encoding='nonsense'?><svg/>",
        b'<svg><metadata>{"artstudio:recipe":"{}","artstudio:size":"1e9x2"}</metadata></svg>', LAUGHS,
        b"%PDF-1.7", b"%PDF-1.7\n" + bytes(range(256)), b"%PDF-1.4\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF",
    ],
    ids=lambda data: repr(data[:40]),
)  # fmt: skip
def test_files_of_others_are_refused_in_one_line(data, tmp_path, capfd):
    path = tmp_path / "picture.svg"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"picture\.svg"):
        read_info(path)
    assert capfd.readouterr() == ("", "")
