"""`artstudio learn`: what it prints, draws and writes; its figure, measured; its film; its refusals."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selection import some
from test_lesson import assert_readable

import artstudio
from artstudio.figures.learning.charts import loss_curve
from artstudio.figures.learning.figure import draw_study
from artstudio.figures.style.save import encode_figure
from artstudio.figures.style.theme import find_size, find_theme
from artstudio.learning.study import film_step
from artstudio.notebook.learning import LearningFilm
from artstudio.pictures.picture import load_recipe
from artstudio.pictures.verify import verify

QUICK = ["--steps", "20", "--units", "8", "--depth", "2", "--lr", "0.01"]
KEYWORDS = {"steps": 20, "units": 8, "depth": 2, "rate": 0.01}


@pytest.fixture(scope="module")
def learned():
    """A picture, points and a curve, learned a little."""
    return {
        "picture": artstudio.learn("face", "step", "relu", "sine", side=24, **KEYWORDS),
        "points": artstudio.learn("spiral", "step", "relu", "tanh", **KEYWORDS),
        "curve": artstudio.learn("steps", "identity", "sin(z) + z", **KEYWORDS),
    }


KINDS = ("picture", "points", "curve")
SIZES = ("slide", "half", "square", "a3")


@pytest.mark.parametrize(("kind", "size"), some(list(product(KINDS, SIZES)), {*zip(KINDS, SIZES, strict=False)}))
def test_words_are_on_the_page_and_do_not_overlap(learned, kind, size):
    assert_readable(draw_study(learned[kind].study, find_theme("print"), find_size(size)))


@pytest.mark.sweep
def test_the_largest_number_of_activations_fits():
    names = ["step", "sigmoid", "tanh", "relu", "gelu", "sine", "leaky_relu", "max(0.1*z, z)"]
    found = artstudio.learn("moons", *names, **{**KEYWORDS, "steps": 3})
    for size in ("slide", "half"):
        assert_readable(draw_study(found.study, find_theme("light"), find_size(size)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_numbers_give_the_same_bytes(learned, kind):
    draw = lambda: encode_figure(draw_study(learned[kind].study, find_theme("dark"), find_size("half")), "svg")  # noqa: E731
    assert draw() == draw()


def test_title_and_findings_are_what_was_measured(learned):
    found = learned["picture"]
    runs = {run.activation: run for run in found.study.runs}
    best = max(runs.values(), key=lambda run: run.last.score)
    assert found.exhibit.title.startswith(f"{best.label} reaches {best.last.score:.1f} dB in 20 steps")
    assert "Step: slope 0, so the hidden weights moved by exactly 0" in found.exhibit.words
    rows = {row[0]: row for row in found.tables[0].rows}
    assert rows["step"][found.tables[0].headers.index("moved")] == 0
    assert rows["sine"][found.tables[0].headers.index("loss")] == runs["sine"].last.loss


def test_loss_curves_are_means_of_neighbouring_steps(learned):
    run = learned["picture"].study.runs[1]
    at, powers = loss_curve(run)
    assert (np.diff(at) > 0).all()
    assert powers[0] == pytest.approx(np.log10(run.trace.losses[0]))
    assert np.log10(run.trace.losses).min() <= powers.min()


def test_learned_recipes_are_pictures(learned, tmp_path):
    path = learned["picture"].save_picture(tmp_path / "a.png", "Sine", width=40, height=40)
    assert verify(path).outcome == "exact"
    assert load_recipe(path) == learned["picture"].recipes["sine"]
    with pytest.raises(artstudio.BadInput, match="unknown activation 'gelu'"):
        learned["picture"].save_picture(tmp_path / "b.png", "gelu")


def test_it_shows_itself_in_notebooks(learned):
    data, about = learned["points"]._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert "3" not in about["image/png"]["alt"][:5]
    assert repr(learned["points"]).startswith("<")


# Film


@pytest.mark.parametrize("kind", KINDS)
def test_a_film_begins_at_the_start_and_ends_with_what_was_learned(learned, kind):
    film = LearningFilm(learned[kind].study, "dark", 1.0, 12, 640, 360)
    first, last = film.frame(0), film.frame(11)
    assert first.shape == (360, 640, 3)
    assert np.array_equal(film.frame(0), first)
    assert not np.array_equal(first, last)
    assert np.array_equal(film.frame(10), last)  # the end is held


def test_a_film_is_slow_at_first():
    steps = [film_step(1000, share) for share in np.linspace(0, 1, 150)]
    assert steps[0] == 0
    assert steps[-1] == 1000
    assert sorted(steps) == steps
    assert sum(step <= 10 for step in steps) > 40


@pytest.mark.sweep
def test_films_are_written(run_cli):
    code, out, err = run_cli("learn", "xor", "tanh", "relu", *QUICK, "--seconds", "1", "--fps", "5",
                             "--size", "320x180", "-o", "a.webp")  # fmt: skip
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "a.webp"
    with Image.open("a.webp") as picture:
        assert (picture.size, picture.n_frames) == ((320, 180), 5)


def test_a_gif_opens_on_what_was_learned_on_a_flat_ground(learned, tmp_path):
    film = LearningFilm(learned["points"].study, "dark", 1.0, 10, 640, 360)
    film.save(tmp_path / "a.gif")
    with Image.open(tmp_path / "a.gif") as picture:
        assert picture.info["loop"] == 0
        first = np.asarray(picture.convert("RGB")).astype(int)
    last, start = film.frame(9).astype(int), film.frame(0).astype(int)
    assert np.abs(first - last).mean() < 0.5 * np.abs(first - start).mean()
    ground = (last == last[2, 2]).all(axis=2)
    assert ground.mean() > 0.2
    assert (first[ground] == last[2, 2]).all(), "a dither would be seen there"


# The command


def test_it_prints_a_table_and_writes_a_slide(run_cli):
    code, out, err = run_cli("learn", "moons", "sigmoid", "relu", *QUICK)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("moons: 2 x 8 units, sgd, 20 steps of 400, init natural, seed 1")
    assert lines[-1] == "outputs/learn-moons.png"
    assert {"sigmoid", "relu"} <= {line.split()[0] for line in lines if line.split()}
    with Image.open("outputs/learn-moons.png") as picture:
        assert picture.size == (1920, 1080)
    assert run_cli("learn", "moons", *QUICK)[0] == 2


@pytest.mark.sweep
def test_json_has_everything(run_cli):
    code, out, _ = run_cli("learn", "circle", "relu", "--steps", "20", "--units", "8", "--json", "-o", "a.svg")
    about = json.loads(out)
    (run,) = about["runs"]
    assert (code, about["paths"], about["target"]["classes"]) == (0, ["a.svg"], 2)
    assert [pair["rate"] for pair in run["tried"]] == about["search"]["rates"]
    assert len(run["losses"]) == 20
    assert [checkpoint["step"] for checkpoint in run["checkpoints"]] == [0, 1, 3, 10, 20]
    assert len(run["checkpoints"][0]["gradients"]) == 4
    assert Path("a.svg").exists()


@pytest.mark.sweep
def test_pictures_are_kept(run_cli):
    code, out, _ = run_cli("learn", "rings", "relu", "sine", *QUICK, "--side", "16", "--keep", "kept", "-o", "a.png",
                           "--only", "sine", "--size", "32x32")  # fmt: skip
    assert code == 0
    assert out.splitlines()[-3:] == ["a.png", "kept/learn-rings-relu.png", "kept/learn-rings-sine.png"]
    with Image.open("a.png") as picture:
        assert picture.size == (32, 32)
    assert load_recipe("a.png") == load_recipe("kept/learn-rings-sine.png")


def test_a_dry_run_writes_nothing(run_cli):
    code, out, _ = run_cli("learn", "face", "--dry-run", "--json")
    about = json.loads(out)
    assert (code, len(about["activations"]), about["steps"]) == (0, 6, 6 * (1000 + 5 * 200))
    assert not list(Path().iterdir())


BAD = [
    ([], "TARGET"),
    (["fase"], "unknown target 'fase'; did you mean 'face'"),
    (["face", "tahn"], "unknown activation 'tahn'"),
    (["face", "--steps", "0"], "steps: expected 1 to 100000, found 0"),
    (["face", "--lr", "fast"], "expected a learning rate such as 0.01, or auto, found 'fast'"),
    (["face", "--lr", "-1"], "lr: expected a learning rate above 0"),
    (["face", "--init", "hee"], "unknown initialisation 'hee'; did you mean 'he'"),
    (["face", "--side", "8"], "side: expected 16 to 256 pixels, found 8"),
    (["face", "--features", "q"], "unknown feature 'q'"),
    (["face", "--fourier", "99"], "fourier.count: expected at most 64, found 99"),
    (["face", "--seed", "-1"], "seed: expected 0 to 4294967295, found -1"),
    (["face", "-o", "a.txt"], "unknown format '.txt'"),
    (["face", "-o", "a.apng"], "unknown format '.apng'"),
    (["face", "-o", "a.gif", "--seconds", "0"], "seconds: expected 1 to 600, found 0"),
    (["face", "relu", "--only", "sine"], "unknown activation 'sine'"),
    (["face", "--theme", "drak"], "unknown theme 'drak'"),
    (["face", "--size", "huge"], "unknown figure size 'huge'"),
    (["face", "-o", "nowhere/a.png"], "nowhere"),
    (["face", *"abcdefghi"], "unknown activation"),
    (["blobs:300"], "expected blobs:N with N from 2 to 7"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(case[0]) for case in BAD])
def test_bad_input_gets_one_line_and_writes_nothing(run_cli, arguments, message):
    code, out, err = run_cli("learn", *arguments)
    assert (code in (1, 2), out) == (True, "")
    assert err.startswith("artstudio: ")
    assert err.count("\n") == 1
    assert message in err
    assert not [path for path in Path().rglob("*") if path.is_file()]
