"""`artstudio deck`: read back with python-pptx, rendered by LibreOffice, written whole or not at all."""

import io
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from matplotlib import get_data_path
from matplotlib.font_manager import get_font
from PIL import Image as Pillow
from PIL import ImageColor

import artstudio
from artstudio.figures.style.typeface import FACES as FACES_OF_INTER
from artstudio.files.encode import FORMATS
from artstudio.slides import content
from artstudio.slides.content import PARTS, plan_deck
from artstudio.slides.fit import text_width
from artstudio.slides.request import make_request
from artstudio.slides.slide import LOOKS, Image, Slide
from artstudio.slides.write import open_target

pptx = pytest.importorskip("pptx", reason="needs python-pptx: pip install 'artstudio[slides]'")

PRESETS = "".join(
    f'[{name}]\ntitle = "{name.title()}"\nseed = {seed}\nunits = 8\ndepth = 2\n'
    for seed, name in enumerate(["one", "two", "three", "four", "five", "six", "seven"], 1)
)


NINE = ("tanh", "relu", "elu", "selu", "gelu", "silu", "mish", "sine", "step")

SHOWN = (
    "sigmoid",
    "relu",
    "--include",
    "title,gallery,plots",
    "--preset",
    "mine.toml",
    "--units",
    8,
    "--depth",
    2,
)
"""All parts but the comparisons and the lessons, of small networks."""


def small(patch):
    """Make pictures small: what is tested is what becomes of them."""
    patch.setattr(content, "PICTURE", (96, 54))
    patch.setattr(content, "TITLE_ART", (71 / 144, 75 / 144))


@pytest.fixture
def quick(monkeypatch, run_cli):
    small(monkeypatch)
    Path("mine.toml").write_text(PRESETS, encoding="utf-8")


@pytest.fixture(scope="module", params=LOOKS)
def deck(request, tmp_path_factory):
    """A deck in each theme: its name and the file."""
    from artstudio.__main__ import main

    with pytest.MonkeyPatch.context() as patch:
        small(patch)
        patch.chdir(tmp_path_factory.mktemp("deck"))
        Path("mine.toml").write_text(PRESETS, encoding="utf-8")
        arguments = ["deck", "talk.pptx", *SHOWN, "--theme", request.param, "--title", "Bends & <kinks>"]
        assert main([str(argument) for argument in arguments]) == 0
        return request.param, Path("talk.pptx").resolve()


def pictures(slide):
    return [shape for shape in slide.shapes if shape.shape_type == pptx.enum.shapes.MSO_SHAPE_TYPE.PICTURE]


def notes(slide):
    return slide.notes_slide.notes_text_frame.text


def test_every_slide_has_a_title_in_its_placeholder_pictures_with_alt_text_and_notes_with_a_command(deck):
    presentation = pptx.Presentation(deck[1])
    assert presentation.slide_width / presentation.slide_height == pytest.approx(16 / 9)
    assert presentation.core_properties.title == "Bends & <kinks>"
    slides = list(presentation.slides)
    titles = [slide.shapes.title.text for slide in slides]
    plots = [
        "Largest slopes: Sigmoid 0.25 and ReLU 1",
        "Sigmoid saturates on both sides; its slope is at most 0.25",
        "ReLU saturates on the negative side only",
    ]
    assert titles == ["Bends & <kinks>", "Mine", "Mine, page 2", *plots]
    assert [len(pictures(slide)) for slide in slides] == [1, 4, 3, 1, 1, 1]
    for slide in slides:
        assert slide.shapes.title.is_placeholder
        assert "\nartstudio " in notes(slide)
        for picture in pictures(slide):
            about = picture._element.nvPicPr.cNvPr
            assert len(about.get("descr")) > 15
            assert picture.left >= 0
            assert picture.top >= 0
            assert picture.left + picture.width <= presentation.slide_width + 1
            assert picture.top + picture.height <= presentation.slide_height + 1
        texts = [shape.text_frame.text for shape in slide.placeholders]
        assert all(texts), "an empty placeholder asks for a click"


