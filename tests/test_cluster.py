"""The same plan on a real Dask cluster: identical results, also when a worker is killed in the middle."""

import os
import signal
import warnings

import pytest
from test_faults import pixel_hashes

from artstudio import ArtstudioError, Recipe
from artstudio.batch import manifest
from artstudio.batch.execute import Options, execute, open_folder
from artstudio.batch.job import Job
from artstudio.files.encode import FORMATS
from artstudio.version import RENDERER

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default")  # the library's own: sockets that a killed worker leaves open


def jobs(count):
    activations = ("tanh", "step", "softmax")
    return [
        Job(f"p-{i}", Recipe(seed=i, activation=activations[i % 3]), 96, 64, FORMATS["png"], 2)
        for i in range(count)
    ]


def render_all(batch, folder, cluster=""):
    with open_folder(folder) as entries:
        yield from execute(batch, folder, entries, Options(workers=2, cluster=cluster))


@pytest.fixture(scope="module")
def cluster():
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        yield cluster


@pytest.mark.sweep
def test_a_cluster_gives_the_same_pictures_though_a_worker_is_killed(tmp_path, cluster):
    batch = jobs(12)
    list(render_all(batch, tmp_path / "here"))
    with distributed.Client(cluster, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
    killed = False
    for outcome in render_all(batch, tmp_path / "there", cluster.scheduler_address):
        assert outcome.status == "rendered"
        if not killed:
            os.kill(pids[0], signal.SIGKILL)
            killed = True
    assert pixel_hashes(tmp_path / "there") == pixel_hashes(tmp_path / "here")
    here, there = (manifest.read(tmp_path / name)[0] for name in ("here", "there"))
    assert {name: entry.sha256 for name, entry in here.items()} == {name: e.sha256 for name, e in there.items()}
    again = list(render_all(batch, tmp_path / "there"))  # the manifest is the truth, whoever made the pictures
    assert {outcome.status for outcome in again} == {"kept"}


@pytest.mark.sweep
def test_a_job_that_fails_on_a_worker_is_recorded_like_any_other(tmp_path, cluster, monkeypatch):
    monkeypatch.setattr("artstudio.batch.cluster.RENDERER", 999)  # as a worker of another version sees it
    outcomes = list(render_all(jobs(2), tmp_path, cluster.scheduler_address))
    assert [outcome.status for outcome in outcomes] == ["failed"] * 2
    assert f"the worker has renderer version {RENDERER}, the job needs 999" in outcomes[0].reason


@pytest.mark.sweep
def test_an_address_that_nobody_answers_is_one_clear_line(tmp_path):
    with pytest.raises(ArtstudioError, match=r"cluster tcp://127\.0\.0\.1:9: cannot be reached") as caught:
        list(render_all(jobs(1), tmp_path, "tcp://127.0.0.1:9"))
    assert "\n" not in str(caught.value)


@pytest.mark.sweep
def test_the_command_starts_a_cluster_of_its_own(tmp_path):
    import subprocess
    import sys

    options = [
        "--size",
        "32x32",
        "--supersample",
        "1",
        "--cluster",
        "local",
        "--no-page",
        "--sheet",
        "none",
        "-o",
        str(tmp_path),
    ]
    command = [sys.executable, "-m", "artstudio", "gallery", "--sweep", "seed=1..3", *options]
    result = subprocess.run(command, capture_output=True, text=True)
    assert (result.returncode, len(pixel_hashes(tmp_path))) == (0, 3)
    assert "3 of 3 pictures rendered" in result.stderr
    assert result.stderr.count("\n") == 1
