"""The finish (bands, contours, relief, dither) and gamut mapping."""

import jax.numpy as jnp
import numpy as np
import pytest
import scipy.stats
from coloraide import Color

from artstudio import Recipe, render
from artstudio.engine.painter import dither_noise
from artstudio.model.colour.finish import contour_cover, draw_contours, posterise, relief_light
from artstudio.model.colour.oklab import srgb_from_oklab, srgb_in_gamut
from artstudio.model.colour.palettes import PALETTES, palette_oklab, sample_ramp

RNG = np.random.default_rng(3)


def test_gamut_mapping_keeps_lightness_and_hue_and_loses_as_little_chroma_as_it_must():
    lab = np.stack([RNG.uniform(0.05, 0.95, 300), RNG.uniform(-0.35, 0.35, 300), RNG.uniform(-0.35, 0.35, 300)])
    mapped = srgb_in_gamut(lab, np)
    assert mapped.min() >= 0
    assert mapped.max() <= 1
    for wanted, got in zip(lab.T, mapped.T, strict=True):
        before, after = Color("oklab", list(wanted)), Color("srgb", list(got)).convert("oklab")
        assert after["l"] == pytest.approx(before["l"], abs=0.004)
        chroma, kept = np.hypot(*wanted[1:]), np.hypot(after["a"], after["b"])
        assert kept <= chroma + 1e-3
        across = (wanted[1] * after["b"] - wanted[2] * after["a"]) / chroma
        assert abs(across) < 0.003  # the hue's direction, in units of chroma
        more = Color("oklab", [wanted[0], *(wanted[1:] * (kept + chroma / 64) / chroma)])
        assert chroma < kept + chroma / 64 or not more.in_gamut("srgb", tolerance=0)


def test_colours_inside_the_gamut_stay_as_they_are():
    srgb = RNG.uniform(0, 1, (3, 500))
    lab = np.array([Color("srgb", list(c)).convert("oklab").coords() for c in srgb.T]).T
    assert np.abs(srgb_in_gamut(lab, np) - srgb).max() < 1e-5


def test_gamut_mapping_is_the_same_in_numpy_and_jax():
    lab = np.stack([RNG.uniform(0, 1, 500), *RNG.uniform(-0.2, 0.2, (2, 500))])
    single = srgb_in_gamut(jnp.asarray(lab, jnp.float32), jnp)
    assert np.abs(single - srgb_in_gamut(lab, np)).max() < 6e-3


@pytest.mark.parametrize("name", [name for name, record in PALETTES.items() if record.colours])
def test_the_ramps_of_the_hand_made_palettes_hardly_leave_srgb(name):
    ramp = sample_ramp(palette_oklab(name), np.linspace(0, 1, 300))
    assert np.abs(srgb_in_gamut(ramp, np) - srgb_from_oklab(ramp, np)).max() < 0.08


@pytest.mark.parametrize("bands", [2, 5, 64])
def test_bands_are_few_and_fill_about_equal_areas(bands):
    levels, counts = np.unique(posterise(RNG.standard_normal((1, 40_000)), float(bands), np), return_counts=True)
    assert len(levels) == bands
    if bands <= 5:
        assert counts.max() < 2.2 * counts.min()


def test_a_posterised_picture_has_as_many_colours_as_bands():
    pixels = render(Recipe(seed=2, finish={"bands": 4}), width=64, height=64, supersample=1)
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) == 4


@pytest.mark.parametrize("slope", [0.5, 2.0, 8.0])
def test_contour_lines_have_one_width_whatever_the_slope(slope):
    x = np.linspace(-0.2, 0.2, 400_001)
    share = 1 / (1 + np.exp(-1.6 * slope * x))
    cover = contour_cover(slope * x, np.full_like(x, slope), np.zeros_like(x), 8.0, np)
    lines = np.unique(np.floor(share * 8 - 0.5 + 0.5))
    inside = [line for line in lines if abs((line + 0.5) / 8 - 0.5) < abs(share[-1] - 0.5) * 0.9]
    if inside:
        width = cover.sum() * (x[1] - x[0]) / max(1, sum(share[0] < (k + 0.5) / 8 < share[-1] for k in range(8)))
        assert width == pytest.approx(0.006, rel=0.15)


def test_lines_are_dark_on_light_and_light_on_dark():
    light, dark = np.full((3, 1), 0.8), np.full((3, 1), 0.01)
    full = np.ones(1)
    assert draw_contours(light, full, np).max() < 0.2
    assert draw_contours(dark, full, np).min() > 0.2
    assert np.array_equal(draw_contours(light, np.zeros(1), np), light)


def test_relief_is_lambert_s_law():
    u, v = RNG.normal(0, 3, (2, 50))
    normals = np.stack([-0.16 * u, -0.16 * v, np.ones(50)])
    normals /= np.linalg.norm(normals, axis=0)
    expected = np.maximum(np.array([-0.48, -0.64, 0.6]) @ normals / 0.6, 0.08)
    assert np.allclose(relief_light(u, v, 1.0, np), expected)
    assert np.allclose(relief_light(np.zeros(3), np.zeros(3), 1.0, np), 1)
    assert np.allclose(relief_light(u, v, 0.0, np), 1)


def test_the_relief_of_a_step_picture_changes_nothing():
    recipe = Recipe(seed=2, activation="step")
    flat = render(recipe, width=48, height=48, supersample=1).astype(int)
    lit = render(recipe.replace(finish={"relief": 1.0}), width=48, height=48, supersample=1)
    assert np.abs(flat - lit).max() <= 1


def test_dither_noise_is_triangular_and_white():
    y, x = np.mgrid[:128, :128].astype(np.int32)
    noise = np.asarray(dither_noise(jnp.asarray(x.ravel()), jnp.asarray(y.ravel())))
    assert scipy.stats.kstest(noise, scipy.stats.triang(0.5, -1, 2).cdf).pvalue > 1e-3
    field = noise.reshape(128, 128)
    for shift in ((0, 1), (1, 0), (1, 1)):
        assert abs(np.corrcoef(field.ravel(), np.roll(field, shift, (0, 1)).ravel())[0, 1]) < 0.03


def test_dither_keeps_the_mean_between_two_levels():
    recipe = Recipe(seed=1, depth=2, gain=0.3, features=("x", "y"), palette=("#303030", "#343434"))
    fine = render(recipe, width=256, height=256, supersample=1, bit_depth=16) / 257.0
    dithered = render(recipe.replace(finish={"dither": True}), width=256, height=256, supersample=1).astype(float)
    plain = render(recipe, width=256, height=256, supersample=1).astype(float)

    def blocks(pixels):
        return pixels.reshape(16, 16, 16, 16, 3).mean(axis=(1, 3))

    assert np.abs(blocks(dithered) - blocks(fine)).max() < 0.3
    assert np.abs(blocks(plain) - blocks(fine)).max() > 0.3
