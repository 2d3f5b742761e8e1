"""A file that a library writes by name, placed whole or not at all: for what cannot be handed over as bytes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from artstudio.files.atomic import placed


@contextmanager
def staged_file(path: str | Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Yield the name of a temporary file beside `path`; when the block ends well, it is put in its place.

    On any error, or an interrupt, an older file stays as it was and no temporary file remains. Raises what
    `write_atomic` raises; an `OSError` within the block becomes a `FileProblem`.
    """
    with placed(Path(path), overwrite=overwrite) as temporary:
        yield temporary
        with open(temporary, "rb+") as file:
            os.fsync(file.fileno())
