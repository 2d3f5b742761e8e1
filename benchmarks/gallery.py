"""All presets at 160x120, as whole processes: with an empty folder of compiled programs, and with a filled one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import table

from artstudio.compiled.cache import AHEAD, VARIABLE

SIZE = "160x120"


def run(rounds: int) -> dict[str, float]:
    """Measure, print a table and return the median seconds."""
    found: dict[str, list[float]] = {"empty": [], "filled": []}
    for _ in range(max(1, rounds // 2)):
        with tempfile.TemporaryDirectory() as folder:
            for name, seconds in found.items():
                seconds.append(_time(Path(folder), name))
    row = table("programs kept", "seconds")
    medians = {name: sorted(seconds)[len(seconds) // 2] for name, seconds in found.items()}
    for name, median in medians.items():
        row(name, f"{median:.1f}")
    return medians


def _time(folder: Path, name: str) -> float:
    command = [sys.executable, "-m", "artstudio", "gallery", "--size", SIZE, "-o", str(folder / name), "--quiet"]
    environment = {**os.environ, VARIABLE: str(folder / "programs"), AHEAD: "off"}
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start
