"""`artstudio studio`: the explorer and the studio, served to this machine's browser or written as one page."""

from __future__ import annotations

from pathlib import Path

import click

from artstudio.cli import options, report
from artstudio.errors import BadInput
from artstudio.pages.serving import DEFAULT_PORT


@click.command()
@click.option("--export", "export", metavar="FILE.html", help="Write the page as one file and serve nothing.")
@click.option("--part", metavar="NAME", help="With --export, one part: picture, explorer, softmax, depth, learn.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing file.")
@click.option(
    "-o",
    "--output",
    "folder",
    default="outputs",
    show_default=True,
    help="The folder whose galleries are shown; pictures made go to studio/ in it.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Where to listen on 127.0.0.1; 0 takes any free port.",
)
@click.option(
    "--frames", "ancestors", metavar="ORIGIN", multiple=True,
    help="Let pages of this origin show the served page in a frame; repeat it for more.",
)  # fmt: skip
@click.option("--lesson", is_flag=True, help="Begin with the lesson's questions, which check the answers.")
@click.option(
    "--questions", metavar="FILE.toml", help="Ask a set of your own (docs/questions.md) instead of the lesson's."
)
@click.option("--browser/--no-browser", default=True, help="Open the page in the browser.")
@options.quiet_option
def command(
    export: str | None,
    part: str | None,
    force: bool,
    folder: str,
    port: int,
    ancestors: tuple[str, ...],
    lesson: bool,
    questions: str | None,
    browser: bool,
    quiet: bool,
) -> None:
    """Open the activation explorer and the art studio in the browser; print the address.

    Only this machine can reach it. Ctrl-C ends it. With --export the page is written as one file that works
    offline from the disk, without full-quality renders and galleries, which need the server.

    \b
    artstudio studio
    artstudio studio --port 0 --no-browser -o slides
    artstudio studio --export studio.html
    artstudio studio --lesson
    artstudio studio --lesson --questions my.toml --export homework.html
    artstudio studio --export explorer.html --part explorer
    artstudio studio --frames https://slides.example.org
    """  # fmt: skip
    from artstudio.files.atomic import check_writable_target, write_atomic
    from artstudio.pages.questions.load import LESSON, load_questions

    if part and (lesson or questions or export is None):
        raise BadInput("--part: expected with --export FILE.html, and without --lesson and --questions")
    asked = load_questions(questions or LESSON)
    start = f"#question={asked.questions[0].id}" if lesson else ""
    if export is not None:
        check_writable_target(export, overwrite=force)
        from artstudio.pages.embedding.parts import part_page
        from artstudio.pages.studio_page import studio_page

        page = part_page(part) if part else studio_page(served=False, start=start, questions=asked)
        write_atomic(export, page.encode(), overwrite=force)
        click.echo(export)
        return
    from artstudio.pages import serving
    from artstudio.pages.policy import origin

    origins = [origin(text) for text in ancestors]
    serving.check_installed()
    with serving.listen(port) as listening:
        from artstudio.pages.studio_page import studio_page

        page = studio_page(served=True, start=start, questions=asked)
        url = serving.address(listening)
        click.echo(url)
        report.remark(f"serving {folder}/; Ctrl-C ends it", quiet)
        if browser:
            serving.open_browser(url)
        serving.serve(page, Path(folder), listening, origins)
