"""Do the scores agree with the eye? `python benchmarks/taste.py` asks them about the pairs of judged.jsonl.

Each line of that file is two recipes and which of their pictures, 184 pixels square and side by side, was liked
better. The recipes were drawn at random over activations, gains, depths, inputs, symmetries, colour models and
palettes. `--fit` searches for ranges and weights that agree better, on all but the last 60 pairs.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artstudio import Recipe
from artstudio.curation.curate import score_recipes
from artstudio.curation.scores import PREFERENCES, Preference

JUDGED = Path(__file__).with_name("judged.jsonl")

HELD_OUT = 60
"""The last pairs, on which nothing was fitted."""

PULL = 0.25
"""How strongly the fit is held to where it begins: of several, the one that agreed best in cross-validation."""

Floats = NDArray[np.float64]
Liking = Mapping[str, Preference]


def judged() -> tuple[dict[str, Floats], NDArray[np.intp]]:
    """Return each measure of both pictures of each pair, (pairs, 2), and which was better, (pairs,)."""
    lines = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    recipes = [(str(i), Recipe(**fields)) for i, fields in enumerate(r for line in lines for r in line["pair"])]
    found = [asdict(candidate.scores) for candidate in score_recipes(recipes)]
    measures = {name: np.array([scores[name] for scores in found]).reshape(-1, 2) for name in PREFERENCES}
    return measures, np.array([line["better"] for line in lines])


def totals(measures: Mapping[str, Floats], liking: Liking) -> Floats:
    """Return the total of every picture, as `curation.scores.total` computes it."""
    logs = {name: np.log(np.maximum(np.vectorize(p)(measures[name]), 1e-6)) for name, p in liking.items()}
    weights = sum(p.weight for p in liking.values())
    return np.exp(sum(p.weight * logs[name] for name, p in liking.items()) / weights)


def agreement(total: Floats, better: NDArray[np.intp]) -> float:
    """Return the share of pairs of which the better one has the higher total."""
    return float(np.mean((total[:, 1] > total[:, 0]) == better))


def fit(
    measures: Mapping[str, Floats], better: NDArray[np.intp], rounds: int, seed: int = 0
) -> dict[str, Preference]:
    """Return preferences under which the judgements are likelier (logistic in the difference of totals).

    Moves away from where it began are paid for: in deviations of the measure, in logarithms of widths and weights.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    sign = np.where(better == 1, 1, -1)

    def value(liking: Liking) -> float:
        total = totals(measures, liking)
        unlikely = np.log1p(np.exp(-6 * sign * (total[:, 1] - total[:, 0]))).mean()
        moved = 0.0
        for name, p in liking.items():
            q, unit = PREFERENCES[name], measures[name].std()
            moved += ((p.low - q.low) / unit) ** 2 + ((p.high - q.high) / unit) ** 2
            moved += np.log(p.soft / q.soft) ** 2 + 0.5 * np.log(p.weight / q.weight) ** 2
        return float(unlikely + PULL * moved)

    liking = dict(PREFERENCES)
    least = value(liking)
    for number in range(rounds):
        name = list(liking)[int(random.integers(len(liking)))]
        part = ("low", "high", "soft", "weight")[int(random.integers(4))]
        step, before = random.normal() * (0.5 if number < rounds / 2 else 0.2), getattr(liking[name], part)
        after = before + step * measures[name].std() if part in ("low", "high") else before * np.exp(step)
        tried = {**liking, name: replace(liking[name], **{part: float(after)})}
        if tried[name].low <= tried[name].high and (found := value(tried)) < least:
            liking, least = tried, found
    return liking


def main() -> None:
    """Print how often the scores agree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--fit", type=int, metavar="ROUNDS", help="search this long; 1000 take two minutes")
    options = parser.parse_args()
    measures, better = judged()
    first, last = slice(None, -HELD_OUT), slice(-HELD_OUT, None)

    def say(what: str, liking: Liking) -> None:
        total = totals(measures, liking)
        print(
            f"{what:<8} {agreement(total[first], better[first]):.3f}  {agreement(total[last], better[last]):.3f}"
        )

    print(f"{'pairs':<8} {len(better) - HELD_OUT:<5}  {HELD_OUT}")
    say("scores", PREFERENCES)
    if options.fit:
        liking = fit({name: found[first] for name, found in measures.items()}, better[first], options.fit)
        say("fitted", liking)
        for name, p in liking.items():
            print(f"  {name:<14} {p.low:.3f} {p.high:.3f} {p.soft:.3f} {p.weight:.2f}")


if __name__ == "__main__":
    main()
