"""Known functions within tapes: where a tape computes a sine step by step, one step that says `sin`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from artstudio.model.activation import special
from artstudio.tapes.trace import Tape, trace


@cache
def _waves() -> Mapping[str, Tape]:
    return {
        "sin": trace(lambda z: special.sine(z, np), (1,)),
        "cos": trace(lambda z: special.cosine(z, np), (1,)),
    }


def with_calls(tape: Tape) -> Tape:
    """Return a tape in which the sines and cosines of `special` are single steps, and nothing is left unused."""
    steps = [list(step) for step in tape["steps"]]
    for number in range(len(steps)):
        for name, pattern in _waves().items():
            found = _argument_of(pattern, {**tape, "steps": steps}, tape["inputs"] + number)
            if found is not None:
                steps[number] = [name, found]
    return _pruned({**tape, "steps": steps})


def _argument_of(pattern: Tape, tape: Tape, number: Any) -> Any:
    """Return the argument for which a pattern gives what step `number` gives; None where there is none."""
    bound: dict[int, Any] = {}

    def same(wanted: Any, given: Any) -> bool:
        if isinstance(wanted, list):
            return bool(wanted == given)
        if wanted in bound:
            return bool(bound[wanted] == given)
        if wanted > 0:  # a step of the pattern
            if isinstance(given, list) or given < tape["inputs"]:
                return False
            ours, theirs = pattern["steps"][wanted - 1], tape["steps"][given - tape["inputs"]]
            if ours[0] != theirs[0] or len(ours) != len(theirs) or not all(map(same, ours[1:], theirs[1:])):
                return False
        bound[wanted] = given
        return True

    return bound.get(0) if same(pattern["outputs"][0], number) else None


def _pruned(tape: Tape) -> Tape:
    inputs = tape["inputs"]
    needed: set[int] = set()
    stack = [output for output in tape["outputs"] if not isinstance(output, list)]
    while stack:
        number = stack.pop()
        if number >= inputs and number not in needed:
            needed.add(number)
            stack += [arg for arg in tape["steps"][number - inputs][1:] if not isinstance(arg, list)]
    renamed = {number: inputs + place for place, number in enumerate(sorted(needed))}

    def rename(argument: Any) -> Any:
        return argument if isinstance(argument, list) else renamed.get(argument, argument)

    return {
        "inputs": inputs,
        "steps": [[op, *map(rename, args)] for op, *args in (tape["steps"][n - inputs] for n in sorted(needed))],
        "outputs": [rename(output) for output in tape["outputs"]],
    }
