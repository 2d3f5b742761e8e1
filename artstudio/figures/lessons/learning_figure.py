"""The figure on learning: what each activation learned by plain gradient descent; losses, and those with Adam."""

from __future__ import annotations

from matplotlib.figure import Figure

from artstudio.figures.learning.cells import draw_cell
from artstudio.figures.learning.charts import draw_stroke, heading, loss_axes, loss_curve, loss_limits
from artstudio.figures.lessons.learning import ADAM, KINDS, PLAIN, Learned, Learning
from artstudio.figures.lessons.page import LEFT, fitted, page
from artstudio.figures.panel import Box, write
from artstudio.figures.theme import SMALL_POINTS, TEXT_POINTS, Size, Stroke, Theme, house_style, number
from artstudio.learning.study import Run, Study
from artstudio.model.activations import get_activation

_LINE = 1.4 * TEXT_POINTS / 72


def draw(result: Learning, theme: Theme, size: Size) -> Figure:
    """Draw a picture and its numbers for each activation; below or beside them losses with both optimisers."""
    with house_style():
        figure = page(theme, size, title(result))
        cells, charts = _boxes(size)
        for number_, (kind, box) in enumerate(zip(KINDS, cells, strict=True)):
            run = next(run for run in result.studies[PLAIN].runs if run.activation == kind)
            _cell(figure, theme, result.studies[PLAIN], run, result.of(kind), theme.stroke(number_), box, size)
        curves = {name: [loss_curve(run) for run in study.runs] for name, study in result.studies.items()}
        limits = loss_limits([curve for both in curves.values() for curve in both])
        words = {PLAIN: "Loss, plain gradient descent", ADAM: "Loss, Adam: it hides it"}
        for (name, title_), box in zip(words.items(), charts, strict=True):
            heading(figure, theme, box, title_, TEXT_POINTS)
            axes = loss_axes(figure, theme, result.studies[name], box, limits)
            for i, (at, powers) in enumerate(curves[name]):
                draw_stroke(axes, at, powers, theme.stroke(i), KINDS[i])
        line = (
            f"Gradient in layer 1 over layer {result.depth} before training: sigmoid"
            f" {number(result.of('sigmoid').first, 2)}, ReLU {number(result.of('relu').first, 2)}."
            f" At rate {result.high_rate:g}, {result.killed:.0%} of the ReLUs die.".replace("%", " %")
        )
        write(figure, LEFT, 0.36, line, fitted(line, TEXT_POINTS, size.width - 2 * LEFT), theme.muted,
              up="center_baseline")  # fmt: skip
    return figure


def title(result: Learning) -> str:
    """Return what the figure says: who learns, and who does not."""
    step, sigmoid, relu = (f"{100 * result.of(kind).accuracy:.0f} %" for kind in KINDS)
    return f"{result.depth} layers learn a circle: step {step}, sigmoid {sigmoid}, ReLU {relu}"


def _boxes(size: Size) -> tuple[list[Box], list[Box]]:
    """Where the three cells with their words go, and the two charts."""
    top = size.height - 1.1
    if size.portrait:
        width = (size.width - 2 * LEFT - 0.6) / 3
        cells = [(LEFT + i * (width + 0.3), top - 3.6, width, 3.6) for i in range(3)]
        chart = (size.width - 2 * LEFT - 2 * 0.7 - 0.2) / 2
        return cells, [(LEFT + 0.7 + i * (chart + 0.9), 1.15, chart, 1.05) for i in range(2)]
    width = 2.35
    cells = [(LEFT + i * (width + 0.3), 0.75, width, top - 0.75) for i in range(3)]
    left = LEFT + 3 * (width + 0.3) + 0.85
    tall = (top - 0.75 - 2 * 1.0) / 2
    return cells, [(left, 1.25 + (1 - i) * (tall + 1.05), size.width - LEFT - left, tall) for i in range(2)]


def _cell(
    figure: Figure, theme: Theme, study: Study, run: Run, learned: Learned, stroke: Stroke, box: Box, size: Size
) -> None:
    """Draw a map of classes with its name above and its numbers below."""
    left, bottom, width, height = box
    top = bottom + height
    label = get_activation(run.activation).label
    points = fitted(label, TEXT_POINTS, width, bold=True)
    write(figure, left, top - 0.2, label, points, stroke.text, bold=True, up="center_baseline")
    side = min(width, height - 0.5 - 4 * _LINE)
    draw_cell(figure, theme, study, run, run.last.step, stroke, (left, top - 0.45 - side, side, side))
    lines = (
        f"{learned.accuracy:.0%} right",
        f"hidden moved {number(learned.moved, 2)}",
        f"dead units {learned.dead:.0%}",
        f"one sign {learned.one_sign:.0%}",
    )
    at = top - 0.45 - side - 0.32
    for k, line in enumerate(lines):
        words = line.replace("%", " %")
        points = min(fitted(words, TEXT_POINTS, width), TEXT_POINTS if not size.portrait else SMALL_POINTS + 1)
        colour = theme.ink if k == 0 else theme.muted
        write(figure, left, at - k * _LINE, words, points, colour, bold=k == 0, up="center_baseline")