def test_pictures_keep_their_shape_clear_the_title_and_do_not_overlap(deck):
    presentation = pptx.Presentation(deck[1])
    for slide in list(presentation.slides)[1:]:
        boxes = [(p.left, p.top, p.left + p.width, p.top + p.height) for p in pictures(slide)]
        title = slide.shapes.title
        for picture, box in zip(pictures(slide), boxes, strict=True):
            pixels = picture.image.size
            assert picture.width / picture.height == pytest.approx(pixels[0] / pixels[1], rel=0.02)
            assert box[1] >= title.top + title.height
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def test_a_gallery_picture_carries_its_recipe_and_the_command_in_the_notes_makes_it(deck, run_cli):
    presentation = pptx.Presentation(deck[1])
    slide = presentation.slides[1]
    second = pictures(slide)[1]
    Path("out.png").write_bytes(second.image.blob)
    recipe = artstudio.load_recipe("out.png")
    assert recipe == artstudio.Recipe(seed=2, units=8, depth=2)
    assert "Two" in second._element.nvPicPr.cNvPr.get("descr")
    line = [line for line in notes(slide).splitlines() if line.startswith("artstudio render")][1]
    assert run_cli(*shlex.split(line)[1:], "-o", "again.png")[0] == 0
    with Pillow.open("again.png") as again, Pillow.open(io.BytesIO(second.image.blob)) as first:
        assert np.array_equal(np.asarray(again), np.asarray(first))


def test_notes_of_a_plot_hold_values_and_a_command_that_runs(deck, run_cli):
    theme, path = deck
    presentation = pptx.Presentation(path)
    text = notes(presentation.slides[4])
    assert "0 | 0.5 | 0.25" in text
    assert "2 | 0.8808 | 0.105" in text
    line = next(line for line in text.splitlines() if line.startswith("artstudio plot"))
    assert run_cli(*shlex.split(line)[1:])[0] == 0
    with Pillow.open("plot-sigmoid.png") as picture:
        corner = picture.convert("RGB").getpixel((0, 0))
    assert corner == ImageColor.getrgb(LOOKS[theme].page.paper)


def test_themes_are_in_the_theme_so_that_one_click_restyles(deck):
    theme, path = deck
    presentation = pptx.Presentation(path)
    master = presentation.slide_master
    mapping = next(master._element.iter(pptx.oxml.ns.qn("p:clrMap")))
    ends = {"light": ("lt1", "dk1"), "dark": ("dk1", "lt1")}[theme]
    assert (mapping.get("bg1"), mapping.get("tx1")) == ends
    text = master.part.part_related_by(pptx.opc.constants.RELATIONSHIP_TYPE.THEME).blob.decode()
    paper, ink = (re.search(rf"<a:{end}>\s*<a:srgbClr val=\"(\w+)\"", text)[1].lower() for end in ends)
    assert (f"#{paper}", f"#{ink}") == (LOOKS[theme].page.paper, LOOKS[theme].page.ink)
    for slide in presentation.slides:  # no slide sets a colour or a type of its own over the theme's
        xml = slide.shapes.title._element.xml
        assert "srgbClr" not in xml
        assert "latin" not in xml


FACES = {
    "Inter": FACES_OF_INTER[:2],
    "DejaVu Sans": [Path(get_data_path()) / f"fonts/ttf/DejaVuSans{end}.ttf" for end in ("", "-Bold")],
}
LONG = "Three layers learn a circle: " + ", ".join(f"max(0.{i} * z, z) {i} %" for i in range(1, 8))


@pytest.fixture(scope="module")
def wordy(tmp_path_factory):
    """A deck with words of many lengths."""
    png = FORMATS["png"].encode(np.zeros((9, 16, 3), np.uint8), {})
    named = [
        Image(name="a", png=png, width=16, height=9, alt="a", caption=name) for name in ("Agate", LONG, *"abcd")
    ]
    slides = [
        Slide(kind="title", title=title, subtitle=LONG[:170], images=(named[0],), notes="a")
        for title in ("What it does", "W" * 30 + " m" * 45)
    ]
    slides += [
        Slide(kind="figure", title=LONG[:n], images=(named[0],), notes="a") for n in range(20, len(LONG), 12)
    ]
    slides += [Slide(kind="gallery", title="日本語 " * 20, images=tuple(named), notes="a")]
    path = tmp_path_factory.mktemp("wordy") / "talk.pptx"
    open_target(path, LOOKS["light"]).write(slides)
    return pptx.Presentation(path)


