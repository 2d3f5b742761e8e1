"""Where the time goes: seconds by stage, those that JAX tells of included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

_JAX_STAGES = {
    "/jax/core/compile/jaxpr_trace_duration": "trace",
    "/jax/core/compile/jaxpr_to_mlir_module_duration": "lower",
    "/jax/core/compile/backend_compile_duration": "compile",
    "/artstudio/cache_read": "cache read",
}
"""What `jax.monitoring` tells -> what it is called here."""


class Stopwatch:
    """Counts seconds by stage; `with watch("encode"): ...` adds to one."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = _since_the_process_began()
        """By stage, in the order in which they began; the first is what went by before there was a stopwatch."""
        self.within: dict[str, float] = {}
        """Making programs ready, on one thread or another, while something else was under way."""

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count the block's time as the stage's."""
        start = time.perf_counter()
        self.seconds.setdefault(stage, 0.0)
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - start

    def listen(self) -> None:
        """Count what JAX tells of from now on; for the rest of the process."""
        with self("import"):
            import jax

        def count(event: str, duration_secs: float, **details: str | int) -> None:
            if stage := _JAX_STAGES.get(event):
                self.within[stage] = self.within.get(stage, 0.0) + duration_secs

        jax.monitoring.register_event_duration_secs_listener(count)

    def table(self) -> list[str]:
        """Return the seconds in milliseconds, a line a stage."""
        lines = [f"{stage:12} {1000 * seconds:8.0f} ms" for stage, seconds in self.seconds.items()]
        lines += [f"{'total':12} {1000 * sum(self.seconds.values()):8.0f} ms"]
        programs = ", ".join(f"{stage} {1000 * seconds:.0f} ms" for stage, seconds in self.within.items())
        return lines + ([f"within them, summed over threads: {programs}"] if programs else [])

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return the seconds as JSON values."""

        def rounded(parts: dict[str, float]) -> dict[str, float]:
            return {stage: round(seconds, 4) for stage, seconds in parts.items()}

        return {"stages": rounded(self.seconds), "within": rounded(self.within)}


def _since_the_process_began() -> dict[str, float]:
    """Return the seconds as `start-up`, to a hundredth; nothing where the system does not say."""
    import psutil  # late: few ask for timings

    try:
        return {"start-up": max(0.0, time.time() - psutil.Process().create_time())}
    except psutil.Error:
        return {}
