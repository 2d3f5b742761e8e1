"""The gallery's page as text, and its thumbnails: escaping, policy, addresses, sizes."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from io import BytesIO

import numpy as np
import pytest
from galleries import RECIPE, picture, write_picture
from PIL import Image

from artstudio.errors import BadInput
from artstudio.model.recipe import Recipe
from artstudio.pages.gallery import clean, gallery_page, relative_url
from artstudio.pages.thumbnails import make_thumbnail, update_thumbnails


def page_of(*pictures, title="My gallery", thumbnails=None):
    return gallery_page(pictures, title=title, version="1.2.3", thumbnails=thumbnails or {})


class Parsed(HTMLParser):
    """A page's elements as (tag, attributes), and the text of its style and script blocks."""

    def __init__(self, page):
        super().__init__()
        self.elements, self.blocks, self._inside = [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self._inside = (tag, dict(attributes)) if tag in ("style", "script") else None

    def handle_data(self, data):
        if self._inside:
            self.blocks.append((*self._inside, data))

    def handle_endtag(self, tag):
        self._inside = None

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def data_of(page):
    """The data that the page hands to its script."""
    return next(json.loads(text) for _, attributes, text in Parsed(page).blocks if attributes.get("id") == "data")


def policy_of(page):
    content = next(meta["content"] for meta in Parsed(page).all("meta") if "http-equiv" in meta)
    return dict(rule.split(" ", 1) for rule in content.split("; "))


def test_the_policy_allows_the_inlined_blocks_by_their_hashes_and_no_others():
    page = page_of(picture(), picture("dusk", width=300, height=300))
    policy = policy_of(page)
    for tag, attributes, text in Parsed(page).blocks:
        if attributes.get("type") != "application/json":
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert policy[f"{tag}-src"] == f"'sha256-{digest}'"
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "http" not in policy["img-src"]


def test_the_page_has_no_inline_handlers_styles_or_outside_addresses():
    for tag, attributes in Parsed(page_of(picture(), picture("x", status="failed", reason="full"))).elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        for name in ("src", "href"):
            assert not re.match(r"[a-z]+:|//", attributes.get(name) or "")


@pytest.mark.parametrize("field", ["name", "file", "title", "description", "collection", "command", "reason"])
@pytest.mark.parametrize("status", ["ok", "failed"])
def test_a_text_adds_no_element_or_attribute(field, status):
    evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)> {{ 7*7 }} </script><!-- \u2028"
    plain, attacked = (
        Parsed(page_of(picture(status=status, **{field: text}), title=text)) for text in ("plain", evil)
    )
    shape = [[(tag, sorted(attributes)) for tag, attributes in page.elements] for page in (plain, attacked)]
    assert shape[0] == shape[1]


def test_the_data_survives_its_way_through_the_page():
    texts = ("</script>", "<!--", "\u2028\u2029", "a & b", "'\"", "\\u003c", "{{ 7*7 }}")
    page = page_of(picture(description="".join(texts), tags=texts))
    assert data_of(page)["pictures"][0]["description"] == "".join(texts)
    assert tuple(data_of(page)["pictures"][0]["tags"]) == texts
    assert Recipe.from_dict(data_of(page)["pictures"][0]["recipe"]) == RECIPE


def test_what_html_cannot_hold_becomes_visible():
    assert clean("a\0b\r\x7f\x85\ud800\tc\n") == "a␀b␍␡\ufffd\ufffd\tc\n"
    page_of(picture(title="\ud800\0")).encode()


@pytest.mark.parametrize(
    ("file", "url"),
    [
        ("a.png", "./a.png"),
        ("a b#c?d%.png", "./a%20b%23c%3Fd%25.png"),
        ('"><é', "./%22%3E%3C%C3%A9"),
        ("javascript:alert(1)", "./javascript%3Aalert%281%29"),
        ("//elsewhere.example/x.png", ".///elsewhere.example/x.png"),
        ("\\\\host\\x", "./%5C%5Chost%5Cx"),
        ("sub/a.png", "./sub/a.png"),
    ],
)
def test_addresses_are_relative_and_percent_encoded(file, url):
    assert relative_url(file) == url


