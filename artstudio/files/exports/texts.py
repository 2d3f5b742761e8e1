"""The texts of a picture within files of any kind: one line of JSON behind a mark."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import BinaryIO

from artstudio.errors import BadInput
from artstudio.files.exif import comment_texts
from artstudio.files.info import FileInfo
from artstudio.files.source import check_file_size
from artstudio.files.vector.size import drawn_size

TEXTS_MARK = "artstudio:texts"

_MARK = re.compile(rb"artstudio:texts[^{]{1,12}(?=\{)")
_MAX_FILE = 1 << 28


def texts_line(text: Mapping[str, str]) -> str:
    """Return texts as one line of ASCII that comments of every language can hold, HTML's too."""
    line = json.dumps(dict(text), separators=(",", ":"))
    return line.replace("<", "\\u003c").replace(">", "\\u003e").replace("--", "-\\u002d")


def marked_info(file: BinaryIO, name: str) -> FileInfo:
    """Read the texts behind the mark, and the size that they state. Raises `BadInput`."""
    check_file_size(file, name, _MAX_FILE)
    data = file.read()
    found = _MARK.search(data)
    if found:
        line = data[found.end() :].decode("latin-1")
        try:
            _, end = json.JSONDecoder().raw_decode(line)
        except (ValueError, RecursionError):
            end = 0
        texts = comment_texts(line[:end])
        if texts:
            return FileInfo(*drawn_size(texts, name), 8, MappingProxyType(texts))
    raise BadInput(f"{name}: expected a file exported by artstudio, found one without a recipe")
