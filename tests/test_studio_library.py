"""What the served page adds, in a real browser against the real server: full-quality renders and galleries."""

import json
import threading
from base64 import b64encode
from contextlib import contextmanager
from hashlib import sha256

import numpy as np
import pytest
from browser import axe_violations, launched_browser, watched_page

import artstudio
from artstudio.model.recipe import Recipe
from artstudio.pictures.picture import save

uvicorn = pytest.importorskip("uvicorn")
pytest.importorskip("starlette")

from artstudio.pages import serving  # noqa: E402
from artstudio.pages.server import studio_app  # noqa: E402
from artstudio.pages.studio_page import join_modules, source, studio_page  # noqa: E402

RECIPE = Recipe(seed=11, activation="sine", units=6, depth=2)
TITLE = "<img src=x onerror=alert(1)>"
BOOT = """import { mountLibrary } from "./library.js";
window.loaded = [];
const recipe = JSON.parse(document.getElementById("recipe").textContent);
const setRecipe = (loaded) => window.loaded.push(loaded);
mountLibrary(document.getElementById("here"), { served: true }, { getRecipe: () => recipe, setRecipe });
"""


def small_page():
    """The library alone on a page, joined as the exporter joins modules, under a policy as strict as the studio's."""
    script = join_modules("boot.js", lambda name: BOOT if name == "boot.js" else source(name))
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'sha256-{allowed}'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    recipe = json.dumps(RECIPE.to_dict())
    return (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<title>Library</title><div id="here"></div><script type="application/json" id="recipe">{recipe}</script>'
        f'<script type="module">{script}</script>'
    )


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("library") / "outputs"
    (folder / "mine #1?").mkdir(parents=True)
    pixels = np.full((40, 60, 3), 90, np.uint8)
    save(folder / "mine #1?" / "hostile.png", pixels, RECIPE.replace(seed=3), title=TITLE)
    return folder


@contextmanager
def served(page, outputs):
    """The real server with a page; yields its address."""
    with serving.listen(0) as listening:
        app = studio_app(page, outputs, listening.getsockname()[1])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield serving.address(listening)
        finally:  # a server that goes on would keep the tests from ending
            server.should_exit = True
            thread.join()
            app.state.renders.close()


@pytest.fixture(scope="module")
def address(outputs):
    with served(small_page(), outputs) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


@pytest.fixture
def page(browser, address):
    with watched_page(browser, address) as watched:
        watched.page.locator(".lib-pictures img").first.wait_for()
        yield watched.page
        assert watched.problems() == []
        assert [url for url in watched.requests if not url.startswith(address)] == []


@pytest.mark.sweep
def test_a_picture_s_recipe_is_loaded_and_its_title_is_only_text(page):
    page.get_by_role("button", name=f"Load {TITLE}, 60 × 40").click()
    assert page.evaluate("window.loaded") == [RECIPE.replace(seed=3).to_dict()]
    assert (
        page.locator(".lib-pictures img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 60
    )


def test_a_picture_is_rendered_and_appears_in_its_gallery(page, outputs):
    page.get_by_role("combobox", name="Size").select_option("other")
    page.get_by_role("textbox", name="Width x height in pixels").fill("80x45")
    page.get_by_role("button", name="Render with artstudio").click()
    link = page.get_by_role("link", name="studio/sine-11-80x45.png")
    link.wait_for()
    assert artstudio.load_recipe(outputs / "studio" / "sine-11-80x45.png") == RECIPE
    page.get_by_role("combobox", name="Gallery").select_option("studio")
    page.get_by_role("button", name="Load sine-11-80x45, 80 × 45").wait_for()


def test_a_bad_size_is_told(browser, address):
    with watched_page(browser, address) as watched:
        page = watched.page
        page.get_by_role("combobox", name="Size").select_option("other")
        page.get_by_role("textbox", name="Width x height in pixels").fill("wide")
        page.get_by_role("button", name="Render with artstudio").click()
        page.get_by_text("expected WIDTHxHEIGHT").wait_for()


@pytest.mark.sweep
def test_a_render_is_cancelled(page, outputs, monkeypatch):
    go_on = threading.Event()

    def paint(recipe, *, width, height, progress, **others):
        progress(width * height // 4)
        while not go_on.is_set():  # until the cancel button's request has come
            progress(0)
            go_on.wait(0.01)
        raise AssertionError("it went on")

    monkeypatch.setattr("artstudio.engine.render.render", paint)
    page.get_by_role("combobox", name="Size").select_option("8k")
    page.get_by_role("button", name="Render with artstudio").click()
    page.get_by_text("25 %").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled").wait_for()
    go_on.set()
    assert not list(outputs.glob("studio/*7680*"))


@pytest.mark.sweep
def test_the_whole_page_renders_what_it_shows_and_loads_from_a_gallery(browser, outputs):
    recipe = Recipe(seed=21, units=3, depth=1, palette="moss")
    with (
        served(studio_page(served=True), outputs) as address,
        watched_page(browser, f"{address}#schema=4&seed=21&units=3&depth=1&palette=moss") as watched,
    ):
        page = watched.page
        page.get_by_role("heading", name="Render with artstudio").click()
        page.get_by_role("region", name="Full quality").get_by_role("combobox", name="Size").select_option("thumb")
        page.get_by_role("button", name="Render with artstudio").click()
        page.get_by_role("link", name="studio/tanh-21-256x256.png").wait_for()
        assert artstudio.load_recipe(outputs / "studio" / "tanh-21-256x256.png") == recipe
        page.get_by_role("combobox", name="Gallery").select_option("mine #1?")
        page.get_by_role("button", name=f"Load {TITLE}, 60 × 40").click()
        page.get_by_text("Recipe loaded").wait_for()
        assert page.locator("#title").inner_text() == "Sine · 3"
        assert axe_violations(page) == []
        assert watched.problems() == []
        assert [url for url in watched.requests if not url.startswith((address, "data:"))] == []
