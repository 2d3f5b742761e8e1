"""Slides as Markdown, for Marp, reveal.js and their like: slides.md, its pictures and its typeface beside it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from artstudio.figures.style.typeface import FAMILY, LICENCE, WEB_FACES, face_rules
from artstudio.slides.slide import Image, Look, Slide

TEXT, PICTURES, FONTS = "slides.md", "images", "fonts"
"""The names in the folder of a deck."""

_STYLE = """<style>
{faces}section, section h1, section h2 {{ font-family: "{family}", Inter, Arial, sans-serif; }}
section {{ background: {paper}; color: {ink}; }}
section h1, section h2 {{ color: {ink}; }}
section h2 {{ font-size: 34px; margin: 0 0 14px; }}
section img, section video {{ display: block; max-width: 100%; max-height: 560px; margin: 0 auto; }}
section img {{ background: none; border: 0; }}
section table {{ border: 0; margin: 0 auto; }}
section table tr, section table td, section table th {{ background: none; border: 0; padding: 2px 8px; }}
section table td, section table th {{ color: {muted}; font-weight: normal; text-align: left; }}
section td img, section th img {{ max-height: 225px; }}
</style>"""


def markdown_files(slides: Sequence[Slide], look: Look) -> dict[str, bytes]:
    """Return the files of a deck by their paths in its folder; the text is the last."""
    files = {path: data for slide in slides for image in slide.images for path, data in _files(image).items()}
    files |= {f"{FONTS}/{file.name}": file.read_bytes() for file in (*WEB_FACES, LICENCE)}
    title = slides[0].title if slides else ""
    head = f"---\nmarp: true\nsize: 16:9\ntitle: {json.dumps(title, ensure_ascii=False)}\n---"
    faces = face_rules(lambda file: f"{FONTS}/{file.name}")
    style = _STYLE.format(
        faces=faces, family=FAMILY, paper=look.page.paper, ink=look.page.ink, muted=look.page.muted
    )
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


def _files(image: Image) -> dict[str, bytes]:
    """Return a picture's file; its film beside it, or instead of it where that is a picture, too."""
    still = {f"{PICTURES}/{image.name}.png": image.png}
    if image.film is None:
        return still
    moving = {f"{PICTURES}/{image.name}.{image.film.format}": image.film.data}
    return moving if image.film.format == "gif" else still | moving


def _shown(image: Image, keywords: str = "") -> str:
    """Show a picture. A film moves in a browser; printed, it is a still."""
    path, *stills = reversed(_files(image))
    if not stills:
        return f"![{keywords}{_plain(image.alt)}]({path})"
    alt, poster = escape(image.alt), stills[0]
    return f'<video src="{path}" poster="{poster}" title="{alt}" autoplay loop muted playsinline></video>'


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would take for its own."""
    marks = "\\`*_[]<>#|$&"
    return "".join(f"\\{c}" if c in marks else c for c in text)
