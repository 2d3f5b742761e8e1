"""The design of a PowerPoint file: its masters, its layouts and what they need, as a presentation without slides.

Slides are named in many places: sections, custom shows, the outline, comments, links from layouts. So nothing is
crossed out; what belongs to a design is copied, and a relation is kept only where its target is. Parts get new
names, whatever they were called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath, split, splitext
from typing import Any, BinaryIO
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr
from zipfile import ZipFile

from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn

from artstudio.errors import BadInput
from artstudio.files.source import opened

_OFFICE = "application/vnd.openxmlformats-officedocument.presentationml"
_MICROSOFT = "application/vnd.ms-powerpoint"
PRESENTATION_TYPES: Mapping[str, str] = {
    ".pptx": f"{_OFFICE}.presentation.main+xml",
    ".potx": f"{_OFFICE}.template.main+xml",
    ".ppsx": f"{_OFFICE}.slideshow.main+xml",
    ".pptm": f"{_MICROSOFT}.presentation.macroEnabled.main+xml",
    ".potm": f"{_MICROSOFT}.template.macroEnabled.main+xml",
    ".ppsm": f"{_MICROSOFT}.slideshow.macroEnabled.main+xml",
}
"""PowerPoint's six kinds of file -> the content type that tells them apart. They differ in little else."""

_SLIDE_TYPES = (f"{_OFFICE}.slide+xml", f"{_OFFICE}.notesSlide+xml")

_DESIGN = ("slideMaster", "theme", "notesMaster", "handoutMaster", "tableStyles", "font")
"""The presentation's relations that are its design; others are slides, macros, views, histories and people."""

_DESIGN_ELEMENTS = ("sldMasterIdLst", "notesMasterIdLst", "handoutMasterIdLst", "sldSz", "notesSz",
                    "embeddedFontLst", "kinsoku", "defaultTextStyle")  # fmt: skip

_GONE_ACTIONS = ("ppaction://customshow", "ppaction://macro")
"""Links that name what is gone without a relation."""

_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

_MOST_BYTES = 1 << 30
"""Of a design, unpacked: several times the largest that is usual."""

REMEDY = "open it in PowerPoint and save it as .pptx"
"""What to do with a template that cannot be used as it is."""


def read_design(path: Path) -> bytes:
    """Return the design of a presentation, template or show as a .pptx file without slides.

    Raises `BadInput` for what is not one of the six kinds, `FileProblem` where it cannot be read.
    """
    with opened(path) as (file, name):
        if file.read(4) == b"\xd0\xcf\x11\xe0":
            found = "found one of PowerPoint 97-2003 or with a password"
            raise BadInput(f"{name}: expected a PowerPoint file, {found}; {REMEDY}, without a password")
        try:
            return _copy_design(file)
        except OSError:
            raise
        except Exception as error:  # a damaged package fails in zipfile, in zlib, or in lxml
            detail = str(error) if isinstance(error, _Unusable) else "it is damaged, or of another kind"
            raise BadInput(f"{name}: expected a PowerPoint file, found none ({detail}); {REMEDY}") from None


class _Unusable(Exception):  # noqa: N818
    """What is wrong with a package, in words."""


@dataclass(frozen=True)
class _Relation:
    """A relation of a part: its type's last word, and the key of the part that it leads to, or an outer address."""

    identity: str
    type: str
    target: str
    outside: bool

    @property
    def kind(self) -> str:
        return self.type.rpartition("/")[2]


class _Package:
    """An Open Packaging file to read from. The key of a part is its name in lower case, unquoted."""

    def __init__(self, file: BinaryIO) -> None:
        self._archive = ZipFile(file)
        self._names = {_key(name): name for name in self._archive.namelist()}
        self._unpacked = 0
        if (types := self._xml("[content_types].xml")) is None:
            raise _Unusable("it is not an Office file")
        self._types = {_key(one.get("PartName")): one.get("ContentType") for one in _tagged(types, "Override")}
        self._endings = {one.get("Extension").lower(): one.get("ContentType") for one in _tagged(types, "Default")}

    def content_type(self, key: str) -> str:
        """Return the type of a part; empty where there is no such part, or none that says what it is."""
        usual: str = self._endings.get(splitext(key)[1].removeprefix("."), "")
        return self._types.get(key, usual) if key in self._names else ""

    def read(self, key: str) -> bytes:
        info = self._archive.getinfo(self._names[key])
        self._unpacked += info.file_size
        if self._unpacked > _MOST_BYTES:
            raise _Unusable(f"its design has more than {_MOST_BYTES >> 20} MB")
        return self._archive.read(info)

    def relations(self, key: str) -> Iterator[_Relation]:
        """Go through the relations of a part, or of the package itself for an empty key."""
        folder, name = split(key)
        table = self._xml(join(folder, "_rels", f"{name}.rels"))
        for one in () if table is None else _tagged(table, "Relationship"):
            target, outside = one.get("Target"), one.get("TargetMode") == "External"
            if not outside:
                target = _key(normpath(join("/", folder, target.partition("#")[0])))
            yield _Relation(one.get("Id"), one.get("Type"), target, outside)

    def _xml(self, key: str) -> Any:
        return parse_xml(self.read(key)) if key in self._names else None


