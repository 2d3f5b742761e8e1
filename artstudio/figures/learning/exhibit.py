"""A study as an exhibit: its figure with words, numbers and the command that makes it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import partial

from artstudio.figures.exhibit import Exhibit
from artstudio.figures.learning.figure import draw_study
from artstudio.figures.learning.tables import tables
from artstudio.figures.learning.words import findings, scored, setting, title
from artstudio.figures.style.theme import find_size, find_theme
from artstudio.learning.document import document
from artstudio.learning.study import Study


def study_exhibit(study: Study, words: Sequence[str], *, theme: str = "light", size: str = "slide") -> Exhibit:
    """Return the slide of a study; `words` are those of its command. Raises `BadInput` for an unknown look."""
    names = ", ".join(run.label for run in study.runs)
    scores = "; ".join(f"{run.label} {scored(study, run)}" for run in study.runs)
    look = [*(["--theme", theme] if theme != "light" else []), *(["--size", size] if size != "slide" else [])]
    return Exhibit(
        title=title(study),
        alt=f"A row of pictures for each of {names}: what the network shows as it learns {study.target.words}, from"
        f" step 0 to {study.settings.steps}. At the end: {scores}.",
        words=" ".join([f"{title(study)}.", *findings(study), f"Trained: {', '.join(setting(study)[1:])}."]),
        command=shlex.join(["artstudio", "learn", *words, *look, "-o", "learn.png"]),
        tables=tables(study),
        about=document(study),
        draw=partial(draw_study, study),
        theme=find_theme(theme),
        size=find_size(size),
    )
