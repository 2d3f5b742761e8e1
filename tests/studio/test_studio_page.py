"""The page as a whole: its file, its keys, what it stands, and where it fits."""

import re

import numpy as np
import pytest
from browser import watched_page
from driving import PLAIN, SMALL, button, canvas, look, shown, state, unfold
from selection import some

from artstudio.pages.studio_page import MODULES, join_modules, studio_page

# The file


def test_the_exported_page_is_one_small_file_that_asks_for_nothing(browser, address):
    page = studio_page(served=False)
    assert len(page.encode()) < 450_000
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert "unsafe" not in policy
    assert "default-src &#39;none&#39;" in policy
    with watched_page(browser, f"{address}#{PLAIN}", **SMALL) as watched:
        shown(watched.page)
        assert [url for url in watched.requests if not url.startswith(("file:", "data:", "blob:"))] == []
        assert watched.problems() == []


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


def test_modules_that_import_each_other_are_refused():
    modules = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    with pytest.raises(ValueError, match=re.escape("a.js: imports itself by way of b.js")):
        join_modules("a.js", modules.get)


def test_joined_modules_keep_their_names_to_themselves(browser):
    modules = {
        "a.js": 'import { b } from "./b.js";\nimport {\n  c as d, twice,\n} from "./c.js";\nconst c = 3;\n'
        "window.sum = b + twice(d) + c;\n",
        "b.js": 'import { c } from "./c.js";\n// About b.\nconst start = 100;\nexport const b = start + c;\n',
        "c.js": "const start = 1;\nexport const c = start;\nexport function twice(a) { return 2 * a; }\n",
    }
    page = browser.new_page()
    page.evaluate(join_modules("a.js", modules.__getitem__))
    assert page.evaluate("window.sum") == 101 + 2 + 3
    page.close()


# Solid


@pytest.mark.sweep
def test_the_keys_are_told_and_can_be_switched_off(page):
    canvas(page).press("?")
    page.get_by_role("switch", name="Single keys do something").uncheck()
    button(page, "Close").click()
    canvas(page).press("r")
    assert state(page)["seed"] == "7"


@pytest.mark.sweep
def test_letters_typed_into_a_field_are_letters(page):
    page.get_by_role("textbox", name="Activation in words").press("r")
    page.get_by_role("spinbutton", name="Seed").press("Control+z")
    assert state(page)["seed"] == "7"


@pytest.mark.sweep
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


@pytest.mark.sweep
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
    some(
        [
            (360, 740, "light"),
            (820, 1180, "dark"),
            (1280, 720, "dark"),
            (2560, 1440, "light"),
            (3840, 2160, "dark"),
        ],
        {(360, 740, "light")},
    ),
)
def test_it_fits_from_phones_to_projectors(browser, address, width, height, scheme):
    options = {"viewport": {"width": width, "height": height}, "color_scheme": scheme, "reduced_motion": "reduce"}
    with watched_page(browser, f"{address}#seed=7&units=3&depth=1", **options) as watched:
        page = watched.page
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
