"""Grids: one recipe with the values of one or two of its fields, along the columns and the rows of a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from artstudio.engine.programs import expect
from artstudio.engine.render import render
from artstudio.errors import BadInput
from artstudio.figures.compare import draw_comparison, fitting_panel
from artstudio.figures.comparison import SAMPLES, Panel, Sheet
from artstudio.figures.exhibit import Exhibit, figure_command, listed
from artstudio.figures.style.theme import find_size, find_theme
from artstudio.model.fields.option_words import option_words
from artstudio.model.fields.strict import checked
from artstudio.model.recipe import Recipe
from artstudio.model.size import parse_size
from artstudio.presets.sweep import Sweep, expand, parse_sweep

MOST, MOST_PAGES = 12, 24
"""Columns, and rows: more are too small to see; and pages."""


@checked
def grid(
    x: str,
    y: str | None = None,
    *,
    recipe: Recipe | None = None,
    title: str | None = None,
    panel: str | None = None,
    theme: str = "light",
    size: str = "slide",
    progress: Callable[[int], object] | None = None,
) -> Exhibit:
    """Return the pictures of a recipe with each value of one or two of its fields, side by side.

    `x` says the columns and `y` the rows, as sweeps: `activation=step,tanh`, `gain=0.5..2:4`, `seed=1..5`; at most 12
    values each. `panel` is the size of one picture in pixels, such as `640x360`, by default what fills the page;
    `progress` is called with 1 after each picture. The recipes are `about["cells"]`, row by row. Raises `BadInput`.

    >>> grid("units=4,8", "depth=1,2", panel="16x16").command
    'artstudio grid -x units=4,8 -y depth=1,2 --seed 0 --panel 16x16 -o grid-units-depth.png'
    """
    recipe = recipe or Recipe()
    look, page = find_theme(theme), find_size(size)
    (whole,) = grid_pages(recipe, x, y, None)
    columns, rows = whole.columns, whole.rows
    down = rows or Sweep("seed", (recipe.seed,))
    shape = parse_size(panel) if panel else fitting_panel(page, len(columns.values), len(down.values), 0)
    panels = []
    expect(cell for _, cell in whole.cells)
    for _, cell in whole.cells:
        picture = render(cell, width=shape[0], height=shape[1], supersample=SAMPLES)
        panels.append(Panel(picture, None, None))
        if progress:
            progress(1)
    width = len(columns.values)
    lines = [panels[start : start + width] for start in range(0, len(panels), width)]
    heading = whole.heading(title)
    sheet = Sheet(title=heading, across=columns.labels, down=down.labels, panels=lines)
    words = ["-x", x, *(["-y", y] if y else []), *(["--title", title] if title else [])]
    words += [] if "seed" in whole.fields else ["--seed", str(recipe.seed)]
    words += ["--panel", panel] if panel else []
    # Trained weights are too many for a line: PICTURE.png stands for a file that carries them.
    words += ["PICTURE.png"] if recipe.weights else option_words(recipe)
    return Exhibit(
        title=heading,
        alt=f"Grid of {len(panels)} pictures. {whole.words}",
        words=f"All pictures have the same recipe but for what is written beside them. {whole.words}",
        command=figure_command("grid", words, theme, size, whole.fields[::-1]),
        tables=(),
        about={"cells": [{"name": name, "recipe": cell.to_dict()} for name, cell in whole.cells]},
        draw=partial(draw_comparison, sheet),
        theme=look,
        size=page,
    )


@dataclass(frozen=True)
class Page:
    """A page of pictures: a recipe, what differs along its columns and rows, and the pictures, row by row."""

    recipe: Recipe
    columns: Sweep
    rows: Sweep | None
    cells: tuple[tuple[str, Recipe], ...]
    """Names and recipes."""
    label: str = ""
    """What it has for itself among other pages."""

    @property
    def fields(self) -> list[str]:
        """The fields that differ, that of the rows first."""
        return [sweep.field for sweep in (self.rows, self.columns) if sweep]

    @property
    def words(self) -> str:
        """What differs, in sentences."""
        sides = (("Across", self.columns), ("Down", self.rows))
        return " ".join(f"{way}, {sweep.words}: {listed(sweep.labels)}." for way, sweep in sides if sweep)

    def heading(self, title: str | None, name: str = "") -> str:
        """Return a `title`, else the fields that differ, of what is called `name`; and the page's label."""
        return ", ".join(filter(None, (title or self._usual_title(name), self.label)))

    def _usual_title(self, name: str) -> str:
        text = " and ".join(sweep.words for sweep in (self.rows, self.columns) if sweep)
        if name:
            return f"{name}: {text}"
        return text[0].upper() + text[1:] + ("" if "seed" in self.fields else f", seed {self.recipe.seed}")


def grid_pages(recipe: Recipe, x: str, y: str | None, z: str | None) -> list[Page]:
    """Return the pages of a grid, one for each value of `z`; names are such as `depth-2_gain-0.5_seed-1`.

    Raises `BadInput`, also where a field is named twice or has too many values.
    """
    columns, rows = _axis("x", x), _axis("y", y) if y else None
    sweeps = [rows, columns] if rows else [columns]
    if not z:
        return [Page(recipe, columns, rows, tuple(expand("", recipe, sweeps)))]
    pages = _axis("z", z, MOST_PAGES)
    cells = tuple(expand("", recipe, [pages, *sweeps]))
    count = len(cells) // len(pages.values)
    parts = (cells[start : start + count] for start in range(0, len(cells), count))
    each = zip(pages.labels, expand("", recipe, [pages]), parts, strict=True)
    return [Page(changed, columns, rows, part, label) for label, (_, changed), part in each]


def check_pages(count: int, format: str) -> None:
    """Refuse more than one page in a format that has none. Raises `BadInput`."""
    if count > 1 and format != "pdf":
        raise BadInput(
            f"grid: expected a .pdf for {count} pages, found .{format}; choose another name, or leave out -z"
        )


def _axis(name: str, text: str, most: int = MOST) -> Sweep:
    sweep = parse_sweep(text)
    if len(sweep.values) > most:
        raise BadInput(f"grid: expected at most {most} values along {name}, found {len(sweep.values)}")
    return sweep
