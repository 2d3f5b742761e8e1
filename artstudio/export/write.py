"""A recipe's network as a file for other programs: one record for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from artstudio.errors import BadInput, clip
from artstudio.export.document import document
from artstudio.export.network import Exported, export_network
from artstudio.export.onnx_graph import onnx_graph
from artstudio.export.page import page
from artstudio.export.script import script
from artstudio.export.shader import shader
from artstudio.files.exports.formats import EXPORTS, ExportFormat
from artstudio.files.exports.texts import TEXTS_MARK, texts_line
from artstudio.model.recipe import Recipe
from artstudio.pictures.picture import drawing_texts


@dataclass(frozen=True)
class _Order:
    network: Exported
    title: str
    size: tuple[int, int]
    texts: Mapping[str, str]

    @property
    def mark(self) -> str:
        return f"{TEXTS_MARK} {texts_line(self.texts)}"


def _shader(order: _Order) -> bytes:
    title = " ".join(order.title.split()) or "a picture"
    head = f"// artstudio: {title}; paste it into a new shader on shadertoy.com"
    return f"{head}\n// {order.mark}\n{shader(order.network)}".encode("ascii", "replace")


_WRITERS: Mapping[str, Callable[[_Order], bytes]] = MappingProxyType(
    {
        "shader": _shader,
        "page": lambda order: page(order.network, order.title, texts_line(order.texts)).encode(),
        "onnx": lambda order: onnx_graph(order.network, order.title, {TEXTS_MARK: texts_line(order.texts)}),
        "json": lambda order: document(order.network, order.texts).encode(),
        "python": lambda order: script(order.network, order.title, order.size, order.mark).encode(),
    }
)


def export_format(path: str | Path) -> ExportFormat:
    """Return the format that a path's suffix says, in any case. Raises `BadInput`."""
    found = next((record for record in EXPORTS.values() if Path(path).name.lower().endswith(record.suffix)), None)
    if found is None:
        suffixes = ", ".join(record.suffix for record in EXPORTS.values())
        raise BadInput(f"{clip(repr(str(path)))}: expected a file name that ends in one of {suffixes}")
    return found


def export_bytes(
    recipe: Recipe, format: ExportFormat, *, title: str = "", size: tuple[int, int] = (1024, 1024)
) -> bytes:
    """Return a recipe's network as a file. Raises `BadInput` for what the format cannot hold.

    `size` is that of pictures made from it, in pixels, for those who read the file back.
    """
    order = _Order(export_network(recipe), title, size, drawing_texts(recipe, size, title, ""))
    return _WRITERS[format.name](order)
