"""Work is shared among devices, and painting overlaps with copying back and with encoding: counted, not timed."""

import json
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import artstudio.batch.run as batch_run
import artstudio.engine.render as renderer
import artstudio.pictures.single as single
from artstudio import Recipe
from artstudio.batch.job import Job
from artstudio.engine.devices import (
    LARGEST_RUN,
    RUN_VALUES,
    SMALLEST_RUN,
    device_run,
    have_own_memory,
)
from artstudio.engine.overlap import carry_out, one_ahead
from artstudio.files.encode import format_for

SHARED = """
import hashlib, json
from collections import Counter
import artstudio.engine.render as renderer
from artstudio import Recipe

def paint():
    used = Counter()
    call = renderer._Picture._call
    def counted(self, *arguments):
        painted = call(self, *arguments)
        used.update(device.id for device in painted.devices())
        return painted
    renderer._Picture._call = counted
    recipe = Recipe(seed=3, activation="step", units=8, depth=2)
    pixels = renderer.render(recipe, width=640, height=480)
    renderer._Picture._call = call
    return pixels, used

pixels, used = paint()
renderer.have_own_memory = lambda devices: True  # as if they were accelerators
large, used_large = paint()
far = int((abs(large.astype(int) - pixels) > 1).sum())
print(json.dumps([hashlib.sha256(pixels.tobytes()).hexdigest(), far, used, used_large]))
"""


def shared(devices):
    """Paint in a process with so many devices: the pixels' hash, how many differ in large calls, and who painted."""
    environment = os.environ | {"XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}"}
    out = subprocess.run(
        [sys.executable, "-c", SHARED], env=environment, capture_output=True, text=True, check=True
    ).stdout
    return json.loads(out)


@pytest.mark.sweep
def test_four_devices_each_get_a_share_and_paint_the_bits_of_one():
    (single, _, one, _), (together, far, four, large) = shared(1), shared(4)
    assert together == single
    assert far == 0
    assert set(one) == {"0"}
    assert set(four) == set(large) == {"0", "1", "2", "3"}


@pytest.mark.parametrize("devices", range(1, 9))
@pytest.mark.parametrize("pixels", [1, 1 << 16, 512 * 512, 1920 * 1080, 1 << 21])
def test_runs_are_sized_for_the_devices(pixels, devices):
    run = device_run(pixels, devices, 27)
    assert SMALLEST_RUN <= run <= LARGEST_RUN
    calls = -(-pixels // run)
    if run > SMALLEST_RUN:
        assert calls >= devices  # each has something to do
    if SMALLEST_RUN < run < LARGEST_RUN:
        assert calls == devices


@pytest.mark.parametrize("values", [1, 27, 100, 1000])
def test_runs_are_sized_for_the_memory(values):
    assert device_run(1 << 21, 1, values) * values <= RUN_VALUES


def test_runs_have_few_different_sizes():
    assert len({device_run(side * side, 1, 27) for side in range(1, 1449)}) <= 33


class Device:
    def __init__(self, platform):
        self.platform = platform


def test_which_devices_are_what():
    cpu, gpu, other = Device("cpu"), Device("gpu"), Device("tpu")
    assert [have_own_memory([d]) for d in (cpu, gpu, other)] == [False, True, True]


class Result:
    """What a device will have painted; it says when it is copied back and when it is waited for."""

    def __init__(self, events, number):
        self.events, self.number = events, number

    def copy_to_host_async(self):
        self.events.append(f"copy {self.number}")


def test_calls_are_started_ahead_of_the_copies_of_those_before():
    events = []

    def start(number):
        events.append(f"start {number}")
        return Result(events, number)

    def keep(number, painted):
        assert painted.number == number
        events.append(f"keep {number}")

    carry_out(4, start, keep, each=map, ahead=1)
    assert events == [
        *("start 0", "copy 0", "start 1", "copy 1", "keep 0"),
        *("start 2", "copy 2", "keep 1", "start 3", "copy 3", "keep 2", "keep 3"),
    ]


def test_no_more_calls_are_under_way_than_were_asked_for():
    under_way, most = set(), []

    def start(number):
        under_way.add(number)
        most.append(len(under_way))
        return Result([], number)

    carry_out(20, start, lambda number, painted: under_way.discard(number), each=map, ahead=4)
    assert not under_way
    assert max(most) == 5


def test_bands_are_made_while_the_one_before_is_used():
    made = [threading.Event() for _ in range(3)]

    def items():
        for number, event in enumerate(made):
            event.set()
            yield number

    for number in one_ahead(items()):
        assert all(event.wait(60) for event in made[: number + 2])


def test_an_error_ends_the_bands():
    def items():
        yield 1
        raise OSError("gone")

    found = one_ahead(items())
    assert next(found) == 1
    with pytest.raises(OSError, match="gone"):
        next(found)


def test_a_posters_bands_are_painted_ahead_on_devices_apart(monkeypatch):
    painted = threading.Semaphore(0)
    paint = renderer._Picture.paint

    def counted(self, *arguments):
        pixels = paint(self, *arguments)
        painted.release()
        return pixels

    monkeypatch.setattr(renderer, "have_own_memory", lambda devices: True)
    monkeypatch.setattr(renderer, "BAND", 64 * 16)
    monkeypatch.setattr(renderer._Picture, "paint", counted)
    recipe = Recipe(seed=2, units=8, depth=1)
    bands = renderer.render_bands(recipe, width=64, height=64, supersample=1)
    rows = [next(bands)]
    for _ in range(2):  # the band that was asked for, and the next one without being asked for
        assert painted.acquire(timeout=60)
    rows += bands
    assert [first for first, _ in rows] == [0, 16, 32, 48]
    monkeypatch.undo()
    whole = renderer.render(recipe, width=64, height=64, supersample=1)
    assert np.abs(np.concatenate([band for _, band in rows]).astype(int) - whole).max() <= 1


def test_in_a_batch_one_picture_is_encoded_while_the_next_is_painted(monkeypatch):
    """The first picture's encoding waits for the second one's painting to begin: in turn it would wait in vain."""
    begun, count = threading.Event(), []
    render = renderer.render

    def painted(recipe, **how):
        count.append(recipe.seed)
        if len(count) == 2:
            begun.set()
        return render(recipe, **how)

    def encoded(pixels, *arguments):
        assert begun.wait(60)
        return b"encoded"

    monkeypatch.setattr(renderer, "render", painted)
    monkeypatch.setattr(single, "encode_picture", encoded)
    format = format_for("a.png")
    jobs = [Job(f"p{seed}", Recipe(seed=seed, units=8, depth=1), 16, 16, format, 1) for seed in (1, 2)]
    with batch_run.local_maker(2, threading.Event(), lambda pixels: None) as start:
        assert [future.result().data for future in [start(job) for job in jobs]] == [b"encoded"] * 2
