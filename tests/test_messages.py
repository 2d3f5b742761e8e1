"""Errors and listings are safe to print and short, whatever a file, the network or a caller puts into them."""

import json
import math
import pickle
from pathlib import Path

import numpy as np
import pytest

import artstudio
from artstudio import ArtstudioError, BadInput, FileProblem, Loop, Recipe, View
from artstudio.errors import clip, printable, shown, unknown
from artstudio.figures.spec import parse_range
from artstudio.figures.style.save import figure_format
from artstudio.files.encode import format_for
from artstudio.files.png.write import encode_png
from artstudio.model.activation.morph import parse_morph
from artstudio.model.activation.registry import get_activation
from artstudio.model.fields.documents import read_json
from artstudio.model.size import parse_size
from artstudio.motion.film.formats import motion_format
from artstudio.motion.film.rate import exact_rate
from artstudio.motion.keyframes import parse_key
from artstudio.presets.collections import load_file
from artstudio.presets.sweep import parse_sweep

HOSTILE = {
    "escape sequences": "\x1b]0;owned\x07\x1b[31m",
    "eight-bit controls": "\x9b31m\x90",
    "writing turned round": "\u202egpj.exe\u2066\u200f",
    "lines": "a\nb\r\nc\u2028d\u0085e\x0b",
    "lone surrogates": "\ud800\udfff\udc80",
    "invisible": "\ufeff\u200b\u2060\U000e0041",
    "long": "1" * 100_000,
    "long and wide": "é" * 50_000,
}
ECHOES = {
    "activation": get_activation,
    "expression": lambda text: get_activation(f"z+{text}"),
    "expression, cut": lambda text: get_activation(f"z+q{text}"[:400]),
    "mix": lambda text: Recipe(activation=f"mix(tanh, {text})"),
    "weight": lambda text: Recipe(activation=f"mix(tanh:{text}, step)"),
    "symmetry": lambda text: Recipe(symmetry=text),
    "folds": lambda text: Recipe(symmetry=f"rotate:{text}"),
    "no folds": lambda text: Recipe(symmetry=f"none:{text}"),
    "palette": lambda text: Recipe(palette=text),
    "colours": lambda text: Recipe(palette=("#fff", text)),
    "features": lambda text: Recipe(features=text),
    "latent": lambda text: Recipe(latent=text),
    "key": lambda text: Recipe(**{text: 1}),
    "key within": lambda text: Recipe(view={text: 1}),
    "value": lambda text: Recipe(seed=text),
    "view": lambda text: View(zoom=text),
    "loop": lambda text: Loop(kind=text),
    "easing": lambda text: Loop(easing=text),
    "file": artstudio.load_recipe,
    "suffix": lambda text: format_for(f"a.{text}"),
    "film": lambda text: motion_format(f"a.{text}"),
    "figure": lambda text: figure_format(f"a.{text}"),
    "sweep": parse_sweep,
    "sweep's field": lambda text: parse_sweep(f"{text}=1"),
    "sweep's values": lambda text: parse_sweep(f"gain={text}"),
    "size": parse_size,
    "range": parse_range,
    "morph": parse_morph,
    "keyframe": parse_key,
    "rate": exact_rate,
    "json": lambda text: read_json(text, "a"),
    "json's place": lambda text: read_json("{", text),
    "schema": lambda text: Recipe.from_dict({"schema": text}),
    "unknown": lambda text: (_ for _ in ()).throw(unknown("thing", text, ["a"])),
    "theme": lambda text: artstudio.plot(theme=text),
    "topic": lambda text: artstudio.lesson(text),
    "presets": lambda text: artstudio.gallery(text),
    "argument": lambda text: artstudio.render(text),
}


