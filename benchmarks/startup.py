"""Whole processes, from the call to the end: `--help`, and pictures with and without kept programs.

`cold` has an empty cache folder each time, `warm` one that the same command has filled, `unseen` one that other
recipes have filled. `import jax` alone is what no command that renders can do without. The stages are those that
`render --timings` prints.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from measure import ms, table

from artstudio.compiled.cache import AHEAD, VARIABLE

ROOT = Path(__file__).parent.parent
NETWORK = ("-a", "relu", "--seed", "3", "--units", "32", "--depth", "8")
TOLD = ("--timings", "--json")
STAGES = ("start-up", "import", "weights", "render", "encode", "write")


def run(rounds: int) -> dict[str, dict[str, object]]:
    """Measure, print a table and return seconds, and those of the stages in the best of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        calls = _calls(Path(folder))
        best: dict[str, dict[str, object]] = {}
        for number in range(1 + max(2, rounds // 2)):  # the first fills caches
            for name, call in calls.items():
                found = _time(*call)
                if number and (name not in best or found["seconds"] < best[name]["seconds"]):
                    best[name] = found
    row = table(f"{'process':14}", "seconds", *STAGES)
    for name, found in best.items():
        stages = found.get("stages", {})
        row(name, f"{found['seconds']:.2f}", *(ms(stages[stage]) if stage in stages else "" for stage in STAGES))
    return best


Call = tuple[list[str], Path | None]


def _calls(folder: Path) -> dict[str, Call]:
    """The processes' arguments and their cache folder; None for one that is new each time."""

    def render(size: str) -> list[str]:
        output = ("-o", str(folder / f"{size}.png"), "--force")
        return ["-m", "artstudio", "render", *NETWORK, "--size", size, *output, "--quiet", *TOLD]

    warm, others = folder / "cache", folder / "others"
    sweep = ["--sweep", "activation=tanh,step", "--units", "32", "--size", "16x16", "-o", str(folder / "gallery")]
    fill = [sys.executable, "-m", "artstudio", "gallery", *sweep]
    subprocess.run(fill, env={**os.environ, VARIABLE: str(others)}, check=True, capture_output=True)
    return {
        "import jax": (["-c", "import jax"], warm),
        "--help": (["-m", "artstudio", "--help"], warm),
        "512x512, warm": (render("512x512"), warm),
        "1080p, warm": (render("1080p"), warm),
        "1080p, unseen": ([*render("1080p"), "--symmetry", "rotate:3", "--colour", "oklch"], others),
        "1080p, cold": (render("1080p"), None),
    }


def _time(arguments: list[str], cache: Path | None) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as empty:
        environment: Mapping[str, str] = {
            **os.environ,
            VARIABLE: str(cache or Path(empty) / "cache"),
            AHEAD: "off",
        }
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        seconds = time.perf_counter() - start
    about = json.loads(done.stdout) if TOLD[0] in arguments else {}
    return {"seconds": seconds, "stages": about["timings"]["stages"]} if about else {"seconds": seconds}
