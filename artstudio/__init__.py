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
    from artstudio.engine.render import render
    from artstudio.errors import ArtstudioError, BadInput, FileProblem
    from artstudio.figures.exhibits import compare, lesson, plot
    from artstudio.model.activations import ACTIVATIONS, Activation
    from artstudio.model.palettes import PALETTES
    from artstudio.model.recipe import Recipe, View
    from artstudio.motion.animation import Animation, animate
    from artstudio.motion.spec import Loop
    from artstudio.notebook.gallery import gallery

__all__ = [
    "ACTIVATIONS",
    "PALETTES",
    "Activation",
    "Animation",
    "ArtstudioError",
    "BadInput",
    "FileProblem",
    "Loop",
    "Preset",
    "Recipe",
    "View",
    "__version__",
    "animate",
    "compare",
    "gallery",
    "lesson",
    "load_recipe",
    "plot",
    "render",
    "save",
    "shipped_presets",
    "verify",
]

_HOMES = {
    "ACTIVATIONS": "artstudio.model.activations",
    "Activation": "artstudio.model.activations",
    "Animation": "artstudio.motion.animation",
    "ArtstudioError": "artstudio.errors",
    "BadInput": "artstudio.errors",
    "FileProblem": "artstudio.errors",
    "Loop": "artstudio.motion.spec",
    "PALETTES": "artstudio.model.palettes",
    "Preset": "artstudio.batch.presets",
    "Recipe": "artstudio.model.recipe",
    "View": "artstudio.model.recipe",
    "compare": "artstudio.figures.exhibits",
    "gallery": "artstudio.notebook.gallery",
    "lesson": "artstudio.figures.exhibits",
    "animate": "artstudio.motion.animation",
    "load_recipe": "artstudio.batch.picture",
    "plot": "artstudio.figures.exhibits",
    "render": "artstudio.engine.render",
    "save": "artstudio.batch.picture",
    "shipped_presets": "artstudio.batch.presets",
    "verify": "artstudio.batch.verify",
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
