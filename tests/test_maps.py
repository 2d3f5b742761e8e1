"""`--map`: heights and normals agree by other means, tile where the recipe does, and are read back."""

import json
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from PIL import Image

import artstudio
from artstudio import Recipe
from artstudio.engine.render import surface_bands
from artstudio.files.png.read import read_png_pixels
from artstudio.pictures.maps import MAPS, RELIEF
from artstudio.pictures.picture import read_info

SMOOTH = Recipe(seed=3, units=8, depth=3)
TILE = Recipe(seed=3, units=8, depth=3, features=("torus",))
STEP = Recipe(seed=3, units=8, depth=2, activation="step")


def surface(recipe, width=64, height=48, **options):
    return np.concatenate([band for _, band in surface_bands(recipe, width=width, height=height, **options)])


def map_file(run_cli, kind, name, size="60x40"):
    code, out, err = run_cli(
        "render", "--seed", 3, "--units", 8, "--depth", 3, "--map", kind, "--size", size, "-o", name
    )
    assert (code, out.strip(), err) == (0, name, "")


def as_vectors(pixels):
    return pixels / 65535 * 2 - 1


def test_rises_are_the_slopes_of_the_heights():
    found = surface(SMOOTH, 400, 300).astype(np.float64)
    down, across = np.gradient(found[..., 0])
    inner = (slice(1, -1), slice(1, -1))
    assert np.abs(found[..., 1] - across)[inner].max() < 2e-3
    assert np.abs(found[..., 2] - down)[inner].max() < 2e-3
    assert np.abs(across).max() > 0.005


@pytest.mark.sweep
@pytest.mark.parametrize("recipe", [SMOOTH, STEP], ids=["smooth", "step"])
def test_rises_add_up_to_the_differences_between_the_ends(recipe):
    found = surface(recipe, 40, 30).astype(np.float64)
    fine = surface(recipe, 40 * 20, 30 * 20, supersample=1)[..., 0].astype(np.float64)
    # At the heights of the four samples along an edge; across, a 40th of a pixel within the edges.
    rows = fine.reshape(30, 20, -1)[:, [2, 7, 12, 17]]
    ends = (rows[..., -1] - rows[..., 0]).mean(axis=1)
    assert np.quantile(np.abs(found[..., 1].sum(axis=1) - ends), 0.9) < 0.01


@pytest.mark.sweep
def test_a_step_has_slopes_at_its_edges_only():
    found = surface(STEP, 80, 60)
    flat = (found[..., 1:] == 0).all(axis=2)
    assert 0.5 < flat.mean() < 0.99
    heights = found[..., 0]
    jumps = np.abs(np.diff(heights, axis=1)) > 1e-3
    assert not (jumps & flat[:, 1:] & flat[:, :-1]).any()


@pytest.mark.sweep
def test_heights_are_the_outputs_of_the_network():
    grey = SMOOTH.replace(colour="mono")
    lightness = artstudio.render(grey, width=64, height=48, supersample=1)[..., 0].astype(float)
    heights = surface(grey, supersample=1)[..., 0]
    order = np.argsort(heights.ravel())
    assert (np.diff(lightness.ravel()[order]) >= -1).all(), "a higher output is lighter, to a level"
    assert 0 < heights.min() < 0.2 < 0.8 < heights.max() < 1


@pytest.mark.parametrize("kind", MAPS)
def test_maps_of_seamless_recipes_are_seamless(kind):
    assert TILE.seamless
    values = MAPS[kind].values(surface(TILE, 64, 64), 64).astype(np.float64)
    for axis in (0, 1):
        around = np.abs(values - np.roll(values, 1, axis))
        seam = around.take(0, axis)
        assert seam.max() <= 1.1 * np.delete(around, 0, axis).max()
        assert seam.mean() < 2 * around.mean()


def test_normals_are_of_length_one_and_point_as_opengl_and_directx_have_them(run_cli):
    for kind in MAPS:
        map_file(run_cli, kind, f"{kind}.png", "480x320")
    heights = read_png_pixels("height.png")[..., 0] / 65535
    normal = as_vectors(read_png_pixels("normal.png"))
    directx = as_vectors(read_png_pixels("normal-directx.png"))
    assert np.linalg.norm(normal, axis=2) == pytest.approx(1, abs=1e-4)
    assert directx == pytest.approx(normal * [1, -1, 1], abs=5e-5)
    down, across = np.gradient(RELIEF * 320 * heights)  # in pixels; rows go down, y up
    wanted = np.stack([-across, down, np.ones_like(down)], axis=2)
    wanted /= np.linalg.norm(wanted, axis=2, keepdims=True)
    off = np.abs(normal - wanted)[1:-1, 1:-1].max(axis=2)
    assert np.quantile(off, 0.999) < 0.02, "all but the tip of the cone that the distance r is"
    assert np.abs(normal[..., :2]).max() > 0.2


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("kind", MAPS)
def test_other_programs_read_16_bits_and_we_read_the_recipe(run_cli, kind, suffix):
    name = f"a{suffix}"
    map_file(run_cli, kind, name)
    bands = 1 if kind == "height" else 3
    image = pyvips.Image.new_from_buffer(Path(name).read_bytes(), "")
    assert (image.width, image.height, image.bands, image.format) == (60, 40, bands, "ushort")
    ours = read_png_pixels(name) if suffix == ".png" else tifffile.imread(name)
    theirs = image.numpy()
    assert np.array_equal(theirs if theirs.ndim == 3 else theirs[..., None], ours.reshape(40, 60, -1)[..., :bands])
    with Image.open(name) as file:
        assert "icc_profile" not in file.info
        assert "srgb" not in file.info
    info = read_info(name)
    assert (info.recipe, info.bits, info.prepress.map.name) == (SMOOTH, 16, kind)
    assert artstudio.verify(name).outcome == "exact"
    assert f"map:         {kind}: " in run_cli("info", name)[1]


def test_a_map_is_painted_again_or_its_picture(run_cli):
    map_file(run_cli, "height", "a.png")
    assert run_cli("render", "a.png", "-o", "again.png", "-q")[0] == 0
    assert np.array_equal(read_png_pixels("again.png"), read_png_pixels("a.png"))
    assert run_cli("render", "a.png", "--map", "none", "--bit-depth", 8, "-o", "picture.png", "-q")[0] == 0
    assert np.array_equal(read_png_pixels("picture.png"), artstudio.render(SMOOTH, width=60, height=40))
    code, out, _ = run_cli("render", "a.png", "--map", "normal", "--json", "--dry-run")
    assert (code, json.loads(out)["map"], json.loads(out)["bit_depth"]) == (0, "normal", 16)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--map", "hieght"], "unknown map 'hieght'; did you mean 'height'"),
        (
            ["--map", "height", "-o", "a.jpg"],
            "map: jpeg cannot hold maps; choose a file that ends in .png or .tif",
        ),
        (["--map", "normal", "-a", "step", "-o", "a.svg"], "map: svg cannot hold maps"),
        (["--map", "normal", "--alpha", "ground"], "map: a map has no colours; leave --alpha out"),
    ],
)
def test_bad_input_is_one_line(run_cli, words, message, tmp_path):
    code, out, err = run_cli("render", "--seed", 1, "--size", "16x16", *words)
    assert (code, out) == (2, "")
    assert message in err.splitlines()[-1]
