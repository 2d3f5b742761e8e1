"""Makes docs/images/neighbours.webp: surprises beside pictures by two other programs' default parameters.

neuralart and uberlimb are not run: their networks are written here from the parameters that their releases state, and
drawn by NumPy instead of PyTorch and TensorFlow. So a picture is not the one that they make of the same seed, but
another draw of the same kind. Nothing is selected.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.special import expit
from scipy.stats import rankdata

from artstudio.curation.many import render_many
from artstudio.curation.surprise import surprises
from artstudio.figures.style.typeface import pillow_font
from artstudio.model.colour.palettes import palette_colours
from artstudio.presets.styles import find_styles

IMAGE = Path(__file__).parent / "images" / "neighbours.webp"
COUNT = 20
"""Pairs with each of the two."""
COLUMNS = 4
GAP, MARGIN, HEADING = 20, 28, 76
PAPER, INK, MUTED = "#fafaf7", "#22262b", "#6b7280"

Pixels = NDArray[np.uint8]
Numbers = NDArray[np.float64]
Random = np.random.Generator


def neuralart(seed: int, side: int = 1024) -> Pixels:
    """Return a picture by the defaults of neuralart 1.1.1: (side, side, 3).

    Inputs y, x and r over [-1, 1]; eight layers of 16 tanh units with biases, three sigmoid outputs as red, green
    and blue; all weights and biases standard normal.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    axis = np.linspace(-1, 1, side)
    y, x = (grid.ravel() for grid in np.meshgrid(axis, axis, indexing="ij"))
    values = np.stack([y, x, np.hypot(x, y)])
    for _ in range(8):
        values = np.tanh(random.standard_normal((16, len(values))) @ values + random.standard_normal((16, 1)))
    rgb = expit(random.standard_normal((3, 16)) @ values + random.standard_normal((3, 1)))
    return np.rint(255 * rgb.T.reshape(side, side, 3)).astype(np.uint8)


def uberlimb(seed: int, width: int = 1280, height: int = 800) -> Pixels:
    """Return a picture by the defaults of uberlimb 0.9.1: (height, width, 3).

    Inputs x, y (1 is 960 pixels from the middle), 0, 0.5, 0.5 and r; three layers of 3 sigmoid units, each of which
    also sees all that came before it; weights truncated normal of variance 512 / fan-in, no biases; one sigmoid
    output, Glorot's truncated normal. It is replaced by its rank and cut into 15 steps, coloured by four colours in
    turn. Those are a company's, and replaced by a palette of ours.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    across, down = (np.linspace(-pixels, pixels, pixels) / 1920 for pixels in (width, height))
    y, x = (grid.ravel() for grid in np.meshgrid(down, across, indexing="ij"))
    ones = np.ones_like(x)
    values = np.stack([x, y, 0 * ones, 0.5 * ones, 0.5 * ones, np.hypot(x, y)])
    for _ in range(3):
        weights = truncated_normal(random, (3, len(values)), 512 / len(values))
        values = np.concatenate([values, expit(weights @ values)])
    output = expit(truncated_normal(random, (1, len(values)), 2 / (len(values) + 1)) @ values)[0]
    steps = np.minimum(15 * rankdata(output, "max") / output.size, 14.99).astype(int)
    colours = np.array([list(bytes.fromhex(colour[1:])) for colour in palette_colours("koi")], np.uint8)
    return colours[steps % 4].reshape(height, width, 3)


def truncated_normal(random: Random, shape: tuple[int, int], variance: float) -> Numbers:
    """Return numbers of this variance from a normal distribution cut at two deviations, as Keras draws them."""
    numbers = random.standard_normal(shape)
    while (far := np.abs(numbers) > 2).any():
        numbers[far] = random.standard_normal(np.count_nonzero(far))
    # 0.8796 is the deviation of a standard normal that is cut there.
    return numbers * np.sqrt(variance) / 0.87962566103423978


def our_pictures(first: int, width: int, height: int) -> list[Pixels]:
    """Return the surprises of consecutive seeds."""
    recipes = [preset.recipe for preset in surprises(first, COUNT, find_styles(()))]
    return list(render_many(recipes, width=width, height=height, then=lambda pixels: pixels))


def block(name: str, ours: Sequence[Pixels], theirs: Sequence[Pixels]) -> Image.Image:
    """Return the pairs, ours on the left of each, under a heading."""
    height, width, _ = ours[0].shape
    rows = -(-len(ours) // COLUMNS)
    size = (COLUMNS * (2 * width + GAP) - GAP, HEADING + rows * (height + GAP) - GAP)
    sheet = Image.new("RGB", size, PAPER)
    text = ImageDraw.Draw(sheet)
    title = f"artstudio surprise, and {name}"
    text.text((0, 8), title, INK, pillow_font(title, 26, bold=True))
    about = f"Left of each pair: artstudio. Right: {name}, written anew from its default parameters. Unselected."
    text.text((0, 44), about, MUTED, pillow_font(about, 17))
    for number, (left, right) in enumerate(zip(ours, theirs, strict=True)):
        row, column = divmod(number, COLUMNS)
        at = column * (2 * width + GAP), HEADING + row * (height + GAP)
        sheet.paste(Image.fromarray(left), at)
        small = Image.fromarray(right).resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (at[0] + width, at[1]))
    return sheet


def main() -> None:
    """Make the figure."""
    seeds = range(1, COUNT + 1)
    parts = [
        block("neuralart 1.1.1", our_pictures(1, 200, 200), [neuralart(seed) for seed in seeds]),
        block("uberlimb 0.9.1", our_pictures(1 + COUNT, 200, 125), [uberlimb(seed) for seed in seeds]),
    ]
    width = 2 * MARGIN + max(part.width for part in parts)
    sheet = Image.new("RGB", (width, MARGIN + sum(part.height + MARGIN for part in parts)), PAPER)
    top = MARGIN
    for part in parts:
        sheet.paste(part, (MARGIN, top))
        top += part.height + MARGIN
    sheet.save(IMAGE, quality=84, method=6)
    print(f"{IMAGE.name}: {IMAGE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
