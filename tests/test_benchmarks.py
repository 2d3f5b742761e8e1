"""The benchmarks' command and figures. Nothing here measures: what runs beside a test would decide the numbers."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from artstudio.figures.style.theme import TEXT_POINTS, THEMES

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"

ACTIVATIONS = ("step", "relu", "tanh", "sine", "sigmoid", "gelu", "silu", "softmax")
FIGURES = {f"{name}-{theme}.svg" for name in ("scaling", "kernel-share", "peers") for theme in ("light", "dark")}


def axis(values, constant, power, labels=None):
    """A part of the results on scaling, with a constant time beside the proportional one."""
    anchor = -1 if power > 0 else 0
    seconds = {
        name: [slow * (0.02 + (value / values[anchor]) ** power) for value in values]
        for name, slow in (("relu", 0.6), ("tanh", 0.9))
    }
    ideal = {n: [s[anchor] * (value / values[anchor]) ** power for value in values] for n, s in seconds.items()}
    return {
        "values": values, "labels": labels or [str(value) for value in values], "constant": constant,
        "seconds": seconds, "ideal": ideal,
    }  # fmt: skip


def results(threads=(1, 2), peers=("numpy", "torch", "torch.compile", "numba")):
    """Small results, as `run.py` writes them."""
    squares, sides = [64**2, 256**2, 1024**2, 3840 * 2160], ["64²", "256²", "1024²", "4K"]
    shapes = [(32, 8, a, 0.7 - 0.06 * i) for i, a in enumerate(ACTIVATIONS)]
    shapes += [(128, 8, "relu", 0.97), (16, 4, "tanh", 0.05)]
    return {
        "machine": {"cores": threads[-1], "cpu": "Some Processor of 2 GHz", "instructions": "AVX2", "jax": "0.10.2"},
        "scaling": {
            "pixels": axis(squares, "32 units, depth 8", 1, sides),
            "units": axis([8, 16, 32, 64, 128], "1024×1024, depth 8", 2),
            "depth": axis([1, 2, 4, 8, 16, 32], "1024×1024, 32 units", 1),
            "jobs": axis([8, 16, 32, 64], "256×256, PNG", 1),
            "threads": axis(list(threads), "1920×1080", -1),
        },
        "kernel": [{"units": u, "depth": d, "activation": a, "share": s} for u, d, a, s in shapes],
        "engine": [{"activation": a, "ratio": 0.8 + 0.5 * i} for i, a in enumerate(ACTIVATIONS)],
        "peers": [
            {"activation": a, "artstudio": 0.25, **{peer: 1.1 * (i + 1) for peer in peers if i != 5}}
            for i, a in enumerate(ACTIVATIONS)
        ],
    }  # fmt: skip


@pytest.fixture
def plots(monkeypatch):
    """The module that draws the figures; scripts import what lies beside them."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import plots

    return plots


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, FOLDER / script, *map(str, arguments)], capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "kernel,speed"], "--only: expected some of startup, gallery, kernel, engine"),
        (["--only", ""], "--only: expected some of startup"),
        (["--rounds", "0"], "--rounds: expected at least 1, found 0"),
        (["--json", "no/such/folder/p.json"], "--json: there is no folder no/such/folder"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(arguments, message):
    done = run("run.py", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_parts_are_modules_that_can_be_run():
    source = (FOLDER / "run.py").read_text(encoding="utf-8")
    names = eval(source.partition("PARTS = ")[2].partition("\n")[0])
    assert len(names) == 10
    for name in names:
        assert "\ndef run(rounds: int)" in (FOLDER / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.sweep
def test_the_figures_are_drawn_from_the_json_alone(tmp_path):
    file = tmp_path / "results.json"
    file.write_text(json.dumps(results()), encoding="utf-8")
    first, second = (run("plots.py", file, tmp_path / name) for name in ("one", "two"))
    assert (first.returncode, second.returncode, first.stderr) == (0, 0, "")
    assert {path.name for path in (tmp_path / "one").iterdir()} == FIGURES
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
        assert "<dc:date>" not in path.read_text(encoding="utf-8")


@pytest.mark.sweep
@pytest.mark.parametrize("text", ["", "[1]", '{"scaling": {}}'], ids=["empty", "list", "incomplete"])
def test_a_file_that_holds_no_results_is_refused_in_one_line(tmp_path, text):
    file = tmp_path / "results.json"
    file.write_text(text, encoding="utf-8")
    done = run("plots.py", file, tmp_path / "out")
    assert done.returncode == 1
    assert "cannot be drawn" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_parts_that_were_not_measured_have_no_figure(plots):
    kept = {key: value for key, value in results().items() if key in ("machine", "kernel")}
    assert [name for name, _ in plots.figures(kept, THEMES["dark"])] == ["kernel-share"]


@pytest.mark.sweep
@pytest.mark.parametrize("threads", [(1,), (1, 2), (1, 2, 4, 8, 16, 32, 64, 96)], ids=lambda t: f"{t[-1]} cores")
@pytest.mark.parametrize("peers", [("numpy",), ("numpy", "torch", "torch.compile", "numba")], ids=len)
def test_words_are_large_on_the_page_and_do_not_overlap(plots, threads, peers):
    from test_plot import assert_readable

    for _, figure in plots.figures(results(threads, peers), THEMES["light"]):
        assert_readable(figure)
        assert min(text.get_fontsize() for text in figure.texts) >= 0.9 * TEXT_POINTS


def test_the_ideal_touches_the_measured_line_where_it_is_anchored(plots):
    figure = dict(plots.figures(results(), THEMES["light"]))["scaling"]
    for axes in figure.axes:
        lines = {label: [line for line in axes.lines if line.get_label() == label] for label in ("ideal", "relu")}
        ideal, measured = lines["ideal"][0].get_ydata(), lines["relu"][0].get_ydata()
        above = [m - i for m, i in zip(measured, ideal, strict=True)]
        assert min(above) == pytest.approx(0, abs=1e-9)
        assert above[0] == pytest.approx(0, abs=1e-9) or above[-1] == pytest.approx(0, abs=1e-9)
