"""Render a recipe: pixels in runs of strips, one Python thread a core, the same bits however they are cut."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from artstudio.engine.cache import ProgramCache
from artstudio.engine.devices import device_run, have_kernel, have_own_memory
from artstudio.engine.edges import edge_mask
from artstudio.engine.overlap import carry_out, one_ahead
from artstudio.engine.program import DEPTHS, architecture, canvas, spot_program, strip_program
from artstudio.engine.size import AUTO, check_count, check_side, check_size, resolve_supersample
from artstudio.engine.whole import places_program, run_program
from artstudio.errors import BadInput
from artstudio.model.features import input_channels
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe
from artstudio.model.strict import checked

Pixels = NDArray[Any]
"""uint8 or uint16 (rows, width, 3)."""

Fine = tuple[Callable[..., Any], list[Any], int]

RUN = 1 << 17
"""Samples in one call, at most: enough that the call itself costs nothing, few enough to share among threads."""

BAND = 1 << 21
"""Pixels in a band, the part of a picture that is worked on at a time: a bound on memory, not on speed."""

EDGE_SAMPLES = 4
"""Samples along each side of the pixels at edges, where anti-aliasing is automatic."""

_SPOTS = 1 << 10
"""Pixels at edges in one call: few, since the last call is filled up."""

_DEVICE_SPOTS = 1 << 16
"""As `_SPOTS`, on devices other than CPUs."""

_EDGE_ROWS = 1 << 18
"""Pixels in which a thread looks for edges at a time: about a core's own cache."""

SMALLEST_LAYER, LARGEST_LAYER = 1 << 12, 1 << 15
"""Values in a layer of one strip, units x pixels. The largest takes 128 KiB, which stays in a core's own cache.
Between the two, XLA on CPUs adds up each sum in one order, whatever the strip's width; outside it was seen to
choose others (matrix products above, softmax below), which changes last bits."""


