"""How often a picture is flat or noisy, and walls of consecutive seeds: `python benchmarks/beauty.py`.

It renders 1,000 seeds of every activation with the default recipe (a few minutes), prints docs/beauty.md's table, and
writes the walls into docs/images/.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from artstudio import ACTIVATIONS, Recipe, render
from artstudio.model.colour.oklab import oklab_from_srgb

SIDE = 128
FLAT = 0.03
"""A picture is flat below this standard deviation of OKLab's lightness."""
NOISE = 0.25
"""A picture is noise above this share of energy in the top octave of frequencies; white noise has 0.75."""
WALLS = ("step", "sigmoid", "tanh", "relu", "gelu", "sine", "gaussian", "softmax")
_ACROSS, _PICTURE, _GAP = 10, 112, 4


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
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name in ACTIVATIONS:

            def one(seed: int, name: str = name) -> tuple[float, float]:
                recipe = Recipe(seed=seed, activation=name)
                return measure(render(recipe, width=SIDE, height=SIDE, supersample=1, threads=1))

            deviation, top = np.array(list(pool.map(one, range(seeds)))).T
            flat, noise = int((deviation < FLAT).sum()), int((top > NOISE).sum())
            print(
                f"| {name} | {flat} | {deviation.min():.3f} | {noise} | {np.median(top):.4f} | {top.max():.4f} |",
                flush=True,
            )


def wall(name: str) -> Image.Image:
    """Return seeds 0 to 99 of an activation with the default recipe, ten by ten, unselected."""
    step = _PICTURE + _GAP
    sheet = Image.new("RGB", (_ACROSS * step + _GAP, _ACROSS * step + _GAP), "#fafaf7")
    for seed in range(_ACROSS**2):
        picture = render(Recipe(seed=seed, activation=name), width=_PICTURE, height=_PICTURE)
        row, column = divmod(seed, _ACROSS)
        sheet.paste(Image.fromarray(picture), (_GAP + column * step, _GAP + row * step))
    return sheet


def main() -> None:
    """Run both parts, or one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--walls", action="store_true", help="only the walls")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "docs" / "images")
    given = parser.parse_args()
    if not given.walls:
        survey(given.seeds)
    for name in WALLS:
        wall(name).save(given.out / f"wall-{name}.webp", quality=80, method=6)


if __name__ == "__main__":
    main()
