"""Learn mode on the page: its controls and keys, what is seen, files, pictures of one's own, access."""

from io import BytesIO

import numpy as np
import pytest
from browser import axe_violations, watched_page
from click.testing import CliRunner
from driving import SMALL, button, state, until
from PIL import Image
from selection import some

from artstudio.cli import cli
from artstudio.learning.presets import PRESETS
from artstudio.pictures.picture import read_info
from artstudio.pictures.verify import verify


@pytest.fixture
def learn(open_at):
    """Opens learn mode with settings; motion is reduced there, so it waits."""
    return lambda settings="": open_at(f"units=3&depth=2&mode=learn&learn={settings}")


def steps(page):
    return int(page.locator(".learn-count").inner_text().removeprefix("step ").replace(",", ""))


def train(page, count):
    """Play as fast as it goes, for so many steps or a few more."""
    page.get_by_role("combobox", name="Pace").select_option("as fast as it goes")
    button(page, "Play").click()
    until(page, f"+document.querySelector('.learn-count').innerText.replace(/[^0-9]/g, '') >= {count}")
    button(page, "Pause").click()


def tile(page, name):
    return page.get_by_role("article", name=name, exact=True)


def score(page, name):
    return float(tile(page, name).locator(".learn-score").inner_text().split()[0])


def moved(page, name):
    return [float(text) for text in tile(page, name).locator("td:last-child").all_inner_texts()]


def dead(page, name):
    labels = [svg.get_attribute("aria-label") for svg in tile(page, name).locator(".learn-dots").all()]
    return [int(label.split()[-2]) for label in labels]


# Controls


def test_it_opens_by_its_key_and_leads_back(page):
    page.keyboard.press("t")
    assert page.get_by_role("heading", name="Learn").is_visible()
    assert state(page)["mode"] == "learn"
    assert button(page, "Play").is_visible(), "reduced motion waits"
    button(page, "Done").click()
    assert "mode" not in state(page)
    page.keyboard.press("t")
    page.keyboard.press("Escape")
    assert "mode" not in state(page)


@pytest.mark.sweep
def test_it_plays_by_itself_where_motion_is_welcome(browser, address):
    with watched_page(browser, f"{address}#units=3&depth=2&mode=learn", **SMALL) as watched:
        until(watched.page, "document.querySelector('.learn-count').innerText !== 'step 0'")
        watched.page.keyboard.press(" ")
        still = steps(watched.page)
        watched.page.evaluate("new Promise(requestAnimationFrame)")
        assert steps(watched.page) == still > 0
        assert watched.problems() == []


def test_keys_step_and_play_and_the_same_weights_come_back(learn):
    page = learn()
    start = tile(page, "Tanh").locator(".learn-score").inner_text()
    first = page.locator(".learn-chart").get_attribute("aria-label")
    for _ in range(3):
        page.keyboard.press(".")
    assert steps(page) == 3
    third = page.locator(".learn-chart").get_attribute("aria-label")
    assert third != first
    page.keyboard.press(" ")
    assert button(page, "Pause").is_visible()
    page.keyboard.press(" ")
    button(page, "Reset to the same weights").click()
    assert (steps(page), tile(page, "Tanh").locator(".learn-score").inner_text()) == (0, start)
    assert page.locator(".learn-chart").get_attribute("aria-label") == first
    for _ in range(3):
        button(page, "One step").click()
    assert page.locator(".learn-chart").get_attribute("aria-label") == third
    button(page, "New weights").click()
    assert page.locator(".learn-chart").get_attribute("aria-label") != first
    assert state(page)["learn"].endswith("seed:2")


def test_everything_chosen_is_in_the_address_and_comes_back(learn):
    page = learn()
    button(page, "Spiral").click()
    page.get_by_role("combobox", name="Optimiser").select_option("Adam")
    page.get_by_role("combobox", name="Start").select_option("he")
    page.get_by_role("spinbutton", name="Units, as a number").fill("5")
    page.get_by_role("spinbutton", name="Hidden layers, as a number").fill("3")
    page.get_by_role("spinbutton", name="Learning rate, as a number").fill("0.02")
    page.get_by_role("combobox", name="Add an activation").select_option("Sine")
    page.get_by_role("button", name="Remove Identity").click()
    wanted = "tanh,relu,sine,target:spiral,optimiser:adam,rate:0.02,init:he,units:5,depth:3"
    assert state(page)["learn"] == wanted
    again = learn(wanted)
    assert [one.get_attribute("aria-label") for one in again.get_by_role("article").all()] == [
        "Tanh",
        "ReLU",
        "Sine",
    ]
    assert again.get_by_role("spinbutton", name="Units, as a number").input_value() == "5"
    assert again.get_by_role("combobox", name="Optimiser").input_value() == "adam"
    assert button(again, "Spiral").get_attribute("aria-pressed") == "true"


