"""The presentation that slides go into: one of ours, whose theme is artstudio's, or a template of the user's."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from artstudio.errors import BadInput
from artstudio.figures.style.typeface import INSTALLED
from artstudio.slides.fit import font_scale
from artstudio.slides.slide import Look

_FONT = {"typeface": INSTALLED, "panose": "020B0604020202020204", "pitchFamily": "34", "charset": "0"}
"""The figures' typeface. Where it is not installed, Arial's class of design asks for a sans serif in its place."""

TITLE_TYPES, FIGURE_TYPES = ("title", "ctrTitle"), ("titleOnly", "obj", "tx", "blank")
"""Kinds of layout for the title and for all else, the best first."""

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
FOOTERS = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)

_HEADING, _OPENING, _SUBTITLE = 24, 32, 18
"""Points of type: a slide's title, the deck's, the words below that."""

_INSET, _BELOW_HEADING = 0.05, 0.17
"""Inches between a box and its text; below a slide's title so much that it is rather small than on two lines."""

_WIDE = 4 / 3
"""From the 4:3 of python-pptx's own template to 16:9."""


def open_design(design: bytes) -> Any:
    """Open a presentation without slides, as `read_design` returns it. Raises `BadInput` where it lacks a title."""
    presentation = Presentation(BytesIO(design))
    if presentation.slide_width is None or presentation.slide_height is None:
        presentation.slide_width, presentation.slide_height = Inches(10), Inches(7.5)  # what PowerPoint takes then
    if find_layout(presentation, TITLE_TYPES) is None:
        raise BadInput("expected a layout with a title, found none; add one in PowerPoint's slide master")
    _drop_notes_master_without_text(presentation.part)
    return presentation


def _drop_notes_master_without_text(part: Any) -> None:
    """Remove a notes master that has no place for the notes themselves; python-pptx then adds its own."""
    for relation in list(part.rels.values()):
        if relation.reltype == RELATIONSHIP_TYPE.NOTES_MASTER:
            kinds = [p.placeholder_format.type for p in relation.target_part.notes_master.placeholders]
            if PP_PLACEHOLDER.BODY not in kinds:
                part.rels.pop(relation.rId)
                for masters in part._element.findall(qn("p:notesMasterIdLst")):
                    part._element.remove(masters)


def find_layout(presentation: Any, types: tuple[str, ...]) -> Any:
    """Return the layout of the first of these kinds, else the first with a title; None where none has one."""
    layouts = [layout for master in presentation.slide_masters for layout in master.slide_layouts]
    titled = [layout for layout in layouts if title_of(layout) is not None]
    by_kind = {layout._element.get("type"): layout for layout in reversed(titled)}
    return next((by_kind[kind] for kind in types if kind in by_kind), titled[0] if titled else None)


def title_of(page: Any) -> Any:
    """Return the title placeholder of a slide, a layout or a master, or None."""
    return next((p for p in page.placeholders if p.placeholder_format.type in _TITLES), None)


