"""Whatever comes in, by file, by command line or by environment: an exit code that is ours, and a few safe lines."""

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from artstudio import Recipe
from artstudio.__main__ import main
from artstudio.cli import cli
from artstudio.files.png.write import encode_png

CODES = {0, 1, 2, 3, 4, 130}
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""What may stand in no line for a terminal; a line's own end apart."""


def check_answer(code, out, err):
    assert code in CODES, (code, err)
    assert "internal error" not in err, err
    assert "Traceback" not in err, err
    lines = err.splitlines()
    assert len(lines) <= 3, err
    assert all(len(line) <= 500 for line in lines), err
    assert not UNSAFE.search(err), ascii(err)
    assert not UNSAFE.search(out), ascii(out)


def run(*arguments):
    """Run a command in this process, in the current folder, and check how it answers and that it leaves nothing."""
    before = {path: path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="surrogateescape") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(argument) for argument in arguments])
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8", "surrogateescape"))
    check_answer(code, *texts)
    after = {path: path.read_bytes() if path.is_file() else None for path in Path().rglob("*")}
    assert after == before, (arguments, set(after) ^ set(before))
    return code


NASTY = st.sampled_from(
    [
        "", " ", "-", "--", ".", "..", "/", "\x1b[31mred", "\x9b31m", "\u202egpj.exe", "a\nb", "a\r", "\u2028",
        "é", "🎨", "\udcff", "0", "-1", "1", "7", "1e999", "-1e999", "nan", "inf", "1e-400", "9" * 25,
        "9" * 5000, "-" + "9" * 5000, "0x10", "1_0", "٣", "1/3", "1/0", "29.97", "1..4", "4..1", "1..99999999",
        "x" * 3000, ":", ",", ",,", "=", "z", "1/0*z", "tanh", "step,tanh", "mix(tanh, step)", "mix(" * 50,
        "max(0.1*z, z)", "#fff,#000", "#zzz", "dusk_r", "image:a.png", "image:none", "seed:3",
        "rotate:" + "1" * 3000, "agate", "agate:rose", "a.png", "a.toml", "a.toml:a", "none.png", "none/x.png",
        "x.png", "x.bmp", "8x8", "0x0", "99999999999x1", "4k", "seed=1..4", "gain=0.5..2:3", "step..sigmoid",
        "0:zoom=1", "0.5:zoom=" + "3" * 2000, "(", "[", "{", '"', "'", "\\", "%", "%s", "{0}", "$HOME", "*",
    ]
)  # fmt: skip
TEXT = st.one_of(NASTY, st.text(max_size=20))
"""Any text, lone surrogates included."""
WORD = TEXT.map(
    lambda text: text.encode("utf-8", "surrogateescape" if text.isascii() else "replace").decode("utf-8")
)
WORD = st.one_of(NASTY, WORD).map(lambda text: text.replace("\0", ""))
"""What a command line can hold: no null; bytes that are no text as Python escapes them."""


# PNG files

VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        TEXT,
        st.sampled_from([10**400, -(10**400), 1e308, -0.0]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=6,
)


@st.composite
def pictures(draw):
    """A PNG with a record, some of it changed: a value, a key, the JSON's text, or the file's bytes."""
    recipe = Recipe(seed=3, palette=("#123456", "#fedcba")).to_dict()
    about = {"renderer": 1, "supersample": 0, "pixels": "0" * 64}
    for record in (recipe, about):
        for name in draw(st.lists(st.sampled_from(sorted(record)), max_size=2)):
            record[name] = draw(VALUES)
        record.update(draw(st.dictionaries(TEXT, VALUES, max_size=1)))
    texts = {"artstudio:recipe": json.dumps(recipe), "artstudio:render": json.dumps(about)}
    for name in draw(st.lists(st.sampled_from(sorted(texts)), max_size=1)):
        text = texts[name]
        at = draw(st.integers(0, len(text)))
        mark = draw(st.sampled_from(['"', "{", "[" * 2000, "\\ud800", "1" * 5000, "NaN", "1e999", "", ",", "é"]))
        texts[name] = text[:at] + mark + text[at + draw(st.integers(0, 9)) :]
    plain = TEXT.map(lambda text: text.encode("utf-8", "replace").decode("utf-8").replace("\0", " "))
    texts |= {"Title": draw(plain), "Software": draw(plain)}
    data = bytearray(encode_png(np.zeros((2, 2, 3), np.uint8), texts))
    for at in draw(st.lists(st.integers(0, len(data) - 1), max_size=1)):
        data[at] = draw(st.integers(0, 255))
    return bytes(data)


