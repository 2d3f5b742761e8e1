"""What a network is trained to show: a picture, a curve, or labelled points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kind = Literal["picture", "curve", "points"]


@dataclass(frozen=True, eq=False)
class Target:
    """Places on the canvas and what is wanted there.

    `x` and `y` are canvas coordinates, (places,). `values` are float32, (channels, places): sRGB in [0, 1] of a
    picture in reading order; a curve's values in [-1, 1]; for points 1 in the row of each point's class, else 0.
    """

    name: str
    """As it was asked for."""
    words: str
    """What it is, for captions."""
    kind: Kind
    x: Floats
    y: Floats
    values: NDArray[np.float32]
    shape: tuple[int, int] | None = None
    """Rows and columns of a picture."""

    @property
    def count(self) -> int:
        """The number of places."""
        return len(self.x)

    @property
    def channels(self) -> int:
        """The number of values at each place, and of the network's outputs."""
        return len(self.values)

    @property
    def pixels(self) -> NDArray[np.float32]:
        """A picture's pixels, sRGB in [0, 1], (rows, columns, 3)."""
        assert self.shape is not None
        return self.values.T.reshape(*self.shape, 3)

    def to_dict(self) -> dict[str, Any]:
        """Return what there is to say of it, as JSON values."""
        about: dict[str, Any] = {"name": self.name, "kind": self.kind, "places": self.count}
        if self.shape:
            about |= {"width": self.shape[1], "height": self.shape[0]}
        return about | ({"classes": self.channels} if self.kind == "points" else {})


def canvas_places(width: int, height: int) -> tuple[Floats, Floats]:
    """Return x and y of every pixel's centre in reading order, (width * height,) each.

    As the renderer has them: the short side spans [-1, 1], y points down.
    """
    short = min(width, height)
    x, y = ((2 * np.arange(side) + 1 - side) / short for side in (width, height))
    rows, columns = np.meshgrid(y, x, indexing="ij")
    return columns.ravel(), rows.ravel()


def picture_target(name: str, words: str, pixels: NDArray[Any]) -> Target:
    """Return a picture, sRGB in [0, 1], (rows, columns, 3), as a target."""
    height, width, _ = pixels.shape
    x, y = canvas_places(width, height)
    values = np.ascontiguousarray(pixels.reshape(-1, 3).T, np.float32)
    return Target(name, words, "picture", x, y, values, (height, width))
