"""The engine gives the same bits however the work is cut, and the same picture at every size."""

import hashlib
import json
import os
import subprocess
import sys

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selection import some

import artstudio.engine.render as renderer
from artstudio import BadInput, Recipe, render, shipped_presets
from artstudio.curation.many import render_many
from artstudio.engine import programs
from artstudio.engine.painter import canvas, painter, strips_run
from artstudio.engine.programs import Program, Programs
from artstudio.engine.render import strip_range
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.oklab import linear_from_srgb, srgb_from_linear
from artstudio.model.network import build_params
from artstudio.model.size import MAX_SIDE, SIZES, check_size, parse_size
from artstudio.model.vocabulary import arrange, full_vocabulary, words_of

SMALL = {"width": 97, "height": 61}


CUTS = [(512, 2), (256, 1)]
"""Pixels in a strip, and threads."""


@pytest.mark.parametrize("name", some(ACTIVATIONS, {"tanh"}))
def test_strips_and_threads_do_not_change_a_bit(name, painted_in_strips):
    recipe = Recipe(seed=3, activation=name)
    whole = render(recipe, **SMALL, supersample=1, threads=1)
    assert np.array_equal(render(recipe, **SMALL, supersample=1, threads=2), whole)
    for strip, threads in CUTS:
        cut = painted_in_strips(recipe, strip, **SMALL, supersample=1, threads=threads)
        assert np.array_equal(cut, whole), strip


@pytest.mark.parametrize("colour", some(COLOUR_MODELS, {"mixture", "hsv"}))
def test_strips_do_not_change_a_bit_in_any_colour_model(colour, painted_in_strips):
    recipe = Recipe(seed=8, colour=colour, symmetry="kaleidoscope:5", view={"zoom": 1.7, "rotation": 12.0})
    for samples in (1, 3):
        whole = render(recipe, **SMALL, supersample=samples)
        assert np.array_equal(painted_in_strips(recipe, 512, **SMALL, supersample=samples), whole)


@pytest.mark.sweep
@pytest.mark.parametrize("units", some([1, 2, 5, 10, 17, 32, 33, 64, 96], {33}))
def test_strips_do_not_change_a_bit_for_any_number_of_units(units, painted_in_strips):
    narrowest, widest = strip_range(units)
    recipe = Recipe(seed=2, activation=("tanh", "softmax"), units=units, depth=3)
    whole = render(recipe, **SMALL)
    for strip in {narrowest, (narrowest + widest) // 2 // 128 * 128}:
        assert np.array_equal(painted_in_strips(recipe, strip, **SMALL), whole), strip


HASHES = """
import hashlib, json, jax
from artstudio import Recipe, render, ACTIVATIONS
hashes = {}
for name in list(ACTIVATIONS)[::5]:
    pixels = render(Recipe(seed=3, activation=name), width=97, height=61, supersample=1)
    hashes[name] = hashlib.sha256(pixels.tobytes()).hexdigest()
print(json.dumps([jax.local_device_count(), hashes]))
"""


@pytest.mark.sweep
@pytest.mark.parametrize("devices", some([1, 4], {1}))
def test_a_fresh_process_with_any_number_of_devices_gives_the_same_bits(devices):
    environment = os.environ | {"XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}"}
    out = subprocess.run(
        [sys.executable, "-c", HASHES], env=environment, capture_output=True, text=True, check=True
    ).stdout
    count, theirs = json.loads(out)
    assert count == devices
    for name in list(ACTIVATIONS)[::5]:
        pixels = render(Recipe(seed=3, activation=name), **SMALL, supersample=1)
        assert hashlib.sha256(pixels.tobytes()).hexdigest() == theirs[name], name


@pytest.fixture
def compiled(monkeypatch):
    """The programs that are compiled from now on, as their kinds and words; none is there yet, and none is kept."""
    found = []
    compile_it = programs._compile

    def counted(kind, words, device):
        found.append((kind, words))
        return compile_it(kind, words, device)

    monkeypatch.setenv("ARTSTUDIO_CACHE", "off")
    monkeypatch.setattr(programs, "_compile", counted)
    monkeypatch.setattr(programs, "get", Programs().get)
    return found


def test_the_first_program_knows_what_is_asked_for_and_the_second_one_all(compiled):
    for activation in ("tanh", "tanh", "step", ("relu", "sine", "softmax")):
        for seed, size in ((1, (64, 64)), (2, (33, 7)), (3, (640, 360))):
            recipe = Recipe(seed=seed, activation=activation, gain=0.5 + seed, view={"zoom": float(seed)})
            render(recipe, width=size[0], height=size[1])
    render(
        Recipe(features=("spiral", "xy"), symmetry="mosaic:3", depth=9, skip=True, warp={"amount": 0.3}), **SMALL
    )
    (_, few), (_, full) = compiled
    assert few == words_of(Recipe())
    assert full == full_vocabulary()


def test_pictures_that_are_expected_share_a_program(compiled):
    recipes = [Recipe(activation=name, depth=2) for name in ("step", "tanh", "sin(2 * z) + z")]
    programs.get.__self__.expect(recipes)
    for recipe in recipes:
        render(recipe, width=20, height=14)
    ((_, words),) = compiled
    assert words.activations == ("sin(2 * z) + z", "step", "tanh")


def test_threads_that_want_one_program_compile_it_once(compiled):
    recipes = [Recipe(seed=seed, depth=2) for seed in range(8)]
    assert len(list(render_many(recipes, width=20, height=14, then=np.copy, threads=8))) == 8
    assert len(compiled) == 1


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 4097), (4097, 1), (131, 17)])
def test_odd_sizes_work_and_agree_with_single_pixels_of_the_definition(width, height):
    recipe = Recipe(seed=6)
    pixels = render(recipe, width=width, height=height)
    assert pixels.shape == (height, width, 3)
    assert pixels.dtype == np.uint8
    if height == 1:  # a wide line is what a tall one is, looked at with x and y exchanged by a quarter turn
        turned = render(recipe.replace(view={"rotation": 90.0}), width=1, height=width)
        assert (
            np.abs(turned[::-1, 0].astype(int) - pixels[0]).max() <= 2
            or np.abs(turned[:, 0].astype(int) - pixels[0]).max() <= 2
        )


