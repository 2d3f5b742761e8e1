"""`artstudio lesson`: what activation functions do, as numbers and a figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options, report

_DEFAULT, _FOLDER = "outputs/lesson-TOPIC.png", "outputs/lessons"


# -1 is a score, not an option.
@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("topic", shell_complete=options.complete_topic)
@click.argument("scores", nargs=-1, type=float)
@click.option("-s", "--seed", type=int, help="The networks' weights, 0 to 4294967295.")
@click.option("-a", "--activation", type=options.NameList(), metavar="NAME[,NAME...]",
              shell_complete=options.complete_activation,
              help="vanishing: up to six; initialisation: up to three; linearity: one beside identity.")  # fmt: skip
@click.option("--units", type=int, help="Neurons in a hidden layer, 1 to 128.")
@click.option("--depth", type=int, help="Hidden layers of the deepest network.")
@click.option("-p", "--palette", shell_complete=options.complete_palette, help="linearity: the pictures' colours.")
@click.option("--init", metavar="NAME", shell_complete=options.complete_init,
              help="vanishing: he, glorot, lecun or siren for all; default: natural.")  # fmt: skip
@click.option("--rate", type=float, help="dying: the learning rate of the step, 0 to 10.")
@click.option("--temperature", type=options.NumberList(), metavar="T[,T...]",
              help="softmax: temperatures to show besides 1.")  # fmt: skip
@options.figure_options(_DEFAULT)
@options.json_option
@options.quiet_option
def command(
    topic: str, output: str, theme: str, figure_size: str, dpi: float | None, text: str, force: bool, as_json: bool,
    quiet: bool,
    **given: Any,
) -> None:  # fmt: skip
    """Print a lesson's numbers, measured on real networks, and draw its figure.

    TOPIC is linearity, vanishing, initialisation, dying, learning, softmax or all (-o is a folder then); SCORES are
    for softmax.

    \b
    artstudio lesson linearity
    artstudio lesson vanishing -a sigmoid,tanh,relu --depth 10 --theme dark
    artstudio lesson initialisation -a relu,gelu
    artstudio lesson dying -o dying.pdf
    artstudio lesson softmax 2.0 1.0 0.1 --temperature 0.5,2
    artstudio lesson all -o lessons
    """
    from artstudio.errors import BadInput, clip
    from artstudio.figures.lessons.registry import ALL, check_settings, find_lessons, measure

    lessons = find_lessons(topic)
    settings = {name: value for name, value in given.items() if value not in (None, ())}
    check_settings(topic, settings)
    folder, usual = output, output == _DEFAULT
    if topic == ALL:
        folder, usual = _FOLDER if usual else output, True
        if Path(folder).suffix.lower() in (".png", ".svg", ".pdf"):
            raise BadInput(f"all: expected a folder, found {clip(folder)!r}")
        paths = [str(Path(folder) / f"lesson-{lesson.topic}.png") for lesson in lessons]
    else:
        paths = [_DEFAULT.replace("TOPIC", topic) if usual else output]
    files = [
        options.figure_file(path, path if usual else "", theme, figure_size, dpi, text, force) for path in paths
    ]
    documents = []
    for lesson, file in zip(lessons, files, strict=True):
        with report.busy(f"measuring {lesson.topic}", quiet):
            result = measure(lesson, settings)
            file.write(lesson.draw(result, file.theme, file.size))
        documents.append({"topic": lesson.topic, "path": str(file.path), **result.document()})
        if not as_json:
            for table in result.tables():
                click.echo(table.title)
                report.print_table(table.headers, table.printed())
                click.echo()
            click.echo(str(file.path))
    if as_json:
        click.echo(json.dumps({"folder": folder, "lessons": documents} if topic == ALL else documents[0]))