def lines_of(text, width, em):
    """The lines of a text that breaks between words, or within those that are too long."""
    count, room = 1, width
    for word in text.split():
        need = em(word)
        if need > room and room < width:
            count, room = count + 1, width
        while need > room:
            count, need, room = count + 1, need - room + em("W"), width
        room -= need + em(" ")
    return count


@pytest.mark.parametrize("face", FACES)
def test_words_fit_their_boxes_whether_inter_is_installed_or_not(wordy, face):
    sizes = {"TITLE": 24, "CENTER_TITLE": 32, "SUBTITLE": 18}
    fitted = set()
    for slide in wordy.slides:
        words = [s for s in slide.shapes if s.has_text_frame]
        assert words
        for shape in words:
            kind = shape.placeholder_format.type.name if shape.is_placeholder else "caption"
            scale = int((re.findall(r'fontScale="(\d+)"', shape._element.xml) or [100_000])[0]) / 100_000
            run = shape.text_frame.paragraphs[0].runs[0]
            points = run.font.size.pt if kind == "caption" else sizes[kind] * scale
            bold = kind.endswith("TITLE") and kind != "SUBTITLE"
            font = get_font(FACES[face][bold])
            font.set_size(points, 72)

            def em(text, font=font):
                font.set_text(text)
                return font.get_width_height()[0] / 64 / 72

            width, height = shape.width.inches - (0 if kind == "caption" else 0.1), shape.height.inches - 0.1
            text = shape.text_frame.text.translate(dict.fromkeys(map(ord, "日本語"), "W"))
            assert lines_of(text, width, em) * 1.21 * points / 72 <= height + (0.05 if kind == "caption" else 0)
            fitted.add((kind, scale < 1))
    assert {("TITLE", True), ("TITLE", False), ("CENTER_TITLE", True), ("caption", False)} <= fitted


@pytest.mark.parametrize(
    ("text", "regular", "bold"),
    [
        ("Tanh saturates on both sides; its slope is at most 1", 25.91, 28.69),
        ("3 layers learn a circle: step 84 %, sigmoid 53 %, tanh 100 %, ReLU 100 %", 38.11, 42.13),
        ("Tangerine crumple", 9.4, 10.55),
    ],
)
def test_verdana_is_no_wider_than_what_boxes_have_room_for(text, regular, bold):
    """Widths in type sizes as a browser measured them, from the tables of the npm package anafanafo 2.0.0."""
    assert 0.95 * text_width(text) < regular <= text_width(text)
    assert 0.95 * text_width(text, bold=True) < bold <= text_width(text, bold=True)


def test_the_theme_names_inter_and_asks_for_a_sans_serif_in_its_place(deck):
    master = pptx.Presentation(deck[1]).slide_master
    theme = master.part.part_related_by(pptx.opc.constants.RELATIONSHIP_TYPE.THEME).blob.decode()
    faces = re.findall(r"<a:latin ([^>]*)/>", theme)
    assert len(faces) == 2
    for face in faces:
        assert dict(re.findall(r'(\w+)="([^"]*)"', face))["typeface"] == "Inter"
        assert re.search(r'panose="020B.*pitchFamily="34"', face), "a sans serif of variable pitch"


def test_a_template_gives_its_design_and_none_of_its_slides(run_cli, quick):
    theirs = pptx.Presentation()  # 4:3
    old = theirs.slides.add_slide(theirs.slide_layouts[0])
    old.shapes.title.text = "Old words"
    theirs.slide_layouts[5].name = "Their own page"
    theirs.save("theirs.pptx")
    before = Path("theirs.pptx").read_bytes()
    code, out, err = run_cli("deck", "talk.pptx", *SHOWN, "--template", "theirs.pptx")
    assert (code, out, err) == (0, "talk.pptx\n", "")
    presentation = pptx.Presentation("talk.pptx")
    assert presentation.slide_width / presentation.slide_height == pytest.approx(4 / 3)
    assert [slide.slide_layout.name for slide in presentation.slides][1:] == ["Their own page"] * 5
    assert "Old words" not in [slide.shapes.title.text for slide in presentation.slides]
    assert before == Path("theirs.pptx").read_bytes()
    for slide in presentation.slides:
        for picture in pictures(slide):
            assert picture.left + picture.width <= presentation.slide_width
            assert picture.top + picture.height <= presentation.slide_height


