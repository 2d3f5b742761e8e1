"""Pictures for print: what other programs read from the files, and what LittleCMS's own tools make of the colours."""

import json
import shutil
import subprocess
from fractions import Fraction
from io import BytesIO

import numpy as np
import pytest
from coloraide import Color
from PIL import Image, ImageCms
from profiles import P3, PRINTER, SMALL, matrix_profile, needs_printer
from pypdf import PdfReader
from selection import some

from artstudio.engine import render as engine
from artstudio.engine.render import render
from artstudio.errors import BadInput
from artstudio.files.encode import FORMATS
from artstudio.files.printing.conversion import Conversion, read_profile
from artstudio.files.printing.sheet import SHEET_KEY, sheet_of
from artstudio.files.vector.formats import VECTORS
from artstudio.model.colour.oklab import linear_from_srgb
from artstudio.model.recipe import Recipe
from artstudio.model.size import parse_size, printed_size
from artstudio.paper import PAPERS, Sheet, parse_length
from artstudio.pictures import single
from artstudio.pictures.cutout import find_ground
from artstudio.pictures.picture import read_info
from artstudio.pictures.prepress import PLAIN, Prepress
from artstudio.pictures.preview import preview
from artstudio.pictures.printing import prepared
from artstudio.pictures.single import Picture, render_bytes, render_file
from artstudio.pictures.source import read_source
from artstudio.pictures.verify import verify
from artstudio.spaces import SPACES

WIDTH, HEIGHT = 96, 50
FLAT = Recipe(seed=5, activation="step", units=8, depth=2)
SMOOTH = Recipe(seed=2, activation="tanh")
SHEET = Sheet(8, 4, 254, 0.5)

every_format = pytest.mark.parametrize("name", FORMATS)
transparent_formats = pytest.mark.parametrize("name", [name for name, f in FORMATS.items() if f.carries_alpha])


def picture(name, prepress=PLAIN, recipe=FLAT, bits=8, supersample=0):
    return Picture(recipe, WIDTH, HEIGHT, FORMATS[name], supersample, bits, prepress=prepress)


def written(folder, made):
    path = folder / f"picture{made.format.suffixes[0]}"
    made.check(path)
    render_file(made, path, overwrite=True)
    return path


def ground_of(recipe=FLAT):
    return find_ground("ground", preview(recipe, WIDTH, HEIGHT))


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("a4", (2480, 3508)),  # as every printer's table of sizes has it
        ("a3-landscape", (4961, 3508)),
        ("letter", (2550, 3300)),
        ("12x8in", (3600, 2400)),
        ("30x20cm", (3543, 2362)),
        ("300X200MM", (3543, 2362)),
        ("720x36pt", (3000, 150)),
    ],
)
def test_a_size_on_paper_is_pixels_at_300_dpi(text, pixels):
    assert parse_size(text) == pixels


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("dpi", [72, 240.5])
def test_the_bleed_is_painted_on_each_side(name, dpi):
    pixels, sheet = printed_size(name, (1, 1), None, dpi, "0.125in")
    exact = [
        (Fraction(str(side)) + 2 * Fraction("3.175")) / Fraction("25.4") * Fraction(dpi) for side in PAPERS[name]
    ]
    assert all(abs(count - side) <= Fraction(1, 2) for count, side in zip(pixels, exact, strict=True))
    assert (sheet.dpi, sheet.bleed) == (dpi, 3.175)


def test_a_sheet_keeps_its_millimetres_and_pixels_keep_their_number():
    assert printed_size(None, (7, 9), None, None, None) == ((7, 9), None)
    assert printed_size(None, (94, 47), SHEET, None, None) == ((94, 47), SHEET)  # as many as the file has
    assert printed_size(None, (90, 50), SHEET, 508, None)[0] == (180, 100)
    pixels, sheet = printed_size("600x300", (1, 1), None, 300, "2.54mm")
    assert pixels == (600, 300)
    assert (sheet.width, sheet.height) == pytest.approx((50.8 - 5.08, 25.4 - 5.08))
    assert sheet.pixels == pixels


@pytest.mark.parametrize(
    ("size", "dpi", "bleed"),
    [
        ("300x200furlong", None, None), ("0x2mm", None, None), ("a3", 5, None), ("a3", float("nan"), None),
        ("a3", None, "3"), ("a3", None, "-1mm"), ("a3", None, "2in and more"), ("64x64", None, "3mm"),
        ("20x20", 2400, "3mm"), ("90000x1mm", None, None), ("20000x20000mm", 2400, None), ("64x64", 0, None),
    ],
)  # fmt: skip
def test_a_size_that_is_none_is_refused_in_one_line(size, dpi, bleed):
    with pytest.raises(BadInput) as refused:
        printed_size(size, (1, 1), None, dpi, bleed)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"width": 1}', '{"width": NaN, "height": 1}', '{"width": "x"}'])
