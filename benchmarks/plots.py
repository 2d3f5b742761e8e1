"""The benchmarks' figures, light and dark: `python benchmarks/plots.py docs/performance.json docs/images`.

They are drawn from the JSON that `run.py` writes, so that they can be drawn again without measuring.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import bars_figure
import scaling_figure
from matplotlib.figure import Figure

from artstudio.errors import ArtstudioError
from artstudio.figures.style.save import encode_figure
from artstudio.figures.style.theme import THEMES, Theme
from artstudio.files.atomic import write_atomic

Results = Mapping[str, Any]

FIGURES = {
    "scaling": ("scaling", scaling_figure.draw),
    "kernel-share": ("kernel", bars_figure.draw_kernel),
    "peers": ("peers", bars_figure.draw_peers),
}
"""The file's name -> the part of the results that it shows, and what draws it."""

_PARTS = [part for part, _ in FIGURES.values()]

THEME_NAMES = ("light", "dark")


def figures(results: Results, theme: Theme) -> Iterator[tuple[str, Figure]]:
    """Yield the figures of the parts that there are, with their names."""
    for name, (part, draw) in FIGURES.items():
        if part in results:
            yield name, draw(results, theme)


def write_figures(results: Results, folder: Path) -> list[Path]:
    """Write all figures in both themes as SVG and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for theme in THEME_NAMES:
        for name, figure in figures(results, THEMES[theme]):
            path = folder / f"{name}-{theme}.svg"
            write_atomic(path, encode_figure(figure, "svg"))
            paths.append(path)
    return paths


def main() -> None:
    """Draw the figures of a file of results and print their paths."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("json", type=Path, help="what run.py --json wrote")
    parser.add_argument("folder", type=Path, help="where the figures go")
    options = parser.parse_args()
    try:
        paths = write_figures(json.loads(options.json.read_text(encoding="utf-8")), options.folder)
    except (OSError, ValueError, KeyError, ArtstudioError) as error:
        sys.exit(f"plots.py: {options.json}: cannot be drawn ({type(error).__name__}: {error})")
    if not paths:
        sys.exit(f"plots.py: {options.json}: cannot be drawn: expected some of {', '.join(_PARTS)}, found none")
    for path in paths:
        print(path)


if __name__ == "__main__":
    main()
