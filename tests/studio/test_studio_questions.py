"""The questions that check: every one of the lesson's, answered as a person would; what they say and keep."""

import json
import re
from itertools import pairwise

import mpmath
import pytest
from browser import watched_page
from driving import PLAIN, SMALL, button, look, opened, state, until
from scipy.special import softmax
from selection import some

from artstudio.pages.questions.load import load_questions
from artstudio.pages.studio_page import studio_page

LESSON = {question.id: question for question in load_questions().questions}
SIGMOID = [float(1 / (1 + mpmath.exp(-z))) for z in (0, 1, -1)]
SLOPES = [float(mpmath.sech(z / 2) ** 2 / 4) for z in map(mpmath.mpf, (0, 5, -5))]
RIGHT = {
    "sigmoid-values": [*SIGMOID, 1], "saturation": SLOPES, "relu-slope": [1, 0, 0], "three-layers": ["1/125"],
    "vanishing": [f"{0.25**20:.1e}"], "softmax": [f"{p:.2f}".replace(".", ",") for p in softmax([2, 1, 0.1])],
    "squared-error": ["-99 %", "−0.0196"],
    "line": ["1.5*z + 1"], "tanh": ["2*sigmoid(2*z) - 1"],
    "split": "on which side", "dying": "Only if its inputs change", "temperature": "It becomes surer",
}  # fmt: skip
"""The answers, from references that are not artstudio's, written in the ways in which people write numbers."""


@pytest.fixture
def ask(page):
    """Lead the studio, opened anew, to a question by its address."""

    def at(name):
        page.evaluate("fragment => { location.hash = fragment; }", f"seed=7&{PLAIN}&question={name}")
        questions = card(page)
        questions.get_by_role("heading", level=2, name=LESSON[name].title, exact=True).wait_for()
        return questions

    yield at
    page.evaluate("localStorage.clear()")


def card(page):
    return page.get_by_role("complementary", name="Questions")


def fill(questions, answers):
    for field, answer in zip(questions.locator("input[type=text]").all(), answers, strict=True):
        field.fill(str(answer))


def feedback(questions):
    return questions.locator(".ask-feedback").inner_text()


def check(questions):
    questions.get_by_role("button", name="Check").click()
    return feedback(questions)


KINDS = ["sigmoid-values", "split", "line"]
"""A question of each kind that is not answered by another test."""


@pytest.mark.parametrize("names", some([KINDS, [name for name in RIGHT if name not in KINDS]], [KINDS]), ids=len)
def test_right_answers_are_right(ask, names):
    for name in names:
        questions, answer = ask(name), RIGHT[name]
        if isinstance(answer, str):
            questions.get_by_role("radio", name=answer).check()
        else:
            fill(questions, answer)
        assert questions.locator(".ask-answer").inner_text() == "", name
        assert check(questions) == "Right.", name
        told = questions.locator(".ask-answer").inner_text()
        assert not re.search(r"NaN|undefined|…|\{", told), name
        assert questions.get_by_role("button", name=f"{LESSON[name].title}, answered").count() == 1, name


def test_every_lesson_question_is_tried_here():
    tried = {*RIGHT, "free-slope", "dip", "step-stays", "rate", "least-moved", "revive"}
    assert tried == set(LESSON)
    assert {question.kind for question in LESSON.values()} == {
        "number", "choice", "order", "formula", "state", "training"}  # fmt: skip


def test_the_lesson_s_five_exercises_are_marked(page, ask):
    assert {question.exercise for question in LESSON.values()} == {1, 2, 3, 4, 5, None}
    questions = ask("tanh")
    assert "exercise 3 of the lesson" in questions.locator("header").inner_text()
    assert questions.locator("[data-exercise]").count() == sum(bool(q.exercise) for q in LESSON.values())


def test_the_readouts_are_hidden_until_it_is_answered(page, ask):
    questions = ask("sigmoid-values")
    outputs = page.locator(".ex-panel output")
    assert outputs.all_inner_texts() == ["?", "?"]
    page.get_by_role("spinbutton", name="z", exact=True).fill("0")
    assert outputs.all_inner_texts() == ["?", "?"]
    assert not re.search(r"0\.5\b", page.locator(".ex-handle").first.get_attribute("aria-valuetext"))
    fill(questions, RIGHT["sigmoid-values"])
    check(questions)
    assert outputs.first.inner_text() == f"{SIGMOID[1]:.6g}"
    ask("softmax")
    assert set(page.locator(".ex-softmax .ex-share + output").all_inner_texts()) == {"?"}
    ask("vanishing")
    assert page.locator(".ex-product").inner_text() == "?"


