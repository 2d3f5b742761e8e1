"""The activation explorer in a real browser: its numbers against references, and every way to move it."""

import json
import math
import re
import shutil
from functools import partial

import mpmath
import numpy as np
import pytest
from browser import launched_browser, watched_page
from scipy.special import log_softmax, softmax
from selection import some
from studio_modules import served_folder
from test_activations import REFERENCE

from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.pages.studio_data import studio_data
from artstudio.pages.studio_page import MODULES

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Explorer</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="explorer.css"><link rel="stylesheet" href="harness.css"></head>
<body><main id="here"></main><script type="application/json" id="numbers">{data}</script>
<script type="module" src="harness.js"></script></body></html>"""
STYLE = "html, body { overflow: visible; height: auto } body { display: block; padding: 1rem; margin: 0 }"
SCRIPT = """
import { mountExplorer } from "./explorer.js";
import { firstScene } from "./fragment.js";
const data = JSON.parse(document.getElementById("numbers").textContent);
window.picked = [];
const options = { activation: "sigmoid", onPick: (name) => window.picked.push(name) };
window.start = firstScene();
window.explorer = mountExplorer(document.getElementById("here"), data, options);
document.documentElement.dataset.ready = "";
"""

ELEMENTWISE = [name for name, record in ACTIVATIONS.items() if record.elementwise]
PLACES = (-5.0, -1.0, 0.0, 0.5, 1.0, 5.0)


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The explorer alone on a page, under a policy as strict as the studio's."""
    folder = tmp_path_factory.mktemp("explorer") / "page"
    shutil.copytree(MODULES, folder)
    data = json.dumps(studio_data()).replace("<", "\\u003c")
    (folder / "index.html").write_text(PAGE.format(policy=POLICY, data=data), encoding="utf-8")
    (folder / "harness.js").write_text(SCRIPT, encoding="utf-8")
    (folder / "harness.css").write_text(STYLE, encoding="utf-8")
    with served_folder(folder) as root:
        yield f"{root}/index.html"


@pytest.fixture(scope="module")
def window(browser, address):
    with watched_page(browser, address, reduced_motion="reduce") as watched:
        yield watched


@pytest.fixture
def page(window, address):
    """The explorer as it is when the page was just opened; nothing may go wrong on it in any test."""
    window.page.goto(address)
    window.page.locator("html[data-ready] .ex-handle").first.wait_for()
    yield window.page
    assert window.problems() == []


def number(locator):
    """The number behind what is shown."""
    return float(locator.get_attribute("data-value"))


def readings(page):
    value, slope = page.locator(".ex-panel output").all()
    return number(value), number(slope)


def z_of(page):
    return float(page.get_by_role("spinbutton", name="z").input_value())


def set_z(page, z):
    page.get_by_role("spinbutton", name="z").fill(str(z))


def only(page, name):
    page.evaluate("name => window.explorer.show(name)", name)


def chip(page, name):
    return page.locator(f'.ex-chip[data-key="{name}"]')


def handle(page, panel=0):
    return page.locator(".ex-handle").nth(panel)


def centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def tick(page, panel, text, axis):
    """Where the middle of a tick's label is: an x for the z axis, a y for the values."""
    labels = page.locator(".ex-panel").nth(panel).locator(".ex-tick").get_by_text(text, exact=True).all()
    places = [centre(label) for label in labels]
    return max(y for _, y in places) if axis == "y" else next(x for x, _ in sorted(places, key=lambda p: -p[1]))


def type_own(page, text):
    page.get_by_role("textbox", name="Your own function of z").fill(text)


# Numbers


@pytest.mark.parametrize("name", some(ELEMENTWISE, {"leaky_relu"}))
def test_values_and_slopes_are_those_of_the_command_line(page, run_cli, name):
    """Six digits of an activation, against `artstudio evaluate` (which computes in float32)."""
    only(page, name)
    close = partial(math.isclose, rel_tol=2e-6, abs_tol=2e-7)
    for row in json.loads(run_cli("evaluate", name, "--json", *PLACES)[1])["values"]:
        set_z(page, row["z"])
        value, slope = readings(page)
        assert close(value, row["f"]), row
        assert close(slope, row["slope"]), row


@pytest.mark.parametrize("z", [-5, -1, 0, 1, 5])
def test_six_digits_are_shown_as_python_writes_them(page, z):
    set_z(page, z)
    s = 1 / (1 + mpmath.exp(-z))
    shown = [text.replace("−", "-") for text in page.locator(".ex-panel output").all_inner_texts()]
    assert shown == [f"{float(s):.6g}", f"{float(s * (1 - s)):.6g}"]


