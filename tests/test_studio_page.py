"""The Art Studio in a real browser, driven as a person would: by the names of its controls, mouse, touch and keys."""

import re
from io import BytesIO
from urllib.parse import unquote

import numpy as np
import pytest
from browser import launched_browser, watched_page
from PIL import Image

import artstudio
from artstudio.batch.picture import read_info, save
from artstudio.batch.presets import shipped_presets
from artstudio.model.activations import ACTIVATIONS
from artstudio.model.palettes import PALETTES
from artstudio.model.recipe import Recipe
from artstudio.pages.studio_page import MODULES, join_modules, studio_page

PLAIN = "units=3&depth=2"
"""A network that software paints in no time."""

SMALL = {"viewport": {"width": 1000, "height": 640}}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The exported page, as a file on the disk."""
    path = tmp_path_factory.mktemp("studio") / "studio.html"
    path.write_text(studio_page(served=False), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def window(browser, address):
    with watched_page(browser, f"{address}#{PLAIN}", reduced_motion="reduce", **SMALL) as watched:
        watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield watched


@pytest.fixture
def page(window, address):
    """The studio, opened anew with seed 7; nothing may go wrong on it in any test."""
    window.errors.clear()
    yield opened(window.page, address, f"seed=7&{PLAIN}")
    assert window.problems() == []


def opened(page, address, fragment):
    page.goto("about:blank")
    page.goto(f"{address}#{fragment}")
    page.locator("html[data-ready]").wait_for()
    return page


def shown(page):
    """Wait until the picture is on the canvas as fine as it will be."""
    page.locator("#picture[data-shown=still]").wait_for(state="attached")


def until(page, question, argument=None):
    """Ask the page until it says yes. (Playwright's own way to do so needs `eval`, which the policy forbids.)"""
    for _ in range(400):
        if page.evaluate(question, argument):
            return
        page.evaluate("new Promise(requestAnimationFrame)")
    pytest.fail(f"never came true: {question}")


def state(page):
    """The state as the address has it: names and texts."""
    pairs = page.evaluate("new Promise(done => setTimeout(() => done(location.hash), 30))")[1:].split("&")
    return dict(pair.split("=") for pair in map(unquote, pairs))


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def canvas(page):
    return page.get_by_role("application")


def look(page):
    """The pixels of the stage, without what floats over it."""
    shown(page)
    page.evaluate("document.documentElement.classList.add('bare')")
    png = page.locator("#stage").screenshot()
    page.evaluate("document.documentElement.classList.remove('bare')")
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def numbers(text):
    return [float(part) for part in text.split(",")]


# The file


def test_the_exported_page_is_one_small_file_that_asks_for_nothing(browser, address):
    page = studio_page(served=False)
    assert len(page.encode()) < 400_000
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "unsafe" not in policy
    assert "default-src &#39;none&#39;" in policy
    with watched_page(browser, f"{address}#{PLAIN}", **SMALL) as watched:
        shown(watched.page)
        assert [url for url in watched.requests if not url.startswith(("file:", "data:", "blob:"))] == []
        assert watched.problems() == []


def test_every_name_at_the_top_of_a_module_is_its_own():
    """The modules become one script, where two of a name would be an error."""
    found = {}
    for path in sorted(MODULES.glob("*.js")):
        text = path.read_text(encoding="utf-8")
        names = re.findall(r"^(?:export )?(?:async )?(?:function\*?|class|const|let) (\w+)", text, re.MULTILINE)
        for name in names:
            assert name not in found, f"{name}: in {found.get(name)} and {path.name}"
            found[name] = path.name
    assert len(found) > 100


def test_every_module_is_part_of_the_page():
    read = []

    def source(name):
        read.append(name)
        return (MODULES / name).read_text(encoding="utf-8")

    join_modules("app.js", source)
    assert sorted(read) == sorted(path.name for path in MODULES.glob("*.js"))


@pytest.mark.parametrize(
    "text", ['import * as all from "./b.js";\n', "export default 1;\n", "export { a };\n", "a = '</script>';\n"]
)
def test_what_cannot_be_joined_is_refused(text):
    with pytest.raises(ValueError, match=re.escape("a.js: cannot be joined")):
        join_modules("a.js", {"a.js": text}.get)


def test_modules_are_joined_after_what_they_need():
    modules = {
        "a.js": 'import { b } from "./b.js";\nimport {\n  c,\n} from "./c.js";\nexport const a = b + c;\n',
        "b.js": 'import { c } from "./c.js";\n// About b.\nexport const b = c;\n',
        "c.js": "export const c = 1;\n",
    }
    assert join_modules("a.js", modules.__getitem__) == "const c = 1;\nconst b = c;\nconst a = b + c;\n"


# A new picture, and those before it


def test_randomise_gives_a_new_picture_by_button_and_by_key(page):
    before = look(page)
    button(page, "Randomise").click()
    first = state(page)
    assert first["seed"] != "7"
    assert np.abs(look(page) - before).mean() > 3
    canvas(page).press("r")
    second = state(page)
    assert second["seed"] != first["seed"]
    assert {key: second[key] for key in ("units", "depth")} == {"units": "3", "depth": "2"}


def test_it_says_what_randomise_changes(page):
    parts = page.get_by_role("group", name="Randomise changes")
    parts.get_by_role("button", name="weights").click()
    parts.get_by_role("button", name="colours").click()
    assert parts.get_by_role("button", name="colours").get_attribute("aria-pressed") == "true", "one stays"
    palettes = set()
    for _ in range(4):
        button(page, "Randomise").click()
        assert state(page)["seed"] == "7"
        palettes.add(state(page).get("palette"))
    assert len(palettes) > 1


def test_undo_and_redo_go_through_everything_seen(page):
    seen = [state(page)]
    for _ in range(3):
        button(page, "Randomise").click()
        seen.append(state(page))
    canvas(page).focus()
    page.keyboard.press("+")
    seen.append(state(page))
    for expected in seen[-2::-1]:
        button(page, "Undo").click()
        assert state(page) == expected
    assert button(page, "Undo").get_attribute("aria-disabled") == "true"
    for i, expected in enumerate(seen[1:]):
        page.keyboard.press("Control+Shift+z" if i % 2 else "Control+y")
        assert state(page) == expected
    page.keyboard.press("Control+z")
    button(page, "Randomise").click()
    assert button(page, "Redo").get_attribute("aria-disabled") == "true"


def test_a_slider_s_way_is_one_step_back(page):
    slider = page.get_by_role("slider", name="Gain", exact=True)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 5, steps=6)
    page.mouse.up()
    assert float(state(page)["gain"]) > 2
    button(page, "Undo").click()
    assert "gain" not in state(page)


