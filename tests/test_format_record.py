"""A picture format is one record: whatever lists, writes, estimates, reads or serves formats asks the record."""

import json
import re
from dataclasses import replace
from functools import partial
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from artstudio.files import encode
from artstudio.files.encode import FORMATS
from artstudio.files.pillow import pillow_info
from artstudio.pages.shelf import Shelf


@pytest.fixture(autouse=True)
def jpeg2000(monkeypatch):
    """Register JPEG 2000 for a test; Pillow writes and reads it."""

    def write(pixels, text, space):
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG2000", no_jp2=False, irreversible=False)
        return file.getvalue()

    record = replace(
        FORMATS["webp"], name="jp2", suffixes=(".jp2", ".j2k"), media_type="image/jp2", bytes_per_pixel=3.0,
        max_side=2000, magic=re.compile(rb"....jP  ", re.DOTALL), encode=write,
        read=partial(pillow_info, "Jpeg2K"),
        decoder="Jpeg2K", feature="jpg_2000",
    )  # fmt: skip
    monkeypatch.setitem(encode._BY_NAME, "jp2", record)


@pytest.mark.parametrize("suffix", ["jp2", "J2K"])
def test_render_writes_it(run_cli, suffix):
    assert run_cli("render", "-s", 1, "--size", "40x30", "-o", f"a.{suffix}")[0] == 0
    with Image.open(f"a.{suffix}") as picture:
        assert (picture.format, picture.size) == ("JPEG2000", (40, 30))
    assert run_cli("render", "-s", 1, "--size", "40x30", "-o", "a.png")[0] == 0
    with Image.open("a.png") as lossless, Image.open(f"a.{suffix}") as picture:
        assert np.array_equal(np.asarray(picture), np.asarray(lossless))


def test_help_and_errors_name_it(run_cli):
    assert ".jp2" in run_cli("render", "--help")[1]
    assert "jp2" in run_cli("gallery", "--help")[1]
    assert "jp2" in run_cli("gallery", "agate", "--format", "jp3")[2]
    code, _, err = run_cli("render", "-s", 1, "--size", "4000x10", "-o", "a.jp2")
    assert (code, "expected 1 to 2000 pixels a side" in err) == (2, True)


def test_a_gallery_estimates_and_makes_it(run_cli):
    arguments = ("gallery", "agate", "--format", "jp2", "--size", "40x30", "-o", "g")
    plan = json.loads(run_cli(*arguments, "--dry-run", "--json")[1])
    assert plan["estimate"]["megabytes"] == pytest.approx(40 * 30 * 3 / 1e6, abs=0.001)
    assert run_cli(*arguments)[0] == 0
    assert (Path("g") / "agate.jp2").is_file()
    assert "agate.jp2" in (Path("g") / "index.html").read_text(encoding="utf-8")
    assert run_cli(*arguments, "--dry-run")[1].count("keep") >= 1


def test_the_studio_serves_it(run_cli):
    run_cli("gallery", "agate", "--format", "jp2", "--size", "40x30", "-o", "g")
    assert Shelf(Path()).picture("g/agate.jp2")[1] == "image/jp2"