@pytest.mark.parametrize("name", some(ELEMENTWISE, {"sigmoid"}))
def test_the_tails_are_exact(page, name):
    """Six digits as far out as one can go, of the functions and of an expression that calls them, against mpmath."""
    f, slope = REFERENCE[name]
    for text, factor in ((name, 1), (f"2*{name}(z)", 2)):
        page.evaluate("text => window.explorer.restore({...window.start, functions: [text]})", text)
        for z in (-100, -30, -9, 30, 100):
            set_z(page, z)
            with mpmath.workdps(40):
                expected = [factor * float(form(mpmath.mpf(z))) for form in (f, slope)]
            assert readings(page) == pytest.approx(expected, rel=1e-6, abs=0), z


def test_no_z_is_shown_that_is_not_used(page):
    set_z(page, 1e9)
    assert (z_of(page), readings(page)[0]) == (100, pytest.approx(1))


def test_small_numbers_have_raised_powers(page):
    set_z(page, -20)
    value = page.locator(".ex-panel output").first
    assert value.inner_text() == "2.06115×10⁻⁹"


# Moving the point


@pytest.mark.parametrize("panel", [0, 1])
def test_the_point_is_dragged_along_the_curve(page, panel):
    """The mouse at the tick of 4 is z = 4; past the edge the point stays at the edge."""
    x, y = centre(handle(page, panel))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(tick(page, panel, "4", "x"), y + 40, steps=4)
    assert z_of(page) == pytest.approx(4, abs=0.05)
    assert readings(page)[0] == pytest.approx(float(1 / (1 + mpmath.exp(-z_of(page)))))
    page.mouse.move(3000, y)
    assert z_of(page) == 6
    page.mouse.up()
    page.mouse.move(x, y)
    assert z_of(page) == 6


def test_a_click_anywhere_in_a_panel_moves_the_point_there(page):
    box = page.locator(".ex-chart").first.bounding_box()
    page.mouse.click(tick(page, 0, "−4", "x"), box["y"] + 30)
    assert z_of(page) == pytest.approx(-4, abs=0.05)


@pytest.mark.parametrize("panel", [0, 1])
def test_the_point_is_moved_with_the_keyboard(page, panel):
    steps = [
        ("ArrowRight", 1.1), ("ArrowLeft", 1.0), ("ArrowDown", 0.9), ("ArrowUp", 1.0), ("Shift+ArrowRight", 2.0),
        ("PageDown", 1.0), ("PageUp", 2.0), ("Home", -6.0), ("ArrowLeft", -6.0), ("End", 6.0), ("ArrowRight", 6.0),
    ]  # fmt: skip
    point = handle(page, panel)
    point.focus()
    assert point.get_attribute("role") == "slider"
    for key, z in steps:
        page.keyboard.press(key)
        assert z_of(page) == z, key
        assert float(point.get_attribute("aria-valuenow")) == z
        assert point.get_attribute("aria-valuetext").startswith(f"z = {z:g}".replace("-", "−"))


def test_the_slider_and_the_field_move_it_too(page):
    page.get_by_role("slider", name="z", exact=True).fill("-2.5")
    assert (z_of(page), readings(page)[0]) == (-2.5, pytest.approx(float(1 / (1 + mpmath.exp(2.5)))))
    set_z(page, 9)
    assert page.locator(".ex-range").inner_text() == "±10"
    assert handle(page).get_attribute("aria-valuemax") == "10"


def test_the_range_of_z_is_smaller_by_minus_and_larger_by_plus(page):
    assert page.locator(".ex-zslide button").all_inner_texts() == ["−", "+"]
    page.locator(".ex-zslide button").first.click()
    assert page.locator(".ex-range").inner_text() == "±4"
    page.get_by_role("button", name="Larger range of z").click()
    page.get_by_role("button", name="Larger range of z").click()
    assert page.locator(".ex-range").inner_text() == "±10"


# What is drawn


def test_the_point_and_its_tangent_lie_where_the_axes_say(page):
    set_z(page, 2)
    right, left = tick(page, 0, "6", "x"), tick(page, 0, "−6", "x")
    low, high = tick(page, 0, "0", "y"), tick(page, 0, "1", "y")
    unit_x, unit_y = (right - left) / 12, high - tick(page, 0, "0.5", "y")
    low = high - 2 * unit_y
    x, y = centre(handle(page))
    s = float(1 / (1 + mpmath.exp(-2)))
    assert (x - left) / unit_x - 6 == pytest.approx(2, abs=0.03)
    assert (y - low) / (high - low) == pytest.approx(s, abs=0.01)
    ends = page.locator(".ex-tangent").evaluate(
        "l => ['x1', 'y1', 'x2', 'y2'].map(n => Number(l.getAttribute(n)))"
    )
    rise = (ends[3] - ends[1]) / (2 * unit_y) / ((ends[2] - ends[0]) / unit_x)
    assert rise == pytest.approx(s * (1 - s), rel=0.02)