def look_at_a_picture(data):
    Path("a.png").write_bytes(data)
    run("info", "a.png")
    run("info", "a.png", "--json")
    run("render", "a.png", "-o", "none/b.png")


# TOML files

LINES = st.sampled_from(
    [
        'title = "Mine"', "[a]", "[b-2]", "[A]", "[con]", "[a.b]", "seed = 3", "seed = 0x" + "f" * 5000,
        "seed = " + "1" * 5000, "gain = 1e999", "gain = nan", "gain = -0.0", 'activation = ["tanh", "z/0"]',
        'activation = "-(z<1) + z"', "tags = 5", 'tags = ["\\u001b[31m"]', 'title = "\\u001b]0;x\\u0007"',
        'description = "\\u202e\\u009b"', "units = 1979-05-27", 'palette = ["#fff", "#000"]',
        "view = {zoom = 2.0}", "view.centre = [0.5, 1]", 'sweep.seed = "1..4"', "sweep = {}",
        "symmetry = 'rotate:" + "1" * 3000 + "'", "a" * 3000 + "." * 9, 'x = "' + '\\"' * 2000, "'" * 3,
        "[[a]]", "= 3", "[", "seed = 3 # \x1b[31m", "latent = [1e1, 99, true]", '"\\u202e" = 1',
        "a.b.c.d.e.f.g.h.i.j = 1", "\ufeff", "é = 1",
    ]
)  # fmt: skip
COLLECTIONS = st.lists(st.one_of(LINES, LINES, st.text(max_size=30)), max_size=8).map("\n".join)


def read_a_collection(text):
    Path("a.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    run("presets", "a.toml")
    run("presets", "a.toml", "--json")
    run("gallery", "a.toml", "--dry-run", "--size", "8x8", "-o", "g")


# Expressions

ATOMS = st.sampled_from(
    ["z", "z", "z", "0", "1", "2.5", "1e-3", "-3", "pi", "e", "1e7", "z<1", "0/0", "1/0", "9**9", "q", "1j"]
)
FUNCTIONS = [
    "sin",
    "exp",
    "log",
    "sqrt",
    "min",
    "max",
    "where",
    "clip",
    "floor",
    "tanh",
    "sigmoid",
    "softmax",
    "abs",
    "frog",
]
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%", "**", "<", ">=", "//", "and"]), inner).map(
            lambda parts: f"({''.join(f' {part} ' for part in parts)})"
        ),
        inner.map(lambda part: f"-({part})"),
        st.tuples(inner, inner, inner).map(lambda parts: "({} if {} else {})".format(*parts)),
        st.tuples(st.sampled_from(FUNCTIONS), st.lists(inner, min_size=1, max_size=3)).map(
            lambda parts: f"{parts[0]}({', '.join(parts[1])})"
        ),
    ),
    max_leaves=8,
)


def read_an_expression(text):
    run("animate", "--dry-run", "--size", "8x8", "--activation", text)
    run("gallery", "agate", "--dry-run", "--size", "8x8", "-o", "g", "--sweep", f"activation={text}")


# Command lines

DRY = ("gallery", "surprise", "curate", "vary", "breed", "animate", "deck")
WRITING = ("render", "plot", "compare", "lesson")
READING = ("info", "styles", "presets", "palettes", "activations", "evaluate", "completion", "verify")


@st.composite
def command_lines(draw):
    """A command with some of its own options that writes nothing: dry, or into a folder that is not there."""
    name = draw(st.sampled_from((*DRY, *WRITING, *READING)))
    words = []
    command = cli.get_command(None, name)
    for parameter in command.get_params(click.Context(command)):
        if parameter.name in ("output", "figure", "dry_run") or draw(st.integers(0, 3)):
            continue
        kind = parameter.type
        value = st.sampled_from(kind.choices) if isinstance(kind, click.Choice) else WORD
        value = draw(st.one_of(value, WORD))
        if isinstance(parameter, click.Argument):
            words.append(value)
        elif parameter.is_flag:
            words.append(draw(st.sampled_from((*parameter.opts, *parameter.secondary_opts))))
        else:
            words += [draw(st.sampled_from(parameter.opts)), value]
    words += draw(st.lists(WORD, max_size=2))
    if name in DRY:
        words = ["--dry-run", *words] if name == "deck" else ["--dry-run", "--output", "none/x", *words]
    elif name in WRITING:
        words = ["--output", "none/x.png", *words]
    return name, *words


