"""A self-contained page that paints a picture over the whole window and moves through latent space."""

from __future__ import annotations

import json
import re
from html import escape
from importlib.resources import files

import numpy as np

from artstudio.export.network import Exported
from artstudio.export.shader import shader
from artstudio.pages.policy import content_policy
from artstudio.vector.values import colour_function


def page(network: Exported, title: str, texts: str) -> str:
    """Return the page's text; `texts` is what it carries, as `texts_line` writes it. Raises `BadInput`."""
    folder = files("artstudio.export")
    code = "\n".join(line.strip() for line in shader(network).splitlines() if line.strip())
    script = folder.joinpath("page.js").read_text("utf-8").replace("{{ shader }}", _as_script(code))
    style = (
        "html, body { margin: 0; height: 100% } body { background: " + _background(network) + " }\n"
        "canvas { position: fixed; inset: 0; width: 100%; height: 100%; display: block; z-index: -1 }"
    )
    parts = {
        "texts": texts,
        "title": escape(title or "A picture by artstudio"),
        "policy": escape(content_policy(style, script)),
        "style": style,
        "script": script,
    }
    text = folder.joinpath("page.html").read_text("utf-8")
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: parts[found[1]], text)


def _as_script(text: str) -> str:
    return json.dumps(text).replace("</", "<\\/")


def _background(network: Exported) -> str:
    """Return the picture's colours from left to right, for browsers without WebGL2 and until it is painted."""
    x, y = (axis.ravel() for axis in np.meshgrid((np.arange(32) + 0.5) / 2, (np.arange(18) + 0.5) / 2))
    levels = colour_function(network.recipe, network.params, 16, 9)(x, y).reshape(18, 4, 8, 3).mean(axis=(0, 2))
    stops = ", ".join(
        f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in np.rint(levels).astype(int).tolist()
    )
    return f"linear-gradient(90deg, {stops})"
