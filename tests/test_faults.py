"""Faults that a batch survives: kills, failing disks, damaged manifests, hostile names and files.

Each runs here in a bounded form; `make sweep` runs them whole (`docs/reliability.md` lists the promises).
"""

import errno
import io
import json
import os
import random
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selection import some

from artstudio import FileProblem, Recipe
from artstudio.batch import manifest
from artstudio.batch.execute import Options, execute, open_folder, preview
from artstudio.batch.job import Job
from artstudio.errors import FolderProblem
from artstudio.files import atomic
from artstudio.files.encode import FORMATS
from artstudio.files.png.write import encode_png, pixel_hash

SHORT = os.environ.get("ARTSTUDIO_SWEEP") == "short"
sweep = pytest.mark.sweep


def jobs(count=3, size=16):
    return [Job(f"p-{i}", Recipe(seed=i), size, size, FORMATS["png"], 1) for i in range(count)]


def render_all(batch, folder):
    with open_folder(folder) as entries:
        return list(execute(batch, folder, entries, Options(workers=2)))


def pixel_hashes(folder):
    hashes = {}
    for path in sorted(folder.glob("*.png")):
        with Image.open(path) as picture:
            hashes[path.name] = pixel_hash(np.asarray(picture))
    return hashes


# --- killed in the middle ---------------------------------------------------------------------------------

BATCH = 24


STOPPING = """
import os, signal, sys
at, how, calls = int(os.environ["STOP_AT"]), int(os.environ["STOP_SIGNAL"]), 0
def counted(function):
    def call(*arguments, **options):
        global calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), how)
        return function(*arguments, **options)
    return call
os.fsync, os.replace = counted(os.fsync), counted(os.replace)
from artstudio.__main__ import main
code = main(sys.argv[1:])
print(calls, file=sys.stderr)
sys.exit(code)
"""
"""The command line in a process that gets a signal before one of its writes becomes final: always the same one."""


def run_batch(folder, at=0, sign=signal.SIGKILL):
    options = ("--size", "40x30", "--sheet", "none", "--no-page", "-o", str(folder), "--json")
    command = [sys.executable, "-c", STOPPING, "gallery", "--sweep", f"seed=1..{BATCH}", *options]
    environment = os.environ | {"STOP_AT": str(at), "STOP_SIGNAL": str(int(sign))}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The pixel hashes of the whole batch, and how many of its calls may be its last."""
    first = run_batch(tmp_path_factory.mktemp("programs"))  # compiles: what is counted should be the batch's own
    assert first.returncode == 0, first.stderr
    folder = tmp_path_factory.mktemp("whole")
    whole = run_batch(folder)
    return pixel_hashes(folder), int(whole.stderr.split()[-1])


def stop_and_resume(folder, uninterrupted, share, sign):
    """Send the signal at a share of the batch's calls, look at the folder, resume, look again."""
    hashes, calls = uninterrupted
    stopped = run_batch(folder, max(1, round(share * calls)), sign)
    assert stopped.returncode == (130 if sign == signal.SIGINT else -sign)
    assert "Traceback" not in stopped.stderr
    left = pixel_hashes(folder)  # every final file decodes, and is right
    assert left.items() < hashes.items()
    result = run_batch(folder)
    statuses = [picture["status"] for picture in json.loads(result.stdout)["pictures"]]
    # What stood is not rendered again, but for one picture that was in its place and not yet recorded.
    assert len(left) - 1 <= statuses.count("kept") <= len(left)
    assert statuses.count("kept") + statuses.count("rendered") == BATCH
    assert pixel_hashes(folder) == hashes
    assert not atomic.stale_temporaries(folder)


@pytest.mark.parametrize("share", some([0, 0.4, 0.9], {0.4}))
def test_a_killed_batch_resumes_where_it_was(tmp_path, uninterrupted, share):
    stop_and_resume(tmp_path, uninterrupted, share, signal.SIGKILL)


@sweep
@pytest.mark.parametrize("number", range(3 if SHORT else 50))
def test_a_batch_killed_at_any_moment_resumes_where_it_was(tmp_path, uninterrupted, number):
    share = random.Random(number).uniform(0, 0.95)
    stop_and_resume(tmp_path, uninterrupted, share, signal.SIGKILL)


@pytest.mark.sweep
def test_an_interrupted_batch_resumes_where_it_was(tmp_path, uninterrupted):
    stop_and_resume(tmp_path, uninterrupted, 0.5, signal.SIGINT)


