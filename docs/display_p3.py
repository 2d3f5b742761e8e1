"""Make docs/images/display-p3.webp and display-p3-outside.webp: `python docs/display_p3.py`.

The first is a Display P3 file: a picture's sRGB form on the left, its Display P3 form on the right. The second, in
sRGB, shows the same for every screen: what lies outside sRGB keeps its colour, the rest is grey.
"""

from pathlib import Path

import numpy as np
from PIL import Image

import artstudio
from artstudio.model.colour.oklab import linear_from_srgb, relative_luminance, srgb_from_linear
from artstudio.presets.collections import shipped_presets
from artstudio.spaces import SPACES, SRGB

IMAGES = Path(__file__).parent / "images"
RECIPE = shipped_presets()["reef-current"].recipe.replace(gamut="p3")
SIZE = (1280, 640)
P3 = SPACES["p3"]
TOLERANCE = 0.5 / 255
"""In light: less than this outside [0, 1] is rounding."""


def converted(levels, source, target):
    """Levels of one space as light of the other, (3, pixels), which may lie outside [0, 1]."""
    light = linear_from_srgb(levels.reshape(-1, 3).T / 255, np)
    return np.linalg.solve(target.xyz_from_linear, source.xyz_from_linear @ light)


def as_levels(light, shape):
    """Light, (3, pixels), as levels of 255."""
    return np.rint(255 * np.clip(srgb_from_linear(light, np), 0, 1)).astype(np.uint8).T.reshape(shape)


def main():
    """Make both pictures."""
    width, height = SIZE
    levels = artstudio.render(RECIPE, width=width, height=height)
    beside = levels.copy()
    beside[:, : width // 2] = as_levels(converted(levels, SRGB, P3), levels.shape)[:, : width // 2]
    beside[:, width // 2 - 1 : width // 2 + 1] = 255
    Image.fromarray(beside).save(IMAGES / "display-p3.webp", quality=90, icc_profile=P3.icc)

    light = converted(levels, P3, SRGB)
    outside = (light < -TOLERANCE).any(axis=0) | (light > 1 + TOLERANCE).any(axis=0)
    grey = np.broadcast_to(0.35 * relative_luminance(np.clip(light, 0, 1)) + 0.45, light.shape)
    marked = as_levels(np.where(outside, light, grey), levels.shape)
    Image.fromarray(marked).save(IMAGES / "display-p3-outside.webp", quality=90)
    print(f"{outside.mean():.0%} of the pixels lie outside sRGB")


if __name__ == "__main__":
    main()