def test_a_sheet_that_is_none_is_left_out(text):
    assert sheet_of({SHEET_KEY: text}) is None


def test_lengths_are_millimetres():
    assert [parse_length("bleed", text) for text in ("3mm", "0.3 cm", "1in", "72pt")] == [3, 3, 25.4, 25.4]


@every_format
@pytest.mark.parametrize("dpi", some([254, 299.5], {299.5}))
def test_pillow_reads_the_resolution(name, dpi, tmp_path):
    path = written(tmp_path, picture(name, Prepress(Sheet(8, 4, dpi, 0.5))))
    with Image.open(path) as image:
        exif = image.getexif()
        found = [image.info["dpi"][0]] if "dpi" in image.info else []
        found += [exif[282]] if 282 in exif else []
    assert found
    assert all(float(value) == pytest.approx(dpi, abs=0.5 if name == "jpeg" else 0.02) for value in found)
    info = read_info(path)
    assert (info.prepress.sheet.words, read_source(str(path)).prepress.sheet) == (
        f"8 x 4 mm at {dpi:g} dpi, 0.5 mm bleed", Sheet(8, 4, dpi, 0.5),
    )  # fmt: skip
    assert verify(path).outcome in ("exact", "tolerance")


@every_format
def test_every_format_says_srgb(name, tmp_path):
    """By an ICC profile that changes no colour, PNG by its own chunk."""
    with Image.open(written(tmp_path, picture(name))) as image:
        if name == "png":
            assert image.info["srgb"] == 0
            return
        profile = ImageCms.ImageCmsProfile(BytesIO(image.info["icc_profile"]))
    shown = ImageCms.profileToProfile(Image.fromarray(colours()), profile, ImageCms.createProfile("sRGB"))
    assert np.abs(np.asarray(shown).astype(int) - colours()).max() <= 1


def colours():
    """Every 15th level of each channel, uint8 (18, 324, 3)."""
    levels = np.arange(0, 256, 15)
    return (
        np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(18, -1, 3).astype(np.uint8)
    )


@pytest.mark.skipif(not shutil.which("exiftool"), reason="needs exiftool")
@pytest.mark.sweep
@every_format
def test_exiftool_reads_resolution_and_profile(name, tmp_path):
    made = picture(name, Prepress(SHEET, conversion=Conversion(matrix_profile(P3))))
    said = subprocess.run(["exiftool", "-json", written(tmp_path, made)], capture_output=True, check=True).stdout
    (about,) = json.loads(said)
    assert about["ProfileDescription"] == "Test"
    assert about.get("XResolution", about.get("PixelsPerUnitX")) in (254, 10_000)


@needs_printer
@pytest.mark.sweep
@pytest.mark.skipif(not shutil.which("tificc"), reason="needs tificc of liblcms2-utils")
@pytest.mark.parametrize(
    ("intent", "number"), [("perceptual", 0), ("relative", 1), ("saturation", 2), ("absolute", 3)]
)
def test_inks_are_those_of_tificc(intent, number, tmp_path):
    Image.fromarray(colours()).save(tmp_path / "a.tif")
    compensated = ["-b"] if intent == "relative" else []
    command = ["tificc", "-i", "*sRGB", "-o", str(PRINTER), f"-t{number}", *compensated, "a.tif", "b.tif"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    wanted = np.asarray(Image.open(tmp_path / "b.tif")).astype(int)
    found = Conversion(read_profile(PRINTER), intent).convert(colours())
    assert found.shape[2] == 4
    assert np.abs(found - wanted).max() <= 2


@pytest.mark.parametrize(("source", "target"), [("srgb", "p3"), ("p3", "srgb")])
def test_colours_of_displays_are_those_of_coloraide(source, target):
    profiles = {"p3": matrix_profile(P3), "srgb": SPACES["srgb"].icc}
    sample = colours()[::4, ::7]
    found = Conversion(profiles[target], source=profiles[source]).convert(sample)
    wanted = [
        Color(SPACES[source].canvas, (colour / 255).tolist()).convert(SPACES[target].canvas).clip().coords()
        for colour in sample.reshape(-1, 3)
    ]
    assert np.abs(found.reshape(-1, 3) - 255 * np.array(wanted)).max() <= 1.5


def test_a_picture_in_display_p3_is_converted_from_there(tmp_path):
    recipe = FLAT.with_parts(gamut="p3")
    path = written(
        tmp_path, prepared(picture("png", recipe=recipe), PLAIN, None, profile_file(tmp_path), None).picture
    )
    wanted = Conversion(matrix_profile(SMALL), source=SPACES["p3"].icc).convert(
        render(recipe, width=WIDTH, height=HEIGHT)
    )
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(image), wanted)
    assert verify(path).outcome == "exact"


