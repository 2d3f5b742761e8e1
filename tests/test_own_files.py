"""What is written: only our own files are deleted, what killed processes left is cleared, failures are all told."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from artstudio.batch.interrupt import orderly_interrupt
from artstudio.errors import FolderLocked
from artstudio.files import atomic, lock, source
from artstudio.files.atomic import clear_temporaries, stale_temporaries, write_atomic
from artstudio.files.lock import folder_lock

GALLERY = ("gallery", "--sweep", "seed=1..2", "--size", "8x8", "-o", "g")

STALE = ".a.png.0123456789abcdef.artstudio.tmp"


def test_only_files_with_our_exact_names_are_ever_deleted(run_cli):
    assert run_cli(*GALLERY)[0] == 0
    mine = [
        "thumbs/holiday-2024.webp", "thumbs/0123456789abcdef0123-320.png", "thumbs/0123456789ABCDEF0123-320.webp",
        "thumbs/0123456789abcdef012-320.webp", "thumbs/0123456789abcdef0123-0320.webp", "thumbs/a-1-320.webp",
        "contact-sheet-2024-06.png", "contact-sheet old.png", "contact-sheet-02.png", ".holiday.artstudio.tmp",
    ]  # fmt: skip
    ours = ["thumbs/0123456789abcdef0123-320.webp", "contact-sheet-7.png", STALE, f"thumbs/{STALE}"]
    for name in mine + ours:
        Path("g", name).write_bytes(b"")
    assert run_cli(*GALLERY, "--sheet", "none")[0] == 0
    assert [name for name in mine + ours if Path("g", name).exists()] == mine


KILLED = """
import os, signal, sys
from pathlib import Path
from artstudio.files.atomic import placed
with placed(Path(sys.argv[1]), overwrite=True) as temporary:
    temporary.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("write", [
    lambda path: write_atomic(path, b"new"),
    lambda path: subprocess.run([sys.executable, "-c", GROWING, str(path)], check=True),
])  # fmt: skip
def test_what_a_killed_process_left_is_cleared_by_the_next_that_writes_there(tmp_path, write):
    assert subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a.png")]).returncode == -signal.SIGKILL
    assert len(stale_temporaries(tmp_path)) == 1
    write(tmp_path / "other.png")
    assert [path.name for path in tmp_path.iterdir()] == ["other.png"]


GROWING = """
import sys
from pathlib import Path
import numpy as np
from artstudio.files.growing import growing_file
from artstudio.files.png.strips import PngStrips
format = PngStrips(2, 2, 8)
with growing_file(Path(sys.argv[1]), format, lambda hash: {"h": hash}, (2, 2), 8, overwrite=False) as file:
    file.append(np.zeros((2, 2, 3), np.uint8))
    file.finish()
"""


def test_what_a_living_process_is_writing_stays(tmp_path):
    code = "import sys; from pathlib import Path; from artstudio.files.atomic import clear_temporaries as clear\n"
    code += "clear(Path(sys.argv[1]))"
    with atomic.placed(tmp_path / "a.png", overwrite=True) as temporary:
        temporary.write_bytes(b"whole")
        clear_temporaries(tmp_path)
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
        assert stale_temporaries(tmp_path) == [temporary]
    assert (tmp_path / "a.png").read_bytes() == b"whole"


def test_a_temporary_file_that_is_cleared_before_it_is_held_is_made_again(tmp_path, monkeypatch):
    real, cleared = atomic.hold, []

    def late(handle):
        if not cleared:
            cleared.extend(stale_temporaries(tmp_path))
            clear_temporaries(tmp_path)
        return real(handle)

    monkeypatch.setattr(atomic, "hold", late)
    write_atomic(tmp_path / "a.png", b"whole")
    assert len(cleared) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


# --- failures ---------------------------------------------------------------------------------------------


def unplaceable(monkeypatch, *endings):
    """No file whose name ends so can be renamed any more."""
    real = os.replace

    def replace(old, new):
        if str(new).endswith(endings):
            raise PermissionError(13, "Permission denied")
        real(old, new)

    monkeypatch.setattr(os, "replace", replace)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_page_that_fails_hides_no_picture_that_failed(run_cli, monkeypatch, as_json):
    with monkeypatch.context() as patch:
        unplaceable(patch, "seed-2.png", ".webp")
        code, out, err = run_cli(*GALLERY, *(["--json"] if as_json else []))
    assert code == 3
    assert out.count("\n") == 1
    first, second = [line for line in err.splitlines() if line.startswith("failed: ")]
    assert first.startswith("failed: picture_seed-2: g/picture_seed-2.png: cannot be written (Permission denied")
    assert second.startswith("failed: g/thumbs/")
    assert run_cli(*GALLERY)[0] == 0


def test_a_page_that_fails_alone_is_an_error(run_cli, monkeypatch):
    unplaceable(monkeypatch, "index.html")
    code, out, err = run_cli(*GALLERY)
    assert (code, out) == (1, "")
    assert err == "artstudio: g/index.html: cannot be written (Permission denied)\n"
    code, out, err = run_cli("vary", "agate", "--count", 1, "--size", "8x8", "-o", "v")
    assert (code, err) == (1, "artstudio: v/index.html: cannot be written (Permission denied)\n")


def test_pictures_that_fail_are_named_by_vary_too(run_cli, monkeypatch):
    unplaceable(monkeypatch, "variation-1.png", "index.html")
    code, _, err = run_cli("vary", "agate", "--count", 2, "--size", "8x8", "-o", "v", "--quiet")
    assert code == 3
    assert "failed: variation-1: v/variation-1.png: cannot be written" in err
    assert "failed: v/index.html: cannot be written" in err


# --- portable file work -----------------------------------------------------------------------------------


def test_the_lock_needs_no_calls_that_windows_lacks(tmp_path, monkeypatch):
    for name in ("pread", "pwrite"):
        monkeypatch.delattr(os, name)
    with folder_lock(tmp_path):
        text = (tmp_path / lock.LOCK_NAME).read_text(encoding="utf-8")
        assert text.startswith(f"process {os.getpid()} on ")
        with (
            pytest.raises(FolderLocked, match=f"in use by process {os.getpid()} on .* since 20"),
            folder_lock(tmp_path),
        ):
            pass
    assert (tmp_path / lock.LOCK_NAME).read_bytes() == b""


def test_every_file_of_ours_is_opened_as_binary_without_waiting_and_not_through_links(tmp_path, monkeypatch):
    from artstudio.batch.manifest import Appender

    binary, seen = 1 << 30, []
    real = os.open

    def opened(path, flags, *rest):
        seen.append(flags)
        return real(path, flags & ~binary, *rest)

    monkeypatch.setattr(source, "_BINARY", binary)
    monkeypatch.setattr(os, "open", opened)
    with folder_lock(tmp_path), Appender(tmp_path):
        pass
    with source.opened(tmp_path / "manifest.jsonl") as (file, _):
        file.read()
    assert len(seen) == 3
    assert all(flags & binary and flags & os.O_NONBLOCK for flags in seen)
    assert all(flags & os.O_NOFOLLOW for flags in seen[:2])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_that_asks_for_an_end_ends_in_good_order(number):
    stop, before = Event(), signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), orderly_interrupt(stop):
        signal.raise_signal(number)
    assert stop.is_set()
    assert signal.getsignal(number) is before


def test_a_hangup_that_is_ignored_stays_ignored(monkeypatch):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with orderly_interrupt(Event()):
            os.kill(os.getpid(), signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
