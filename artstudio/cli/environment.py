"""The environment of a command: what JAX and matplotlib would read from it is ignored, obeyed, or explained.

JAX reads dozens of `JAX_*` variables, most of them aids for people who write programs for it; they change what our
programs compute, or stop them. The command line keeps the few that say where to compute. A value that JAX cannot
start with is found when it is imported, and named.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from artstudio.errors import BadInput, shown

_KEPT = ("JAX_PLATFORMS", "JAX_NUM_CPU_DEVICES", "JAX_CUDA_VISIBLE_DEVICES", "JAX_ROCM_VISIBLE_DEVICES")
"""What says where JAX computes. `XLA_FLAGS` is kept too."""

_PROBE = "import jax; jax.local_devices()"


def prepare() -> None:
    """Tidy the process's environment, before any library is imported that reads it."""
    os.environ.pop(
        "MPLBACKEND", None
    )  # figures are written to files; a backend's name that is wrong would stop them
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        if not os.path.isabs(os.environ.get(name, "/")):
            del os.environ[name]  # as XDG says; else libraries would make their folders in the current one
    for name in [name for name in os.environ if name.startswith("JAX_") and name not in _KEPT]:
        del os.environ[name]
    if any(os.environ.get(name) for name in (*_KEPT, "XLA_FLAGS")):
        sys.meta_path.insert(0, _JaxFinder())


class _JaxFinder(MetaPathFinder):
    """Looks after the first import of JAX, and so only where a command needs it."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find JAX as ever, and start it in our way."""
        if name != "jax":
            return None
        sys.meta_path.remove(self)
        _check_flags(os.environ.get("XLA_FLAGS", ""))
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            execute = loader.exec_module
            loader.exec_module = lambda module: _start(module, execute)
        return spec


def _check_flags(flags: str) -> None:
    """Refuse flags that XLA does not know: it ends the process, so another one has to try. Raises `BadInput`."""
    if not flags.strip():
        return
    environment = {name: value for name, value in os.environ.items() if name not in _KEPT}
    tried = subprocess.run(
        [sys.executable, "-c", _PROBE],
        env=environment | {"JAX_PLATFORMS": "cpu"},
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        raise BadInput(
            f"XLA_FLAGS: expected flags that XLA knows, found {shown(flags)}; correct or unset the variable"
        )


def _start(jax: ModuleType, execute: Any) -> None:
    """Import JAX and find its devices; without those of `JAX_PLATFORMS` it is the CPU. Raises `BadInput`."""
    wanted = os.environ.get("JAX_PLATFORMS", "")
    if wanted and "cpu" not in wanted.split(","):
        os.environ["JAX_PLATFORMS"] = f"{wanted},cpu"  # so that --device cpu finds one
    try:
        execute(jax)
        try:
            jax.local_devices()
        except (RuntimeError, AssertionError):
            if not wanted:
                raise
            from artstudio.cli.report import remark

            remark(
                f"artstudio: JAX_PLATFORMS: JAX finds no device for {shown(wanted)} here; the CPU does the work"
            )
            jax.config.update("jax_platforms", "cpu")
            jax.local_devices()
    except (RuntimeError, ValueError, AssertionError) as error:
        found = ", ".join(f"{name}={shown(os.environ[name])}" for name in _KEPT if os.environ.get(name))
        raise BadInput(f"JAX does not start with {found} ({error}); correct or unset the variable") from None
