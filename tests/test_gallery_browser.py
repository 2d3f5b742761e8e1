"""The gallery's page in a real browser, used as a person uses it."""

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browser import axe_violations, launched_browser, watched_page
from galleries import picture, write_gallery, write_picture
from selection import some

from artstudio.model.recipe import Recipe


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


PICTURES = (
    picture("dawn", recipe=Recipe(activation="step", palette="dusk")),
    picture("crème", digest="2", tags=("calm",), recipe=Recipe(activation="tanh", palette="moss")),
    picture("broken", status="failed", reason="the disk is full", recipe=None, collection="Nights"),
    picture("night", digest="4", width=300, height=300, recipe=Recipe(activation="tanh"), collection="Nights"),
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write_gallery(tmp_path_factory.mktemp("gallery"), PICTURES)


@pytest.fixture
def gallery(browser, address):
    """The small gallery, opened from the disk; nothing may go wrong on it in any test."""
    with watched_page(browser, address, reduced_motion="reduce") as watched:
        yield watched.page
        assert watched.problems() == []
        assert [url for url in watched.requests if not url.startswith(address.rpartition("/")[0])] == []


def link(page, name):
    return page.get_by_role("link", name=f"{name}: abstract picture")


def wait_for_focus(page, locator):
    """Wait until a thing has the keyboard's focus: a closing dialog gives it back a moment later."""
    locator.and_(page.locator(":focus")).wait_for()


def cards(page):
    return page.locator(".card:visible")


@pytest.mark.sweep
def test_it_works_over_http_under_the_same_policy(browser, address, tmp_path):
    write_gallery(tmp_path, PICTURES)
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with watched_page(browser, f"http://127.0.0.1:{server.server_port}/") as watched:
        link(watched.page, "Dawn").click()
        watched.page.wait_for_function("() => document.getElementById('picture').naturalWidth === 480")
        assert watched.problems() == []
    server.shutdown()
    server.server_close()


def test_without_javascript_the_pictures_are_links(browser, address):
    with watched_page(browser, address, java_script_enabled=False) as watched:
        assert link(watched.page, "Dawn").get_attribute("href") == "./dawn.png"
        assert watched.page.get_by_role("search").count() == 0
        link(watched.page, "Dawn").click()
        watched.page.wait_for_url("**/dawn.png")


def test_arrows_home_end_and_escape_move_through_the_lightbox(gallery):
    heading = gallery.get_by_role("dialog").get_by_role("heading", level=2)
    link(gallery, "Dawn").focus()
    gallery.keyboard.press("Enter")
    keys = ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft", "Home", "ArrowLeft", "End", "Shift+Home"]
    titles = ["Crème", "Night", "Night", "Crème", "Dawn", "Dawn", "Night", "Night"]
    for key, title in zip(keys, titles, strict=True):
        gallery.keyboard.press(key)
        assert heading.text_content() == title
    gallery.keyboard.press("Escape")
    wait_for_focus(gallery, link(gallery, "Night"))


def test_the_lightbox_keeps_the_focus(gallery):
    link(gallery, "Dawn").click()
    wait_for_focus(gallery, gallery.get_by_role("button", name="Close"))
    for _ in range(20):
        gallery.keyboard.press("Tab")
        inside = "() => document.activeElement === document.body || lightbox.contains(document.activeElement)"
        assert gallery.evaluate(inside)


def test_the_lightbox_shows_the_recipe_and_the_command(gallery):
    link(gallery, "Dawn").click()
    box = gallery.get_by_role("dialog", name="Dawn")
    terms, details = (box.get_by_role(role).all_text_contents() for role in ("term", "definition"))
    facts = dict(zip(terms, details, strict=True))
    assert facts["Activation"] == "step"
    assert facts["Palette"] == "dusk"
    assert facts["Network"] == "6 layers of 24 units"
    assert facts["Size"] == "480 × 270, 31 kB"
    assert box.get_by_role("img").get_attribute("alt") == "Dawn: abstract picture, activation step, palette dusk"
    box.get_by_text("Recipe as JSON").click()
    assert Recipe.from_dict(json.loads(gallery.locator("#json").inner_text())) == PICTURES[0].recipe
    box.get_by_role("button", name="Next picture").click()
    assert gallery.get_by_role("dialog", name="Crème").count() == 1
    gallery.get_by_role("button", name="Close").click()
    assert gallery.get_by_role("dialog").count() == 0


@pytest.mark.parametrize("clipboard", some(["there", "refused", "missing"], {"there"}))
def test_the_command_can_be_copied(browser, address, clipboard):
    script = {
        "there": "",
        "refused": "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'));",
        "missing": "Object.defineProperty(navigator, 'clipboard', { value: undefined });",
    }[clipboard]
    with watched_page(
        browser, address, script=script, permissions=["clipboard-read", "clipboard-write"]
    ) as watched:
        page = watched.page
        link(page, "Dawn").click()
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        page.keyboard.press("Escape")
        wait_for_focus(page, link(page, "Dawn"))
        page.get_by_role("searchbox", name="Search").focus()
        page.keyboard.press("ControlOrMeta+V")
        assert page.get_by_role("searchbox").input_value() == PICTURES[0].command
        assert watched.problems() == []


def test_filters_narrow_the_wall_and_say_how_far(gallery):
    status = gallery.locator("#count")
    assert (status.text_content(), status.get_attribute("role")) == ("4 pictures", "status")
    gallery.get_by_role("combobox", name="Activation").select_option("tanh")
    assert cards(gallery).count() == 2
    assert status.text_content() == "2 of 4 pictures"
    gallery.get_by_role("searchbox").fill("creme MOSS")
    assert status.text_content() == "1 of 4 pictures"
    link(gallery, "Crème").click()
    assert gallery.locator("#position").text_content() == "1 of 1"
    gallery.keyboard.press("Escape")
    gallery.get_by_role("searchbox").fill("nothing like it")
    assert gallery.get_by_text("No picture is like that").is_visible()
    gallery.get_by_role("button", name="Show all").click()
    assert cards(gallery).count() == 4


def test_the_address_keeps_the_filter_and_the_picture(gallery):
    gallery.get_by_role("combobox", name="Activation").select_option("tanh")
    gallery.get_by_role("searchbox").fill("è & #")
    gallery.wait_for_url("**#q=*&activation=tanh")
    gallery.get_by_role("searchbox").fill("crème")
    link(gallery, "Crème").click()
    gallery.wait_for_url("**picture=cr%C3%A8me")
    gallery.reload()
    assert gallery.get_by_role("dialog", name="Crème").is_visible()
    gallery.keyboard.press("Escape")
    gallery.wait_for_url("**activation=tanh")
    assert gallery.get_by_role("searchbox").input_value() == "crème"
    assert cards(gallery).count() == 1
    gallery.evaluate("location.hash = 'activation=unheard&collection=Nights'")
    gallery.wait_for_function("() => document.querySelector('[name=collection]').value === 'Nights'")
    assert cards(gallery).count() == 2
    assert gallery.get_by_text("the disk is full").is_visible()


def test_the_theme_follows_the_system_until_it_is_chosen(browser, address):
    ground = "() => getComputedStyle(document.body).backgroundColor"
    with watched_page(browser, address, color_scheme="dark") as watched:
        page = watched.page
        assert page.evaluate(ground) == "rgb(20, 20, 22)"
        page.get_by_role("button", name="Light theme").click()
        assert page.evaluate(ground) == "rgb(251, 250, 248)"
        page.reload()
        assert page.evaluate(ground) == "rgb(251, 250, 248)"
        assert page.get_by_role("button", name="Dark theme").is_visible()


def test_the_page_has_landmarks_and_a_way_past_the_filters(gallery):
    for role in ("banner", "main", "contentinfo", "search"):
        assert gallery.get_by_role(role).count() == 1, role
    assert gallery.get_by_role("heading", level=1).text_content() == "My gallery"
    gallery.keyboard.press("Tab")
    gallery.keyboard.press("Enter")
    gallery.keyboard.press("Tab")
    wait_for_focus(gallery, link(gallery, "Dawn"))


@pytest.mark.parametrize("scheme", some(["light", "dark"], {"light"}))
def test_axe_finds_nothing(browser, address, tmp_path, scheme):
    with watched_page(browser, address, color_scheme=scheme, reduced_motion="reduce") as watched:
        page = watched.page
        assert axe_violations(page) == []
        page.get_by_role("searchbox").fill("nothing like it")
        assert axe_violations(page) == []
        page.get_by_role("button", name="Show all").click()
        link(page, "Dawn").click()
        page.get_by_text("Recipe as JSON").click()
        assert axe_violations(page) == []
    with watched_page(browser, write_gallery(tmp_path, ()), color_scheme=scheme) as watched:
        assert axe_violations(watched.page) == []


@pytest.mark.parametrize("width", some([320, 360, 1280, 3840], {320}))
def test_nothing_sticks_out_at_any_width(browser, address, width):
    with watched_page(browser, address, viewport={"width": width, "height": 800}) as watched:
        outside = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert watched.page.evaluate(outside) <= 0
        link(watched.page, "Dawn").click()
        assert watched.page.evaluate("() => lightbox.scrollWidth - lightbox.clientWidth") == 0
        assert watched.page.get_by_role("button", name="Close").is_visible()


@pytest.mark.sweep
def test_five_thousand_pictures_stay_light(browser, tmp_path):
    write_picture(tmp_path / "one.png", 64, 36)
    palettes = ("dusk", "moss", "ember", "ink")
    pictures = [
        picture(
            f"study-{index:04}", file="one.png", digest="1", recipe=Recipe(seed=index, palette=palettes[index % 4])
        )
        for index in range(5000)
    ]
    url = write_gallery(tmp_path, pictures)
    assert (tmp_path / "index.html").stat().st_size / 5000 < 2000
    with watched_page(browser, url) as watched:
        page = watched.page
        page.wait_for_function("() => document.querySelector('.card img').complete")
        before = page.evaluate("() => document.documentElement.scrollHeight")
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")

        def layouts():
            metrics = session.send("Performance.getMetrics")["metrics"]
            return next(metric["value"] for metric in metrics if metric["name"] == "LayoutCount")

        start = layouts()
        page.locator("select[name=palette]").evaluate(
            "pick => { pick.value = 'moss'; pick.dispatchEvent(new Event('input', { bubbles: true })); }"
        )
        assert page.locator("#count").text_content() == "1250 of 5000 pictures"
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert layouts() - start <= 4
        page.get_by_role("button", name="Show all").click()
        page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")
        page.wait_for_function("() => [...document.querySelectorAll('.card img')].at(-1).complete")
        assert page.evaluate("() => document.documentElement.scrollHeight") == before, "the page jumped"
        assert watched.problems() == []
