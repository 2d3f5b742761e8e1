"""What is kept and what leaves the page: favourites, words, files, addresses."""

import json
import re
from urllib.parse import unquote

import numpy as np
import pytest
from browser import watched_page
from driving import PLAIN, SMALL, button, canvas, copied, shown, state, until
from PIL import Image
from selection import some

import artstudio
from artstudio.files.encode import FORMATS
from artstudio.files.png.write import encode_png
from artstudio.model.recipe import Recipe
from artstudio.pictures.picture import encode_picture, read_info, save

# Favourites


def test_favourites_are_kept(page):
    button(page, "Favourite").click()
    assert button(page, "Favourite").get_attribute("aria-pressed") == "true"
    button(page, "Randomise").click()
    assert button(page, "Favourite").get_attribute("aria-pressed") == "false"
    page.reload()
    strip = page.get_by_role("navigation", name="Favourites")
    strip.get_by_role("button", name="Show Tanh · 7").click()
    assert state(page)["seed"] == "7"
    assert strip.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    strip.get_by_role("button", name="Remove Tanh · 7 from the favourites").click()
    assert strip.is_hidden()


STORED = (
    "{", "[1, null, {}]", '[{"recipe": {"seed": -1}}]', '[{"recipe": {}, "picture": "javascript:alert(1)"}]',
)  # fmt: skip


@pytest.mark.sweep
def test_whatever_was_stored_the_page_begins(page):
    for stored in STORED:
        page.evaluate("text => localStorage.setItem('artstudio:favourites', text)", stored)
        page.reload()
        shown(page)
        assert page.evaluate("document.querySelectorAll('#strip img').length") == 0, stored
    page.evaluate("localStorage.clear()")


@pytest.mark.sweep
def test_without_storage_favourites_last_as_long_as_the_page(browser, address):
    denied = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } });"
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", script=denied, **SMALL) as watched:
        shown(watched.page)
        button(watched.page, "Favourite").click()
        assert watched.page.get_by_role("button", name="Show Tanh · 7").is_visible()
        assert "until the page is closed" in watched.page.locator("#status").inner_text()
        assert watched.problems() == []


# Out of the page


@pytest.mark.sweep
def test_the_picture_is_copied_in_words(page):
    field = page.get_by_role("spinbutton", name="Gain, as a number")
    field.fill("2")
    field.press("Enter")
    recipe = Recipe(seed=7, units=3, depth=2, gain=2.0)
    line = "artstudio render --seed 7 --size 250x160 --units 3 --depth 2 --gain 2.0"
    assert copied(page, "Copy command", str) == line
    assert copied(page, "Copy recipe, JSON", Recipe.from_json) == recipe
    assert "gain = 2.0" in copied(page, "Copy recipe, TOML", str)
    assert copied(page, "Copy link", str) == page.evaluate("location.href")


@pytest.mark.sweep
def test_where_copying_is_forbidden_the_text_is_selected(browser, address):
    forbidden = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", script=forbidden, **SMALL) as watched:
        page = watched.page
        shown(page)
        canvas(page).press("s")
        button(page, "Copy command").click()
        assert page.evaluate(
            "document.activeElement.value.slice(0, document.activeElement.selectionEnd)"
        ).startswith("artstudio render --seed 7")
        page.get_by_text("press Ctrl-C").wait_for()
        page.keyboard.press("Escape")
        assert watched.problems() == []


def test_a_picture_is_downloaded_with_its_recipe_and_opened_again(page, tmp_path):
    canvas(page).press("d")
    page.get_by_role("combobox", name="Size").select_option("thumb")
    page.get_by_role("combobox", name="Samples per pixel").select_option("1")
    with page.expect_download() as download:
        button(page, "Download PNG").click()
    assert download.value.suggested_filename == "tanh-7-256x256.png"
    path = tmp_path / "picture.png"
    download.value.save_as(path)
    info = read_info(path)
    assert (info.recipe, info.width, info.height) == (Recipe(seed=7, units=3, depth=2), 256, 256)
    pixels = artstudio.render(info.recipe, width=256, height=256, supersample=1)
    ours = np.asarray(Image.open(path).convert("RGB")).astype(int)
    assert np.abs(ours - pixels).mean() < 1
    page.get_by_text(re.compile("^Saved")).wait_for()
    button(page, "Close").click()
    button(page, "Randomise").click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_text("Recipe loaded").wait_for()
    assert state(page)["seed"] == "7"


@pytest.mark.sweep
def test_a_download_is_cancelled(page):
    button(page, "Download").click()
    page.get_by_role("combobox", name="Size").select_option("8k")
    button(page, "Download PNG").click()
    button(page, "Cancel").click()
    page.get_by_text("Cancelled").wait_for()
    assert button(page, "Download PNG").is_enabled()


@pytest.mark.sweep
def test_a_picture_is_dropped_on_the_page(page, tmp_path):
    recipe = Recipe(seed=99, activation="sine", units=5, depth=2, palette="moss")
    save(tmp_path / "dropped.png", artstudio.render(recipe, width=40, height=30), recipe)
    drop(page, "dropped.png", (tmp_path / "dropped.png").read_bytes())
    page.get_by_text("Recipe loaded").wait_for()
    assert copied(page, "Copy recipe, JSON", Recipe.from_json) == recipe
    drop(page, "other.png", b"no picture at all")
    until(page, "document.getElementById('status').textContent !== 'Copied the recipe, JSON'")
    assert "loaded" not in page.locator("#status").inner_text()
    assert state(page)["seed"] == "99"


