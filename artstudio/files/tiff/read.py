"""TIFF files made here, read back with hard limits: what they say of themselves, and their pixels strip by strip."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

import numpy as np

from artstudio.errors import BadInput
from artstudio.files.info import FileInfo
from artstudio.files.png.write import MAX_TEXT_TOTAL, Pixels
from artstudio.files.source import opened
from artstudio.files.tiff.write import (
    ADOBE_DEFLATE,
    ASCII,
    HORIZONTAL,
    LONG,
    LONG8,
    PHOTOMETRIC,
    SHORT,
    undo_differences,
)

_MAX_STRIPS = 1 << 20
_MAX_STRIP = 1 << 28
"""Bytes of a strip before compression. What is made here stays far below both."""

_PROFILE, _MAX_PROFILE = 34675, 1 << 26
"""The field of the ICC profile, and how many bytes it may have."""

_SIZES = {SHORT: 2, LONG: 4, LONG8: 8}


@dataclass(frozen=True)
class TiffInfo(FileInfo):
    """What the directory of a TIFF file made here says."""

    channels: int
    strip_rows: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    profile: bytes
    """The ICC profile; empty where there is none."""


def read_tiff_info(path: str | Path) -> TiffInfo:
    """Read a BigTIFF's directory. Raises `BadInput` for what was not made here or is damaged, `FileProblem`."""
    with opened(path) as (file, name):
        return tiff_info(file, name)


def tiff_info(file: BinaryIO, name: str) -> TiffInfo:
    """Read the directory of an open BigTIFF. Raises `BadInput` for what was not made here or is damaged."""
    try:
        file.seek(0)
        return _info(file)
    except (ValueError, KeyError, IndexError, struct.error) as error:
        detail = f" ({error})" if isinstance(error, ValueError) else ""
        raise BadInput(f"{name}: expected a BigTIFF made by artstudio, whole and unchanged{detail}") from None


def tiff_row_reader(path: Path) -> Callable[[], Iterator[Pixels]]:
    """Return what yields the file's strips, as `read_tiff_rows`. Raises what `read_tiff_info` raises."""
    info = read_tiff_info(path)
    return lambda: read_tiff_rows(path, info)


def read_tiff_rows(path: str | Path, info: TiffInfo) -> Iterator[Pixels]:
    """Yield the picture's strips from the top, uint8 or uint16 (rows, W, C). Raises `BadInput`, `FileProblem`."""
    with opened(path) as (file, name):
        rows = 0
        for offset, count in zip(info.offsets, info.counts, strict=True):
            wanted = min(info.strip_rows, info.height - rows)
            file.seek(offset)
            try:
                strip = undo_differences(file.read(count), info.width, info.channels, info.bits, wanted)
            except ValueError as error:
                raise BadInput(f"{name}: a damaged TIFF file ({error}, at row {rows})") from None
            if len(strip) != wanted:
                raise BadInput(f"{name}: a damaged TIFF file ({len(strip)} of {wanted} rows at row {rows})")
            rows += len(strip)
            yield strip


def _info(file: BinaryIO) -> TiffInfo:
    magic, version, offset_size, zero, directory = struct.unpack("<2sHHHQ", file.read(16))
    if (magic, version, offset_size, zero) != (b"II", 43, 8, 0):
        raise ValueError("another kind of TIFF")
    file_size = file.seek(0, 2)
    file.seek(min(directory, file_size))
    (count,) = struct.unpack("<Q", file.read(8))
    if not 10 <= count <= 64:
        raise ValueError("no directory of that kind")
    table = file.read(20 * count)
    entries = {tag: (kind, number, value) for tag, kind, number, value in struct.iter_unpack("<HHQ8s", table)}

    def content(tag: int, most: int) -> bytes:
        kind, number, value = entries[tag]
        size = number * _SIZES.get(kind, 1)
        if not 0 < size <= most * _SIZES.get(kind, 1):
            raise ValueError(f"{number} values in field {tag}")
        if size <= 8:
            return bytes(value[:size])
        file.seek(min(struct.unpack("<Q", value)[0], file_size))
        data = file.read(size)
        if len(data) != size:
            raise ValueError(f"it ends within field {tag}")
        return data

    def numbers(tag: int, most: int = 4) -> tuple[int, ...]:
        return tuple(np.frombuffer(content(tag, most), f"<u{_SIZES[entries[tag][0]]}").tolist())

    width, height, strip_rows = (numbers(tag)[0] for tag in (256, 257, 278))
    bits = numbers(258)
    kind = (numbers(259)[0], numbers(317)[0], numbers(284)[0])
    channels = numbers(277)[0]
    modes = {(value, len(mode)) for mode, value in PHOTOMETRIC.items()}
    if kind != (ADOBE_DEFLATE, HORIZONTAL, 1) or (numbers(262)[0], channels) not in modes:
        raise ValueError("another kind of pixels")
    if bits not in (channels * (8,), channels * (16,)):
        raise ValueError("another kind of samples")
    if min(width, height, strip_rows) < 1 or width * min(strip_rows, height) * 2 * channels > _MAX_STRIP:
        raise ValueError(f"strips of {width}x{strip_rows} pixels")
    offsets, counts = numbers(273, _MAX_STRIPS), numbers(279, _MAX_STRIPS)
    if len(offsets) != -(-height // strip_rows) or len(counts) != len(offsets):
        raise ValueError(f"{len(offsets)} strips")
    if any(start + size > file_size for start, size in zip(offsets, counts, strict=True)):
        raise ValueError("it ends before its pixels do")
    if entries[270][0] != ASCII:
        raise ValueError("no description")
    text = json.loads(content(270, MAX_TEXT_TOTAL).rstrip(b"\0"))
    if not isinstance(text, dict) or not all(isinstance(value, str) for value in text.values()):
        raise ValueError("another description")
    "".join(text.values()).encode()  # a lone surrogate, written as an escape, is a ValueError here
    profile = content(_PROFILE, _MAX_PROFILE) if _PROFILE in entries else b""
    return TiffInfo(width, height, bits[0], MappingProxyType(text), channels, strip_rows, offsets, counts, profile)
