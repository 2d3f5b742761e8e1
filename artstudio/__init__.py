"""artstudio: random neural networks paint pictures; choose the activation function, see what it does.

>>> import artstudio
>>> pixels = artstudio.render(artstudio.Recipe(seed=7, activation="tanh"), width=64, height=64)
>>> pixels.shape
(64, 64, 3)
"""

from __future__ import annotations

from artstudio.version import VERSION as __version__  # noqa: N811 - the name that Python has for it

TYPE_CHECKING = False  # not from typing: a command starts here, and until it has begun Ctrl-C is not silent
if TYPE_CHECKING:  # `as` says to type checkers that a name is meant for others
    # ruff: noqa: I001 - several names on a line
    from typing import Any

    from artstudio.pictures.picture import load_recipe as load_recipe, save as save
    from artstudio.presets.collections import Preset as Preset, shipped_presets as shipped_presets
    from artstudio.pictures.verify import verify as verify
    from artstudio.curation.curate import Candidate as Candidate
    from artstudio.curation.scores import Scores as Scores, score as score
    from artstudio.curation.variation import breed as breed, vary as vary
    from artstudio.engine.render import render as render
    from artstudio.errors import ArtstudioError as ArtstudioError, BadInput as BadInput, FileProblem as FileProblem
    from artstudio.figures.exhibit import Exhibit as Exhibit
    from artstudio.figures.exhibits import compare as compare, lesson as lesson, plot as plot
    from artstudio.figures.lessons.lesson import Table as Table
    from artstudio.figures.recipe_grid import grid as grid
    from artstudio.files.verdict import Verdict as Verdict
    from artstudio.model.activation.record import Break as Break
    from artstudio.model.activation.registry import ACTIVATIONS as ACTIVATIONS, Activation as Activation
    from artstudio.model.colour.models import ColourModel as ColourModel
    from artstudio.model.colour.palettes import PALETTES as PALETTES, Palette as Palette
    from artstudio.model.colour.prepared import Part as Part
    from artstudio.model.features import Feature as Feature
    from artstudio.model.fields.parts import Finish as Finish, Fourier as Fourier, View as View, Warp as Warp
    from artstudio.model.recipe import Recipe as Recipe
    from artstudio.motion.animation import Animation as Animation, animate as animate
    from artstudio.motion.spec import Loop as Loop
    from artstudio.notebook.gallery import Gallery as Gallery, gallery as gallery
    from artstudio.notebook.learning import Learning as Learning, learn as learn
    from artstudio.notebook.register import register as register
    from artstudio.notebook.search import curate as curate
    from artstudio.pages.embedding.frame import StudioFrame as StudioFrame, studio as studio
    from artstudio.slides.deck import deck as deck

_MODULES = {
    "pictures.picture": "load_recipe save",
    "presets.collections": "Preset shipped_presets",
    "pictures.verify": "verify",
    "curation.curate": "Candidate",
    "curation.scores": "Scores score",
    "curation.variation": "breed vary",
    "engine.render": "render",
    "errors": "ArtstudioError BadInput FileProblem",
    "figures.exhibit": "Exhibit",
    "figures.exhibits": "compare lesson plot",
    "figures.lessons.lesson": "Table",
    "figures.recipe_grid": "grid",
    "files.verdict": "Verdict",
    "model.activation.record": "Break",
    "model.activation.registry": "ACTIVATIONS Activation",
    "model.colour.models": "ColourModel",
    "model.colour.palettes": "PALETTES Palette",
    "model.colour.prepared": "Part",
    "model.features": "Feature",
    "model.fields.parts": "Finish Fourier View Warp",
    "model.recipe": "Recipe",
    "motion.animation": "Animation animate",
    "motion.spec": "Loop",
    "notebook.gallery": "Gallery gallery",
    "notebook.learning": "Learning learn",
    "notebook.register": "register",
    "notebook.search": "curate",
    "pages.embedding.frame": "StudioFrame studio",
    "slides.deck": "deck",
}

_HOMES = {name: f"artstudio.{module}" for module, names in _MODULES.items() for name in names.split()}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    # Loaded at first use, so that `artstudio --help` and the listings never wait for JAX.
    if name not in _HOMES:
        raise AttributeError(f"module 'artstudio' has no attribute {name!r}")
    from importlib import import_module

    import_module("artstudio.notebook.recipe")  # recipes show themselves in notebooks, wherever they come from
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
