"""Automatic anti-aliasing: clean edges at a fraction of the samples, and the same bits however a picture is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from selection import some

import artstudio.engine.render as engine
from artstudio import BadInput, Recipe, render
from artstudio.engine.edges import THRESHOLD, edge_mask
from artstudio.engine.render import render_bands
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.oklab import linear_from_srgb

TORN = [name for name, record in ACTIVATIONS.items() if any(b.kind == "jump" for b in record.breaks)]
SIZE = {"width": 160, "height": 90}


def light(pixels):
    return linear_from_srgb(pixels / 255.0, np)


@pytest.mark.parametrize("name", some(TORN, {"step"}))
def test_edges_are_almost_as_clean_as_with_full_supersampling(name):
    recipe = Recipe(seed=2, activation=name)
    exact = light(render(recipe, **SIZE, supersample=16))
    error = {n: np.abs(light(render(recipe, **SIZE, supersample=n)) - exact).mean() for n in (None, 4, 1)}
    assert error[None] < 1.3 * error[4]
    assert error[1] > 3 * error[None]  # there was something to do


@pytest.mark.parametrize("activation", some(["tanh", "relu", "gelu", "softplus", "identity"], {"relu"}))
def test_a_smooth_picture_is_left_as_it_is(activation):
    recipe, size = Recipe(seed=1, activation=activation), {"width": 1280, "height": 720}
    changed = (render(recipe, **size) != render(recipe, **size, supersample=1)).any(axis=2)
    assert changed.mean() < 1e-3


def test_only_pixels_at_edges_are_touched_and_they_have_their_16_samples():
    recipe = Recipe(seed=5, activation="step")
    plain, full, auto = (render(recipe, **SIZE, supersample=n) for n in (1, 4, None))
    mask = edge_mask(plain, False, False)
    assert 0.02 < mask.mean() < 0.6
    assert np.array_equal(auto[mask], full[mask])
    assert np.array_equal(auto[~mask], plain[~mask])


def by_the_definition(pixels):
    """Pixel by pixel: whether a neighbour differs by more than the threshold in a channel."""
    rows, width, _ = pixels.shape
    values = pixels.astype(int)
    mask = np.zeros((rows, width), bool)
    for y in range(rows):
        for x in range(width):
            beside = [(y, x - 1), (y, x + 1), (y - 1, x), (y + 1, x)]
            inside = [(r, c) for r, c in beside if 0 <= r < rows and 0 <= c < width]
            mask[y, x] = any(np.abs(values[y, x] - values[place]).max() > THRESHOLD for place in inside)
    return mask


@given(
    arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6), st.just(3)), elements=st.integers(0, 60)),
)
def test_the_mask_is_the_definition_s(pixels):
    found = edge_mask(pixels, False, False)
    expected = by_the_definition(pixels)
    assert np.array_equal(np.zeros_like(expected) if found is None else found, expected)


@pytest.mark.parametrize("activation", ["step", "tanh"])
@pytest.mark.parametrize("supersample", [None, 2])
def test_bands_are_the_picture_cut(activation, supersample, monkeypatch):
    monkeypatch.setattr(engine, "BAND", 40 * 7)
    recipe = Recipe(seed=3, activation=activation)
    whole = render(recipe, width=40, height=31, supersample=supersample)
    monkeypatch.setattr(engine, "BAND", 1 << 21)
    assert np.array_equal(whole, render(recipe, width=40, height=31, supersample=supersample))
    for start, rows in ((0, None), (0, 5), (9, 12), (30, 1), (30, 9)):
        stop = 31 if rows is None else min(31, start + rows)
        parts = list(render_bands(
            recipe, width=40, height=31, supersample=supersample, start_row=start, rows=rows
        ))  # fmt: skip
        assert [first for first, _ in parts] == list(np.cumsum([start, *(len(p) for _, p in parts)])[:-1])
        assert np.array_equal(np.concatenate([part for _, part in parts]), whole[start:stop])


@pytest.mark.sweep
@pytest.mark.parametrize("activation", some(["step", "sine"], {"step"}))
def test_sixteen_bits_round_to_the_eight(activation):
    recipe = Recipe(seed=4, activation=activation)
    eight = render(recipe, **SIZE, supersample=2).astype(float)
    sixteen = render(recipe, **SIZE, supersample=2, bit_depth=16)
    assert sixteen.dtype == np.uint16
    assert np.abs(sixteen / 257.0 - eight).max() <= 0.5 + 1e-2
    assert len(np.unique(sixteen)) > 10 * len(np.unique(eight)) or activation == "step"


def test_other_depths_are_refused():
    with pytest.raises(BadInput, match="bit depth: expected 8 or 16, found 12"):
        render(Recipe(), width=4, height=4, bit_depth=12)


def test_progress_adds_up_to_the_picture():
    for supersample in (None, 1):
        done = []
        render(Recipe(seed=1, activation="step"), **SIZE, supersample=supersample, progress=done.append)
        assert sum(done) == SIZE["width"] * SIZE["height"]
