"""The studio's engine on a bare page, for tests: its functions at hand, under a policy as the studio's own."""

import base64
from contextlib import contextmanager

import numpy as np
from browser import launched_browser, watched_page
from studio_modules import served_modules

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<title>Engine</title><link rel="icon" href="data:,"></head>
<body><canvas id="canvas"></canvas><script type="application/json" id="numbers">{{data}}</script>
<script type="module" src="harness.js"></script></body></html>"""

SCRIPT = """
import { activationList } from "./functions.js";
import { buildNetwork } from "./calibrate.js";
import { checkRecipe, recipeJson } from "./recipe.js";
import { withoutStaleWeights } from "./trained.js";
import { isExpression, parseExpression } from "./expression.js";
import { Painter } from "./painter.js";
import { pictureBlob } from "./png.js";
import { readRecipe } from "./picturefile.js";
import { rawWeights } from "./hash.js";
const data = JSON.parse(document.getElementById("numbers").textContent);
activationList(data);
const text64 = (bytes) => {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
};
const attempt = (action) => {
  try { return { value: action() }; } catch (error) { return { message: error.message, column: error.column }; }
};
Object.assign(window, {
  activationList, attempt, buildNetwork, checkRecipe, data, isExpression, Painter, parseExpression, pictureBlob,
  rawWeights, readRecipe, recipeJson, text64, withoutStaleWeights,
});
window.painter = new Painter(document.getElementById("canvas"), data);
window.picture = (recipe, options, known = data) => text64(painter.pixels(checkRecipe(known, recipe), options));
document.documentElement.dataset.ready = "";
"""


@contextmanager
def engine_page(folder):
    """Open the page in a browser of its own, its modules copied into `folder`; yields what is watched."""
    with (
        launched_browser() as browser,
        served_modules(folder, PAGE, {"harness.js": SCRIPT}) as address,
        watched_page(browser, address) as watched,
    ):
        watched.page.locator("html[data-ready]").wait_for()
        yield watched


def picture(page, recipe, width, height, samples=1, **part):
    """A recipe as the page paints it, uint8 (rows, columns, 3)."""
    options = {"width": width, "height": height, "samples": samples, **part}
    text = page.evaluate("([recipe, options]) => picture(recipe, options)", [recipe.to_dict(), options])
    rows, columns = part.get("h", height), part.get("w", width)
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(rows, columns, 4)[..., :3]