def profile_file(folder):
    path = folder / "small.icc"
    path.write_bytes(matrix_profile(SMALL))
    return str(path)


def test_what_lies_outside_is_counted():
    small, wide = Conversion(matrix_profile(SMALL)), Conversion(matrix_profile(P3))
    assert wide.share_outside(colours()) == 0
    grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
    assert small.share_outside(grey) == 0
    assert (
        small.share_outside(np.array([[[255, 0, 0], [255, 0, 0], [128, 128, 128], [0, 0, 255]]], np.uint8)) == 0.75
    )


@needs_printer
def test_what_lies_outside_littlecms_marks_too():
    conversion, srgb = Conversion(read_profile(PRINTER)), ImageCms.createProfile("sRGB")
    relative, flags = (
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.GAMUTCHECK | ImageCms.Flags.SOFTPROOFING,
    )
    check = ImageCms.buildProofTransform(
        srgb, srgb, ImageCms.ImageCmsProfile(str(PRINTER)), "RGB", "RGB", relative, relative, flags
    )
    sample = colours()[::2, ::5]
    marked = (
        np.asarray(ImageCms.applyTransform(Image.fromarray(np.ascontiguousarray(sample)), check)) == 127
    ).all(-1)
    ours = np.array([[conversion.share_outside(pixel[None, None]) for pixel in row] for row in sample], bool)
    assert 0.2 < ours.mean() < marked.mean()  # it does not compensate for the paper's black, so it marks more
    assert marked[ours].mean() > 0.97


PROFILES = {"rgb": lambda: matrix_profile(SMALL), "cmyk": lambda: read_profile(PRINTER)}
CONVERTED = [("rgb", name) for name in FORMATS] + [("cmyk", "tiff"), ("cmyk", "jpeg")]


@pytest.mark.parametrize(
    ("kind", "name"), [pytest.param(*case, marks=needs_printer if case[0] == "cmyk" else ()) for case in CONVERTED]
)
def test_a_converted_picture_is_read_by_pillow_and_verified(kind, name, tmp_path):
    conversion = Conversion(PROFILES[kind]())
    path = written(tmp_path, picture(name, Prepress(conversion=conversion)))
    plain = render(FLAT, width=WIDTH, height=HEIGHT)
    with Image.open(path) as image:
        assert image.mode == kind.upper()
        assert image.info["icc_profile"] == conversion.profile
        difference = np.asarray(image).astype(int) - conversion.convert(plain)
    assert np.sqrt(np.square(difference).mean()) <= FORMATS[name].loss
    assert verify(path).outcome == ("exact" if FORMATS[name].lossless else "tolerance")
    again = read_source(str(path))
    assert (again.recipe, again.prepress) == (FLAT, PLAIN)  # it is painted in sRGB, whatever it was converted to


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "another kind of file"),
        (b"", "another kind of file"),
        (matrix_profile(P3)[:140], "ICC profile"),
        (matrix_profile(P3, kind=b"abst"), "'abst'"),
        (matrix_profile(P3, kind=b"link"), "'link'"),
        (matrix_profile(P3, space=b"GRAY"), "GRAY"),
        (matrix_profile(P3, space=b"Lab "), "Lab"),
    ],
)
def test_a_profile_that_is_none_is_refused_in_one_line(data, word, tmp_path):
    (tmp_path / "a.icc").write_bytes(data)
    with pytest.raises(BadInput, match=word) as refused:
        Conversion(read_profile(tmp_path / "a.icc"))
    assert "\n" not in str(refused.value)


@transparent_formats
@pytest.mark.parametrize("supersample", some([0, 3], {3}))
def test_over_its_ground_a_transparent_picture_is_the_opaque_one(name, supersample, tmp_path):
    """Put over the ground in linear light, as alpha's definition has it (Porter and Duff 1984)."""
    ground = ground_of()
    path = written(tmp_path, picture(name, Prepress(ground=ground), supersample=supersample))
    with Image.open(path) as image:
        assert image.mode == "RGBA"
        samples = np.asarray(image) / 255
    alpha, figure = samples[..., 3:], linear_from_srgb(samples[..., :3], np)
    behind = linear_from_srgb(np.array(list(bytes.fromhex(ground[1:]))) / 255, np)
    opaque = render(FLAT, width=WIDTH, height=HEIGHT, supersample=supersample or 4)
    difference = alpha * figure + (1 - alpha) * behind - linear_from_srgb(opaque / 255, np)
    assert np.sqrt(np.square(difference).mean()) <= 0.004 + FORMATS[name].loss / 255
    assert {0.0, 1.0} < set(alpha.ravel().round(3))
    assert verify(path).outcome == ("exact" if FORMATS[name].lossless else "tolerance")
    assert read_source(str(path)).prepress.ground == ground


