"""What a loop's file says of itself: recipe, loop, length and size, as one JSON text in the format's own place."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artstudio.errors import BadInput
from artstudio.files.info import LOOP_KEY
from artstudio.files.read import read_file_info
from artstudio.model.fields.documents import read_json
from artstudio.model.recipe import Recipe
from artstudio.motion.film.rate import Rate, exact_rate, rate_value
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
    _, file = read_file_info(path)
    text = file.text.get(LOOP_KEY, "")
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