def test_two_tries_then_the_answer_is_shown(page, ask):
    questions = ask("three-layers")
    assert questions.get_by_role("button", name="Show the answer").is_hidden()
    fill(questions, ["0.6"])
    assert check(questions).startswith("Not yet. You added; multiply")
    assert questions.locator(".ask-answer").inner_text() == ""
    fill(questions, ["0.04"])
    assert check(questions) == "The answer:"
    assert "0.008" in questions.locator(".ask-answer").inner_text()
    assert questions.get_by_role("textbox").input_value() == "0.008"
    assert page.get_by_role("slider", name="Layers").input_value() == "3"
    questions.get_by_role("button", name="Try again").click()
    fill(questions, ["8e-3"])
    assert check(questions) == "Right."


NO_ANSWERS = [
    ("three-layers", [""], "Type a number"), ("three-layers", ["a lot"], "Expected a number"),
    ("three-layers", ["1/2/3"], "Expected a number"), ("line", ["1.5z + 1"], "write 1.5*z for 1.5z"),
    ("tanh", ["tanh(z)"], "without tanh"), ("tanh", ["z"], "with sigmoid"), ("split", None, "Choose one"),
    ("step-stays", None, "run for 100 steps first"),
]  # fmt: skip


@pytest.mark.sweep
def test_what_is_no_answer_costs_no_try(ask):
    for name, answer, words in NO_ANSWERS:
        questions = ask(name)
        for _ in range(3):
            if answer:
                fill(questions, answer)
            assert words in check(questions)
        assert questions.get_by_role("button", name="Check").is_visible()


MISTAKES = [
    ("line", ["1.5*z - 2"], "multiplied by 3"), ("tanh", ["2*sigmoid(z) - 1"], "steepness"),
    ("sigmoid-values", [0.5, -0.731, 0.269, 1], "never negative"),
    ("saturation", [0.25, 0.9933, 0.0066], "value"),
    ("softmax", [0.645, 0.32, 0.03], "divided the scores"), ("squared-error", [0.99, -0.0196], "Mind the sign"),
]  # fmt: skip


@pytest.mark.sweep
def test_usual_mistakes_are_named(ask):
    for name, answer, words in MISTAKES:
        questions = ask(name)
        fill(questions, answer)
        assert words in check(questions)


@pytest.mark.sweep
def test_explanations_have_the_numbers_of_independent_references(page, address):
    """A presenter's remote shows each answer and goes on; what is told up to the questions on learning."""
    page.goto("about:blank")
    page.goto(f"{address}?hall=1#seed=7&{PLAIN}&question=line")
    questions = card(page)
    told = []
    for question in list(LESSON.values())[:13]:
        assert questions.get_by_role("heading", level=2).inner_text() == question.title
        assert questions.locator(".ask-answer").inner_text() == ""
        page.keyboard.press("PageDown")
        told.append(questions.locator(".ask-answer").inner_text())
        page.keyboard.press("PageDown")
    page.evaluate("localStorage.clear()")
    told = " ".join(told)
    assert not re.search(r"NaN|undefined|…|\{", told)
    silu = mpmath.findroot(lambda z: mpmath.diff(lambda t: t / (1 + mpmath.exp(-t)), z), -1.3)
    gelu = mpmath.findroot(lambda z: mpmath.diff(lambda t: t * mpmath.ncdf(t), z), -0.75)
    numbers = [
        *(f"{value:.6g}" for value in SIGMOID), f"{SLOPES[1]:.4g}", "0.21", "0.008", "0.01", f"{0.25**20:.3g}",
        *(f"{p:.2g}" for p in softmax([2, 1, 0.1])),
        f"{float(silu):.3g}", f"{float(silu / (1 + mpmath.exp(-silu))):.3g}",
        f"{float(gelu):.3g}", f"{float(gelu * mpmath.ncdf(gelu)):.3g}",
        f"about 1/{SLOPES[0] / SLOPES[1]:.0f} of that",
        "slope 1.5, offset 1.", *(f"{softmax([2 / t, 1 / t, 0.1 / t])[0]:.3g} at {t:g}" for t in (0.5, 1, 2)),
    ]  # fmt: skip
    raised = [number.replace("-", "−").replace("e−13", "×10⁻¹³") for number in numbers]
    assert [number for number in raised if number not in told] == []


