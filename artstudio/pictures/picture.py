"""Pictures that say how they were made: save one with its recipe, read the recipe back, verify the pixels."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artstudio.errors import BadInput, shown
from artstudio.files.atomic import write_atomic
from artstudio.files.encode import Format, format_for
from artstudio.files.info import LOOP_KEY, FileInfo
from artstudio.files.pillow import pillow_profile
from artstudio.files.png.write import Pixels, bit_depth, pixel_hash
from artstudio.files.printing.conversion import Conversion
from artstudio.files.printing.sheet import sheet_of
from artstudio.files.read import read_file_info
from artstudio.files.source import opened
from artstudio.files.vector.drawing import is_colour
from artstudio.files.vector.size import SIZE_KEY
from artstudio.model.fields.documents import read_json
from artstudio.model.fields.strict import checked
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO
from artstudio.pictures.maps import MAPS
from artstudio.pictures.prepress import PLAIN, Prepress
from artstudio.version import RENDERER, VERSION

RECIPE_KEY = "artstudio:recipe"
RENDER_KEY = "artstudio:render"
PLOTTER_KEY = "artstudio:plotter"


@dataclass(frozen=True)
class PictureInfo:
    """What a picture or a loop says of itself."""

    path: Path
    format: str
    """The name of the file's format, whatever its suffix is."""
    width: int
    height: int
    recipe: Recipe
    bits: int
    """Bits a sample, 8 or 16."""
    supersample: int
    renderer: int
    software: str
    title: str
    pixels: str = ""
    """The hash of the pixels as they were rendered; a loop has none."""
    loop: Mapping[str, Any] | None = None
    """Of a loop, what moves; with `seconds` and `fps`."""
    prepress: Prepress = PLAIN
    """The sheet, the transparent ground, the profile."""

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "path": str(self.path),
            "format": self.format,
            "width": self.width,
            "height": self.height,
            "title": self.title,
            "software": self.software,
            "renderer": self.renderer,
            "bit_depth": self.bits,
            "supersample": self.supersample,
            "pixels": self.pixels,
            "digest": self.recipe.digest,
            "recipe": self.recipe.to_dict(),
            **self.prepress.to_dict(),
            **({"loop": dict(self.loop)} if self.loop else {}),
        }


def encode_picture(
    pixels: Pixels,
    recipe: Recipe,
    supersample: int,
    format: Format,
    title: str = "",
    prepress: Prepress = PLAIN,
) -> bytes:
    """Encode pixels, uint8 or uint16 (H, W, C), together with the recipe, the software's version and the hash.

    They are in the colour space of `prepress`. Raises `BadInput` for pixels that the format cannot hold.
    """
    text = picture_texts(recipe, supersample, title, pixel_hash(pixels), prepress)
    return format.encode(pixels, text, prepress.space(recipe))


def picture_texts(
    recipe: Recipe, supersample: int, title: str, pixels: str, prepress: Prepress = PLAIN
) -> dict[str, str]:
    """Return what is embedded in a picture, by keyword; `pixels` is their hash."""
    about = {"renderer": RENDERER, "supersample": supersample, "pixels": pixels, **prepress.record}
    text = {"Title": title} if title else {}
    return (
        text
        | prepress.texts
        | {
            "Software": f"artstudio {VERSION}",
            RECIPE_KEY: recipe.to_json(),
            RENDER_KEY: json.dumps(about, sort_keys=True, separators=(",", ":")),
        }
    )


def drawing_texts(
    recipe: Recipe, size: tuple[int, int], title: str, plotter: str, prepress: Prepress = PLAIN
) -> dict[str, str]:
    """Return what is embedded in a drawing of so many pixels; `plotter` says how a plotter's sheet was made."""
    text = picture_texts(recipe, AUTO, title, "", prepress) | {SIZE_KEY: f"{size[0]}x{size[1]}"}
    return text | ({PLOTTER_KEY: plotter} if plotter else {})


