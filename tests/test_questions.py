"""Sets of questions: what a file may say, and the one line that it gets for what it may not."""

import pytest

from artstudio import BadInput
from artstudio.pages.questions.kinds import KINDS
from artstudio.pages.questions.load import load_questions, question_texts

TABLES = {
    "number": 'answers = [{ label = "a", value = "slope(sigmoid, 5)" }]',
    "choice": 'choices = [{ say = "a", right = "share(1, 1, 2, 1) > 0.5" }, { say = "b" }]',
    "order": 'lines = ["a", "b", "c"]',
    "formula": 'answer = "2*z"',
    "state": 'goal = ["z > 1", "slope_z < 0.1"]',
    "training": 'goal = ["accuracy(relu) > 0.9", "steps >= 100"]',
}
"""A question of each kind, its own keys."""


def written(tmp_path, kind, keys, more=""):
    path = tmp_path / "my.toml"
    path.write_text(
        f'[[question]]\nid = "q"\nkind = "{kind}"\ntitle = "T"\nask = "A?"\nexplain = "E"\n{keys}\n{more}',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read(tmp_path, kind):
    questions = load_questions(written(tmp_path, kind, TABLES[kind]))
    assert questions.title == "my"
    assert questions.to_dict()["questions"][0]["kind"] == kind
    assert {"T", "A?", "E"} <= set(question_texts(questions.to_dict()))


@pytest.mark.parametrize(
    ("kind", "keys", "words"),
    [
        ("numbr", "", "question 1 (q): unknown kind 'numbr'; did you mean 'number'?"),
        ("number", "", "question 1 (q): answers is missing"),
        ("number", 'answers = [{ label = "a", value = "slope(sigmod, 5)" }]', "did you mean 'sigmoid'"),
        ("number", 'answers = [{ label = "a", value = "slope(sigmoid)" }]', "slope takes 2 arguments, found 1"),
        ("number", 'answers = [{ label = "a", value = "2 +" }]', "not understood at column"),
        ("number", 'answers = [{ label = "a", value = "__import__(1)" }]', "unknown function"),
        ("number", 'answers = [{ label = "a", value = "z" }]', "unknown name"),
        ("number", 'answers = [{ label = "a", value = "1 if 2 else 3" }]', "expected numbers, + - * / % **"),
        ("number", 'answers = [{ label = "a", value = "1", tolerance = 2 }]', "tolerance: expected at most 0.5"),
        ("number", TABLES["number"] + '\nhints = [{ given = "frog(1)", say = "s" }]', "unknown function"),
        ("choice", 'choices = [{ say = "a" }, { say = "b" }]', "expected a choice with right = true"),
        ("order", 'lines = ["a"]', "lines: expected at least 3 entries"),
        ("formula", 'answer = "frog(z)"', "answer: expression, column 1: 'frog(z)' is not allowed"),
        ("formula", 'answer = "z"\nuses = ["frog"]', "expected names of activations, found 'frog'"),
        ("state", 'goal = ["accuracy > 1"]', "unknown name"),
        ("order", TABLES["order"] + "\nscene = { z = 1e9 }", "scene.z: expected at most 100"),
        ("order", TABLES["order"] + '\nscene = { functions = ["frog"] }', "unknown activation 'frog'"),
        ("order", TABLES["order"] + "\nscene = { picture = { units = -1 } }", "units: expected at least"),
        ("order", TABLES["order"] + '\nshows = ["x"]', "expected one of: f, slope, product, shares; found 'x'"),
        ("order", TABLES["order"] + "\nanswr = 1", "unknown key 'answr'"),
        ("order", TABLES["order"] + '\nid2 = "q"', "unknown key 'id2'; did you mean 'id'?"),
    ],
)
def test_mistakes_are_told_in_one_line_with_their_place(tmp_path, kind, keys, words):
    path = written(tmp_path, kind, keys)
    with pytest.raises(BadInput) as error:
        load_questions(path)
    assert str(error.value).startswith(f"{path}: question 1 (q): ")
    assert words in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected 1 to 60 tables [[question]], found 0"), ("question = 3", "found 3"),
        ("title = 3", "title: expected a text"),
        ("frog = 1", "unknown key"), ("[[question", "not valid TOML"),
        ('[[question]]\nid = "a"', "expected a kind: number"),
    ],
)  # fmt: skip
def test_files_that_are_no_set_are_refused(tmp_path, text, words, run_cli):
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    code, out, err = run_cli("studio", "--questions", "my.toml", "--export", "page.html")
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert not (tmp_path / "page.html").exists()


def test_each_id_stands_once(tmp_path):
    path = written(tmp_path, "order", TABLES["order"])
    path.write_text(2 * path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(BadInput, match="expected each id once, found 'q' twice"):
        load_questions(path)
