"""What artstudio finds on this machine: versions, devices, kept programs, plugins, and which extras are installed."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distributions, version
from types import MappingProxyType
from typing import Any

from artstudio.version import RENDERER, VERSION

LIBRARIES = ("jax", "jaxlib", "numpy", "optax", "pillow", "matplotlib", "pydantic", "click", "isal")
"""The libraries whose versions matter in a report of a bug."""

EXTRAS: Mapping[str, tuple[tuple[str, ...], str]] = MappingProxyType(
    {
        "video": (("av",), "films as .mp4 and .webm"),
        "onnx": (("onnx",), "networks as ONNX models"),
        "slides": (("python-pptx",), "PowerPoint decks"),
        "web": (("starlette", "uvicorn"), "artstudio studio with full-quality renders and galleries"),
        "cluster": (("distributed",), "galleries on several machines"),
        "gpu": (("jax-cuda12-plugin",), "NVIDIA cards"),
    }
)
"""An extra of the package -> the libraries that it installs, and what they give."""

_VARIABLES = ("ARTSTUDIO_", "JAX_", "XLA_", "MPL", "XDG_CACHE_HOME", "NO_COLOR", "FORCE_COLOR")


def examine() -> dict[str, Any]:
    """Return what there is, as JSON values. JAX is started, to find its devices; nothing else is changed."""
    return {
        "artstudio": VERSION,
        "renderer": RENDERER,
        "python": sys.version.split()[0],
        "executable": sys.executable,
        "system": platform.platform(),
        "processor": {"cores": os.cpu_count(), "machine": platform.machine(), "vectors": _vectors()},
        "libraries": {name: _version(name) for name in LIBRARIES},
        "devices": _devices(),
        "programs": _programs(),
        "pillow": _pillow(),
        "typeface": _typeface(),
        "extras": {
            name: {"libraries": {library: _version(library) for library in libraries}, "gives": gives}
            for name, (libraries, gives) in EXTRAS.items()
        },
        "plugins": _plugins(),
        "environment": {name: value for name, value in sorted(os.environ.items()) if name.startswith(_VARIABLES)},
    }


def report(found: Mapping[str, Any]) -> str:
    """Return what `examine` found as text to read, or to paste into a report."""
    cores, machine, vectors = found["processor"].values()
    programs = found["programs"]
    lines = [
        f"artstudio {found['artstudio']} (renderer {found['renderer']}), Python {found['python']}, {found['system']}",
        f"python      {found['executable']}",
        f"processor   {', '.join(filter(None, (f'{cores} cores', machine, vectors)))}",
        f"libraries   {', '.join(f'{name} {number}' for name, number in found['libraries'].items())}",
        f"devices     {', '.join(found['devices'])}",
        f"programs    {programs['folder']}: {programs['trouble'] or str(programs['count']) + ' kept'}",
        f"pillow      {', '.join(f'{name}: {has}' for name, has in found['pillow'].items())}",
        f"typeface    {found['typeface']}",
    ]  # fmt: skip
    for name, extra in found["extras"].items():
        missing = [library for library, number in extra["libraries"].items() if number is None]
        state = f"missing {', '.join(missing)}: pip install 'artstudio[{name}]'" if missing else "installed"
        lines.append(f"{name:<11} {extra['gives']}: {state}")
    lines += [
        f"{'plugin':<11} {name} {number}: {', '.join(groups)}"
        for name, (number, groups) in found["plugins"].items()
    ]
    lines += [f"{name}={value}" for name, value in found["environment"].items()]
    return "\n".join(lines)


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


def _plugins() -> dict[str, tuple[str, list[str]]]:
    """The packages with entry points for artstudio: each one's version, and what it says that it adds."""
    found: dict[str, tuple[str, list[str]]] = {}
    for package in distributions():
        for point in package.entry_points:
            if point.group.startswith("artstudio."):
                about = found.setdefault(package.name, (package.version, []))
                about[1].append(f"{point.group.removeprefix('artstudio.')} {point.name}")
    return dict(sorted(found.items()))


def _vectors() -> str:
    """The widest vector instructions of the processor; empty where the system does not say."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            flags = set(file.read(8192).split())
    except OSError:
        return ""
    return next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if flag in flags), "")


def _devices() -> list[str]:
    import jax  # late: the lists above are for listings too

    try:
        kinds = [(device.platform, device.device_kind) for device in jax.local_devices()]
    except RuntimeError as error:
        return [f"none ({error})"]
    return [platform if platform == kind else f"{platform} {kind}" for platform, kind in kinds]


def _programs() -> dict[str, Any]:
    from artstudio.compiled.cache import cache_folder, entries, why_unusable

    folder = cache_folder()
    if folder is None:
        return {"folder": "off", "trouble": "none are kept", "count": 0}
    trouble = why_unusable(folder) if folder.exists() else ""
    return {"folder": str(folder), "trouble": trouble, "count": 0 if trouble else len(entries(folder))}


def _pillow() -> dict[str, str]:
    from PIL import features

    return {name: features.version(name) or "missing" for name in ("jpg", "webp", "avif", "littlecms2")}


def _typeface() -> str:
    from artstudio.figures.style.typeface import FACES, FAMILY

    missing = [face.name for face in FACES if not face.is_file()]
    return f"missing: {', '.join(missing)}" if missing else f"{FAMILY}, {len(FACES)} faces"
