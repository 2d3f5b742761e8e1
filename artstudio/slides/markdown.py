"""Slides as Markdown, for Marp, reveal.js and their like: slides.md, and the pictures in a folder beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from artstudio.slides.slide import Image, Look, Slide

TEXT, PICTURES = "slides.md", "images"

_STYLE = """<style>
section {{ background: {paper}; color: {ink}; }}
section h1, section h2 {{ color: {ink}; }}
section h2 {{ font-size: 34px; margin: 0 0 14px; }}
section img {{ display: block; max-width: 100%; max-height: 560px; margin: 0 auto; background: none; border: 0; }}
section table {{ border: 0; margin: 0 auto; }}
section table tr, section table td, section table th {{ background: none; border: 0; padding: 2px 8px; }}
section table td, section table th {{ color: {muted}; font-weight: normal; text-align: left; }}
section td img, section th img {{ max-height: 225px; }}
</style>"""


def markdown_files(slides: Sequence[Slide], look: Look) -> dict[str, bytes]:
    """Return the files of a deck by their paths in its folder; the text is the last."""
    files = {f"{PICTURES}/{image.name}.png": image.png for slide in slides for image in slide.images}
    title = slides[0].title if slides else ""
    head = f"---\nmarp: true\nsize: 16:9\ntitle: {json.dumps(title, ensure_ascii=False)}\n---"
    style = _STYLE.format(paper=look.page.paper, ink=look.page.ink, muted=look.page.muted)
    pages = [_page(slide) for slide in slides]
    pages[:1] = [f"{style}\n\n{page}" for page in pages[:1]]
    return {**files, TEXT: ("\n\n".join([head, "\n\n---\n\n".join(pages)]) + "\n").encode()}


def _page(slide: Slide) -> str:
    notes = "<!--\n" + slide.notes.replace("-->", "-- >") + "\n-->"
    if slide.kind == "title":
        parts = [f"# {_plain(slide.title)}", _plain(slide.subtitle), _shown(slide.images[0], "bg right:53% ")]
    else:
        parts = [f"## {_plain(slide.title)}", _table(slide.images)]
    return "\n\n".join([*filter(None, parts), notes])


def _table(images: Sequence[Image]) -> str:
    """One picture as it is; several as a table, so that each has its caption below it."""
    if len(images) == 1:
        return _shown(images[0])
    columns = {2: 2, 4: 2}.get(len(images), 3)
    lines = []
    for first in range(0, len(images), columns):
        row = images[first : first + columns]
        lines += [_cells([_shown(image) for image in row]), _cells([_plain(image.caption) for image in row])]
    return "\n".join([lines[0], "|" + " --- |" * columns, *lines[1:]])


def _cells(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _shown(image: Image, keywords: str = "") -> str:
    return f"![{keywords}{_plain(image.alt)}]({PICTURES}/{image.name}.png)"


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would take for its own."""
    marks = "\\`*_[]<>#|$&"
    return "".join(f"\\{c}" if c in marks else c for c in text)
