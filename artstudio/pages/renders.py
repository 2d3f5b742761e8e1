"""Pictures that the studio's page asks for: one is painted at a time, with its progress, and may be cancelled."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

from artstudio.batch.run import Stopped, prepare_folder
from artstudio.errors import ArtstudioError, BadInput, FileProblem, clip
from artstudio.files.atomic import write_atomic
from artstudio.files.encode import FORMATS, Format, format_for
from artstudio.model.fields.strict import Strict
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO, check_size, parse_size
from artstudio.pictures.single import Means, Picture, render_bytes

FOLDER = "studio"
"""Where the pictures go, inside the output folder."""

MOST_WAITING = 8
_MOST_KEPT = 64


class Wish(Strict):
    """What the page asks for: a recipe as JSON values, a size as `--size` takes it, a format's name."""

    recipe: dict[str, Any]
    size: str
    format: str = "png"

    @classmethod
    def read(cls, document: Any) -> Wish:
        """Check a JSON document. Raises `BadInput`."""
        if not isinstance(document, dict):
            raise BadInput(f"expected a JSON object, found {type(document).__name__}")
        return cls(**document)


@dataclass
class Render:
    """One picture on its way. `status` and `done` (pixels) change while it is painted, on another thread."""

    id: str
    recipe: Recipe
    width: int
    height: int
    format: Format
    status: Literal["waiting", "painting", "saving", "done", "failed", "cancelled"] = "waiting"
    done: int = 0
    path: str = ""
    reason: str = ""
    stop: threading.Event = field(default_factory=threading.Event, repr=False)

    @property
    def finished(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in ("done", "failed", "cancelled")

    def to_dict(self) -> dict[str, Any]:
        """Return what the page is told. `progress` goes from 0 to 1; `path` is inside the output folder."""
        progress = min(1.0, self.done / (self.width * self.height))
        about: dict[str, Any] = {"id": self.id, "status": self.status, "progress": round(progress, 4)}
        return about | {"path": self.path, "reason": self.reason}


class Renders:
    """The pictures asked for, painted in turn into `folder / "studio"`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._renders: dict[str, Render] = {}
        self._pool = ThreadPoolExecutor(1, "studio")
        self._counting = threading.Lock()

    def start(self, wish: Wish) -> Render:
        """Line a picture up. Raises `BadInput` for a bad recipe or size, and when too many are waiting."""
        width, height = parse_size(wish.size)
        check_size(width, height)
        record = format_for("", explicit=wish.format)
        record.check_size(width, height)
        render = Render(secrets.token_hex(8), Recipe.from_dict(wish.recipe), width, height, record)
        if sum(not other.finished for other in self._renders.values()) >= MOST_WAITING:
            raise BadInput(f"{MOST_WAITING} pictures are waiting already; let one finish, or cancel it")
        for old in [key for key, other in self._renders.items() if other.finished][:-_MOST_KEPT]:
            del self._renders[old]
        self._renders[render.id] = render
        self._pool.submit(self._work, render)
        return render

    def find(self, id: str) -> Render:  # noqa: A002 - as the page calls it
        """Return a picture by its id. Raises `BadInput`."""
        if id not in self._renders:
            raise BadInput(f"{clip(repr(id))}: no such picture is being made")
        return self._renders[id]

    def close(self) -> None:
        """Stop all work and wait until nothing is being written."""
        for render in self._renders.values():
            render.stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _work(self, render: Render) -> None:
        try:
            self._paint(render)
        except Stopped:
            render.status = "cancelled"
        except ArtstudioError as error:
            render.reason, render.status = str(error), "failed"
        except MemoryError:
            render.reason, render.status = "not enough memory; choose a smaller size", "failed"
        except Exception as error:
            render.reason, render.status = clip(f"{type(error).__name__}: {error}", 300), "failed"

    def _paint(self, render: Render) -> None:
        def step(pixels: int) -> None:
            if render.stop.is_set():
                raise Stopped
            with self._counting:
                render.done += pixels

        @contextmanager
        def watch(stage: str) -> Iterator[None]:
            step(0)
            render.status = "saving" if stage == "encode" else "painting"
            yield

        picture = Picture(render.recipe, render.width, render.height, render.format, AUTO)
        data = render_bytes(picture, Means(step, watch=watch))
        step(0)
        render.path = self._save(render, data)
        render.status = "done"

    def _save(self, render: Render, data: bytes) -> str:
        """Write the picture under the first free name; return the name inside the output folder."""
        folder = self._folder / FOLDER
        prepare_folder(folder)
        if folder.is_symlink():
            raise FileProblem(f"{folder}: expected a folder, found a symbolic link; nothing is written there")
        for number in count(1):
            ending = f"-{number}" if number > 1 else ""
            name = f"{_stem(render)}{ending}{render.format.suffixes[0]}"
            if (folder / name).exists() or (folder / name).is_symlink():
                continue
            try:
                write_atomic(folder / name, data, overwrite=False)
            except BadInput:  # someone else took the name a moment ago
                continue
            return f"{FOLDER}/{name}"
        raise AssertionError("unreachable")  # pragma: no cover


def _stem(render: Render) -> str:
    words = re.sub(r"[^a-z0-9_]+", "-", "-".join(render.recipe.activation).lower()).strip("-")
    return f"{words[:60] or 'own'}-{render.recipe.seed}-{render.width}x{render.height}"


def choices() -> dict[str, Any]:
    """Return what the page may offer: formats by name, and the named sizes in pixels."""
    from artstudio.model.size import SIZES

    return {"formats": list(FORMATS), "sizes": {name: list(size) for name, size in SIZES.items()}}