@pytest.mark.sweep
def test_an_8k_picture_works():
    recipe = Recipe(seed=6, units=8, depth=2)
    large = render(recipe, width=7680, height=4320)
    assert large.shape == (4320, 7680, 3)
    small = render(recipe, width=768, height=432)
    assert np.abs(box(large, 10).astype(int) - small).max() <= 6


def box(pixels, factor):
    """Average squares of pixels, in linear light."""
    height, width = pixels.shape[0] // factor, pixels.shape[1] // factor
    linear = linear_from_srgb(pixels / 255, np).reshape(height, factor, width, factor, 3).mean(axis=(1, 3))
    return np.rint(255 * srgb_from_linear(linear, np))


@pytest.mark.parametrize("name", some(["tanh", "relu", "step", "sine", "gelu"], {"step"}))
def test_the_composition_is_the_same_at_256_and_2048_pixels(name):
    recipe = Recipe(seed=12, activation=name)
    small = render(recipe, width=256, height=256, supersample=4)
    large = box(render(recipe, width=2048, height=2048, supersample=1), 8)
    difference = np.abs(large - small)
    assert difference.mean() < 1.0
    assert np.quantile(difference, 0.99) <= 24


def test_supersampling_is_the_average_in_linear_light():
    recipe = Recipe(seed=12, activation="step")
    fine = render(recipe, width=192, height=192, supersample=1)
    averaged = render(recipe, width=64, height=64, supersample=3)
    assert np.abs(box(fine, 3) - averaged).max() <= 1


@given(st.integers(1, 70), st.integers(1, 70))
@settings(max_examples=15)
def test_a_canvas_is_symmetric_about_its_centre(width, height):
    recipe = Recipe(seed=1, features=("r",), origin=(0, 0))
    pixels = render(recipe, width=width, height=height, supersample=1)
    assert np.array_equal(pixels, pixels[::-1, ::-1])
    # The samples of a pixel are added up from its upper left corner: turned around, the sum may be rounded otherwise.
    smooth = render(recipe, width=width, height=height).astype(int)
    assert np.abs(smooth - smooth[::-1, ::-1]).max() <= 1


