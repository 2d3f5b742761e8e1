"""Make pictures on a Dask cluster. The scheduler only hands out work: the manifest says what is done."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from artstudio.batch.job import Job
from artstudio.batch.run import Made, Maker, make
from artstudio.errors import ArtstudioError, BadInput
from artstudio.files.encode import FORMATS
from artstudio.model.recipe import Recipe
from artstudio.version import RENDERER

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
"""The address that starts a cluster of one process a core on this machine."""


@contextmanager
def cluster_maker(address: str) -> Iterator[tuple[Maker, int]]:
    """Connect to a Dask scheduler, or start a `local` one; yield the maker and the number of worker threads.

    The job of a worker that dies is given to another. Raises `BadInput` when the extra is not installed,
    `ArtstudioError` when the scheduler cannot be reached or has no workers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise BadInput("a cluster needs the extra 'cluster': pip install 'artstudio[cluster]'") from None
    with _cluster(address) as where:
        try:
            client = Client(where, timeout=10, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise ArtstudioError(f"cluster {address}: cannot be reached ({reason})") from None
        with client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise ArtstudioError(f"cluster {address}: has no workers; start some with `dask worker {address}`")
            yield _maker(client), threads


def _maker(client: Client) -> Maker:
    executor = client.get_executor(pure=False)

    def start(job: Job) -> object:
        return executor.submit(
            make_remotely,
            job.name,
            job.recipe.to_json(),
            job.width,
            job.height,
            job.format.name,
            job.supersample,
            job.title,
            RENDERER,
        )

    return start  # type: ignore[return-value]  # its futures are concurrent ones; the library has no types


@contextmanager
def _cluster(address: str) -> Iterator[str]:
    if address != LOCAL:
        yield address
        return
    from distributed import LocalCluster

    with warnings.catch_warnings():
        # Its small HTTP server takes another port when the usual one is taken, and warns of that.
        warnings.filterwarnings("ignore", "Port .* is already in use", UserWarning)
        cluster = LocalCluster(
            n_workers=os.cpu_count() or 1,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=50,  # a worker that is killed is no news to the person at the terminal
        )
    with cluster:
        yield cluster.scheduler_address


def make_remotely(
    name: str,
    recipe: str,
    width: int,
    height: int,
    format: str,
    supersample: int,
    title: str,
    renderer: int,
) -> Made:
    """Make a picture on a worker, from plain values, so that nothing but them crosses the network."""
    if renderer != RENDERER:
        raise ArtstudioError(f"the worker has renderer version {RENDERER}, the job needs {renderer}")
    return make(Job(name, Recipe.from_json(recipe), width, height, FORMATS[format], supersample, title))