def own_presentation(look: Look) -> Any:
    """Return an empty 16:9 presentation in artstudio's colours and type, set in its theme and its master."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(40 / 3), Inches(7.5)
    master = presentation.slide_master
    for page in (master, *presentation.slide_layouts):
        for tag, name in (("a:off", "x"), ("a:ext", "cx")):
            for element in page._element.iter(qn(tag)):
                element.set(name, str(round(int(element.get(name)) * _WIDE)))
    _colour(master, look)
    _set_master(master)
    _set_title_layout(find_layout(presentation, TITLE_TYPES))
    return presentation


def _colour(master: Any, look: Look) -> None:
    """Give the theme its colours and fonts. A dark page has dark and light swapped, as PowerPoint itself does it."""
    page, dark = look.page, look.page.name == "dark"
    names = ("lt1", "dk1", "lt2", "dk2") if dark else ("dk1", "lt1", "dk2", "lt2")
    colours = dict(zip(names, (page.ink, page.paper, page.muted, page.shade), strict=True))
    colours |= {f"accent{i + 1}": page.stroke(i).colour for i in range(6)}
    colours |= {"hlink": page.stroke(0).text, "folHlink": page.stroke(3).text}
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = parse_xml(part.blob)
    theme.set("name", f"artstudio {page.name}")
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", f"artstudio {page.name}")
    for name, colour in colours.items():
        scheme.find(qn(f"a:{name}"))[:] = [_element("a:srgbClr", colour.removeprefix("#").upper())]
    for kind in ("a:majorFont", "a:minorFont"):
        theme.find(f".//{qn(kind)}/{qn('a:latin')}").attrib.update(_FONT)
    part._blob = serialize_part_xml(theme)
    if dark:
        for name, value in {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}.items():
            master._element.find(qn("p:clrMap")).set(name, value)


def shrink_to_fit(placeholder: Any) -> None:
    """Note by how much a title or subtitle in our own design must shrink, as PowerPoint does after an edit."""
    kind, frame = placeholder.placeholder_format.type, placeholder.text_frame
    points = {PP_PLACEHOLDER.SUBTITLE: _SUBTITLE, PP_PLACEHOLDER.CENTER_TITLE: _OPENING}.get(kind, _HEADING)
    below = _BELOW_HEADING if kind == PP_PLACEHOLDER.TITLE else _INSET
    width, height = placeholder.width.inches - 2 * _INSET, placeholder.height.inches - _INSET - below
    scale = font_scale(frame.text, points, width, height, bold=kind != PP_PLACEHOLDER.SUBTITLE)
    if scale < 1:
        frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
        frame._txBody.bodyPr.find(qn("a:normAutofit")).set("fontScale", str(round(scale * 100_000)))


def _set_master(master: Any) -> None:
    _place(title_of(master), 0.5, 0.3, 12.33, 0.85)
    frame = title_of(master).text_frame
    frame.margin_left, frame.margin_bottom = 0, Inches(_BELOW_HEADING)
    for placeholder in master.placeholders:
        if placeholder.placeholder_format.type in FOOTERS:
            placeholder.top, placeholder.height = Emu(Inches(7.1)), Emu(Inches(0.3))
    style = master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    run = style.find(qn("a:defRPr"))
    run.set("sz", str(Pt(_HEADING).centipoints))
    run.set("b", "1")


def _set_title_layout(layout: Any) -> None:
    """Words on the left; the right is the picture's."""
    for placeholder in layout.placeholders:
        kind = placeholder.placeholder_format.type
        placeholder.text_frame.margin_left = 0
        body = placeholder.text_frame._txBody.find(qn("a:bodyPr"))
        if kind in _TITLES:
            _place(placeholder, 0.6, 1.5, 5.2, 2.6)
            placeholder.text_frame.margin_bottom = Inches(_INSET)
            body.set("anchor", "b")
            _style(placeholder, _OPENING, "tx1")
        elif kind == PP_PLACEHOLDER.SUBTITLE:
            _place(placeholder, 0.6, 4.3, 5.0, 1.8)
            body.set("anchor", "t")
            _style(placeholder, _SUBTITLE, "tx2")


def _style(placeholder: Any, points: int, colour: str) -> None:
    """Set size, colour and left alignment of a placeholder's text, as its layout has it."""
    levels = placeholder.text_frame._txBody.find(qn("a:lstStyle"))
    for level in levels.findall(qn("a:lvl1pPr")):
        levels.remove(level)
    fill = f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
    run = f'<a:defRPr sz="{Pt(points).centipoints}">{fill}</a:defRPr>'
    indent = 'marL="0" indent="0"'
    levels.insert(0, parse_xml(f'<a:lvl1pPr {nsdecls("a")} {indent} algn="l"><a:buNone/>{run}</a:lvl1pPr>'))


def _element(tag: str, value: str) -> Any:
    return parse_xml(f'<{tag} {nsdecls("a")} val="{value}"/>')


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Emu(Inches(v)) for v in (left, top, width, height))