INTERRUPTED = """
import os, signal, sys
from pathlib import Path
import artstudio.engine.render as engine
from artstudio.__main__ import main
real, calls = engine.render, []
def render(recipe, **options):
    calls.append(recipe.seed)
    if len(calls) == 3:
        for _ in range(int(sys.argv[2])):
            os.kill(os.getpid(), signal.SIGINT)
    return real(recipe, **options)
engine.render = render
options = ["--size", "64x64", "--workers", "1", "-o", sys.argv[1]]
sys.exit(main(["gallery", "--sweep", "seed=1..30", *options]))
"""


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_leaves_a_valid_folder_and_exit_code_130(tmp_path, times):
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path), str(times)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 130
    assert "Traceback" not in result.stderr
    if times == 1:
        assert "the same command goes on from here" in result.stderr
        assert "artstudio: interrupted" in result.stderr
        assert not atomic.stale_temporaries(tmp_path)
    stood = set(pixel_hashes(tmp_path))
    assert 1 <= len(stood) < 30
    entries, damaged = manifest.read(tmp_path)
    assert not damaged
    assert {entry.file for entry in entries.values()} <= stood


# --- a disk that fails ------------------------------------------------------------------------------------


class FailingDisk:
    """Counts what is done to a folder's files and lets the n-th of one kind fail."""

    def __init__(self, monkeypatch, kind, number, code):
        self.kind, self.number, self.code, self.count = kind, number, code, 0
        real_open, real_os_open = open, os.open
        disk = self

        class File(io.FileIO):
            def write(self, data):
                disk.tick("write")
                return super().write(data)

        def opened(path, mode="r", *args, **kwargs):
            if mode != "wb":
                return real_open(path, mode, *args, **kwargs)
            disk.tick("open")
            return File(path, mode)

        def os_opened(path, flags, *args, **kwargs):
            if flags & os.O_CREAT:
                disk.tick("open")
            return real_os_open(path, flags, *args, **kwargs)

        monkeypatch.setattr(atomic, "open", opened, raising=False)
        monkeypatch.setattr(os, "open", os_opened)
        for name in ("write", "fsync", "replace"):
            monkeypatch.setattr(os, name, self.wrapped(name, getattr(os, name)))

    def tick(self, kind):
        if kind == self.kind:
            self.count += 1
            if self.count == self.number:
                raise OSError(self.code, os.strerror(self.code))

    def wrapped(self, name, real):
        def call(*args, **kwargs):
            self.tick(name)
            return real(*args, **kwargs)

        return call


@pytest.mark.parametrize("code", some([errno.EIO, errno.EACCES, errno.ENOSPC], {errno.ENOSPC}))
@pytest.mark.parametrize("kind", some(["open", "write", "fsync", "replace"], {"write", "replace"}))
def test_each_failing_operation_leaves_old_or_new_files_and_the_next_run_completes(
    tmp_path, monkeypatch, kind, code
):
    whole = tmp_path / "whole"
    render_all(jobs(), whole)
    expected = pixel_hashes(whole)
    for number in range(1, 30):
        folder = tmp_path / f"{kind}-{number}"
        folder.mkdir()
        old = folder / "p-1.png"
        old.write_bytes(encode_png(np.zeros((2, 2, 3), np.uint8), {}))
        before = old.read_bytes()
        with monkeypatch.context() as patch:
            disk = FailingDisk(patch, kind, number, code)
            try:
                outcomes = render_all(jobs(), folder)
                problem = any(outcome.status == "failed" for outcome in outcomes)
            except FileProblem as error:
                problem = str(error).count("\n") == 0
        if disk.count < number:
            break  # there were no more operations of this kind
        # Syncing the folder's own entry may fail on some systems; the picture is in place by then.
        assert problem or kind in ("fsync", "write", "open")
        for path in folder.glob("*.png"):
            assert path.read_bytes() == before or pixel_hashes(folder)[path.name] == expected[path.name]
        render_all(jobs(), folder)
        assert pixel_hashes(folder) == expected
        assert not atomic.stale_temporaries(folder)
    assert number > 3


