"""Labelled points: the two-dimensional problems that textbooks draw, computed from their definitions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, shown
from artstudio.learning.targets.target import Floats, Target

COUNT = 400
"""Points, shared evenly among the classes."""

MOST_CLASSES = 7
"""As many as the colour model `mixture` has colours for."""

Random = np.random.Generator
Labels = NDArray[np.intp]


def _xor(random: Random) -> tuple[Floats, Floats, Labels]:
    # Balanced: as many points in each quadrant, kept off the axes so that they can be told apart.
    x, y = random.uniform(0.05, 0.95, (2, COUNT))
    quadrant = np.arange(COUNT) % 4
    right, low = quadrant % 2, quadrant // 2
    return x * (2 * right - 1), y * (2 * low - 1), (right + low) % 2


def _circle(random: Random) -> tuple[Floats, Floats, Labels]:
    label = np.arange(COUNT) % 2
    # Evenly over the disc and over the ring around it.
    inner, outer = np.where(label, 0.62, 0.0), np.where(label, 0.95, 0.48)
    radius = np.sqrt(random.uniform(inner**2, outer**2))
    angle = random.uniform(0, 2 * np.pi, COUNT)
    return radius * np.cos(angle), radius * np.sin(angle), label


def _moons(random: Random) -> tuple[Floats, Floats, Labels]:
    label = np.arange(COUNT) % 2
    angle = random.uniform(0, np.pi, COUNT)
    x = np.where(label, 0.5 - np.cos(angle), -0.5 + np.cos(angle)) * 0.6
    y = np.where(label, -0.25 + np.sin(angle), 0.25 - np.sin(angle)) * 0.6
    return (*np.stack([x, y]) + random.normal(0, 0.05, (2, COUNT)), label)


def _spiral(random: Random) -> tuple[Floats, Floats, Labels]:
    label = np.arange(COUNT) % 2
    along = np.sqrt(random.uniform(0.02, 1, COUNT))
    angle = 1.5 * 2 * np.pi * along * 0.75 + np.pi * label
    x, y = 0.9 * along * np.cos(angle), 0.9 * along * np.sin(angle)
    return (*np.stack([x, y]) + random.normal(0, 0.02, (2, COUNT)), label)


def _blobs(classes: int) -> Callable[[Random], tuple[Floats, Floats, Labels]]:
    def draw(random: Random) -> tuple[Floats, Floats, Labels]:
        label = np.arange(COUNT) % classes
        angle = 2 * np.pi * label / classes - np.pi / 2
        noise = random.normal(0, 0.14, (2, COUNT))
        return 0.62 * np.cos(angle) + noise[0], 0.62 * np.sin(angle) + noise[1], label

    return draw


POINTS: Mapping[str, Callable[[Random], tuple[Floats, Floats, Labels]]] = MappingProxyType(
    {"xor": _xor, "circle": _circle, "moons": _moons, "spiral": _spiral, "blobs": _blobs(3)}
)
"""The problems by name; each draws x, y and the number of each point's class. `blobs:N` has N classes."""


def points_target(name: str, seed: int) -> Target:
    """Return labelled points by their name; `seed` draws them. Raises `BadInput` for `blobs` of too many classes."""
    kind, _, text = name.partition(":")
    draw = POINTS[kind]
    if text or kind != name:
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        if kind != "blobs" or not 2 <= number <= MOST_CLASSES:
            takes = f"expected blobs:N with N from 2 to {MOST_CLASSES}" if kind == "blobs" else f"expected {kind}"
            raise BadInput(f"target: {takes}, found {shown(name)}")
        draw = _blobs(number)
    x, y, label = draw(np.random.Generator(np.random.PCG64(seed)))
    values = (np.arange(label.max() + 1)[:, None] == label).astype(np.float32)
    return Target(name, f"{len(label)} points in {len(values)} classes", "points", x, y, values)