# The view


def test_the_picture_follows_the_mouse(page):
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(364, 268, steps=5)
    page.mouse.up()
    assert numbers(state(page)["centre"]) == pytest.approx([-64 / 320, 32 / 320], abs=2e-3)
    button(page, "Undo").click()
    assert "centre" not in state(page)


def test_the_wheel_zooms_to_the_point_under_the_mouse(page):
    page.mouse.move(180, 320)  # (-1, 0) on the canvas
    page.mouse.wheel(0, -300)
    until(page, "location.hash.includes('zoom')")
    now = state(page)
    zoom, centre = float(now["zoom"]), numbers(now["centre"])
    assert zoom > 1.5
    assert centre[0] - 1 / zoom == pytest.approx(-1, abs=1e-3)
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Shift")
    until(page, "location.hash.includes('rotation')")


def test_two_fingers_zoom_and_turn(page):
    touch = page.context.new_cdp_session(page)

    def fingers(kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (400, 320))
    fingers("touchStart", (400, 320), (600, 320))
    for step in range(1, 6):
        fingers("touchMove", (400 - 20 * step, 320), (600 + 20 * step, 320))
    fingers("touchEnd")
    assert float(state(page)["zoom"]) == pytest.approx(2, rel=0.02)
    fingers("touchStart", (400, 320))
    fingers("touchStart", (400, 320), (600, 320))
    fingers("touchMove", (400, 320), (500, 420))
    fingers("touchEnd")
    assert abs(float(state(page)["rotation"])) == pytest.approx(45, abs=1)


VIEW_KEYS = [
    ("ArrowRight", "centre", "0.1,0"),
    ("ArrowLeft", "centre", "-0.1,0"),
    ("ArrowDown", "centre", "0,0.1"),
    ("Shift+ArrowUp", "centre", "0,-0.5"),
    ("+", "zoom", "1.25"),
    ("-", "zoom", "0.8"),
    ("]", "rotation", "5"),
    ("[", "rotation", "-5"),
]


def test_keys_move_over_the_picture(page):
    canvas(page).focus()
    for key, name, value in VIEW_KEYS:
        page.keyboard.press(key)
        assert state(page)[name] == value
        page.keyboard.press("0")
        assert name not in state(page)


# The panel


