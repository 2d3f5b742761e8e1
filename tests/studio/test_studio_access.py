"""The page for people with other eyes, hands and ears: axe finds nothing in any mode or dialog, light or dark."""

import numpy as np
import pytest
from browser import axe_violations, watched_page
from driving import PLAIN, SMALL, button, canvas, look, shown, unfold
from selection import some

SCHEMES = ("light", "dark")
QUESTIONS = ("line", "split", "sigmoid-values", "free-slope", "softmax", "step-stays")
SIZES = {"200 %": (640, 400), "400 %": (320, 256), "phone": (360, 740)}


@pytest.fixture(scope="module", params=some(SCHEMES, {"light"}))
def themed(request, browser, address):
    options = {"color_scheme": request.param, "reduced_motion": "reduce", **SMALL}
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", **options) as watched:
        shown(watched.page)
        yield watched.page
        assert watched.problems() == []


@pytest.fixture
def calm(themed):
    """The picture alone with its controls, whatever was opened before."""
    for _ in range(3):
        themed.keyboard.press("Escape")
    assert themed.locator("html[data-mode=picture]").count() == 1
    return themed


def test_the_picture_and_all_controls(calm):
    assert axe_violations(calm) == []
    for part in ("Space", "Finish", "View"):
        unfold(calm, part)
    calm.get_by_role("combobox", name="Symmetry").select_option("kaleidoscope")
    button(calm, "One latent value more").click()
    button(calm, "Add an activation for other layers").click()
    button(calm, "Favourite").click()
    assert axe_violations(calm) == []
    calm.evaluate("localStorage.clear()")


@pytest.mark.sweep
@pytest.mark.parametrize("key", "cbat")
def test_modes(calm, key):
    canvas(calm).press(key)
    assert axe_violations(calm) == []


@pytest.mark.sweep
def test_the_grid_of_comparisons(calm):
    canvas(calm).press("c")
    button(calm, "Grid").click()
    calm.locator("#wall[data-painted]").wait_for()
    assert axe_violations(calm) == []


@pytest.mark.parametrize("question", some(QUESTIONS, {"line"}))
def test_the_explorer_and_questions_of_every_kind(calm, question):
    canvas(calm).press("e")
    assert axe_violations(calm) == []
    calm.evaluate("question => { location.hash += `&question=${question}`; }", question)
    questions = calm.get_by_role("complementary", name="Questions")
    questions.get_by_role("button", name="Check").click()
    assert axe_violations(calm) == []
    questions.get_by_role("button", name="End the questions").click()
    canvas(calm).press("e")


@pytest.mark.sweep
def test_what_newcomers_see(browser, address):
    with watched_page(browser, address, reduced_motion="reduce", **SMALL) as watched:
        page = watched.page
        page.get_by_role("region", name="Welcome").wait_for()
        assert axe_violations(page) == []
        button(page, "What am I seeing?").click()
        assert axe_violations(page) == []


@pytest.mark.sweep
@pytest.mark.parametrize("key", "ds?")
def test_dialogs(calm, key):
    canvas(calm).press(key)
    assert calm.get_by_role("dialog").count() == 1
    assert axe_violations(calm) == []


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", SCHEMES)
def test_where_nothing_can_be_painted(browser, address, scheme):
    missing = "HTMLCanvasElement.prototype.getContext = () => null;"
    with watched_page(browser, f"{address}#{PLAIN}", script=missing, color_scheme=scheme, **SMALL) as watched:
        watched.page.get_by_role("alert").wait_for()
        assert axe_violations(watched.page) == []


@pytest.mark.sweep
def test_on_a_phone(browser, address):
    options = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 0.25, "reduced_motion": "reduce"}
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", **options) as watched:
        page = watched.page
        shown(page)
        for key in ("", "p", "c", "e", "t"):
            if key:
                page.keyboard.press(key)
            assert axe_violations(page) == []


