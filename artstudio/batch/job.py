"""A job: one recipe at one size in one format under one name. A batch is a list of them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from artstudio.batch.presets import Preset
from artstudio.engine.size import resolve_supersample
from artstudio.files.encode import Format
from artstudio.model.recipe import Recipe
from artstudio.version import RENDERER


@dataclass(frozen=True)
class Job:
    """What it takes to make one file. `supersample` is resolved: the samples a pixel along each side."""

    name: str
    recipe: Recipe
    width: int
    height: int
    format: Format
    supersample: int
    title: str = ""
    tags: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """The name of the file in the batch's folder."""
        return self.name + self.format.suffixes[0]

    @property
    def digest(self) -> str:
        """SHA-256 over everything that decides the file's pixels, as 64 hex digits."""
        parts = [self.recipe.to_json(), self.width, self.height, self.format.name, self.supersample, RENDERER]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def preset_job(preset: Preset, width: int, height: int, format: Format, supersample: int | None) -> Job:
    """Return the job that renders a preset."""
    samples = resolve_supersample(preset.recipe, supersample)
    return Job(preset.name, preset.recipe, width, height, format, samples, preset.title, preset.tags)
