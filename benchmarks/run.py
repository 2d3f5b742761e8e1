"""The benchmarks: `make bench`, or `python benchmarks/run.py --only kernel,scaling`.

Each part prints a table. Figures are the best of several rounds, and ratios are taken within one run, interleaved,
since machines are noisy. Nothing else should run meanwhile.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

PARTS = ("startup", "gallery", "kernel", "engine", "scaling", "small", "encode", "batch", "learn", "peers")
"""In this order, each a module with a `run(rounds)`; those come last that bring in other libraries' threads."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts that are asked for, and write what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=f"parts: {', '.join(PARTS)}", formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", metavar="PART,...", help="these parts only")
    parser.add_argument("--rounds", type=int, default=7, help="more of them find better times (default: 7)")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write all numbers; parts that do not run keep theirs"
    )
    parser.add_argument("--plots", type=Path, metavar="DIR", help="draw the figures, light and dark")
    options = parser.parse_args(arguments)
    chosen = _chosen(options.only)
    if options.rounds < 1:
        _refuse(f"--rounds: expected at least 1, found {options.rounds}")
    if options.json and not options.json.absolute().parent.is_dir():
        _refuse(f"--json: there is no folder {options.json.parent}")
    from measure import machine  # late, like the parts: a refusal should not wait for JAX

    results: dict[str, Any] = {"machine": machine(), "rounds": options.rounds}
    print(", ".join(f"{key} {value}" for key, value in results["machine"].items()))
    for name in chosen:
        part = import_module(name)
        print(f"\n{name}: {(part.__doc__ or '').splitlines()[0]}\n", flush=True)
        results[name] = part.run(options.rounds)
        if options.json:  # after each part: what was measured is not lost with what comes after it
            text = json.dumps(_with_earlier(results, options.json), indent=1)
            options.json.write_text(text + "\n", encoding="utf-8")
    if options.plots:
        from plots import write_figures

        for path in write_figures(json.loads(json.dumps(results)), options.plots):
            print(path)


def _chosen(only: str | None) -> list[str]:
    """The parts that are asked for, in their own order; all of them by default."""
    if only is None:
        return list(PARTS)
    asked = only.split(",")
    for name in asked:
        if name not in PARTS:
            _refuse(f"--only: expected some of {', '.join(PARTS)}, found {name!r}")
    return [part for part in PARTS if part in asked]


def _refuse(message: str) -> NoReturn:
    print(f"run.py: {message}", file=sys.stderr)
    raise SystemExit(2)


def _with_earlier(results: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the results with the parts of an earlier file that did not run, if it is this machine's."""
    try:
        earlier = json.loads(path.read_text(encoding="utf-8"))
        same = earlier["machine"] == results["machine"]
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    return {**earlier, **results} if same else results


if __name__ == "__main__":
    main()
