"""The system's Chromium, driven by Playwright, for the tests of the pages.

Without one of them the tests are skipped, with the reason in pytest's summary; where ARTSTUDIO_REQUIRE_BROWSER
is 1 they fail instead, so that a run that must include them cannot pass them over.
"""

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

_ARGUMENTS = (
    "--no-sandbox",  # containers run as root, where Chromium's sandbox does not start
    "--disable-gpu",
    "--use-angle=swiftshader",  # WebGL in software, the same everywhere
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")

_WATCH = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...values) => { window.ran.push(name + "(" + values.join() + ")"); };
}
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(event.violatedDirective + " " + event.blockedURI);
});
"""


def missing(reason):
    """Skip the test for want of something, or fail it where it must run."""
    if os.environ.get("ARTSTUDIO_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextmanager
def launched_browser():
    """Start Chromium with an empty profile; skip, or fail, where there is none."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("needs Playwright: pip install playwright")
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        missing("needs Chromium, for example: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page, and what happened on it: console errors, requests, and (by `problems`) scripts that ran."""

    page: object
    errors: list = field(default_factory=list)
    requests: list = field(default_factory=list)

    def problems(self):
        """Errors, scripts that ran and should not have, and violations of the page's own policy."""
        return self.errors + self.page.evaluate("[...window.ran, ...window.violations]")


_RUN_AXE = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`)))"""


def axe_violations(page):
    """What axe-core, with all its rules, finds wrong for people with other eyes, hands and ears; a list of lines."""
    try:
        from axe_playwright_python.base import AXE_SCRIPT
    except ImportError:
        missing("needs axe-core: pip install axe-playwright-python")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(_RUN_AXE)


@contextmanager
def watched_page(browser, url, *, script="", **options):
    """Open an address in a fresh context; `script` runs before the page's own."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
    context.set_default_timeout(60_000)  # only what never happens takes that long, on a busy machine too
    context.add_init_script(_WATCH + script)
    watched = Watched(context.new_page())
    page = watched.page
    page.on("console", lambda message: message.type == "error" and watched.errors.append(message.text))
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("request", lambda request: watched.requests.append(request.url))
    page.goto(url)
    if page.locator("script#script").count():  # a studio, which unpacks its script before it starts it
        page.locator("html[data-ready]").wait_for(state="attached")
    yield watched
    context.close()
