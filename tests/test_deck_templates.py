"""`deck --template` with presentations as they are in the wild; what comes out is checked as a package."""

import io
import re
import warnings
import zipfile
from posixpath import dirname, join, normpath, split

import numpy as np
import pytest
from lxml import etree

import artstudio
from artstudio.files.encode import FORMATS
from artstudio.slides.slide import LOOKS, Image, Slide
from artstudio.slides.write import open_target

pptx = pytest.importorskip("pptx", reason="needs python-pptx: pip install 'artstudio[slides]'")
from artstudio.slides.package import PRESENTATION_TYPES  # noqa: E402 - needs python-pptx

OLD = "Old words"
MAIN = "ppt/presentation.xml"
MASTER, LAYOUT = "ppt/slideMasters/slideMaster1.xml", "ppt/slideLayouts/slideLayout6.xml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{RELATIONS}"'
)
OFFICE = "application/vnd.openxmlformats-officedocument.presentationml"


# A presentation of two slides, and what may be wrong with it


@pytest.fixture(scope="module")
def base():
    """The parts of a presentation with two slides and notes, by name; a layout's title alone is the sixth."""
    presentation = pptx.Presentation()
    for number in range(2):
        slide = presentation.slides.add_slide(presentation.slide_layouts[0])
        slide.shapes.title.text = f"{OLD} {number}"
        slide.notes_slide.notes_text_frame.text = OLD
    buffer = io.BytesIO()
    presentation.save(buffer)
    with zipfile.ZipFile(buffer) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts):
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as file:
        warnings.simplefilter("ignore")  # of names that are there twice
        for name, data in parts.items():
            file.writestr(name, data)
    return buffer.getvalue()


def swap(parts, name, pattern, new):
    """Replace what stands in a part; it must be there."""
    text, count = re.subn(pattern, new, parts[name].decode(), flags=re.DOTALL)
    assert count, (name, pattern)
    parts[name] = text.encode()


def relate(parts, name, kind, target, identity="rId99"):
    """Add a relation to a part."""
    folder, file = split(name)
    row = f'<Relationship Id="{identity}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
    swap(parts, join(folder, "_rels", f"{file}.rels"), "</Relationships>", f"{row}</Relationships>")


def add(parts, name, content_type, data):
    row = f'<Override PartName="/{name}" ContentType="{content_type}"/>'
    swap(parts, "[Content_Types].xml", "</Types>", f"{row}</Types>")
    parts[name] = data.encode()


def link(parts, name, action, identity=""):
    """Let the first shape of a part lead somewhere when it is clicked."""
    click = f'<a:hlinkClick {NAMESPACES} r:id="{identity}" action="ppaction://{action}"/>'
    swap(parts, name, r"(<p:cNvPr [^>]*?name=\"Title[^>]*?)/>", rf"\1>{click}</p:cNvPr>")


def plain(parts):
    pass


def sections(parts):
    ids = re.findall(r'<p:sldId [^>]*?id="(\d+)"', parts[MAIN].decode())
    rows = "".join(f'<p14:sldId id="{one}"/>' for one in ids)
    space = 'xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"'
    section = f'<p14:section name="{OLD}" id="{{6F2D9B6C-0000-4000-8000-000000000000}}">'
    listed = f"<p14:sectionLst {space}>{section}<p14:sldIdLst>{rows}</p14:sldIdLst></p14:section></p14:sectionLst>"
    ext = f'<p:extLst><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">{listed}</p:ext></p:extLst>'
    swap(parts, MAIN, "</p:presentation>", f"{ext}</p:presentation>")


def custom_show(parts):
    first = re.search(r'<p:sldId [^>]*?r:id="(\w+)"', parts[MAIN].decode())[1]
    show = f'<p:custShow name="{OLD}" id="0"><p:sldLst><p:sld r:id="{first}"/></p:sldLst></p:custShow>'
    swap(parts, MAIN, "<p:defaultTextStyle", f"<p:custShowLst>{show}</p:custShowLst><p:defaultTextStyle")
    swap(parts, "ppt/presProps.xml", r"(<p:presentationPr[^>]*>)", r'\1<p:showPr><p:custShow id="0"/></p:showPr>')
    link(parts, LAYOUT, "customshow?id=0")


