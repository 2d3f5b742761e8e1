"""What tests do on the studio's page, as a person would: by the names of its controls."""

from io import BytesIO
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image

PLAIN = "schema=4&units=3&depth=2"
"""A network that software paints in no time."""

SMALL = {"viewport": {"width": 1000, "height": 640}, "device_scale_factor": 0.25}
"""A window with a sixteenth of its pixels: the page is as large as ever, and soon painted."""


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
    png = page.locator("#stage").screenshot(scale="css")
    page.evaluate("document.documentElement.classList.remove('bare')")
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def numbers(text):
    return [float(part) for part in text.split(",")]


def unfold(page, part):
    details = page.locator("#panel details").filter(has=page.get_by_role("heading", name=part))
    if details.get_attribute("open") is None:
        details.locator("summary").click()


def copied(page, what, read):
    """What a button of the Share dialog puts on the clipboard."""
    button(page, "Share").click()
    button(page, what).click()
    page.get_by_role("dialog", name="Share").wait_for(state="hidden")
    return read(page.evaluate("navigator.clipboard.readText()"))