NUMBERS = [
    ("Network", "Seed", "4294967295", "seed", "4294967295"),
    ("Network", "Units, as a number", "9", "units", "9"),
    ("Network", "Depth, as a number", "3", "depth", "3"),
    ("Network", "Gain, as a number", "1.25", "gain", "1.25"),
    ("Network", "Sparsity, as a number", "0.5", "sparsity", "0.5"),
    ("Space", "Random waves, as a number", "4", "fourier", "4"),
    ("Space", "Their fineness, as a number", "2.5", "fourier-scale", "2.5"),
    ("Space", "Warp, as a number", "0.4", "warp", "0.4"),
    ("Space", "Its fineness, as a number", "3", "warp-scale", "3"),
    ("Finish", "Bands, as a number", "7", "bands", "7"),
    ("Finish", "Contours, as a number", "9", "contours", "9"),
    ("Finish", "Relief, as a number", "0.5", "relief", "0.5"),
    ("View", "Zoom, as a number", "2.5", "zoom", "2.5"),
    ("View", "Rotation, as a number", "-30", "rotation", "-30"),
    ("View", "Centre, across, as a number", "0.25", "centre", "0.25,0"),
    ("View", "Centre, down, as a number", "-0.25", "centre", "0.25,-0.25"),
]  # part of the panel, label, what is typed, name in the address, and what stands there


def test_numbers_are_typed(page):
    for part, label, value, name, found in NUMBERS:
        unfold(page, part)
        field = page.get_by_role("spinbutton", name=label, exact=True)
        field.fill(value)
        field.press("Enter")
        assert state(page)[name] == found


def unfold(page, part):
    details = page.locator("#panel details").filter(has=page.get_by_role("heading", name=part))
    if details.get_attribute("open") is None:
        details.locator("summary").click()


def test_every_number_has_a_slider_that_keys_move(page):
    for part in ("Space", "Finish", "View"):
        unfold(page, part)
    sliders = page.locator("#panel").get_by_role("slider")
    names = [
        name for name in sliders.evaluate_all("all => all.map(s => s.getAttribute('aria-labelledby'))") if name
    ]
    assert len(names) == 15
    for i in range(sliders.count()):
        slider = sliders.nth(i)
        if slider.is_hidden():
            continue
        before = state(page)
        slider.press("ArrowRight")
        assert state(page) != before, slider.get_attribute("aria-valuetext")


def test_every_activation_can_be_chosen_by_its_curve(page):
    tiles = page.get_by_role("group", name="Activation", exact=True).get_by_role("button")
    assert set(tiles.evaluate_all("all => all.map(t => t.dataset.name)")) == set(ACTIVATIONS)
    tiles.filter(has_text=re.compile("^ReLU$")).click()
    assert state(page)["activation"] == "relu"
    assert page.locator("#title").inner_text() == "ReLU · 7"


def test_layers_have_activations_of_their_own(page):
    page.get_by_role("button", name="Add an activation for other layers").click()
    page.get_by_role("group", name="Activation", exact=True).get_by_role("button", name="Step", exact=True).click()
    assert state(page)["activation"] == "tanh,step"
    layers = page.get_by_role("group", name="Activations of the layers")
    assert layers.get_by_role("button", name="Step, layer 2").get_attribute("aria-pressed") == "true"
    layers.get_by_role("button", name="Remove Tanh from the list").click()
    assert state(page)["activation"] == "step"


def test_an_activation_is_written_in_words(page):
    field = page.get_by_role("textbox", name="Activation in words")
    field.fill("max(0.1*z, z), mix(swish:2, step)")
    field.press("Enter")
    assert state(page)["activation"] == "max(0.1 * z, z),mix(silu:2, step:1)"
    field.fill("frog(z)")
    field.press("Enter")
    assert "frog" in page.get_by_role("status").first.inner_text() + page.locator("#status").inner_text()
    assert state(page)["activation"] == "max(0.1 * z, z),mix(silu:2, step:1)"


def test_palettes_are_chosen_reversed_and_written(page):
    group = page.get_by_role("group", name="Palette")
    assert group.get_by_role("button").count() == len(PALETTES)
    group.get_by_role("button", name="ember", exact=True).click()
    assert state(page)["palette"] == "ember"
    page.get_by_role("switch", name="Reverse").check()
    assert state(page)["palette"] == "ember_r"
    own = page.get_by_role("textbox", name="Your own colours")
    own.fill("#102a43 #f0b429, #fff")
    own.press("Enter")
    assert state(page)["palette"] == "#102a43,#f0b429,#ffffff"
    page.get_by_role("combobox", name="Model").select_option("oklab")
    assert group.is_hidden()


