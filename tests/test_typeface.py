"""One typeface: bundled with its licence, and the only one that figures and contact sheets are set in."""

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib.font_manager import FontProperties, findfont
from selection import some

import artstudio
from artstudio.figures.style.theme import THEMES, house_style
from artstudio.figures.style.typeface import FACES, FAMILY, pillow_font

SIGNS = "Aäß0−×±′∞≥≤≈→·…⁻⁰¹²³⁴⁵⁶⁷⁸⁹ΣΦΩ∂πα"


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.stem)
def test_a_face_is_small_open_and_has_the_signs_that_figures_write(face):
    font = TTFont(face)
    assert face.stat().st_size < 150_000
    assert {ord(sign) for sign in SIGNS} <= set(font.getBestCmap())
    assert font["name"].getDebugName(1) == FAMILY
    assert "Open Font License" in font["name"].getDebugName(13)
    licence = (face.parent / "LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Copyright 2016-2022 The Inter Project Authors" in licence


def test_each_weight_is_a_face_of_its_own():
    found = [findfont(FontProperties(family=FAMILY, weight=w, style=s), fallback_to_default=False)
             for w, s in (("normal", "normal"), ("bold", "normal"), ("normal", "italic"))]  # fmt: skip
    assert [Path(path) for path in found] == list(FACES)


def test_a_figure_embeds_no_other_typeface():
    with house_style():
        exhibit = artstudio.plot("sigmoid", "tanh", at=[1])
        stream = io.BytesIO()
        exhibit.figure.savefig(stream, format="pdf", metadata={"CreationDate": None})
    names = set(re.findall(rb"/BaseFont /(?:[A-Z]{6}\+)?([\w-]+)", stream.getvalue()))
    assert names
    assert all(name.startswith(b"InterArtstudio") for name in names)


@pytest.mark.parametrize("theme", some(THEMES, {"dark"}))
def test_every_text_of_a_comparison_is_in_it(theme):
    figure = artstudio.compare(
        "step", "tanh", curves=True, theme=theme, recipe=artstudio.Recipe(units=4, depth=2)
    ).figure
    for text in [*figure.texts, *(label for axes in figure.axes for label in axes.get_xticklabels())]:
        assert text.get_fontfamily()[0] == FAMILY


def test_contact_sheets_take_it_and_a_broad_one_for_other_scripts():
    assert pillow_font("Agate, Δ", 20).getname() == (FAMILY, "Regular")
    assert pillow_font("Agate", 20, bold=True).getname() == (FAMILY, "Bold")
    assert pillow_font("ხატულა", 20).getname()[0] == "DejaVu Sans"
