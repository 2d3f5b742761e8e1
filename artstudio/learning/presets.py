"""Trainings that each show one thing about activation functions, as the studio's learn mode offers them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class LearningPreset:
    """Activations, a target and settings under which something is plain to see. A test trains each of them."""

    title: str
    claim: str
    """What is seen, in one or two sentences."""
    target: str
    activations: tuple[str, ...]
    optimiser: str = "sgd"
    rate: float
    init: str = "natural"
    units: int = 8
    depth: int = 2
    seed: int = 1


PRESETS: Mapping[str, LearningPreset] = MappingProxyType(
    {
        "bend": LearningPreset(
            title="XOR needs a bend",
            claim="Straight layers, one after the other, are one straight layer, and no straight line parts these"
            " points. An activation that bends does.",
            target="xor", activations=("identity", "tanh", "relu"), rate=0.3,
        ),
        "step": LearningPreset(
            title="Step cannot learn",
            claim="Its loss falls, for the read-out learns. But its slope is 0: no gradient reaches the hidden"
            " layers, and they stay as they were drawn.",
            target="spiral", activations=("step", "tanh", "relu"), rate=0.1,
        ),
        "vanishing": LearningPreset(
            title="Vanishing",
            claim="Sigmoid's slope is at most a quarter, in each of five layers: hardly any gradient is left for the"
            " first. Its loss stays where guessing has it, while tanh and ReLU learn.",
            target="xor", activations=("sigmoid", "tanh", "relu"), rate=0.3, depth=5,
        ),
        "kill": LearningPreset(
            title="Kill a ReLU",
            claim="Large steps push ReLU units to where their slope is 0 for all points: they are dead, and nothing"
            " moves them again. Leaky ReLU has a slope everywhere.",
            target="circle", activations=("relu", "leaky_relu"), rate=3.0, seed=3,
        ),
        "adam": LearningPreset(
            title="Adam to the rescue",
            claim="The network of \u201cVanishing\u201d, but Adam divides each gradient by its usual size: even"
            " sigmoid's small ones make full steps, and it learns.",
            target="xor", activations=("sigmoid", "tanh", "relu"), optimiser="adam", rate=0.01, depth=5,
        ),
    }
)  # fmt: skip
"""By the name that the studio's address has for them."""