@pytest.mark.sweep
def test_each_may_have_a_learning_rate_of_its_own(learn):
    page = learn()
    page.get_by_role("switch", name="Each its own rate").check()
    tile(page, "ReLU").get_by_role("spinbutton", name="Learning rate, as a number").fill("0.01")
    page.keyboard.press("Tab")
    assert state(page)["learn"].startswith("identity:0.3,tanh:0.3,relu:0.01")
    page.keyboard.press(".")
    button(page, "One step").click()
    assert steps(page) >= 1, "other rates let training go on"


# What is seen


def test_all_learners_have_made_as_many_steps(learn):
    page = learn("step,sigmoid,tanh,relu,gelu,sine,target:spiral")
    train(page, 30)
    count = steps(page)
    words = page.locator(".learn-chart").get_attribute("aria-label")
    assert words.startswith(f"Loss after {count} steps: Step ")
    lines = [line.get_attribute("d").split("L")[-1] for line in page.locator(".learn-chart .learn-line").all()]
    assert len(lines) == 6
    assert len({line.split()[0] for line in lines}) == 1, "they end at the same step"


def test_a_network_that_diverges_stops_alone(learn):
    page = learn("leaky_relu,tanh,rate:5")
    train(page, 200)
    assert "diverged; lower the learning rate" in tile(page, "Leaky ReLU").inner_text()
    assert "diverged" not in tile(page, "Tanh").inner_text()
    assert steps(page) >= 200


@pytest.mark.sweep
def test_step_cannot_learn(learn):
    page = learn("step")
    train(page, 600)
    *hidden, out = moved(page, "Step")
    assert hidden == [0, 0]
    assert out > 0.5, "the read-out learns"
    assert "hidden layers moved 0" in tile(page, "Step").inner_text()
    assert "without a gradient" in tile(page, "Step").locator(".learn-dots").first.get_attribute("aria-label")
    assert score(page, "Step") < 75
    assert min(score(page, "Tanh"), score(page, "ReLU")) > 93


@pytest.mark.sweep
def test_kill_a_relu(learn):
    page = learn("kill")
    train(page, 400)
    assert dead(page, "ReLU") == [7, 8]
    assert dead(page, "Leaky ReLU") == [0, 0]
    assert score(page, "ReLU") == 50
    assert score(page, "Leaky ReLU") > 98


@pytest.mark.sweep
def test_every_preset_says_what_it_shows(learn):
    page = learn()
    for name, preset in PRESETS.items():
        button(page, preset.title).click()
        assert page.get_by_text(preset.claim).is_visible()
        assert state(page).get("learn", "bend") == name


# Files and pictures of one's own


@pytest.mark.parametrize(
    "settings",
    some(["tanh,sine,target:face,units:6,depth:2,rate:0.1", "tanh,relu,target:blobs"], {"tanh,relu,target:blobs"}),
)
def test_a_download_carries_the_trained_weights(learn, tmp_path, settings):
    page = learn(settings)
    train(page, 20)
    tile(page, "Tanh").hover()
    with page.expect_download() as coming:
        button(page, "Download the picture of Tanh").click()
    path = tmp_path / "learned.png"
    coming.value.save_as(path)
    assert coming.value.suggested_filename.startswith("tanh-1-")
    info = read_info(path)
    assert info.recipe.weights
    assert info.recipe.activation == ("tanh",)
    assert "after" in info.title
    assert verify(path).outcome in ("exact", "tolerance")
    out = tmp_path / "again.png"
    assert "trained" in CliRunner().invoke(cli, ["info", str(path)]).output
    outcome = CliRunner().invoke(cli, ["render", str(path), "--size", "64x64", "-o", str(out)])
    assert outcome.exit_code == 0, outcome.output
    button(page, "Show the picture of Tanh in the studio").click()
    until(page, "location.hash.includes('weights=')")
    assert page.evaluate("location.hash").startswith("#seed=1&")
    assert "mode" not in page.evaluate("location.hash")
    small = np.asarray(Image.open(path).convert("RGB").resize((64, 64), Image.Resampling.BOX)).astype(int)
    assert np.abs(np.asarray(Image.open(out).convert("RGB")).astype(int) - small).mean() < 3


def picture_file(colour):
    file = BytesIO()
    image = Image.new("RGB", (90, 60), colour)
    image.paste((250, 250, 250), (0, 0, 45, 30))
    image.save(file, "PNG")
    return {"name": "own.png", "mimeType": "image/png", "buffer": file.getvalue()}


