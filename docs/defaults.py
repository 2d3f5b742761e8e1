"""Makes docs/images/defaults.webp: the default recipe before and after schema 4, for seeds 1 to 10, unselected."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from artstudio import ACTIVATIONS, Recipe
from artstudio.curation.many import render_many
from artstudio.figures.style.typeface import pillow_font

IMAGE = Path(__file__).parent / "images" / "defaults.webp"
NAMES = ("tanh", "relu", "sine", "gaussian", "softmax")
SEEDS = range(1, 11)
SIDE, GAP, LABEL, HEADING = 150, 4, 92, 46
PAPER, INK, MUTED = "#fafaf7", "#22262b", "#6b7280"


def main() -> None:
    """Make the figure."""
    forms = {"before": Recipe.from_dict({"schema": 2}), "now": Recipe()}
    recipes = [form.replace(seed=s, activation=a) for a in NAMES for form in forms.values() for s in SEEDS]
    tiles = render_many(recipes, width=SIDE, height=SIDE, then=lambda pixels: pixels)
    step = SIDE + GAP
    block = HEADING + len(forms) * step
    sheet = Image.new("RGB", (LABEL + len(SEEDS) * step + GAP, len(NAMES) * block + 2 * GAP), PAPER)
    text = ImageDraw.Draw(sheet)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, len(SEEDS))
        group, form = divmod(row, len(forms))
        top = group * block + HEADING + form * step
        if column == 0:
            word = list(forms)[form]
            text.text((LABEL - 14, top + SIDE // 2), word, MUTED, pillow_font(word, 18), anchor="rm")
            if form == 0:
                label = ACTIVATIONS[NAMES[group]].label
                text.text((LABEL, top - 9), label, INK, pillow_font(label, 22, bold=True), anchor="ls")
        sheet.paste(Image.fromarray(tile), (LABEL + column * step, top))
    sheet.save(IMAGE, quality=84, method=6)
    print(f"{IMAGE.name}: {IMAGE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