@pytest.mark.sweep
def test_the_ground_leaves_no_colour_in_the_edges():
    """Of two colours, every pixel with any alpha has the other one, undiluted."""
    recipe = Recipe(
        seed=2, activation="step", depth=1, units=8, colour="mono", palette="blueprint", finish={"bands": 2}
    )
    two = {tuple(colour) for colour in preview(recipe, 200, 200).reshape(-1, 3).tolist()}
    ground = ground_of(recipe)
    data = render_bytes(Picture(recipe, 64, 64, FORMATS["png"], 0, prepress=Prepress(ground=ground)))
    pixels = np.asarray(Image.open(BytesIO(data))).reshape(-1, 4)
    assert len(two) == 2
    assert {tuple(colour) for colour in pixels[pixels[:, 3] > 0, :3].tolist()} == two - {
        tuple(bytes.fromhex(ground[1:]))
    }
    assert len(set(pixels[:, 3].tolist())) > 5
    assert not pixels[pixels[:, 3] == 0].any()


@pytest.mark.parametrize("text", ["ground", "#12345", "red", "#010203"])
def test_a_ground_that_is_none_is_refused_in_one_line(text):
    with pytest.raises(BadInput, match="alpha: ") as refused:
        find_ground(text, preview(SMOOTH, WIDTH, HEIGHT))
    assert "\n" not in str(refused.value)


def dots(path):
    with Image.open(path) as image:
        return image.info["dpi"]


def special(kind):
    return (
        Prepress(SHEET, ground_of())
        if kind == "alpha"
        else Prepress(SHEET, conversion=Conversion(PROFILES[kind]()))
    )


@pytest.mark.parametrize(
    ("name", "kind", "bits"),
    [
        ("png", "alpha", 8), ("png", "alpha", 16), ("tiff", "alpha", 16), ("png", "rgb", 8),
        pytest.param("tiff", "cmyk", 8, marks=needs_printer),
    ],
)  # fmt: skip
def test_a_poster_is_the_same_in_strips_and_goes_on(name, kind, bits, tmp_path, monkeypatch):
    made = picture(name, special(kind), bits=bits)
    whole = written(tmp_path, made)
    plain = [read_info(whole).pixels, dots(whole)]
    monkeypatch.setattr(engine, "BAND", WIDTH * 8)
    monkeypatch.setattr(single, "POSTER", 1)
    strips, bands = [], Prepress.bands

    def interrupted(self, recipe, **arguments):
        for number, band in enumerate(bands(self, recipe, **arguments)):
            if number == 3 and not strips:
                raise KeyboardInterrupt
            yield band

    monkeypatch.setattr(Prepress, "bands", interrupted)
    target = tmp_path / f"poster{whole.suffix}"
    with pytest.raises(KeyboardInterrupt):
        render_file(made, target)
    strips.append("done")
    render_file(made, target)
    assert [read_info(target).pixels, dots(target)] == plain
    assert verify(target).outcome == "exact"


def test_a_pdf_has_the_boxes_that_a_printer_needs():
    made = Picture(FLAT, 94, 54, VECTORS["pdf"], 0, prepress=Prepress(Sheet(84, 44, 25.4, 5)))
    page = PdfReader(BytesIO(render_bytes(made))).pages[0]
    points = 72 / 25.4
    assert [float(side) for side in page.mediabox] == pytest.approx([0, 0, 94 * points, 54 * points], abs=0.01)
    assert [float(side) for side in page.bleedbox] == pytest.approx([0, 0, 94 * points, 54 * points], abs=0.01)
    wanted = [5 * points, 5 * points, 89 * points, 49 * points]
    assert [float(side) for side in page.trimbox] == pytest.approx(wanted, abs=0.01)
    profile = page["/Resources"]["/ColorSpace"]["/DefaultRGB"][1].get_object()
    assert "sRGB" in ImageCms.getProfileDescription(BytesIO(profile.get_data()))


