"""The cheat sheet's columns are measured, and agree with the lesson and with calculus."""

import math

import mpmath
import pytest
from selection import some

from artstudio.model.activation.properties import feature_range, measure
from artstudio.model.activation.registry import ACTIVATIONS, get_activation

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
        ("step", 0, "almost everywhere"),
        ("absolute", 1, "almost everywhere"),
        ("sawtooth_wave", 1, "almost everywhere"),
        ("softplus", 1, "as z grows"),
        ("selu", mpmath.mpf("1.0507009873554805") * mpmath.mpf("1.6732632423543772"), "just below 0"),
    ],
)
def test_the_largest_slope_and_its_place_are_those_of_calculus(name, slope, where):
    found = measure(get_activation(name))
    assert found.largest_slope == pytest.approx(float(slope), abs=1e-4)
    assert found.slope_at == where


def test_monotonic_and_smooth():
    assert measure(get_activation("tanh")).monotonic
    assert not measure(get_activation("silu")).monotonic


@pytest.mark.parametrize(
    ("name", "smoothness"),
    [
        ("step", "jumps"), ("sawtooth_wave", "jumps"), ("relu", "C0"), ("selu", "C0"), ("hard_tanh", "C0"),
        # f'' of ELU and CELU goes from 1 to 0 at 0, that of softsign from 2 to -2.
        ("elu", "C1"), ("celu", "C1"), ("softsign", "C1"), ("max(0, z)**2", "C1"), ("max(0, z)**3", "C2"),
        ("gelu", "C∞"), ("silu", "C∞"), ("tanh", "C∞"), ("sine", "C∞"), ("softplus", "C∞"), ("softmax", "C∞"),
        ("sin(3*z)", "C∞"), ("max(0.1*z, z)", "C0"),
    ],
)  # fmt: skip
def test_smoothness_is_the_number_of_continuous_derivatives(name, smoothness):
    assert measure(get_activation(name)).smoothness == smoothness


def test_elu_and_softsign_have_a_second_derivative_that_jumps():
    for name, left, right in (("elu", 1, 0), ("softsign", 2, -2)):
        f = {"elu": lambda z: z if z > 0 else mpmath.expm1(z), "softsign": lambda z: z / (1 + abs(z))}[name]
        assert float(mpmath.diff(f, -1e-6, 2)) == pytest.approx(left, abs=1e-4)
        assert float(mpmath.diff(f, 1e-6, 2)) == pytest.approx(right, abs=1e-4)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_range_of_a_plot_shows_every_break_but_those_that_repeat(name):
    record = ACTIVATIONS[name]
    low, high = feature_range(record)
    assert (low, high) == ((-3, 9) if name == "relu6" else (-5, 5))
    assert all(low < b.z < high for b in record.breaks)


def test_the_cheat_sheet_is_printed_in_every_form(run_cli):
    code, out, _ = run_cli("activations", "--markdown")
    rows = out.splitlines()
    assert code == 0
    assert rows[-1].startswith("zero-centred: averages zero for z from N(0, 1)")
    rows = rows[:-2]
    assert len(rows) == len(ACTIVATIONS) + 2
    assert {row.replace(r"\|", "").count("|") for row in rows} == {11}
    assert "| sigmoid | 1 / (1 + e^-z) | (0, 1) | no | both | yes | C∞ | 0.25 | z = 0 | " in out
    assert "swish" in run_cli("activations", "--aliases")[1]


@pytest.mark.sweep
@pytest.mark.parametrize("theme", some(["light", "dark"], {"light"}))
def test_the_cheat_sheet_s_figure_names_every_activation_within_the_page(theme):
    from artstudio.figures.cheatsheet import draw_cheat_sheet
    from artstudio.figures.style.theme import SIZES, THEMES

    figure = draw_cheat_sheet(list(ACTIVATIONS.values()), THEMES[theme], SIZES["a3"])
    figure.draw_without_rendering()
    words = [text.get_text() for text in figure.texts]
    assert all(record.label in words for record in ACTIVATIONS.values())
    for text in figure.texts:
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1


@pytest.mark.sweep
def test_the_cheat_sheet_s_figure_is_written(run_cli):
    assert run_cli("activations", "--figure", "sheet.svg")[:2] == (0, "sheet.svg\n")
    assert run_cli("activations", "--figure", "sheet.svg")[0] == 2
    assert run_cli("activations", "--figure", "sheet.bmp")[0] == 2
