"""Strict modes for every test: rank promotion raises, 64-bit leaks raise, hypothesis has no deadline."""

import os
import shutil
import signal
import tempfile

import jax
import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

jax.config.update("jax_numpy_rank_promotion", "raise")

PROGRAMS = "ARTSTUDIO_TEST_PROGRAMS"
"""The environment variable by which xdist's workers find the folder of compiled programs."""


def pytest_configure(config):
    """Compile each program once a run: tests, workers and the processes that they start share a folder for them.

    It goes with the run. Tests neither use nor fill the folder of whoever runs them.
    """
    # A shell that starts the tests in the background has signals ignored, by the commands under test, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if not hasattr(config, "workerinput"):
        folder = os.environ[PROGRAMS] = tempfile.mkdtemp(prefix="artstudio-tests-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["ARTSTUDIO_CACHE"] = os.environ[PROGRAMS]
    os.environ["ARTSTUDIO_COMPILE_AHEAD"] = "off"


@pytest.fixture
def run_cli(capfd, monkeypatch, tmp_path):
    """Run the command line in an empty folder: call with arguments, get (exit code, stdout, stderr)."""
    from artstudio.__main__ import main

    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def painted_in_strips(monkeypatch):
    """Render as usual, but in strips of so many pixels."""
    import artstudio.engine.render as renderer

    def paint(recipe, strip, **options):
        with monkeypatch.context() as patch:
            patch.setattr(renderer, "strip_range", lambda units: (strip, strip))
            return renderer.render(recipe, **options)

    return paint