def layout_link(parts):
    relate(parts, LAYOUT, "slide", "../slides/slide2.xml")
    link(parts, LAYOUT, "hlinksldjump", "rId99")


def master_link(parts):
    relate(parts, MASTER, "slide", "/ppt/slides/slide1.xml")
    link(parts, MASTER, "hlinksldjump", "rId99")


def outline(parts):
    row = f'<Relationship Id="rId1" Type="{RELATIONS}/slide" Target="slides/slide1.xml"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["ppt/_rels/viewProps.xml.rels"] = f'<Relationships xmlns="{space}">{row}</Relationships>'.encode()
    view = '<p:outlineViewPr><p:cViewPr/><p:sldLst><p:sld r:id="rId1"/></p:sldLst></p:outlineViewPr>'
    parts["ppt/viewProps.xml"] = f"<p:viewPr {NAMESPACES}>{view}</p:viewPr>".encode()


def comments(parts):
    note = f'<p:cm authorId="0" idx="1"><p:pos x="1" y="1"/><p:text>{OLD}</p:text></p:cm>'
    add(parts, "ppt/comments/comment1.xml", f"{OFFICE}.comments+xml", f"<p:cmLst {NAMESPACES}>{note}</p:cmLst>")
    relate(parts, "ppt/slides/slide1.xml", "comments", "../comments/comment1.xml")
    author = f'<p:cmAuthor id="0" name="{OLD}" initials="O" lastIdx="1" clrIdx="0"/>'
    authors = f"<p:cmAuthorLst {NAMESPACES}>{author}</p:cmAuthorLst>"
    add(parts, "ppt/commentAuthors.xml", f"{OFFICE}.commentAuthors+xml", authors)
    relate(parts, MAIN, "commentAuthors", "commentAuthors.xml")


def no_notes_placeholder(parts):
    swap(parts, "ppt/notesMasters/notesMaster1.xml", r'<p:ph type="body"[^>]*?/>', '<p:ph type="dt" idx="7"/>')


def no_title_size(parts):
    for name in (MASTER, LAYOUT, "ppt/slideLayouts/slideLayout1.xml"):
        if b"a:xfrm" in parts[name]:
            swap(parts, name, r"<a:xfrm>.*?</a:xfrm>", "")


def title_of_no_height(parts):
    swap(parts, MASTER, r'(<a:ext cx="8229600" cy=)"1143000"', r'\1"0"')


def no_slide_size(parts):
    swap(parts, MAIN, r"<p:sldSz[^>]*/>", "")


def tiny_slides(parts):
    swap(parts, MAIN, r"<p:sldSz[^>]*/>", '<p:sldSz cx="914400" cy="914400"/>')


def no_room(parts):
    """A title down to the middle, and the footers right below."""
    swap(parts, MASTER, r'cy="1143000"', 'cy="3400000"')
    swap(parts, MASTER, r'y="6356350"', 'y="4200000"')


def title_above_the_slide(parts):
    swap(parts, MASTER, r'y="274638"', 'y="-2000000"')


def title_of_another_index(parts):
    for name in ("ppt/slideLayouts/slideLayout1.xml", LAYOUT):
        swap(parts, name, r'<p:ph type="(ctrTitle|title)"/>', r'<p:ph type="\1" idx="33"/>')


def nowhere(parts):
    relate(parts, LAYOUT, "slide", "NULL")
    link(parts, LAYOUT, "hlinksldjump", "rId99")
    relate(parts, MAIN, "tableStyles", "../NULL", "rId98")


def names_of_new_slides(parts):
    """A layout and a picture that are called as slides and their pictures will be."""
    parts["ppt/slides/slide3.xml"] = parts.pop(LAYOUT)
    parts["ppt/slides/_rels/slide3.xml.rels"] = parts.pop("ppt/slideLayouts/_rels/slideLayout6.xml.rels")
    swap(parts, "[Content_Types].xml", "/" + LAYOUT, "/ppt/slides/slide3.xml")
    swap(
        parts,
        "ppt/slideMasters/_rels/slideMaster1.xml.rels",
        r"\.\./slideLayouts/slideLayout6",
        "../slides/slide3",
    )
    add(parts, "ppt/media/Image1.PNG", "image/png", "theirs")
    relate(parts, MASTER, "image", "../media/Image1.PNG")