def test_a_card_names_its_thumbnails_and_its_size():
    page = Parsed(
        page_of(picture(), thumbnails={"dawn": {640: "thumbs/a b-640.webp", 320: "thumbs/a b-320.webp"}})
    )
    image = next(image for image in page.all("img") if "srcset" in image)
    assert image["srcset"] == "./thumbs/a%20b-320.webp 320w, ./thumbs/a%20b-640.webp 640w"
    assert image["src"] == "./thumbs/a%20b-320.webp"
    assert (image["width"], image["height"]) == ("480", "270")
    assert (image["loading"], image["decoding"]) == ("lazy", "async")
    assert image["alt"] == "Dawn: abstract picture, activations step, tanh, palette dusk"
    assert {"href": "./dawn.png"} in page.all("a")


def test_a_picture_without_thumbnails_is_shown_in_full():
    images = Parsed(page_of(picture())).all("img")
    assert images[0]["src"] == "./dawn.png"
    assert "srcset" not in images[0]


def test_filters_offer_what_tells_pictures_apart_with_counts():
    other = picture("night", recipe=Recipe(activation="tanh", palette="moss"), tags=("warm",))
    page = page_of(picture(), other)
    assert re.findall(r'<select name="(\w+)"', page) == ["activation", "palette", "tag"]
    assert '<option value="step">step (1)</option>' in page
    assert "tanh (2)" in page
    assert "warm (2)" in page


def test_a_palette_that_is_not_used_is_not_named():
    colours = Recipe(colour="oklab", palette="moss")
    own = Recipe(palette=["#000000", "#ffffff"])
    page = data_of(page_of(picture(recipe=colours), picture("b", recipe=own), picture("c")))
    assert [entry["palette"] for entry in page["pictures"]] == ["", "own colours", "dusk"]
    assert list(page["palettes"]) == ["dusk"]


def test_a_failed_job_is_a_card_with_its_reason_and_no_link():
    page = page_of(picture(status="failed", reason="the disk is full", recipe=None))
    assert "the disk is full" in page
    assert "1 failed" in page
    assert "dawn.png" not in page


def test_an_empty_gallery_says_so():
    assert "no pictures here yet" in page_of()


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_texts_have_enough_contrast(theme):
    colours = re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", page_of())
    luminance = {name: _luminance(pair[theme]) for name, *pair in colours}
    for text in ("ink", "quiet", "focus"):
        for ground in ("paper", "mat"):
            high, low = sorted((luminance[text], luminance[ground]), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)


def _luminance(colour):
    # WCAG 2.2, relative luminance.
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".avif"])
def test_thumbnails_are_small_webp_files_of_two_widths(tmp_path, suffix):
    write_picture(tmp_path / f"a{suffix}")
    files = make_thumbnail(tmp_path / f"a{suffix}")
    for width, data in files.items():
        with Image.open(BytesIO(data)) as image:
            assert (image.format, image.size) == ("WEBP", (width, width * 9 // 16))
    assert list(files) == [320, 640]


@pytest.mark.parametrize(("width", "widths"), [(480, [320, 480]), (200, [200]), (320, [320])])
def test_a_thumbnail_is_never_wider_than_its_picture(tmp_path, width, widths):
    write_picture(tmp_path / "a.png", width=width)
    assert list(make_thumbnail(tmp_path / "a.png")) == widths


def test_a_damaged_picture_is_an_error_with_its_name(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(BadInput, match=r"a\.png: expected a picture, found text"):
        make_thumbnail(tmp_path / "a.png")


def test_thumbnails_are_made_once_kept_and_cleared_away(tmp_path):
    pictures = [picture("a", digest="1"), picture("b", digest="2"), picture("c", status="failed", digest="3")]
    for name in "ab":
        write_picture(tmp_path / f"{name}.png")
    first = update_thumbnails(tmp_path, pictures)
    assert {name: list(widths) for name, widths in first.items()} == {"a": [320, 640], "b": [320, 640]}
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "thumbs").iterdir()}
    assert update_thumbnails(tmp_path, pictures) == first
    assert {path: path.stat().st_mtime_ns for path in times} == times
    (tmp_path / first["a"][320]).unlink()
    assert update_thumbnails(tmp_path, pictures) == first, "a run that was cut off is completed"
    update_thumbnails(tmp_path, pictures[:1])
    assert sorted(path.name for path in (tmp_path / "thumbs").iterdir()) == sorted(
        file.split("/")[1] for file in first["a"].values()
    )


def test_a_picture_that_cannot_be_read_has_no_thumbnails(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no picture")
    assert update_thumbnails(tmp_path, [picture("a")]) == {}
