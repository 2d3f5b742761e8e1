"""Segments joined to arcs: from one junction, or the picture's border, to the next; or closed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]

OUTSIDE = -1
"""The code of what lies around the picture."""


@dataclass(frozen=True)
class Chain:
    """An arc: the numbers of its vertices in order, and the codes of the colours on both sides."""

    vertices: list[int]
    left: int
    right: int
    straight: bool = False
    """Whether it is a part of the picture's border."""

    @property
    def closed(self) -> bool:
        """Whether it comes back to where it began, without any junction."""
        return self.vertices[0] == self.vertices[-1]


def chains_of(
    start: Numbers,
    end: Numbers,
    left: Numbers,
    right: Numbers,
    crossings: int,
    points: int,
    border: list[tuple[int, int]],
) -> tuple[list[Chain], dict[int, list[tuple[int, bool]]]]:
    """Return the arcs that segments make, and the half arcs that leave each junction, clockwise.

    Vertices below `crossings` have at most two segments; the others, below `points`, are junctions, whose segments
    start there and come in clockwise order. `border` is what one meets clockwise around the picture, see
    `subdivision`.
    """
    ends = np.concatenate([start, end])
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(points + 1))
    # A half segment is a number below the count where it is gone through as it is, and above where backwards.
    halves, firsts = order.tolist(), first.tolist()
    count = len(start)
    target = np.concatenate([end, start]).tolist()
    sides = np.concatenate([left, right]).tolist(), np.concatenate([right, left]).tolist()
    done = bytearray(count)
    on_border = {vertex for vertex, _ in border}
    arcs: list[Chain] = []
    arms: dict[int, list[tuple[int, bool]]] = {}
    leaving: dict[int, tuple[int, bool]] = {}
    """The half arc that begins with each half segment at a node."""

    def follow(half: int, origin: int) -> None:
        vertices, last = [origin], half
        while True:
            done[last % count] = 1
            vertex = target[last]
            vertices.append(vertex)
            if vertex >= crossings or vertex in on_border or vertex == origin:
                break
            a, b = halves[firsts[vertex] : firsts[vertex + 1]]
            last = b if a % count == last % count else a
        number = len(arcs)
        arcs.append(Chain(vertices, sides[0][half], sides[1][half]))
        leaving[half] = number, False
        leaving[(last + count) % (2 * count)] = number, True

    nodes = [*(vertex for vertex in on_border if vertex < points), *range(crossings, points)]
    for node in nodes:
        for half in halves[firsts[node] : firsts[node + 1]]:
            if not done[half % count]:
                follow(half, node)
    for node in range(crossings, points):
        arms[node] = [leaving[half] for half in halves[firsts[node] : firsts[node + 1]]]
    for segment in range(count):
        if not done[segment]:
            follow(segment, int(start[segment]))
    inner = {vertex: leaving[halves[firsts[vertex]]] for vertex in on_border if vertex < points}
    arms |= _border_arms(arcs, border, inner)
    return arcs, arms


def _border_arms(
    arcs: list[Chain], border: list[tuple[int, int]], inner: dict[int, tuple[int, bool]]
) -> dict[int, list[tuple[int, bool]]]:
    """Add the arcs along the border, and return the half arcs that leave each vertex there, clockwise.

    `inner` are the half arcs that lead from there into the picture.
    """
    starts = [place for place, (vertex, _) in enumerate(border) if vertex in inner]
    if not starts:
        vertices = [vertex for vertex, _ in border]
        arcs.append(Chain([*vertices, vertices[0]], OUTSIDE, border[0][1], straight=True))
        return {}
    around = border[starts[0] :] + border[: starts[0]]
    first = len(arcs)
    for vertex, code in around:
        if vertex in inner:
            arcs.append(Chain([vertex], OUTSIDE, code, straight=True))
        else:
            arcs[-1].vertices.append(vertex)
    count = len(arcs) - first
    arms = {}
    for number in range(count):
        before, this, after = (first + (number + step) % count for step in (-1, 0, 1))
        vertex = arcs[this].vertices[0]
        arms[vertex] = [(before, True), (this, False), inner[vertex]]
        arcs[this].vertices.append(arcs[after].vertices[0])
    return arms
