"""Animations: frames of a loop, as arrays or as a file."""

from __future__ import annotations

import os
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property, partial
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

import numpy as np

from artstudio.engine.render import render
from artstudio.errors import BadInput, shown
from artstudio.files.staged import staged_file
from artstudio.model.fields.strict import checked
from artstudio.model.recipe import Recipe
from artstudio.model.size import check_size, resolve_supersample
from artstudio.motion.film.about import About
from artstudio.motion.film.formats import QUALITY, motion_format
from artstudio.motion.film.rate import Rate, exact_rate
from artstudio.motion.film.take import Frame, Take
from artstudio.motion.interpolated import may_interpolate, render_interpolated
from artstudio.motion.loops import Scenes, scenes
from artstudio.motion.spec import Loop
from artstudio.threads import result_of

MAX_FRAMES = 36_000

_PIXELS_AHEAD = 1 << 25
"""Pixels of the frames that are rendered ahead of the one that is looked at: about 100 MB."""

_SHOWN, _SHOWN_FPS = 480, 15
"""Pixels of the longer side, and frames a second, of a loop in a notebook."""

_KEYS, _KEYS_PER_SECOND = 80, 8
"""Networks calibrated for a loop that changes them, at least, and for each second of a long one: that is about a
quarter of the frames, and a twentieth of the work."""


@dataclass(frozen=True)
class Animation:
    """A loop of a recipe: `frames()` renders it, `save(path)` writes it. Made by `animate`."""

    recipe: Recipe
    loop: Loop
    seconds: float
    fps: Rate
    width: int
    height: int
    supersample: int | None = None

    @property
    def count(self) -> int:
        """The number of frames."""
        return max(1, round(self.seconds * self.fps))

    @cached_property
    def _lock(self) -> Lock:
        # Two frames that meet the same key at once would both calibrate it.
        return Lock()

    @cached_property
    def _scenes(self) -> Scenes:
        keys = min(self.count, max(_KEYS, round(self.seconds * _KEYS_PER_SECOND)))
        return scenes(self.recipe, self.loop, keys)

    def frame(self, number: int, *, exact: bool = True, threads: int | None = None) -> Frame:
        """Render frame `number`, uint8 (height, width, 3); frames repeat after the last one.

        Unless `exact`, smooth pictures are interpolated between computed pixels: most of them to within one level.
        """
        with self._lock:
            scene = self._scenes(number % self.count / self.count)
        painted: Frame | None = None
        if not exact and self.supersample is None and may_interpolate(scene.recipe, self.width, self.height):
            painted = render_interpolated(
                scene.recipe,
                width=self.width,
                height=self.height,
                params=scene.params,
                threads=threads,
            )
        if painted is not None:
            return painted
        return render(
            scene.recipe,
            width=self.width,
            height=self.height,
            supersample=self.supersample,
            threads=threads,
            params=scene.params,
        )

    def frames(self, *, exact: bool = True) -> Generator[Frame, None, None]:
        """Yield the frames in order. While one is looked at, the next ones are rendered, one a core.

        A frame a core keeps all of them busy to the end; few frames are held, and of large ones fewer.
        """
        cores = os.cpu_count() or 1
        at_once = max(1, min(cores, _PIXELS_AHEAD // (self.width * self.height)))
        paint = partial(self.frame, exact=exact, threads=-(-cores // at_once))
        with ThreadPoolExecutor(at_once, "frame") as pool:
            try:
                pending: deque[Future[Frame]] = deque()
                for number in range(self.count):
                    pending.append(pool.submit(paint, number))
                    if len(pending) > at_once:
                        yield result_of(pending.popleft())
                while pending:
                    yield result_of(pending.popleft())
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def save(
        self,
        path: str | Path,
        *,
        quality: int | None = None,
        overwrite: bool = False,
        progress: Callable[[int], object] = lambda frames: None,
    ) -> None:
        """Render the loop into a file; its suffix says the format: .mp4, .webm, .gif, .webp or .png.

        The file says how it was made (`read_about`). `quality`, 1 to 100, is for formats that lose something.
        `progress` is called with 1 for each frame. On an error or an interrupt an older file stays as it was.
        Raises `BadInput` for what the format cannot hold, a loop that does not move, or a file that exists unless
        `overwrite`; `FileProblem` where it cannot be written.
        """
        format = motion_format(path)
        format.check(self.width, self.height, self.fps, self.count, quality)
        about = About(self.recipe, self.loop, self.seconds, self.fps, self.width, self.height)
        exact = not format.lossy
        quality = QUALITY if quality is None else quality
        take = Take(
            self.width, self.height, self.fps, self.count, quality, about.text(), partial(self.frame, exact=exact)
        )
        with staged_file(path, overwrite=overwrite) as temporary:
            if self.is_still():
                raise BadInput(f"loop: {self.loop.kind} changes nothing in this picture; choose another kind")
            # Closed whatever comes, so that no frame is still being rendered when the caller goes on.
            with closing(self._counted(progress, exact)) as frames:
                format.write(temporary, frames, take)

    def _counted(self, progress: Callable[[int], object], exact: bool) -> Generator[Frame, None, None]:
        with closing(self.frames(exact=exact)) as frames:
            for frame in frames:
                progress(1)
                yield frame

    def _repr_html_(self) -> str:
        """Show a small copy of the loop in a notebook."""
        scale = min(1.0, _SHOWN / max(self.width, self.height))
        width, height = (max(1, round(side * scale)) for side in (self.width, self.height))
        with TemporaryDirectory() as folder:
            path = Path(folder) / "loop.webp"
            replace(self, width=width, height=height, fps=min(self.fps, _SHOWN_FPS)).save(path)
            data = b64encode(path.read_bytes()).decode("ascii")
        words = f"{self.loop.kind} loop of seed {self.recipe.seed}, {escape(', '.join(self.recipe.activation))}"
        return f'<img src="data:image/webp;base64,{data}" width="{width}" height="{height}" alt="{words}">'

    def is_still(self) -> bool:
        """Whether nothing moves, as gain does nothing to `step`: looked at in a few small frames."""
        small = replace(self, width=64, height=36, supersample=1)
        first = small.frame(0)
        places = (round(part * self.count) for part in (0.37, 0.5))
        return all(np.array_equal(first, small.frame(place)) for place in places)


@checked
def animate(
    recipe: Recipe,
    *,
    loop: Loop | str = "latent",
    seconds: float = 10.0,
    fps: Rate | float | str = 30,
    width: int = 1280,
    height: int = 720,
    supersample: int | None = None,
) -> Animation:
    """Return the animation of a recipe: `loop` is a `Loop`, or the name of a kind at its usual amount.

    >>> animate(Recipe(seed=7), seconds=2).count
    60

    `fps` is a number or its text; 29.97 and its like are television's exact rates (30000/1001).
    Nothing is rendered yet. Raises `BadInput` for what is out of range, or a loop that does not suit the recipe.
    """
    rate = exact_rate(fps)
    if not (0 < seconds <= MAX_FRAMES and 2 <= round(seconds * rate) <= MAX_FRAMES):
        raise BadInput(
            f"seconds: expected 2 to {MAX_FRAMES} frames, found {shown(seconds)} s at {rate} frames a second"
        )
    check_size(width, height)
    resolve_supersample(supersample)
    kind = Loop(kind=loop) if isinstance(loop, str) else loop
    made = Animation(recipe, kind, float(seconds), rate, width, height, supersample)
    made._scenes  # noqa: B018 - what does not suit is refused here
    return made
