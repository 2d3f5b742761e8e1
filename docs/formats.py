"""Prints docs/reference/formats.md, the file formats, from their records: `make docs`."""

from __future__ import annotations

from recipe import table

from artstudio.files.encode import FORMATS
from artstudio.files.exports.formats import EXPORTS
from artstudio.files.vector.formats import VECTORS
from artstudio.motion.film.formats import MOTION_FORMATS

HEAD = """# File formats

This page is written by `make docs` from the records that the program itself reads. Every format carries the recipe,
and is read back by `info`, `render`, `verify`, galleries and the studio."""


def main() -> None:
    """Print the page."""
    pictures = [
        (
            record.name,
            ", ".join(f"`{suffix}`" for suffix in record.suffixes),
            " or ".join(map(str, record.depths)),
            "lossless" if record.lossless else f"lossy, about {record.loss:g} levels of 255",
            f"{record.max_side:,}",
            "yes" if record.strips else "",
            "yes" if record.carries_alpha else "",
            "yes" if "CMYK" in record.modes else "",
        )
        for record in FORMATS.values()
    ]
    films = [
        (
            record.name,
            f"`{record.suffix}`",
            record.fps,
            record.max_fps,
            f"{record.max_side:,}",
            "video" * record.video,
        )
        for record in MOTION_FORMATS.values()
    ]
    print(HEAD)
    print("\n## Pictures\n\nAll of them carry a resolution and an ICC profile; see [print](../guides/print.md).\n")
    print(table(("format", "names", "bits", "pixels", "largest side", "posters", "alpha", "CMYK"), pictures))
    print("\n## Outlines\n\nFor pictures of flat areas; see [the guide](../guides/vector.md).\n")
    drawings = [
        (record.name, ", ".join(f"`{suffix}`" for suffix in record.suffixes), "yes" if record.write_plot else "")
        for record in VECTORS.values()
    ]
    print(table(("format", "names", "pen plotters"), drawings))
    print("\n## Networks\n\nWhat `artstudio export` writes; see [the guide](../guides/export.md).\n")
    print(table(("format", "name", "content"), [(e.name, f"`{e.suffix}`", e.content) for e in EXPORTS.values()]))
    print("\n## Films\n")
    print(table(("format", "name", "usual rate", "highest rate", "largest side", "needs the extra"), films))


if __name__ == "__main__":
    main()
