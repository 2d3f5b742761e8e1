"""The lecture hall: what a room sees on a projector, and what a presenter's remote does."""

import math

import pytest
from browser import axe_violations, watched_page
from driving import PLAIN, button, canvas, state
from selection import some

ROOM = {"viewport": {"width": 1280, "height": 720}, "device_scale_factor": 0.25, "reduced_motion": "reduce"}
LOCKS = """
window.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: (kind) => {
  window.locks.push(kind);
  return Promise.resolve({ release: () => Promise.resolve(window.locks.pop()) });
} } });
"""
TYPE = "parseFloat(getComputedStyle(document.documentElement).fontSize)"


@pytest.fixture(scope="module")
def room(browser, address):
    with watched_page(
        browser, f"{address}?hall=1#seed=7&activation=sigmoid&{PLAIN}", script=LOCKS, **ROOM
    ) as watched:
        yield watched


@pytest.fixture
def hall(room, address):
    """The page in the hall, opened anew; nothing may go wrong on it in any test."""
    room.page.goto("about:blank")
    room.page.goto(f"{address}?hall=1#seed=7&activation=sigmoid&{PLAIN}")
    room.page.locator("html[data-ready]").wait_for()
    yield room.page
    assert room.problems() == []


def test_everything_is_larger_and_the_address_says_so(hall):
    large = hall.evaluate(TYPE)
    assert hall.evaluate("window.locks") == ["screen"]
    canvas(hall).press("j")
    assert large / hall.evaluate(TYPE) == pytest.approx(1.75)
    assert "hall" not in hall.evaluate("location.search")
    assert hall.evaluate("window.locks") == []
    canvas(hall).press("?")
    hall.get_by_role("switch", name="Lecture hall").check()
    button(hall, "Close").click()
    assert hall.evaluate(TYPE) == large
    assert hall.evaluate("location.search") == "?hall=1"


@pytest.mark.sweep
def test_the_explorer_shows_f_beside_its_slope_with_four_digits(hall):
    canvas(hall).press("e")
    hall.get_by_role("spinbutton", name="z").fill("1")
    f, slope = (panel.bounding_box() for panel in hall.locator(".ex-panel").all())
    assert f["y"] == slope["y"]
    assert f["x"] + f["width"] < slope["x"]
    values = [output.inner_text() for output in hall.locator(".ex-panel output").all()]
    sigmoid = 1 / (1 + math.exp(-1))
    assert values == [f"{sigmoid:.4g}", f"{sigmoid * (1 - sigmoid):.4g}"]
    width = "parseFloat(getComputedStyle(document.querySelector('.ex-curve')).strokeWidth)"
    thick = hall.evaluate(width)
    canvas(hall).press("j")
    assert thick > 2 * hall.evaluate(width)
    assert hall.locator(".ex-panel output").first.inner_text() == f"{sigmoid:.6g}"


def test_a_remote_reveals_and_moves_through_the_questions(hall):
    canvas(hall).press("e")
    position, answer = hall.locator(".ask-position"), hall.locator(".ask-answer")
    hall.keyboard.press("PageDown")
    assert position.inner_text().startswith("1 ")
    assert answer.inner_text() == ""
    hall.keyboard.press("PageDown")
    assert answer.inner_text() != ""
    hall.keyboard.press("PageDown")
    assert position.inner_text().startswith("2 ")
    hall.keyboard.press("PageUp")
    assert position.inner_text().startswith("1 ")


@pytest.mark.sweep
def test_a_remote_goes_from_one_activation_to_the_next(hall):
    hall.keyboard.press("PageDown")
    first = state(hall)["activation"]
    hall.keyboard.press("PageUp")
    assert state(hall)["activation"] == "sigmoid" != first


@pytest.mark.sweep
def test_b_blanks_the_screen_and_any_key_brings_it_back(hall):
    blank = hall.locator("#blank")
    for key in ("b", "PageDown", "Escape"):
        hall.keyboard.press("b")
        assert blank.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
        assert (
            hall.evaluate("getComputedStyle(document.querySelector('#blank')).backgroundColor") == "rgb(0, 0, 0)"
        )
        hall.keyboard.press(key)
        assert blank.is_hidden()
    assert state(hall)["activation"] == "sigmoid"  # the key did no more than that
    canvas(hall).press("j")
    hall.keyboard.press("b")
    assert hall.locator("html[data-mode=breed]").count() == 1


@pytest.mark.sweep
def test_letters_are_still_letters_in_a_field(hall):
    canvas(hall).press("e")
    field = hall.get_by_role("textbox", name="Your own function of z")
    field.press("b")
    assert field.input_value() == "b"
    assert hall.locator("#blank").is_hidden()


@pytest.mark.sweep
def test_a_halo_goes_with_the_pointer(hall):
    hall.mouse.move(400, 300)
    halo = hall.locator("#halo").bounding_box()
    assert (halo["x"] + halo["width"] / 2, halo["y"] + halo["height"] / 2) == pytest.approx((400, 300), abs=1)
    assert hall.evaluate("document.elementFromPoint(400, 300).id") == "picture"
    canvas(hall).press("j")
    assert hall.locator("#halo").is_hidden()


@pytest.mark.sweep
@pytest.mark.parametrize("keys", some(["", "e", "c", "a", "t"], {""}))
def test_it_is_for_everybody_and_fits(hall, keys):
    for key in keys:
        canvas(hall).press(key)
    assert axe_violations(hall) == []
    assert hall.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1280,
        720,
    ]