@pytest.mark.sweep
@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system can be mounted by root only")
def test_a_full_disk_says_so_and_the_batch_completes_once_there_is_room(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        ballast = folder / "ballast"
        ballast.write_bytes(b"x" * 1_500_000)
        command = [
            sys.executable, "-m", "artstudio", "gallery", "--sweep", "seed=1..8", "--size", "480x270",
            "-o", str(folder), "--sheet", "none", "--no-page",
        ]  # fmt: skip
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 1
        assert result.stderr.count("\n") == 1
        assert "No space left on device" in result.stderr
        assert f"MB are free in {folder}" in result.stderr
        assert f"{folder}/picture_seed-" in result.stderr
        partial = pixel_hashes(folder)  # every file decodes
        assert len(partial) < 8
        assert not atomic.stale_temporaries(folder)
        ballast.unlink()
        assert subprocess.run(command, capture_output=True).returncode == 0
        assert partial.items() <= pixel_hashes(folder).items()
        assert len(pixel_hashes(folder)) == 8
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_what_the_whole_folder_suffers_ends_the_batch(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(atomic.os, "replace", full)
    with pytest.raises(
        FolderProblem, match=r"p-\d\.png: cannot be written \(No space left on device; .* MB are free"
    ):
        render_all(jobs(), tmp_path)


# --- a damaged manifest -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """A folder with three pictures of which the last is not what the jobs ask for; and its manifest."""
    folder = tmp_path_factory.mktemp("three")
    render_all(jobs(), folder)
    picture = bytearray((folder / "p-2.png").read_bytes())
    picture[-30] ^= 4
    (folder / "p-2.png").write_bytes(picture)
    return folder, (folder / "manifest.jsonl").read_bytes()


def plan_with(three, data):
    folder, _ = three
    (folder / "manifest.jsonl").write_bytes(data)
    return [decision.action for decision in preview(jobs(), folder, force=False)]


def check_cuts(three, step):
    _, whole = three
    for cut in range(0, len(whole), step):
        assert plan_with(three, whole[:cut]) == ["keep", "keep", "render"], cut


def check_flips(three, count):
    _, whole = three
    rng = random.Random(4)
    for _ in range(count):
        data = bytearray(whole)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        assert plan_with(three, bytes(data)) == ["keep", "keep", "render"]


def test_a_cut_manifest_loses_and_invents_nothing(three):
    check_cuts(three, 17)


@sweep
def test_a_manifest_cut_at_every_byte_loses_and_invents_nothing(three):
    check_cuts(three, 17 if SHORT else 1)


def test_flipped_bits_in_the_manifest_lose_and_invent_nothing(three):
    check_flips(three, 150)


@sweep
def test_a_thousand_flipped_bits_in_the_manifest_lose_and_invent_nothing(three):
    check_flips(three, 100 if SHORT else 1000)


# --- hostile names ----------------------------------------------------------------------------------------


def tree(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "name",
    ["../x", "../../x", "/tmp/x", "CON", "a/b", "a\\\\b", "nul", "x" * 300, "a\\u202eb", "a\\u0000b", ".", ".."],
)
def test_no_name_leads_out_of_the_folder(run_cli, name):
    Path("mine.toml").write_text(f'["{name}"]\nseed = 1\n', encoding="utf-8")
    before = tree(Path())
    code, out, err = run_cli("gallery", "mine.toml", "--size", "8x8", "-o", "g")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert tree(Path()) == before


def test_a_symlinked_folder_is_written_to_and_nothing_else(run_cli):
    Path("real").mkdir()
    Path("precious").write_text("mine", encoding="utf-8")
    Path("link").symlink_to("real")
    assert run_cli("gallery", "agate", "--size", "8x8", "-o", "link", "--no-page")[0] == 0
    assert tree(Path("real")) == {"agate.png", "contact-sheet.png", "manifest.jsonl", ".artstudio.lock"}
    assert tree(Path()) == {"real", "precious", "link"} | {f"real/{name}" for name in tree(Path("real"))}


@pytest.mark.parametrize("name", ["agate.png", "manifest.jsonl", ".artstudio.lock", "contact-sheet.png"])
def test_a_symlink_in_the_folder_is_never_followed(run_cli, name):
    Path("precious").write_text("mine", encoding="utf-8")
    Path("g").mkdir()
    Path("g", name).symlink_to(Path("precious").resolve())
    code, _, err = run_cli("gallery", "agate", "--size", "8x8", "-o", "g", "--no-page")
    assert Path("precious").read_text(encoding="utf-8") == "mine"
    assert code == 0 or (code == 1 and err.count("\n") == 1)


# --- hostile files ----------------------------------------------------------------------------------------


def limited(arguments, folder):
    """Run the command line in a child and return its exit code, its errors and its peak memory in MB."""
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (60, 60))  # no hang is waited for\n"
        "from artstudio.__main__ import main; code = main(sys.argv[1:])\n"
        "print([line for line in open('/proc/self/status') if line.startswith('VmHWM')][0].split()[1])\n"
        "sys.exit(code)"
    )
    command = [sys.executable, "-c", code, *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return result.returncode, result.stderr, int(result.stdout.splitlines()[-1]) / 1024


TOML_BOMBS = {
    "dotted key": "a" + ".a" * 100_000 + " = 1\n",
    "dotted table": "[" + "a." * 100_000 + "a]\n",
    "many tables": "".join(f"[a{i}.{'b.' * 6}c]\n" for i in range(9000)),
    "nested arrays": "x = " + "[" * 100_000 + "]" * 100_000 + "\n",
    "nested tables": "x = " + "{a=" * 50_000 + "1" + "}" * 50_000 + "\n",
    "letters and dots": "a" * 250_000 + "........",
    "escaped quotes": 'x = "' + '\\"' * 125_000,
    "a key behind what looks like a string": 'x = { a = """\n\'""", b' + ".b" * 100_000 + " = 1, c = '' }\n",
    "long number": "[a]\nseed = " + "9" * 100_000 + "\n",
}


@pytest.mark.parametrize("name", some(TOML_BOMBS, {"dotted key", "nested arrays", "letters and dots"}))
@pytest.mark.parametrize("command", some(["gallery", "presets", "render"], {"presets"}))
def test_a_toml_bomb_is_refused_in_little_memory(tmp_path, name, command):
    (tmp_path / "bomb.toml").write_text(TOML_BOMBS[name], encoding="utf-8")
    code, err, megabytes = limited([command, "bomb.toml"], tmp_path)
    assert code == 2
    assert err.startswith("artstudio: bomb.toml: ")
    assert err.count("\n") == 1
    assert len(err) < 500
    assert megabytes < 150


def png_chunk(kind, data):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png_bombs():
    recipe = Recipe(seed=1).to_json().encode()
    about = b'{"renderer":1,"supersample":1,"pixels":"sha256:x"}'
    texts = png_chunk(b"tEXt", b"artstudio:recipe\0" + recipe) + png_chunk(b"tEXt", b"artstudio:render\0" + about)
    header = png_chunk(b"IHDR", (4).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
    huge = png_chunk(b"IHDR", (2**31 - 1).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
    image = png_chunk(b"IDAT", zlib.compress(b"\0" * 13 * 4))
    end = png_chunk(b"IEND", b"")
    squeezed = zlib.compress(b"\0" * 200_000_000, 9)
    start = b"\x89PNG\r\n\x1a\n"
    return {
        "compressed text": start + header + png_chunk(b"zTXt", b"artstudio:recipe\0\0" + squeezed) + image + end,
        "plain text": start + header + png_chunk(b"tEXt", b"artstudio:recipe\0" + b"x" * 80_000_000) + image + end,
        "huge header": start + huge + texts + image + end,
        "text after the image": start
        + header
        + image
        + png_chunk(b"zTXt", b"artstudio:recipe\0\0" + squeezed)
        + end,
        "image bomb": start + huge + texts + png_chunk(b"IDAT", squeezed) + end,
    }


@pytest.fixture(scope="module")
def bombs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bombs")
    for name, data in png_bombs().items():
        (folder / f"{name}.png").write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def idle(bombs):
    """The memory of a command that opens no picture, in MB."""
    return limited(["presets"], bombs)[2]


@pytest.mark.parametrize("name", some(png_bombs(), {"compressed text"}))
@pytest.mark.parametrize("command", some(["info", "verify"], {"verify"}))
def test_a_png_bomb_is_answered_in_little_memory(bombs, idle, name, command):
    code, err, megabytes = limited([command, f"{name}.png"], bombs)
    # What they say of themselves can be told without looking at the image.
    told = command == "info" and name in ("huge header", "image bomb")
    assert code == (0 if told else 2)
    assert err.count("\n") == (0 if told else 1)
    assert megabytes < idle + 200


@pytest.mark.parametrize("name", some(["compressed text", "plain text", "text after the image"], {"plain text"}))
def test_a_png_bomb_is_no_source_to_render_from(bombs, name):
    code, err, megabytes = limited(["render", f"{name}.png", "-o", "x.png"], bombs)
    assert code == 2
    assert "found one without a recipe" in err
    assert megabytes < 200
    assert not (bombs / "x.png").exists()
