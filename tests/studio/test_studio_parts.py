"""Parts of the page alone: in files of their own, in frames on other pages, and in notebooks."""

import base64
import gzip
import html
import re
from contextlib import contextmanager

import numpy as np
import pytest
from browser import axe_violations, watched_page
from driving import PLAIN, SMALL, button, look, shown
from selection import some
from studio_modules import served_folder

from artstudio import Recipe, View, studio
from artstudio.errors import BadInput
from artstudio.pages.embedding.frame import recipe_address
from artstudio.pages.embedding.parts import PARTS, part_page
from artstudio.pages.studio_page import studio_page

LARGEST = 150_000
WHAT_IT_IS = {
    "picture": "[role=application]",
    "explorer": ".ex-panel",
    "softmax": ".ex-softmax",
    "depth": ".ex-depth",
    "learn": ".learn-tile",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The whole page and each part, as files."""
    folder = tmp_path_factory.mktemp("parts")
    (folder / "studio.html").write_text(studio_page(served=False), encoding="utf-8")
    for name in PARTS:
        (folder / f"{name}.html").write_text(part_page(name), encoding="utf-8")
    return folder


@contextmanager
def part_of(browser, folder, name, whole, **options):
    """A part in a small window: of the whole page, or as a file of its own."""
    address = f"studio.html?embed&part={name}" if whole else f"{name}.html"
    with watched_page(
        browser, f"{(folder / 'x').parent.as_uri()}/{address}#seed=7&{PLAIN}", **SMALL, **options
    ) as w:
        yield w


@pytest.mark.parametrize("name", PARTS)
def test_a_part_is_a_small_file(name):
    page = part_page(name)
    assert len(page.encode()) < (220_000 if name == "learn" else LARGEST)  # with its pictures and points
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])
    assert "unsafe" not in policy
    assert "connect-src" not in policy


def script_of(name):
    packed = re.search(r'id="script">([^<]*)<', part_page(name))[1]
    return gzip.decompress(base64.b64decode(packed)).decode()


def test_the_explorer_alone_brings_no_painter():
    assert "createProgram" in script_of("picture")
    assert "createProgram" not in script_of("explorer")


WHOLE_AND_SCHEME = [(True, "light"), (False, "dark")]


@pytest.mark.sweep
@pytest.mark.parametrize(("whole", "scheme"), some(WHOLE_AND_SCHEME, WHOLE_AND_SCHEME[1:]))
@pytest.mark.parametrize("name", some(PARTS, {"picture"}))
def test_only_the_part_is_there(browser, folder, name, whole, scheme):
    with part_of(browser, folder, name, whole, color_scheme=scheme) as watched:
        page = watched.page
        assert page.locator(WHAT_IT_IS[name]).first.is_visible()
        assert page.locator("#dock, #panel, #caption, #wall").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert axe_violations(page) == []
        assert [url for url in watched.requests if not url.startswith(("file:", "data:"))] == []
        assert watched.problems() == []


def test_an_unknown_part_is_named(browser, folder):
    with part_of(browser, folder, "pictur", whole=True) as watched:
        assert "There is no part 'pictur'" in watched.page.get_by_role("alert").inner_text()
    with pytest.raises(BadInput, match="unknown part 'pictur'; did you mean 'picture'"):
        part_page("pictur")


@pytest.mark.sweep
def test_the_embedded_picture_is_the_studios(browser, folder, address):
    fragment = "seed=7&activation=step&units=3&depth=2&palette=ember&zoom=0.8"
    with watched_page(browser, f"{address}#{fragment}", reduced_motion="reduce", **SMALL) as watched:
        whole = look(watched.page)
    with watched_page(browser, f"{(folder / 'picture.html').as_uri()}#{fragment}", **SMALL) as watched:
        page = watched.page
        assert np.abs(look(page) - whole).max() <= 1
        page.get_by_role("application").press("+")
        assert np.abs(look(page) - whole).mean() > 1
        page.evaluate("location.hash = 'seed=8'")
        shown(page)
        assert "· 8" in page.get_by_role("application").get_attribute("aria-label")


def test_depth_follows_the_address_and_the_controls(browser, folder):
    with watched_page(browser, f"{(folder / 'depth.html').as_uri()}#activation=relu", **SMALL) as watched:
        page = watched.page
        product = page.locator(".ex-product")
        assert product.inner_text().replace("\n", "") == "110 = 1"
        page.get_by_role("combobox", name="Activation").select_option("step")
        assert float(product.get_attribute("data-value")) == 0
        page.get_by_role("slider", name="z").fill("0")
        page.get_by_role("combobox", name="Activation").select_option("sigmoid")
        page.get_by_role("slider", name="Layers").fill("3")
        assert float(product.get_attribute("data-value")) == 0.25**3


FRAMES = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Slides</title><link rel="icon" href="data:,">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; frame-src {sources}; img-src data:">
<main><h1>Slides</h1>{frames}</main></html>"""


def test_parts_work_in_frames_under_a_strict_policy(browser, folder):
    """What docs/embedding.md says: `frame-src 'self'` on the page around, and a sandbox that only runs scripts."""
    frames = [
        f'<iframe title="{name}" sandbox="allow-scripts"'
        f' src="studio.html?embed&amp;part={name}#seed=7&amp;{PLAIN}"></iframe>'
        for name in PARTS
    ]
    text = FRAMES.format(sources="'self'", frames="".join(frames))
    (folder / "slides.html").write_text(text, encoding="utf-8")
    with served_folder(folder) as root, watched_page(browser, f"{root}/slides.html") as watched:
        for name, what in WHAT_IT_IS.items():
            frame = watched.page.frame_locator(f'iframe[title="{name}"]')
            frame.locator(what).first.wait_for()
        assert watched.problems() == []


# In notebooks


@pytest.mark.sweep
def test_a_notebook_shows_the_recipe(browser, tmp_path):
    recipe = Recipe(seed=7, units=3, depth=2, activation=["max(0.1*z, z)", "tanh"], view=View(zoom=2.0))
    frame = studio(recipe, height=500)
    (tmp_path / "cell.html").write_text(f"<!doctype html>{frame._repr_html_()}", encoding="utf-8")
    with watched_page(browser, (tmp_path / "cell.html").as_uri(), **SMALL) as watched:
        inside = watched.page.frame_locator("iframe")
        inside.locator("#picture[data-shown=still]").wait_for()
        assert inside.get_by_role("textbox", name="Activation in words").input_value() == "max(0.1 * z, z), tanh"
        assert inside.get_by_role("spinbutton", name="Seed").input_value() == "7"
        assert watched.errors == []


def test_a_part_for_a_notebook(tmp_path):
    frame = studio(part="softmax", width=480, height=300)
    assert 'width="480" height="300"' in frame._repr_html_()
    assert len(frame.page) < LARGEST
    assert frame.save(tmp_path / "softmax.html").read_text(encoding="utf-8") == frame.page
    with pytest.raises(BadInput, match="height: expected 100 to 4320"):
        studio(height=5)
    with pytest.raises(BadInput, match="width: expected pixels"):
        studio(width='1" onload="x')


@pytest.mark.sweep
def test_the_address_of_a_recipe_is_the_pages_own(page):
    recipe = Recipe(
        seed=7, activation=["max(0.1*z, z)", "mix(tanh:3, step:1)"], features=["x", "y"], latent=(0.5, -1.0),
        palette=["#102a43", "#f0b429"], view=View(centre=(0.5, -1), zoom=2), skip=True, symmetry="kaleidoscope:6",
    )  # fmt: skip
    page.evaluate("hash => { location.hash = hash; }", recipe_address(recipe))
    button(page, "Share").click()
    text = page.get_by_role("textbox", name="The whole recipe, for programs, text").input_value()
    assert Recipe.from_json(text) == recipe
    button(page, "Close").click()