@pytest.mark.sweep
def test_a_picture_of_any_format_is_opened(page, tmp_path):
    for seed, format in enumerate(FORMATS.values(), 90):
        recipe = Recipe(seed=seed, activation="sine", units=5, depth=2)
        path = tmp_path / f"a{format.suffixes[0]}"
        path.write_bytes(encode_picture(np.zeros((30, 40, 3), np.uint8), recipe, 0, format))
        page.locator("input[type=file]").set_input_files(path)
        until(page, "title => document.getElementById('title').textContent === title", f"Sine · {seed}")
        assert "Recipe loaded" in page.locator("#status").inner_text(), format.name
        assert state(page)["seed"] == str(seed)


def test_texts_of_files_are_never_markup_and_are_cut(page):
    markup = "<img src=x onerror=alert(1)><b>"
    long = markup + 9000 * "x"
    recipes = [{"activation": long}, {long: 1}, {"palette": long}, {"schema": 10**300}, long, [long]]
    files = [encode_png(np.zeros((2, 2, 3), np.uint8), {"artstudio:recipe": json.dumps(one)}) for one in recipes]
    files += [encode_png(np.zeros((2, 2, 3), np.uint8), {"artstudio:recipe": long}), b"", long.encode()]
    status = page.locator("#status")
    for number, content in enumerate(files):
        page.evaluate("document.getElementById('status').textContent = ''")
        drop(page, f"{number}{long}.png", content)
        until(page, "document.getElementById('status').textContent !== ''")
        assert "loaded" not in status.inner_text()
        assert len(status.inner_text()) <= 240
        assert status.locator("*").count() == 0
    assert page.locator("body :is(img[src=x], b)").count() == 0
    assert state(page)["seed"] == "7"


def drop(page, name, content):
    page.evaluate(
        """([name, bytes]) => {
          const files = new DataTransfer();
          files.items.add(new File([Uint8Array.from(bytes)], name, { type: "image/png" }));
          const options = { dataTransfer: files, bubbles: true, cancelable: true };
          document.getElementById("stage").dispatchEvent(new DragEvent("drop", options));
        }""",
        [name, list(content)],
    )


@pytest.mark.sweep
def test_an_address_is_a_picture_and_another_may_follow(page):
    page.evaluate("location.hash = '#seed=11&activation=sine&units=3&depth=2&zoom=2'")
    until(page, "document.getElementById('title').textContent === 'Sine · 11'")
    button(page, "Undo").click()
    assert state(page)["seed"] == "7"
    page.evaluate("location.hash = '#seed=frog'")
    page.get_by_text("seed: expected a number").wait_for()
    assert page.locator("#title").inner_text() == "Tanh · 7"


def test_an_address_is_followed_though_the_page_writes_its_own_meanwhile(page):
    page.evaluate("""() => {
      const written = location.hash;
      location.hash = "#seed=11&units=3&depth=2";
      history.replaceState(null, "", written);
    }""")
    until(page, "document.getElementById('title').textContent === 'Tanh · 11'")
    assert state(page)["seed"] == "11"


BAD_VALUES = [
    ("activation=sigmod", "unknown activation 'sigmod'; did you mean 'sigmoid'"),
    ("palete=koi", "unknown name 'palete'; did you mean 'palette'"), ("__proto__=1", "unknown name '__proto__'"),
    ("zoom=-3", "zoom: expected at least"), ("bands=two", "bands: expected a number, found 'two'"),
    ("constructor=1", "unknown name 'constructor'"),
    ("mode=slit", "mode: unknown mode 'slit'; did you mean 'split'"),
    ("palette=%E0%A4%A", "cut short"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "problem"), some(BAD_VALUES, BAD_VALUES[:3]))
def test_a_bad_value_in_an_address_costs_no_other(open_at, words, problem):
    link = f"seed=11&{words}&{PLAIN}&gain=2"
    page = open_at(link)
    page.get_by_role("status").get_by_text(problem).wait_for()
    assert page.locator("#title").inner_text() == "Tanh · 11"
    shown(page)
    assert unquote(page.evaluate("location.hash")) == f"#{unquote(link)}", "it stays as it is"
    assert len(page.locator("#status").inner_text()) < 140, "near words only"
    button(page, "Next seed").click()
    after = state(page)
    assert (after["seed"], after["gain"], set(after) <= {"seed", "schema", "gain", "units", "depth"}) == (
        "12",
        "2",
        True,
    )
    assert page.locator("#status").inner_text() == ""


@pytest.mark.sweep
def test_an_address_has_all_that_the_explorer_shows(open_at):
    asked = "functions=relu,max(0.1*z, z),tanh&focus=relu&z=-2.5&range=10&layers=7&scores=1,-2,3&temperature=0.5"
    page = open_at(f"seed=7&{PLAIN}&explorer=1&{asked}")
    assert page.get_by_role("heading", level=2, name="ReLU").is_visible()
    assert page.locator(".ex-table tbody tr").count() == 3
    assert page.get_by_role("textbox", name="Your own function of z").input_value() == "max(0.1*z, z)"
    assert page.get_by_role("slider", name="Layers").input_value() == "7"
    assert page.get_by_role("slider", name="Score of class C").input_value() == "3"
    page.get_by_role("spinbutton", name="z", exact=True).fill("4")
    until(page, "location.hash.includes('z=4')")
    found = state(page)
    assert found["functions"] == "relu,max(0.1*z, z),tanh"
    assert [found[name] for name in ("focus", "range", "layers", "scores", "temperature")] == [
        "relu", "10", "7", "1,-2,3", "0.5"]  # fmt: skip
    page.evaluate("location.hash = '#explorer=1&z=3&functions=gelu'")
    page.get_by_role("heading", level=2, name="GELU", exact=True).wait_for()
    assert page.get_by_role("spinbutton", name="z", exact=True).input_value() == "3"
