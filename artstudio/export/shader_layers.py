"""The layers of a network in GLSL, written out: four units at a time, with all weights in the text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from artstudio.export.network import Dense, Exported, Numbers, Warp
from artstudio.tapes.glsl import glsl_steps, number_text
from artstudio.tapes.trace import Tape

_FILL = -1e30
"""Bias of units that fill up the last four of a layer: a softmax gives them no share."""

_FOLDS = ("unitmax", "unitsum")


def function_text(head: str, lines: Sequence[str]) -> str:
    """Return a function of these statements."""
    return f"{head} {{\n" + "".join(f"  {line}\n" for line in lines) + "}"


def activation_text(number: int, tape: Tape) -> str:
    """Return the function f<number> of four units; what it needs of all units are further arguments."""
    folds = [f"fold{i}" for i, _ in enumerate(_fold_places(tape))]
    lines, outputs = glsl_steps(tape, "vec4", ["z"], "t", [f"vec4({fold})" for fold in folds])
    arguments = ", ".join(["vec4 z", *(f"float {fold}" for fold in folds)])
    return function_text(f"vec4 f{number}({arguments})", [*lines, f"return {outputs[0]};"])


def network_text(network: Exported) -> str:
    """Return the function from coordinates after the view, and a place in latent space, to outputs."""
    lines, (x, y) = glsl_steps(network.symmetry, "float", ["x", "y"], "p")
    lines += [f"vec2 folded = vec2({x}, {y});", "x = folded.x; y = folded.y;"]
    if network.warp:
        lines += _bend(network, network.warp)
    more, given, slots = _inputs(network)
    lines += more
    values: list[str] = []
    width = 0
    for number, layer in enumerate(network.layers):
        beside = layer.weights.shape[1] > width
        columns = [*_slots(0, width), *(width + slot if slot >= 0 else -1 for slot in slots if beside)]
        bias = _fours(layer.bias, _FILL)
        if number == 0:
            ways = [_fours(way) for way in network.drift]
            bias = [f"{b} + drift.x * {u} + drift.y * {v}" for b, u, v in zip(bias, *ways, strict=True)]
        lines += _dense(layer.weights, columns, [*values, *(given if beside else [])], bias, f"z{number}_")
        lines += _activated(network, layer, f"z{number}_", f"h{number}_")
        values = [f"h{number}_{g}" for g in range(len(bias))]
        width = len(layer.bias)
    bias = _fours(network.output.bias)
    lines += _dense(network.output.weights, _slots(0, width), values, bias, "o")
    lines += [f"outputs[{g}] = o{g};" for g in range(len(bias))]
    return function_text(f"void network(float x, float y, vec2 drift, out vec4 outputs[{len(bias)}])", lines)


def _slots(first: int, count: int) -> list[int]:
    """Return the columns of so many channels, in groups of four; -1 where a group is filled up."""
    return [*range(first, first + count), *[-1] * (-count % 4)]


def _inputs(network: Exported) -> tuple[list[str], list[str], list[int]]:
    """Return statements for the inputs, their names as groups of four, and the column of each of their places."""
    lines, channels = glsl_steps(network.features, "float", ["x", "y"], "i")
    slots, count = _slots(0, len(channels)), len(channels)
    channels += ["0."] * (len(slots) - count)
    names = [f"in{g}" for g in range(len(slots) // 4)]
    lines += [f"vec4 {name} = vec4({', '.join(channels[4 * g : 4 * g + 4])});" for g, name in enumerate(names)]
    waves = network.frequencies.shape[1]
    if waves:
        groups = [_fours(way) for way in network.frequencies]
        lines += [f"vec4 wave{g} = {u} * x + {v} * y;" for g, (u, v) in enumerate(zip(*groups, strict=True))]
        for place, name in enumerate(("Cos", "Sin")):
            lines += [f"vec4 in{name}{g} = a{name}(wave{g});" for g in range(len(groups[0]))]
            names += [f"in{name}{g}" for g in range(len(groups[0]))]
            slots += _slots(count + place * waves, waves)
    return lines, names, slots


def _bend(network: Exported, warp: Warp) -> list[str]:
    """Return statements that bend the coordinates."""
    if warp.seamless:
        lines, seen = glsl_steps(network.torus, "float", ["x", "y"], "u")
    else:
        lines, seen = [], [f"{number_text(warp.scale)} * {name}" for name in "xy"]
    lines += [f"vec4 w = vec4({', '.join([*seen, '0.', '0.'][:4])});"]
    given, width = ["w"], len(seen)
    for number, layer in enumerate(warp.layers):
        bias = _fours(layer.bias)
        lines += _dense(layer.weights, _slots(0, width), given, bias, f"w{number}_")
        given, width = [f"w{number}_{g}" for g in range(len(bias))], len(layer.bias)
        if layer.activations:
            lines += [f"{name} = aSin({name});" for name in given]
    return [*lines, f"x += {given[0]}.x; y += {given[0]}.y;"]


def _fours(values: Numbers, fill: float = 0.0) -> list[str]:
    """Return numbers as vec4 constructors, the last one filled up."""
    padded = np.pad(values, (0, -len(values) % 4), constant_values=fill)
    return [f"vec4({','.join(map(number_text, four))})" for four in padded.reshape(-1, 4)]


def _dense(
    weights: Numbers, columns: Sequence[int], given: Sequence[str], bias: Sequence[str], to: str
) -> list[str]:
    """Return statements for weights @ given + bias, four units each; `columns` are those of the places in `given`."""
    rows = np.pad(weights, ((0, -len(weights) % 4), (0, 1)))[:, list(columns)]  # -1 is the column of zeros
    lines = []
    for g, start in enumerate(bias):
        blocks = (rows[4 * g : 4 * g + 4, 4 * j : 4 * j + 4].T.ravel() for j in range(len(given)))
        products = [
            f"mat4({','.join(map(number_text, block))}) * {name}"
            for block, name in zip(blocks, given, strict=True)
        ]
        lines.append(f"vec4 {to}{g} = {' + '.join([start, *products])};")
    return lines


def _activated(network: Exported, layer: Dense, name: str, to: str) -> list[str]:
    """Return statements for a layer's values to0, to1 ... from its pre-activations name0, name1 ..."""
    tapes, groups = network.activation_tapes(), -(-len(layer.bias) // 4)
    lines: list[str] = []
    calls: dict[str, str] = {}
    for number, (part, tape) in enumerate(tapes.items()):
        if part in layer.activations:
            folds: list[str] = []
            for place in _fold_places(tape):
                fold = f"{to}f{number}_{place}"
                lines += _folded(tape, place, folds, [f"{name}{g}" for g in range(groups)], fold)
                folds.append(fold)
            calls[part] = f"f{number}({name}{{}}{''.join(f', {fold}' for fold in folds)})"
    for g in range(groups):
        parts = layer.activations[4 * g : 4 * g + 4]
        text = calls[parts[0]].format(g)
        for part in list(dict.fromkeys(parts))[1:]:
            lanes = ",".join(str(lane < len(parts) and parts[lane] == part).lower() for lane in range(4))
            text = f"mix({text}, {calls[part].format(g)}, bvec4({lanes}))"
        lines.append(f"vec4 {to}{g} = {text};")
    return lines


def _fold_places(tape: Tape) -> list[int]:
    return [place for place, step in enumerate(tape["steps"]) if step[0] in _FOLDS]


def _folded(tape: Tape, place: int, before: Sequence[str], given: Sequence[str], to: str) -> list[str]:
    """Return statements that fold over all units what step `place` of a tape folds, into a float of this name."""
    operation, argument = tape["steps"][place]
    part = {"inputs": tape["inputs"], "steps": tape["steps"][:place], "outputs": [argument]}
    lines, total = [], ""
    for g, group in enumerate(given):
        more, (value,) = glsl_steps(part, "vec4", [group], f"{to}g{g}_", [f"vec4({fold})" for fold in before])
        lines += more
        total = (
            value if not total else f"max({total}, {value})" if operation == "unitmax" else f"{total} + {value}"
        )
    lines.append(f"vec4 {to}t = {total};")
    if operation == "unitsum":
        return [*lines, f"float {to} = dot({to}t, vec4(1.));"]
    return [*lines, f"float {to} = max(max({to}t.x, {to}t.y), max({to}t.z, {to}t.w));"]
