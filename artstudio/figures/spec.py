"""What is asked of a plot of activation functions, checked before any work is done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from artstudio.errors import BadInput, clip, unknown
from artstudio.figures.style.theme import Size, Theme, find_size, find_theme
from artstudio.model.fields.strict import checked

LAYOUTS = ("overlay", "grid", "stacked")

FARTHEST = 1000.0
"""The largest |z| of a plot: up to here float32 tells where in its period a wave stands."""

MOST_CURVES, MOST_CELLS, MOST_POINTS = 12, 48, 3
"""In one panel; in a grid; and points that are marked on one curve."""


@dataclass(frozen=True, kw_only=True)
class PlotSpec:
    """How to plot; made by `plot_spec`."""

    layout: str
    theme: Theme
    size: Size
    z_range: tuple[float, float]
    own_ranges: bool
    """Whether each panel of a grid has the range that shows its function best."""
    derivative: bool
    saturation: bool
    at: tuple[float, ...]


@checked
def plot_spec(
    count: int, *, layout: str | None = None, theme: str = "light", size: str = "slide",
    z_range: str | tuple[float, float] | None = None, usual: tuple[float, float] = (-5.0, 5.0),
    derivative: bool = True, saturation: bool = False,
    at: Sequence[float] = (),
) -> PlotSpec:  # fmt: skip
    """Return the spec of a plot of `count` activations. Raises `BadInput`.

    Without a layout, up to four share a panel (side by side on a wide page, above each other on a narrow one),
    and more get a panel each. Without a range it is the `usual` one; in a grid each has its own.
    """
    found = find_size(size)
    if layout is None:
        layout = "grid" if count > 4 else "stacked" if found.portrait else "overlay"
    if layout not in LAYOUTS:
        raise unknown("layout", layout, LAYOUTS)
    low, high = parse_range(z_range) if isinstance(z_range, str) else check_range(*(z_range or usual))
    for z in at:
        if not low <= z <= high:
            raise BadInput(f"at: expected a z within the range {low:g}:{high:g}, found {z:g}")
    most = MOST_CELLS if layout == "grid" else MOST_CURVES
    if count > most:
        advice = "choose fewer" if layout == "grid" else "choose the grid layout"
        raise BadInput(f"{layout}: expected at most {most} activations, found {count}; {advice}")
    if len(at) > MOST_POINTS:
        raise BadInput(f"at: expected at most {MOST_POINTS} points, found {len(at)}")
    return PlotSpec(
        layout=layout, theme=find_theme(theme), size=found, z_range=(low, high), own_ranges=z_range is None,
        derivative=derivative, saturation=saturation, at=tuple(at),
    )  # fmt: skip


def parse_range(text: str) -> tuple[float, float]:
    """Read `-5:5` or `-5,5`. Raises `BadInput`."""
    try:
        low, high = map(float, text.replace(",", ":").split(":"))
    except ValueError:
        raise BadInput(f"range: expected two numbers such as -5:5, found {clip(repr(text))}") from None
    return check_range(low, high)


def check_range(low: float, high: float) -> tuple[float, float]:
    """Return the range of z if it can be drawn. Raises `BadInput`."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise BadInput(f"range: expected finite numbers, found {low:g}:{high:g}")
    if not low < high:
        raise BadInput(f"range: expected the lower end first, found {low:g}:{high:g}")
    if high - low < 0.001:
        raise BadInput(f"range: expected a width of at least 0.001, found {low:g}:{high:g}")
    if max(abs(low), abs(high)) > FARTHEST:
        raise BadInput(f"range: expected ends from -{FARTHEST:g} to {FARTHEST:g}, found {low:g}:{high:g}")
    return low, high