def test_switches_lists_and_latent_values(page):
    unfold(page, "Space")
    unfold(page, "Finish")
    page.get_by_role("switch", name="Inputs enter every layer").check()
    page.get_by_role("switch", name="Dither").check()
    page.get_by_role("combobox", name="Symmetry").select_option("kaleidoscope")
    folds = page.get_by_role("spinbutton", name="Folds, as a number")
    folds.fill("5")
    folds.press("Enter")
    page.get_by_role("combobox", name="Outside of sRGB").select_option("clip")
    inputs = page.get_by_role("group", name="Inputs", exact=True)
    inputs.get_by_role("button", name="ring").click()
    inputs.get_by_role("button", name=re.compile("^r:")).click()
    button(page, "One latent value more").click()
    page.get_by_role("slider", name="Latent value 1").fill("1.5")
    now = state(page)
    expected = {
        "skip": "1",
        "dither": "1",
        "symmetry": "kaleidoscope:5",
        "gamut": "clip",
        "features": "x,y,ring",
        "latent": "1.5",
    }
    assert {name: now.get(name) for name in expected} == expected
    button(page, "One latent value fewer").click()
    assert "latent" not in state(page)


def test_a_preset_is_a_place_to_begin(page):
    name, preset = next(iter(shipped_presets().items()))
    page.get_by_role("combobox", name="Begin with a preset").select_option(label=preset.title)
    assert copied(page, "Copy recipe, JSON", Recipe.from_json) == preset.recipe, name


def test_the_panel_folds_away(page):
    panel = page.get_by_role("complementary", name="Controls")
    assert panel.is_visible()
    button(page, "Controls").click()
    assert panel.is_hidden()
    page.keyboard.press("p")
    assert panel.is_visible()
    page.keyboard.press("h")
    assert page.get_by_role("toolbar", name="Studio").is_hidden()
    page.keyboard.press("Escape")
    assert page.get_by_role("toolbar", name="Studio").is_visible()


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


@pytest.mark.parametrize(
    "stored",
    ["{", "[1, null, {}]", '[{"recipe": {"seed": -1}}]', '[{"recipe": {}, "picture": "javascript:alert(1)"}]'],
)
def test_whatever_was_stored_the_page_begins(page, stored):
    page.evaluate("text => localStorage.setItem('artstudio:favourites', text)", stored)
    page.reload()
    shown(page)
    assert page.evaluate("document.querySelectorAll('#strip img').length") == 0
    page.evaluate("localStorage.clear()")


def test_without_storage_favourites_last_as_long_as_the_page(browser, address):
    denied = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied'); } });"
    with watched_page(browser, f"{address}#seed=7&{PLAIN}", script=denied, **SMALL) as watched:
        shown(watched.page)
        button(watched.page, "Favourite").click()
        assert watched.page.get_by_role("button", name="Show Tanh · 7").is_visible()
        assert "until the page is closed" in watched.page.locator("#status").inner_text()
        assert watched.problems() == []


# Compare


def test_the_split_shows_the_same_weights_with_another_activation(page):
    alone = look(page)
    canvas(page).press("c")
    page.get_by_role("combobox", name="Compare with").select_option("step")
    divider = page.get_by_role("separator", name="Divider")
    half = look(page)
    assert np.abs(half[:, :480] - alone[:, :480]).max() <= 1
    assert np.abs(half[:, 530:] - alone[:, 530:]).mean() > 2
    divider.press("ArrowLeft")
    assert state(page)["divider"] == "0.48"
    divider.press("Home")
    assert state(page)["divider"] == "0.02"
    box = divider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, 300)
    page.mouse.down()
    page.mouse.move(250, 320, steps=4)
    page.mouse.up()
    assert float(state(page)["divider"]) == pytest.approx(0.25, abs=0.002)
    button(page, "Done").click()
    assert "mode" not in state(page)
    assert np.abs(look(page) - alone).max() <= 1


def test_the_grid_shows_many_and_one_is_picked(page):
    button(page, "Compare").click()
    button(page, "Grid").click()
    tiles = page.get_by_role("button", name=re.compile("^Paint with"))
    assert tiles.count() == 9
    button(page, f"All {len(ACTIVATIONS)}").click()
    assert tiles.count() == len(ACTIVATIONS)
    button(page, "A few").click()
    page.get_by_role("button", name="Paint with Sine").click()
    assert (state(page)["activation"], state(page).get("mode")) == ("sine", None)


