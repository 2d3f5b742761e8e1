"""What is in a deck: its parts, each a list of slides that are planned first and made later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.errors import BadInput, unknown
from artstudio.figures.comparison import morph_columns, morph_title
from artstudio.figures.exhibit import Exhibit, take_title
from artstudio.figures.exhibits import compare, lesson, plot
from artstudio.figures.lessons.initialisation import MOST_ACTIVATIONS as MOST_PAIRS
from artstudio.figures.lessons.lesson import Table
from artstudio.figures.lessons.registry import LESSONS
from artstudio.figures.lessons.vanishing import MOST_ACTIVATIONS as MOST_LINES
from artstudio.figures.style.save import encode_figure
from artstudio.figures.style.theme import SIZES, Size, house_style
from artstudio.files.encode import FORMATS
from artstudio.model.activation.properties import measure
from artstudio.model.activation.registry import Activation
from artstudio.model.size import AUTO
from artstudio.pictures.command import render_command
from artstudio.pictures.single import Picture, render_bytes
from artstudio.presets.collections import Preset
from artstudio.slides.films import film_slides
from artstudio.slides.request import Planned, Request
from artstudio.slides.slide import Image, Look, Slide, listed_short, speaker_notes

PAGE = SIZES["slide"]
_UNTITLED = Size("slide", PAGE.width, 6.3, PAGE.dpi)
"""A page for figures without a title of their own: the slide's stands above them."""

TITLE_ART = (7.1, 7.5)
"""Width and height in inches of the picture beside the deck's title."""

PICTURE = (960, 540)
"""Pixels of a picture among others; alone on its slide it has twice as many a side."""

MOST_ON_A_SLIDE, _MOST_BANDS = 6, 4


def plan_deck(request: Request, include: Sequence[str] = ()) -> list[Planned]:
    """Return the slides of the parts named, in the order of `PARTS`; of all of them when none is.

    Nothing is painted yet. Raises `BadInput` for an unknown part, or for films where none are wanted.
    """
    for name in include:
        if name not in PARTS:
            raise unknown("part of a deck", name, PARTS)
    if "films" in include and request.films == "none":
        raise BadInput("films: expected gif or mp4 with the part films, found none")
    return [slide for name, part in PARTS.items() if not include or name in include for slide in part(request)]


def _title(request: Request) -> Iterator[Planned]:
    names = listed_short([record.label for record in request.activations[:_MOST_BANDS]])
    subtitle = f"{names}, seen in pictures of random networks"
    yield Planned("title", request.title, partial(_title_slide, request, subtitle))


def _title_slide(request: Request, subtitle: str) -> Slide:
    """Paint one network in upright bands, each with another activation."""
    from artstudio.engine.programs import expect
    from artstudio.engine.render import render

    width, height = (round(side * PAGE.dpi) for side in TITLE_ART)
    records = request.activations[:_MOST_BANDS]
    recipes = [request.recipe.replace(activation=record.name) for record in records]
    expect(recipes)
    painted = [render(recipe, width=width, height=height) for recipe in recipes]
    ends = [round(width * i / len(records)) for i in range(len(records) + 1)]
    bands = [p[:, a:b] for p, (a, b) in zip(painted, pairwise(ends), strict=True)]
    names = listed_short([record.label for record in records])
    seed = request.recipe.seed
    alt = f"One picture in {len(records)} upright bands, painted from the same random draw, seed {seed}: {names}."
    commands = [render_command(recipe, width, height, AUTO) for recipe in recipes]
    png = FORMATS["png"].encode(np.concatenate(bands, axis=1), {})
    art = Image(name="title", png=png, width=TITLE_ART[0], height=TITLE_ART[1], alt=alt)
    said = f"The bands from left to right: {names}. All start from the same random draw, calibrated for each."
    notes = speaker_notes(said, commands, ())
    return Slide(kind="title", title=request.title, subtitle=subtitle, images=(art,), notes=notes)


def _gallery(request: Request) -> Iterator[Planned]:
    pages = [page for _, run in groupby(request.presets, _in_collection(request)) for page in _pages(list(run))]
    titles: list[str] = []
    for number, page in enumerate(pages, 1):
        shared = {preset.collection for preset in page}
        title = page[0].title if len(page) == 1 else _heading(sorted(shared))
        titles.append(title)
        if titles.count(title) > 1:
            title = f"{title}, page {titles.count(title)}"
        yield Planned("gallery", title, partial(_gallery_slide, title, number, page))


def _heading(collections: Sequence[str]) -> str:
    """Name a page of pictures by their collections, of many the first."""
    names = [name[:1].upper() + name[1:] for name in collections]
    return listed_short(names if len(names) <= 3 else [*names[:2], f"{len(names) - 2} more collections"])


def _in_collection(request: Request) -> Callable[[Preset], str]:
    """Return what pages are made of: whole collections each their own, single presets together."""
    counts: dict[str, int] = {}
    for preset in request.presets:
        counts[preset.collection] = counts.get(preset.collection, 0) + 1
    return lambda preset: preset.collection if counts[preset.collection] > 1 else ""