def test_saturation_is_shaded_to_where_the_slope_is_a_tenth(page):
    s = mpmath.findroot(lambda s: s * (1 - s) - 0.1, 0.9)
    edge = float(mpmath.log(s / (1 - s)))
    right, left = tick(page, 0, "6", "x"), tick(page, 0, "−6", "x")
    boxes = [shade.bounding_box() for shade in page.locator(".ex-panel").first.locator(".ex-shade").all()]
    spans = [[(x - left) / (right - left) * 12 - 6 for x in (b["x"], b["x"] + b["width"])] for b in boxes]
    assert spans == [pytest.approx([-6, -edge], abs=0.03), pytest.approx([edge, 6], abs=0.03)]


@pytest.mark.parametrize(
    ("name", "open_dots", "filled_dots"),
    [
        ("step", [1, 0], [1, 0]), ("sign", [2, 0], [1, 0]), ("relu", [0, 1], [0, 1]), ("tanh", [0, 0], [0, 0]),
        ("hard_tanh", [0, 2], [0, 2]), ("floor(z)", [13, 0], [13, 0]), ("max(0.1*z, z)", [0, 2], [0, 1]),
    ],
)  # fmt: skip
def test_jumps_are_torn_with_open_and_filled_dots(page, name, open_dots, filled_dots):
    only(page, name)
    panels = page.locator(".ex-panel").all()
    assert [panel.locator(".ex-open").count() for panel in panels] == open_dots
    filled = [panel.locator("circle.ex-fill:not(.ex-handle)").count() for panel in panels]
    assert filled == filled_dots


def test_kinks_are_marked(page):
    only(page, "relu")
    assert page.locator(".ex-kink").count() == 1
    only(page, "gelu")
    assert page.locator(".ex-kink").count() == 0


def test_several_functions_are_overlaid_in_colours_of_their_own(page):
    for name in ("tanh", "relu"):
        chip(page, name).click()
    curves = page.locator(".ex-panel").first.locator(".ex-curve")
    colours = curves.evaluate_all("all => all.map(curve => getComputedStyle(curve).stroke)")
    assert len(set(colours)) == 3
    assert page.locator(".ex-name").all_text_contents().count("Tanh") == 2
    rows = page.locator(".ex-table tbody tr")
    assert rows.count() == 3
    value, slope = rows.filter(has_text="Tanh").locator("td[data-value]").all()
    assert (number(value), number(slope)) == pytest.approx((math.tanh(1), 1 - math.tanh(1) ** 2))
    page.get_by_role("button", name="Tanh", exact=True).last.click()
    assert page.get_by_role("heading", level=2).inner_text() == "Tanh"
    page.get_by_role("button", name="Remove ReLU").click()
    assert curves.count() == 2
    chip(page, "sigmoid").click()
    chip(page, "tanh").click()
    assert curves.count() == 1, "the last one stays"


def test_every_function_can_be_chosen(page):
    page.get_by_role("button", name=f"All {len(ACTIVATIONS)}").click()
    assert set(page.locator(".ex-chip:not(.ex-more)").evaluate_all("all => all.map(c => c.dataset.key)")) == set(
        ACTIVATIONS
    )


def test_the_formula_is_mathml_with_the_plain_text_beside_it(page):
    formula = page.locator(".ex-title math")
    assert formula.get_attribute("aria-label") == "f(z) = 1 / (1 + e^-z)"
    assert formula.locator("mfrac").count() == 1
    assert formula.locator("msup").count() == 1


def test_no_formula_shows_a_piece_of_latex(page):
    for name in ACTIVATIONS:
        only(page, name)
        assert not re.search(r"[\\{}^_]|mathrm|frac", page.locator(".ex-title math").text_content()), name


# Depth


def test_slopes_multiply_with_depth(page):
    set_z(page, 0.9624236501192069)  # where the sigmoid's slope is 0.2
    layers = page.get_by_role("slider", name="Layers")
    product = page.locator(".ex-product")
    for count in (1, 3, 20, 50):
        layers.fill(str(count))
        assert number(product) == pytest.approx(0.2**count, rel=1e-9)
    layers.fill("3")
    assert product.inner_text() == "0.23 = 0.008"
    assert page.locator(".ex-falling rect").count() == 3


