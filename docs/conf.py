"""The documentation site: `make site` builds it with Sphinx from these Markdown files."""

from __future__ import annotations

import re
from pathlib import Path
from shutil import copy
from typing import Any

from artstudio.pages.studio_page import studio_page
from artstudio.version import VERSION

project = "artstudio"
author = copyright = "the artstudio authors"  # noqa: A001 - Sphinx's name for it
version = release = VERSION

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx_click"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the notebook is run by the tests; here its stored outputs are shown
nb_ipywidgets_js: dict[str, Any] = {}

default_role = "code"
smartquotes = False
autodoc_typehints = "signature"
autodoc_member_order = "bysource"

exclude_patterns = ["*.py", "images"]
html_theme = "furo"
html_title = f"artstudio {VERSION}"
html_static_path = ["site.css", "site.js"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_theme_options = {"footer_icons": [], "top_of_page_buttons": []}
html_copy_source = False
html_show_sphinx = False


def _write_page(app: Any) -> None:
    """Put beside the pages what they embed as HTML: the studio, and figures in two colours."""
    site = Path(app.outdir)
    (site / "images").mkdir(parents=True, exist_ok=True)
    (site / "studio-page.html").write_text(studio_page(served=False), encoding="utf-8")
    for picture in (Path(app.srcdir) / "images").glob("*-*.svg"):  # those that pages have in two colours, as HTML
        copy(picture, site / "images")


def _escape(app: Any, context: Any, lines: list[str]) -> None:
    """Keep what stands in help texts from being read as markup: |f'|, z**2; lines kept as they are become code."""
    found: list[str] = []
    for line in lines:
        if line.startswith("| "):
            found += [] if found and found[-1].startswith("   ") else ["::", ""]
            found.append(f"   {line.removeprefix('| ')}")
        else:
            found.append(line if line.startswith(".. ") else re.sub(r"([|*`\\])", r"\\\1", line))
    lines[:] = found


def setup(app: Any) -> None:
    """Connect what Sphinx calls."""
    app.connect("sphinx-click-process-description", _escape)
    app.connect("sphinx-click-process-options", _escape)
    app.connect("builder-inited", _write_page)