def read_a_command_line(words):
    # What comes later would count: no output other than the one that cannot be, and no help of many lines.
    outputs = ("-o", "--output", "--figure", "-h", "--help")
    run(*(word for word in words[:4] if word), *(word for word in words[4:] if not word.startswith(outputs)))


FUZZ = {
    "picture": (pictures(), look_at_a_picture, 12),
    "collection": (COLLECTIONS, read_a_collection, 12),
    "expression": (EXPRESSIONS, read_an_expression, 12),
    "command line": (command_lines(), read_a_command_line, 20),
}


@pytest.mark.parametrize("times", [1, pytest.param(8, marks=pytest.mark.sweep)])
@pytest.mark.parametrize("kind", FUZZ)
def test_any_input_ends_in_a_code_of_ours_and_a_few_safe_lines(kind, times, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    strategy, check, examples = FUZZ[kind]
    quick = settings(max_examples=times * examples, database=None, suppress_health_check=list(HealthCheck))

    @quick
    @given(strategy)
    def fuzz(value):
        check(value)

    fuzz()


# The environment

SETTINGS = {
    "JAX_PLATFORMS": ["cuda", "nonsense", "cpu", ""], "JAX_DISABLE_JIT": ["1", "maybe"],
    "JAX_ENABLE_X64": ["1", "maybe"], "JAX_DEBUG_NANS": ["1"], "JAX_TRANSFER_GUARD": ["disallow"],
    "JAX_NUMPY_DTYPE_PROMOTION": ["strict"], "JAX_NUM_CPU_DEVICES": ["2", "x"], "JAX_LOG_COMPILES": ["1"],
    "JAX_DEFAULT_DEVICE": ["nonsense"],
    "XLA_FLAGS": ["--xla_no_such_flag=1", "nonsense", "--xla_cpu_enable_fast_math=false"],
    "MPLBACKEND": ["nonsense", "qtagg"], "PYTHONIOENCODING": ["ascii", "utf-16", "latin-1:strict"],
    "LC_ALL": ["C", "nonsense"], "PYTHONUTF8": ["0"], "HOME": ["/proc/none", "/dev/null", ""],
    "XDG_CACHE_HOME": ["/proc/none", "relative"], "TMPDIR": ["/proc/none"],
    "ARTSTUDIO_CACHE": ["/dev/null", "/proc/none", "off"], "MPLCONFIGDIR": ["/proc/none"],
    "PYTHONUNBUFFERED": ["1"], "PYTHONWARNINGS": ["error"], "COLUMNS": ["x", "0", "-1"], "TERM": ["nonsense"],
    "FORCE_COLOR": ["1"], "NO_COLOR": ["1"],
}  # fmt: skip
ENVIRONMENTS = st.dictionaries(st.sampled_from(sorted(SETTINGS)), st.integers(0, 9), min_size=1, max_size=3).map(
    lambda chosen: {name: SETTINGS[name][at % len(SETTINGS[name])] for name, at in chosen.items()}
)
COMMANDS = (
    ["evaluate", "tanh", "0"],
    ["render", "--seed", "1", "--size", "8x8", "--device", "cpu", "-o", "a.png"],
    ["plot", "tanh", "-o", "a.svg"],
    ["activations"],
)


def process(folder, *arguments, **environment):
    """Run a command in a process of its own."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("JAX_")}
    return subprocess.run(
        [sys.executable, "-m", "artstudio", *arguments],
        env=known | environment,
        cwd=folder,
        capture_output=True,
        check=False,
    )


@pytest.mark.sweep
@pytest.mark.parametrize("times", [1, pytest.param(13, marks=pytest.mark.sweep)])
def test_any_environment_is_survived_or_named(tmp_path, times):
    @settings(max_examples=4 * times, database=None, suppress_health_check=list(HealthCheck))
    @given(ENVIRONMENTS, st.sampled_from(COMMANDS))
    def fuzz(environment, command):
        for path in tmp_path.iterdir():
            path.unlink()
        result = process(tmp_path, *command, **{"ARTSTUDIO_CACHE": "off"} | environment)
        err = result.stderr.decode(
            environment.get("PYTHONIOENCODING", "utf-8").partition(":")[0], "surrogateescape"
        )
        check_answer(result.returncode, "", err)
        assert result.returncode == 0 or any(name in err for name in environment), err
        assert {path.name for path in tmp_path.iterdir()} <= {"a.png", "a.svg"}

    fuzz()