def other_spellings(parts):
    """Names are the same in upper case and where characters are escaped."""
    parts["ppt/slideLayouts/my%20layout.xml"] = parts.pop(LAYOUT)
    parts["ppt/slideLayouts/_rels/my%20layout.xml.rels"] = parts.pop(
        "ppt/slideLayouts/_rels/slideLayout6.xml.rels"
    )
    swap(parts, "[Content_Types].xml", "/" + LAYOUT, "/PPT/slideLayouts/my%20layout.xml")
    targets = "ppt/slideMasters/_rels/slideMaster1.xml.rels"
    swap(parts, targets, r"\.\./slideLayouts/slideLayout6", "../SlideLayouts/my%20layout")


def left_over(parts):
    """Parts without a type, and a type without a part."""
    parts["ppt/slides/slide9.xml"] = parts["ppt/slides/slide1.xml"]
    parts["[trash]/0000.dat"] = b"0"
    swap(parts, "[Content_Types].xml", "</Types>", '<Override PartName="/none.xml" ContentType="a/b"/></Types>')


TEMPLATES = [
    plain, sections, custom_show, layout_link, master_link, outline, comments, no_notes_placeholder, no_title_size,
    title_of_no_height, no_slide_size, tiny_slides, no_room, title_above_the_slide, title_of_another_index, nowhere,
    names_of_new_slides, other_spellings, left_over,
]  # fmt: skip


# What is made of it


def make_deck(folder, data, name="theirs.pptx"):
    """A deck with a slide of each kind, from a template's bytes."""
    (folder / name).write_bytes(data)
    png = FORMATS["png"].encode(np.zeros((9, 16, 3), np.uint8), {})
    image = Image(name="black", png=png, width=12, height=6, alt="Black", caption="Black")
    slides = [
        Slide(kind=kind, title=kind, subtitle="below", images=count * (image,), notes=f"Notes of {kind}")
        for kind, count in (("title", 1), ("figure", 1), ("gallery", 6))
    ]
    target = open_target(folder / "talk.pptx", LOOKS["light"], template=folder / name)
    target.write(slides)
    return folder / "talk.pptx"


def package_problems(path):
    """What is wrong with a presentation as a package: ISO 29500-2, and what PowerPoint checks."""
    problems = []
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        parts = {name: file.read(name) for name in names}
    problems += [f"{name} is there twice" for name in names if sum(name.lower() == n.lower() for n in names) > 1]
    types = etree.fromstring(parts.pop("[Content_Types].xml"))
    typed = {one.get("PartName").lstrip("/"): one.get("ContentType") for one in types if one.get("PartName")}
    endings = {one.get("Extension"): one.get("ContentType") for one in types if one.get("Extension")}
    problems += [f"a type for {name}, which is not there" for name in typed if name not in parts]
    problems += [
        f"{name} has no type" for name in parts if name not in typed and name.rpartition(".")[2] not in endings
    ]
    reached = set()
    relations = {}
    for name in parts:
        if not name.endswith(".rels"):
            continue
        folder, file_name = split(name)
        source = join(dirname(folder), file_name.removesuffix(".rels"))
        rows = etree.fromstring(parts[name])
        ids = [one.get("Id") for one in rows]
        problems += [f"{name}: two relations {one}" for one in set(ids) if ids.count(one) > 1]
        relations[source] = set(ids)
        if source and source not in parts:
            problems.append(f"{name}: relations of nothing")
        for one in rows:
            if one.get("TargetMode") != "External":
                target = normpath(join("/", dirname(source), one.get("Target"))).lstrip("/")
                reached.add(target)
                if target not in parts:
                    problems.append(f"{name}: {one.get('Target')} leads nowhere")
    for name, data in parts.items():
        if name.endswith(".rels"):
            continue
        if name not in reached:
            problems.append(f"{name}: nothing leads to it")
        if OLD.encode() in data:
            problems.append(f"{name}: old words")
        if not name.endswith(".xml"):
            continue
        for element in etree.fromstring(data).iter(etree.Element):
            for key, value in element.attrib.items():
                if key.startswith(f"{{{RELATIONS}}}") and value and value not in relations.get(name, ()):
                    problems.append(f"{name}: {element.tag} names {value}, which is no relation")
            if element.get("action", "").startswith("ppaction://customshow"):
                problems.append(f"{name}: a link to a custom show")
    main = etree.fromstring(parts[MAIN])
    slides = main.findall("{*}sldIdLst/{*}sldId")
    numbers = [one.get("id") for one in slides]
    problems += [] if len(set(numbers)) == len(numbers) else ["two slides of one number"]
    listed = [
        one.get("id") for one in main.iter("{http://schemas.microsoft.com/office/powerpoint/2010/main}sldId")
    ]
    problems += [f"a section names slide {one}" for one in listed if one not in numbers]
    problems += ["a custom show"] if main.find("{*}custShowLst") is not None else []
    kinds = [kind for name, kind in typed.items() if name in parts]
    problems += [] if kinds.count(f"{OFFICE}.slide+xml") == len(slides) else ["slides that are not shown"]
    problems += [] if kinds.count(PRESENTATION_TYPES[".pptx"]) == 1 else ["not the type of a .pptx"]
    for page in pptx.Presentation(path).slides:
        shapes = [shape.shape_id for shape in page.shapes]
        problems += [] if len(set(shapes)) == len(shapes) else ["two shapes of one number"]
    return problems