@pytest.mark.sweep
def test_a_picture_without_a_recipe_is_learned_when_one_says_so(page):
    """Dropped on the studio; a file that is no picture is refused as ever."""
    drop = """([name, bytes]) => { const files = new DataTransfer();
      files.items.add(new File([new Uint8Array(bytes)], name));
      dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })); }"""
    own = picture_file((200, 60, 40))
    page.evaluate(drop, ["own.png", list(own["buffer"])])
    dialog = page.get_by_role("dialog", name="Learn this picture?")
    dialog.wait_for()
    button(page, "Cancel").click()
    paste = drop.replace('DragEvent("drop", { dataTransfer', 'ClipboardEvent("paste", { clipboardData')
    page.evaluate(paste, ["own.png", list(own["buffer"])])
    button(page, "Learn it").click()
    assert state(page)["mode"] == "learn"
    assert page.get_by_role("article", name="Tanh").locator(".learn-score").inner_text().endswith("dB")
    train(page, 20)
    button(page, "Done").click()
    page.evaluate(drop, ["notes.txt", [104, 105]])
    page.get_by_text("notes.txt: expected a PNG").wait_for()
    assert dialog.is_hidden()


@pytest.mark.sweep
def test_a_drawing_is_a_target_by_mouse_and_by_keys(learn):
    page = learn()
    button(page, "Draw a target").click()
    board = page.get_by_role("application", name="Drawing")
    box = board.bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 220, steps=4)
    page.mouse.up()
    button(page, "Colour #c8553d").click()
    board.focus()
    for key in ("ArrowLeft", "Shift+ArrowUp", " "):
        board.press(key)
    button(page, "Learn it").click()
    assert tile(page, "Tanh").locator(".learn-score").inner_text().endswith("dB")
    train(page, 10)
    button(page, "XOR").click()
    assert tile(page, "Tanh").locator(".learn-score").inner_text().endswith("%")


# For everyone


@pytest.mark.sweep
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, address, scheme):
    options = {"color_scheme": scheme, "reduced_motion": "reduce", **SMALL}
    with watched_page(browser, f"{address}#units=3&depth=2&mode=learn&learn=step", **options) as watched:
        page = watched.page
        button(page, "One step").click()
        page.get_by_role("switch", name="Each its own rate").check()
        assert axe_violations(page) == []
        button(page, "Draw a target").click()
        assert axe_violations(page) == []
        assert watched.problems() == []


@pytest.mark.sweep
def test_without_webgl_it_works_and_keeps_its_address(browser, address):
    missing = """const context = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
        return kind === "webgl2" ? null : context.call(this, kind, ...more);
      };"""
    with watched_page(browser, address, script=missing, reduced_motion="reduce", **SMALL) as watched:
        page = watched.page
        button(page, "Watch networks learn").click()
        button(page, "Moons").click()
        train(page, 10)
        assert "target:moons" in state(page)["learn"]
        with page.expect_download():
            tile(page, "Tanh").hover()
            button(page, "Download the picture of Tanh").click()
        page.reload()
        assert button(page, "Moons").get_attribute("aria-pressed") == "true"
        button(page, "Done").click()
        assert page.get_by_role("complementary", name="Activation explorer").is_visible()
        assert watched.problems() == []


OUTSIDE = """[...document.querySelectorAll("#learn :is(button, select, input, canvas, table, svg)")].filter((e) => {
  const b = e.getBoundingClientRect();
  return b.width && !e.matches(".unseen") && (b.left < -1 || b.right > innerWidth + 1);
}).map((e) => e.outerHTML.slice(0, 120))"""
SMALL_TARGETS = """[...document.querySelectorAll("#learn :is(button, input, select)")].filter((e) =>
  e.offsetParent && !e.matches("[role=switch]") && Math.min(e.offsetHeight, e.offsetWidth) < 24
).map((e) => e.outerHTML.slice(0, 120))"""


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("width", "height"),
    some([(360, 740), (820, 1180), (1280, 720), (2560, 1440), (3840, 2160)], {(360, 740)}),
)
def test_it_fits_from_phones_to_projectors(browser, address, width, height):
    options = {
        "viewport": {"width": width, "height": height},
        "device_scale_factor": 0.5,
        "reduced_motion": "reduce",
    }
    settings = "step,sigmoid,tanh,leaky_relu,gelu,max(0.1*z,z),target:spiral,units:16,depth:3"
    with watched_page(browser, f"{address}#units=3&depth=2&mode=learn&learn={settings}", **options) as watched:
        page = watched.page
        button(page, "One step").click()
        for question in (OUTSIDE, SMALL_TARGETS):
            assert page.evaluate(question) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("document.querySelector('#learn').scrollWidth") <= width
        assert watched.problems() == []
