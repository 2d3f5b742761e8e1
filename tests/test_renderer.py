"""What renderer 3 painted, painted again: data/renderer3.npz has its pixels for some two thousand recipes."""

import hashlib
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from reference_recipes import HEIGHT, WIDTH, combinations, presets, random_recipes
from selection import some

from artstudio import render

STORED = Path(__file__).parent / "data" / "renderer3.npz"
"""For each kind of recipes, by name: SHA-256 of the pixels, 8 bytes; and every tenth pixel of every tenth row."""

SETS = {"presets": presets, "combinations": combinations, "random": random_recipes}

IDENTICAL = {"presets": 1.0, "combinations": 0.995, "random": 0.9}
"""The share of pictures whose every bit must be the same; the others may differ by a level in few pixels."""


def digest(pixels):
    return np.frombuffer(hashlib.sha256(pixels.tobytes()).digest()[:8], np.uint64)[0]


def compared(kind, step=1, first=0):
    """Paint every `step`-th recipe: which are the same to the bit, and the stored pixels' differences, in levels."""
    with np.load(STORED) as stored:
        names, digests, samples = (stored[f"{kind} {part}"] for part in ("names", "digests", "samples"))
    where = {name: number for number, name in enumerate(names)}
    same, apart = [], []
    for name, recipe in islice(SETS[kind](), first, None, step):
        if name not in where:  # renderer 3 could not paint it
            continue
        pixels = render(recipe, width=WIDTH, height=HEIGHT)
        same.append(digest(pixels) == digests[where[name]])
        apart.append(np.abs(pixels[::10, ::10].astype(int) - samples[where[name]]))
    return np.array(same), np.array(apart)


def check(kind, same, apart):
    assert (apart > 1).mean() <= 1e-3  # another machine may round an edge's pixel the other way
    assert (apart > 0).mean() <= 0.01
    if made_here():
        assert same.mean() >= IDENTICAL[kind]


def made_here():
    """Whether this processor has the instructions of the one on which the pixels were stored."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="ascii").split())
    except OSError:
        return False
    return {"avx2", "fma"} <= flags and "avx512f" not in flags


@pytest.mark.parametrize(
    ("kind", "step"), some([("presets", 4), ("combinations", 64), ("random", 12)], {("presets", 4)})
)
def test_pictures_are_those_of_renderer_3(kind, step):
    check(kind, *compared(kind, step))


@pytest.mark.sweep
@pytest.mark.parametrize("kind", SETS)
def test_all_pictures_are_those_of_renderer_3(kind):
    check(kind, *compared(kind))


def test_the_comparison_can_fail():
    same, apart = compared("presets", 30)
    with pytest.raises(AssertionError):
        check("presets", same, apart + 2)
