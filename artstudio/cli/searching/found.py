"""What `curate`, `vary`, `breed` and `surprise` make of what they found: pictures, a sheet, a page, and presets."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from artstudio.cli import options, report

if TYPE_CHECKING:
    from artstudio.model.recipe import Recipe
    from artstudio.pictures.source import Source
    from artstudio.presets.collections import Preset

F = TypeVar("F", bound=Callable[..., Any])

PRESETS = "presets.toml"
SIZE = "512x512"

draw_option = click.option(
    "-s", "--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True,
    help="Seed of the random choices: another gives other pictures.",
)  # fmt: skip


def found_options(folder: str) -> Callable[[F], F]:
    """Add `--size`, `--output`, `--force`, `--dry-run`, `--json` and `--quiet`."""
    return options.adder(
        options.size_option(SIZE),
        click.option("-o", "--output", default=folder, show_default=True, help="The folder to write to."),
        click.option("-f", "--force", is_flag=True, help="Replace the folder's presets.toml."),
        click.option("-n", "--dry-run", is_flag=True, help="Print what would be done; write nothing."),
        options.json_option,
        options.quiet_option,
    )


@dataclass(frozen=True)
class Found:
    """Where recipes go that were found, checked before the search begins."""

    folder: Path
    size: tuple[int, int]
    force: bool
    as_json: bool
    quiet: bool

    def publish(self, title: str, description: str, presets: Sequence[Preset], extra: Mapping[str, Any]) -> int:
        """Render the presets into the folder, with a sheet, a page and presets.toml; return the exit code."""
        from artstudio.batch.execute import Options, execute, open_folder
        from artstudio.batch.job import preset_jobs
        from artstudio.files.atomic import write_atomic
        from artstudio.files.encode import FORMATS
        from artstudio.pages.publish import Look, publish
        from artstudio.presets.text import presets_toml

        text = presets_toml(title, description, presets)
        jobs = [job for preset in presets for job in preset_jobs(preset, (), *self.size, FORMATS["png"], None)]
        batch = Options((os.cpu_count() or 1) + 1)
        with open_folder(self.folder) as entries, report.batch_progress(self.quiet) as progress:
            write_atomic(self.folder / PRESETS, text.encode(), overwrite=self.force)
            for outcome in execute(
                jobs, self.folder, entries, batch, on_plan=progress.plan, progress=progress.pixels
            ):
                progress.outcome(outcome)
                entries[outcome.entry.name] = outcome.entry
            look = Look(title, "slide", None, "recipe", True)
            first, trouble = report.attempt(lambda: publish(self.folder, jobs, entries, look))
        code = report.print_failures(progress, trouble)
        if self.as_json:
            pictures = [{"name": preset.name, "recipe": preset.recipe.to_dict()} for preset in presets]
            click.echo(json.dumps({"folder": str(self.folder), "kept": pictures, **extra}))
        else:
            report.remark(progress.summary(), self.quiet)
            click.echo(str(first or self.folder))
        return code


def as_presets(title: str, named: Iterable[tuple[str, Recipe]]) -> list[Preset]:
    """Return recipes by their names as presets of a collection of that title."""
    from artstudio.presets.collections import Preset

    return [Preset(name, recipe, name.replace("-", " "), "", (), title) for name, recipe in named]


def open_found(size: tuple[int, int], output: str, force: bool, as_json: bool, quiet: bool) -> Found:
    """Check where the finds will go. Raises `BadInput`."""
    from artstudio.files.atomic import check_writable_target
    from artstudio.model.size import check_size

    check_size(*size)
    folder = Path(output)
    if folder.exists():
        check_writable_target(folder / PRESETS, overwrite=force)
    return Found(folder, size, force, as_json, quiet)


def deliver(
    word: str,
    children: Sequence[Recipe],
    parents: Sequence[Source],
    size: str | None,
    title: str,
    extra: Mapping[str, Any],
    *,
    output: str,
    force: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Publish the children of some parents, or print what there would be; return the exit code. Raises `BadInput`."""
    names = " and ".join(parent.stem for parent in parents)
    named = [(f"{word}-{number}", child) for number, child in enumerate(children, 1)]
    target = open_found(parents[0].size_or(size, SIZE), output, force, as_json, quiet)
    if dry_run:
        recipes = {name: child.to_dict() for name, child in named}
        plan = f"{len(named)} {title.lower()} of {names}, into {output}"
        click.echo(json.dumps(recipes) if as_json else plan)
        return 0
    return target.publish(title, f"{title} of {names}.", as_presets(title, named), extra)
