"""Files appear whole or not at all, whatever goes wrong in between."""

import builtins
import errno
import os
import stat
import threading

import pytest

from artstudio.errors import BadInput, FileProblem
from artstudio.files import atomic
from artstudio.files.atomic import check_writable_target, stale_temporaries, write_atomic


@pytest.fixture
def target(tmp_path):
    return tmp_path / "picture.png"


@pytest.fixture(params=["links", "no links"])
def place_new(request, monkeypatch):
    """Both ways to place a new file: with hard links, and without."""
    if request.param == "no links":
        monkeypatch.setattr(os, "link", failing(OSError(errno.EPERM, "Operation not permitted")))


def failing(error):
    """A function that raises `error` whatever it is called with."""

    def fail(*arguments, **keywords):
        raise error

    return fail


def pieces(error):
    """Some bytes, then an error."""
    yield b"half"
    raise error


def only(folder):
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("data", [b"new", [b"n", b"", b"ew"], iter([b"new"])], ids=["bytes", "list", "iterator"])
def test_bytes_and_pieces_are_written(target, data):
    write_atomic(target, data)
    assert target.read_bytes() == b"new"
    assert only(target.parent) == ["picture.png"]


def test_an_older_file_is_replaced(target):
    target.write_bytes(b"old, and longer")
    write_atomic(str(target), b"new")
    assert target.read_bytes() == b"new"


def test_a_bare_name_goes_to_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_atomic("a.png", b"new")
    assert (tmp_path / "a.png").read_bytes() == b"new"


@pytest.mark.parametrize("umask", [0o022, 0o027, 0o077])
@pytest.mark.parametrize("overwrite", [True, False])
def test_permissions_follow_the_umask(target, umask, overwrite):
    before = os.umask(umask)
    try:
        write_atomic(target, b"new", overwrite=overwrite)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("name", ["fsync", "replace"])
@pytest.mark.parametrize(
    "error",
    [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt(), MemoryError()],
    ids=["OSError", "KeyboardInterrupt", "MemoryError"],
)
def test_a_failing_system_call_leaves_the_old_file(target, monkeypatch, name, error):
    target.write_bytes(b"old")
    monkeypatch.setattr(os, name, failing(error))
    expected = FileProblem if isinstance(error, OSError) else type(error)
    with pytest.raises(expected) as caught:
        write_atomic(target, b"new")
    if expected is FileProblem:
        assert str(caught.value) == f"{target}: cannot be written (Input/output error)"
    assert target.read_bytes() == b"old"
    assert only(target.parent) == ["picture.png"]


@pytest.mark.parametrize("error", [BadInput("no"), KeyboardInterrupt(), ZeroDivisionError()])
def test_a_failing_producer_leaves_the_old_file(target, error):
    target.write_bytes(b"old")
    with pytest.raises(type(error)):
        write_atomic(target, pieces(error))
    assert target.read_bytes() == b"old"
    assert only(target.parent) == ["picture.png"]


def test_a_full_disk_says_how_much_is_free(target, monkeypatch):
    def opened(*arguments):
        file = builtins.open(*arguments, buffering=0)  # noqa: SIM115 - closed by the class below

        class Full:
            __enter__ = lambda self: self  # noqa: E731
            __exit__ = lambda self, *_: file.close()  # noqa: E731
            write = failing(OSError(errno.ENOSPC, "No space left on device"))

        return Full()

    target.write_bytes(b"old")
    monkeypatch.setattr(atomic, "open", opened, raising=False)
    with pytest.raises(FileProblem, match=r"No space left on device; [0-9.]+ MB are free in "):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert only(target.parent) == ["picture.png"]


def test_a_folder_that_cannot_be_synced_is_no_error(target, monkeypatch):
    real = os.fsync

    def fsync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    write_atomic(target, b"new")
    assert target.read_bytes() == b"new"