def _pages(presets: list[Preset]) -> list[list[Preset]]:
    """Share presets among as few pages as hold them, as evenly as can be."""
    count = -(-len(presets) // MOST_ON_A_SLIDE)
    ends = [round(len(presets) * i / count) for i in range(count + 1)]
    return [presets[a:b] for a, b in pairwise(ends)]


def _gallery_slide(title: str, number: int, presets: Sequence[Preset]) -> Slide:
    large = 2 if len(presets) == 1 else 1
    width, height = PICTURE[0] * large, PICTURE[1] * large
    images, commands, rows = [], [], []
    for preset in presets:
        png = render_bytes(Picture(preset.recipe, width, height, FORMATS["png"], AUTO, title=preset.title))
        made = f"{', '.join(preset.recipe.activation)}, seed {preset.recipe.seed}"
        images.append(
            Image(
                name=f"gallery-{number}-{preset.name}", png=png, width=width / PAGE.dpi, height=height / PAGE.dpi,
                alt=f"{preset.title}. {preset.description or 'A picture of a random network'} ({made}).",
                caption="" if len(presets) == 1 else preset.title,
            )
        )  # fmt: skip
        commands.append(render_command(preset.recipe, width, height, AUTO))
        size = f"{preset.recipe.units} x {preset.recipe.depth}"
        rows.append((preset.title, preset.recipe.seed, ", ".join(preset.recipe.activation), size))
    table = Table("the networks", ("picture", "seed", "activation", "units x layers"), tuple(rows))
    said = f"Pictures of random networks: {listed_short([preset.title for preset in presets])}."
    notes = speaker_notes(f"{said} Each carries its recipe: artstudio info FILE prints it.", commands, (table,))
    return Slide(kind="gallery", title=title, images=tuple(images), notes=notes)


def _compare(request: Request) -> Iterator[Planned]:
    names = [record.name for record in request.activations]
    if len(names) < 2:
        return
    shared = partial(compare, recipe=request.recipe, theme=request.look.page.name)
    yield _figure(request, "compare", "One random draw through " + listed_short(names),
                  partial(shared, *names, curves=True, title=_DECIDES))  # fmt: skip
    first, second = request.activations[:2]
    title = _slope_title(first, second)
    yield _figure(request, "compare", title, partial(shared, first.name, second.name, gradient=True, title=title))
    if all(record.elementwise and _NAME.fullmatch(record.name) for record in (first, second)):
        morph = f"{first.name}..{second.name}"
        title = morph_title(morph_columns(morph))
        yield _figure(request, "compare", title, partial(shared, morph=morph, curves=True, title=title))


_DECIDES = "The activation decides what one random draw looks like"
_NAME = re.compile(r"[a-z_0-9]+", re.ASCII)


def _slope_title(*records: Activation) -> str:
    """Say which pictures are flat but for their edges, if some are."""
    flat = [record.label for record in records if measure(record).saturates == "hard"]
    names = listed_short([record.label for record in records])
    return (
        f"{listed_short(flat)}: all change of colour is at the edges"
        if flat
        else f"Where the colour changes: {names}"
    )


def _plots(request: Request) -> Iterator[Planned]:
    names = [record.name for record in request.activations]
    shown = partial(plot, theme=request.look.page.name)
    if len(names) > 1:
        yield _figure(request, "plots", f"{listed_short(names)} with their derivatives", partial(shown, *names))
    for name in names:
        draw = partial(shown, name, at=(0.0, 2.0), saturation=True)
        yield _figure(request, "plots", f"{name} with its derivative", draw)


def _lessons(request: Request) -> Iterator[Planned]:
    names = [record.name for record in request.activations if record.elementwise]
    bent = [name for name in names if name != "identity"]
    chosen: dict[str, dict[str, Any]] = {
        # Through 100 layers of a jump or a sigmoid next to nothing of the picture is left to be seen.
        "linearity": {"activation": [] if "tanh" in names else bent[:1], "palette": request.palette},
        "vanishing": {"activation": names[:MOST_LINES]},
        "initialisation": {"activation": _sloped(request.activations)[:MOST_PAIRS]},
    }
    for topic, record in LESSONS.items():
        settings = {name: value for name, value in chosen.get(topic, {}).items() if value}
        if request.lesson_seed is not None and "seed" in record.settings:
            settings["seed"] = request.lesson_seed
        draw = partial(lesson, topic, theme=request.look.page.name, **settings)
        yield _figure(request, "lessons", f"the lesson on {topic}", draw)


def _sloped(records: Sequence[Activation]) -> list[str]:
    """The activations of which an initialisation can be right or wrong: those with a slope, ReLU's family first."""
    sloped = [r for r in records if r.elementwise and measure(r).saturates != "hard"]
    return [r.name for r in sorted(sloped, key=lambda r: r.init != "he")]


PARTS: Mapping[str, Callable[[Request], Iterator[Planned]]] = MappingProxyType(
    {
        "title": _title,
        "gallery": _gallery,
        "compare": _compare,
        "plots": _plots,
        "lessons": _lessons,
        "films": film_slides,
    }
)
"""The parts of a deck, in its order."""


def _figure(request: Request, part: str, about: str, exhibit: Callable[[], Exhibit]) -> Planned:
    return Planned(part, about, lambda: figure_slide(exhibit(), request.look))


def figure_slide(exhibit: Exhibit, look: Look) -> Slide:
    """Return a figure's slide: its title becomes the slide's, its numbers and command the notes."""
    figure = exhibit.draw(look.figure, PAGE)
    with house_style():
        own = take_title(figure)
    if not own:
        figure = exhibit.draw(look.figure, _UNTITLED)
    png = encode_figure(figure, "png", trim=True)
    width, height = (int.from_bytes(png[at : at + 4]) / figure.dpi for at in (16, 20))
    title = own or exhibit.title
    alt = exhibit.alt if own in ("", exhibit.title) else f"{own}. {exhibit.alt}"
    name = re.sub(r"[^a-z0-9]+", "-", exhibit.command.partition(" ")[2].partition(" -o ")[0].lower()).strip("-")
    image = Image(name=name[:60].strip("-"), png=png, width=width, height=height, alt=alt)
    notes = speaker_notes(exhibit.words, [exhibit.command], exhibit.tables)
    return Slide(kind="figure", title=title, images=(image,), notes=notes)
