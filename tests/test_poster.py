"""Posters: written while they are rendered, in little memory; interrupted ones go on, with the same pixels."""

import os
import signal
import subprocess
import sys
from collections import namedtuple
from dataclasses import replace

import numpy as np
import pytest
import pyvips
from hypothesis import given, settings
from hypothesis import strategies as st
from selection import some

import artstudio
from artstudio.engine import render as engine
from artstudio.errors import BadInput, FileProblem, FolderLocked
from artstudio.files.encode import FORMATS
from artstudio.files.growing import growing_file, unfinished_path
from artstudio.pictures import single
from artstudio.pictures.picture import read_info
from artstudio.pictures.single import Means, Picture, render_file
from artstudio.pictures.verify import verify

SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"

WIDTH, HEIGHT, ROWS = 96, 50, 8
RECIPE = artstudio.Recipe(seed=5, activation="step", units=8, depth=2)

growing_formats = pytest.mark.parametrize("name", [name for name, record in FORMATS.items() if record.strips])
both_depths = pytest.mark.parametrize("bits", [8, 16])


@pytest.fixture(autouse=True)
def _small_bands():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "BAND", WIDTH * ROWS)
        patch.setattr(single, "POSTER", 1)
        yield


def poster(name, bits=8, recipe=RECIPE):
    return Picture(recipe, WIDTH, HEIGHT, FORMATS[name], 0, bits)


def target(folder, name):
    return folder / f"poster{FORMATS[name].suffixes[0]}"


def decoded(path):
    return pyvips.Image.new_from_file(str(path)).numpy()


def plain(bits=8, recipe=RECIPE):
    return artstudio.render(recipe, width=WIDTH, height=HEIGHT, bit_depth=bits)


class Stop(Exception):  # noqa: N818
    pass


def interrupt_after(picture, path, rows):
    """Render until at least so many rows are painted; return what is then there."""
    painted = 0

    def progress(pixels):
        nonlocal painted
        painted += pixels
        if painted > rows * WIDTH:
            raise Stop

    with pytest.raises(Stop):
        render_file(picture, path, means=Means(progress=progress))
    assert not path.exists()
    return unfinished_path(path).read_bytes()


@growing_formats
@both_depths
def test_a_poster_is_the_picture_and_says_so(tmp_path, name, bits):
    path = target(tmp_path, name)
    assert render_file(poster(name, bits), path) == path.stat().st_size
    assert np.array_equal(decoded(path), plain(bits))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    info = read_info(path)
    assert (info.recipe, info.width, info.height, info.bits) == (RECIPE, WIDTH, HEIGHT, bits)
    assert verify(path).outcome == "exact"


@pytest.mark.sweep
@growing_formats
@both_depths
@pytest.mark.parametrize("rows", [0, ROWS, 3 * ROWS, HEIGHT - 3])
def test_an_interrupted_poster_goes_on_with_the_rows_that_are_left(tmp_path, name, bits, rows):
    path, told, painted = target(tmp_path, name), [], []
    interrupt_after(poster(name, bits), path, rows)
    real = engine.render_bands

    def counted(*arguments, **options):
        for first, band in real(*arguments, **options):
            painted.append(len(band))
            yield first, band

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "render_bands", counted)
        render_file(poster(name, bits), path, means=Means(tell=told.append))
    done = rows // ROWS * ROWS
    assert told == ([f"{done} of {HEIGHT} rows were done already"] if done else [])
    assert sum(painted) == HEIGHT - done
    assert np.array_equal(decoded(path), plain(bits))
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    assert verify(path).outcome == "exact"


@pytest.fixture(scope="module", params=[name for name, record in FORMATS.items() if record.strips])
def half_done(request, tmp_path_factory, whole):
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "BAND", WIDTH * ROWS)
        patch.setattr(single, "POSTER", 1)
        return name, target(folder, name), interrupt_after(poster(name), target(folder, name), 4 * ROWS), whole


@pytest.fixture(scope="module")
def whole():
    return plain()


