"""The studio in a notebook: its page, or one part of it, in a frame that shows a recipe."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from artstudio.errors import BadInput
from artstudio.files.atomic import write_atomic
from artstudio.model.fields.schemas import UNNAMED
from artstudio.model.fields.strict import checked
from artstudio.model.recipe import FIELDS, Recipe
from artstudio.pages.embedding.parts import part_page
from artstudio.pages.studio_page import studio_page

_LENGTH = re.compile(r"[0-9]{1,4}(px|%|em|rem|vw)?")


@dataclass(frozen=True, repr=False)
class StudioFrame:
    """A page in a frame. As the last line of a notebook's cell it shows itself."""

    page: str
    """The page's HTML, which needs no network and no other file."""
    width: str
    height: int
    """Pixels."""

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the page as a file. Raises `FileProblem`."""
        write_atomic(path, self.page.encode(), overwrite=overwrite)
        return Path(path)

    def __repr__(self) -> str:
        return f"StudioFrame({len(self.page.encode())} bytes, {self.width} x {self.height})"

    def _repr_html_(self) -> str:
        # Scripts run in an origin of their own: they cannot touch the notebook around them.
        return (
            f'<iframe srcdoc="{escape(self.page)}" width="{self.width}" height="{self.height}" title="Art Studio" '
            'sandbox="allow-scripts allow-downloads" allow="fullscreen; clipboard-write" '
            'style="border:0;border-radius:6px"></iframe>'
        )


@checked
def studio(
    recipe: Recipe | None = None, *, part: str | None = None, width: int | str = "100%", height: int = 640
) -> StudioFrame:
    """Return the studio with a recipe, for a notebook's cell: the whole page, or one `part` of it.

    The parts are picture, explorer, softmax, depth and learn. `width` is in pixels, or a length such as "100%".
    Raises `BadInput` for a part that does not exist and for sizes out of range.
    """
    if not 100 <= height <= 4320:
        raise BadInput(f"height: expected 100 to 4320 pixels, found {height}")
    if not _LENGTH.fullmatch(str(width)):
        raise BadInput(f"width: expected pixels, or a length such as '100%', found {width!r}")
    start = "" if recipe is None else recipe_address(recipe)
    page = studio_page(served=False, start=start) if part is None else part_page(part, start)
    return StudioFrame(page, str(width), height)


def recipe_address(recipe: Recipe) -> str:
    """Return a recipe as the page's address has it, from the # on: what is not its schema's default, and the seed."""
    schema = recipe.to_dict()["schema"]
    usual = Recipe.from_dict({"schema": max(schema, UNNAMED)})
    words = [f"seed={recipe.seed}", *([f"schema={schema}"] if schema > UNNAMED else [])]
    for name in FIELDS:
        value = recipe.part(name)
        if name != "seed" and value != usual.part(name):
            words.append(f"{name.replace('_', '-')}={quote(_word(value), safe=',:()*/+')}")
    return f"#{'&'.join(words)}"


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(map(_word, value)) if isinstance(value, tuple) else str(value)
