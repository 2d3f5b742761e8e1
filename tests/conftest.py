"""Strict modes for every test: rank promotion raises, 64-bit leaks raise, hypothesis has no deadline."""

import os
import shutil
import tempfile

import jax
import pytest
from hypothesis import settings
from jax.experimental.compilation_cache import compilation_cache

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Tests neither use nor fill the compiled programs of whoever runs them.
os.environ["ARTSTUDIO_CACHE"] = "off"

jax.config.update("jax_numpy_rank_promotion", "raise")

PROGRAMS = "ARTSTUDIO_TEST_PROGRAMS"
"""The environment variable by which xdist's workers find the folder of compiled programs."""


def pytest_configure(config):
    """Compile each program once a run: JAX keeps it, for all workers, in a folder that goes with the run.

    Processes that tests start know nothing of it.
    """
    if not hasattr(config, "workerinput"):
        folder = os.environ[PROGRAMS] = tempfile.mkdtemp(prefix="artstudio-tests-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.02)
    jax.config.update("jax_compilation_cache_dir", os.environ[PROGRAMS])


@pytest.fixture(scope="module")
def compiled_anew():
    """Let JAX compile what this module asks for, instead of reading what was compiled before."""
    folder = jax.config.jax_compilation_cache_dir
    jax.config.update("jax_compilation_cache_dir", None)
    compilation_cache.reset_cache()
    yield
    jax.config.update("jax_compilation_cache_dir", folder)
    compilation_cache.reset_cache()


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
