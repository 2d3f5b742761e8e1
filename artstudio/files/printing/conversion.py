"""From a picture's colours to a printer's or a screen's own colours by its ICC profile, with LittleCMS."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from artstudio.errors import BadInput, clip, printable, unknown
from artstudio.files.printing.space import ProfileSpace
from artstudio.files.source import read_limited
from artstudio.spaces import SRGB

if TYPE_CHECKING:
    from PIL.ImageCms import ImageCmsProfile

INTENTS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "perceptual": (0, "perceptual"),
        "relative": (1, "relative colorimetric with black point compensation"),
        "saturation": (2, "saturation"),
        "absolute": (3, "absolute colorimetric"),
    }
)
"""Rendering intents: their ICC numbers, and their names in full."""

DEFAULT_INTENT = "relative"

_MODES: Mapping[str, str] = MappingProxyType({"RGB ": "RGB", "CMYK": "CMYK"})
"""A profile's colour space (ICC.1:2022, table 19) -> Pillow's mode."""

_CLASSES = ("mntr", "prtr", "spac")
"""Profiles of displays, printers and colour spaces: colours can be converted to all of them."""

_MAX_PROFILE = 1 << 25

_OUTSIDE = 5.0
"""CIE 1976 colour difference: what changes more on the way through a profile lies outside its gamut. Tables are not
exact; LittleCMS's own gamut check takes the same."""

_AT_ONCE = 1 << 20
"""Pixels converted in one call."""


@dataclass(frozen=True)
class Conversion:
    """A conversion, 8 bits a sample, to the colours of an ICC profile, by a rendering intent of `INTENTS`."""

    profile: bytes
    intent: str = DEFAULT_INTENT
    source: bytes = SRGB.icc
    """The profile of the colours that are converted."""

    def __post_init__(self) -> None:
        """Refuse an unknown intent, a profile that colours cannot be converted to, and one without the intent.

        Raises `BadInput`.
        """
        if self.intent not in INTENTS:
            raise unknown("intent", self.intent, INTENTS)
        _check_profile(self.profile)
        if self.intent not in _supported(self.profile):
            able = " or ".join(_supported(self.profile))
            raise BadInput(
                f"intent: {self.name} has no tables for {self.intent}; choose {able or 'another profile'}"
            )

    @property
    def name(self) -> str:
        """What the profile calls itself, in a few words."""
        about = _opened(self.profile).profile
        return clip(printable(about.profile_description or about.model or "the profile"), 60)

    @property
    def space(self) -> ProfileSpace:
        """What the converted samples mean."""
        mode = _MODES[_opened(self.profile).profile.xcolor_space]
        return ProfileSpace(self.name, self.profile, mode)

    @property
    def words(self) -> str:
        """The profile and the intent."""
        return f"{self.name}, {INTENTS[self.intent][1]}"

    def convert(self, pixels: NDArray[Any]) -> NDArray[np.uint8]:
        """Convert pixels, uint8 (rows, W, 3), to the profile's colours, uint8 (rows, W, channels)."""
        return _applied(_transforms(self)[0], pixels, self.space.mode)

    def share_outside(self, pixels: NDArray[Any]) -> float:
        """Return the share, 0 to 1, of pixels, uint8 (H, W, 3), whose colour the profile cannot hold.

        These are colours that come back from the profile, colorimetrically and with black point compensation,
        changed by more than 5 (CIE 1976, L*a*b*). Black is mapped to the profile's black, so it counts as inside.
        """
        there, back, to_lab = _transforms(self)[1:]
        colours, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
        row = colours[None]
        returned = _lab(_applied(back, _applied(there, row, self.space.mode), "LAB"))
        difference = np.linalg.norm(returned - _lab(_applied(to_lab, row, "LAB")), axis=-1)[0]
        return float(counts[difference > _OUTSIDE].sum() / counts.sum())


