"""What a picture's file has besides its painted pixels: a sheet of paper, a transparent ground, another profile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from artstudio.errors import BadInput
from artstudio.files.encode import Format
from artstudio.files.printing.conversion import Conversion
from artstudio.files.printing.sheet import SHEET_KEY, sheet_text
from artstudio.files.printing.space import NUMBERS, Space
from artstudio.files.vector.formats import VectorFormat
from artstudio.model.recipe import Recipe
from artstudio.model.size import EDGE_SAMPLES, MAX_SIDE
from artstudio.paper import Sheet
from artstudio.pictures.maps import SurfaceMap, map_bands


@dataclass(frozen=True)
class Prepress:
    """How painted pixels become those of a file; the default is as painted, opaque, of no size on paper."""

    sheet: Sheet | None = None
    ground: str = ""
    """The colour that is transparent, `#rrggbb`; empty where all is opaque."""
    conversion: Conversion | None = None
    map: SurfaceMap | None = None
    """What is painted in place of colours, where something is."""

    def space(self, recipe: Recipe) -> Space:
        """Return the colour space of the file's samples."""
        if self.map:
            return NUMBERS
        return self.conversion.space if self.conversion else recipe.space

    @property
    def mode(self) -> str:
        """The channels of the file's samples, as Pillow names them."""
        if self.map:
            return self.map.mode
        return self.conversion.space.mode if self.conversion else "RGBA" if self.ground else "RGB"

    @property
    def channels(self) -> int:
        """Samples a pixel."""
        return len(self.mode)

    @property
    def changes_pixels(self) -> bool:
        """Whether the file's pixels are others than those painted."""
        return bool(self.ground or self.conversion or self.map)

    @property
    def texts(self) -> dict[str, str]:
        """The texts to embed besides the recipe."""
        return {SHEET_KEY: sheet_text(self.sheet)} if self.sheet else {}

    @property
    def record(self) -> dict[str, str]:
        """What a file's record of how it was rendered says of it; the profile itself is in the file."""
        ground = {"alpha": self.ground} if self.ground else {}
        surface = {"map": self.map.name} if self.map else {}
        return ground | surface | ({"intent": self.conversion.intent} if self.conversion else {})

    def to_dict(self) -> dict[str, Any]:
        """Return everything that is not as usual as JSON values."""
        conversion = self.conversion
        sheet = {"sheet": self.sheet.numbers} if self.sheet else {}
        ground = {"alpha": self.ground} if self.ground else {}
        profile = {"profile": conversion.name, "intent": conversion.intent} if conversion else {}
        surface = {"map": self.map.name} if self.map else {}
        return {**sheet, **ground, **profile, **surface}

    def check(self, format: Format | VectorFormat, width: int, height: int, bits: int, supersample: int) -> None:
        """Refuse, before any work is done, what the format cannot hold. Raises `BadInput`."""
        if self.conversion and self.ground:
            raise BadInput("profile: a converted picture is opaque; leave --alpha out")
        if self.map:
            if self.ground or self.conversion:
                raise BadInput(f"map: a map has no colours; leave {'--alpha' if self.ground else '--profile'} out")
            if isinstance(format, VectorFormat) or "L" not in format.modes:
                raise BadInput(f"map: {format.name} cannot hold maps; choose a file that ends in .png or .tif")
        if isinstance(format, VectorFormat):
            if self.conversion:
                raise BadInput(f"profile: {format.name} keeps the colours painted; choose a .tif or .jpg file")
            return
        format.check_mode(self.mode, "map" if self.map else "alpha" if self.ground else "profile")
        if self.conversion and bits != 8:
            raise BadInput(f"profile: expected 8 bits a sample, found {bits}; add --bit-depth 8")
        samples = supersample or EDGE_SAMPLES
        if self.ground and max(width, height) * samples > MAX_SIDE:
            limit = MAX_SIDE // samples
            raise BadInput(f"alpha: expected at most {limit} pixels a side at {samples}x{samples} samples a pixel")

    def bands(self, recipe: Recipe, **arguments: Any) -> Iterator[tuple[int, Any]]:
        """Yield a picture's bands as `engine.render.render_bands` does, in the file's colour space."""
        from artstudio.engine.render import render_bands  # late: a refusal should not wait for JAX

        if self.map:
            yield from map_bands(recipe, self.map, **arguments)
            return
        if self.ground:
            from artstudio.pictures.cutout import cutout_bands

            yield from cutout_bands(recipe, self.ground, **arguments)
            return
        for first, band in render_bands(recipe, **arguments):
            yield first, self.conversion.convert(band) if self.conversion else band


PLAIN = Prepress()
"""What pictures have unless something is asked for."""