def test_the_view_moves_zooms_and_turns():
    recipe = Recipe(seed=9, features=("x", "y"))
    plain = render(recipe, width=64, height=64, supersample=1).astype(int)
    half = render(recipe.replace(view={"zoom": 2.0}), width=64, height=64).astype(int)
    assert np.abs(half[::2, ::2] - plain[16:48, 16:48]).mean() < 6  # the middle, twice as large
    right = render(recipe.replace(view={"centre": (1.0, 0.0)}), width=64, height=64, supersample=1).astype(int)
    assert np.abs(right[:, :32] - plain[:, 32:]).max() <= 1
    around = render(recipe.replace(view={"rotation": 180.0}), width=64, height=64, supersample=1).astype(int)
    assert np.abs(around[::-1, ::-1] - plain).max() <= 1


def test_sizes_are_read():
    assert (
        parse_size("1080p") == parse_size("1920x1080") == parse_size("1920×1080") == SIZES["slide"] == (1920, 1080)
    )
    assert parse_size("4K") == (3840, 2160)
    assert parse_size("square")[0] == parse_size("square")[1]


@pytest.mark.parametrize(
    "text",
    ["", "x", "0x5", "5x0", "-3x4", "1e3x4", "99999999x1", "131073x1", "1920", "1920x1080x3", "9" * 400, "nan"],
)
def test_what_is_no_size_is_refused(text):
    with pytest.raises(BadInput, match=r"^size: expected") as caught:
        parse_size(text)
    assert len(str(caught.value)) < 200


def test_a_size_beyond_memory_is_refused_with_an_estimate_before_anything_is_allocated():
    with pytest.raises(BadInput, match=r"needs about 160\.0 GiB of memory, but .* GiB are free"):
        check_size(MAX_SIDE, MAX_SIDE)
    with pytest.raises(BadInput):
        render(Recipe(), width=MAX_SIDE, height=MAX_SIDE)


@pytest.mark.parametrize("supersample", [-1, 17])
def test_supersampling_out_of_range_is_refused(supersample):
    with pytest.raises(BadInput, match="supersample: expected auto or 1 to 16"):
        render(Recipe(), width=4, height=4, supersample=supersample)


def test_progress_counts_every_pixel_once():
    seen = []
    render(Recipe(), width=301, height=217, progress=seen.append)
    assert sum(seen) == 301 * 217


@pytest.mark.sweep
@pytest.mark.parametrize("name", some(list(ACTIVATIONS), {"softmax"}))
def test_a_program_of_few_words_paints_the_bits_of_the_full_one(name, compiled):
    recipe = Recipe(seed=3, activation=(name, "tanh"), units=8, depth=3, symmetry="rotate:3")
    few = render(recipe, **SMALL)
    render(recipe.replace(colour="hsv"), width=1, height=1)
    assert [words == full_vocabulary() for _, words in compiled] == [False, True]
    assert np.array_equal(render(recipe, **SMALL), few)


def test_few_programs_paint_all_presets(monkeypatch):
    """However many presets there are: for each number of units, and for what lights the picture, two programs.

    The one of the first recipe's few words, and the one of all words that paints the others.
    """
    chosen = []

    def choose(kind, words, choice, device):
        chosen.append((kind, choice))
        return Program(kind, choice, None)

    monkeypatch.setattr(programs, "_read_or_compile", choose)
    process = Programs()
    recipes = [preset.recipe for preset in shipped_presets().values()]
    assert len(recipes) >= 60
    for recipe in recipes:
        kind = renderer._picture(recipe, 160, 120, None, 8, None, None, None).kind
        assert process.get(kind, words_of(recipe), jax.local_devices()[0]).words.covers(words_of(recipe))
    kinds = {kind for kind, _ in chosen}
    assert len(kinds) <= 4
    assert len(chosen) == len(kinds) + sum(words == full_vocabulary() for _, words in chosen) <= 2 * len(kinds)


@pytest.mark.parametrize("fields", [{}, {"colour": "oklch"}, {"finish": {"relief": 0.5, "dither": True}}], ids=str)
def test_a_strip_stays_in_single_precision_and_on_the_device(fields):
    recipe = Recipe(seed=1, **fields)
    kind = renderer._picture(recipe, 64, 64, 1, 8, None, None, None).kind
    network = arrange(recipe, build_params(recipe), words_of(recipe), kind.slots, kind.layers)
    program = jax.jit(painter(kind, words_of(recipe)))
    text = program.lower(network, canvas(recipe, 64, 64, 1), strips_run(kind, 0, 0, 1)).as_text()
    assert "f32" in text
    for word in ("f64", "callback", "infeed", "outfeed", "send", "recv"):
        assert word not in text
