"""Registries: records by name. Some are built in; others come from plugins, or are registered in a notebook.

A plugin is an installed package with entry points in a registry's group, such as `artstudio.activations`. Each names
a record, or several of them in a list. Plugins are imported when a registry is first looked into, not before: they
may import artstudio themselves. What is wrong with one is a `PluginWarning`, and it is left out.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from threading import RLock
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from artstudio.errors import ArtstudioError, BadInput, clip, printable, shown

REGISTERED = "register"
"""The origin of records that `artstudio.register` added."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


class PluginWarning(UserWarning):
    """A plugin, or a part of one, is left out: one line with its name and the reason."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


R = TypeVar("R", bound=_Named)


class Registry(Mapping[str, R]):
    """Read-only records by name, in listing order: built in, then from plugins, then registered.

    `kind` is what people call a record, `group` that of the entry points. `accept(record, origin)` returns the record
    as it is kept, or raises what is wrong with it; only records that are not built in go through it.
    """

    def __init__(
        self, kind: str, group: str, records: Iterable[R], accept: Callable[[R, str], R] = lambda record, _: record
    ) -> None:
        self.kind, self.group = kind, group
        self._accept = accept
        self._records: dict[str, R] = {}
        self._by_any: dict[str, R] = {}
        self._origins: dict[str, str] = {}
        self._lock = RLock()
        self._begun = self._ready = False
        for record in records:
            self._add(record)
        self._type = type(next(iter(self._records.values())))

    def __getitem__(self, name: str) -> R:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._all()))

    def __len__(self) -> int:
        return len(self._all())

    @property
    def by_any_name(self) -> Mapping[str, R]:
        """The records by their names and aliases."""
        self._all()
        return MappingProxyType(self._by_any)

    def origin(self, name: str) -> str:
        """Return the package that a record comes from, `REGISTERED`, or nothing for what is built in."""
        self._all()
        return self._origins.get(name, "")

    def built_in(self) -> tuple[str, ...]:
        """Return the names of the records that are part of artstudio."""
        return tuple(name for name in self._records if name not in self._origins)

    def holds(self, record: object) -> bool:
        """Whether a record is of this registry's type."""
        return isinstance(record, self._type)

    def register(self, record: R, origin: str = REGISTERED) -> None:
        """Add a record. One that is there already in the same form is left as it is.

        Raises `BadInput` for a record of another type, a name that is not a plain word, a name or alias that is
        taken, and what `accept` finds.
        """
        if not self.holds(record):
            raise BadInput(f"expected a record of the type {self._type.__name__}, found {type(record).__name__}")
        for name in _names(record):
            if not isinstance(name, str) or not _NAME.fullmatch(name):
                raise BadInput(
                    f"{self.kind} {shown(name)}: expected a name of small letters, digits and _, at most 40"
                )
        accepted = self._accept(record, origin)
        with self._lock:
            self._all()
            if self._origins.get(record.name) == origin and _same(self._records[record.name], accepted):
                return
            self._add(accepted)
            self._origins[record.name] = origin

    def _add(self, record: R) -> None:
        for name in _names(record):
            if name in self._by_any:
                raise BadInput(
                    f"{self.kind} {record.name!r}: the name {name!r} is taken by {self._by_any[name].name!r}; "
                    "choose another"
                )
        self._records[record.name] = record
        self._by_any |= dict.fromkeys(_names(record), record)

    def _all(self) -> dict[str, R]:
        if not self._ready:
            with self._lock:
                if not self._begun:  # a plugin may look into the registry while it is imported
                    self._begun = True
                    for origin, record in plugin_objects(self.group):
                        try:
                            self.register(record, origin)
                        except Exception as error:
                            warn_of(origin, error)
                    self._ready = True
        return self._records


def plugin_objects(group: str) -> Iterator[tuple[str, Any]]:
    """Yield what the entry points of a group name, with the name of its package; lists one by one.

    An entry point that cannot be imported is a `PluginWarning`.
    """
    from importlib.metadata import entry_points  # late: it takes a twentieth of a second

    for point in sorted(
        entry_points(group=group), key=lambda point: (point.dist.name if point.dist else "", point.name)
    ):
        origin = point.dist.name if point.dist else point.name
        try:
            found = point.load()
        except Exception as error:
            warn_of(origin, error, point.name)
            continue
        for record in found if isinstance(found, (list, tuple)) else (found,):
            yield origin, record


def warn_of(origin: str, error: Exception, part: str = "") -> None:
    """Warn, in one line, that something of a plugin is left out."""
    what = str(error) if isinstance(error, ArtstudioError) else f"{type(error).__name__}: {error}"
    whose = f"plugin {origin}: "
    where = f"{part}: " if part else ""
    line = f"{whose}{where}{clip(what.removeprefix(whose), 300)}; it is left out"
    warnings.warn(printable(line), PluginWarning, stacklevel=2)


def guarded(function: Callable[..., Any], kind: str, name: str, origin: str) -> Callable[..., Any]:
    """Return a function of a record that is not ours: what it raises becomes an `ArtstudioError` that names it."""

    @wraps(function)
    def call(*values: Any) -> Any:
        try:
            return function(*values)
        except ArtstudioError:
            raise
        except Exception as error:
            whose = "" if origin == REGISTERED else f"plugin {origin}: "
            raise ArtstudioError(
                f"{whose}{kind} {name!r}: {type(error).__name__}: {clip(str(error), 200)}"
            ) from error

    return call


def _names(record: Any) -> tuple[str, ...]:
    return (record.name, *getattr(record, "aliases", ()))


def _same(one: Any, other: Any) -> bool:
    """Whether two records say the same, with functions of the same code: a cell of a notebook may run twice."""
    return {name: _code(value) for name, value in vars(one).items()} == {
        name: _code(value) for name, value in vars(other).items()
    }


def _code(value: Any) -> Any:
    plain = getattr(value, "__wrapped__", value)
    code = getattr(plain, "__code__", None)
    return (code.co_code, code.co_consts, code.co_names) if code else value