@pytest.mark.sweep
def test_libreoffice_shows_the_words_and_the_pictures_where_they_belong(deck, tmp_path, monkeypatch):
    office, to_png = shutil.which("soffice"), shutil.which("pdftoppm")
    if not office or not to_png:
        pytest.skip("needs LibreOffice and poppler: apt-get install libreoffice-impress poppler-utils")
    theme, path = deck
    monkeypatch.chdir(tmp_path)
    presentation = pptx.Presentation(path)
    profile = f"-env:UserInstallation=file://{Path('profile').resolve()}"
    command = [office, profile, "--headless", "--convert-to", "pdf", path]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    text = subprocess.run(["pdftotext", "-f", "2", "-l", "2", "talk.pdf", "-"], check=True, capture_output=True)
    assert {"Mine", "One", "Four"} <= set(text.stdout.decode().split())
    subprocess.run([to_png, "-r", "72", "-png", "-f", "2", "-l", "2", "talk.pdf", "page"], check=True)
    page = np.asarray(Pillow.open(next(Path().glob("page-*.png"))).convert("RGB")).astype(int)
    paper = ImageColor.getrgb(LOOKS[theme].page.paper)
    assert np.abs(page[3, 3] - paper).max() <= 2
    picture = pictures(presentation.slides[1])[2]
    scale = page.shape[1] / presentation.slide_width
    left, top = round(picture.left * scale), round(picture.top * scale)
    right, bottom = round((picture.left + picture.width) * scale), round((picture.top + picture.height) * scale)
    with Pillow.open(io.BytesIO(picture.image.blob)) as source:
        wanted = np.asarray(source.convert("RGB").resize((right - left, bottom - top))).astype(int)
    # LibreOffice smooths in its own way, so the inside of the picture is compared on average.
    assert np.abs(page[top:bottom, left:right] - wanted)[4:-4, 4:-4].mean() < 6


@pytest.mark.sweep
def test_markdown_is_a_folder_whose_text_names_every_picture(run_cli, quick):
    arguments = ("deck", "talk", *SHOWN, "--format", "markdown", "--title", "a | b *c*")
    assert run_cli(*arguments)[:2] == (0, "talk\n")
    text = Path("talk/slides.md").read_text(encoding="utf-8")
    assert text.startswith('---\nmarp: true\nsize: 16:9\ntitle: "a | b *c*"\n---\n')
    assert "# a \\| b \\*c\\*" in text
    linked = re.findall(r"!\[([^]]+)\]\(([^)]+)\)", text)
    assert {path for _, path in linked} == {f"images/{file.name}" for file in Path("talk/images").iterdir()}
    assert all(len(alt) > 15 for alt, _ in linked)
    fonts = re.findall(r"url\((fonts/[^)]+)\)", text)
    assert len(fonts) == 2
    assert all(Path("talk", font).read_bytes()[:4] == b"wOF2" for font in fonts)
    assert "SIL OPEN FONT LICENSE" in Path("talk/fonts/LICENSE.txt").read_text(encoding="utf-8")
    assert len(re.split(r"^---$", text, flags=re.MULTILINE)) == 8  # two of the head, five between six slides
    assert text.count("\n<!--\n") == text.count("\n-->\n") == 6
    code, _, err = run_cli(*arguments)
    assert (code, err) == (2, "artstudio: talk exists already; --force replaces it\n")
    Path("talk/images/old.png").write_bytes(b"")
    assert run_cli(*arguments, "--force")[0] == 0
    assert not Path("talk/images/old.png").exists()
    assert sorted(path.name for path in Path().iterdir()) == ["mine.toml", "talk"]
    Path("talk/mine.txt").write_text("do not lose me", encoding="utf-8")
    code, _, err = run_cli(*arguments, "--force")
    assert code == 2
    assert "found 'mine.txt' in it" in err
    assert Path("talk/mine.txt").exists()