def check_slides(path):
    presentation = pptx.Presentation(path)
    assert [len(page.shapes) for page in presentation.slides] == [2, 2, 13]
    for page, kind in zip(presentation.slides, ("title", "figure", "gallery"), strict=True):
        title = next(one for one in page.placeholders if one.placeholder_format.type in (1, 3))
        assert title.text_frame.text == kind
        assert title.width > 0
        assert title.height > 0
        assert page.notes_slide.notes_text_frame.text == f"Notes of {kind}"
        for shape in page.shapes:
            if not shape.is_placeholder:
                assert shape.width > 0
                assert shape.height > 0
                assert shape.left >= 0
                assert shape.top >= 0
                assert shape.left + shape.width <= presentation.slide_width + 2
                assert shape.top + shape.height <= presentation.slide_height + 2


@pytest.mark.parametrize("damage", TEMPLATES, ids=lambda damage: damage.__name__)
def test_any_template_gives_a_valid_deck_with_none_of_its_slides(tmp_path, base, damage):
    parts = dict(base)
    damage(parts)
    path = make_deck(tmp_path, packed(parts))
    assert package_problems(path) == []
    check_slides(path)


@pytest.mark.parametrize("ending", PRESENTATION_TYPES)
def test_all_kinds_of_powerpoint_files_are_templates_and_macros_stay_behind(tmp_path, base, ending):
    parts = dict(base)
    swap(parts, "[Content_Types].xml", re.escape(PRESENTATION_TYPES[".pptx"]), PRESENTATION_TYPES[ending])
    if ending.endswith("m"):
        add(parts, "ppt/vbaProject.bin", "application/vnd.ms-office.vbaProject", OLD)
        row = '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        swap(
            parts,
            "ppt/_rels/presentation.xml.rels",
            "</Relationships>",
            f'{row}Target="vbaProject.bin"/></Relationships>',
        )
        link(parts, LAYOUT, "macro?name=Old")
    path = make_deck(tmp_path, packed(parts), f"theirs{ending}")
    assert package_problems(path) == []
    check_slides(path)


def test_a_name_that_is_in_the_file_twice_is_read_once(tmp_path, base):
    buffer = io.BytesIO(packed(base))
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "a") as file:
        warnings.simplefilter("ignore")
        for name in (MAIN, LAYOUT, "ppt/slides/slide1.xml"):
            file.writestr(name, base[name])
    path = make_deck(tmp_path, buffer.getvalue())
    assert package_problems(path) == []