def is_safe(text):
    """Whether a terminal shows it as one line, as it stands."""
    return all(character.isprintable() or character in "\u200c\u200d" for character in text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
def test_what_is_echoed_is_cut_and_escaped(echo, text):
    with pytest.raises((BadInput, FileProblem)) as caught:
        echo(text)
    message = str(caught.value)
    assert is_safe(message), ascii(message)
    assert len(message) <= 480
    assert text not in message


def test_every_error_is_one_safe_line_of_bounded_length():
    error = ArtstudioError("start \x1b[1m\n" + "x" * 10_000 + " end")
    assert str(error).startswith("start \\x1b[1m xxx")
    assert str(error).endswith("xxx end")
    assert len(str(error)) <= 480
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_text_of_any_language_stays_as_it_is():
    text = "Größe 大きさ הגודל حجم 👩‍🎨 ½ naïve"
    assert printable(text) == text
    assert str(BadInput(text)) == text


def test_values_are_shown_cut():
    assert shown("a\x1b") == r"'a\x1b'"
    assert shown(10**5000) == "a number of thousands of digits"
    assert shown([10**5000]) == "a number of thousands of digits"
    assert len(shown("x" * 1000, 20)) == 20
    assert clip("a  b\nc", 60) == "a b c"


# Files


def png(text, **about):
    recipe = text if isinstance(text, str) else json.dumps(text)
    render = json.dumps({"renderer": 1, "supersample": 0, "pixels": "0" * 64} | about.pop("render", {}))
    texts = {"artstudio:recipe": recipe, "artstudio:render": render} | about
    Path("a.png").write_bytes(encode_png(np.zeros((2, 2, 3), np.uint8), texts))


@pytest.mark.parametrize("name", ["Title", "Software"])
def test_a_picture_s_texts_are_escaped_for_the_terminal(run_cli, name):
    png(Recipe().to_dict(), **{name: "\x1b]0;owned\x07 \u202e\x9b31m"})
    code, out, err = run_cli("info", "a.png")
    assert (code, err) == (0, "")
    assert r"\x1b]0;owned\x07 \u202e\x9b31m" in out
    assert all(map(is_safe, out.splitlines()))
    assert json.loads(run_cli("info", "a.png", "--json")[1])[name.lower()] == "\x1b]0;owned\x07 \u202e\x9b31m"


def test_a_collection_s_texts_are_escaped_for_the_terminal(run_cli):
    toml = 'title = "\\u001b[31m"\n[a]\ndescription = "\\u202e\\u0007"\n'
    Path("a.toml").write_text(toml, encoding="utf-8")
    code, out, err = run_cli("presets", "a.toml")
    assert (code, err) == (0, "")
    assert r"\x1b[31m" in out
    assert r"\u202e\x07" in out
    assert all(map(is_safe, out.splitlines()))
    assert run_cli("presets", "a.toml", "--json")[1].isascii()


BAD_RECORDS = {
    "a lone surrogate in a value": '{"schema":2,"symmetry":"\\ud800"}',
    "a lone surrogate in a key": '{"schema":2,"\\udfff":1}',
    "a seed of 5,000 digits": '{"schema":2,"seed":' + "1" * 5000 + "}",
    "a seed of 4,000 digits": '{"schema":2,"seed":' + "1" * 4000 + "}",
    "a schema of 4,000 digits": '{"schema":' + "1" * 4000 + "}",
    "a number beyond floats": '{"schema":2,"gain":1e999}',
    "no number": '{"schema":2,"gain":NaN}',
    "nested": "[" * 100_000,
    "a long symmetry": '{"schema":2,"symmetry":"rotate:' + "1" * 60_000 + '"}',
}


@pytest.mark.parametrize("text", BAD_RECORDS.values(), ids=BAD_RECORDS)
def test_a_hostile_record_is_refused_in_one_short_line(run_cli, text):
    png(text)
    code, out, err = run_cli("info", "a.png")
    assert (code, out) == (2, "")
    assert err.startswith("artstudio: a.png: recipe: ")
    assert err.count("\n") == 1
    assert len(err) < 400
    assert is_safe(err.rstrip())


@pytest.mark.parametrize("pixels", ["\ud800", 1, None, 10**400])
def test_a_hostile_record_of_the_rendering_is_refused_in_one_line(run_cli, pixels):
    png(Recipe().to_dict(), render={"pixels": pixels})
    code, _, err = run_cli("info", "a.png")
    assert code == 2
    assert err.startswith("artstudio: a.png: ")
    assert len(err) < 300


BAD_TOML = {
    "a hexadecimal seed of 5,000 digits": "[a]\nseed = 0x" + "f" * 5000,
    "a seed of 5,000 digits": "[a]\nseed = " + "1" * 5000,
    "a list of such": "[a]\nlatent = [0x" + "f" * 5000 + "]",
    "a sweep of such": "[a]\nsweep.seed = [0x" + "f" * 5000 + "]",
    "a gain without end": "[a]\ngain = 1e999",
    "a key of many words": "[a]\n" + "a" * 250_000 + "." * 8,
    "dots": "[a]\n" + "a." * 100_000 + " ",
    "a string that is not closed": '[a]\nx = "' + '\\"' * 100_000 + "." * 9,
    "an unknown key": "[a]\n" + "k" * 50_000 + " = 1",
    "a preset's name": "[" + "n" * 50_000 + "]",
    "a name of another kind": '["\\u001b"]',
}


@pytest.mark.parametrize("text", BAD_TOML.values(), ids=BAD_TOML)
def test_a_hostile_collection_is_refused_in_one_short_line(tmp_path, text):
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_file(tmp_path / "a.toml")
    assert len(str(caught.value)) < 480
    assert is_safe(str(caught.value))


@pytest.mark.parametrize(
    "option", ["--seed", "--gain", "--units", "--zoom", "--supersample", "--latent", "--best-of"]
)
@pytest.mark.parametrize("number", ["9" * 5000, "-" + "9" * 400, "1e999", "0x" + "f" * 5000, "\x1b[31m"])
def test_a_number_beyond_any_range_is_one_short_line(run_cli, option, number):
    code, out, err = run_cli("render", f"{option}={number}", "-o", "none/a.png")
    assert code in (1, 2)
    assert out == ""
    assert len(err) < 400
    assert err.count("\n") == 1
    assert is_safe(err.rstrip())


# The library


R = Recipe(seed=1)
WRONG_CALLS = {
    "a width between pixels": lambda: artstudio.render(R, width=1.5),
    "a width in words": lambda: artstudio.render(R, width="1024"),
    "a truth as width": lambda: artstudio.render(R, width=True),
    "no recipe": lambda: artstudio.render("tanh"),
    "threads below 1": lambda: artstudio.render(R, width=8, height=8, threads=-1),
    "no threads": lambda: artstudio.render(R, width=8, height=8, threads=0),
    "samples in halves": lambda: artstudio.render(R, supersample=2.5),
    "a width without end": lambda: artstudio.render(R, width=10**5000),
    "seconds in words": lambda: artstudio.animate(R, seconds="3"),
    "seconds without end": lambda: artstudio.animate(R, seconds=10**400),
    "seconds that are none": lambda: artstudio.animate(R, seconds=math.nan),
    "a loop by number": lambda: artstudio.animate(R, loop=7),
    "a rate in words": lambda: artstudio.animate(R, fps="fast"),
    "a path by number": lambda: artstudio.save(5, np.zeros((2, 2, 3), np.uint8), R),
    "pixels in words": lambda: artstudio.save("a.png", "pixels", R),
    "a title by number": lambda: artstudio.save("a.png", np.zeros((2, 2, 3), np.uint8), R, title=5),
    "a file by number": lambda: artstudio.load_recipe(5),
    "a picture by number": lambda: artstudio.verify(0.5),
    "an activation by number": lambda: artstudio.plot(5),
    "a place that is no list": lambda: artstudio.plot(at=5),
    "a place in words": lambda: artstudio.plot(at=["x"]),
    "a range by number": lambda: artstudio.plot(z_range=3),
    "seeds by number": lambda: artstudio.compare(seeds=5),
    "steps in words": lambda: artstudio.compare(steps="x"),
    "a recipe in words": lambda: artstudio.compare(recipe="x"),
    "a depth in words": lambda: artstudio.lesson("vanishing", depth="x"),
    "scores in words": lambda: artstudio.lesson("softmax", scores=[1, "x"]),
    "a rate of learning in words": lambda: artstudio.lesson("dying", rate="x"),
    "a preset by number": lambda: artstudio.gallery(5),
    "sweeps by number": lambda: artstudio.gallery("agate", sweeps=5),
    "a zoom in words": lambda: View(zoom="x"),
}


@pytest.mark.parametrize("call", WRONG_CALLS.values(), ids=WRONG_CALLS)
def test_public_functions_refuse_what_they_do_not_take(call):
    with pytest.raises(BadInput, match=r"^\w+: ") as caught:
        call()
    assert len(str(caught.value)) < 300


def test_public_functions_take_numpy_s_numbers_and_any_sequence():
    assert artstudio.render(R, width=np.int64(8), height=np.uint8(4), threads=np.int32(1)).shape == (4, 8, 3)
    assert artstudio.animate(R, seconds=np.float32(2), fps=np.int64(24)).count == 48
    assert artstudio.plot("tanh", at=np.array([0.0, 1.0])).tables
