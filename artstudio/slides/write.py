"""Write a deck: a PowerPoint file, or a folder of Markdown, pictures and fonts; whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from artstudio.errors import BadInput, FileProblem, clip, unknown
from artstudio.files.atomic import check_writable_target, write_atomic, write_problem
from artstudio.slides.markdown import FONTS, PICTURES, TEXT, markdown_files
from artstudio.slides.slide import Look, Slide

FORMATS = ("pptx", "markdown")


@dataclass(frozen=True)
class Target:
    """Where a deck goes, checked by `open_target` before anything is painted."""

    path: Path
    format: str
    look: Look
    design: bytes | None
    """The design of a PowerPoint file's template, or None for artstudio's own."""
    overwrite: bool

    def write(self, slides: Sequence[Slide]) -> int:
        """Write the slides and return the bytes. Raises `FileProblem`."""
        if self.format == "markdown":
            files = markdown_files(slides, self.look)
            _write_folder(self.path, files)
            return sum(map(len, files.values()))
        from artstudio.slides.powerpoint import encode_deck

        data = encode_deck(slides, self.look, self.design)
        write_atomic(self.path, data, overwrite=self.overwrite)
        return len(data)


def open_target(
    path: Path, look: Look, *, format: str = "pptx", template: Path | None = None, overwrite: bool = False
) -> Target:
    """Check path, format and template. Raises `BadInput`, also without the extra; `FileProblem`."""
    if format not in FORMATS:
        raise unknown("deck format", format, FORMATS)
    if format == "markdown":
        if template:
            raise BadInput("template: expected with the format pptx only")
        if path.suffix.lower() in (".pptx", ".md"):
            raise BadInput(
                f"{clip(str(path))!r}: expected a folder's name for the format markdown, found a file's"
            )
        _check_folder(path, overwrite)
        return Target(path, format, look, None, overwrite)
    if path.suffix.lower() != ".pptx":
        raise BadInput(f"{clip(str(path))!r}: expected a file name that ends in .pptx")
    try:
        import pptx  # noqa: F401 - only to know
    except ImportError:
        raise BadInput("deck needs the extra 'slides': pip install 'artstudio[slides]'") from None
    check_writable_target(path, overwrite=overwrite)
    return Target(path, format, look, _read_template(template, look) if template else None, overwrite)


def _read_template(path: Path, look: Look) -> bytes:
    from artstudio.slides.package import read_design
    from artstudio.slides.powerpoint import check_design

    design = read_design(path)
    try:
        check_design(design, look)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
    return design


def _check_folder(path: Path, overwrite: bool) -> None:
    """Refuse a folder that cannot be made, or that holds anything that is not a deck's."""
    if not path.parent.is_dir():
        raise FileProblem(f"{path}: cannot be written (the folder {path.parent} does not exist; make it first)")
    if not os.path.lexists(path):
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise FileProblem(f"{path}: cannot be written (no permission to write in {path.parent})")
        return
    if not path.is_dir() or path.is_symlink():
        raise FileProblem(f"{path}: cannot be written (it is not a folder)")
    others = sorted(entry.name for entry in path.iterdir() if entry.name not in (TEXT, PICTURES, FONTS))
    if others:
        raise BadInput(f"{path}: expected a new folder, or one with a deck only; found {clip(others[0])!r} in it")
    if not overwrite and any(path.iterdir()):
        raise BadInput(f"{path} exists already; overwrite=True replaces it")


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write the files into a new folder beside `path`, and then put it in the place of what is there."""
    mark = secrets.token_hex(8)
    new, old = (path.with_name(f".{path.name[:40]}.{mark}.{kind}.tmp") for kind in ("new", "old"))
    try:
        try:
            for folder in (PICTURES, FONTS):
                (new / folder).mkdir(parents=True)
            for name, data in files.items():
                write_atomic(new / name, data)
            if path.exists():
                path.rename(old)
            try:
                new.rename(path)
            except BaseException:
                if old.exists():
                    old.rename(path)
                raise
        except OSError as error:
            raise write_problem(path, error) from None
    finally:
        for leftover in (new, old):
            with suppress(OSError):
                shutil.rmtree(leftover)