@checked
def save(
    path: str | Path,
    pixels: Pixels,
    recipe: Recipe,
    *,
    supersample: int = AUTO,
    title: str = "",
    overwrite: bool = False,
) -> None:
    """Write pixels with their recipe to `path`; its suffix says the format (.png, .jpg, .webp, .avif, .tif).

    `supersample` is what the pixels were rendered with, by default automatic. The file appears whole or not
    at all. Raises `BadInput` for an unknown suffix or, without `overwrite`, an existing file; `FileProblem`
    otherwise.
    """
    path = Path(path)
    format = format_for(path)
    format.check_size(pixels.shape[1], pixels.shape[0])
    format.check_depth(bit_depth(pixels))
    write_atomic(path, encode_picture(pixels, recipe, supersample, format, title), overwrite=overwrite)


def read_info(path: str | Path) -> PictureInfo:
    """Read what a picture or loop made here says of itself; its pixels are not decoded.

    Raises `BadInput` for a file that does not say it, `FileProblem` where it cannot be read.
    """
    path = Path(path)
    format, file = read_file_info(path)
    if LOOP_KEY in file.text:
        return _loop_info(path, format.name, file)
    if RECIPE_KEY not in file.text:
        raise BadInput(f"{path}: expected a picture or loop made by artstudio, found one without a recipe")
    recipe = Recipe.from_json(file.text[RECIPE_KEY], f"{path}: recipe")
    about = _render_record(path, file.text.get(RENDER_KEY, ""))
    return PictureInfo(
        path=path,
        format=format.name,
        width=file.width,
        height=file.height,
        recipe=recipe,
        bits=16 if file.bits == 16 else 8,  # 1 to 4 where another program made a colour table
        supersample=about["supersample"],
        renderer=about["renderer"],
        software=file.text.get("Software", ""),
        title=file.text.get("Title", ""),
        pixels=about["pixels"],
        prepress=_prepress(path, format, file, about, recipe),
    )


def _prepress(path: Path, format: object, file: FileInfo, about: Mapping[str, Any], recipe: Recipe) -> Prepress:
    """Return the sheet, the ground and the profile that a file states; the profile is the file's own."""
    ground, intent = about.get("alpha", ""), about.get("intent", "")
    if not isinstance(intent, str) or not (ground == "" or is_colour(ground)):
        raise BadInput(f"{path}: expected a colour and an intent, found {shown((ground, intent))}")
    surface = about.get("map", "")
    if surface and surface not in MAPS:
        raise BadInput(f"{path}: expected a kind of map, found {shown(surface)}")
    conversion = None
    if intent and isinstance(format, Format):
        with opened(path) as (stream, name):
            profile = pillow_profile(format.decoder, stream, name)
        conversion = Conversion(profile, intent, recipe.space.icc)
    return Prepress(sheet_of(file.text), ground, conversion, MAPS[surface] if surface else None)


def _loop_info(path: Path, format: str, file: FileInfo) -> PictureInfo:
    kinds = {"software": str, "renderer": int, "recipe": dict, "loop": dict}
    about = _record(path, file.text[LOOP_KEY], kinds, "of how the loop was made")
    return PictureInfo(
        path=path,
        format=format,
        width=file.width,
        height=file.height,
        recipe=Recipe.from_dict(about["recipe"], f"{path}: recipe"),
        bits=8,
        supersample=AUTO,
        renderer=about["renderer"],
        software=about["software"],
        title="",
        loop={**about["loop"], "seconds": about.get("seconds"), "fps": about.get("fps")},
    )


@checked
def load_recipe(path: str | Path) -> Recipe:
    """Return the recipe of a picture or loop made here. Raises what `read_info` raises."""
    return read_info(path).recipe


def _render_record(path: Path, text: str) -> dict[str, Any]:
    kinds = {"supersample": int, "renderer": int, "pixels": str}
    return _record(path, text, kinds, "of how it was rendered")


def _record(path: Path, text: str, kinds: Mapping[str, type], content: str) -> dict[str, Any]:
    record = read_json(text or "{}", f"{path}: record {content}")
    if isinstance(record, dict) and all(type(record.get(key)) is kind for key, kind in kinds.items()):
        return record
    raise BadInput(f"{path}: expected a record {content}, found {shown(text)}")
