"""The Art Studio in a real browser, driven as a person would: by the names of its controls, mouse, touch and keys."""

import pytest
from browser import launched_browser, watched_page
from driving import PLAIN, SMALL, opened

from artstudio.pages.studio_page import studio_page


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
def open_at(window, address):
    """Opens the studio anew at a fragment; nothing may go wrong on it in any test."""
    window.errors.clear()
    yield lambda fragment: opened(window.page, address, fragment)
    assert window.problems() == []


@pytest.fixture
def page(open_at):
    """The studio, opened anew with seed 7."""
    return open_at(f"seed=7&{PLAIN}")
