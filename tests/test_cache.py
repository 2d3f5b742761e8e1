"""The cache of compiled programs: quicker starts, the same bits, and never in the way, whatever befalls it."""

import hashlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest
from jax.experimental.compilation_cache import compilation_cache
from selection import some

import artstudio
from artstudio.compiled import cache as kept
from artstudio.compiled.cache import cache_folder, claim, clear, entries, open_cache, why_unusable
from artstudio.compiled.kept import kept as kept_function
from artstudio.engine import programs
from artstudio.engine.painter import Kind
from artstudio.engine.programs import Programs

RECIPE = artstudio.Recipe(seed=5, activation="step", units=8, depth=2)
SHAPE = {"width": 70, "height": 40}


@pytest.fixture(scope="module")
def plain():
    return artstudio.render(RECIPE, **SHAPE)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "private" / "programs"


def render(folder, recipe=RECIPE):
    """Render as a new process would that keeps its programs in that folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARTSTUDIO_CACHE", str(folder))
        patch.setattr(programs, "get", Programs().get)
        return artstudio.render(recipe, **SHAPE)


def contents(folder):
    return {path.name: path.read_bytes() for path, _ in entries(folder)}


def test_a_second_process_reads_what_the_first_compiled_and_paints_the_same(tmp_path):
    told = {}
    for name, cache in (("off", "off"), ("first", "c"), ("second", "c")):
        command = [sys.executable, "-m", "artstudio", "render", "-a", "step", "-s", "5", "--size", "200x100"]
        environment = os.environ | {"ARTSTUDIO_CACHE": cache}
        result = subprocess.run(
            [*command, "-o", f"{name}.png", "--timings", "--json"],
            cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert result.stderr == ""
        told[name] = json.loads(result.stdout)["timings"]
    assert {"start-up", "import", "weights", "render", "encode", "write"} <= told["off"]["stages"].keys()
    assert told["off"]["within"].keys() == told["first"]["within"].keys() == {"trace", "lower", "compile"}
    assert told["second"]["within"].keys() == {"cache read"}
    assert (tmp_path / "off.png").read_bytes() == (tmp_path / "first.png").read_bytes()
    assert (tmp_path / "off.png").read_bytes() == (tmp_path / "second.png").read_bytes()
    assert (tmp_path / "c").stat().st_mode & 0o777 == 0o700
    assert len(entries(tmp_path / "c")) == 1


def test_programs_are_left_to_a_folder_of_jax_s_own(folder, tmp_path, monkeypatch):
    """What JAX read from its folder cannot be kept once more: the next process would miss parts of it."""
    before = jax.config.jax_compilation_cache_dir
    jax.config.update("jax_compilation_cache_dir", str(tmp_path / "jax"))
    try:
        assert render(folder, RECIPE.replace(units=5)).shape == (40, 70, 3)
    finally:
        jax.config.update("jax_compilation_cache_dir", before)
        compilation_cache.reset_cache()
    assert not folder.exists()


def test_a_kept_function_is_compiled_once_for_each_shape_and_not_again_by_the_next_process(folder, monkeypatch):
    monkeypatch.setenv("ARTSTUDIO_CACHE", str(folder))
    traced = []

    def process(name):
        """Make the function as a new process would."""

        def function(pair, factor):
            traced.append(pair[0].shape)
            return {"sum": (pair[0] + pair[1]) * factor}

        return kept_function(function, "a test", name)

    def call(process, size):
        pair = np.arange(size, dtype=np.float32), np.ones(size, np.float32)
        found = process(pair, np.float32(3))
        assert np.array_equal(found["sum"], 3 * (pair[0] + 1))

    for one in (process("sum"), process("sum")):
        for size in (2, 3, 2):
            call(one, size)
        assert traced == [(2,), (3,)]
    call(process("another name"), 2)
    assert traced == [(2,), (3,), (2,)]


@pytest.mark.sweep
def test_a_program_of_another_kind_has_an_entry_of_its_own(folder):
    render(folder)
    before = contents(folder)
    other = RECIPE.replace(activation="relu", finish={"bands": 4, "dither": True})
    found = render(folder, other)
    assert np.array_equal(found, artstudio.render(other, **SHAPE))
    assert len(contents(folder)) == 2 * len(before)
    assert before.items() <= contents(folder).items()


def with_checksum(data):
    return hashlib.sha256(data).digest() + data


DAMAGE = {
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "flipped bit": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "flipped checksum": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "no pickle": lambda data: with_checksum(b"nonsense"),
    "another pickle": lambda data: with_checksum(pickle.dumps((1, 2, 3))),
    "half a program": lambda data: with_checksum(data[32:-2000]),
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    folder.chmod(0o700)
    render(folder)
    return folder, contents(folder)


@pytest.mark.sweep
@pytest.mark.parametrize("name", some(DAMAGE, list(DAMAGE)[:1]))
def test_a_damaged_entry_is_compiled_anew_and_mended(filled, plain, name, capfd, recwarn):
    folder, good = filled
    for entry, data in good.items():
        (folder / entry).write_bytes(DAMAGE[name](data))
    assert np.array_equal(render(folder), plain)
    assert contents(folder).keys() == good.keys()
    assert all(data[:32] == hashlib.sha256(data[32:]).digest() for data in contents(folder).values())
    assert all(len(data) > 10_000 for data in contents(folder).values())
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


@pytest.mark.sweep
def test_an_entry_that_cannot_be_read_or_written_is_no_matter(filled, plain, monkeypatch):
    folder, _ = filled

    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    clear(folder)
    monkeypatch.setattr(kept, "write_atomic", fail)
    assert np.array_equal(render(folder), plain)
    assert entries(folder) == []


def test_an_entry_of_another_user_is_not_run(filled, plain, monkeypatch):
    folder, _ = filled
    render(folder)
    (path, _), *_ = entries(folder)
    assert kept._read(path) is not None
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert kept._read(path) is None


def foreign(folder, monkeypatch):
    folder.mkdir(parents=True, mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345)


UNUSABLE = {
    "another user": foreign,
    "open to others": lambda folder, _: folder.mkdir(parents=True) or folder.chmod(0o770),
    "a file": lambda folder, _: folder.parent.mkdir() or folder.write_bytes(b"x"),
    "a link": lambda folder, _: folder.parent.mkdir() or folder.symlink_to("/tmp"),
    "below a file": lambda folder, _: folder.parent.write_bytes(b"x"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_folder_that_is_not_private_is_not_used(run_cli, folder, name, monkeypatch):
    UNUSABLE[name](folder, monkeypatch)
    assert open_cache(folder) is None
    assert why_unusable(folder)
    monkeypatch.setenv("ARTSTUDIO_CACHE", str(folder))
    code, _, err = run_cli("render", "-s", 1, "--size", "8x8", "--units", 2, "--depth", 1, "-o", "a.png")
    assert (code, err) == (0, "")
    for action in ("info", "clear"):
        code, out, err = run_cli("cache", action)
        assert (code, err, out.count("\n")) == (0, "", 1)
    assert "a.png" in os.listdir()


def test_what_was_not_used_for_longest_goes_first(folder):
    folder.mkdir(parents=True, mode=0o700)
    for number in range(6):
        path = folder / f"{number}.program"
        path.write_bytes(bytes(100))
        os.utime(path, (1000 + number, 1000 + number))
    (folder / "other").write_bytes(bytes(500))
    os.utime(folder / "0.program")  # used just now
    assert clear(folder, keep=250) == 4
    assert sorted(path.name for path in folder.iterdir()) == ["0.program", "5.program", "other"]
    assert clear(folder) == 2
    assert [path.name for path in folder.iterdir()] == ["other"]


@pytest.mark.sweep
def test_the_cache_stays_within_its_limit(folder, monkeypatch):
    render(folder)
    sizes = [about.st_size for _, about in entries(folder)]
    monkeypatch.setattr(kept, "LIMIT", max(sizes))
    render(folder, RECIPE.replace(units=9))
    assert sum(about.st_size for _, about in entries(folder)) <= max(sizes)


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"ARTSTUDIO_CACHE": "off"}, None),
        ({"ARTSTUDIO_CACHE": "OFF", "XDG_CACHE_HOME": "/x"}, None),
        ({"ARTSTUDIO_CACHE": "/mine"}, Path("/mine")),
        ({"XDG_CACHE_HOME": "/x"}, Path("/x/artstudio")),
        ({"XDG_CACHE_HOME": "relative"}, Path.home() / ".cache/artstudio"),  # as the XDG specification asks
        ({}, Path.home() / ".cache/artstudio"),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other places")
def test_where_it_lies(environment, folder, monkeypatch):
    for name in ("ARTSTUDIO_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cache_folder() == folder


def test_the_command_tells_and_clears(run_cli, folder, monkeypatch):
    monkeypatch.setenv("ARTSTUDIO_CACHE", str(folder))
    assert run_cli("cache") == (0, f"{folder}: 0 programs, 0.0 of 64 MiB\n", "")
    assert not folder.exists()
    render(folder)
    size = sum(about.st_size for _, about in entries(folder))
    about = json.loads(run_cli("cache", "info", "--json")[1])
    assert about == {
        "folder": str(folder), "trouble": "", "programs": 1, "bytes": size, "limit": 64 << 20, "deleted": 0,
    }  # fmt: skip
    assert run_cli("cache", "clear")[1] == f"{folder}: 1 deleted, 0 programs, 0.0 of 64 MiB\n"
    monkeypatch.setenv("ARTSTUDIO_CACHE", "off")
    assert run_cli("cache")[1] == "off\n"


def test_what_one_process_leaves_out_is_compiled_for_the_next_ones(folder, monkeypatch):
    """The command that a process starts when it ends, run here: afterwards nothing is compiled for any recipe."""
    started = []
    monkeypatch.setenv("ARTSTUDIO_CACHE", str(folder))
    monkeypatch.setenv("ARTSTUDIO_COMPILE_AHEAD", "on")
    monkeypatch.setattr(
        programs.subprocess, "Popen", lambda command, **options: started.append((command, options))
    )
    monkeypatch.setattr(os, "nice", lambda value: None)
    store = Programs()
    monkeypatch.setattr(programs, "get", store.get)
    artstudio.render(RECIPE, **SHAPE)
    store.compile_ahead()
    ((command, options),) = started
    assert options["start_new_session"]
    kinds = json.loads(command[-1])
    assert [Kind(*kind).lit for kind in kinds] == [False, True]
    programs.compile_kinds(kinds[:1])
    monkeypatch.setattr(programs, "_compile", None)
    other = RECIPE.replace(
        activation=("gelu", "mix(sine, step)"), depth=5, symmetry="mosaic:2", colour="hsv", skip=True
    )
    assert render(folder, other).shape == (40, 70, 3)
    assert not (folder / "ahead.lock").exists()


def test_only_one_process_compiles_ahead(folder):
    cache = open_cache(folder)
    with claim(cache) as first, claim(cache) as second:
        assert (first, second) == (True, False)
    with claim(None) as none:
        assert not none
    (folder / "ahead.lock").touch()
    os.utime(folder / "ahead.lock", (0, 0))  # of a process that was killed
    with claim(cache) as again:
        assert again


def test_nothing_is_compiled_ahead_without_a_folder_for_it(monkeypatch):
    monkeypatch.setenv("ARTSTUDIO_CACHE", "off")
    monkeypatch.setenv("ARTSTUDIO_COMPILE_AHEAD", "on")
    monkeypatch.setattr(programs.subprocess, "Popen", None)
    store = Programs()
    monkeypatch.setattr(programs, "get", store.get)
    artstudio.render(RECIPE, **SHAPE)
    store.compile_ahead()


def test_verify_uses_it_too(run_cli, folder, monkeypatch):
    monkeypatch.setenv("ARTSTUDIO_CACHE", str(folder))
    monkeypatch.setattr(programs, "get", Programs().get)
    assert run_cli("render", "-s", 1, "--size", "20x8", "--units", 2, "--depth", 1, "-o", "a.png")[0] == 0
    before = contents(folder)
    assert "exact" in run_cli("verify", "a.png")[1]
    assert contents(folder) == before != {}


def test_timings_are_a_small_table_on_stderr(run_cli):
    code, out, err = run_cli("render", "-s", 1, "--size", "20x8", "-o", "a.png", "--timings")
    assert (code, out) == (0, "a.png\n")
    lines = [line.split() for line in err.splitlines()]
    assert [words[0] for words in lines[:7]] == [
        "start-up", "import", "weights", "render", "encode", "write", "total",
    ]  # fmt: skip
    milliseconds = [int(words[1]) for words in lines[:7]]
    assert abs(sum(milliseconds[:-1]) - milliseconds[-1]) <= 4  # rounding