@pytest.mark.parametrize(
    ("key", "first"), [("d", "Size"), ("s", "Copy command"), ("?", "Single keys do something")]
)
def test_dialogs_begin_with_what_they_are_for(calm, key, first):
    canvas(calm).press(key)
    focused = "document.activeElement.ariaLabel ?? document.activeElement.labels?.[0]?.textContent"
    assert calm.evaluate(f"{focused} ?? document.activeElement.textContent").startswith(first)


HIDDEN = """selector => [...document.querySelectorAll(selector)].filter((e) => {
  if (!e.getBoundingClientRect().width) return false;
  e.scrollIntoView({ block: "nearest" });
  const b = e.getBoundingClientRect();
  const top = document.elementFromPoint(b.x + b.width / 2, b.y + Math.min(b.height, innerHeight) / 2);
  return b.top < -1 || b.left < -1 || b.right > innerWidth + 1 || !(e.contains(top) || top?.contains(e));
}).map((e) => e.outerHTML.slice(0, 120))"""
READ = ".ask-words, .ask-number, .ask button, .ex-panel figcaption, .ex-zslide input, .ex-score, .ex-slide input"


@pytest.mark.sweep
@pytest.mark.parametrize("size", some(SIZES, {"400 %"}))
@pytest.mark.parametrize("question", some(["saturation", "softmax", ""], {"saturation"}))
def test_nothing_covers_what_is_read_in_small_windows(browser, address, size, question):
    """All of a question, the charts' readouts and z can be scrolled to where nothing lies over them."""
    options = {"viewport": dict(zip(("width", "height"), SIZES[size], strict=True)), "device_scale_factor": 0.25}
    shown_first = f"question={question}" if question else "explorer=1"
    with watched_page(
        browser, f"{address}#seed=7&{PLAIN}&{shown_first}", reduced_motion="reduce", **options
    ) as watched:
        page = watched.page
        page.locator("html[data-ready] .ex-handle").first.wait_for(state="attached")
        assert page.evaluate(HIDDEN, READ) == []
        assert watched.problems() == []


@pytest.mark.sweep
def test_the_wheel_scrolls_a_page_around_it_until_the_picture_is_clicked(browser, address, tmp_path):
    around = tmp_path / "around.html"
    style = "width: 900px; height: 500px"
    around.write_text(f'<body style="height: 5000px"><iframe src="{address}#seed=7&{PLAIN}" style="{style}">')
    with watched_page(browser, around.as_uri(), **SMALL) as watched:
        page = watched.page
        frame = page.frame_locator("iframe")
        frame.locator("#picture[data-shown=still]").wait_for(state="attached")
        page.mouse.move(300, 250)
        page.mouse.wheel(0, 200)
        page.wait_for_function("scrollY > 0")
        page.evaluate("scrollTo(0, 0)")
        page.mouse.click(300, 250)
        page.mouse.wheel(0, -200)
        frame.get_by_role("button", name="Undo").and_(frame.locator("[aria-disabled=false]")).wait_for()
        assert page.evaluate("scrollY") == 0


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", some(SCHEMES, {"light"}))
def test_forced_colours_leave_the_picture_and_show_what_is_pressed(browser, address, scheme):
    options = {"color_scheme": scheme, "reduced_motion": "reduce", **SMALL}
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", **options) as plain:
        wanted = look(plain.page)
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", forced_colors="active", **options) as watched:
        page = watched.page
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert np.abs(look(page) - wanted).max() <= 1
        canvas(page).press("e")
        # What is pressed looks otherwise, though all backgrounds are the system's.
        toggle = button(page, "Favourite")
        before = toggle.screenshot()
        toggle.click()
        page.mouse.move(5, 300)
        canvas(page).focus()
        assert toggle.screenshot() != before
        page.evaluate("localStorage.clear()")
        # Curves and axes stand out from the ground that the system gives.
        for part in (".ex-curve", ".ex-handle"):
            seen = page.locator(part).first.evaluate(
                "element => [getComputedStyle(element).stroke, getComputedStyle(element).fill,"
                " getComputedStyle(document.body).backgroundColor]"
            )
            assert any(colour not in ("none", seen[2]) for colour in seen[:2]), (part, seen)
        assert axe_violations(page) == []
        assert watched.problems() == []
