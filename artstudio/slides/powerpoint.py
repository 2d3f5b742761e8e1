"""Slides as a PowerPoint file: titles in title placeholders, pictures with alt text, notes for the speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Any

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from artstudio.figures.theme import TEXT_POINTS
from artstudio.slides.slide import Image, Look, Slide
from artstudio.slides.template import FIGURE_TYPES, FOOTERS, TITLE_TYPES, find_layout, own_presentation, title_of
from artstudio.version import VERSION

_CAPTION, _GAP, _MARGIN = 0.42, 0.22, 0.5
"""Inches: a caption's height, the space between pictures, the least margin of a slide."""


@dataclass(frozen=True)
class _Area:
    """A part of a slide in inches."""

    left: float
    top: float
    width: float
    height: float


def encode_deck(slides: Sequence[Slide], look: Look, template: Any = None) -> bytes:
    """Return the .pptx file of slides, in artstudio's own design or an opened template's."""
    presentation = template or own_presentation(look)
    layouts = {True: find_layout(presentation, TITLE_TYPES), False: find_layout(presentation, FIGURE_TYPES)}
    for slide in slides:
        page = presentation.slides.add_slide(layouts[slide.kind == "title"])
        page.shapes.title.text = slide.title
        if slide.kind == "title":
            _subtitle(page, slide.subtitle)
            # A template's title page has a design of its own, and no room that we know of.
            if template is None:
                _picture(page, slide.images[0], _beside(presentation, slide.images[0]))
        else:
            _drop_empty(page)
            area = _below_title(presentation, page.slide_layout)
            place = _figure if slide.kind == "figure" else _grid
            place(page, slide.images, area)
        page.notes_slide.notes_text_frame.text = slide.notes
    about = presentation.core_properties
    about.title, about.author = (slides[0].title if slides else ""), f"artstudio {VERSION}"
    about.subject = about.keywords = about.comments = about.last_modified_by = ""
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def _subtitle(page: Any, text: str) -> None:
    others = [p for p in page.placeholders if p.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE]
    if others and text:
        others[0].text = text
    _drop_empty(page)


def _drop_empty(page: Any) -> None:
    """Remove the placeholders that nothing was written into: they would ask for a click."""
    for placeholder in list(page.placeholders):
        if placeholder.has_text_frame and not placeholder.text_frame.text:
            placeholder._element.getparent().remove(placeholder._element)


def _beside(presentation: Any, image: Image) -> _Area:
    wide, tall = presentation.slide_width.inches, presentation.slide_height.inches
    width = tall * image.width / image.height
    return _Area(wide - width, 0, width, tall)


def _below_title(presentation: Any, layout: Any) -> _Area:
    """Return the room between the title and the footers, or the slide's end where the layout has none."""
    wide, tall = presentation.slide_width.inches, presentation.slide_height.inches
    title = title_of(layout)
    # A title in the lower half is no heading: then the page is the picture's from its top on.
    top = min(Emu(title.top + title.height).inches, 0.5 * tall) if title.top.inches < 0.4 * tall else _GAP
    feet = [p.top.inches for p in layout.placeholders if p.placeholder_format.type in FOOTERS]
    bottom = min([tall - _GAP, *(foot for foot in feet if foot > 0.6 * tall)])
    return _Area(_MARGIN, top, wide - 2 * _MARGIN, bottom - top)


def _figure(page: Any, images: Sequence[Image], area: _Area) -> None:
    """Show a figure at the size it was drawn for, so that its type has its points; smaller if it must be."""
    image = images[0]
    scale = min(1.0, area.width / image.width, area.height / image.height)
    _picture(page, image, _centred(area, scale * image.width, scale * image.height))


def _grid(page: Any, images: Sequence[Image], area: _Area) -> None:
    """Show pictures in rows, as large as the area allows, each above its caption."""
    columns = {1: 1, 2: 2, 4: 2}.get(len(images), 3)
    rows = ceil(len(images) / columns)
    aspect = images[0].width / images[0].height
    foot = _CAPTION if any(image.caption for image in images) else 0.0
    width = (area.width - (columns - 1) * _GAP) / columns
    width = min(width, ((area.height - (rows - 1) * _GAP) / rows - foot) * aspect)
    tall = width / aspect + foot
    block = _centred(area, columns * width + (columns - 1) * _GAP, rows * tall + (rows - 1) * _GAP)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        left, top = block.left + column * (width + _GAP), block.top + row * (tall + _GAP)
        _picture(page, image, _Area(left, top, width, width / aspect))
        if image.caption:
            _caption(page, image.caption, _Area(left, top + width / aspect, width, _CAPTION))


def _centred(area: _Area, width: float, height: float) -> _Area:
    return _Area(area.left + (area.width - width) / 2, area.top + (area.height - height) / 2, width, height)


def _picture(page: Any, image: Image, at: _Area) -> None:
    places = (Emu(Inches(value)) for value in (at.left, at.top, at.width, at.height))
    picture = page.shapes.add_picture(BytesIO(image.png), *places)
    about = picture._element.find(f"{qn('p:nvPicPr')}/{qn('p:cNvPr')}")
    about.set("name", image.name)
    about.set("descr", image.alt)


def _caption(page: Any, text: str, at: _Area) -> None:
    places = (Emu(Inches(value)) for value in (at.left, at.top, at.width, at.height))
    box = page.shapes.add_textbox(*places)
    box.name = f"Caption: {text}"
    frame = box.text_frame
    frame.margin_left = frame.margin_right = 0
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.text = text
    font = frame.paragraphs[0].runs[0].font
    font.size, font.color.theme_color = Pt(TEXT_POINTS), MSO_THEME_COLOR.TEXT_2