def read_profile(path: str | Path) -> bytes:
    """Return the bytes of an ICC profile's file. Raises `BadInput` for another kind of file, and `FileProblem`."""
    data = read_limited(path, _MAX_PROFILE, "an ICC profile")
    try:
        _check_profile(data)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
    return data


def usual_intent(profile: bytes) -> str:
    """Return the intent for a picture where none is asked for: relative, else the first that the profile has."""
    supported = _supported(profile)
    return DEFAULT_INTENT if DEFAULT_INTENT in supported or not supported else supported[0]


@cache
def _supported(profile: bytes) -> tuple[str, ...]:
    from PIL import ImageCms

    opened, output = _opened(profile), ImageCms.Direction.OUTPUT
    return tuple(
        name
        for name, (number, _) in INTENTS.items()
        if ImageCms.isIntentSupported(opened, ImageCms.Intent(number), output) == 1
    )


def _check_profile(data: bytes) -> None:
    if data[36:40] != b"acsp":
        raise BadInput("expected an ICC profile, found another kind of file")
    about = _opened(data).profile
    kind, space = about.device_class.strip(), about.xcolor_space
    if kind not in _CLASSES:
        raise BadInput(f"expected an ICC profile of a printer, a display or a colour space, found class {kind!r}")
    if space not in _MODES:
        raise BadInput(f"expected an ICC profile of RGB or CMYK, found one of {space.strip()}")


@cache
def _opened(data: bytes) -> ImageCmsProfile:
    from PIL import ImageCms

    try:
        return ImageCms.ImageCmsProfile(BytesIO(data))
    except (OSError, ImageCms.PyCMSError) as error:
        raise BadInput(
            f"expected an ICC profile, found one that LittleCMS cannot use ({clip(str(error))})"
        ) from None


@cache
def _transforms(conversion: Conversion) -> tuple[Any, Any, Any, Any]:
    """Return the conversion, and three ways to look for colours outside: through the
    profile to Lab, and straight to Lab."""
    from PIL import ImageCms

    mode = conversion.space.mode
    source, other, lab = _opened(conversion.source), _opened(conversion.profile), ImageCms.createProfile("LAB")
    relative = ImageCms.Intent.RELATIVE_COLORIMETRIC
    compensated = ImageCms.Flags.BLACKPOINTCOMPENSATION
    intent = ImageCms.Intent(INTENTS[conversion.intent][0])
    flags = compensated if intent == relative else ImageCms.Flags.NONE
    try:
        return (
            ImageCms.buildTransform(source, other, "RGB", mode, intent, flags),
            ImageCms.buildTransform(source, other, "RGB", mode, relative, compensated),
            ImageCms.buildTransform(other, lab, mode, "LAB", relative, compensated),
            ImageCms.buildTransform(source, lab, "RGB", "LAB", relative, compensated),
        )
    except ImageCms.PyCMSError as error:
        raise BadInput(
            f"{conversion.name}: colours cannot be converted to this profile ({clip(str(error))})"
        ) from None


def _applied(transform: Any, pixels: NDArray[Any], mode: str) -> NDArray[np.uint8]:
    from PIL import Image

    # Pillow writes this one out with each conversion, which some profiles do not survive once they are in use.
    transform.output_profile = _opened(SRGB.icc)
    height, width, _ = pixels.shape
    found = np.empty((height, width, len(mode)), np.uint8)
    rows = max(1, _AT_ONCE // width)
    for first in range(0, height, rows):
        strip = np.ascontiguousarray(pixels[first : first + rows])
        source = Image.frombytes(transform.input_mode, (width, len(strip)), strip.tobytes())
        target = Image.new(mode, source.size)
        transform.apply(source, target)
        found[first : first + rows] = np.frombuffer(target.tobytes(), np.uint8).reshape(len(strip), width, -1)
    return found


def _lab(samples: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return Pillow's LAB, 8 bits a sample, as L* from 0 to 100, a* and b*."""
    lightness = samples[..., :1] * (100 / 255)
    return np.concatenate([lightness, samples[..., 1:].view(np.int8)], axis=-1).astype(np.float64)