def test_the_bars_fall_by_the_same_step_each_layer(page):
    page.get_by_role("slider", name="Layers").fill("12")
    heights = page.locator(".ex-falling rect").evaluate_all(
        "all => all.map(r => Number(r.getAttribute('height')))"
    )
    assert len(heights) == 12
    assert np.diff(heights) == pytest.approx(heights[0], rel=1e-6)


@pytest.mark.parametrize(
    ("name", "z", "words"),
    [
        ("relu", -1, "The slope here is 0"),
        ("relu", 1, "as it is"),
        ("2*z", 1, "explodes"),
        ("sigmoid", 5, "leave"),
    ],
)
def test_it_says_what_becomes_of_the_gradient(page, name, z, words):
    only(page, name)
    set_z(page, z)
    assert words in page.locator(".ex-depth .ex-remark").inner_text()


# Softmax


def shares(page):
    return [number(output) for output in page.locator(".ex-row output[data-value]").all()]


def score(page, name):
    return page.get_by_role("slider", name=f"Score of class {name}")


def test_softmax_starts_with_the_lesson_s_scores(page):
    assert shares(page) == pytest.approx(softmax([2.0, 1.0, 0.1]))
    assert page.locator(".ex-row output[data-value]").all_inner_texts() == ["0.659", "0.242", "0.099"]
    assert number(page.locator(".ex-loss")) == pytest.approx(-log_softmax([2.0, 1.0, 0.1])[0])


def test_scores_temperature_and_class_follow_scipy(page):
    score(page, "B").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    score(page, "C").fill("-3.7")
    heat = page.get_by_role("slider", name="Temperature")
    heat.focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    temperature = float(page.locator(".ex-softmax .ex-count").inner_text())
    assert temperature < 1
    page.get_by_role("radio", name="Class B").check()
    scores = np.array([2.0, 1.5, -3.7]) / temperature
    assert shares(page) == pytest.approx(softmax(scores))
    assert sum(shares(page)) == pytest.approx(1)
    assert page.locator(".ex-sum").inner_text() == "sum 1.000"
    assert number(page.locator(".ex-loss")) == pytest.approx(-log_softmax(scores)[1])


def test_a_score_is_dragged(page):
    score(page, "A").scroll_into_view_if_needed()
    box = score(page, "A").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.7, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 3, y, steps=5)
    page.mouse.up()
    assert float(score(page, "A").input_value()) < -4.5
    scores = [float(score(page, name).input_value()) for name in "ABC"]
    assert shares(page) == pytest.approx(softmax(scores))


def test_classes_come_and_go(page):
    for _ in range(5):
        page.get_by_role("button", name="One class more").click()
    assert page.get_by_role("button", name="One class more").is_disabled()
    assert shares(page) == pytest.approx(softmax([2.0, 1.0, 0.1, 0, 0, 0, 0, 0]))
    for _ in range(6):
        page.get_by_role("button", name="One class fewer").click()
    assert page.get_by_role("button", name="One class fewer").is_disabled()
    assert shares(page) == pytest.approx(softmax([2.0, 1.0]))


# An expression


@pytest.mark.parametrize(
    "text",
    some(
        ["sin(3*z) * exp(-z**2)", "max(0.1*z, z)", "where(z > 0, sqrt(abs(z)), -1)", "sigmoid(z) - 1"],
        {"where(z > 0, sqrt(abs(z)), -1)"},
    ),
)
def test_an_expression_has_the_command_line_s_numbers(page, text, run_cli):
    type_own(page, text)
    assert page.locator(".ex-error").inner_text() == ""
    for row in json.loads(run_cli("evaluate", text, "--json", "-1.5", "0.7", "2")[1])["values"]:
        set_z(page, row["z"])
        assert readings(page) == pytest.approx((row["f"], row["slope"]), rel=1e-5, abs=1e-6)


