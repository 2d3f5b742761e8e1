"""What there is to say of a study: a title and findings, all numbers as measured."""

from __future__ import annotations

from artstudio.figures.style.theme import number
from artstudio.learning.show import Outputs, score_of
from artstudio.learning.start import CALIBRATED
from artstudio.learning.study import Run, Study

_OPTIMISERS = {"adam": "Adam", "sgd": "plain gradient descent", "momentum": "gradient descent with momentum 0.9"}


def title(study: Study) -> str:
    """Return the finding: the best score and the worst, and after how many steps."""
    runs = sorted((run for run in study.runs if run.trace.diverged is None), key=lambda run: -run.last.score)
    if not runs:
        return f"Every network diverged: the learning rate {number(study.runs[0].rate)} is too high"
    best, worst = runs[0], runs[-1]
    said = f"{best.label} reaches {scored(study, best)} in {best.last.step:,} steps"
    return said if best is worst else f"{said}, {inside(worst.label)} {scored(study, worst)}"


def inside(label: str) -> str:
    """Return an activation's label as it stands inside a sentence: `sigmoid`, but `ReLU`."""
    return label.lower() if label[1:].islower() else label


def film_title(study: Study) -> str:
    """Return what a film shows."""
    return f"{study.target.name} learned from the same raw weights".capitalize()


def scored_at(study: Study, run: Run, step: int, outputs: Outputs) -> str:
    """Return the score of a run's outputs at a step, as words; that it diverged, from then on."""
    if run.trace.diverged is not None and step > run.trace.diverged:
        return "diverged"
    return _spaced(study.objective.scored(score_of(study, outputs)))


def scored(study: Study, run: Run, number: int = -1) -> str:
    """Return a run's score at a checkpoint, by default the last, as words."""
    return _spaced(study.objective.scored(run.checkpoints[number].score))


def _spaced(words: str) -> str:
    return words.replace("%", " %").replace("-", "−")


def setting(study: Study) -> list[str]:
    """Return how the networks were trained, in short lines."""
    s, target = study.settings, study.target
    layers = f"{s.depth} hidden layer{'s' * (s.depth > 1)} of {s.units} units"
    each = {"picture": "pixels", "curve": "places", "points": "points"}[target.kind]
    batch = f"of {s.batch:,} {each}" if s.batch < target.count else f"of all {target.count:,} {each}"
    fourier = [f"{s.fourier} random waves as inputs"] if s.fourier else []
    return [
        target.words, layers, *fourier, f"{s.steps:,} steps {batch}", f"by {_OPTIMISERS[s.optimiser]}",
        "from the same raw weights",
    ]  # fmt: skip


def how(study: Study, run: Run) -> str:
    """Return a run's initialisation and learning rate."""
    init = "" if study.settings.init == CALIBRATED else f"{run.init}, "
    return f"{init}rate {number(run.rate)}"


def findings(study: Study) -> list[str]:
    """Return what was measured besides the scores, a sentence each, the most telling first."""
    found = []
    still = [run for run in study.runs if run.last.moved == 0 and run.last.step]
    for run in still:
        found.append(
            f"{run.label}: slope 0, so the hidden weights moved by exactly 0; only the read-out learned"
            f" ({scored(study, run, 0)} to {scored(study, run)})."
        )
    for run in study.runs:
        if run.trace.diverged is not None:
            found.append(f"{run.label} diverged in step {run.trace.diverged + 1:,}, at rate {number(run.rate)}.")
    dead = [(run.last.dead_share, run) for run in study.runs if run not in still and run.last.dead_share > 0]
    if dead:
        said = ", ".join(f"{run.label} {share:.1%}".replace("%", " %") for share, run in sorted(dead, key=_share))
        found.append(f"Dead units at the end: {said}.")
    weakest = [(ratio, run) for run in study.runs if (ratio := first_to_last(run)) is not None]
    if len(weakest) > 1:
        ratio, run = min(weakest, key=_share)
        found.append(
            f"Before training, {inside(run.label)}’s gradient in layer 1 is {number(ratio, 2)} of that in layer"
            f" {len(run.last.dead)}."
        )
    return found


def first_to_last(run: Run) -> float | None:
    """Return the gradient's norm in the first layer over that in the last hidden one, before training; None for 0."""
    norms = run.checkpoints[0].gradients
    return norms[0] / norms[-2] if len(norms) > 2 and norms[-2] > 0 and norms[0] > 0 else None


def _share(pair: tuple[float, Run]) -> float:
    return pair[0]
