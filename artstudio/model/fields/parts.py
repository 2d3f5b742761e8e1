"""The nested parts of a recipe: view, random Fourier features, domain warp, finish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from artstudio.model.fields.record import Control, Draw, Record
from artstudio.model.fields.strict import Given, Strict, as_tuple, usual

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Number = Annotated[float, AfterValidator(lambda value: value + 0.0)]
"""A float without a negative zero, so that equal recipes have equal JSON."""

Coordinate = Annotated[Number, Field(ge=-100, le=100)]
"""In canvas units: the short side spans [-1, 1]."""


class View(Strict):
    """Where the canvas looks: `centre` (x, y) in canvas units, `zoom` factor, `rotation` in degrees.

    Coordinates are float32, so detail ends at a zoom of about 10^5 around the centre.
    """

    called = "view"

    centre: Annotated[Given[Sequence[float], tuple[Coordinate, Coordinate]], BeforeValidator(as_tuple), Record(
        "The point in the middle of the picture.", metavar="X,Y", spelling="--center",
        control=Control("View", "Centre", -2, 2, digits=3, kind="pair"))] = usual((0.0, 0.0))  # fmt: skip
    zoom: Annotated[Number, Field(ge=0.01, le=10**6), Record(
        "Magnification, {least} to {most}.", sweeps=True, is_factor=True,
        control=Control("View", "Zoom", 0.1, 100, digits=3, log=True))] = 1.0  # fmt: skip
    rotation: Annotated[Number, Field(ge=-360, le=360), Record(
        "Rotation of the view in degrees.", sweeps=True, is_angle=True,
        control=Control("View", "Rotation", -180, 180, digits=1, unit="°"))] = 0.0  # fmt: skip

    @property
    def transform(self) -> NDArray[np.float64]:
        """The view as a matrix, float64 (2, 3): [x, y, 1] on the canvas -> coordinates."""
        import numpy as np  # late: listings need no array library

        angle = np.deg2rad(self.rotation)
        c, s = np.cos(angle) / self.zoom, np.sin(angle) / self.zoom
        x, y = self.centre
        return np.array([[c, -s, x], [s, c, y]])


class Fourier(Strict):
    """Random Fourier features: `count` waves of random direction and length, added to the inputs.

    `scale` is their typical number of periods over the short side of the canvas.
    """

    called = "fourier"

    count: Annotated[int, Field(ge=0, le=64), Record(
        "Random waves as further inputs, up to {most}.", word="fourier", metavar="N", sweeps=True,
        control=Control("Space", "Random waves", 0, 32))] = 0  # fmt: skip
    scale: Annotated[Number, Field(ge=0.05, le=20), Record(
        "Their periods over the canvas, {least} to {most}.", word="fourier_scale", metavar="S", sweeps=True,
        control=Control("Space", "Their fineness", 0.1, 10, digits=2, log=True))] = 1.0  # fmt: skip


class Warp(Strict):
    """The domain warp: `amount` is the deviation of the shift in canvas units, `scale` how fine its bends are."""

    called = "warp"

    amount: Annotated[Number, Field(ge=0, le=4), Record(
        "Bend the coordinates with a second network, {least} to {most}.", word="warp", metavar="A", sweeps=True,
        control=Control("Space", "Warp", 0, 2, digits=2), draw=Draw("space", (0, 0, 0, 0.3, 0.6)))] = 0.0  # fmt: skip
    scale: Annotated[Number, Field(ge=0.05, le=20), Record(
        "How fine the bends are, {least} to {most}.", word="warp_scale", metavar="S", sweeps=True, is_factor=True,
        control=Control("Space", "Its fineness", 0.1, 10, digits=2, log=True))] = 1.0  # fmt: skip


class Finish(Strict):
    """What is done to the picture after the network; all of it is off by default.

    `bands` posterises the outputs (0 or 2 to 64 levels), `contours` draws up to 64 lines of equal output,
    `relief` (0 to 1) lights the first output as a landscape, `dither` adds noise of one level before rounding.
    """

    called = "finish"

    bands: Annotated[int, Field(ge=0, le=64), Record(
        "Posterise into N bands, 2 to {most}; 0 for none.", metavar="N", sweeps=True, zero_is_off=True, barred=1,
        control=Control("Finish", "Bands", 0, 24))] = 0  # fmt: skip
    contours: Annotated[int, Field(ge=0, le=64), Record(
        "Draw N contour lines, up to {most}.", metavar="N", sweeps=True, zero_is_off=True,
        control=Control("Finish", "Contours", 0, 32))] = 0  # fmt: skip
    relief: Annotated[Number, Field(ge=0, le=1), Record(
        "Light the picture as a landscape, {least} to {most}.", metavar="SHARE", sweeps=True,
        control=Control("Finish", "Relief", 0, 1, digits=2))] = 0.0  # fmt: skip
    dither: Annotated[bool, Record(
        "Add noise of one level before rounding, so that soft gradients show no bands.",
        control=Control("Finish", "Dither"))] = False  # fmt: skip

    @property
    def needs_slopes(self) -> bool:
        """Whether it looks at how steeply the first output changes."""
        return self.contours > 0 or self.relief > 0

    @field_validator("bands")
    @classmethod
    def _bands(cls, value: int) -> int:
        if value == 1:
            raise ValueError("expected 0 (off) or 2 to 64, found 1")
        return value