@pytest.mark.sweep
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_befell_the_unfinished_file_the_picture_is_the_same(half_done, data):
    name, path, content, wanted = half_done
    cut = data.draw(st.integers(0, len(content)))
    damaged = bytearray(content[:cut] + data.draw(st.binary(max_size=20)))
    for place in data.draw(st.lists(st.integers(0, max(0, len(damaged) - 1)), max_size=2)):
        if damaged:
            damaged[place] ^= data.draw(st.integers(1, 255))
    unfinished_path(path).write_bytes(damaged)
    render_file(poster(name), path, overwrite=True)
    assert np.array_equal(decoded(path), wanted)
    assert verify(path).outcome == "exact"
    assert not unfinished_path(path).exists()


@growing_formats
def test_a_poster_killed_before_it_got_its_name_is_only_named(tmp_path, name, monkeypatch):
    path = target(tmp_path, name)

    def crash(*arguments, **options):
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr("artstudio.files.growing.place", crash)
        with pytest.raises(Stop):
            render_file(poster(name), path)
    told = []
    render_file(poster(name), path, means=Means(tell=told.append))
    assert told == [f"{HEIGHT} of {HEIGHT} rows were done already"]
    assert np.array_equal(decoded(path), plain())
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@growing_formats
@pytest.mark.parametrize(
    "change",
    [
        {"recipe": RECIPE.replace(seed=6)},
        {"bits": 16},
        {"width": WIDTH - 1},
        {"supersample": 2},
        {"title": "Other"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_unfinished_file_of_another_picture_is_replaced(tmp_path, name, change):
    path, told = target(tmp_path, name), []
    interrupt_after(poster(name), path, 3 * ROWS)
    other = replace(poster(name), **change)
    render_file(other, path, means=Means(tell=told.append))
    assert told == []
    wanted = artstudio.render(
        other.recipe, width=other.width, height=HEIGHT, bit_depth=other.bits, supersample=other.supersample
    )
    assert np.array_equal(decoded(path), wanted)
    assert verify(path).outcome == "exact"


def test_the_unfinished_file_of_another_renderer_is_replaced(tmp_path, monkeypatch):
    path, told = target(tmp_path, "png"), []
    interrupt_after(poster("png"), path, 3 * ROWS)
    monkeypatch.setattr("artstudio.pictures.picture.RENDERER", 99)
    render_file(poster("png"), path, means=Means(tell=told.append))
    assert told == []
    assert read_info(path).renderer == 99


def test_an_existing_file_is_kept_and_one_that_appears_meanwhile_too(tmp_path):
    path = target(tmp_path, "png")
    path.write_bytes(b"mine")
    with pytest.raises(BadInput, match="exists already"):
        render_file(poster("png"), path)
    path.unlink()

    def appear(pixels):
        path.write_bytes(b"mine")

    with pytest.raises(BadInput, match="exists already"):
        render_file(poster("png"), path, means=Means(progress=appear))
    assert path.read_bytes() == b"mine"
    render_file(poster("png"), path, overwrite=True)
    assert np.array_equal(decoded(path), plain())


def test_two_processes_never_write_one_poster(tmp_path):
    path = target(tmp_path, "png")
    picture = poster("png")
    format = picture.format.strips(WIDTH, HEIGHT, 8, ROWS)
    with (
        pytest.raises(FolderLocked, match="another process is writing it"),
        growing_file(path, format, lambda _: {}, (WIDTH, HEIGHT), 8, overwrite=False),
    ):
        render_file(picture, path)


def test_a_symbolic_link_in_the_place_of_the_unfinished_file_is_not_followed(tmp_path):
    path = target(tmp_path, "png")
    (tmp_path / "precious").write_bytes(b"mine")
    unfinished_path(path).symlink_to(tmp_path / "precious")
    with pytest.raises(FileProblem):
        render_file(poster("png"), path)
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_a_disk_without_room_is_noticed_before_any_work(run_cli, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**12, 0, 10**9))
    code, out, err = run_cli("render", "--seed", 1, "--size", "65536x32768", "-o", "a.png")
    assert (code, out) == (1, "")
    line = (
        "a.png: may need up to 6.4 GB of disk, but 1.0 GB are free in .; make room there, or choose a smaller size"
    )
    assert err == f"artstudio: {line}\n"
    assert os.listdir() == []


def test_a_poster_for_a_format_that_cannot_grow_needs_memory_and_says_so(run_cli, monkeypatch):
    monkeypatch.setattr("artstudio.model.size._free_memory", lambda: 2**30)
    code, _, err = run_cli("render", "--seed", 1, "--size", "20000x20000", "-o", "a.jpg")
    assert code == 2
    assert "20000x20000 needs about 3.7 GiB of memory, but 1.0 GiB are free" in err


# --- other processes --------------------------------------------------------------------------------------

PROGRAM = f"""
import os, sys
import artstudio.pictures.single as single
import artstudio.engine.render as engine
from artstudio.__main__ import main
from artstudio.files.growing import GrowingFile
stop, how, append = int(sys.argv[1]), int(sys.argv[2]), GrowingFile.append
def counted(self, strip):
    global stop
    stop -= 1
    if stop == 0:
        os.kill(os.getpid(), how)
    append(self, strip)
GrowingFile.append = counted
engine.BAND, single.POSTER = {WIDTH * ROWS}, 1
sys.exit(main(["render", "-s", "5", "-a", "step", "--units", "8", "--depth", "2", *sys.argv[3:]]))
"""

STRIPS = 12


def run_poster(path, stop=0, how=signal.SIGKILL):
    """Render a poster in a process that gets a signal when it appends the strip of that number, from 1."""
    size = f"{WIDTH}x{STRIPS * ROWS}"
    command = [sys.executable, "-c", PROGRAM, str(stop), str(int(how)), "--size", size, "-o", str(path)]
    return subprocess.run(command, capture_output=True, text=True)


def stopped_and_resumed(folder, name, stop, how):
    """Stop a process at a strip; the next one completes the picture."""
    path = target(folder, name)
    first = run_poster(path, stop, how)
    assert not path.exists()
    assert unfinished_path(path).exists()
    second = run_poster(path)
    assert (second.returncode, second.stdout) == (0, f"{path}\n")
    assert f"{(stop - 1) * ROWS} of {STRIPS * ROWS} rows were done already" in second.stderr
    assert [entry.name for entry in folder.iterdir()] == [path.name]
    assert np.array_equal(decoded(path), artstudio.render(RECIPE, width=WIDTH, height=STRIPS * ROWS))
    return first.returncode, first.stderr


@pytest.mark.parametrize("name", some(["png", "tiff"], {"tiff"}))
def test_a_killed_poster_goes_on(tmp_path, name):
    assert stopped_and_resumed(tmp_path, name, 7, signal.SIGKILL)[0] == -signal.SIGKILL


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path):
    code, err = stopped_and_resumed(tmp_path, "png", 5, signal.SIGINT)
    assert code == 130
    assert "rows are kept; the same command, with --seed 5, goes on from there" in err
    assert err.endswith("artstudio: interrupted\n")
    assert "Traceback" not in err


@pytest.mark.sweep
@growing_formats
@pytest.mark.parametrize("stop", [2, STRIPS] if SHORT else range(2, STRIPS + 1))
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_poster_stopped_at_any_strip_goes_on(tmp_path, name, stop, how):
    stopped_and_resumed(tmp_path, name, stop, how)


@pytest.mark.sweep
@growing_formats
def test_memory_does_not_grow_with_the_picture(tmp_path, name):
    code = (
        "import sys; from artstudio.__main__ import main; assert main(sys.argv[1:]) == 0\n"
        "print([line for line in open('/proc/self/status') if line.startswith('VmHWM')][0].split()[1])"
    )
    size = "65536x1024" if SHORT else "65536x4096"
    path = target(tmp_path, name)
    arguments = ["render", "-s", "1", "--units", "2", "--depth", "1", "--size", size, "-o", str(path)]
    for command in (arguments, ["verify", str(path)]):
        result = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
        assert int(result.stdout.split()[-1]) / 1024 < 600
