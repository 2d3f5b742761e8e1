"""A command's process: standard streams that are full or closed, interrupts from the first moment, environments."""

import os
import signal
import subprocess
import sys
from threading import Event

import pytest
from selection import some

from artstudio.batch.interrupt import orderly_interrupt
from artstudio.cli import environment

COMMAND = f"{sys.executable} -m artstudio"
HOOK = """
import os, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == os.environ["INTERRUPT_AT"]:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
"""


def shell(folder, line, **variables):
    """Run a line of bash; without the JAX settings of the tests."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("JAX_")}
    encoding = variables.get("PYTHONIOENCODING", "utf-8").partition(":")[0]
    return subprocess.run(
        ["bash", "-c", line],
        env=known | variables,
        cwd=folder,
        capture_output=True,
        encoding=encoding,
        errors="replace",
    )


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize("words", ["activations", "palettes --json", "--help", "render -s 1 --size 8x8 -o -"])
def test_a_full_standard_output_is_one_line(tmp_path, words):
    result = shell(tmp_path, f"{COMMAND} {words} > /dev/full")
    assert result.returncode == 1
    assert result.stderr == "artstudio: standard output: cannot be written (No space left on device)\n"


def test_a_closed_standard_output_is_one_line(tmp_path):
    result = shell(tmp_path, f"{COMMAND} palettes >&-")
    assert result.returncode == 1
    assert result.stderr == "artstudio: standard output: cannot be written (Bad file descriptor)\n"


def test_a_closed_or_full_standard_error_stops_no_work(tmp_path):
    assert shell(tmp_path, f"{COMMAND} palettes 2>&- <&-").stdout.startswith("dusk")
    assert shell(tmp_path, f"{COMMAND} palettes --colours x 2>/dev/full").returncode == 2


def test_a_file_never_takes_the_place_of_a_closed_stream(tmp_path):
    result = shell(tmp_path, f"{COMMAND} render -s 1 --size 8x8 -o a.png >&- 2>&- <&-; file_rc=$?; exit $file_rc")
    assert result.returncode == 1  # its path could not be printed
    assert (tmp_path / "a.png").read_bytes().endswith(b"IEND\xaeB`\x82")


def test_a_reader_that_goes_away_is_no_failure(tmp_path):
    line = f"{COMMAND} palettes | head -1; exit ${{PIPESTATUS[0]}}"
    result = shell(tmp_path, line, PYTHONUNBUFFERED="1")
    assert result.returncode in (0, 141)
    assert result.stderr == ""


def test_a_file_name_that_is_no_text_is_printed_as_it_is(tmp_path):
    line = f"{COMMAND} render -s 1 --size 8x8 -o $'\\xff.png' | od -An -tx1"
    assert shell(tmp_path, line).stdout.split() == ["ff", "2e", "70", "6e", "67", "0a"]


@pytest.mark.parametrize("encoding", some(["ascii", "latin-1:strict", "utf-8"], {"ascii"}))
def test_any_encoding_of_the_output_will_do(tmp_path, encoding):
    result = shell(
        tmp_path, f"{COMMAND} activations; {COMMAND} info {chr(0x1F600)}.png", PYTHONIOENCODING=encoding
    )
    assert result.returncode == 1
    assert "cannot be read" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("module", ["click", "artstudio.errors", "artstudio.cli.streams", "artstudio.cli"])
def test_an_interrupt_while_it_starts_is_silent(tmp_path, module):
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    result = shell(tmp_path, f"{COMMAND} palettes", PYTHONPATH=path, INTERRUPT_AT=module)
    assert (result.returncode, result.stdout, result.stderr) == (130, "", "")


@pytest.mark.parametrize("module", ["artstudio.cli.making.render", "numpy", "pydantic", "jax", "jax._src.config"])
def test_an_interrupt_while_libraries_are_imported_is_no_traceback(tmp_path, module):
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    result = shell(tmp_path, f"{COMMAND} render -s 1 -o a.png", PYTHONPATH=path, INTERRUPT_AT=module)
    assert (result.returncode, result.stdout, result.stderr.strip()) == (130, "", "artstudio: interrupted")
    assert not (tmp_path / "a.png").exists()


def test_an_interrupt_that_the_shell_ignores_stays_ignored(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    result = shell(tmp_path, f"trap '' INT; {COMMAND} palettes", PYTHONPATH=path, INTERRUPT_AT="click")
    assert (result.returncode, result.stderr) == (0, "")


STARTS = {
    "JAX_DISABLE_JIT": "1",
    "JAX_ENABLE_X64": "maybe",
    "JAX_TRANSFER_GUARD": "disallow",
    "JAX_DEFAULT_DEVICE": "nonsense",
    "JAX_PLATFORMS": "cuda",
    "MPLBACKEND": "nonsense",
    "JAX_LOG_COMPILES": "1",
}


@pytest.mark.parametrize("name", some(STARTS, list(STARTS)[:1]))
def test_settings_of_other_libraries_do_not_stop_a_command(tmp_path, name):
    words = "plot -o a.svg" if name == "MPLBACKEND" else "evaluate tanh 0"
    result = shell(tmp_path, f"{COMMAND} {words}", **{name: STARTS[name]})
    assert result.returncode == 0
    assert result.stderr.count("\n") <= 1
    assert name in result.stderr or not result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("XLA_FLAGS", "--xla_no_such_flag=1"), ("XLA_FLAGS", "nonsense"), ("JAX_NUM_CPU_DEVICES", "x")],
)
def test_a_setting_that_jax_cannot_start_with_is_named(tmp_path, name, value):
    result = shell(tmp_path, f"{COMMAND} evaluate tanh 0", **{name: value})
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("artstudio: ")
    assert name in result.stderr
    assert result.stderr.count("\n") == 1


def test_flags_matter_to_commands_that_need_jax_only(tmp_path):
    assert shell(tmp_path, f"{COMMAND} palettes", XLA_FLAGS="nonsense").returncode == 0


@pytest.mark.sweep
def test_a_platform_that_is_not_there_is_replaced_by_the_cpu_and_named(tmp_path):
    result = shell(tmp_path, f"{COMMAND} render -s 1 --size 8x8 --device cpu -o a.png", JAX_PLATFORMS="nonsense")
    assert (result.returncode, result.stdout) == (0, "a.png\n")
    assert result.stderr.startswith("artstudio: JAX_PLATFORMS: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.sweep
def test_a_folder_that_cannot_be_written_into_keeps_nothing_from_working(tmp_path):
    nowhere = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "TMPDIR", "MPLCONFIGDIR", "ARTSTUDIO_CACHE"), "/proc/none")
    for words in ("render -s 1 --size 8x8 -o a.png", "plot tanh -o a.svg"):
        result = shell(tmp_path, f"{COMMAND} {words}", **nowhere)
        assert result.returncode == 0
        assert result.stderr.count("\n") <= 3


@pytest.mark.sweep
def test_folders_of_libraries_are_not_made_in_the_current_one(tmp_path):
    result = shell(tmp_path, f"{COMMAND} plot tanh -o a.svg", XDG_CACHE_HOME="cache", XDG_CONFIG_HOME="x", HOME="")
    assert (result.returncode, result.stderr) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]


def test_what_says_where_to_compute_is_kept(monkeypatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    for name in list(os.environ):
        if name.startswith("JAX_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("JAX_PLATFORMS", "cpu")
    monkeypatch.setenv("JAX_DEBUG_NANS", "1")
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    environment.prepare()
    assert [name for name in os.environ if name.startswith(("JAX_", "MPL"))] == ["JAX_PLATFORMS"]


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals_that_ask_for_an_end_are_orderly_interrupts_unless_they_are_ignored(name):
    number, stop = getattr(signal, name), Event()
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), orderly_interrupt(stop):
        signal.raise_signal(number)
    assert stop.is_set()
    try:
        signal.signal(number, signal.SIG_IGN)
        with orderly_interrupt(Event()):
            signal.raise_signal(number)
    finally:
        signal.signal(number, before)


def test_sigint_is_as_before_for_those_who_call_the_library():
    before = signal.getsignal(signal.SIGINT)
    from artstudio.__main__ import main

    main(["--version"])
    assert signal.getsignal(signal.SIGINT) is before
