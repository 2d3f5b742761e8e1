"""The manifest: one line of JSON for each picture in a gallery's folder, appended after the picture stands."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from artstudio.errors import FileProblem

MANIFEST_NAME = "manifest.jsonl"


@dataclass(frozen=True)
class Entry:
    """What is recorded of a picture. `file` is relative to the folder, `sha256` that of the file's bytes."""

    name: str
    file: str
    title: str
    tags: tuple[str, ...]
    width: int
    height: int
    supersample: int
    digest: str
    sha256: str
    bytes: int
    seconds: float
    recipe: dict[str, object]


def append(folder: Path, entry: Entry) -> None:
    """Append one line to the folder's manifest."""
    line = json.dumps(asdict(entry), sort_keys=True) + "\n"
    path = folder / MANIFEST_NAME
    try:
        with path.open("ab") as file:
            file.write(line.encode())
    except OSError as error:
        raise FileProblem(f"{path}: cannot be written ({error.strerror})") from None
