"""The studio's modules on a bare page, for tests: served under a policy as strict as the studio's own."""

import base64
import json
import shutil
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

import artstudio
from artstudio.pages.studio_data import studio_data

MODULES = Path(artstudio.__file__).parent / "pages" / "studio"

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">
<title>Engine</title><link rel="icon" href="data:,"></head>
<body><canvas id="canvas"></canvas><script type="application/json" id="numbers">{data}</script>
<script type="module" src="harness.js"></script></body></html>"""


@contextmanager
def served_modules(folder):
    """Copy the modules to a folder and serve them on a page that offers them to tests; yields its address."""
    shutil.copytree(MODULES, folder)
    data = json.dumps(studio_data()).replace("<", "\\u003c")
    (folder / "index.html").write_text(PAGE.format(policy=POLICY, data=data), encoding="utf-8")
    (folder / "harness.js").write_text(SCRIPT, encoding="utf-8")
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


SCRIPT = """
import { activationList } from "./functions.js";
import { buildNetwork } from "./calibrate.js";
import { checkRecipe, recipeJson } from "./recipe.js";
import { isExpression, parseExpression } from "./expression.js";
import { Painter } from "./painter.js";
import { pictureBlob, readRecipe } from "./png.js";
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
  rawWeights, readRecipe, recipeJson, text64,
});
window.painter = new Painter(document.getElementById("canvas"), data);
window.picture = (recipe, options, known = data) => text64(painter.pixels(checkRecipe(known, recipe), options));
document.documentElement.dataset.ready = "";
"""


def picture(page, recipe, width, height, samples=1, **part):
    """A recipe as the page paints it, uint8 (rows, columns, 3)."""
    options = {"width": width, "height": height, "samples": samples, **part}
    text = page.evaluate("([recipe, options]) => picture(recipe, options)", [recipe.to_dict(), options])
    rows, columns = part.get("h", height), part.get("w", width)
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(rows, columns, 4)[..., :3]
