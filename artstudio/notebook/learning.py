"""Learning from Python and in notebooks: one call trains every activation on a target and shows what happened."""

from __future__ import annotations

import json
import math
import os
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from matplotlib.figure import Figure

from artstudio.engine.devices import find_devices
from artstudio.engine.render import render
from artstudio.errors import BadInput, unknown
from artstudio.figures.exhibit import Exhibit
from artstudio.figures.learning.exhibit import study_exhibit
from artstudio.figures.learning.film import HOLD, Film
from artstudio.figures.lessons.lesson import Table
from artstudio.figures.style.theme import find_theme
from artstudio.files.staged import staged_file
from artstudio.learning.recipes import base_recipe
from artstudio.learning.settings import Settings, settings_for
from artstudio.learning.study import Study, chosen_activations, study
from artstudio.learning.targets.registry import SIDE, find_target
from artstudio.learning.targets.target import Target
from artstudio.model.fields.strict import checked
from artstudio.model.recipe import Recipe
from artstudio.motion.film.formats import QUALITY, MotionFormat, motion_format
from artstudio.motion.film.rate import Rate, exact_rate
from artstudio.motion.film.take import Frame, Take
from artstudio.pictures.picture import save as save_picture
from artstudio.version import VERSION

SECONDS = 12.0
"""The usual length of a film."""

FIGURES, FILMS = (".png", ".svg", ".pdf"), (".mp4", ".webm", ".gif", ".webp")
"""The suffixes of slides and of films."""

_SHOWN = (640, 360)


@dataclass(frozen=True, eq=False)
class LearningFilm:
    """The film of a study; `frames()` draws it, `save(path)` writes it. In a notebook it shows itself."""

    study: Study
    theme: str
    seconds: float
    fps: Rate
    width: int
    height: int

    @property
    def count(self) -> int:
        """The number of frames."""
        return max(2, round(self.seconds * self.fps))

    @cached_property
    def _film(self) -> Film:
        return Film(self.study, find_theme(self.theme), self.width, self.height)

    def frame(self, number: int) -> Frame:
        """Draw a frame, uint8 (height, width, 3)."""
        return self._film.frame(number / (self.count - 1))

    def frames(self, progress: Callable[[int], object] = lambda frames: None, first: int = 0) -> Iterator[Frame]:
        """Draw all frames in order, from `first` on and around; `progress` is called with 1 for each."""
        for number in range(self.count):
            progress(1)
            yield self.frame((first + number) % self.count)

    def save(
        self,
        path: str | Path,
        *,
        quality: int | None = None,
        overwrite: bool = False,
        progress: Callable[[int], object] = lambda frames: None,
    ) -> Path:
        """Write the film; the suffix says the format: .mp4, .webm, .gif or .webp.

        A picture that moves repeats for ever, and its first frame is its still: it opens on what was learned, which
        the film holds at its end. Raises what `Animation.save` does.
        """
        format = film_format(path)
        format.check(self.width, self.height, self.fps, self.count, quality)
        about = {"artstudio": "learning", "software": f"artstudio {VERSION}", "target": self.study.target.to_dict(),
                 "settings": self.study.settings.to_dict()}  # fmt: skip
        first = 0 if format.video else math.ceil((1 - HOLD) * (self.count - 1))
        take = Take(self.width, self.height, self.fps, self.count, QUALITY if quality is None else quality,
                    json.dumps(about, sort_keys=True), self.frame)  # fmt: skip
        with staged_file(path, overwrite=overwrite) as temporary:
            format.write(temporary, self.frames(progress, first), take)
        return Path(path)

    def _repr_html_(self) -> str:
        width, height = _SHOWN
        with TemporaryDirectory() as folder:
            path = Path(folder) / "film.webp"
            LearningFilm(self.study, self.theme, self.seconds, 15, width, height).save(path)
            data = b64encode(path.read_bytes()).decode("ascii")
        return (
            f'<img src="data:image/webp;base64,{data}" width="{width}" height="{height}" alt="Film of learning">'
        )


def film_format(path: str | Path) -> MotionFormat:
    """Return the format of a film by its path's suffix. Raises `BadInput`; a .png is the slide."""
    suffix = Path(path).suffix.lower()
    if suffix not in FILMS:
        raise unknown("format", suffix or os.fspath(path), [*FIGURES, *FILMS])
    return motion_format(path)