def test_lines_of_a_proof_are_put_in_order_by_keys(page, ask):
    questions = ask("free-slope")
    lines = questions.locator(".ask-lines li span")
    plain = [line.replace("^(−z)", "−z") for line in LESSON["free-slope"].lines]
    assert lines.all_inner_texts() != plain
    assert re.match(r"Not yet. \d of 5 lines", check(questions))
    for place, line in enumerate(plain):
        while (at := lines.all_inner_texts().index(line)) > place:
            questions.locator(".ask-lines li").nth(at).get_by_role("button", name="Move up").press("Enter")
    assert check(questions) == "Right."
    assert "0.7 × 0.3 = 0.21" in questions.locator(".ask-answer").inner_text()


def test_a_point_is_to_be_dragged_somewhere(page, ask):
    questions = ask("dip")
    assert check(questions).startswith("Not yet.")
    lowest = mpmath.findroot(lambda z: mpmath.diff(lambda t: t / (1 + mpmath.exp(-t)), z), -1.3)
    page.get_by_role("spinbutton", name="z", exact=True).fill(f"{float(lowest) + 0.05:.2f}")
    assert check(questions) == "Right."


def run_until(page, steps):
    button(page, "Play").click()
    until(
        page,
        "steps => Number(document.querySelector('.learn-count').textContent.replace(/\\D/g, '')) >= steps",
        steps,
    )
    page.get_by_role("button", name="Pause").click()


LEARNED = {"step-stays": "Its slope is 0, so no gradient", "rate": "Most of them die", "least-moved": ["1"]}


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "answer"), some(LEARNED.items(), [("step-stays", LEARNED["step-stays"])]))
def test_questions_on_learning_are_answered_by_what_was_trained(page, ask, name, answer):
    questions = ask(name)
    page.get_by_role("combobox", name="Pace").select_option("Infinity")
    run_until(page, 200)
    if isinstance(answer, str):
        questions.get_by_role("radio", name=answer).check()
    else:
        fill(questions, answer)
    assert check(questions) == "Right."
    assert not re.search(r"NaN|undefined|…|\{", questions.locator(".ask-answer").inner_text())


@pytest.mark.sweep
def test_a_network_is_to_be_trained(page, ask):
    questions = ask("revive")
    page.get_by_role("combobox", name="Pace").select_option("Infinity")
    run_until(page, 200)
    assert "reset to the same weights" in check(questions)
    rate = page.get_by_role("spinbutton", name="Learning rate, as a number")
    rate.fill("0.3")
    rate.press("Enter")
    button(page, "Reset to the same weights").click()
    run_until(page, 200)
    assert check(questions) == "Right."


@pytest.mark.sweep
def test_the_picture_is_changed_and_given_back(open_at):
    page = open_at(f"seed=7&{PLAIN}&activation=sine")
    before = look(page)
    page.evaluate("location.hash += '&question=split'")
    questions = card(page)
    questions.get_by_role("heading", name="On or off").wait_for()
    assert page.locator("#picture").get_attribute("aria-label") == "The picture: Step · 7"
    assert state(page)["activation"] == "sine"
    questions.get_by_role("button", name="End the questions").click()
    assert page.locator("#picture").get_attribute("aria-label") == "The picture: Sine · 7"
    assert questions.is_hidden()
    assert abs(look(page) - before).max() <= 1
    until(page, "!location.hash.includes('question')")


@pytest.mark.sweep
def test_progress_is_kept_on_this_device(page, ask, address):
    questions = ask("three-layers")
    fill(questions, ["0.008"])
    check(questions)
    opened(page, address, f"seed=7&{PLAIN}&question=sigmoid-values")
    assert "1 right" in card(page).locator("header").inner_text()
    card(page).get_by_role("button", name="Slopes multiply, answered").click()
    assert feedback(card(page)) == "Right."
    page.evaluate("localStorage.setItem('artstudio:questions', '[1')")
    opened(page, address, f"seed=7&{PLAIN}&question=sigmoid-values")
    assert "0 right" in card(page).locator("header").inner_text()


WELCOME = [("Surprise me", "picture"), ("Compare step and sigmoid", "split")]


