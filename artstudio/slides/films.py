"""The part of a deck that moves: one activation becomes another, a picture flows, networks learn."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from artstudio.figures.comparison import morph_columns, morph_title
from artstudio.figures.learning.words import inside
from artstudio.files.encode import FORMATS
from artstudio.model.activation.morph import LIMITS
from artstudio.model.activation.properties import measure
from artstudio.model.activation.registry import Activation
from artstudio.model.fields.option_words import option_words
from artstudio.model.recipe import Recipe
from artstudio.motion.film.formats import MOTION_FORMATS
from artstudio.motion.film.plan import estimate
from artstudio.motion.film.take import Frame
from artstudio.motion.spec import Loop
from artstudio.slides.request import Planned, Request
from artstudio.slides.slide import Film, FilmFormat, Image, Slide, listed_short, speaker_notes


@dataclass(frozen=True)
class Shape:
    """The size and length of a film."""

    width: int
    height: int
    fps: int
    seconds: float

    @property
    def count(self) -> int:
        """The number of frames."""
        return round(self.seconds * self.fps)

    def estimate(self, recipe: Recipe, format: FilmFormat) -> dict[str, Any]:
        """Return what such a film takes, roughly, as JSON values (`artstudio.motion.film.plan.estimate`)."""
        return estimate(recipe, MOTION_FORMATS[format], self.width, self.height, self.fps, self.count)

    def words(self) -> list[str]:
        """Return the options of a command that ask for it."""
        size = f"{self.width}x{self.height}"
        return ["--size", size, "--seconds", f"{self.seconds:g}", "--fps", str(self.fps)]


LOOPS: Mapping[str, Shape] = MappingProxyType({"gif": Shape(512, 288, 12, 5.0), "mp4": Shape(960, 540, 25, 6.0)})
"""By format, the shape of pictures that move. A GIF grows by half a byte per pixel: a deck is to fit into a mail."""

LEARNING: Mapping[str, Shape] = MappingProxyType(
    {"gif": Shape(864, 486, 10, 8.0), "mp4": Shape(1280, 720, 20, 8.0)}
)
"""The same for the film of learning, whose type must be read and whose ground is flat."""

TARGET = "face"
"""What networks learn: a picture, so that one sees what each activation can draw."""

_WIDTH = 40 / 3
"""Inches at which a film is meant to be seen: as wide as a slide, or as its place allows."""

_LEARNING_BYTES = 0.3
"""Of a film of learning, the bytes per pixel over those of a loop."""

_SECONDS_PER_STEP, _SECONDS_PER_FRAME = 0.002, 0.05
"""What training and drawing take, roughly."""


def film_slides(request: Request) -> Iterator[Planned]:
    """Plan the slides with films: none where none are wanted."""
    if (format := request.films) == "none":
        return
    names = request.activations
    if len(names) > 1 and all(record.elementwise and record.name.isidentifier() for record in names[:2]):
        yield _morph(request, format, names[0], names[1])
    flowing = next((preset for preset in request.presets if not preset.recipe.weights), None)
    if flowing is not None:
        yield _latent(format, flowing.title, flowing.recipe)
    yield _learning(request, format)


def _morph(request: Request, format: FilmFormat, first: Activation, last: Activation) -> Planned:
    a, b = inside(first.label), inside(last.label)
    title = f"{first.label} turns into {b} and back"
    words = [f"One random draw throughout. Its activation goes from {a} to {b} and back."]
    if any(LIMITS.get(pair) == 0 for pair in ((first.name, last.name), (last.name, first.name))):
        words.append(f"{morph_title(morph_columns(f'{first.name}..{last.name}'))}: watch the edges as k changes.")
    else:
        words.append(f"On the way every unit computes a blend, (1 − t) {a} + t {b}.")
    flat = [inside(record.label) for record in (first, last) if measure(record).saturates == "hard"]
    if flat:
        words.append(f"With {listed_short(flat)} all change of colour is at the edges.")
    words.append("The layers are calibrated anew all along the way, so that no frame is washed out.")
    loop = Loop(kind="morph", morph=(first.name, last.name))
    alt = f"A film of one picture whose activation changes from {a} to {b} and back, seed {request.recipe.seed}."
    caption = f"{first.label} → {b} → {a}"
    return _loop(format, request.recipe, loop, "film-morph", title, caption, alt, " ".join(words))


def _latent(format: FilmFormat, title: str, recipe: Recipe) -> Planned:
    said = (
        f"{title}, one of the pictures of the gallery, on a closed path: the network gets a few more inputs, the"
        " latent values, and these go around a circle. The picture flows without a jump, and the last frame leads"
        " into the first. The raw weights are the same in every frame."
    )
    alt = f"A film of the picture {title}, which flows and comes back to where it began, seed {recipe.seed}."
    return _loop(format, recipe, Loop(kind="latent"), "film-latent", f"{title} flows: a circle through latent space",
                 "The latent values go around a circle; the raw weights stay the same", alt, said)  # fmt: skip


def _loop(
    format: FilmFormat, recipe: Recipe, loop: Loop, name: str, title: str, caption: str, alt: str, said: str
) -> Planned:
    shape = LOOPS[format]
    # A morph is painted as a network of both activations.
    both = {"activation": f"mix({', '.join(loop.morph)})", "units": 2 * recipe.units} if loop.morph else {}
    painted = recipe.replace(**both)

    def make() -> Slide:
        from artstudio.motion.animation import animate

        made = animate(
            recipe, loop=loop, seconds=shape.seconds, fps=shape.fps, width=shape.width, height=shape.height
        )
        kind = ["--morph", "..".join(loop.morph)] if loop.morph else ["--loop", loop.kind]
        words = ["artstudio", "animate", "--seed", str(recipe.seed), *option_words(recipe), *kind, *shape.words()]
        command = shlex.join([*words, "-o", f"{name}.{format}"])
        image = _image(format, name, shape, made.save, made.frame(0), alt, caption)
        return Slide(kind="gallery", title=title, images=(image,), notes=speaker_notes(said, [command], ()))

    return Planned("films", title, make, shape.estimate(painted, format))


def _learning(request: Request, format: FilmFormat) -> Planned:
    names = [record.name for record in request.activations]
    seed = 1 if request.lesson_seed is None else request.lesson_seed
    shape = LEARNING[format]
    labels = listed_short([record.label for record in request.activations])

    def make() -> Slide:
        from artstudio.notebook.learning import learn

        learned = learn(TARGET, *names, seed=seed, theme=request.look.page.name)
        if learned.study.interrupted:
            raise KeyboardInterrupt
        film = learned.film(seconds=shape.seconds, fps=shape.fps, width=shape.width, height=shape.height)
        options = ["--seed", str(seed), "--theme", request.look.page.name, *shape.words()]
        command = shlex.join(["artstudio", "learn", TARGET, *names, *options, "-o", f"film-learning.{format}"])
        shown = learned.exhibit
        alt = (
            f"A film of {len(names)} networks that learn a picture, {labels}, and of their losses. {shown.title}."
        )
        image = _image(format, "film-learning", shape, film.save, film.frame(film.count - 1), alt, "")
        said = f"The film opens on what was learned and then shows it from the first step. {shown.words}"
        return Slide(kind="figure", title=shown.title, images=(image,),
                     notes=speaker_notes(said, [command], shown.tables))  # fmt: skip

    from artstudio.learning.study import work
    from artstudio.notebook.learning import plan

    _, settings = plan(TARGET, seed=seed)
    film, steps = shape.estimate(Recipe(), format), work(settings, names)
    film["estimated_bytes"] = round(_LEARNING_BYTES * film["estimated_bytes"])
    film["estimated_seconds"] = round(_SECONDS_PER_STEP * steps + _SECONDS_PER_FRAME * shape.count, 1)
    return Planned("films", f"the film of learning: {labels}", make, film)


def _image(
    format: FilmFormat, name: str, shape: Shape, save: Callable[[Path], Any], still: Frame, alt: str, caption: str
) -> Image:
    """Write a film, and return it with its still as a picture of a slide."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{format}"
        save(path)
        film = Film(format=format, data=path.read_bytes(), seconds=shape.seconds)
    png = FORMATS["png"].encode(still, {})
    height = _WIDTH * shape.height / shape.width
    return Image(name=name, png=png, width=_WIDTH, height=height, alt=alt, caption=caption, film=film)
