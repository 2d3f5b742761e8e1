"""Maps for those who texture: a picture's first output as a surface, as heights or as normals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import unknown
from artstudio.model.recipe import Recipe

Floats = NDArray[np.float32]

NO_MAP = "none"

RELIEF = 0.2
"""How high white stands above black, as a share of the picture's short side: normals are those of that surface."""


@dataclass(frozen=True)
class SurfaceMap:
    """A kind of map. `values(surface, short)` makes numbers from 0 to 1, (rows, width, channels).

    `surface` is what `engine.render.surface_bands` gives, of a picture whose short side has `short` pixels.
    """

    name: str
    summary: str
    mode: str
    """The channels, as Pillow names them."""
    values: Callable[[Floats, int], Floats]


def _heights(surface: Floats, short: int) -> Floats:
    return surface[..., :1]


def _normals(surface: Floats, short: int, green: float = 1.0) -> Floats:
    # The surface is z = RELIEF * short * height, in pixels; y points up here, and rows go down.
    rise = np.float32(RELIEF * short) * surface[..., 1:]
    normal = np.stack([-rise[..., 0], green * rise[..., 1], np.ones_like(rise[..., 0])], axis=-1)
    length = np.sqrt((normal * normal).sum(axis=-1, keepdims=True))
    found: Floats = 0.5 + 0.5 * normal / length
    return found


def _downward_normals(surface: Floats, short: int) -> Floats:
    return _normals(surface, short, -1.0)


_RECORDS = (
    SurfaceMap("height", "grey, white is high", "L", _heights),
    SurfaceMap("normal", "tangent space, green is up (OpenGL)", "RGB", _normals),
    SurfaceMap("normal-directx", "the same, green is down (DirectX)", "RGB", _downward_normals),
)

MAPS: Mapping[str, SurfaceMap] = MappingProxyType({record.name: record for record in _RECORDS})
"""The kinds of maps by name."""


def wanted_map(name: str | None, kept: SurfaceMap | None) -> SurfaceMap | None:
    """Return the kind of map of a name, none for `none`; without a name the one to be `kept`. Raises `BadInput`."""
    if name is None:
        return kept
    if name not in (*MAPS, NO_MAP):
        raise unknown("map", name, [*MAPS, NO_MAP])
    return MAPS.get(name)


def map_bands(recipe: Recipe, kind: SurfaceMap, *, bit_depth: int, **arguments: Any) -> Iterator[tuple[int, Any]]:
    """Yield a map's bands as `engine.render.render_bands` does: uint8 or uint16 (rows, width, channels)."""
    from artstudio.engine.painter import DEPTHS
    from artstudio.engine.render import surface_bands  # late: a refusal should not wait for JAX

    integer = DEPTHS[bit_depth]
    short = min(arguments["width"], arguments["height"])
    for first, surface in surface_bands(recipe, **arguments):
        yield first, np.rint(kind.values(surface, short) * np.iinfo(integer).max).astype(integer)
