"""Palettes from pictures."""

import numpy as np
import pytest
import scipy.cluster.vq
from PIL import Image

from artstudio import BadInput, FileProblem, Recipe, load_recipe
from artstudio.presets.image_palette import palette_from_image
from artstudio.presets.kmeans import cluster

RNG = np.random.default_rng(4)


def stripes(path, *colours):
    bands = [np.full((30, 60, 3), [int(c[i : i + 2], 16) for i in (1, 3, 5)], np.uint8) for c in colours]
    Image.fromarray(np.concatenate(bands)).save(path)
    return path


def test_the_colours_of_a_plain_picture_are_found_dark_to_light(tmp_path):
    colours = ("#f4efe2", "#123a8c", "#e3a020", "#0a0a14")
    found = palette_from_image(stripes(tmp_path / "a.png", *colours), 4)
    assert sorted(found) == sorted(colours)
    assert found[0] == "#0a0a14"
    assert found[-1] == "#f4efe2"
    assert Recipe(palette=found).palette == found


def test_clusters_are_those_of_scipy_from_the_same_start():
    points = np.concatenate([RNG.normal(centre, 0.3, (200, 3)) for centre in ([0, 0, 0], [3, 0, 0], [0, 4, 1])])
    centres, nearest = cluster(points, 3)
    expected, labels = scipy.cluster.vq.kmeans2(points, centres, minit="matrix")
    assert np.allclose(centres, expected)
    assert np.array_equal(nearest, labels)
    assert sorted(np.bincount(nearest)) == [200, 200, 200]


def test_fewer_colours_than_asked_for_are_all_there_are(tmp_path):
    assert palette_from_image(stripes(tmp_path / "a.png", "#ff0000", "#0000ff"), 5) == ("#0000ff", "#ff0000")


def test_transparent_parts_are_white(tmp_path):
    Image.fromarray(np.array([[[9, 9, 9, 255], [200, 0, 0, 0]]] * 8, np.uint8), "RGBA").save(tmp_path / "a.png")
    assert palette_from_image(tmp_path / "a.png", 2)[-1] == "#ffffff"


def test_the_command_line_takes_a_picture(tmp_path, run_cli):
    stripes(tmp_path / "a.png", "#102030", "#f0e0d0")
    assert run_cli("palettes", "--from", "a.png", "--colours", "2")[1].strip() == "#102030,#f0e0d0"
    code, *_ = run_cli("render", "-s", "1", "--size", "8x8", "-p", "image:a.png", "-o", "b.png")
    assert code == 0
    assert load_recipe("b.png").palette == ("#102030", "#f0e0d0")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("missing.png", FileProblem), (".", FileProblem), ("text.png", BadInput), ("one.png", BadInput)],
)
def test_what_gives_no_palette_is_refused_in_one_line(name, kind, tmp_path):
    (tmp_path / "text.png").write_text("hello")
    stripes(tmp_path / "one.png", "#aabbcc")
    with pytest.raises(kind) as caught:
        palette_from_image(tmp_path / name)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("colours", [1, 17])
def test_the_number_of_colours_is_checked(colours, tmp_path):
    with pytest.raises(BadInput, match="colours: expected 2 to 16"):
        palette_from_image(tmp_path / "a.png", colours)
