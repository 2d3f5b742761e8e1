"""The numbers of a study as tables."""

from __future__ import annotations

import math

from artstudio.figures.lessons.lesson import Cell, Table
from artstudio.learning.settings import RATES
from artstudio.learning.study import Run, Study, search_steps

_SHOWN = (10, 100)
"""Steps whose scores stand in the summary, besides the last."""


def tables(study: Study) -> tuple[Table, ...]:
    """Return the summary; scores by checkpoint; gradients by layer at the start; and the learning rates tried."""
    found = (summary(study), _by_checkpoint(study), _gradients(study))
    return (*found, _tried(study)) if study.settings.rate is None else found


def summary(study: Study) -> Table:
    """Return a row for each activation: how it was trained, how well it does, and what became of its units."""
    steps = [step for step in _SHOWN if step < study.settings.steps]
    score, spec = study.objective.score_name, study.objective.score_format
    end = "end" if study.interrupted else study.settings.steps
    headers = ("activation", "init", "rate", *(f"{score} {step}" for step in (*steps, end)),
               "loss", "moved", "dead", "flat", "gradient 1st/last", "")  # fmt: skip
    formats = ("", "", "g", *(spec,) * (len(steps) + 1), ".3g", ".3g", ".1%", ".1%", ".2g", "")
    rows = tuple(_row(run, steps) for run in study.runs)
    return Table(_about(study), headers, rows, formats)


def _about(study: Study) -> str:
    s = study.settings
    found = f"{study.target.name}: {s.depth} x {s.units} units, {s.optimiser}, {s.steps} steps of"
    found += f" {min(s.batch, study.target.count)}, init {s.init}, seed {s.seed}"
    if s.rate is None:
        rates = ", ".join(f"{rate:g}" for rate in RATES[s.optimiser])
        found += f"; rates tried for {search_steps(s.steps)} steps each: {rates}"
    return found


def _row(run: Run, steps: list[int]) -> tuple[Cell, ...]:
    at = {checkpoint.step: checkpoint for checkpoint in run.checkpoints}
    scores: list[Cell] = [at[step].score if step in at else "-" for step in steps]
    norms, last = run.checkpoints[0].gradients, run.last
    ratio = norms[0] / norms[-2] if norms[-2] > 0 else 0.0
    remark = "" if run.trace.diverged is None else f"diverged in step {run.trace.diverged + 1}"
    return (run.activation, run.init, run.rate, *scores, last.score, last.loss, last.moved, last.dead_share,
            last.flat_share, ratio, remark)  # fmt: skip


def _by_checkpoint(study: Study) -> Table:
    steps = sorted({checkpoint.step for run in study.runs for checkpoint in run.checkpoints})
    rows: list[tuple[Cell, ...]] = []
    for run in study.runs:
        at: dict[int, Cell] = {checkpoint.step: checkpoint.score for checkpoint in run.checkpoints}
        scores: list[Cell] = [at.get(step, "-") for step in steps]
        rows.append((run.activation, *scores))
    spec = study.objective.score_format
    return Table(f"{study.objective.score_name} by step", ("activation", *map(str, steps)), tuple(rows),
                 ("", *(spec,) * len(steps)))  # fmt: skip


def _gradients(study: Study) -> Table:
    depth = study.settings.depth
    layers = ("activation", *(f"layer {layer + 1}" for layer in range(depth)), "read-out")
    rows: list[tuple[Cell, ...]] = [(run.activation, *run.checkpoints[0].gradients) for run in study.runs]
    return Table("Gradient norm by layer before training", layers, tuple(rows), ("", *(".2g",) * (depth + 1)))


def _tried(study: Study) -> Table:
    rates = RATES[study.settings.optimiser]
    rows: list[tuple[Cell, ...]] = []
    for run in study.runs:
        losses = dict(run.tried)
        cells: list[Cell] = [_loss(losses.get(rate, math.inf)) for rate in rates]
        rows.append((run.activation, *cells))
    title = f"Loss by learning rate, after {search_steps(study.settings.steps)} steps"
    return Table(
        title, ("activation", *(f"{rate:g}" for rate in rates)), tuple(rows), ("", *(".3g",) * len(rates))
    )


def _loss(loss: float) -> Cell:
    return loss if math.isfinite(loss) else "diverged"
