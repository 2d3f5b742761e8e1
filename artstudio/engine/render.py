"""Render a recipe: pixels in runs of strips, one Python thread per core, the same bits however they are cut."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from artstudio.engine import programs
from artstudio.engine.devices import device_run, have_own_memory
from artstudio.engine.edges import edge_mask
from artstudio.engine.overlap import Each, carry_out, one_ahead, side_by_side
from artstudio.engine.painter import CHANNELS, DEPTHS, Kind, Run, canvas, places_run, strips_run
from artstudio.engine.programs import Program
from artstudio.errors import BadInput
from artstudio.model.fields.strict import checked
from artstudio.model.network import Params, build_params
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO, EDGE_SAMPLES, check_count, check_side, check_size, resolve_supersample
from artstudio.model.vocabulary import words_of

Pixels = NDArray[Any]
"""uint8 or uint16 (rows, width, 3)."""

RUN = 1 << 17
"""Samples in one call, at most: enough that the call itself costs nothing, few enough to share among threads."""

BAND = 1 << 21
"""Pixels in a band, the part of a picture that is worked on at a time: a bound on memory, not on speed."""

_PLACES = 1 << 13
"""Single pixels in one call."""

_EDGE_ROWS = 1 << 18
"""Pixels in which a thread looks for edges at a time: about a core's own cache."""

SMALLEST_LAYER, LARGEST_LAYER = 1 << 12, 1 << 15
"""Values in a layer of one strip, units x pixels. The largest takes 128 KiB, which stays in a core's own cache.
Between the two, XLA on CPUs adds up each sum in one order, whatever the strip's width; outside it was seen to
choose others (matrix products above, softmax below), which changes last bits."""

SLOTS, LAYERS = (24, 152), (16, 32, 64, 128)
"""The numbers of input slots and of hidden layers that programs are compiled for."""