def test_the_design_is_kept(tmp_path, base):
    """Masters, layouts, themes, table styles and the notes' master; a picture on the master too."""
    parts = dict(base)
    png = FORMATS["png"].encode(np.zeros((2, 3, 3), np.uint8), {})
    add(parts, "ppt/media/logo.png", "image/png", "")
    parts["ppt/media/logo.png"] = png
    relate(parts, MASTER, "image", "../media/logo.png")
    path = make_deck(tmp_path, packed(parts))
    theirs, ours = pptx.Presentation(tmp_path / "theirs.pptx"), pptx.Presentation(path)
    assert [layout.name for layout in ours.slide_layouts] == [layout.name for layout in theirs.slide_layouts]
    for one, other in ((ours.slide_master, theirs.slide_master), (ours.notes_master, theirs.notes_master)):
        assert one.part.blob == other.part.blob
        themes = [master.part.part_related_by(f"{RELATIONS}/theme").blob for master in (one, other)]
        assert themes[0] == themes[1]
    kept = [part.blob for part in ours.part.package.iter_parts()]
    assert png in kept
    assert base["ppt/tableStyles.xml"] in kept


def strict(parts):
    swap(parts, MAIN, "http://schemas.openxmlformats.org/presentationml/2006/main",
         "http://purl.oclc.org/ooxml/presentationml/main")  # fmt: skip


def no_titles(parts):
    for name in list(parts):
        if name.startswith("ppt/slideLayouts/slide"):
            parts[name] = re.sub(rb'<p:ph type="(?:ctrTitle|title)"', b'<p:ph type="dt"', parts[name])


def no_master(parts):
    swap(parts, MAIN, "<p:sldMasterIdLst>.*?</p:sldMasterIdLst>", "")


def unknown_placeholder(parts):
    swap(parts, "ppt/slideLayouts/slideLayout1.xml", 'type="ctrTitle"', 'type="frog"')


def broken_xml(parts):
    parts[LAYOUT] = parts[LAYOUT][:-20]


def a_document(parts):
    swap(parts, "[Content_Types].xml", re.escape(PRESENTATION_TYPES[".pptx"]), "application/vnd.ms-word.document")


SAVE = "open it in PowerPoint and save it as .pptx"


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (strict, f"found none (it is a Strict Open XML presentation); {SAVE}"),
        (no_titles, "expected a layout with a title, found none"),
        (no_master, "expected a layout with a title, found none"),
        (unknown_placeholder, SAVE),
        (broken_xml, f"found none (it is damaged, or of another kind); {SAVE}"),
        (a_document, f"found none (it is not a presentation); {SAVE}"),
    ],
)
def test_what_a_template_lacks_is_said_in_one_line(tmp_path, base, damage, words):
    parts = dict(base)
    damage(parts)
    with pytest.raises(artstudio.BadInput) as refused:
        make_deck(tmp_path, packed(parts))
    assert words in str(refused.value)
    assert str(refused.value).startswith(str(tmp_path / "theirs.pptx"))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "talk.pptx").exists()


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"found one of PowerPoint 97-2003 or with a password; {SAVE}"),
        (packed({"mimetype": "application/vnd.oasis.opendocument.presentation"}), "it is not an Office file"),
        (b"", SAVE),
    ],
    ids=["ppt", "odp", "empty"],
)
def test_other_files_are_refused_with_what_to_do(tmp_path, start, words):
    with pytest.raises(artstudio.BadInput, match=re.escape(words)):
        make_deck(tmp_path, start)


def test_a_template_that_unpacks_to_more_than_any_design_is_refused(tmp_path, base, monkeypatch):
    monkeypatch.setattr("artstudio.slides.package._MOST_BYTES", 1 << 16)
    with pytest.raises(artstudio.BadInput, match="its design has more than"):
        make_deck(tmp_path, packed(base))


def test_a_template_cut_anywhere_is_refused_or_read(tmp_path, base):
    data = packed(base)
    for share in (0.1, 0.5, 0.9, 0.99):
        with pytest.raises(artstudio.BadInput, match="expected a PowerPoint file, found none"):
            make_deck(tmp_path, data[: int(share * len(data))])
