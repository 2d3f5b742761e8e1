"""How to train: checked values, with the usual ones for each kind of target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from artstudio.errors import BadInput, unknown
from artstudio.learning.start import check_init
from artstudio.learning.targets.target import Kind
from artstudio.model.fields.strict import checked
from artstudio.model.initialisation import NATURAL

OPTIMISERS = ("adam", "sgd", "momentum")

RATES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "adam": (0.001, 0.003, 0.01, 0.03, 0.1),
        "sgd": (0.03, 0.1, 0.3, 1.0, 3.0),
        "momentum": (0.003, 0.01, 0.03, 0.1, 0.3),
    }
)
"""The learning rates that are tried for each activation where none is given, by optimiser."""

DECAY: Mapping[str, float] = MappingProxyType({"adam": 0.1, "sgd": 1.0, "momentum": 1.0})
"""What the learning rate is multiplied by over the whole training, falling exponentially."""

MAX_STEPS, MAX_UNITS, MAX_DEPTH = 100_000, 128, 40


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How every network is trained; made by `settings_for`."""

    seed: int
    """Of the raw weights, the order of the data, and the points where the target has some."""
    units: int
    depth: int
    features: tuple[str, ...]
    fourier: int
    fourier_scale: float
    init: str
    optimiser: str
    rate: float | None
    """The learning rate of all; None where each gets the best of `RATES`."""
    steps: int
    batch: int
    """Places in each step; all where there are no more."""
    straight_through: bool
    """Whether activations without a slope get a stand-in for it in training."""

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return asdict(self) | {"features": list(self.features)}


_USUAL: Mapping[Kind, Mapping[str, Any]] = MappingProxyType(
    {
        "picture": {"units": 32, "depth": 6, "steps": 1000, "batch": 2048, "optimiser": "adam",
                    "features": ("x", "y", "r")},
        "curve": {"units": 32, "depth": 3, "steps": 1000, "batch": 256, "optimiser": "adam", "features": ("x",)},
        "points": {"units": 16, "depth": 3, "steps": 1000, "batch": 400, "optimiser": "sgd",
                   "features": ("x", "y")},
    }
)  # fmt: skip


@checked
def settings_for(
    kind: Kind,
    *,
    seed: int = 1,
    units: int | None = None,
    depth: int | None = None,
    features: tuple[str, ...] | None = None,
    fourier: int = 0,
    fourier_scale: float = 1.0,
    init: str = NATURAL,
    optimiser: str | None = None,
    rate: float | None = None,
    steps: int | None = None,
    batch: int | None = None,
    straight_through: bool = False,
) -> Settings:
    """Return the settings for a kind of target, with its usual ones for those that are None. Raises `BadInput`.

    Those of the recipe, such as features, are checked where recipes are made of them.
    """
    given = {"units": units, "depth": depth, "features": features, "optimiser": optimiser, "steps": steps,
             "batch": batch}  # fmt: skip
    chosen: dict[str, Any] = {
        name: _USUAL[kind][name] if value is None else value for name, value in given.items()
    }
    if chosen["optimiser"] not in OPTIMISERS:
        raise unknown("optimiser", chosen["optimiser"], OPTIMISERS)
    check_init(init)
    most = {"units": MAX_UNITS, "depth": MAX_DEPTH, "steps": MAX_STEPS, "batch": 1 << 16}
    for name, largest in most.items():
        if not 1 <= chosen[name] <= largest:
            raise BadInput(f"{name}: expected 1 to {largest}, found {chosen[name]}")
    if rate is not None and not 0 < rate <= 1000:
        raise BadInput(f"lr: expected a learning rate above 0, up to 1000, or auto, found {rate:g}")
    return Settings(
        seed=seed, fourier=fourier, fourier_scale=fourier_scale, init=init, rate=rate,
        straight_through=straight_through, **chosen,
    )  # fmt: skip
