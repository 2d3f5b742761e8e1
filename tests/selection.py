"""Which of a test's parameters run each time, and which in the long sweeps only."""

import pytest


def some(values, chosen):
    """All values, or tuples of values, as parameters: the chosen ones in every run, the others in the long sweeps."""

    def parameter(value):
        marks = () if value in chosen else pytest.mark.sweep
        return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=marks)

    return [parameter(value) for value in values]
