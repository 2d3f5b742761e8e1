"""Compiled programs: the one way to get one. From memory, else from the user's cache folder, else from the compiler.

A program with the full vocabulary paints every picture of its kind, but takes seconds to compile. So where a process
has to compile, the first program of a kind knows only the words that are asked for, or that were said to be expected,
and the second one knows all. A process that ends before that leaves the rest to another, in the background: the next
start compiles nothing.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple

import jax
import numpy as np

from artstudio.compiled.cache import AHEAD, claim, usable_cache
from artstudio.compiled.kept import compile_for
from artstudio.engine.painter import Canvas, Kind, Run, canvas, painter, strips_run
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe
from artstudio.model.vocabulary import (
    Network,
    Vocabulary,
    arrange,
    colour_parts,
    extended_vocabulary,
    full_vocabulary,
    has_plugins,
    words_of,
)

Array = Any

COMPILER_OPTIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # LLVM would use half of a 512 bit register: elementwise functions then take a third longer. No bit changes,
        # but for XLA's arctan, which is then wrong: `special.arctangent` stands in, and a test looks at the rest.
        "cpu": {"xla_cpu_prefer_vector_width": 512},
        # Loops and choices run on the card; otherwise each of them waits for the host.
        "gpu": {
            "xla_gpu_enable_command_buffer": "FUSION,CUBLAS,CONDITIONAL,WHILE",
            "xla_gpu_graph_min_graph_size": 1,
        },
    }
)
"""The compiler's options for each platform of JAX."""


class Program(NamedTuple):
    """A compiled program: `paint(network, canvas, run)`, see `engine.painter`."""

    kind: Kind
    words: Vocabulary
    paint: Callable[[Network, Canvas, Run], Array]

    def arrange(self, recipe: Recipe, params: Params) -> Network:
        """Return a network as this program takes it."""
        return arrange(recipe, params, self.words, self.kind.slots, self.kind.layers)


class Programs:
    """The programs of a process. Each is read or compiled by one thread; others that want it wait."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._locks: dict[Any, Lock] = defaultdict(Lock)
        self._held: dict[Any, list[Program]] = defaultdict(list)
        self._asked: dict[Any, Vocabulary] = {}
        self._expected: Vocabulary | None = None

    def expect(self, recipes: Iterable[Recipe]) -> None:
        """Say which recipes will be painted next, so that one small program is compiled for all of them."""
        words = dict.fromkeys(map(words_of, recipes))
        self._expected = reduce(Vocabulary.joined, words) if words else None

    def get(self, kind: Kind, words: Vocabulary, device: Any) -> Program:
        """Return a program of a kind that knows at least these words, for a JAX device."""
        found = self._find(kind, words, device)
        if found:
            return found
        full = extended_vocabulary() if has_plugins(words) else full_vocabulary()
        with self._lock:
            first = self._asked.setdefault((kind, device), words)
            if words != first and full.covers(words):
                choice = full
            else:
                choice = self._expected if self._expected and self._expected.covers(words) else words
            lock = self._locks[kind, device, choice]
        with lock:  # another thread may have been here
            found = self._find(kind, words, device)
            if not found:
                found = _read_or_compile(kind, words, choice, device)
                with self._lock:
                    self._held[kind, device].insert(0, found)
        return found

    def _find(self, kind: Kind, words: Vocabulary, device: Any) -> Program | None:
        with self._lock:
            held = tuple(self._held[kind, device])
        return next((program for program in held if program.words.covers(words)), None)

    def compile_ahead(self) -> None:
        """Start a process that compiles, for the next ones, all words of the kinds of which this one used some."""
        with self._lock:
            held = {key: [program.words for program in programs] for key, programs in self._held.items()}
        full = full_vocabulary()
        some = {kind for (kind, device), words in held.items() if device.platform == "cpu" and full not in words}
        kinds = [kind._replace(lit=lit) for kind in some if kind.output == "levels" for lit in (False, True)]
        if not kinds or os.environ.get(AHEAD, "").lower() == "off" or not usable_cache():
            return
        command = [sys.executable, "-c", _AHEAD, json.dumps(sorted(set(kinds)))]
        with contextlib.suppress(OSError):
            subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )


_AHEAD = "import json, sys; from artstudio.engine import programs; programs.compile_kinds(json.loads(sys.argv[1]))"

_PROGRAMS = Programs()
atexit.register(_PROGRAMS.compile_ahead)

get, expect = _PROGRAMS.get, _PROGRAMS.expect
"""The programs of this process: see `Programs`."""


def compile_kinds(kinds: Sequence[Sequence[Any]]) -> None:
    """Compile and keep the programs of these kinds that are missing, at the lowest priority; one process at once."""
    if hasattr(os, "nice"):
        os.nice(19)
    cache = usable_cache()
    with claim(cache) as ours:
        for kind in kinds if ours else ():
            _read_or_compile(Kind(*kind), full_vocabulary(), full_vocabulary(), jax.local_devices()[0])


def _read_or_compile(kind: Kind, words: Vocabulary, choice: Vocabulary, device: Any) -> Program:
    """Return a kept program that knows `words`, or compile and keep one with the words of `choice`.

    Programs with words of plugins are not kept: another version of the plugin may mean something else by them.
    """
    cache = None if has_plugins(choice) else usable_cache()
    for known in dict.fromkeys((words, choice, full_vocabulary())):
        paint = cache.read((kind, known), device) if cache and known.covers(words) else None
        if paint is not None:
            return Program(kind, known, paint)
    paint = _compile(kind, choice, device)
    if cache:
        cache.write((kind, choice), device, paint)
    return Program(kind, choice, paint)


def _compile(kind: Kind, words: Vocabulary, device: Any) -> Any:
    # Any network of the kind has the shapes that are wanted, but for what the colour models prepare.
    recipe = Recipe(units=kind.units, depth=1)
    network = arrange(recipe, build_params(recipe), full_vocabulary(), kind.slots, kind.layers)._replace(
        colouring={name: np.zeros(part.shape, np.float32) for name, part in colour_parts(words).items()}
    )
    arguments = network, canvas(recipe, 1, 1, 1), strips_run(kind, 0, 0, 1)
    return compile_for(painter(kind, words), arguments, device, COMPILER_OPTIONS.get(device.platform))
