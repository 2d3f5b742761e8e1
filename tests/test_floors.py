"""A file imports only from floors below it, or from its own folder; libraries never import the command line."""

import ast
import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "artstudio"

FLOORS = {
    "version": 0,
    "errors": 1,
    "threads": 1,
    "spaces": 1,
    "registry": 2,
    "paper": 2,
    "model": 3,
    "files": 3,
    "compiled": 4,
    "tapes": 5,
    "engine": 5,
    "learning": 5,
    "presets": 5,
    "vector": 6,
    "figures": 6,
    "curation": 6,
    "motion": 6,
    "pictures": 7,
    "batch": 8,
    "pages": 9,
    "notebook": 9,
    "slides": 10,
    "doctor": 9,
    "export": 10,
    "cli": 11,
    "__main__": 12,
    "__init__": 12,
}

LARGEST_ROOM = 12
"""Modules in a room or a room within it."""

FILES = sorted(ROOT.rglob("*.py"))


def home(path):
    """The folder or top-level file that decides a module's floor."""
    relative = path.relative_to(ROOT)
    return relative.parts[0].removesuffix(".py")


def imported_homes(path):
    """The homes of all artstudio modules that a file imports, at any depth, type checking included."""
    homes = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [
                f"{node.module}.{alias.name}" if node.module == "artstudio" else node.module
                for alias in node.names
            ]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = (name or "").split(".")
            if parts[0] == "artstudio" and len(parts) > 1:
                homes.add(parts[1])
    return homes


def violations(path, homes):
    """What the file imports and may not."""
    own = home(path)
    return sorted(other for other in homes if other != own and FLOORS[other] >= FLOORS[own])


def per_file(find):
    """What is found in each file of the package, where it is anything."""
    return {str(path.relative_to(ROOT)): found for path in FILES if (found := find(path))}


def test_files_import_only_from_below():
    assert per_file(lambda path: violations(path, imported_homes(path))) == {}


def test_an_upward_import_is_noticed(tmp_path):
    source = tmp_path / "probe.py"
    source.write_text("def f():\n    from artstudio.cli.options import override\n", encoding="utf-8")
    assert violations(ROOT / "model" / "probe.py", imported_homes(source)) == ["cli"]


@pytest.mark.parametrize("path", sorted((ROOT / "cli").rglob("*.py")), ids=lambda path: path.name)
def test_a_command_stays_thin(path):
    """A command parses, calls the library and reports: its body without signature and help is short."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            first = node.body[1] if isinstance(node.body[0], ast.Expr) else node.body[0]
            assert node.end_lineno - first.lineno < 50
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 100


def test_the_drawing_of_the_rooms_is_up_to_date():
    page = ROOT.parent / "docs" / "architecture.md"
    spec = importlib.util.spec_from_file_location("architecture", page.with_suffix(".py"))
    architecture = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(architecture)
    text = page.read_text(encoding="utf-8")
    assert architecture.drawing() == architecture.PICTURE.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:\w+/)+\w+\.\w+)`", text):
        assert any((folder / name).is_file() for folder in (ROOT, ROOT.parent)), name


def private_names(path):
    """The private names of other modules that a file reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("artstudio")
    ]
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
    }
    found = {alias.name for node in imports for alias in node.names} | read
    return sorted(name for name in found if name.startswith("_") and not name.startswith("__"))


def test_private_names_stay_in_their_module():
    assert per_file(private_names) == {}


@pytest.mark.parametrize(
    "room", sorted({path.parent for path in FILES}), ids=lambda room: str(room.relative_to(ROOT))
)
def test_a_room_is_small(room):
    assert len([path for path in room.glob("*.py") if path.name != "__init__.py"]) <= LARGEST_ROOM
