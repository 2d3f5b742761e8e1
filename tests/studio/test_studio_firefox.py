"""The page in Firefox: painted as in Chromium, silent, and for everybody, in each mode and part."""

from io import BytesIO

import numpy as np
import pytest
from browser import watched_page
from driving import look
from firefox import launched_firefox
from PIL import Image

from artstudio.pages.embedding.parts import PARTS, part_page

PICTURE = "seed=7&units=3&depth=2&activation=tanh"


@pytest.fixture(scope="module")
def launched():
    with launched_firefox(intl__accept_languages="en") as fox:
        fox.driver.set_window_size(1000, 700)
        yield fox


@pytest.fixture
def fox(launched):
    """Nothing may be wrong in its console after any test."""
    yield launched
    assert launched.errors == []


def still(fox):
    fox.until("return document.querySelector('#picture[data-shown=still]') !== null")


@pytest.mark.sweep
def test_the_picture_is_chromiums(fox, browser, address):
    fox.open(f"{address}#{PICTURE}")
    still(fox)
    size = fox.driver.execute_script("return [innerWidth, innerHeight]")
    fox.driver.execute_script("document.documentElement.classList.add('bare')")
    picture = Image.open(BytesIO(fox.driver.get_screenshot_as_png())).convert("RGB")
    options = {"viewport": {"width": size[0], "height": size[1]}, "device_scale_factor": 0.5}
    with watched_page(browser, f"{address}#{PICTURE}", reduced_motion="reduce", **options) as watched:
        expected = Image.fromarray(look(watched.page).astype(np.uint8))
    small = [np.asarray(one.resize((64, 40), Image.Resampling.BOX)).astype(int) for one in (picture, expected)]
    assert np.abs(small[0] - small[1]).max() <= 6


@pytest.mark.sweep
@pytest.mark.parametrize("keys", ["p", "c", "b", "a", "t", "e", "?", "d", "s", "je"])
def test_each_mode_is_for_everybody(fox, address, keys):
    fox.open(f"{address}#{PICTURE}")
    still(fox)
    fox.press(*keys)
    assert fox.axe_violations() == []
    assert fox.driver.execute_script("return document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.sweep
def test_by_keyboard_alone(fox, address):
    """From the top to a mode, into it, out of it: with Tab, letters, arrows and Escape."""
    fox.open(f"{address}#{PICTURE}")
    still(fox)
    tab, escape, enter, right = "\ue004", "\ue00c", "\ue007", "\ue014"
    fox.press(tab)
    assert fox.driver.execute_script("return document.activeElement.className") == "skip"
    fox.press(enter, tab, enter)  # to the controls, and Randomise
    assert fox.until("return !location.hash.includes('seed=7&')")
    fox.press("e", tab)
    fox.driver.execute_script("document.querySelector('.ex-handle').focus()")
    fox.press(right)
    assert (
        fox.driver.execute_script("return document.querySelector('.explorer input[type=number]').value") == "1.1"
    )
    fox.press("c", escape)
    assert fox.driver.execute_script("return document.documentElement.dataset.mode") == "picture"


@pytest.mark.sweep
@pytest.mark.parametrize("name", PARTS)
def test_each_part_alone(fox, tmp_path, name):
    (tmp_path / "part.html").write_text(part_page(name), encoding="utf-8")
    fox.open(f"{(tmp_path / 'part.html').as_uri()}#seed=7")
    assert fox.axe_violations() == []
    assert fox.driver.execute_script("return document.querySelector('#trouble:not([hidden])')") is None
