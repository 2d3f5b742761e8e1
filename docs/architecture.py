"""Draw which room imports which, into docs/architecture.md: `python docs/architecture.py`.

Arrows that follow from others are left out, and those to `errors.py` and `version.py`, which all rooms import.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
_BLOCK = re.compile(r"```mermaid\n.*?```", re.DOTALL)


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


def drawing() -> str:
    """Return the drawing as Mermaid's text."""
    rooms = imports()

    def below(room: str) -> set[str]:
        return set().union(*({other} | below(other) for other in rooms[room]))

    arrows = [
        f"  {room} --> {other}"
        for room, others in sorted(rooms.items())
        for other in sorted(others)
        if not any(other in below(between) for between in others)
    ]
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```"])


if __name__ == "__main__":
    PAGE.write_text(_BLOCK.sub(drawing(), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