def test_a_mistake_is_told_with_its_column_and_what_was_there_stays(page):
    type_own(page, "tanh(z)")
    type_own(page, "2 * frog(z)")
    assert re.search(r"column 5\b", page.locator(".ex-error").inner_text(), re.IGNORECASE)
    field = page.get_by_role("textbox", name="Your own function of z")
    assert field.get_attribute("aria-invalid") == "true"
    # The mark stands below the fifth character of a monospaced line.
    box, mark = field.bounding_box(), page.locator(".ex-caret").bounding_box()
    wide = page.locator(".ex-caret").evaluate(
        "c => { const s = document.createElement('span'); s.textContent = '0'.repeat(100); s.className = 'ex-caret';"
        " s.style.position = 'absolute'; s.style.margin = 0; c.parentNode.append(s);"
        " const w = s.getBoundingClientRect().width / 100; s.remove(); return w; }"
    )
    assert mark["x"] - box["x"] == pytest.approx(4 * wide, abs=wide / 2)
    assert page.locator(".ex-title code").inner_text().strip() == "tanh(z)"
    type_own(page, "2*tanh(z)")
    assert page.locator(".ex-error").inner_text() == ""
    assert field.get_attribute("aria-invalid") == "false"
    type_own(page, "")
    assert page.get_by_role("heading", level=2).inner_text() == "Sigmoid"


@pytest.mark.parametrize("text", ["z.__class__", "alert(1)", "z" * 600, "(" * 200, "lambda: z", "z if", "'z'"])
def test_nothing_else_is_understood(page, text):
    type_own(page, text)
    assert page.locator(".ex-error").inner_text() or len(text) > 500
    assert page.locator(".ex-curve").count() >= 2


# With the studio


def test_the_hovered_pixel_s_pre_activations_are_ticks_and_dots(page):
    page.evaluate("window.explorer.hover(Float64Array.from([-2, 0, 0.5, 30]))")
    for panel in page.locator(".ex-panel").all():
        assert panel.locator(".ex-marks").get_attribute("d").count("M") == 3
        assert panel.locator(".ex-cloud").get_attribute("d").count("M") == 3
    page.evaluate("window.explorer.hover(null)")
    assert page.locator(".ex-marks, .ex-cloud").count() == 0


def test_it_follows_the_picture_and_hands_a_choice_back(page):
    heading = page.get_by_role("heading", level=2)
    page.evaluate("window.explorer.update({activation: ['sine', 'mix(tanh:3, step)']})")
    assert heading.inner_text() == "Sine"
    assert page.locator(".ex-panel").first.locator(".ex-curve").count() == 3
    chip(page, "relu").click()
    page.evaluate("window.explorer.update({activation: ['sine', 'mix(tanh:3, step)']})")
    assert heading.inner_text() == "ReLU", "the same picture changes nothing"
    page.get_by_role("button", name="Paint with ReLU").click()
    type_own(page, "max(0.1*z, z)")
    page.get_by_role("button", name="Paint with").click()
    assert page.evaluate("window.picked") == ["relu", "max(0.1*z, z)"]
    page.evaluate("window.explorer.show('softmax')")
    assert heading.inner_text() == "Softmax"
    page.evaluate("window.explorer.show('no such function')")
    assert heading.inner_text() == "Softmax"


def test_the_softmax_curve_is_the_first_share_of_three(page):
    only(page, "softmax")
    set_z(page, 1.5)
    p = softmax([1.5, 0, 0])[0]
    assert readings(page) == pytest.approx((p, p * (1 - p)))


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    some(
        [(360, 740, "dark"), (768, 1024, "light"), (1280, 800, "dark"), (2560, 1440, "light")],
        {(360, 740, "dark")},
    ),
)
def test_it_fits_from_phones_to_projectors(browser, address, width, height, scheme):
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "reduced_motion": "reduce"}
    with watched_page(browser, address, **options) as watched:
        page = watched.page
        page.locator("html[data-ready] .ex-handle").first.wait_for()
        for name in ("tanh", "leaky_relu"):
            chip(page, name).click()
        type_own(page, "where(z > 0, 1.0507*z, 1.7581*(exp(z) - 1))")
        type_own(page, "where(z > 0, 1.0507*z, 1.7581*(exp(z) - 1)) + frog")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        beyond = page.evaluate(
            "[...document.querySelectorAll('.explorer *')].filter(e => { const b = e.getBoundingClientRect();"
            " return b.width && (b.left < -1 || b.right > innerWidth + 1) && !e.closest('.ex-chart > svg'); })"
            ".map(e => e.outerHTML.slice(0, 120))"
        )
        assert beyond == []
        small = page.evaluate(
            "[...document.querySelectorAll('.explorer button, .explorer input')]"
            ".filter(e => e.offsetParent && e.type !== 'radio' && Math.min(e.offsetHeight, e.offsetWidth) < 24)"
            ".map(e => e.outerHTML.slice(0, 120))"
        )
        assert small == []
        assert watched.problems() == []
