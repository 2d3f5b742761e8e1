"""A picture made ready for print: which colour is transparent, which profile it has, what that cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from artstudio.errors import BadInput
from artstudio.files.encode import Format
from artstudio.files.printing.conversion import Conversion, read_profile, usual_intent
from artstudio.pictures.maps import wanted_map
from artstudio.pictures.prepress import Prepress
from artstudio.pictures.preview import preview
from artstudio.pictures.single import Picture

OPAQUE = "none"


@dataclass(frozen=True)
class Prepared:
    """A picture and what there is to say of it."""

    picture: Picture
    note: str = ""
    """A line for the user."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """The numbers in that line, for programs."""


def prepared(
    picture: Picture,
    start: Prepress,
    alpha: str | None,
    profile: str | None,
    intent: str | None,
    surface: str | None = None,
) -> Prepared:
    """Return a picture with the sheet that it starts from, and what is asked for.

    `alpha` is `ground`, a colour or `none`; None keeps the transparent colour that the picture starts from, where the
    format can hold it. `profile` is a file. `surface` is a kind of map or `none`; None keeps what the picture
    starts from. Raises `BadInput`, before anything large is painted, and `FileProblem`.
    """
    if intent is not None and profile is None:
        raise BadInput("intent: expected a profile with it, found none")
    format = picture.format
    wanted = start.ground if alpha is None else alpha
    if alpha is None and isinstance(format, Format) and not format.carries_alpha:
        wanted = ""
    if picture.plotter:
        start = replace(start, sheet=None)  # it has paper of its own
    conversion = None
    if profile is not None:
        data = read_profile(profile)
        conversion = Conversion(data, intent or usual_intent(data), picture.recipe.space.icc)
    # What the format refuses is refused before anything is painted.
    is_opaque = wanted.lower() in ("", OPAQUE)
    kind = wanted_map(surface, None if alpha or profile else start.map)
    plain = replace(picture, prepress=Prepress(start.sheet, "", conversion, kind))
    if is_opaque and not conversion:
        return Prepared(plain)
    samples = picture.supersample
    Prepress(start.sheet, "" if is_opaque else "#000000", conversion, kind).check(
        format, picture.width, picture.height, picture.bits, samples
    )
    pixels = preview(picture.recipe, picture.width, picture.height)
    if conversion:
        share = conversion.share_outside(pixels)
        note = f"converted to {conversion.words}; about {share:.1%} of the picture lies outside its gamut"
        return Prepared(plain, note, {"outside_gamut": round(share, 4)})
    from artstudio.pictures.cutout import find_ground

    ground = find_ground(wanted, pixels)
    return Prepared(replace(picture, prepress=Prepress(start.sheet, ground)), f"transparent: {ground}")
