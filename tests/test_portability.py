"""What other systems do differently, simulated: Windows' open files and waits, its line ends, names without case."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from artstudio import threads
from artstudio.batch import manifest
from artstudio.errors import BadInput, FileProblem
from artstudio.files import atomic
from artstudio.presets.collections import load_file, shipped_folder
from artstudio.presets.text import preset_names


@pytest.fixture
def busy(monkeypatch):
    """Replacing a file fails as often as it is told, as for one that another program has open on Windows."""
    left = []

    def replace(source, target, really=os.replace):
        if left:
            left.pop()
            raise PermissionError(13, "The process cannot access the file")
        really(source, target)

    monkeypatch.setattr(os, "replace", replace)
    monkeypatch.setattr(atomic, "_TRIES", 4)
    monkeypatch.setattr(atomic, "_PAUSE", 0)
    return left


def test_a_file_that_is_open_elsewhere_is_replaced_once_it_is_free(busy, tmp_path):
    (tmp_path / "a.txt").write_text("old")
    busy += [1, 2, 3]
    atomic.write_atomic(tmp_path / "a.txt", b"new")
    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_file_that_stays_open_elsewhere_is_one_line_and_keeps_its_content(busy, tmp_path):
    (tmp_path / "a.txt").write_text("old")
    busy += range(9)
    with pytest.raises(FileProblem, match=r"a\.txt: cannot be written"):
        atomic.write_atomic(tmp_path / "a.txt", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text() == "old"


def test_waits_have_limits_so_that_an_interrupt_ends_them():
    """On Windows only the main thread's next step of Python sees Ctrl-C; a wait without a limit never gets there."""
    limits = []

    class Slow(Future):
        def result(self, timeout=None):
            limits.append(timeout)
            if len(limits) < 3:
                raise TimeoutError
            return "made"

    assert threads.result_of(Slow()) == "made"
    assert len(limits) == 3
    assert all(0 < limit <= 1 for limit in limits)


def test_a_time_out_of_the_work_itself_is_handed_on():
    future = Future()
    future.set_exception(TimeoutError("the work's own"))
    with pytest.raises(TimeoutError, match="the work's own"):
        threads.result_of(future)


def test_an_error_drops_what_has_not_begun():
    def work(number):
        if number == 0:
            raise BadInput("zero")
        return number

    begun = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        blocker = pool.submit(begun.wait)
        results = threads.mapped(pool, work, range(50))
        begun.set()
        blocker.result()
        with pytest.raises(BadInput, match="zero"):
            list(results)


def test_what_is_done_first_comes_first():
    slow, quick = Future(), Future()
    quick.set_result(1)
    assert threads.next_done([slow, quick]) == {quick}


def test_preset_files_may_have_the_line_ends_of_windows(tmp_path):
    path = next(iter(sorted(shipped_folder().glob("*.toml"))))
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    assert load_file(copy) == load_file(path)


def test_a_manifest_whose_line_ends_were_changed_is_damaged_and_nothing_else(tmp_path):
    entry = manifest.Entry("a", "a.png", "d" * 64)
    with manifest.Appender(tmp_path) as file:
        file.append([entry])
    path = tmp_path / manifest.MANIFEST_NAME
    assert b"\r" not in path.read_bytes()  # written in binary mode
    assert manifest.read(tmp_path) == ({"a": entry}, False)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert manifest.read(tmp_path) == ({}, True)


def test_no_two_pictures_have_names_that_differ_in_case_alone():
    names = preset_names(["Agate", "agate", "AGATE", "Straße", "STRASSE"])
    assert len({name.casefold() for name in names}) == len(names)


@pytest.mark.parametrize("name", ["con", "prn", "aux", "nul", "com1", "lpt9"])
def test_names_that_windows_reserves_are_no_presets(name, tmp_path):
    (tmp_path / "a.toml").write_text(f"[{name}]\nseed = 1\n")
    with pytest.raises(BadInput, match="no name that a system reserves"):
        load_file(tmp_path / "a.toml")
