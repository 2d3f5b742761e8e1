"""Display P3: its numbers against coloraide, its profile against LittleCMS, its files in other programs."""

import base64
from io import BytesIO

import numpy as np
import pytest
from coloraide import Color
from PIL import Image, ImageCms
from studio_harness import engine_page, picture

import artstudio
from artstudio.files.encode import FORMATS
from artstudio.files.growing import growing_file
from artstudio.files.png.write import encode_png
from artstudio.files.read import open_picture
from artstudio.pages.thumbnails import make_thumbnail
from artstudio.pictures.picture import read_info
from artstudio.pictures.verify import verify
from artstudio.spaces import SPACES, SRGB

P3 = SPACES["p3"]
WIDE = artstudio.Recipe(seed=7, activation="sine", units=8, depth=3, gamut="p3")

formats = pytest.mark.parametrize("format", FORMATS.values(), ids=lambda format: format.name)


def colours(count=200):
    return np.random.default_rng(1).uniform(0, 1, (count, 3))


def by_coloraide(levels, source, target):
    """Levels of 255 of a colour space as those of another, clipped."""
    found = [Color(source, row / 255).convert(target).clip()[:3] for row in levels]
    return 255 * np.array(found)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_the_primaries_give_the_published_matrices(space):
    for rgb in colours():
        wanted = Color(f"{space.canvas}-linear", rgb).convert("xyz-d65")[:3]
        assert space.xyz_from_linear @ rgb == pytest.approx(wanted, abs=2e-4)  # their white has more digits


@pytest.mark.parametrize("source", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("target", SPACES.values(), ids=SPACES)
def test_littlecms_converts_between_the_profiles_as_coloraide_does(source, target):
    levels = np.rint(255 * colours()).astype(np.uint8)
    profiles = [ImageCms.ImageCmsProfile(BytesIO(space.icc)) for space in (source, target)]
    assert [ImageCms.getProfileDescription(profile).strip() for profile in profiles] == [
        source.title,
        target.title,
    ]
    converted = ImageCms.profileToProfile(Image.fromarray(levels[None]), *profiles, renderingIntent=1)
    assert np.abs(np.asarray(converted)[0] - by_coloraide(levels, source.canvas, target.canvas)).max() < 1.5


@formats
@pytest.mark.parametrize("recipe", [WIDE, WIDE.replace(gamut="reduce")], ids=["p3", "srgb"])
def test_every_format_says_in_which_space_its_pixels_are(tmp_path, format, recipe):
    path = tmp_path / f"a{format.suffixes[0]}"
    artstudio.save(path, artstudio.render(recipe, width=40, height=30), recipe)
    with Image.open(path) as file:
        if format.name == "png" and recipe.space == SRGB:
            assert "srgb" in file.info
        else:
            profile = ImageCms.ImageCmsProfile(BytesIO(file.info["icc_profile"]))
            assert ImageCms.getProfileDescription(profile).strip() == recipe.space.title
        exif = file.getexif().get_ifd(0x8769).get(0xA001)
    if format.name in ("jpeg", "webp", "avif"):
        assert exif == (1 if recipe.space == SRGB else 0xFFFF)
    assert read_info(path).recipe == recipe
    assert verify(path).outcome == ("exact" if format.lossless else "tolerance")


def test_the_numbers_are_those_of_the_srgb_form():
    for colour in ("palette", "mixture", "oklch", "rgb"):
        recipe = WIDE.replace(colour=colour)
        srgb = artstudio.render(recipe.replace(gamut="reduce"), width=48, height=32)
        assert np.array_equal(artstudio.render(recipe, width=48, height=32), srgb)


@pytest.mark.parametrize("format", [format for format in FORMATS.values() if format.strips], ids=lambda f: f.name)
def test_pictures_written_in_strips_say_it_too(tmp_path, format):
    path = tmp_path / f"a{format.suffixes[0]}"
    strips = format.strips(8, 4, 8, 4, P3)
    with growing_file(path, strips, lambda _: {}, (8, 4), 8, overwrite=False) as file:
        file.append(np.zeros((4, 8, 3), np.uint8))
        file.finish()
    with open_picture(path) as file:
        assert file.info["icc_profile"] == P3.icc


def test_thumbnails_keep_the_space(tmp_path):
    artstudio.save(tmp_path / "a.png", artstudio.render(WIDE, width=400, height=40), WIDE)
    for data in make_thumbnail(tmp_path / "a.png").values():
        assert Image.open(BytesIO(data)).info["icc_profile"] == P3.icc


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with engine_page(tmp_path_factory.mktemp("engine")) as watched:
        yield watched.page


SHOWN = """async ([text, colorSpace]) => {
  const blob = new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], { type: "image/png" });
  const bitmap = await createImageBitmap(blob);
  const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext("2d", { colorSpace });
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height, { colorSpace });
  return [...data].filter((_, i) => i % 4 < 3);
}"""


@pytest.mark.parametrize("canvas", SPACES.values(), ids=SPACES)
@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES)
def test_a_browser_shows_a_png_in_its_space(page, space, canvas):
    levels = np.rint(255 * colours(64)).astype(np.uint8)
    data = base64.b64encode(encode_png(levels[None], {}, space)).decode()
    found = np.array(page.evaluate(SHOWN, [data, canvas.canvas])).reshape(-1, 3)
    assert np.abs(found - by_coloraide(levels, space.canvas, canvas.canvas)).max() < 2


def test_the_page_paints_and_saves_it(page, tmp_path):
    assert np.array_equal(picture(page, WIDE, 60, 40), picture(page, WIDE.replace(gamut="reduce"), 60, 40))
    size = {"width": 60, "height": 40}
    script = """async ([recipe, size]) => {
      const known = checkRecipe(data, recipe);
      painter.paint(known, size);
      const blob = await pictureBlob(painter, data, known, size);
      return [painter.gl.drawingBufferColorSpace, text64(new Uint8Array(await blob.arrayBuffer()))];
    }"""
    for recipe in (WIDE, WIDE.replace(gamut="reduce")):
        space, text = page.evaluate(script, [recipe.to_dict(), size])
        assert space == recipe.space.canvas
        path = tmp_path / "page.png"
        path.write_bytes(base64.b64decode(text))
        with Image.open(path) as file:
            assert file.info.get("icc_profile") == (P3.icc if recipe is WIDE else None)
        assert (read_info(path).recipe, verify(path).outcome in ("exact", "tolerance")) == (recipe, True)