@pytest.mark.sweep
@pytest.mark.parametrize(("name", "mode"), some(WELCOME, WELCOME[:1]))
def test_newcomers_are_told_once_what_they_see(browser, address, name, mode):
    with watched_page(browser, address, reduced_motion="reduce", **SMALL) as watched:
        page = watched.page
        welcome = page.get_by_role("region", name="Welcome")
        assert "A random network paints this." in welcome.inner_text()
        title = page.locator("#title").inner_text()
        welcome.get_by_role("button", name=name).click()
        assert welcome.count() == 0
        assert page.locator(f"html[data-mode={mode}]").count() == 1
        assert page.locator("#title").inner_text() != title
        page.goto(address)
        page.locator("html[data-ready]").wait_for()
        assert welcome.count() == 0, "they are newcomers no more"
        assert watched.problems() == []


@pytest.mark.sweep
def test_what_is_seen_is_explained_with_its_own_numbers(browser, address):
    with watched_page(browser, address, reduced_motion="reduce", **SMALL) as watched:
        page = watched.page
        button(page, "What am I seeing?").click()
        told = page.get_by_role("dialog").inner_text()
        assert f"seed {page.locator('#title').inner_text().split(' · ')[1]}" in told
        assert "24 units" in told
        button(page, "Ask me questions").click()
        assert card(page).get_by_role("heading", level=2).inner_text() == LESSON["line"].title


@pytest.mark.sweep
def test_the_first_key_ends_the_welcome_and_others_have_none(browser, address):
    with watched_page(browser, f"{address}#{PLAIN}", reduced_motion="reduce", **SMALL) as watched:
        page = watched.page
        welcome = page.get_by_role("region", name="Welcome")
        assert welcome.count() == 0, "a link shows a picture"
        page.goto("about:blank")
        page.goto(address)
        welcome.wait_for()
        page.keyboard.press("Tab")
        assert welcome.count() == 1
        page.keyboard.press("p")
        assert welcome.count() == 0


@pytest.mark.sweep
def test_without_a_picture_questions_are_asked_all_the_same(browser, address):
    missing = "HTMLCanvasElement.prototype.getContext = () => null;"
    with watched_page(browser, f"{address}#question=three-layers", script=missing, **SMALL) as watched:
        page = watched.page
        assert page.get_by_role("alert").inner_text().count("WebGL") == 1
        fill(card(page), ["0.008"])
        assert check(card(page)) == "Right."
        card(page).get_by_role("button", name="End the questions").click()
        assert page.get_by_role("heading", level=2, name="Sigmoid").is_visible()


@pytest.mark.sweep
def test_they_are_walked_through_by_keys_and_end(page, ask):
    questions = ask("line")
    for one, other in pairwise(LESSON.values()):
        assert questions.get_by_role("heading", level=2).inner_text() == one.title
        questions.get_by_role("button", name="Skip").press("Enter")
        assert questions.get_by_role("heading", level=2).inner_text() == other.title
    questions.get_by_role("button", name="Back").press("Enter")
    page.keyboard.press("Escape")
    assert questions.is_hidden()
    assert page.locator("#learn").is_hidden()


@pytest.mark.sweep
def test_a_teacher_s_set_is_asked_by_the_exported_page(browser, tmp_path, run_cli):
    toml = """title = "Mine"
    [[question]]
    id = "twice"
    kind = "number"
    title = "Twice"
    ask = "<b>2</b> × 3?"
    explain = "{six}"
    answers = [{ label = "2 × 3", value = "2*3" }]
    numbers = { six = "2*3" }
    """
    (tmp_path / "my.toml").write_text(toml, encoding="utf-8")
    code, out, _ = run_cli("studio", "--lesson", "--questions", "my.toml", "--export", "homework.html")
    assert (code, out) == (0, "homework.html\n")
    with watched_page(browser, (tmp_path / "homework.html").as_uri(), **SMALL) as watched:
        questions = card(watched.page)
        assert questions.locator(".ask-words").inner_text() == "<b>2</b> × 3?"
        fill(questions, ["6"])
        assert check(questions) == "Right."
        assert questions.locator(".ask-answer").inner_text() == "6"
        assert watched.problems() == []


@pytest.mark.sweep
def test_the_lesson_opens_with_the_first_question(browser, tmp_path):
    (tmp_path / "page.html").write_text(studio_page(served=False, start="#question=line"), encoding="utf-8")
    with watched_page(browser, (tmp_path / "page.html").as_uri(), **SMALL) as watched:
        assert card(watched.page).get_by_role("heading", level=2).inner_text() == LESSON["line"].title
        assert json.loads(watched.page.evaluate("JSON.stringify(localStorage.length)")) == 0
