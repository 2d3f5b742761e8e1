"""Strict modes for every test: rank promotion raises, 64-bit leaks raise, hypothesis has no deadline."""

import os

import jax
import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

# Tests neither use nor fill the compiled programs of whoever runs them.
os.environ["ARTSTUDIO_CACHE"] = "off"

jax.config.update("jax_numpy_rank_promotion", "raise")


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