@pytest.mark.parametrize("name", ["svg", pytest.param("pdf", marks=pytest.mark.sweep)])
def test_a_drawing_leaves_its_ground_out(name, tmp_path):
    """Painted by programs that are not ours, alpha is that of the picture in pixels."""
    ground = ground_of()
    made = Picture(FLAT, WIDTH, HEIGHT, VECTORS[name], 0, prepress=Prepress(ground=ground))
    path = tmp_path / f"a.{name}"
    render_file(made, path)
    assert verify(path).outcome == "exact"
    if name == "svg":
        resvg = pytest.importorskip("resvg_py")
        found = Image.open(BytesIO(bytes(resvg.svg_to_bytes(svg_path=str(path)))))
    else:
        if not shutil.which("pdftocairo"):
            pytest.skip("needs poppler-utils")
        subprocess.run(
            ["pdftocairo", "-png", "-transp", "-r", "96", "-singlefile", path, tmp_path / "a"], check=True
        )
        found = Image.open(tmp_path / "a.png")
    pixels = Image.open(BytesIO(render_bytes(picture("png", Prepress(ground=ground)))))
    difference = np.asarray(found.convert("RGBA"))[..., 3] - np.asarray(pixels)[..., 3].astype(float)
    assert np.mean(np.abs(difference) > 64) < 0.02
    assert 0.01 < np.mean(np.asarray(pixels)[..., 3] == 0) < 0.99


def test_a_drawing_is_as_large_as_its_sheet(tmp_path):
    data = render_bytes(Picture(FLAT, 90, 50, VECTORS["svg"], 0, prepress=Prepress(SHEET)))
    assert b'width="9mm" height="5mm" viewBox="0 0 90 50"' in data


@pytest.mark.sweep
def test_the_command_says_what_it_does(run_cli, tmp_path):
    profile_file(tmp_path)
    target = tmp_path / "a.tif"
    code, out, err = run_cli(
        "render", "-a", "step", "--seed", 7, "--size", "8x4mm", "--dpi", 200, "--profile", tmp_path / "small.icc",
        "-o", target, "--json",
    )  # fmt: skip
    assert code == 0, err
    about = json.loads(out)
    assert (about["width"], about["height"], about["sheet"]["dpi"]) == (63, 31, 200)
    assert (about["profile"], about["intent"]) == ("Test", "relative")
    assert 0 <= about["outside_gamut"] <= 1
    assert "relative colorimetric with black point compensation" in err
    assert "8 x 4 mm at 200 dpi" in run_cli("info", target)[1]


@pytest.mark.parametrize(
    ("suffix", "words", "refusal"),
    [
        ("jpg", ("--alpha", "ground"), "jpeg cannot hold transparent pixels"),
        ("png", ("--intent", "perceptual"), "expected a profile"),
        ("png", ("--profile", "missing.icc"), "cannot be read"),
        ("svg", ("--profile", "small.icc"), "keeps the colours painted"),
        ("png", ("--profile", "small.icc", "--alpha", "ground"), "leave --alpha out"),
        ("png", ("--profile", "small.icc", "--bit-depth", "16"), "8 bits"),
        ("png", ("--profile", "small.icc", "--intent", "vivid"), "unknown intent"),
        ("png", ("--bleed", "3mm"), "expected a size in millimetres"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_one_line(suffix, words, refusal, run_cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    profile_file(tmp_path)
    code, _, err = run_cli("render", "-a", "step", "--seed", 7, "--size", "40x30", *words, "-o", f"a.{suffix}")
    assert code in (1, 2)
    assert refusal in err
    assert len(err.strip().splitlines()) == 1
    assert not list(tmp_path.glob("a.*"))


@pytest.mark.sweep
def test_a_gallery_on_paper_is_kept_until_its_paper_changes(run_cli, tmp_path):
    def gallery(*words):
        code, out, err = run_cli(
            "gallery",
            "rose-window",
            "--size",
            "8x4mm",
            "-o",
            tmp_path,
            "--sheet",
            "none",
            "--no-page",
            "--json",
            *words,
        )
        assert code == 0, err
        return [(row["status"], row["reason"]) for row in json.loads(out)["pictures"]]

    assert gallery("--bleed", "1mm")[0][0] == "rendered"
    assert gallery("--bleed", "1mm") == [("kept", "unchanged")]
    (tmp_path / "manifest.jsonl").unlink()
    assert gallery("--bleed", "1mm") == [("kept", "recovered")]
    assert gallery("--dpi", "150")[0][0] == "rendered"
    (made,) = tmp_path.glob("*.png")
    assert dots(made) == pytest.approx((150, 150), abs=0.02)
    assert (read_info(made).width, read_info(made).height) == (47, 24)
