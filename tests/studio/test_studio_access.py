"""The page for people with other eyes, hands and ears: axe finds nothing in any mode or dialog, light or dark."""

import pytest
from browser import axe_violations, watched_page
from driving import PLAIN, SMALL, button, canvas, shown, unfold

SCHEMES = ("light", "dark")


@pytest.fixture(scope="module", params=SCHEMES)
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


@pytest.mark.parametrize("key", "cba")
def test_modes(calm, key):
    canvas(calm).press(key)
    assert axe_violations(calm) == []


def test_the_grid_of_comparisons(calm):
    canvas(calm).press("c")
    button(calm, "Grid").click()
    calm.locator("#wall[data-painted]").wait_for()
    assert axe_violations(calm) == []


def test_the_explorer_and_its_tour(calm):
    canvas(calm).press("e")
    assert axe_violations(calm) == []
    calm.get_by_role("button", name="Tour").click()
    assert axe_violations(calm) == []
    calm.keyboard.press("Escape")
    canvas(calm).press("e")


@pytest.mark.parametrize("key", "ds?")
def test_dialogs(calm, key):
    canvas(calm).press(key)
    assert calm.get_by_role("dialog").count() == 1
    assert axe_violations(calm) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_where_nothing_can_be_painted(browser, address, scheme):
    missing = "HTMLCanvasElement.prototype.getContext = () => null;"
    with watched_page(browser, f"{address}#{PLAIN}", script=missing, color_scheme=scheme, **SMALL) as watched:
        assert watched.page.get_by_role("alert").is_visible()
        assert axe_violations(watched.page) == []


def test_on_a_phone(browser, address):
    options = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 0.25, "reduced_motion": "reduce"}
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", **options) as watched:
        page = watched.page
        shown(page)
        for key in ("", "p", "c", "e"):
            if key:
                page.keyboard.press(key)
            assert axe_violations(page) == []