# Breed


def test_the_picked_child_has_the_next_children(page):
    canvas(page).press("b")
    wall = page.locator("#wall")
    page.locator("#wall[data-painted]").wait_for()
    children = page.get_by_role("button", name=re.compile("^Child"))
    assert (children.count(), wall.get_by_role("button").count()) == (8, 9)
    children.nth(2).click()
    first = state(page)
    assert len(numbers(first["latent"])) >= 4
    assert (first["litter"], first["mode"]) == ("2", "breed")
    children.nth(5).click()
    assert state(page)["latent"] != first["latent"]
    button(page, "Others").click()
    assert state(page)["litter"] == "4"
    page.get_by_role("slider", name="How different the children are").press("End")
    assert state(page)["strength"] == "1"
    page.keyboard.press("Control+z")
    assert state(page)["latent"] == first["latent"]
    page.get_by_role("button", name="The parent: show it alone").click()
    assert "mode" not in state(page)


# Animate


def test_the_latent_values_move_by_hand_where_motion_is_reduced(page):
    before = look(page)
    canvas(page).press("a")
    assert button(page, "Play").is_visible()
    assert "Motion is reduced" in page.get_by_role("group", name="Mode").inner_text()
    page.get_by_role("slider", name="Place in the loop").fill("0.5")
    assert state(page)["phase"] == "0.5"
    moved = look(page)
    assert np.abs(moved - before).mean() > 1
    button(page, "Done").click()
    assert len(numbers(state(page)["latent"])) == 4
    assert np.abs(look(page) - moved).max() <= 1, "what was seen stays"
    button(page, "Undo").click()
    assert "latent" not in state(page)


def test_it_moves_by_itself_where_motion_is_welcome(browser, address):
    with watched_page(browser, f"{address}#seed=7&{PLAIN}&mode=animate", **SMALL) as watched:
        page = watched.page
        place = page.get_by_role("slider", name="Place in the loop")
        until(page, "Number(document.querySelector('#bar input').value) > 0.01")
        button(page, "Pause").click()
        still = place.input_value()
        shown(page)
        assert place.input_value() == still
        assert watched.problems() == []


# Out of the page


def copied(page, what, read):
    """What a button of the Copy dialog puts on the clipboard."""
    button(page, "Copy").click()
    button(page, what).click()
    page.get_by_role("dialog", name="Copy").wait_for(state="hidden")
    return read(page.evaluate("navigator.clipboard.readText()"))


def test_the_picture_is_copied_in_words(page):
    field = page.get_by_role("spinbutton", name="Gain, as a number")
    field.fill("2")
    field.press("Enter")
    recipe = Recipe(seed=7, units=3, depth=2, gain=2.0)
    line = "artstudio render --seed 7 --size 1000x640 --units 3 --depth 2 --gain 2.0"
    assert copied(page, "Copy command", str) == line
    assert copied(page, "Copy recipe, JSON", Recipe.from_json) == recipe
    assert "gain = 2.0" in copied(page, "Copy recipe, TOML", str)
    assert copied(page, "Copy link", str) == page.evaluate("location.href")


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
    page.get_by_role("combobox", name="Samples a pixel").select_option("1")
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


def test_a_download_is_cancelled(page):
    button(page, "Download").click()
    page.get_by_role("combobox", name="Size").select_option("8k")
    button(page, "Download PNG").click()
    button(page, "Cancel").click()
    page.get_by_text("Cancelled").wait_for()
    assert button(page, "Download PNG").is_enabled()


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


def test_an_address_is_a_picture_and_another_may_follow(page):
    page.evaluate("location.hash = '#seed=11&activation=sine&units=3&depth=2&zoom=2'")
    until(page, "document.getElementById('title').textContent === 'Sine · 11'")
    button(page, "Undo").click()
    assert state(page)["seed"] == "7"
    page.evaluate("location.hash = '#seed=frog'")
    page.get_by_text("seed: expected a number").wait_for()
    assert page.locator("#title").inner_text() == "Tanh · 7"


# The explorer beside it


