"""The pixels of a PNG file from the top down, in bounded memory: pictures of any height, 8 or 16 bits a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
from isal import isal_zlib

from artstudio.errors import BadInput
from artstudio.files.png.read import MAX_PIXELS, ChunkReader
from artstudio.files.png.write import Bytes, InflateError, Pixels
from artstudio.files.source import opened

_PIECE = 1 << 20
"""Bytes decompressed at once."""

_COLOURS = {0: 1, 2: 3, 6: 4}
"""PNG's colour type -> samples a pixel, of those that are written here."""


class OtherEncoder(BadInput):
    """A sound PNG, as far as seen, but with pixels or filters that are not written here."""


def png_row_reader(path: Path) -> Callable[[], Iterator[Pixels]] | None:
    """Return what yields the file's strips, as `read_png_rows`, or None where another program encoded it.

    The file is read once to find out. Raises what `read_png_rows` raises, and `BadInput` for one that another program
    encoded and that is too large to be decoded whole.
    """
    try:
        for _ in read_png_rows(path):
            pass
    except OtherEncoder:
        with opened(path) as (file, name):
            header = ChunkReader(file, name).header()
        if header.width * header.height > MAX_PIXELS:
            raise
        return None
    return lambda: read_png_rows(path)


def read_png_rows(path: str | Path) -> Iterator[Pixels]:
    """Yield the rows of a colour picture in strips, uint8 or uint16 (rows, W, 3), or (rows, W, 4) with alpha.

    It must be as it was written here, up to compression: not interlaced, and with PNG's filters None, Sub and Up.
    Raises `OtherEncoder` where it is not, `BadInput` where it is damaged; `FileProblem` where it cannot be read.
    """
    with opened(path) as (file, name):
        reader = ChunkReader(file, name)
        header = reader.header()
        if header.colour not in _COLOURS or header.depth < 8 or header.interlace:
            raise OtherEncoder(
                f"{name}: expected a PNG as artstudio writes it; this one holds another kind of pixels"
            )
        channels = _COLOURS[header.colour]
        pixel = channels * header.depth // 8
        line = header.width * pixel
        above = np.zeros(line, np.uint8)
        rest, rows = b"", 0
        for piece in _inflated(reader):
            rest += piece
            whole = len(rest) // (1 + line)
            if rows + whole > header.height:
                raise reader.damaged("more image data than its pixels need")
            if not whole:
                continue
            filtered = np.frombuffer(rest[: whole * (1 + line)], np.uint8).reshape(whole, 1 + line)
            rest = rest[whole * (1 + line) :]
            strip = _unfiltered(filtered, above, pixel, reader)
            above, rows = strip[-1], rows + whole
            samples = strip if header.depth == 8 else strip.view(">u2").astype(np.uint16)
            yield samples.reshape(whole, header.width, channels)
        if rows != header.height or rest:
            raise reader.damaged(f"it holds {rows} of {header.height} rows")


def _inflated(reader: ChunkReader) -> Iterator[bytes]:
    inflate = isal_zlib.decompressobj()
    try:
        while (found := reader.next())[0] != b"IEND":
            if found[0] != b"IDAT":
                continue
            data = reader.data()
            while data and not inflate.eof:
                yield inflate.decompress(data, _PIECE)
                data = inflate.unconsumed_tail
        yield inflate.flush()
    except InflateError as error:
        raise reader.damaged(str(error)) from None
    if not inflate.eof:
        raise reader.damaged("its image data has no end")


def _unfiltered(filtered: Bytes, above: Bytes, pixel: int, reader: ChunkReader) -> Bytes:
    """Undo the filters, a run of rows with the same one at a time (PNG 3rd edition, section 9)."""
    kinds = filtered[:, 0]
    bounds = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(kinds)]
    parts = []
    for first, last in pairwise(bounds):
        rows, kind = filtered[first:last, 1:], int(kinds[first])
        if kind == 0:
            part = rows
        elif kind == 1:
            part = np.cumsum(rows.reshape(len(rows), -1, pixel), axis=1, dtype=np.uint8).reshape(rows.shape)
        elif kind == 2:
            part = np.cumsum(np.vstack([above, rows]), axis=0, dtype=np.uint8)[1:]
        elif kind in (3, 4):
            raise OtherEncoder(
                f"{reader.name}: expected a PNG as artstudio writes it; another program compressed this one anew"
            )
        else:
            raise reader.damaged(f"an unknown filter, {kind}")
        parts.append(part)
        above = part[-1]
    return np.ascontiguousarray(np.vstack(parts))
