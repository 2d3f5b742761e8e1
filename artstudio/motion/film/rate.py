"""Frames per second as exact numbers: whole ones, and television's, which are whole ones times 1000/1001."""

from __future__ import annotations

from fractions import Fraction
from numbers import Real

from artstudio.errors import BadInput, shown

Rate = int | Fraction
"""Frames per second; a whole number is an int."""

MAX_FPS = 120

_TELEVISION = tuple(Fraction(1000 * whole, 1001) for whole in (24, 30, 48, 60, 120))
_MAX_PART = 120_000
"""The largest numerator and denominator: what television needs, and video files hold."""


def exact_rate(value: object) -> Rate:
    """Return frames a second as an exact number, of a number or its text. Raises `BadInput`.

    What people call 23.976 (or 23.98), 29.97, 47.95, 59.94 and 119.88 are television's rates.

    >>> exact_rate("29.97"), exact_rate("30000/1001"), exact_rate(12.5), exact_rate(25)
    (Fraction(30000, 1001), Fraction(30000, 1001), Fraction(25, 2), 25)
    """
    try:
        text = str(value) if isinstance(value, str | Real) and not isinstance(value, bool) else ""
        rate = Fraction(
            text if len(text) <= 40 and "e" not in text.lower() else ""
        )  # 1e999999999 would take for ever
    except (ValueError, ZeroDivisionError):
        raise BadInput(
            f"fps: expected frames a second such as 30, 29.97 or 30000/1001, found {shown(value)}"
        ) from None
    if not 1 <= rate <= MAX_FPS:
        raise BadInput(f"fps: expected 1 to {MAX_FPS} frames a second, found {shown(value)}")
    digits = len(text.partition(".")[2])
    if digits >= 2:
        rate = next((exact for exact in _TELEVISION if round(exact, digits) == rate), rate)
    if max(rate.numerator, rate.denominator) > _MAX_PART:
        raise BadInput(f"fps: expected a fraction of numbers up to {_MAX_PART}, found {shown(value)}")
    return rate.numerator if rate.denominator == 1 else rate


def rate_value(rate: Rate) -> int | str:
    """Return a rate as a JSON value that `exact_rate` reads: a number, or a text such as `30000/1001`."""
    return rate if isinstance(rate, int) else str(rate)
