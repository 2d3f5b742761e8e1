"""OKLab, OKLCH and the sRGB curve agree with coloraide."""

import jax.numpy as jnp
import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from artstudio.model.colour import oklab

UNIT = st.floats(0, 1)
GRID = np.stack(np.meshgrid(*[np.linspace(0, 1, 9)] * 3)).reshape(3, -1)


@given(UNIT, UNIT, UNIT)
def test_srgb_to_oklab_is_coloraides(red, green, blue):
    ours = oklab.oklab_from_srgb(np.array([[red], [green], [blue]]), np)[:, 0]
    theirs = Color("srgb", [red, green, blue]).convert("oklab").coords()
    assert np.allclose(ours, theirs, atol=2e-6)


@given(st.floats(0.2, 0.95), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
def test_oklab_to_linear_light_is_coloraides(lightness, a, b):
    lab = np.array([[lightness], [a], [b]])
    theirs = Color("oklab", [lightness, a, b]).convert("srgb-linear").coords()
    assert np.allclose(oklab.linear_from_oklab(lab, np)[:, 0], theirs, atol=2e-6)


@given(UNIT, UNIT, UNIT)
def test_the_transfer_curve_is_coloraides(red, green, blue):
    ours = oklab.linear_from_srgb(np.array([[red], [green], [blue]]), np)[:, 0]
    assert np.allclose(ours, Color("srgb", [red, green, blue]).convert("srgb-linear").coords(), atol=1e-7)


@given(st.floats(0.3, 0.9), st.floats(0, 0.15), st.floats(0, 360))
def test_oklch_is_coloraides(lightness, chroma, hue):
    ours = oklab.oklab_from_oklch(*(np.array([v]) for v in (lightness, chroma, np.deg2rad(hue))), np)[:, 0]
    assert np.allclose(ours, Color("oklch", [lightness, chroma, hue]).convert("oklab").coords(), atol=1e-9)


def test_there_and_back_is_where_it_began():
    back = oklab.srgb_from_oklab(oklab.oklab_from_srgb(GRID, np), np)
    assert np.allclose(back, GRID, atol=5e-6)  # the published matrices are inverse to this many digits


@pytest.mark.parametrize("convert", [oklab.oklab_from_srgb, oklab.linear_from_srgb, oklab.srgb_from_linear])
def test_float32_under_jax_agrees_with_float64(convert):
    single = np.asarray(convert(jnp.asarray(GRID, jnp.float32), jnp))
    assert single.dtype == np.float32
    assert np.allclose(single, convert(GRID, np), atol=2e-6)


def test_luminance_is_coloraides():
    for rgb in ([0.2, 0.4, 0.9], [1.0, 1.0, 1.0], [0.7, 0.1, 0.3]):
        linear = oklab.linear_from_srgb(np.array(rgb)[:, None], np)
        assert oklab.relative_luminance(linear)[0] == pytest.approx(Color("srgb", rgb).luminance(), abs=2e-4)


def test_the_chroma_that_is_found_is_almost_the_greatest(monkeypatch):
    """What the docstring says, against 40 halvings."""
    rng = np.random.default_rng(0)
    lightness, chroma, hue = (
        rng.uniform(0.25, 0.9, 50_000),
        rng.uniform(0, 0.16, 50_000),
        rng.uniform(0, 7, 50_000),
    )
    lab = np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)])
    outside = np.abs(oklab.srgb_from_oklab(lab, np) - 0.5).max(axis=0) > 0.5 + 1e-6
    found = oklab.srgb_in_gamut(lab, np)
    repeat = oklab._repeat
    monkeypatch.setattr(oklab, "_repeat", lambda times, *rest: repeat(40, *rest))
    greatest = oklab.srgb_in_gamut(lab, np)
    levels = np.abs(np.rint(255 * found) - np.rint(255 * greatest)).max(axis=0)[outside]
    assert levels.max() <= 9
    assert 0.05 < (levels > 1).mean() < 0.12
    lost = [np.hypot(*oklab.oklab_from_srgb(srgb, np)[1:]) for srgb in (greatest, found)]
    assert (lost[0] - lost[1]).min() > -1e-6
    assert (lost[0] - lost[1]).max() < 0.0007