@dataclass(frozen=True, eq=False, repr=False)
class Learning:
    """What every activation learned. As the last line of a notebook's cell it shows its figure."""

    study: Study
    exhibit: Exhibit
    """The slide, with words and numbers."""

    @property
    def figure(self) -> Figure:
        """The slide as a matplotlib figure."""
        return self.exhibit.figure

    @property
    def tables(self) -> tuple[Table, ...]:
        """The numbers: a summary, scores by step, gradients by layer, and the learning rates that were tried."""
        return self.exhibit.tables

    @property
    def recipes(self) -> Mapping[str, Recipe]:
        """By activation, the recipe of what was learned, with the trained weights: `render` it at any size."""
        return {run.activation: run.recipe for run in self.study.runs}

    def film(
        self, *, seconds: float = SECONDS, fps: Rate | float | str = 25, width: int = 1280, height: int = 720
    ) -> LearningFilm:
        """Return the film of it. Raises `BadInput` for what is out of range."""
        rate = exact_rate(fps)
        if not 1 <= seconds <= 600:
            raise BadInput(f"seconds: expected 1 to 600, found {seconds:g}")
        if not 320 <= min(width, height * 16 // 9) <= max(width, height) <= 4096:
            raise BadInput(f"size: expected a film of 320x180 to 4096 pixels a side, found {width}x{height}")
        return LearningFilm(self.study, self.exhibit.theme.name, float(seconds), rate, width, height)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the slide (.png, .svg, .pdf) or the film (.mp4, .webm, .gif, .webp) and return the path."""
        if Path(path).suffix.lower() in FIGURES:
            return self.exhibit.save(path, overwrite=overwrite)
        return self.film().save(path, overwrite=overwrite)

    def save_picture(
        self, path: str | Path, activation: str, *, width: int = 1024, height: int = 1024, overwrite: bool = False
    ) -> Path:
        """Render what an activation learned and write it with its recipe, which carries the trained weights."""
        (name,) = chosen_activations([activation])
        if name not in self.recipes:
            raise unknown("activation", activation, self.recipes)
        recipe = self.recipes[name]
        save_picture(path, render(recipe, width=width, height=height), recipe, overwrite=overwrite)
        return Path(path)

    def __repr__(self) -> str:
        return repr(self.exhibit)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return self.exhibit._repr_mimebundle_(**kwargs)


@checked
def learn(
    target: str | Path,
    *activations: str,
    init: str | None = None,
    rate: float | None = None,
    optimiser: str | None = None,
    steps: int | None = None,
    batch: int | None = None,
    seed: int = 1,
    units: int | None = None,
    depth: int | None = None,
    features: Sequence[str] | None = None,
    fourier: int = 0,
    fourier_scale: float = 1.0,
    straight_through: bool = False,
    side: int = SIDE,
    crop: bool = True,
    ground: str = "white",
    palette: str | Sequence[str] | None = None,
    device: str = "auto",
    theme: str = "light",
    size: str = "slide",
    progress: Callable[[int], object] = lambda steps: None,
) -> Learning:
    """Train the same raw weights with each activation on a target, and return what was learned and measured.

    The arguments are those of `artstudio learn`: `target` is a name such as `face` or `spiral`, an image's path, or a
    formula; up to eight `activations`, by default step, sigmoid, tanh, relu, gelu and sine. Without a `rate` the best
    of a few is found for each. `progress` is called with the number of steps done since the last call. An interrupt
    returns what was learned by then. Raises `BadInput`, and `FileProblem` for an image that cannot be read.
    """
    (found, settings), names = plan(
        target, init=init, rate=rate, optimiser=optimiser, steps=steps, batch=batch, seed=seed, units=units,
        depth=depth, features=features, fourier=fourier, fourier_scale=fourier_scale,
        straight_through=straight_through, side=side, crop=crop, ground=ground, palette=palette,
    ), chosen_activations(activations)  # fmt: skip
    return run_plan(
        found, settings, names, palette=palette, device=device, theme=theme, size=size, progress=progress
    )


def plan(
    target: str | Path,
    *,
    side: int = SIDE,
    crop: bool = True,
    ground: str = "white",
    palette: str | Sequence[str] | None = None,
    **settings: Any,
) -> tuple[Target, Settings]:
    """Return the target and the settings of `learn`, checked, before anything is trained. Raises what it does."""
    seed = settings["seed"]
    if not 0 <= seed < 2**32:
        raise BadInput(f"seed: expected 0 to 4294967295, found {seed}")
    found = find_target(os.fspath(target), side=side, crop=crop, ground=ground, palette=palette, seed=seed)
    given = {name: value for name, value in settings.items() if value is not None}
    if "features" in given:
        given["features"] = tuple(given["features"])
    chosen = settings_for(found.kind, **given)
    base_recipe(found, chosen, palette)  # refuses what no recipe can have
    return found, chosen


def run_plan(
    target: Target,
    settings: Settings,
    activations: Sequence[str],
    *,
    palette: str | Sequence[str] | None,
    device: str,
    theme: str,
    size: str,
    stop: Event | None = None,
    words: Sequence[str] = (),
    progress: Callable[[int], object],
) -> Learning:
    """Train as planned; `words` are those of the command that does it. Raises `KeyboardInterrupt` if nothing is
    done."""
    # Networks this small are trained more quickly on a CPU: see docs/learning.md.
    (where, *_) = find_devices("cpu" if device == "auto" else device)
    made = study(target, settings, activations, palette=palette, device=where, stop=stop, progress=progress)
    if not made.runs:
        raise KeyboardInterrupt
    return Learning(made, study_exhibit(made, words or [target.name, *activations], theme=theme, size=size))
