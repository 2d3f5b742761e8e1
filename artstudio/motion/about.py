"""What a loop's file says of itself: recipe, loop, length and size, as one JSON text in the format's own place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artstudio.errors import BadInput, FileProblem
from artstudio.files.png_read import read_png_text
from artstudio.model.recipe import Recipe
from artstudio.model.strict import read_json
from artstudio.motion.formats import motion_format
from artstudio.motion.pictures import KEY
from artstudio.motion.rate import Rate, exact_rate, rate_value
from artstudio.motion.spec import Loop
from artstudio.version import RENDERER, VERSION

_MAX_TEXT = 256 << 10


@dataclass(frozen=True)
class About:
    """How a loop was made. `text` and `read_about` are each other's inverse."""

    recipe: Recipe
    loop: Loop
    seconds: float
    fps: Rate
    width: int
    height: int
    software: str = f"artstudio {VERSION}"
    renderer: int = RENDERER

    def text(self) -> str:
        """Return it as JSON, ASCII."""
        about = {
            "artstudio": "animation",
            "software": self.software,
            "renderer": self.renderer,
            "seconds": self.seconds,
            "fps": rate_value(self.fps),
            "width": self.width,
            "height": self.height,
            "loop": self.loop.to_dict(),
            "recipe": self.recipe.to_dict(),
        }
        return json.dumps(about, sort_keys=True, separators=(",", ":"), allow_nan=False)


def read_about(path: str | Path) -> About:
    """Return what a loop made here says of itself.

    Raises `BadInput` for a file that says nothing of the kind, `FileProblem` where it cannot be read.
    """
    path = Path(path)
    format = motion_format(path)
    try:
        open(path, "rb").close()
        text = _video_comment(path) if format.video else _picture_comment(path)
    except _NotOne:
        raise BadInput(f"{path}: expected a {format.name} made by artstudio, found something else") from None
    except OSError as error:
        raise FileProblem(f"{path}: cannot be read ({error.strerror or error})") from None
    try:
        data = read_json(text, str(path)) if len(text) <= _MAX_TEXT else None
        if not isinstance(data, dict) or data.get("artstudio") != "animation":
            raise ValueError
        fields: dict[str, Any] = {name: data[name] for name in ("software", "renderer", "width", "height")}
        fields["fps"] = exact_rate(data["fps"])
        seconds = float(data["seconds"])
        recipe, loop = data["recipe"], data["loop"]
    except (BadInput, ValueError, KeyError, TypeError, OverflowError):
        raise BadInput(f"{path}: expected a loop made by artstudio, found a file that does not say how") from None
    return About(Recipe.from_dict(recipe, str(path)), Loop.from_dict(loop), seconds, **fields)


class _NotOne(Exception):  # noqa: N818 - caught above
    """The file is no file of its format."""


def _video_comment(path: Path) -> str:
    import av

    try:
        with av.open(str(path)) as container:
            # Matroska writes its keys in capitals.
            return next((value for key, value in container.metadata.items() if key.lower() == "comment"), "")
    except av.FFmpegError:
        raise _NotOne from None


def _picture_comment(path: Path) -> str:
    from PIL import ExifTags, Image, UnidentifiedImageError

    try:
        picture = Image.open(path)
    except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise _NotOne from None
    with picture:
        text: Any = picture.info.get(KEY) or picture.info.get("comment") or ""
        if picture.format == "WEBP":
            text = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment, b"")
            text = bytes(text).removeprefix(b"ASCII\0\0\0") if isinstance(text, bytes) else text
    return text.decode("ascii", "replace") if isinstance(text, bytes) else str(text)


def is_loop(path: str | Path) -> bool:
    """Whether a path names a loop, by its suffix; of a PNG, by what it says."""
    path = Path(path)
    if path.suffix.lower() != ".png":
        return path.suffix.lower() in (".mp4", ".webm", ".gif", ".webp", ".apng")
    return path.is_file() and KEY in read_png_text(path).text
