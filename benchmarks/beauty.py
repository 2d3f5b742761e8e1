"""How often a picture is flat or noisy, and walls of consecutive seeds: `python benchmarks/beauty.py`.

It renders 1,000 seeds of every activation with the default recipe (a few minutes), prints docs/beauty.md's table, and
writes the walls into docs/images/; then the walls of surprises, with their scores and how much they differ.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from artstudio import ACTIVATIONS, Preset, Recipe, shipped_presets
from artstudio.curation.curate import score_recipes
from artstudio.curation.many import render_many
from artstudio.curation.surprise import surprises
from artstudio.figures.wall import wall
from artstudio.model.colour.oklab import oklab_from_srgb
from artstudio.presets.styles import find_styles

SIDE = 128
FLAT = 0.03
"""A picture is flat below this standard deviation of OKLab's lightness."""
NOISE = 0.25
"""A picture is noise above this share of energy in the top octave of frequencies; white noise has 0.75."""
WALLS = ("step", "sigmoid", "tanh", "relu", "gelu", "sine", "gaussian", "softmax")
SURPRISES = (1, 1001, 2001)
"""The first seeds of walls of surprises."""
_COUNT, _PICTURE, _SURPRISE = 100, 112, 160


def measure(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the deviation of lightness, and the share of its energy at half of the highest frequency and above."""
    lightness = oklab_from_srgb(pixels.reshape(-1, 3).T / 255.0, np)[0].reshape(SIDE, SIDE)
    window = np.hanning(SIDE)[:, None] * np.hanning(SIDE)
    energy = np.abs(np.fft.fft2((lightness - lightness.mean()) * window)) ** 2
    frequency = np.abs(np.fft.fftfreq(SIDE))
    top = np.maximum(frequency[:, None], frequency[None]) >= 0.25
    return float(lightness.std()), float(energy[top].sum() / max(energy.sum(), 1e-30))


def survey(seeds: int) -> None:
    """Print a line of the table for every activation."""
    print("| activation | flat | least deviation | noise | median top octave | largest |")
    print("|---|---|---|---|---|---|")
    for name in ACTIVATIONS:
        recipes = [Recipe(seed=seed, activation=name) for seed in range(seeds)]
        measured = render_many(recipes, width=SIDE, height=SIDE, supersample=1, then=measure)
        deviation, top = np.array(list(measured)).T
        flat, noise = int((deviation < FLAT).sum()), int((top > NOISE).sum())
        print(
            f"| {name} | {flat} | {deviation.min():.3f} | {noise} | {np.median(top):.4f} | {top.max():.4f} |",
            flush=True,
        )


def activation_wall(name: str) -> NDArray[np.uint8]:
    """Return seeds 0 to 99 of an activation with the default recipe, ten by ten, unselected."""
    recipes = [Recipe(seed=seed, activation=name) for seed in range(_COUNT)]
    return wall(render_many(recipes, width=_PICTURE, height=_PICTURE, then=lambda pixels: pixels))


def surprise_wall(seed: int) -> NDArray[np.uint8]:
    """Print what was measured of 100 consecutive surprises, and return them on a wall, unselected."""
    found = surprises(seed, _COUNT, find_styles(()))
    print_measures(f"surprises {seed} to {seed + _COUNT - 1}", found)
    recipes = [preset.recipe for preset in found]
    return wall(render_many(recipes, width=_SURPRISE, height=_SURPRISE, then=lambda pixels: pixels))


def print_measures(name: str, presets: Sequence[Preset]) -> None:
    """Print a line of the table of scores and distances."""
    found = list(score_recipes((preset.name, preset.recipe) for preset in presets))
    scores = np.array([candidate.scores.total for candidate in found])
    prints = np.array([candidate.fingerprint for candidate in found])
    distances = np.linalg.norm(prints[:, None] - prints[None], axis=2)[np.triu_indices(len(found), 1)]
    print(f"| {name} | {scores.mean():.3f} | {np.median(scores):.3f} | {distances.min():.2f} |", flush=True)


def main() -> None:
    """Run all parts, or some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--walls", action="store_true", help="only the walls")
    parser.add_argument("--surprises", action="store_true", help="only the walls of surprises")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "docs" / "images")
    given = parser.parse_args()
    if not given.walls and not given.surprises:
        survey(given.seeds)
    for name in () if given.surprises else WALLS:
        save(activation_wall(name), given.out / f"wall-{name}.webp")
    print("| pictures | mean score | median | least distance |")
    print("|---|---|---|---|")
    print_measures("the shipped presets", list(shipped_presets().values()))
    for seed in SURPRISES:
        save(surprise_wall(seed), given.out / f"surprises-{seed}.webp")


def save(sheet: NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(sheet).save(path, quality=80, method=6)


if __name__ == "__main__":
    main()
