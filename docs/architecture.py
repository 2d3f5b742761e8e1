"""Draw which room imports which, as docs/images/architecture.svg: `make docs`.

Arrows that follow from others are left out, and those to single modules such as `errors.py`, which all rooms import.
"""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "architecture.svg"

_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 104, 34, 148, 76, 12
"""Pixels: a box, from one box to the next, around all."""

_STYLE = """
text { font: 15px Inter, system-ui, sans-serif; text-anchor: middle; fill: #222 }
rect { fill: #f4f1ea; stroke: #8a8377 } path { fill: none; stroke: #8a8377; stroke-width: 1.2 }
#tip path { fill: #8a8377; stroke: none }
@media (prefers-color-scheme: dark) { text { fill: #eee } rect { fill: #2b2a28; stroke: #8f897e } }
"""


def imports() -> dict[str, set[str]]:
    """Return each room and the rooms that its files import."""
    found: dict[str, set[str]] = {}
    package = ROOT / "artstudio"
    for room in sorted(path.parent for path in package.glob("*/__init__.py")):
        modules = {
            node.module
            for path in room.rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
        }
        parts = [module.split(".") for module in modules if module.startswith("artstudio.")]
        found[room.name] = {part[1] for part in parts if (package / part[1]).is_dir()} - {room.name}
    return found


def arrows(rooms: dict[str, set[str]]) -> dict[str, list[str]]:
    """Return what each room imports that does not follow from the rest."""

    def below(room: str) -> set[str]:
        return set().union(*({other} | below(other) for other in rooms[room]))

    return {
        room: sorted(other for other in others if not any(other in below(between) for between in others))
        for room, others in rooms.items()
    }


def places(links: dict[str, list[str]]) -> dict[str, tuple[float, float]]:
    """Return where each room's box begins: a room stands above all that it imports, as near as can be."""

    def floor(room: str) -> int:
        return 1 + max(map(floor, links[room]), default=-1)

    rows: dict[int, list[str]] = {}
    for room in links:
        rows.setdefault(floor(room), []).append(room)
    widest = max(map(len, rows.values()))
    found: dict[str, tuple[float, float]] = {}
    for number in sorted(rows):
        row = sorted(
            rows[number], key=lambda room: (fmean([found[other][0] for other in links[room]] or [0]), room)
        )
        # Every other row is half a step aside: an arrow that passes a row goes between its boxes.
        start = _MARGIN + ((widest - len(row)) // 2 + number % 2 / 2) * _ACROSS
        for column, room in enumerate(row):
            found[room] = (start + column * _ACROSS, _MARGIN + (max(rows) - number) * _DOWN)
    return found


def drawing() -> str:
    """Return the drawing as SVG."""
    links = arrows(imports())
    found = places(links)
    lines = []
    for room, others in links.items():
        for other in others:
            (x, y), (to_x, to_y) = found[room], found[other]
            middle, start, end = _WIDTH / 2, y + _HEIGHT, to_y - 7
            bend = (end - start) / 2
            lines.append(
                f'<path marker-end="url(#tip)" d="M{x + middle:g} {start:g}C{x + middle:g} {start + bend:g} '
                f'{to_x + middle:g} {end - bend:g} {to_x + middle:g} {end:g}"/>'
            )
    for room, (x, y) in found.items():
        lines.append(f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"/>')
        lines.append(f'<text x="{x + _WIDTH / 2:g}" y="{y + 22:g}">{room}</text>')
    width = max(x for x, _ in found.values()) + _WIDTH + _MARGIN
    height = max(y for _, y in found.values()) + _HEIGHT + _MARGIN
    tip = '<marker id="tip" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}">\n<title>Which room imports which</title>\n<style>{_STYLE}</style>\n'
        f'{tip}<path d="M0 0L8 4L0 8z"/></marker>'
    )
    return "\n".join([head, *lines, "</svg>\n"])


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
