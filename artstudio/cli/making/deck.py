"""`artstudio deck`: slides for a talk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options, report
from artstudio.cli.surprise_options import count_option, draw_if_asked, style_option


@click.command(cls=options.RecipeCommand)
@click.argument("file")
@click.argument("activations", nargs=-1, metavar="[ACTIVATION]...", shell_complete=options.complete_activation)
@click.option("--include", type=options.NameList(), metavar="PART[,PART...]",
              help="title, gallery, compare, plots, lessons, films; all of them when none is named.")  # fmt: skip
@click.option("--title", default="", help="The deck's title.")
@click.option("--preset", "presets", multiple=True, shell_complete=options.complete_preset,
              help="A preset, a collection or a TOML file for the gallery; may be given again.")  # fmt: skip
@count_option
@style_option
@click.option("--films", default="gif", show_default=True, type=click.Choice(("gif", "mp4", "none")),
              help="gif plays everywhere; mp4 is sharper and needs the extra 'video'; none.")  # fmt: skip
@click.option("--theme", default="light", show_default=True, shell_complete=options.complete_theme,
              help="light or dark; with a template, as it is.")  # fmt: skip
@click.option("--template", metavar="FILE.pptx",
              help="Use the design of this presentation, without its slides (also .potx, .ppsx, ...).")  # fmt: skip
@click.option("--format", "format_name", default="pptx", show_default=True,
              help="pptx; or markdown: FILE is a folder then, for Marp and reveal.js.")  # fmt: skip
@click.option("-n", "--dry-run", is_flag=True, help="Print what would be on the slides; write nothing.")
@click.option("-f", "--force", is_flag=True, help="Replace an existing deck.")
@options.json_option
@options.quiet_option
def command(
    file: str, activations: tuple[str, ...], include: tuple[str, ...] | None, title: str, presets: tuple[str, ...],
    surprise: int | None, styles: tuple[str, ...], films: Any, theme: str, template: str | None,
    format_name: str, dry_run: bool, force: bool, as_json: bool, quiet: bool, **fields: Any,
) -> None:  # fmt: skip
    """Write a deck of slides: a title, a gallery, comparisons, plots of f and f', the lessons, and films that repeat.

    Titles are text, pictures have descriptions, and the speaker's notes hold the numbers and the commands. The
    ACTIVATIONs (step, sigmoid, tanh and relu by default) are compared, plotted and shown in the lessons; --palette
    colours all pictures, and other recipe options such as --seed change the networks that are compared.

    \b
    artstudio deck talk.pptx
    artstudio deck talk.pptx step sigmoid relu --seed 5 --palette ember --theme dark
    artstudio deck gallery.pptx --include title,gallery --preset glass --title "Stained glass"
    artstudio deck talk.pptx --surprise 6
    artstudio deck talk.pptx --template university.pptx --include compare,plots
    artstudio deck talk.pptx --include films --films mp4
    artstudio deck talk --format markdown
    """  # fmt: skip
    from artstudio.model.recipe import Recipe
    from artstudio.slides.content import plan_deck
    from artstudio.slides.request import MAIL_MEGABYTES, TITLE_SEED, make_request
    from artstudio.slides.slide import find_look
    from artstudio.slides.write import open_target

    look, path = find_look(theme), Path(file)
    recipe = options.override(Recipe(seed=TITLE_SEED), {**fields, "activation": None})
    surprises = draw_if_asked(surprise, styles, {"seed": fields["seed"], "palette": fields["palette"]}, quiet)
    request = make_request(
        look, title=title, recipe=recipe, activations=fields["activation"] or activations, presets=presets,
        surprises=surprises, lesson_seed=fields["seed"], palette=recipe.palette if fields["palette"] else None,
        films=films,
    )  # fmt: skip
    planned = plan_deck(request, include or ())
    rows = [slide.to_dict() for slide in planned]
    target = open_target(
        path, look, format=format_name, template=Path(template) if template else None, overwrite=force
    )
    if dry_run:
        click.echo(
            json.dumps({"path": file, "slides": rows}) if as_json else "\n".join(slide.line() for slide in planned)
        )
        return
    slides = []
    with report.pixel_progress(len(planned), path.name, quiet) as progress:
        for slide in planned:
            slides.append(slide.make())
            progress(1)
        written = target.write(slides)
    megabytes = written / 1e6
    report.remark(
        f"{file} has {megabytes:.0f} MB; many mail services take {MAIL_MEGABYTES}: --films mp4 or none is smaller",
        quiet or megabytes <= MAIL_MEGABYTES,
    )
    if as_json:
        details = [{"title": s.title, "pictures": len(s.images), "notes": s.notes} for s in slides]
        rows = [{**row, **detail} for row, detail in zip(rows, details, strict=True)]
        click.echo(json.dumps({"path": file, "format": format_name, "bytes": written, "slides": rows}))
    else:
        click.echo(file)
