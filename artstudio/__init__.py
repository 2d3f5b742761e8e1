"""artstudio: random neural networks paint pictures; choose the activation function, see what it does.

>>> import artstudio
>>> pixels = artstudio.render(artstudio.Recipe(seed=7, activation="tanh"), width=64, height=64)
>>> pixels.shape
(64, 64, 3)
"""

from __future__ import annotations

from artstudio.version import VERSION as __version__  # noqa: N811 - the name that Python has for it

TYPE_CHECKING = False  # not from typing: a command starts here, and until it has begun Ctrl-C is not silent
if TYPE_CHECKING:
    from typing import Any

    from artstudio.batch.picture import load_recipe, save
    from artstudio.batch.presets import Preset, shipped_presets
    from artstudio.batch.verify import verify
    from artstudio.curation.curate import Candidate
    from artstudio.curation.scores import Scores, score
    from artstudio.curation.variation import breed, vary
    from artstudio.engine.render import render
    from artstudio.errors import ArtstudioError, BadInput, FileProblem
    from artstudio.figures.exhibit import Exhibit
    from artstudio.figures.exhibits import compare, lesson, plot
    from artstudio.figures.lessons.lesson import Table
    from artstudio.files.verdict import Verdict
    from artstudio.model.activations import ACTIVATIONS, Activation
    from artstudio.model.palettes import PALETTES
    from artstudio.model.parts import Finish, Fourier, View, Warp
    from artstudio.model.recipe import Recipe
    from artstudio.motion.animation import Animation, animate
    from artstudio.motion.spec import Loop
    from artstudio.notebook.gallery import Gallery, gallery
    from artstudio.notebook.learning import Learning, learn
    from artstudio.notebook.search import curate
    from artstudio.slides.deck import deck

__all__ = [
    "ACTIVATIONS",
    "PALETTES",
    "Activation",
    "Animation",
    "ArtstudioError",
    "BadInput",
    "Candidate",
    "Exhibit",
    "FileProblem",
    "Finish",
    "Fourier",
    "Gallery",
    "Learning",
    "Loop",
    "Preset",
    "Recipe",
    "Scores",
    "Table",
    "Verdict",
    "View",
    "Warp",
    "__version__",
    "animate",
    "breed",
    "compare",
    "curate",
    "deck",
    "gallery",
    "learn",
    "lesson",
    "load_recipe",
    "plot",
    "render",
    "save",
    "score",
    "shipped_presets",
    "vary",
    "verify",
]

_HOMES = {
    "Activation": "artstudio.model.activations",
    "ACTIVATIONS": "artstudio.model.activations",
    "animate": "artstudio.motion.animation",
    "Animation": "artstudio.motion.animation",
    "ArtstudioError": "artstudio.errors",
    "BadInput": "artstudio.errors",
    "breed": "artstudio.curation.variation",
    "Candidate": "artstudio.curation.curate",
    "compare": "artstudio.figures.exhibits",
    "curate": "artstudio.notebook.search",
    "deck": "artstudio.slides.deck",
    "Exhibit": "artstudio.figures.exhibit",
    "FileProblem": "artstudio.errors",
    "Finish": "artstudio.model.parts",
    "Fourier": "artstudio.model.parts",
    "Gallery": "artstudio.notebook.gallery",
    "gallery": "artstudio.notebook.gallery",
    "learn": "artstudio.notebook.learning",
    "Learning": "artstudio.notebook.learning",
    "lesson": "artstudio.figures.exhibits",
    "load_recipe": "artstudio.batch.picture",
    "Loop": "artstudio.motion.spec",
    "PALETTES": "artstudio.model.palettes",
    "plot": "artstudio.figures.exhibits",
    "Preset": "artstudio.batch.presets",
    "Recipe": "artstudio.model.recipe",
    "render": "artstudio.engine.render",
    "save": "artstudio.batch.picture",
    "score": "artstudio.curation.scores",
    "Scores": "artstudio.curation.scores",
    "shipped_presets": "artstudio.batch.presets",
    "Table": "artstudio.figures.lessons.lesson",
    "vary": "artstudio.curation.variation",
    "Verdict": "artstudio.files.verdict",
    "verify": "artstudio.batch.verify",
    "View": "artstudio.model.parts",
    "Warp": "artstudio.model.parts",
}


def __getattr__(name: str) -> Any:
    # Loaded at first use, so that `artstudio --help` and the listings never wait for JAX.
    if name not in _HOMES:
        raise AttributeError(f"module 'artstudio' has no attribute {name!r}")
    from importlib import import_module

    import_module("artstudio.notebook.recipe")  # recipes show themselves in notebooks, wherever they come from
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
