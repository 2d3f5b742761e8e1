"""Preset files are read strictly, and every complaint says file, table and key."""

import os

import pytest

from artstudio import BadInput, FileProblem
from artstudio.engine.render import render
from artstudio.presets.collections import MAX_FILE_SIZE, find_presets, load_file, load_folder, shipped_presets

GOOD = """
title = "Mine"

[first-light]
seed = 7
activation = ["tanh", "sine"]
tags = ["calm"]
description = "Dots. Many. In. A. Row. Of. A. Few. Words. Here. And. There."
palette = ["#000", "#fff"]

[first-light.view]
zoom = 2

[second]
"""


@pytest.fixture
def write(tmp_path):
    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_a_collection_gives_its_presets_in_order(write):
    presets = load_file(write(GOOD))
    assert list(presets) == ["first-light", "second"]
    first = presets["first-light"]
    assert (first.title, first.collection, first.tags) == ("First light", "Mine", ("calm",))
    assert first.recipe.view.zoom == 2.0
    assert first.recipe.activation == ("tanh", "sine")


def test_a_preset_is_found_by_file_and_name(write):
    path = write(GOOD)
    assert [preset.name for preset in find_presets(f"{path}:second")] == ["second"]
    assert len(find_presets(str(path))) == 2
    with pytest.raises(BadInput, match="did you mean 'second'"):
        find_presets(f"{path}:secnod")


BAD = {
    "unknown key": ("[a]\nsede = 3", "[a] unknown key 'sede'; did you mean 'seed'?"),
    "unknown inner key": ("[a.view]\nzoon = 3", "[a] unknown key 'view.zoon'; did you mean 'zoom'?"),
    "unknown top key": ('titel = "x"\n[a]', "unknown key 'titel'; did you mean 'title'?"),
    "wrong type": ('[a]\nseed = "3"', "[a] seed: expected a whole number, found '3'"),
    "out of range": ("[a]\nunits = 100000", "[a] units: expected at most 512, found 100000"),
    "nan": ("[a]\ngain = nan", "[a] gain: expected a finite number, found nan"),
    "inf": ("[a]\nlatent = [inf]", "[a] latent: value 1: expected a finite number, found inf"),
    "a date": ("[a]\nseed = 2020-01-01", "[a] seed: expected a whole number, found 2020-01-01"),
    "duplicate table": ("[a]\n[a]", "not valid TOML: Cannot declare ('a',) twice (at line 2"),
    "duplicate key": ("[a]\nseed = 1\nseed = 2", "not valid TOML: Cannot overwrite a value (at "),
    "broken": ("[a]\nseed = = 3", "not valid TOML: Invalid value (at line 2, column 8)"),
    "empty": ("", "expected at least one preset"),
    "not UTF-8": (b"[a]\ntitle = '\xff'", "expected UTF-8 text, found other bytes at position 13"),
    "long title": ("[a]\ntitle = '" + "x" * 200 + "'", "[a] title: expected at most 120 characters"),
    "title no text": ("title = 3\n[a]", "title: expected a text, found 3"),
    "tags no list": ("[a]\ntags = 'calm'", "[a] tags: expected a list, found 'calm'"),
    "long dotted key": ("a" + ".a" * 20_000 + " = 1", "line 1: a key of more than 8 parts"),
    "long dotted table": ("x = 1\n[" + "a . " * 20_000 + "a]", "line 2: a key of more than 8 parts"),
    "long quoted key": ("[a]\n" + '"a".' * 20_000 + "a = 1", "line 2: a key of more than 8 parts"),
    "long inline key": ("x = {" + "a." * 20_000 + "a = 1}", "line 1: a key of more than 8 parts"),
    "nested arrays": ("x = " + "[" * 100_000, "not valid TOML: nested too deeply"),
    "a long number": ("x = " + "9" * 100_000, "not valid TOML"),
    "too large": ("#" * (MAX_FILE_SIZE + 1), "expected at most 256 KiB of presets"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_a_bad_file_gets_one_line(write, text, message):
    path = write(text)
    with pytest.raises(BadInput) as caught:
        load_file(path)
    assert str(caught.value).startswith(f"{path}: {message}")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "name",
    [
        "../x",
        "/etc/x",
        "CON",
        "con",
        "nul",
        "lpt1",
        "a b",
        "A",
        "é",
        "a\\u202eb",
        "a\\u0000b",
        "x" * 300,
        "",
        "-a",
    ],
)
def test_a_name_that_is_no_plain_file_name_is_refused(write, name):
    with pytest.raises(BadInput, match="expected small letters, digits and hyphens"):
        load_file(write(f'["{name}"]'))


def test_a_missing_file_is_a_file_problem(tmp_path):
    with pytest.raises(FileProblem, match="cannot be read"):
        load_file(tmp_path / "none.toml")


def test_one_name_in_two_files_is_refused(write, tmp_path):
    write("[same]", "a.toml")
    write("[same]", "b.toml")
    with pytest.raises(BadInput, match=r"b\.toml: \[same\] stands in the collection 'a' too"):
        load_folder(tmp_path)


def test_an_unknown_preset_names_the_nearest():
    name = next(iter(shipped_presets()))
    with pytest.raises(BadInput, match=f"did you mean '{name}'"):
        find_presets(name + "x")


def test_there_are_enough_shipped_presets_and_each_says_what_it_is():
    presets = shipped_presets()
    assert len(presets) >= 16
    for preset in presets.values():
        assert preset.title
        assert preset.description
        assert preset.tags


@pytest.mark.sweep
def test_no_shipped_preset_is_flat():
    presets = list(shipped_presets().values())
    for preset in presets[:: 5 if os.environ.get("ARTSTUDIO_SWEEP") == "short" else 1]:
        assert render(preset.recipe, width=24, height=16).std() > 3, preset.name