def strip_range(units: int, inputs: int = 0) -> tuple[int, int]:
    """Return the narrowest and the widest strip, in pixels, for layers of `units`: multiples of 128 up to 1024.

    `inputs` is the number of values that a layer takes, where that is more. Rows of a multiple of 512 values
    would fall on the same few places of a core's first cache: the step before is a tenth faster.
    """
    widest = max(128, min(1024, LARGEST_LAYER // max(units, inputs) // 128 * 128))
    widest -= 128 * (widest % 512 == 0)
    return min(widest, -(-SMALLEST_LAYER // units // 128) * 128), widest


def recipe_strips(recipe: Recipe) -> tuple[int, int]:
    """Return the narrowest and the widest strip for a recipe."""
    inputs = input_channels(recipe.features, recipe.fourier.count)
    return strip_range(recipe.units, inputs + recipe.units if recipe.skip else inputs)


@checked
def render(
    recipe: Recipe,
    *,
    width: int = 1024,
    height: int = 1024,
    supersample: int | None = None,
    bit_depth: int = 8,
    threads: int | None = None,
    devices: Sequence[Any] | None = None,
    strip: int | None = None,
    params: Params | None = None,
    alone: bool = False,
    cache: ProgramCache | None = None,
    progress: Callable[[int], object] | None = None,
) -> Pixels:
    """Render `recipe` to sRGB pixels, uint8 (height, width, 3), or uint16 for a `bit_depth` of 16.

    `supersample` averages N x N samples a pixel in linear light (1 to 16); by default only pixels that differ
    much from a neighbour are sampled, 4 x 4 times. `threads` defaults to one a core, `devices` to JAX's local
    devices, `strip` (the pixels a CPU paints at a time) to the widest of `strip_range`. On CPUs none of the
    three changes a bit. `params` are painted in the place of the recipe's own: those of another recipe of the
    same shape.
    `alone` compiles for this recipe's activations only, in a third of the time, for when few others follow.
    `cache` keeps compiled programs from one process to the next (`open_cache`); by default none does.
    `progress` is called with the number of pixels finished since the last call, from any thread.

    Raises `BadInput` for a size that is no size or needs more memory than there is.
    """
    width, height = operator.index(width), operator.index(height)
    check_size(width, height)
    pixels = np.empty((height, width, 3), _dtype(bit_depth))
    bands = render_bands(
        recipe,
        width=width,
        height=height,
        supersample=supersample,
        bit_depth=bit_depth,
        threads=threads,
        devices=devices,
        strip=strip,
        params=params,
        alone=alone,
        cache=cache,
        progress=progress,
    )
    for first, band in bands:
        pixels[first : first + len(band)] = band
    return pixels


def render_bands(
    recipe: Recipe,
    *,
    width: int,
    height: int,
    supersample: int | None = None,
    bit_depth: int = 8,
    start_row: int = 0,
    rows: int | None = None,
    threads: int | None = None,
    devices: Sequence[Any] | None = None,
    strip: int | None = None,
    params: Params | None = None,
    alone: bool = False,
    cache: ProgramCache | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[int, Pixels]]:
    """Yield a picture from the top down in bands: the first row's number, and (rows, width, 3) pixels.

    Memory does not grow with the picture: a band has about `BAND` pixels. `start_row` and `rows` choose a part;
    its pixels are those of the whole. The other arguments are those of `render`. Raises `BadInput`.
    """
    width, height = operator.index(width), operator.index(height)
    check_side(width, height)
    stop = height if rows is None else min(height, start_row + rows)
    samples = resolve_supersample(supersample)
    narrowest, widest = recipe_strips(recipe)
    strip = widest if strip is None else operator.index(strip)
    if strip % 128 or not narrowest <= strip <= widest:
        raise BadInput(
            f"strip: expected a multiple of 128 from {narrowest} to {widest} for {recipe.units} units,"
            f" found {strip}"
        )
    if threads is not None:
        check_count("threads", threads)
    threads = threads or os.cpu_count() or 1
    picture = _Picture(
        recipe,
        width,
        height,
        samples,
        bit_depth,
        strip,
        threads,
        tuple(devices or jax.local_devices()),
        params or build_params(recipe, alone),
        alone,
        cache,
        progress or (lambda pixels: None),
    )
    with ThreadPoolExecutor(threads, "paint") as pool:
        bands = _bands(picture, start_row, stop, pool)
        yield from one_ahead(bands) if picture.apart else bands


def repaint(
    recipe: Recipe,
    pixels: Pixels,
    places: NDArray[np.intp],
    *,
    samples: int = EDGE_SAMPLES,
    params: Params,
    alone: bool = False,
    threads: int | None = None,
) -> None:
    """Paint some pixels of a whole picture anew, in place, uint8 (height, width, 3): samples x samples for each.

    `places` are their numbers in reading order, (count,). The other arguments are those of `render`.
    """
    height, width, _ = pixels.shape
    strip, devices, threads = recipe_strips(recipe)[1], tuple(jax.local_devices()), threads or os.cpu_count() or 1
    picture = _Picture(
        recipe, width, height, samples, 8, strip, threads, devices, params, alone, None, lambda pixels: None
    )
    with ThreadPoolExecutor(threads, "paint") as pool:
        picture.repaint(pixels.reshape(-1, 3), 0, places, pool, picture.fine(samples))


def band_rows(width: int) -> int:
    """Return the rows of every band but the last, for a picture of that width."""
    return max(1, BAND // width)


def _bands(picture: _Picture, start: int, stop: int, pool: ThreadPoolExecutor) -> Iterator[tuple[int, Pixels]]:
    at_once = band_rows(picture.width)
    if picture.samples != AUTO:
        for first in range(start, stop, at_once):
            yield first, picture.paint(first, min(stop, first + at_once), pool)
        return
    # A program of its own, for pixels at edges, is made ready beside the first painting: most pictures have some.
    fine = pool.submit(picture.ready).result if picture.alone else picture.fine
    # Edges depend on the rows beside a band: the last one of the band above, the first one of the band below.
    above = picture.paint(start - 1, start, pool) if start else None
    following = picture.paint(start, min(stop, start + at_once), pool)
    for first in range(start, stop, at_once):
        band, last = following, min(stop, first + at_once)
        # Past the part that is wanted, one row of the picture will do.
        following = picture.paint(last, min(max(stop, last + 1), last + at_once, picture.height), pool)
        bottom = band[-1:].copy()
        picture.refine(band, first, above, following[:1] if len(following) else None, pool, fine)
        above = bottom
        yield first, band


@dataclass(frozen=True)
class _Picture:
    """A picture to be painted: its recipe, its size, and what its programs need."""

    recipe: Recipe
    width: int
    height: int
    samples: int
    bits: int
    strip: int
    threads: int
    devices: tuple[Any, ...]
    params: Params
    alone: bool
    cache: ProgramCache | None
    progress: Callable[[int], object]

    @cached_property
    def apart(self) -> bool:
        """Whether its devices compute by themselves, as GPUs do, so that results must be copied back."""
        return have_own_memory(self.devices)

    @property
    def ahead(self) -> int:
        """Calls under way at once on such devices: two on each."""
        return 2 * len(self.devices) if self.apart else 0

    def arguments(self, samples: int) -> list[Any]:
        """The programs' first arguments, on each device."""
        inputs = self.params, canvas(self.recipe, self.width, self.height, samples)
        return [jax.device_put(inputs, device) for device in self.devices]

    @cached_property
    def _plain(self) -> tuple[Callable[..., Any], list[Any]]:
        samples = max(1, self.samples)
        kind, arguments = architecture(self.recipe, samples, self.alone), self.arguments(samples)
        if self.apart:
            run = kind, self._device_run, self.bits, have_kernel(self.devices)
            return self._kept(("run", *run), run_program(*run), arguments, (np.int32(0),) * 2), arguments
        strips = kind, self.strip, RUN // self.strip, self.bits
        return self._kept(("strips", *strips), strip_program(*strips), arguments, (np.int32(0),) * 3), arguments

    @cached_property
    def _spots(self) -> tuple[Callable[..., Any], int]:
        strips = max(1, _SPOTS // self.strip)
        kind = architecture(self.recipe, EDGE_SAMPLES, self.alone)
        size = min(self._device_run, _DEVICE_SPOTS) if self.apart else self.strip * strips
        places = np.zeros(size, np.int32), np.zeros(size, np.int32)
        if self.apart:
            what = kind, size, self.bits, have_kernel(self.devices)
            return self._kept(("places", *what), places_program(*what), self.arguments(EDGE_SAMPLES), places), size
        program = spot_program(kind, self.strip, strips, self.bits)
        name = "spots", kind, self.strip, strips, self.bits
        return self._kept(name, program, self.arguments(EDGE_SAMPLES), places), size

    def fine(self, samples: int = EDGE_SAMPLES) -> Fine:
        """The program for single pixels, its first arguments on each device, and the pixels in a call."""
        program, size = self._spots
        return program, self.arguments(samples), size

    def ready(self) -> Fine:
        """Return `fine()`, its program called once, so that it is compiled."""
        program, arguments, size = fine = self.fine()
        program(*arguments[0], np.zeros(size, np.int32), np.zeros(size, np.int32))
        return fine

    def _kept(self, name: tuple[Any, ...], program: Any, arguments: list[Any], places: tuple[Any, ...]) -> Any:
        """Return the program from the cache, where there is one; those for several devices are not kept."""
        if self.cache is None or len(self.devices) > 1:
            return program
        return self.cache.get(name, program, (*arguments[0], *places), self.devices[0])

    @cached_property
    def _device_run(self) -> int:
        values = sum(np.shape(self.params.first_weights))
        return device_run(min(self.width * self.height, BAND), len(self.devices), values)

    def _call(self, pixels: int) -> tuple[int, tuple[Any, ...]]:
        """The pixels in one call, where there are so many, and what its program is told of that.

        On CPUs each thread gets equally many calls of equally many strips.
        """
        if self.apart:
            return self._device_run, ()
        total = -(-pixels // self.strip)
        most = max(1, RUN // self.strip // max(1, self.samples) ** 2)
        rounds = max(1, -(-total // (most * self.threads)))
        strips = max(1, -(-total // (rounds * self.threads)))
        return strips * self.strip, (np.int32(strips),)

    def paint(self, first: int, last: int, pool: ThreadPoolExecutor) -> Pixels:
        """Return rows first to last, each pixel with its samples; one sample where edges are refined later."""
        pixels = np.empty(((last - first) * self.width, 3), _dtype(self.bits))
        program, arguments = self._plain
        run, told = self._call(len(pixels))

        def paint_run(number: int) -> Any:
            row, column = divmod(number * run, self.width)
            return program(*arguments[number % len(arguments)], np.int32(first + row), np.int32(column), *told)

        def keep_run(number: int, painted: Any) -> None:
            part = pixels[number * run : (number + 1) * run]
            part[:] = np.asarray(painted)[: len(part)]
            # Where edges are still to be refined, nothing is finished yet; but the caller may want to stop.
            self.progress(len(part) if self.samples != AUTO else 0)

        carry_out(-(-len(pixels) // run), paint_run, keep_run, pool, self.ahead)
        return pixels.reshape(last - first, self.width, 3)

    def refine(
        self,
        band: Pixels,
        first: int,
        above: Pixels | None,
        below: Pixels | None,
        pool: ThreadPoolExecutor,
        fine: Callable[[], Fine],
    ) -> None:
        """Paint the pixels at edges anew, in place, with 4 x 4 samples; `first` is the band's first row."""
        step = max(1, _EDGE_ROWS // self.width)

        def edges(start: int) -> NDArray[np.intp]:
            stop = min(start + step, len(band))
            rows = band[max(start - 1, 0) : stop + 1]
            before, after = start > 0, stop < len(band)
            if not before and above is not None:
                rows, before = np.concatenate([above, rows]), True
            if not after and below is not None:
                rows, after = np.concatenate([rows, below]), True
            mask = edge_mask(rows, before, after)
            return np.zeros(0, np.intp) if mask is None else np.flatnonzero(mask) + start * self.width

        places = np.concatenate(list(pool.map(edges, range(0, len(band), step))))
        pixels = band.reshape(-1, 3)
        if len(places):
            self.repaint(pixels, first, places, pool, fine())
        self.progress(len(pixels) - len(places))

    def repaint(
        self, pixels: Pixels, first: int, places: NDArray[np.intp], pool: ThreadPoolExecutor, fine: Fine
    ) -> None:
        """Paint the pixels at these places anew, in place: numbers in reading order from the row `first` on."""
        program, arguments, size = fine

        def paint_spots(number: int) -> Any:
            chosen = places[number * size : (number + 1) * size]
            rows, columns = np.divmod(np.resize(chosen, size).astype(np.int32), np.int32(self.width))
            return program(*arguments[number % len(arguments)], rows + np.int32(first), columns)

        def keep_spots(number: int, painted: Any) -> None:
            chosen = places[number * size : (number + 1) * size]
            pixels[chosen] = np.asarray(painted)[: len(chosen)]
            self.progress(len(chosen))

        carry_out(-(-len(places) // size), paint_spots, keep_spots, pool, self.ahead)


def _dtype(bit_depth: int) -> type[np.integer[Any]]:
    if bit_depth not in DEPTHS:
        raise BadInput(f"bit depth: expected 8 or 16, found {bit_depth}")
    return DEPTHS[bit_depth]
