"""Learning: training steps a second, beside PyTorch as its users write it, on the same network, batches and cores."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import jax
import numpy as np

from artstudio.learning.recipes import base_recipe
from artstudio.learning.run import Problem, compile_programs, train
from artstudio.learning.settings import settings_for
from artstudio.learning.study import DEFAULT, study
from artstudio.learning.targets.registry import find_target

STEPS = 200
RATE = 0.003


def torch_trainer(problem: Problem, name: str) -> Callable[[], float]:
    """What trains the network in PyTorch for so many steps and returns its last loss."""
    import torch
    from torch import nn

    class Sine(nn.Module):
        def forward(self, z: Any) -> Any:
            return torch.sin(z)

    class Step(nn.Module):
        def forward(self, z: Any) -> Any:
            return (z >= 0).to(z.dtype)

    kinds = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU, "sine": Sine, "step": Step}
    inputs, values = (torch.from_numpy(np.ascontiguousarray(part.T)) for part in problem.data())
    settings = problem.settings
    layers: list[nn.Module] = []
    width = inputs.shape[1]
    for _ in range(settings.depth):
        layers += [nn.Linear(width, settings.units), kinds[name]()]
        width = settings.units
    net = nn.Sequential(*layers, nn.Linear(width, 3))
    optimiser = torch.optim.Adam(net.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, 0.1 ** (1 / settings.steps))
    torch.set_num_threads(os.cpu_count() or 1)

    def run() -> float:
        for _ in range(STEPS):
            batch = torch.randint(len(inputs), (settings.batch,))
            loss = ((torch.sigmoid(1.5 * net(inputs[batch])) - values[batch]) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        return float(loss.detach())

    return run


def timed(function: Callable[[], Any]) -> float:
    """Seconds."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def run(rounds: int) -> dict[str, Any]:
    """Measure each activation alone, then all six side by side with their learning rates found."""
    try:
        import torch
    except ImportError:
        torch = None
    target = find_target("face")
    settings = settings_for("picture", steps=STEPS, rate=RATE)
    problem = Problem(target, settings, base_recipe(target, settings), jax.local_devices()[0], Event())
    found: dict[str, Any] = {"device": problem.device.platform, "batch": settings.batch, "steps_per_second": {}}
    for name in DEFAULT:
        compile_programs(problem, name)
        ours = lambda name=name: train(problem, name, RATE, STEPS, (), lambda steps: None)  # noqa: E731
        theirs = torch_trainer(problem, name) if torch else None
        best = {"artstudio": np.inf, "torch": np.inf}
        for _ in range(rounds):
            best["artstudio"] = min(best["artstudio"], timed(ours))
            if theirs:
                best["torch"] = min(best["torch"], timed(theirs))
        speeds = {peer: STEPS / seconds for peer, seconds in best.items() if np.isfinite(seconds)}
        found["steps_per_second"][name] = speeds
        ratio = f"{speeds['artstudio'] / speeds['torch']:6.2f} x" if "torch" in speeds else ""
        print(f"{name:10}" + "".join(f"{peer} {speed:8.0f} steps/s  " for peer, speed in speeds.items()) + ratio)
    seconds = timed(lambda: study(target, settings_for("picture")))
    found["six_searched_seconds"] = seconds
    print(f"six activations, rates found, 1000 steps of {settings.batch}: {seconds:.1f} s")
    return found


if __name__ == "__main__":
    run(3)
