"""The documentation: every command in it is one that there is, and runs; the site is whole and works offline."""

import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import launched_browser, watched_page
from PIL import Image

from artstudio.cli import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands():
    """Every line of the pages' shell blocks that starts artstudio: (page, words)."""
    for page in PAGES:
        for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == ["artstudio"]:
                    yield page.relative_to(ROOT), tuple(words[1:])


COMMANDS = list(dict.fromkeys(words for _, words in commands()))


def parse(group, words):
    """Parse a command line as artstudio does, and run nothing."""
    command = group.get_command(click.Context(group), words[0])
    assert command is not None, words[0]
    if isinstance(command, click.Group):
        parse(command, words[1:])
    else:
        command.make_context(words[0], list(words[1:]))


def test_the_pages_have_many_commands_and_each_is_one_that_there_is():
    assert len(COMMANDS) > 80
    for page, words in commands():
        try:
            parse(cli, words)
        except click.UsageError as error:
            pytest.fail(f"{page}: artstudio {shlex.join(words)}: {error.format_message()}")


SMALL = {
    "render": ("--size", "48x27"), "gallery": ("--size", "48x27"), "curate": ("--size", "48x27"),
    "vary": ("--size", "48x27"), "breed": ("--size", "48x27"), "surprise": ("--size", "48x27"),
    "animate": ("--size", "48x26", "--seconds", "2", "--fps", "5"), "learn": ("--steps", "12"),
    "deck": ("--include", "title,plots"), "compare": ("--panel", "32x18"),
}  # fmt: skip
"""What makes a command quick; what it says itself of these goes."""

FEWER = {"--count": "4", "--keep": "2", "--best-of": "3"}

SERVES = (("studio",),)
"""What goes on until it is stopped."""


def quickly(words):
    """Return a command's words for a small picture, and few of them."""
    options = dict(zip(SMALL.get(words[0], ())[::2], SMALL.get(words[0], ())[1::2], strict=True))
    found, skipped = [], False
    for word in words:
        name = word.partition("=")[0]
        if skipped:
            skipped = False
        elif name in options:
            skipped = "=" not in word
        else:
            found.append(FEWER.get(found[-1], word) if found else word)
    if "--lr" not in words and words[0] == "learn":
        found += ["--lr", "0.1"]
    return [*found, *SMALL.get(words[0], ())]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with what the pages' commands start from."""
    folder = tmp_path_factory.mktemp("docs")
    ramp = Image.radial_gradient("L").resize((64, 64))
    for name in ("photo.jpg", "portrait.jpg", "logo.png", "picture.jpg"):
        Image.merge("RGB", (ramp, ramp.rotate(90), ramp.transpose(0))).save(folder / name)
    (folder / "mine.toml").write_text('[harbour]\nseed = 12\nactivation = ["tanh", "sine"]\n', encoding="utf-8")
    start = [
        ("render", "-s", "7", "-o", "outputs/tanh-7.png"), ("render", "-s", "7", "-o", "first.png"),
        ("render", "-s", "3", "-o", "good.png"), ("render", "-s", "3", "-o", "sine.png"),
        ("animate", "agate", "-o", "agate.mp4"), ("gallery", "agate", "rose-window"),
        ("curate", "--count", "4", "--keep", "2"), ("gallery", "mine.toml", "-o", "outputs/mine"),
    ]  # fmt: skip
    (folder / "outputs").mkdir()
    for words in start:
        code, _, err = run(folder, quickly(words))
        assert code == 0, err
    return folder


def run(folder, words):
    """Run artstudio there; returns exit code, stdout and stderr."""
    command = [sys.executable, "-P", "-m", "artstudio", *words]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    return done.returncode, done.stdout, done.stderr


SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"
RUN = [words for words in COMMANDS if words not in SERVES and not any("://" in word for word in words)]


@pytest.mark.sweep
@pytest.mark.parametrize("words", RUN[:: 20 if SHORT else 1], ids=shlex.join)
def test_a_command_of_the_pages_runs(words, folder):
    code, _, err = run(folder, quickly(words))
    if "--template" in words or "-f" not in words:
        err = err.replace("exists already", "")
    again = code == 2 and ": " in err and "overwrite" in err.replace("--force replaces", "overwrite")
    assert code == 0 or again or "university.pptx" in words, err


# The site


class Links(HTMLParser):
    """What a page links to and loads, and the places in it that a link may name."""

    def __init__(self, text):
        super().__init__()
        self.links, self.loads, self.places = [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        about = dict(attributes)
        self.places |= {about[name] for name in ("id", "name") if about.get(name)}
        if tag == "a" and about.get("href"):
            self.links.append(about["href"])
        self.loads += [about[name] for name in ("src", "data-src") if about.get(name)]
        if tag == "link" and about.get("href"):
            self.loads.append(about["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site: warnings are errors."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", str(ROOT / "docs"), str(folder)]
    done = subprocess.run(build, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return folder


@pytest.mark.sweep
def test_links_lead_somewhere_and_nothing_is_loaded_from_elsewhere(site):
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    assert len(pages) > 25
    for path, page in pages.items():
        for address in [*page.links, *page.loads]:
            parts = urlsplit(address)
            if parts.scheme in ("data", "mailto") or (parts.scheme and address in page.links):
                continue
            assert not parts.scheme, f"{path.name} loads {address}"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), f"{path.relative_to(site)}: {address}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].places, f"{path.relative_to(site)}: {address}"


@pytest.mark.sweep
def test_the_site_works_from_the_disk_and_is_for_everyone(site):
    with launched_browser() as browser:
        for address, width, scheme in (
            ("index.html", 390, "light"), ("reference/commands.html", 1280, "dark"), ("lesson.html", 1280, "light"),
            ("guides/galleries.html", 390, "dark"), ("tutorial.html", 2560, "light"),
        ):  # fmt: skip
            options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
            with watched_page(browser, f"file://{site}/{address}", **options) as watched:
                outside = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert watched.page.evaluate(outside) <= 0, address
                assert watched.problems() == []
                assert Axe().run(watched.page).response["violations"] == [], address
        with watched_page(browser, f"file://{site}/search.html?q=softmax") as watched:
            watched.page.locator("#search-results li").first.wait_for()
        with watched_page(browser, f"file://{site}/guides/studio.html") as watched:
            frame = watched.page.frame_locator("iframe.studio")
            frame.locator("html[data-ready]").wait_for(state="attached", timeout=60_000)
            frame.get_by_text("Art Studio").first.wait_for()