def _key(name: str) -> str:
    return unquote(name).lower().lstrip("/")


def _tagged(element: Any, name: str) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name]


def _copy_design(file: BinaryIO) -> bytes:
    """Copy the presentation and, from relation to relation, all that its design needs; uncompressed."""
    package = _Package(file)
    main = next((one.target for one in package.relations("") if one.kind == "officeDocument"), "")
    if package.content_type(main) not in PRESENTATION_TYPES.values():
        raise _Unusable("it is not a presentation")
    root = _Relation("rId1", f"{_RELATIONS}/officeDocument", main, False)
    names = {main: "ppt/presentation.xml"}
    waiting = [main]
    buffer = BytesIO()
    with ZipFile(buffer, "w") as out:
        out.writestr("_rels/.rels", _relations_xml([root], names))
        while waiting:
            key = waiting.pop()
            kept = [one for one in package.relations(key) if _is_kept(package, one, key == main)]
            for one in kept:
                if not one.outside and one.target not in names:
                    names[one.target] = _new_name(one, len(names))
                    waiting.append(one.target)
            data = package.read(key)
            if package.content_type(key).endswith("xml"):
                data = _trimmed(data, {one.identity for one in kept}, key == main)
            out.writestr(names[key], data)
            if kept:
                folder, name = split(names[key])
                out.writestr(join(folder, "_rels", f"{name}.rels"), _relations_xml(kept, names))
        types = {name: package.content_type(key) for key, name in names.items()}
        out.writestr("[Content_Types].xml", _types_xml(types | {names[main]: PRESENTATION_TYPES[".pptx"]}))
    return buffer.getvalue()


def _is_kept(package: _Package, relation: _Relation, of_presentation: bool) -> bool:
    if of_presentation and relation.kind not in _DESIGN:
        return False
    return relation.outside or package.content_type(relation.target) not in ("", *_SLIDE_TYPES)


def _new_name(relation: _Relation, number: int) -> str:
    kind = relation.kind if re.fullmatch(r"[A-Za-z0-9]{1,40}", relation.kind) else "part"
    ending = re.fullmatch(r"\.[a-z0-9]{1,10}", splitext(relation.target)[1])
    return f"ppt/{kind}s/{kind}{number}{ending[0] if ending else '.bin'}"


def _trimmed(data: bytes, identities: set[str], of_presentation: bool) -> bytes:
    """Return a part's XML without the elements that name a relation that it does not have."""
    root = parse_xml(data)
    if of_presentation and root.tag != qn("p:presentation"):
        raise _Unusable("it is a Strict Open XML presentation")
    gone = [element for element in root.iter() if _names_what_is_gone(element, identities)]
    if of_presentation:
        gone += [child for child in root if child.tag not in {qn(f"p:{name}") for name in _DESIGN_ELEMENTS}]
    for element in gone:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    return serialize_part_xml(root) if gone else data


def _names_what_is_gone(element: Any, identities: set[str]) -> bool:
    named = [value for name, value in element.attrib.items() if name.startswith(f"{{{_RELATIONS}}}") and value]
    return not identities.issuperset(named) or element.get("action", "").startswith(_GONE_ACTIONS)


def _relations_xml(relations: list[_Relation], names: Mapping[str, str]) -> str:
    rows = []
    for one in relations:
        target = one.target if one.outside else f"/{names[one.target]}"
        mode = ' TargetMode="External"' if one.outside else ""
        fields = f"Id={quoteattr(one.identity)} Type={quoteattr(one.type)} Target={quoteattr(target)}"
        rows.append(f"<Relationship {fields}{mode}/>")
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def _types_xml(types: Mapping[str, str]) -> str:
    usual = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    fields = [f"PartName={quoteattr('/' + name)} ContentType={quoteattr(kind)}" for name, kind in types.items()]
    rows = "".join(f"<Override {each}/>" for each in fields)
    return f'<Types xmlns="{_PACKAGE}/content-types">{usual}{rows}</Types>'
