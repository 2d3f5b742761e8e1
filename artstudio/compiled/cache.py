"""Compiled programs kept on disk from one process to the next: the second start need not compile. Needs no JAX.

An entry is a program as JAX serialises it, with its checksum in front. Reading one runs what it says, so the
folder must belong to the user, and to nobody else; and whatever is wrong with a folder or an entry, the program
is compiled as if there were none.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import platform
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import platformdirs

from artstudio.errors import FileProblem
from artstudio.files.atomic import write_atomic

VARIABLE = "ARTSTUDIO_CACHE"
"""The environment variable: `off`, or a folder in the place of the usual one."""

AHEAD = "ARTSTUDIO_COMPILE_AHEAD"
"""The environment variable: `off`, so that no process goes on compiling in the background."""

LIMIT = 64 << 20
"""Bytes of all entries together; the ones that were not used for longest go first."""

SOURCES = ("compiled", "engine", "figures/lessons", "learning", "model")
"""The folders whose files programs are made of: when one changes, nothing that was kept before is used."""

_SUFFIX = ".program"

_CHECKSUM = 32
"""Bytes of SHA-256 in front of an entry."""

_MAX_ENTRY = 16 << 20

_STALE = 300
"""Seconds after which a claim is that of a process that was killed."""

Program = Callable[..., Any]


def cache_folder() -> Path | None:
    """Return where compiled programs are kept, or None where the user wants none. It need not exist.

    It is the system's place for caches (`$XDG_CACHE_HOME/artstudio` or `~/.cache/artstudio`, on macOS
    `~/Library/Caches/artstudio`, on Windows `%LOCALAPPDATA%\\artstudio\\Cache`); `ARTSTUDIO_CACHE` names another.
    """
    chosen = os.environ.get(VARIABLE, "")
    if chosen:
        return None if chosen.lower() in ("off", "0", "no", "none") else Path(chosen)
    with contextlib.suppress(RuntimeError):  # no home
        return platformdirs.user_cache_path("artstudio", appauthor=False)
    return None


def open_cache(folder: Path | None) -> ProgramCache | None:
    """Return the cache in a folder, made if need be; None where there is none, or where it is not private."""
    if folder is None:
        return None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return None if why_unusable(folder) else ProgramCache(folder)


def usable_cache() -> ProgramCache | None:
    """Return the user's cache, unless JAX has a folder of compiled programs of its own.

    Then it is left to it: what comes from there has lost parts that another process would miss.
    """
    import jax

    if all(map(jax.config.values.get, ("jax_compilation_cache_dir", "jax_enable_compilation_cache"))):
        return None
    return open_cache(cache_folder())


def why_unusable(folder: Path) -> str:
    """Say in words why an existing folder is no private one; empty where it is."""
    try:
        found = os.lstat(folder)
    except OSError as error:
        return error.strerror or str(error)
    if not stat.S_ISDIR(found.st_mode):
        return "it is not a folder"
    if hasattr(os, "getuid"):
        if found.st_uid != os.getuid():
            return "it belongs to another user"
        if found.st_mode & 0o077:
            return "other users have access to it"
    return ""


def entries(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """Return the entries, least recently used first. Raises `FileProblem` where the folder cannot be read."""
    found = []
    try:
        for path in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process may be clearing
                if path.suffix == _SUFFIX:
                    found.append((path, path.lstat()))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise FileProblem(f"{folder}: cannot be read ({error.strerror or error})") from None
    return sorted(found, key=lambda entry: entry[1].st_mtime)


def clear(folder: Path, keep: int = 0) -> int:
    """Delete entries until at most `keep` bytes are left, and return how many went. Raises `FileProblem`."""
    found = entries(folder)
    total, gone = sum(about.st_size for _, about in found), 0
    for path, about in found:
        if total <= keep:
            break
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FileProblem(f"{path}: cannot be deleted ({error.strerror or error})") from None
        total, gone = total - about.st_size, gone + 1
    return gone


class ProgramCache:
    """The programs in a private folder; `open_cache` makes one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, name: object, device: Any) -> Program | None:
        """Return the program that was kept under a name for a JAX device, or None.

        `name` is what it was made of: equal names, equal programs.
        """
        import jax

        start = time.perf_counter()
        found = _read(self._path(name, device))
        if found is not None:
            jax.monitoring.record_event_duration_secs(READ_EVENT, time.perf_counter() - start)
        return found

    def write(self, name: object, device: Any, compiled: Any) -> None:
        """Keep a compiled program, if it can be."""
        from jax.experimental.serialize_executable import serialize

        with contextlib.suppress(Exception):  # a full disk, or a program that cannot be serialised
            data = pickle.dumps(serialize(compiled))
            if len(data) <= _MAX_ENTRY:
                write_atomic(self._path(name, device), hashlib.sha256(data).digest() + data)
                clear(self.folder, keep=LIMIT)

    def _path(self, name: object, device: Any) -> Path:
        import jax
        import jaxlib.version

        about = (
            name, jax.__version__, jaxlib.version.__version__, sys.version,
            sorted(jax.config.values.items(), key=str), os.environ.get("XLA_FLAGS"),
            device.client.platform_version, device.device_kind, device.id,
            platform.machine(), _processor(), _sources(),
        )  # fmt: skip
        return self.folder / (hashlib.sha256(repr(about).encode()).hexdigest() + _SUFFIX)


@contextlib.contextmanager
def claim(cache: ProgramCache | None) -> Iterator[bool]:
    """Give one process at a time the task of compiling ahead: True for it, False for the others."""
    if cache is None:
        yield False
        return
    path = cache.folder / "ahead.lock"
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _STALE:
            path.unlink()
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        path.unlink(missing_ok=True)


READ_EVENT = "/artstudio/cache_read"
"""What `jax.monitoring` is told, with the seconds, when a program was read."""


def _read(path: Path) -> Program | None:
    """Return a program from its file, or None where there is none or anything is wrong with it."""
    try:
        with open(path, "rb") as file:
            about = os.fstat(file.fileno())
            if hasattr(os, "getuid") and about.st_uid != os.getuid():
                return None
            data = file.read(_MAX_ENTRY + _CHECKSUM)
        if hashlib.sha256(data[_CHECKSUM:]).digest() != data[:_CHECKSUM]:
            return None
        from jax.experimental.serialize_executable import deserialize_and_load

        program: Program = deserialize_and_load(*pickle.loads(data[_CHECKSUM:]))
        with contextlib.suppress(OSError):
            os.utime(path)  # used just now
        return program
    except Exception:  # whatever a file of another version or machine may lead to
        return None


def _processor() -> str:
    """What the processor can do: machine code for one may not run on another with the same home folder."""
    try:
        with open("/proc/cpuinfo", "rb") as file:
            return hashlib.sha256(
                b"".join(line for line in file.read(8192).split(b"\n") if b"flags" in line)
            ).hexdigest()
    except OSError:
        return platform.processor()


def _sources() -> list[tuple[str, int, int]]:
    """What a change to our own code changes: names, sizes and times of what programs are made of."""
    root = Path(__file__).parent.parent
    files = sorted(path for folder in SOURCES for path in (root / folder).rglob("*.py"))
    return [(path.name, (about := path.stat()).st_size, about.st_mtime_ns) for path in files]