@pytest.mark.parametrize(("format", "name"), [("pptx", "talk.pptx"), ("markdown", "talk")])
def test_a_deck_that_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch, format, name):
    png = FORMATS["png"].encode(np.zeros((9, 16, 3), np.uint8), {})
    image = Image(name="black", png=png, width=2, height=1, alt="Black")
    first, second = (Slide(kind="figure", title=word, images=(image,), notes="") for word in ("One", "Two"))
    target = open_target(tmp_path / name, LOOKS["light"], format=format)
    target.write([first])
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def full(handle):
        raise OSError(28, "No space left on device")

    target = open_target(tmp_path / name, LOOKS["light"], format=format, overwrite=True)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(artstudio.FileProblem, match="No space left"):
            target.write([first, second])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept
    target.write([first, second])
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} != kept


def test_dry_run_lists_the_slides_and_paints_nothing(run_cli, monkeypatch):
    monkeypatch.setattr("artstudio.engine.render.render", None)
    code, out, _ = run_cli("deck", "talk.pptx", "-n")
    lines = out.splitlines()
    assert code == 0
    assert {line.split()[0] for line in lines} == set(PARTS)
    assert sum("s of work and" in line for line in lines if line.startswith("films")) == 3
    code, out, _ = run_cli("deck", "talk.pptx", "-n", "--json", "--include", "lessons,title")
    assert [row["part"] for row in json.loads(out)["slides"]] == ["title"] + ["lessons"] * 6
    assert not Path("talk.pptx").exists()


