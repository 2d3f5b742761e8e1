"""Texts in EXIF, for formats that have no place of their own for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from artstudio.errors import BadInput
from artstudio.files.info import LOOP_KEY
from artstudio.files.png.write import MAX_TEXT_TOTAL
from artstudio.files.printing.sheet import dots_per_inch, sheet_of
from artstudio.files.printing.space import Space
from artstudio.spaces import SRGB

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

_ASCII = b"ASCII\0\0\0"


_INCH = 2
"""ResolutionUnit."""

_SRGB, _UNCALIBRATED = 1, 0xFFFF
"""ColorSpace: sRGB, or what the ICC profile says."""


def exif_of(text: Mapping[str, str], space: Space = SRGB) -> bytes:
    """Return an EXIF block: Title, Software and resolution in their own fields, all texts as JSON in UserComment.

    JSON keeps to ASCII with its escapes, so UserComment needs only its ASCII prefix and no guess at an encoding.
    Raises `BadInput` for a title that is not valid Unicode.
    """
    from PIL import ExifTags, Image
    from PIL.TiffImagePlugin import IFDRational

    try:
        title = text.get("Title", "").encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput("text 'Title' is no valid Unicode; use plain characters") from None
    exif = Image.Exif()
    if title:
        exif[ExifTags.Base.ImageDescription] = title
    if "Software" in text:
        exif[ExifTags.Base.Software] = text["Software"]
    if sheet := sheet_of(text):
        for field in (ExifTags.Base.XResolution, ExifTags.Base.YResolution):
            exif[field] = IFDRational(*dots_per_inch(sheet))
        exif[ExifTags.Base.ResolutionUnit] = _INCH
    comment = json.dumps(dict(text), separators=(",", ":"))
    exif[ExifTags.IFD.Exif] = {
        ExifTags.Base.UserComment: _ASCII + comment.encode("ascii"),
        ExifTags.Base.ColorSpace: _SRGB if space == SRGB else _UNCALIBRATED,
    }
    return exif.tobytes()


def exif_texts(picture: ImageFile) -> dict[str, str]:
    """Return the texts in an open picture's UserComment: what `exif_of` wrote, or a loop's own."""
    from PIL import ExifTags

    comment = picture.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment, b"")
    return comment_texts(comment.removeprefix(_ASCII) if isinstance(comment, bytes) else comment)


def comment_texts(comment: object) -> dict[str, str]:
    """Return the texts in the one comment that a format has: JSON of all of them, or a loop's own JSON."""
    text = comment.decode("utf-8", "replace") if isinstance(comment, bytes) else comment
    if not isinstance(text, str) or len(text) > MAX_TEXT_TOTAL:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    if found.get("artstudio") == "animation":
        return {LOOP_KEY: text}
    return {key: value for key, value in found.items() if isinstance(value, str)}
