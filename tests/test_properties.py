"""The cheat sheet's columns are measured, and agree with the lesson and with calculus."""

import math

import mpmath
import pytest

from artstudio.model.activations import ACTIVATIONS, get_activation
from artstudio.model.properties import measure

LESSON = {
    # name: zero-centred, saturates
    "step": (False, "hard"),
    "sigmoid": (False, "both"),
    "tanh": (True, "both"),
    "relu": (False, "negative"),
    "leaky_relu": (False, "no"),
}


@pytest.mark.parametrize("name", LESSON)
def test_the_lesson_s_table_is_what_is_measured(name):
    found = measure(get_activation(name))
    assert (found.zero_centred, found.saturates) == LESSON[name]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_recorded_range_is_the_measured_one(name):
    record, found = ACTIVATIONS[name], measure(ACTIVATIONS[name])
    for recorded, measured in zip(record.range, (found.low, found.high), strict=True):
        if math.isinf(recorded):
            assert measured == recorded
        else:
            assert measured == pytest.approx(recorded, abs=5e-3)


@pytest.mark.parametrize(
    ("name", "slope", "where"),
    [
        ("sigmoid", mpmath.mpf("0.25"), "z = 0"),
        ("tanh", 1, "z = 0"),
        # The largest slope of GELU is where its second derivative, (2 - z^2) phi(z), is zero: at the root of 2.
        ("gelu", mpmath.ncdf(mpmath.sqrt(2)) + mpmath.sqrt(2) * mpmath.npdf(mpmath.sqrt(2)), "z = 1.41"),
        ("gaussian", mpmath.sqrt(2) * mpmath.exp(mpmath.mpf(-1) / 2), "z = ±0.71"),
        ("relu", 1, "z > 0"),
        ("hard_tanh", 1, "-1 < z < 1"),
        ("identity", 1, "everywhere"),
        ("step", 0, "nowhere"),
        ("softplus", 1, "as z grows"),
        ("selu", mpmath.mpf("1.0507009873554805") * mpmath.mpf("1.6732632423543772"), "z = 0"),
    ],
)
def test_the_largest_slope_and_its_place_are_those_of_calculus(name, slope, where):
    found = measure(get_activation(name))
    assert found.largest_slope == pytest.approx(float(slope), abs=1e-4)
    assert found.slope_at == where


def test_monotonic_and_smooth():
    assert measure(get_activation("tanh")).monotonic
    assert not measure(get_activation("silu")).monotonic
    assert measure(get_activation("elu")).smooth
    assert not measure(get_activation("relu")).smooth


def test_the_cheat_sheet_is_printed_in_every_form(run_cli):
    code, out, _ = run_cli("activations", "--markdown")
    rows = out.splitlines()
    assert code == 0
    assert len(rows) == len(ACTIVATIONS) + 2
    assert {row.replace(r"\|", "").count("|") for row in rows} == {11}
    assert "| sigmoid | 1 / (1 + e^-z) | (0, 1) | no | both | yes | yes | 0.25 | z = 0 | " in out
    assert "swish" in run_cli("activations", "--aliases")[1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cheat_sheet_s_figure_names_every_activation_within_the_page(theme):
    from artstudio.figures.cheatsheet import draw_cheat_sheet
    from artstudio.figures.theme import SIZES, THEMES

    figure = draw_cheat_sheet(list(ACTIVATIONS.values()), THEMES[theme], SIZES["a3"])
    figure.draw_without_rendering()
    words = [text.get_text() for text in figure.texts]
    assert all(record.label in words for record in ACTIVATIONS.values())
    for text in figure.texts:
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1


def test_the_cheat_sheet_s_figure_is_written(run_cli):
    assert run_cli("activations", "--figure", "sheet.svg")[:2] == (0, "sheet.svg\n")
    assert run_cli("activations", "--figure", "sheet.svg")[0] == 2
    assert run_cli("activations", "--figure", "sheet.bmp")[0] == 2