def test_json_is_one_document_that_describes_each_slide(run_cli):
    code, out, err = run_cli("deck", "talk.pptx", "sigmoid", "relu", "--include", "plots", "--json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert document["path"] == "talk.pptx"
    assert document["bytes"] == Path("talk.pptx").stat().st_size
    assert [slide["part"] for slide in document["slides"]] == ["plots"] * 3
    assert all("artstudio plot" in slide["notes"] for slide in document["slides"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["talk.odp"], "expected a file name that ends in .pptx"),
        (["talk.pptx", *NINE], "expected 1 to 8 activations, found 9"),
        (["talk.pptx", "sigmoid", "tahn"], "unknown activation 'tahn'; did you mean 'tanh'?"),
        (["talk.pptx", "--include", "plots,maths"], "unknown part of a deck 'maths'"),
        (["talk.pptx", "--films", "none", "--include", "films"], "films: expected gif or mp4 with the part films"),
        (["talk.pptx", "--films", "webm"], "'webm' is not one of 'gif', 'mp4', 'none'"),
        (["talk.pptx", "--theme", "print"], "unknown deck theme 'print' (expected one of: light, dark)"),
        (["talk.pptx", "--format", "keynote"], "unknown deck format 'keynote'"),
        (["talk.pptx", "--template", "bad.pptx"], "bad.pptx: expected a PowerPoint file, found none"),
        (["talk.pptx", "--template", "none.pptx"], "none.pptx: cannot be read (No such file or directory)"),
        (["talk.pptx", "--title", "x" * 121], "title: expected at most 120 characters, found 121"),
        (["talk.pptx", "--preset", "agaet"], "unknown preset 'agaet'; did you mean 'agate'?"),
        (["talk.pptx", "--seed", "-1"], "seed"),
        (["there.pptx"], "there.pptx exists already; --force replaces it"),
        (["none/talk.pptx"], "the folder none does not exist"),
        (["talk.pptx", "--format", "markdown"], "expected a folder's name for the format markdown"),
        (["talk", "--format", "markdown", "--template", "bad.pptx"], "template: expected with the format pptx only"),
        (["bad.pptx/talk", "--format", "markdown"], "bad.pptx"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_before_anything_is_painted(run_cli, monkeypatch, arguments, words):
    monkeypatch.setattr("artstudio.engine.render.render", None)
    Path("bad.pptx").write_bytes(b"PK\3\4 no package")
    Path("there.pptx").write_bytes(b"")
    code, out, err = run_cli("deck", *arguments)
    assert code in (1, 2)
    assert out == ""
    assert words in err
    assert len(err.splitlines()) == 1
    assert "internal error" not in err
    assert sorted(path.name for path in Path().iterdir()) == ["bad.pptx", "there.pptx"]


def test_without_the_extra_there_is_one_line_that_says_how_to_get_it(run_cli, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pptx", None)
    code, _, err = run_cli("deck", "talk.pptx")
    assert (code, err) == (2, "artstudio: deck needs the extra 'slides': pip install 'artstudio[slides]'\n")


@pytest.mark.sweep
def test_comparisons_and_lessons_become_slides_with_their_own_titles_and_numbers(tmp_path):
    recipe = artstudio.Recipe(seed=3, units=8, depth=2)
    request = make_request(LOOKS["light"], recipe=recipe, activations=["sigmoid", "max(0.1*z, z)"])
    planned = plan_deck(request, ["compare"]) + plan_deck(request, ["lessons"])[-1:]
    slides = [slide.make() for slide in planned]
    titles = [
        "The activation decides what one random draw looks like",
        "Where the colour changes: Sigmoid and max(0.1 * z, z)",
    ]
    assert [slide.title for slide in slides] == [*titles, "Softmax turns scores into probabilities"]
    assert "Sigmoid | 3 |" in slides[0].notes
    assert "d loss / d weight, which learning needs" in slides[1].notes
    assert "mean ‖∂ colour / ∂ (x, y)‖" in slides[1].notes
    for slide in slides:  # words to say come first, then numbers, then the command
        words, *_, made = slide.notes.split("\n\n")
        assert re.fullmatch(r"[A-Z].*\.", words, re.DOTALL)
        assert made.startswith("Made with:\nartstudio ")
    assert "1 | 2 | 0.659 | 0.417" in slides[2].notes
    target = open_target(tmp_path / "talk.pptx", LOOKS["light"])
    assert target.write(slides) == (tmp_path / "talk.pptx").stat().st_size
    for slide in slides:
        with Pillow.open(io.BytesIO(slide.images[0].png)) as picture:
            alpha = np.asarray(picture.convert("RGBA"))[..., 3]
            # No ground of its own, so that it lies on any slide; and no blank band where its title was.
            assert alpha[:4].max() == 0 or alpha.mean() < 255
            assert alpha[:20].max() > 0


def planned_commands(monkeypatch, **request):
    """The commands in the notes of the lessons of a deck, measured in no time."""
    calls = {}

    def note(topic, **settings):
        calls[topic] = settings
        raise InterruptedError

    monkeypatch.setattr(content, "lesson", note)
    for slide in plan_deck(make_request(LOOKS["light"], **request), ["lessons"]):
        with pytest.raises(InterruptedError):
            slide.make()
    return calls


def test_lessons_show_the_activations_and_the_palette_of_the_deck(monkeypatch):
    calls = planned_commands(monkeypatch, activations=["relu"], palette="ember")
    assert calls["vanishing"]["activation"] == ["relu"]
    assert calls["initialisation"]["activation"] == ["relu"]
    assert calls["linearity"]["activation"] == ["relu"]
    assert calls["linearity"]["palette"] == "ember"
    calls = planned_commands(monkeypatch, activations=["step", "tanh", "gelu"])
    assert calls["initialisation"]["activation"] == ["gelu", "tanh"]


def test_a_palette_reaches_every_picture_and_a_subtitle_names_what_is_shown():
    names = ["step", "sigmoid", "tanh", "relu", "gelu", "sine"]
    request = make_request(LOOKS["light"], activations=names, palette="ember")
    assert request.recipe.palette == "ember"
    assert {preset.recipe.palette for preset in request.presets} == {"ember"}
    titles = [slide.about for slide in plan_deck(request)]
    assert len(set(titles)) == len(titles)
    assert not any(title.startswith("Gallery") for title in titles)
    (title,) = plan_deck(request, ["title"])
    subtitle = title.make.args[1]
    assert subtitle == "Step, Sigmoid, Tanh and ReLU, seen in pictures of random networks"
    assert [
        slide.part for slide in plan_deck(make_request(LOOKS["light"], activations=["relu"]), ["compare"])
    ] == []