def strip_range(units: int) -> tuple[int, int]:
    """Return the narrowest and the widest strip, in pixels, for layers of `units`: multiples of 128 up to 2048.

    Rows of a multiple of 512 values would fall on the same few places of a core's first cache: the step before is
    a tenth faster.
    """
    widest = max(128, min(2048, LARGEST_LAYER // units // 128 * 128))
    widest -= 128 * (widest % 512 == 0)
    return min(widest, -(-SMALLEST_LAYER // units // 128) * 128), widest


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
    params: Params | None = None,
    progress: Callable[[int], object] | None = None,
) -> Pixels:
    """Render `recipe` to sRGB pixels, uint8 (height, width, 3), or uint16 for a `bit_depth` of 16.

    `supersample` averages N x N samples per pixel in linear light (1 to 16); by default only pixels that differ
    much from a neighbour are sampled, 4 x 4 times. `threads` defaults to one per core, `devices` to JAX's local
    devices; on CPUs neither changes a bit. `params` are painted in place of the recipe's own.
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
        params=params,
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
    params: Params | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[int, Pixels]]:
    """Yield a picture from the top down in bands: the first row's number, and (rows, width, 3) pixels.

    Memory does not grow with the picture: a band has about `BAND` pixels. `start_row` and `rows` choose a part;
    its pixels are those of the whole. The other arguments are those of `render`. Raises `BadInput`.
    """
    width, height = operator.index(width), operator.index(height)
    check_side(width, height)
    stop = height if rows is None else min(height, start_row + rows)
    picture = _picture(recipe, width, height, supersample, bit_depth, threads, devices, params, progress)
    with side_by_side(picture.threads) as each:
        bands = _bands(picture, start_row, stop, each)
        yield from one_ahead(bands) if picture.lookahead else bands


def repaint(
    recipe: Recipe,
    pixels: Pixels,
    places: NDArray[np.intp],
    *,
    samples: int = EDGE_SAMPLES,
    params: Params,
    threads: int | None = None,
) -> None:
    """Paint some pixels of a whole picture anew, in place, uint8 (height, width, 3): samples x samples for each.

    `places` are their numbers in reading order, (count,). The other arguments are those of `render`.
    """
    height, width, _ = pixels.shape
    picture = _picture(recipe, width, height, samples, 8, threads, None, params)
    with side_by_side(picture.threads) as each:
        picture.repaint(pixels.reshape(-1, 3), 0, places, each, samples)


def gradient_magnitude(
    recipe: Recipe, *, width: int, height: int, params: Params | None = None
) -> NDArray[np.float32]:
    """Return the norm of d colour / d (x, y) at each pixel's centre, float32 (height, width), never negative.

    Colour is sRGB in [0, 1], three channels; x and y are canvas coordinates after the view, so the unit is
    full scale per half of the canvas's short side; the norm is the Frobenius norm of that 3 x 2 matrix, by
    forward-mode autodiff through the whole network. The slopes of the activations are the documented ones: 0
    everywhere for `step`, whose pictures are black here. `params` take the place of the recipe's own. Raises
    `BadInput` for a size that is no size.
    """
    check_size(width, height)
    picture = _picture(recipe, width, height, 1, 8, None, None, params, output="slopes")
    with side_by_side(picture.threads) as each:
        return picture.paint(0, height, each)[..., 0]


def surface_bands(
    recipe: Recipe,
    *,
    width: int,
    height: int,
    supersample: int | None = None,
    start_row: int = 0,
    threads: int | None = None,
    devices: Sequence[Any] | None = None,
    params: Params | None = None,
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Yield the picture's first output as a surface: the first row's number, and float32 (rows, width, 3).

    The first channel is the height, from 0 to 1: the output, spread about evenly, the mean of N x N samples, 4 x 4
    where that is automatic. The others are what it rises by from the left to the right edge of each pixel, and
    from the upper to the lower one. Where the recipe tiles, so does the surface. The other arguments are those of
    `render_bands`. Raises `BadInput`.
    """
    check_side(width, height)
    samples = resolve_supersample(supersample) or EDGE_SAMPLES
    picture = _picture(recipe, width, height, samples, 8, threads, devices, params, progress, output="surface")
    at_once = band_rows(width)
    with side_by_side(picture.threads) as each:
        for first in range(start_row, height, at_once):
            yield first, picture.paint(first, min(height, first + at_once), each)


def band_rows(width: int) -> int:
    """Return the rows of every band but the last, for a picture of that width."""
    return max(1, BAND // width)


def _bands(picture: _Picture, start: int, stop: int, each: Each) -> Iterator[tuple[int, Pixels]]:
    at_once = band_rows(picture.width)
    if picture.samples != AUTO:
        for first in range(start, stop, at_once):
            yield first, picture.paint(first, min(stop, first + at_once), each)
        return
    # Edges depend on the rows beside a band: the last one of the band above, the first one of the band below.
    above = picture.paint(start - 1, start, each) if start else None
    following = picture.paint(start, min(stop, start + at_once), each)
    for first in range(start, stop, at_once):
        band, last = following, min(stop, first + at_once)
        # Past the part that is wanted, one row of the picture will do.
        following = picture.paint(last, min(max(stop, last + 1), last + at_once, picture.height), each)
        bottom = band[-1:].copy()
        picture.refine(band, first, above, following[:1] if len(following) else None, each)
        above = bottom
        yield first, band


def _picture(
    recipe: Recipe,
    width: int,
    height: int,
    supersample: int | None,
    bits: int,
    threads: int | None,
    devices: Sequence[Any] | None,
    params: Params | None,
    progress: Callable[[int], object] | None = None,
    output: str = "levels",
) -> _Picture:
    if threads is not None:
        check_count("threads", threads)
    return _Picture(
        recipe,
        width,
        height,
        resolve_supersample(supersample),
        _dtype(bits) if output == "levels" else np.float32,
        threads or os.cpu_count() or 1,
        tuple(devices or jax.local_devices()),
        params or build_params(recipe),
        progress or (lambda pixels: None),
        output,
    )


@dataclass(frozen=True)
class _Picture:
    """A picture to be painted: its recipe, its size, and what paints it."""

    recipe: Recipe
    width: int
    height: int
    samples: int
    dtype: Any
    threads: int
    devices: tuple[Any, ...]
    params: Params
    progress: Callable[[int], object]
    output: str

    @property
    def lookahead(self) -> int:
        """Calls under way at once on devices that compute by themselves: two on each; 0 for CPUs."""
        return 2 * len(self.devices) if have_own_memory(self.devices) else 0

    @cached_property
    def kind(self) -> Kind:
        """The kind of program that paints it."""
        units, inputs = self.params.first_weights.shape
        strip = strip_range(units)[1]
        if self.lookahead:
            strip = device_run(min(self.width * self.height, BAND), len(self.devices), units + inputs)
        return Kind(
            output=self.output,
            units=units,
            slots=next(size for size in SLOTS if size >= inputs),
            layers=next(size for size in LAYERS if size > len(self.params.hidden_weights)),
            lit=self.output != "surface" and self.recipe.finish.needs_slopes,
            bits=16 if self.dtype == np.uint16 else 8,
            strip=strip,
            strips=max(1, RUN // strip),
            places=strip * max(1, _PLACES // strip),
        )

    @cached_property
    def _networks(self) -> list[tuple[Program, Any]]:
        """The program and the network for each device."""
        found = []
        for device in self.devices:
            program = programs.get(self.kind, words_of(self.recipe), device)
            network = program.arrange(self.recipe, self.params)
            # It takes a millisecond to put it there, which does not pay where a few calls paint all.
            few = self.width * self.height * max(1, self.samples) ** 2 <= RUN and not self.lookahead
            found.append((program, network if few else jax.device_put(network, device)))
        return found

    def _call(self, number: int, samples: int, run: Run) -> Any:
        """Start the call of that number, on one device after the other."""
        program, network = self._networks[number % len(self._networks)]
        return program.paint(network, canvas(self.recipe, self.width, self.height, samples), run)

    def paint(self, first: int, last: int, each: Each) -> Pixels:
        """Return rows first to last, each pixel with its samples; one sample where edges are refined later."""
        channels = CHANNELS[self.output]
        pixels = np.empty(((last - first) * self.width, channels), self.dtype)
        samples, strip = max(1, self.samples), self.kind.strip
        # Each thread gets equally many calls of equally many strips.
        total, most = -(-len(pixels) // strip), max(1, self.kind.strips // samples**2)
        rounds = max(1, -(-total // (most * self.threads)))
        strips = 1 if self.lookahead else max(1, -(-total // (rounds * self.threads)))
        size = strips * strip

        def start(number: int) -> Any:
            row, column = divmod(number * size, self.width)
            return self._call(number, samples, strips_run(self.kind, first + row, column, strips))

        def keep(number: int, painted: Any) -> None:
            part = pixels[number * size : (number + 1) * size]
            part[:] = np.asarray(painted)[: len(part)]
            # Where edges are still to be refined, nothing is finished yet; report 0 so that the caller can cancel.
            self.progress(len(part) if self.samples != AUTO else 0)

        carry_out(-(-len(pixels) // size), start, keep, each, self.lookahead)
        return pixels.reshape(last - first, self.width, channels)

    def refine(self, band: Pixels, first: int, above: Pixels | None, below: Pixels | None, each: Each) -> None:
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

        places = np.concatenate(list(each(edges, range(0, len(band), step))))
        pixels = band.reshape(-1, 3)
        self.repaint(pixels, first, places, each, EDGE_SAMPLES)
        self.progress(len(pixels) - len(places))

    def repaint(self, pixels: Pixels, first: int, places: NDArray[np.intp], each: Each, samples: int) -> None:
        """Paint the pixels at these places anew, in place: numbers in reading order from the row `first` on."""
        kind = self.kind
        # Shared evenly among the threads, in whole strips.
        share = -(-len(places) // (self.threads * kind.strip)) * kind.strip
        size = max(kind.strip, min(share, kind.places))

        def start(number: int) -> Any:
            rows, columns = np.divmod(places[number * size : (number + 1) * size], self.width)
            return self._call(number, samples, places_run(kind, rows + first, columns))

        def keep(number: int, painted: Any) -> None:
            chosen = places[number * size : (number + 1) * size]
            pixels[chosen] = np.asarray(painted)[: len(chosen)]
            self.progress(len(chosen))

        carry_out(-(-len(places) // size), start, keep, each, self.lookahead)


def _dtype(bit_depth: int) -> type[np.integer[Any]]:
    if bit_depth not in DEPTHS:
        raise BadInput(f"bit depth: expected 8 or 16, found {bit_depth}")
    return DEPTHS[bit_depth]