def test_the_explorer_stands_beside_the_picture_and_shows_what_is_hovered(page):
    canvas(page).press("e")
    explorer = page.get_by_role("complementary", name="Activation explorer")
    assert explorer.get_by_role("heading", level=2).inner_text() == "Tanh"
    stage = page.locator("#stage").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] * 0.7, 200)
    marks = explorer.locator(".ex-marks").first
    marks.wait_for(state="attached")
    places = marks.get_attribute("d")
    assert 1 <= places.count("M") <= 3
    page.mouse.move(stage["x"] + stage["width"] * 0.3, 300)
    until(page, "d => document.querySelector('.ex-marks').getAttribute('d') !== d", places)
    explorer.locator('.ex-chip[data-key="relu"]').click()
    explorer.get_by_role("button", name="Paint with ReLU").click()
    assert (state(page)["activation"], state(page)["explorer"]) == ("relu", "1")
    button(page, "Explorer").click()
    assert explorer.is_hidden()


# Solid


def test_the_keys_are_told_and_can_be_switched_off(page):
    canvas(page).press("?")
    page.get_by_role("switch", name="Single keys do something").uncheck()
    button(page, "Close").click()
    canvas(page).press("r")
    assert state(page)["seed"] == "7"


def test_letters_typed_into_a_field_are_letters(page):
    page.get_by_role("textbox", name="Activation in words").press("r")
    page.get_by_role("spinbutton", name="Seed").press("Control+z")
    assert state(page)["seed"] == "7"


def test_everything_can_be_reached_and_has_a_name(page):
    for part in ("Space", "Finish", "View"):
        unfold(page, part)
    canvas(page).press("l")
    names = page.locator("body").aria_snapshot()
    unnamed = re.findall(
        r"- (?:button|slider|combobox|textbox|spinbutton|switch|img|application)(?::|$)", names, re.MULTILINE
    )
    assert unnamed == []
    reached = set()
    page.keyboard.press("Tab")
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.title || document.activeElement.ariaLabel"))
    assert {"Randomise (R)", "Compare (C)", "Download (D)"} <= reached
    page.evaluate("localStorage.clear()")


TAKE_CONTEXT = """
window.taken = document.getElementById("picture").getContext("webgl2").getExtension("WEBGL_lose_context");
window.taken.loseContext();
"""


def test_a_lost_context_comes_back(page):
    before = look(page)
    page.evaluate(TAKE_CONTEXT)
    page.get_by_role("alert").get_by_text("taken away").wait_for()
    page.evaluate("window.taken.restoreContext()")
    page.get_by_role("alert").wait_for(state="hidden")
    assert np.abs(look(page) - before).max() <= 1
    button(page, "Randomise").click()
    assert np.abs(look(page) - before).mean() > 3


def test_without_webgl_it_says_so_and_the_explorer_works(browser, address):
    missing = "HTMLCanvasElement.prototype.getContext = () => null;"
    with watched_page(browser, f"{address}#{PLAIN}", script=missing, **SMALL) as watched:
        page = watched.page
        assert "WebGL 2" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("heading", name="Sigmoid").is_visible()
        assert button(page, "Randomise").is_hidden()
        assert watched.problems() == []


OUTSIDE = """[...document.querySelectorAll("#dock *, #bar *, #panel, #caption, #foot")].filter((e) => {
  const b = e.getBoundingClientRect();
  return b.width && (b.left < -1 || b.top < -1 || b.right > innerWidth + 1 || b.bottom > innerHeight + 1);
}).map((e) => e.outerHTML.slice(0, 120))"""
TOO_SMALL = """[...document.querySelectorAll(":is(#dock, #bar, #panel) :is(button, input, select)")].filter((e) =>
  e.offsetParent && !e.matches("[role=switch], .unseen") && Math.min(e.offsetHeight, e.offsetWidth) < 24
).map((e) => e.outerHTML.slice(0, 120))"""
COVERED = """[...document.querySelectorAll("#dock button")].filter((e) => {
  const b = e.getBoundingClientRect();
  return !e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2));
}).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize(
    ("width", "height", "scheme"),
    [(360, 740, "light"), (820, 1180, "dark"), (1280, 720, "dark"), (2560, 1440, "light"), (3840, 2160, "dark")],
)
def test_it_fits_from_phones_to_projectors(browser, address, width, height, scheme):
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "reduced_motion": "reduce"}
    with watched_page(browser, f"{address}#seed=7&units=3&depth=1", **options) as watched:
        page = watched.page
        page.locator("html[data-ready]").wait_for()
        canvas(page).press("l")
        for keys in ("", "p", "c", "b", "a", "e"):
            if keys:
                page.keyboard.press(keys)
            assert page.evaluate(
                "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
            ) == [width, height]
            for question in (OUTSIDE, TOO_SMALL, COVERED):
                assert page.evaluate(question) == [], keys
        assert watched.problems() == []
