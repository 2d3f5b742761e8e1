"""`artstudio gallery`: many pictures into a folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from artstudio.cli import options, report
from artstudio.cli.batch_options import batch_options, look_options
from artstudio.cli.surprise_options import count_option, draw_if_asked, style_option


@click.command(cls=options.RecipeCommand)
@click.argument("presets", nargs=-1, metavar="[PRESET]...", shell_complete=options.complete_preset)
@click.option(
    "--sweep", "sweeps", multiple=True, metavar="FIELD=VALUES", help="One picture for each value (below)."
)
@count_option
@style_option
@options.size_option("1080p")
@options.paper_options
@options.supersample_option
@click.option("-o", "--output", "folder", default="outputs/gallery", show_default=True, help="The folder.")
@click.option(
    "--format", "format_name", default="png", show_default=True, shell_complete=options.complete_format,
    cls=options.LateHelp, words=lambda: f"The pictures' format: {options.format_names()}.",
)  # fmt: skip
@batch_options
@look_options
@options.json_option
@options.quiet_option
def command(
    presets: tuple[str, ...], sweeps: tuple[str, ...], surprise: int | None, styles: tuple[str, ...],
    size: str | None, dpi: float | None, bleed: str | None, supersample: int | None, folder: str,
    format_name: str, workers: int | None, cluster: str,
    dry_run: bool, force: bool, fail_fast: bool, title: str, sheet: str, columns: int | None, caption: str,
    page: bool, as_json: bool, quiet: bool, **fields: Any,
) -> int:  # fmt: skip
    """Render presets into a folder: one picture each, a contact sheet, a page, and manifest.jsonl.

    PRESET is a shipped preset, a TOML file (all of its presets), file.toml:name, or a picture or loop made here;
    all shipped presets when none is named, or the default recipe when it is to be swept. Options override the
    recipes. Pictures already there and unchanged are skipped, so the same command continues an interrupted gallery.
    Exits 3 when a picture failed.

    \b
    artstudio gallery
    artstudio gallery rose-window agate --size 4k -o slides
    artstudio gallery --surprise 24 --seed 7
    artstudio gallery agate --sweep seed=1..64 --sweep gain=0.5..2.0:4 --dry-run
    artstudio gallery --sweep activation=step,tanh,relu,sine+tanh --size square
    """  # fmt: skip
    from artstudio.batch.execute import Options, execute, open_folder, preview
    from artstudio.batch.job import check_sources, gallery_jobs
    from artstudio.errors import FolderProblem
    from artstudio.files.encode import format_for
    from artstudio.pages.publish import Look, publish
    from artstudio.presets.sweep import parse_sweep

    look = Look(title, sheet, columns, caption, page)
    surprises = draw_if_asked(surprise, styles, fields, quiet)
    jobs = gallery_jobs(
        presets, [parse_sweep(text) for text in sweeps], lambda recipe: options.override(recipe, fields),
        size, format_for("", explicit=format_name), supersample, surprises, dpi=dpi, bleed=bleed,
    )  # fmt: skip
    # One more than cores: it computes while another waits for the interpreter or the disk (5 to 8 % measured).
    target, workers = Path(folder), workers or (os.cpu_count() or 1) + 1
    check_sources(presets, jobs, target, force=force)
    if dry_run:
        report.print_plan(preview(jobs, target, force=force), os.cpu_count() or 1, as_json)
        return 0
    with open_folder(target) as entries, report.batch_progress(quiet) as progress:
        batch = Options(workers, force, fail_fast, cluster)
        try:
            for outcome in execute(jobs, target, entries, batch, on_plan=progress.plan, progress=progress.pixels):
                progress.outcome(outcome)
                entries[outcome.entry.name] = outcome.entry
        except KeyboardInterrupt:
            report.remark(f"{progress.summary()}; the same command goes on from here", quiet)
            raise
        except FolderProblem:
            report.print_failures(progress)
            raise
        first, trouble = report.attempt(lambda: publish(target, jobs, entries, look))
    return report.print_outcomes(progress, target, first, trouble, as_json, quiet)
