"""The formats that `artstudio export` writes, as files that carry a recipe."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from artstudio.files.exports.texts import marked_info
from artstudio.files.info import FileInfo


@dataclass(frozen=True)
class ExportFormat:
    """A format of networks; the fields are those of `Format`."""

    name: str
    suffix: str
    content: str
    """What is in it, in a few words."""
    magic: re.Pattern[bytes]
    read: Callable[[BinaryIO, str], FileInfo] = marked_info


_RECORDS = (
    ExportFormat("shader", ".frag", "GLSL for Shadertoy", re.compile(rb"// artstudio")),
    ExportFormat("page", ".html", "a page that paints and moves", re.compile(rb"<!doctype html>", re.IGNORECASE)),
    ExportFormat("onnx", ".onnx", "coordinates to colours", re.compile(rb"\x08.\x12\x09artstudio", re.DOTALL)),
    ExportFormat("json", ".json", "plain weights and activations", re.compile(rb'\{\s*"artstudio')),
    ExportFormat("python", ".py", "a NumPy program to read", re.compile(rb"# artstudio")),
)

EXPORTS: Mapping[str, ExportFormat] = MappingProxyType({record.name: record for record in _RECORDS})
"""The formats by name."""
