"""Makes the films of the studio's learn mode, docs/images/learn-mode-*.webp, from screenshots in Chromium.

Each is one address of the page, photographed while it trains: ever more steps from one frame to the next, so that the
beginning, where most happens, has its time.
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from artstudio.learning.study import film_step
from artstudio.pages.studio_page import studio_page

IMAGES = Path(__file__).parent / "images"
FRAMES = 72
WINDOW = {"width": 1280, "height": 760}
FILMS = {
    "step": ("step", 600, "light"),
    "face": (
        "step,sigmoid,tanh,relu,gelu,sine,target:face,optimiser:adam,rate:0.01,units:24,depth:3",
        300,
        "dark",
    ),
}
"""Name -> the settings in the address, the steps, and the colour scheme."""

_TRAIN = """async (until) => {
  const press = (key) => dispatchEvent(new KeyboardEvent("keydown", { key }));
  const done = () => Number(document.querySelector(".learn-count").textContent.replace(/\\D/g, ""));
  const frame = () => new Promise(requestAnimationFrame);
  if (until > done() + 4) {
    press(" ");
    while (done() < until - 2) await frame();
    press(" ");
  }
  while (done() < until) press(".");
  await frame();
}"""
"""Trains until so many steps are done: most of them without a picture of each."""


def photograph(page: Any, steps: int) -> list[Image.Image]:
    """Return the frames of a film, from the untrained networks to so many steps."""
    frames = []
    for step in sorted({film_step(steps, frame / (FRAMES - 1)) for frame in range(FRAMES)}):
        page.evaluate(_TRAIN, step)
        frames.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    return frames


def main() -> None:
    """Make the films named, by default all."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "studio.html"
        path.write_text(studio_page(served=False), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in sys.argv[1:] or FILMS:
            settings, steps, scheme = FILMS[name]
            page: Any = browser.new_page(viewport=WINDOW, color_scheme=scheme, reduced_motion="reduce")
            page.goto(f"{path.as_uri()}#mode=learn&learn={settings}")
            page.locator("html[data-ready]").wait_for()
            page.evaluate("document.documentElement.classList.add('bare')")
            first, *others = photograph(page, steps)
            times = [100] * len(others) + [3000]
            target = IMAGES / f"learn-mode-{name}.webp"
            first.save(
                target,
                save_all=True,
                append_images=others,
                duration=[600, *times[1:]],
                loop=0,
                quality=62,
                method=6,
            )
            print(f"{target.name}: {len(times)} frames, {target.stat().st_size / 1e6:.2f} MB")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
