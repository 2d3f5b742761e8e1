"""Slides as a PowerPoint file: titles in title placeholders, pictures with alt text, notes for the speaker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Any, get_args

import numpy as np
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from artstudio.errors import BadInput
from artstudio.figures.style.theme import TEXT_POINTS
from artstudio.files.png.write import encode_png
from artstudio.slides.fit import font_scale, shortened
from artstudio.slides.movie import add_movie
from artstudio.slides.package import REMEDY
from artstudio.slides.slide import Image, Kind, Look, Slide
from artstudio.slides.template import (
    FIGURE_TYPES,
    FOOTERS,
    TITLE_TYPES,
    find_layout,
    open_design,
    own_presentation,
    shrink_to_fit,
    title_of,
)
from artstudio.version import VERSION

_CAPTION, _GAP, _MARGIN = 0.42, 0.22, 0.5
"""Inches: a caption's height, the space between pictures, the least margin of a slide."""

_LEAST_CAPTION = 0.775
"""Of the usual size; a caption that is still too long is cut."""


@dataclass(frozen=True)
class _Area:
    """A part of a slide in inches."""

    left: float
    top: float
    width: float
    height: float
    scale: float = 1.0
    """Of gaps, captions and their type."""


def encode_deck(slides: Sequence[Slide], look: Look, design: bytes | None = None) -> bytes:
    """Return the .pptx file of slides, in artstudio's own design or a template's (`read_design`)."""
    presentation = _lay_out(slides, look, design)
    about = presentation.core_properties
    about.title, about.author = (slides[0].title if slides else ""), f"artstudio {VERSION}"
    about.subject = about.keywords = about.comments = about.last_modified_by = ""
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()


def check_design(design: bytes, look: Look) -> None:
    """Lay out a slide of each kind in a template's design. Raises `BadInput` for what it lacks."""
    dot = Image(
        name="dot", png=encode_png(np.zeros((1, 1, 3), np.uint8), {}), width=1, height=1, alt="A dot", caption="A"
    )
    slides = [Slide(kind=kind, title="A", subtitle="A", images=6 * (dot,), notes="A") for kind in get_args(Kind)]
    try:
        _lay_out(slides, look, design)
    except BadInput:
        raise
    except Exception as error:  # what is wrong in a layout shows in python-pptx only when it is used
        raise BadInput(
            f"expected layouts for slides, found damaged ones ({type(error).__name__}); {REMEDY}"
        ) from None


def _lay_out(slides: Sequence[Slide], look: Look, design: bytes | None) -> Any:
    presentation = own_presentation(look) if design is None else open_design(design)
    layouts = {True: find_layout(presentation, TITLE_TYPES), False: find_layout(presentation, FIGURE_TYPES)}
    for slide in slides:
        page = presentation.slides.add_slide(layouts[slide.kind == "title"])
        title_of(page).text = slide.title
        _place(presentation, title_of(page), 0.04)
        if slide.kind == "title":
            _subtitle(presentation, page, slide.subtitle)
            # A template's title page has a design of its own, and no room that we know of.
            if design is None:
                _picture(page, slide.images[0], _beside(presentation, slide.images[0]))
                for placeholder in page.placeholders:
                    shrink_to_fit(placeholder)
        else:
            _drop_empty(page)
            if design is None:
                shrink_to_fit(title_of(page))
            area = _below_title(presentation, page)
            place = _figure if slide.kind == "figure" else _grid
            place(page, slide.images, area)
        page.notes_slide.notes_text_frame.text = slide.notes
    return presentation


def _place(presentation: Any, placeholder: Any, top: float) -> None:
    """Give a placeholder a place where neither layout nor master gives it one; `top` is in heights of the slide."""
    if placeholder.width and placeholder.height and None not in (placeholder.left, placeholder.top):
        return
    wide, tall = presentation.slide_width, presentation.slide_height
    placeholder.left, placeholder.top = Emu(round(0.05 * wide)), Emu(round(top * tall))
    placeholder.width, placeholder.height = Emu(round(0.9 * wide)), Emu(round(0.12 * tall))


def _subtitle(presentation: Any, page: Any, text: str) -> None:
    others = [p for p in page.placeholders if p.placeholder_format.type == PP_PLACEHOLDER.SUBTITLE]
    if others and text:
        others[0].text = text
        _place(presentation, others[0], 0.2)
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


def _below_title(presentation: Any, page: Any) -> _Area:
    """Return the room between the title and the footers, or the slide's end where the layout has none."""
    wide, tall = presentation.slide_width.inches, presentation.slide_height.inches
    # The usual lengths are for the usual slides; a business card has shorter ones.
    scale = min(1.0, wide / 10, tall / 5.625)
    title = title_of(page)
    # A title in the lower half is no heading: then the page is the picture's from its top on.
    top = min(Emu(title.top + title.height).inches, 0.5 * tall) if title.top.inches < 0.4 * tall else 0.0
    top, end = max(top, scale * _GAP), tall - scale * _GAP
    feet = [p.top.inches for p in page.slide_layout.placeholders if p.placeholder_format.type in FOOTERS and p.top]
    bottom = min([end, *(foot for foot in feet if foot > 0.6 * tall)])
    # Footers that leave next to nothing below a title are passed over: no slide of ours has any.
    bottom = bottom if bottom - top > 0.4 * tall else end
    return _Area(scale * _MARGIN, top, wide - 2 * scale * _MARGIN, bottom - top, scale)


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
    gap = area.scale * _GAP
    foot = area.scale * _CAPTION if any(image.caption for image in images) else 0.0
    width = (area.width - (columns - 1) * gap) / columns
    width = min(width, ((area.height - (rows - 1) * gap) / rows - foot) * aspect)
    tall = width / aspect + foot
    block = _centred(area, columns * width + (columns - 1) * gap, rows * tall + (rows - 1) * gap)
    for index, image in enumerate(images):
        row, column = divmod(index, columns)
        left, top = block.left + column * (width + gap), block.top + row * (tall + gap)
        _picture(page, image, _Area(left, top, width, width / aspect))
        if image.caption:
            _caption(page, image.caption, _Area(left, top + width / aspect, width, foot, area.scale))


def _centred(area: _Area, width: float, height: float) -> _Area:
    return _Area(area.left + (area.width - width) / 2, area.top + (area.height - height) / 2, width, height)


def _picture(page: Any, image: Image, at: _Area) -> None:
    places = (Emu(Inches(value)) for value in (at.left, at.top, at.width, at.height))
    if image.film is None:
        picture = page.shapes.add_picture(BytesIO(image.png), *places)
    elif image.film.format == "gif":
        picture = page.shapes.add_picture(BytesIO(image.film.data), *places)
    else:
        picture = add_movie(page, image.film, image.png, *places)
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
    points = max(1, at.scale * TEXT_POINTS)
    scale = max(font_scale(text, points, at.width, at.scale * _CAPTION), _LEAST_CAPTION)
    frame.text = shortened(text, scale * points, at.width)
    font = frame.paragraphs[0].runs[0].font
    font.size, font.color.theme_color = Pt(scale * points), MSO_THEME_COLOR.TEXT_2
