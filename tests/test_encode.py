"""Every output format: decoded by Pillow, with its text, within its limits."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, JpegImagePlugin, features

from artstudio.errors import BadInput, FileProblem
from artstudio.files.encode import FORMATS, format_for

TEXT = {"Title": "Rosé → 薔薇", "Software": "artstudio 1", "artstudio:recipe": '{"seed":7,\n"a":"\\u00e9"}'}

every_format = pytest.mark.parametrize("format", FORMATS.values(), ids=lambda format: format.name)
with_exif = pytest.mark.parametrize("name", ["jpeg", "webp", "avif"])


def smooth(height=60, width=90):
    """Colours that change slowly, with one sharp edge between saturated ones."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // width, y * 255 // height, 255 - x * 255 // width], axis=-1).astype(np.uint8)
    pixels[:, width // 2 :, 1] = 255 - pixels[:, width // 2 :, 1]
    return pixels


def noise(height=200, width=300):
    return np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8)


def opened(data):
    image = Image.open(BytesIO(data))
    image.load()
    return image


@every_format
@pytest.mark.parametrize("shape", [(1, 1), (1, 37), (37, 1), (60, 90), (17, 19)])
def test_pillow_decodes_it(format, shape):
    pixels = smooth(*shape)
    image = opened(format.encode(pixels, TEXT))
    assert image.get_format_mimetype() == format.media_type
    found = np.asarray(image.convert("RGB"))
    if format.lossless:
        assert np.array_equal(found, pixels)
    assert found.shape == pixels.shape
    assert np.abs(found.astype(int) - pixels).mean() < 5


@every_format
def test_noise_is_encoded_too(format, capfd):
    pixels = noise()
    found = np.asarray(opened(format.encode(pixels, {})).convert("RGB"))
    assert np.abs(found.astype(int) - pixels).mean() < 12
    assert capfd.readouterr() == ("", "")


@every_format
def test_encoding_leaves_the_pixels_and_takes_read_only_ones(format):
    pixels = smooth()
    pixels.flags.writeable = False
    assert format.encode(pixels, TEXT) == format.encode(smooth(), TEXT)


@every_format
@pytest.mark.parametrize("pixels", [np.zeros((2, 2, 3)), np.zeros((0, 2, 3), np.uint8), np.zeros(3, np.uint8)])
def test_arrays_that_are_no_picture_are_refused(format, pixels):
    with pytest.raises(BadInput, match="expected uint8"):
        format.encode(pixels, {})


@with_exif
def test_text_can_be_read_from_exif(name):
    exif = opened(FORMATS[name].encode(smooth(), TEXT)).getexif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    comment = details[ExifTags.Base.UserComment]
    assert comment.startswith(b"ASCII\0\0\0")
    assert json.loads(comment[8:]) == TEXT
    assert exif[ExifTags.Base.Software] == "artstudio 1"
    assert exif[ExifTags.Base.ImageDescription].encode("latin-1").decode("utf-8") == TEXT["Title"]
    assert details[ExifTags.Base.ColorSpace] == 1


@with_exif
def test_text_may_be_empty(name):
    exif = opened(FORMATS[name].encode(smooth(), {})).getexif()
    assert ExifTags.Base.Software not in exif
    assert json.loads(exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment][8:]) == {}


@every_format
def test_text_that_is_no_unicode_is_refused(format):
    with pytest.raises(BadInput, match="no valid Unicode"):
        format.encode(smooth(), {"Title": "\udc80"})


def test_a_jpeg_holds_64_kib_of_text():
    FORMATS["jpeg"].encode(smooth(), {"a": "x" * 65_000})
    with pytest.raises(BadInput, match="at most 65533 bytes of text"):
        FORMATS["jpeg"].encode(smooth(), {"a": "x" * 66_000})


def test_a_jpeg_keeps_the_colour_of_every_pixel_and_is_optimised():
    pixels = smooth(300, 400)
    data = FORMATS["jpeg"].encode(pixels, {})
    image = opened(data)
    assert JpegImagePlugin.get_sampling(image) == 0
    plain = BytesIO()
    Image.fromarray(pixels).save(plain, "JPEG", quality=92, subsampling=0, exif=image.info["exif"])
    assert len(data) < len(plain.getvalue())


@every_format
def test_sizes_at_the_limit_pass_and_beyond_are_refused(format):
    limit = format.max_side
    format.check_size(limit, 1)
    format.check_size(1, limit)
    for size in [(limit + 1, 1), (1, limit + 1), (0, 5), (5, 0), (-1, 5)]:
        with pytest.raises(BadInput, match=rf"^{format.name}: expected 1 to {limit} pixels a side, found "):
            format.check_size(*size)


def test_a_refused_size_says_which_format_can_hold_it():
    with pytest.raises(BadInput, match="found 30000x20; png or jpeg or avif or tiff can hold it"):
        FORMATS["webp"].check_size(30_000, 20)


@every_format
def test_what_check_size_allows_can_be_encoded_and_decoded(format):
    side = min(format.max_side, 100_000)
    pixels = np.zeros((1, side, 3), np.uint8)
    assert opened(format.encode(pixels, {})).size == (side, 1)


def test_what_a_library_refuses_is_one_clear_line():
    with pytest.raises(FileProblem, match="webp: the picture could not be encoded"):
        FORMATS["webp"].encode(np.zeros((1, 16_384, 3), np.uint8), {})


@every_format
def test_suffixes_lead_to_the_format(format):
    for suffix in format.suffixes:
        for path in (f"a{suffix}", Path("out.d") / f"a.b{suffix.upper()}", suffix):
            assert format_for(path) is format
        assert format_for("a.txt", explicit=suffix) is format
        assert format_for("", explicit=suffix[1:].upper()) is format
    assert format_for("a.unknown", explicit=format.name) is format


def test_no_suffix_belongs_to_two_formats():
    suffixes = [suffix for format in FORMATS.values() for suffix in format.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@pytest.mark.parametrize("path", ["a.gif", "a.pngg", "a.", ".bmp"])
def test_an_unknown_suffix_lists_the_known_ones(path):
    with pytest.raises(
        BadInput, match=r"^unknown format .*expected one of: .png, .jpg, .jpeg, .webp, .avif, .tif"
    ):
        format_for(path)


@pytest.mark.parametrize("path", ["picture", "", "out.d/picture", "x" * 500])
def test_a_missing_suffix_lists_the_known_ones(path):
    with pytest.raises(BadInput, match=r"expected a file name that ends in one of .png, .jpg") as caught:
        format_for(path)
    assert len(str(caught.value)) < 200


def test_an_unknown_explicit_format_lists_the_names():
    with pytest.raises(BadInput, match=r"^unknown format 'jepg'; did you mean 'jpeg'"):
        format_for("a.png", explicit="jepg")


def test_a_format_missing_from_pillow_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(features, "check", lambda feature: feature != "avif")
    with pytest.raises(BadInput, match="avif: this build of Pillow cannot write it"):
        format_for("a.avif")
    assert format_for("a.webp").name == "webp"


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        FORMATS["gif"] = FORMATS["png"]
