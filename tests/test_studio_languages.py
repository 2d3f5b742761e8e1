"""The languages of the studio's page: nothing is missing in any catalogue, and each can be read with its values."""

import re
import string
from itertools import chain

import pytest

from artstudio.pages.questions.load import load_questions
from artstudio.pages.studio_data import studio_data
from artstudio.pages.studio_page import FRAME, MODULES, preset_data
from artstudio.pages.studio_texts import catalogues, data_texts, frame_texts, script_texts

SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(MODULES.glob("*.js"))}
TEXTS = dict.fromkeys(
    chain(
        *map(script_texts, SCRIPTS.values()),
        frame_texts((MODULES / FRAME).read_text(encoding="utf-8")),
        data_texts({**studio_data(), "presets": preset_data(), "questions": load_questions().to_dict()}),
    )
)
CODES = list(catalogues())


def names(text):
    return sorted(re.findall(r"\{(\w+)\}", text))


def test_all_kinds_of_texts_are_gathered():
    texts = set(TEXTS)
    assert {"Randomise", "To the controls", "Leaky ReLU", "no symmetry", "Network", "Units", "Ink"} <= texts
    assert script_texts('t("a {b}", { b }); t(\n  "say \\"c\\""); at("d"); t(e)') == ["a {b}", 'say "c"']


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_missing_and_nothing_is_left_over(code):
    texts = catalogues()[code]["texts"]
    assert [text for text in TEXTS if text not in texts] == []
    assert [text for text in texts if text not in TEXTS] == []


@pytest.mark.parametrize("code", CODES)
def test_the_same_values_stand_in_every_language(code):
    for text, words in catalogues()[code]["texts"].items():
        assert set(names(words)) == set(names(text)), text
        assert words.strip() == words, text
        assert text.endswith("…") == words.endswith("…"), text


@pytest.mark.parametrize("name", SCRIPTS)
def test_texts_are_whole_strings(name):
    """A template or a sum cannot be found in a catalogue; variables hold texts of the data."""
    for argument in re.findall(r"(?<![.\w])t\(\s*([^\s)])", SCRIPTS[name]):
        assert argument == '"' or argument in string.ascii_letters, f"{name}: t({argument}"
