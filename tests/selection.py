"""Which of a test's parameters run each time, and which in the long sweeps only."""

import pytest


def some(values, chosen):
    """All values as parameters: the chosen ones in every run, the others in the long sweeps."""
    return [value if value in chosen else pytest.param(value, marks=pytest.mark.sweep) for value in values]