def test_the_file_is_synced_before_it_gets_its_name_and_the_folder_after(target, monkeypatch):
    events = []
    sync, replace = os.fsync, os.replace

    def fsync(handle):
        events.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        sync(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", lambda *paths: (events.append("replace"), replace(*paths)))
    write_atomic(target, b"new")
    assert events == ["sync file", "replace", "sync folder"]


@pytest.mark.usefixtures("place_new")
def test_without_overwrite_a_new_file_is_written(target):
    write_atomic(target, b"new", overwrite=False)
    assert target.read_bytes() == b"new"
    assert only(target.parent) == ["picture.png"]


def test_without_overwrite_an_existing_file_is_refused(target):
    target.write_bytes(b"old")
    for attempt in (write_atomic, lambda path, _, **keywords: check_writable_target(path, **keywords)):
        with pytest.raises(BadInput) as caught:
            attempt(target, b"new", overwrite=False)
        assert str(caught.value) == f"{target} exists already; overwrite=True replaces it"
    assert target.read_bytes() == b"old"


@pytest.mark.usefixtures("place_new")
def test_without_overwrite_a_file_that_came_in_between_is_kept(target):
    def produce():
        target.write_bytes(b"theirs")
        yield b"ours"

    with pytest.raises(BadInput, match="exists already"):
        write_atomic(target, produce(), overwrite=False)
    assert target.read_bytes() == b"theirs"
    assert only(target.parent) == ["picture.png"]


@pytest.mark.usefixtures("place_new")
def test_of_many_writers_without_overwrite_one_wins(target):
    start, results = threading.Barrier(8), []

    def produce(number):
        yield b"%d" % number
        start.wait()  # all have passed the early check by now

    def write(number):
        try:
            write_atomic(target, produce(number), overwrite=False)
            results.append(number)
        except BadInput:
            pass

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 1
    assert target.read_bytes() == b"%d" % results[0]
    assert only(target.parent) == ["picture.png"]


def test_without_links_a_failing_rename_leaves_nothing(target, monkeypatch):
    monkeypatch.setattr(os, "link", failing(OSError(errno.EPERM, "Operation not permitted")))
    monkeypatch.setattr(os, "replace", failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        write_atomic(target, b"new", overwrite=False)
    assert only(target.parent) == []


def test_another_error_of_link_is_told(target, monkeypatch):
    monkeypatch.setattr(os, "link", failing(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(FileProblem, match="Input/output error"):
        write_atomic(target, b"new", overwrite=False)
    assert only(target.parent) == []


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize("name", ["a" * 251 + ".png", "é" * 125 + ".png", "漢" * 83 + ".png"])
def test_the_longest_names_work(tmp_path, name, overwrite):
    write_atomic(tmp_path / name, b"new", overwrite=overwrite)
    assert only(tmp_path) == [name]


def test_a_name_that_is_too_long_is_refused_early(tmp_path):
    with pytest.raises(FileProblem, match=r"cannot be written \(File name too long\)"):
        check_writable_target(tmp_path / ("a" * 256))


def test_a_target_that_cannot_be_is_refused_early(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    cases = {
        tmp_path / "none" / "a.png": "does not exist; make it first",
        tmp_path / "file" / "a.png": "Not a directory",
        tmp_path / "folder": "it is a folder",
        tmp_path / "folder" / "..": "it is a folder",
    }
    for path, words in cases.items():
        for attempt in (check_writable_target, lambda path: write_atomic(path, b"new")):
            with pytest.raises(FileProblem) as caught:
                attempt(path)
            assert words in str(caught.value)
            assert str(path) in str(caught.value)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileProblem, match="no permission"):
        check_writable_target(tmp_path / "a.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_device_or_pipe_is_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/null"):
        with pytest.raises(FileProblem, match="not a regular file"):
            write_atomic(path, b"new")
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    assert only(tmp_path) == ["pipe"]


def test_checking_leaves_no_trace(tmp_path):
    check_writable_target(tmp_path / "a.png")
    check_writable_target(tmp_path / "a.png", overwrite=False)
    assert only(tmp_path) == []


def test_a_symbolic_link_is_replaced_not_followed(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "real").read_bytes() == b"old"
    assert (tmp_path / "link").read_bytes() == b"new"
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(BadInput, match="exists already"):
        check_writable_target(tmp_path / "dangling", overwrite=False)


def test_what_a_crash_leaves_can_be_found(tmp_path, monkeypatch):
    assert stale_temporaries(tmp_path) == []
    for name in (".hidden.tmp", "a.png", ".a.png.0123.tmp", ".a.png.0123456789abcdef.tmp"):
        (tmp_path / name).write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.unlink", failing(OSError(errno.EIO, "Input/output error")))
        for name in ("a.png", "b" * 255, "c\n.png"):
            with pytest.raises(ZeroDivisionError):
                write_atomic(tmp_path / name, pieces(ZeroDivisionError()))
    found = stale_temporaries(str(tmp_path))
    assert [path.name[:2] for path in found] == [".a", ".b", ".c"]
    assert all(path.read_bytes() == b"half" for path in found)


def test_a_folder_that_cannot_be_listed_is_a_file_problem(tmp_path):
    with pytest.raises(FileProblem, match="cannot be read"):
        stale_temporaries(tmp_path / "none")
