"""A picture as a NumPy program to read: one function for each step from a pixel to its colour."""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.export.network import Dense, Exported
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.tapes.trace import Tape

_INFIX: Mapping[str, str] = MappingProxyType(
    {
        "add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
        "eq": "==",
    }
)  # fmt: skip
_CALLS: Mapping[str, str] = MappingProxyType(
    {
        "abs": "abs", "sign": "sign", "floor": "floor", "ceil": "ceil", "rint": "rint", "sqrt": "sqrt", "exp": "exp",
        "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh",
        "atan": "arctan", "atan2": "arctan2", "cbrt": "cbrt", "pow": "power", "max": "maximum", "min": "minimum",
        "where": "where", "and": "logical_and",
    }
)  # fmt: skip

_TESTS = ("lt", "le", "gt", "ge", "eq", "and")

_LONGEST = 90
"""Characters of an expression that stands within another."""


def script(network: Exported, title: str, size: tuple[int, int], mark: str) -> str:
    """Return the program's text; `mark` is the line that brings its recipe back."""
    recipe = network.recipe
    names = {name: _identifier(name, k) for k, name in enumerate(network.activation_tapes())}
    layers = [_layer_text(layer, [names[name] for name in layer.activations]) for layer in network.layers]
    activations = "\n\n\n".join(
        _function(names[name], ["z"], tape, _about(name)) for name, tape in network.activation_tapes().items()
    )
    (ax, ay, ac), (bx, by, bc) = (map(_number, row) for row in network.recipe.view.transform)
    finish = _finish(network)
    about = "What the network sees of a point: " + ", ".join(recipe.features) + "."
    title = " ".join(title.split()) or "a picture"
    return f'''# artstudio: {title} as a NumPy program: python THIS_FILE.py picture.png
# {mark}
"""A network of {recipe.depth} layers of {recipe.units} units turns each pixel's x and y into a colour."""

import base64
import struct
import sys
import zlib

import numpy as np

WIDTH, HEIGHT = {size[0]}, {size[1]}


def coordinates(width, height):
    """The pixels' centres: the short side spans -1 to 1, y goes down; then the view."""
    column, row = np.meshgrid(np.arange(width), np.arange(height))
    x = (2 * column.ravel() + 1 - width) / min(width, height)
    y = (2 * row.ravel() + 1 - height) / min(width, height)
    return {ax} * x + {ay} * y + {ac}, {bx} * x + {by} * y + {bc}


{_function("fold", ["x", "y"], network.symmetry, "The symmetry: " + recipe.symmetry + ".")}
{_warp(network)}

{_function("features", ["x", "y"], network.features, about)}


{activations}


def numbers(text, *shape):
    """The weights are float32 numbers in base64, at the end of the program."""
    return np.frombuffer(base64.b64decode(text), "<f4").astype(float).reshape(shape)


def network(x, y):
    """All layers: weights times values plus bias, then the activation."""
    x, y = fold(x, y)
{"    x, y = bend(x, y)" + chr(10) if network.warp else ""}    inputs = np.stack(features(x, y))
{_waves(network)}    values = inputs
    for weights, bias, activations in LAYERS:
        if weights.shape[1] > len(values):  # the inputs enter here, too
            values = np.concatenate([values, inputs])
        z = weights @ values + bias
        values = np.empty_like(z)
        for activation in dict.fromkeys(activations):
            mine = np.array([other is activation for other in activations])
            values[mine] = activation(z)[mine]
    weights, bias = OUTPUT
    return weights @ values + bias


{_colour(network)}
{finish}

def picture(width, height):
    """The picture as levels of red, green and blue, (height, width, 3)."""
    x, y = coordinates(width, height)
    pieces = [slice(first, first + 16384) for first in range(0, len(x), 16384)]
    srgb = np.concatenate([{"finished" if finish else "plain"}(x[piece], y[piece]) for piece in pieces], axis=1)
    return np.rint(255 * np.clip(srgb, 0, 1)).astype(np.uint8).T.reshape(height, width, 3)


{_plain(network)}


def png(pixels):
    """A PNG file's bytes."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, _ = pixels.shape
    rows = np.pad(pixels.reshape(height, -1), ((0, 0), (1, 0)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows.tobytes())), chunk(b"IEND", b"")
    return b"\\x89PNG\\r\\n\\x1a\\n" + b"".join(parts)


LAYERS = [
{"".join(layers)}]
OUTPUT = {_array(network.output.weights)}, {_array(network.output.bias[:, None])}

if __name__ == "__main__":
    with open(sys.argv[1] if len(sys.argv) > 1 else "picture.png", "wb") as file:
        file.write(png(picture(WIDTH, HEIGHT)))
'''


def _about(name: str) -> str:
    return f"{get_activation(name).label}: {get_activation(name).formula}"


def _identifier(name: str, number: int) -> str:
    return f"activation_{number + 1}" if name not in ACTIVATIONS.built_in() else name


def _array(values: Any) -> str:
    shape = ", ".join(map(str, values.shape))
    return f'numbers("{b64encode(np.asarray(values, "<f4").tobytes()).decode()}", {shape})'


def _layer_text(layer: Dense, names: Sequence[str]) -> str:
    units = len(names)
    activations = f"[{names[0]}] * {units}" if len(set(names)) == 1 else f"[{', '.join(names)}]"
    return f"    ({_array(layer.weights)}, {_array(layer.bias[:, None])}, {activations}),\n"


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "np.nan" if np.isnan(value) else "np.inf" if value > 0 else "(-np.inf)"
    return repr(float(f"{value + 0.0:.12g}"))  # never -0.0


def _function(name: str, arguments: Sequence[str], tape: Tape, about: str) -> str:
    """Return a tape as a function; what is used once stands where it is used."""
    lines, outputs = _statements(tape, arguments)
    result = outputs[0] if len(outputs) == 1 else f"[{', '.join(outputs)}]"
    body = "\n".join(f"    {line}" for line in [*lines, f"return {_bare(result)}"])
    return f'def {name}({", ".join(arguments)}):\n    """{_safe(about)}"""\n{body}'


def _safe(text: str) -> str:
    return re.sub(r'["\\\n]', "'", text)


def _statements(tape: Tape, arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    uses = Counter(
        argument
        for given in (*(step[1:] for step in tape["steps"]), tape["outputs"])
        for argument in given
        if not isinstance(argument, list)
    )
    texts, lines = list(arguments), []
    tests: set[int] = set()

    def text(argument: Any, as_test: bool = False) -> str:
        if isinstance(argument, list):
            return _number(argument[0]) if argument[0] >= 0 else f"({_number(argument[0])})"
        # NumPy's functions of truth values are those of half precision.
        return texts[argument] if as_test or argument not in tests else f"(1.0 * {texts[argument]})"

    for operation, *given in tape["steps"]:
        words = [
            text(argument, operation == "and" or (operation == "where" and k == 0))
            for k, argument in enumerate(given)
        ]
        if operation in _INFIX:
            found = f"({words[0]} {_INFIX[operation]} {words[1]})"
        elif operation in _CALLS:
            found = f"np.{_CALLS[operation]}({', '.join(map(_bare, words))})"
        elif operation == "neg":
            found = f"(-{words[0]})"
        elif operation in ("unitmax", "unitsum"):
            found = f"np.{operation[4:]}({_bare(words[0])}, axis=0, keepdims=True)"
        elif operation == "lookup":
            found = f"look_up({_bare(words[1])})[{int(given[0][0])}]"
        elif operation == "gamut":
            found = f"to_srgb({', '.join(map(_bare, words[1:]))})[{int(given[0][0])}]"
        else:
            raise ValueError(f"{operation} cannot be written in Python")
        number = len(texts)
        if operation in _TESTS:
            tests.add(number)
        if uses[number] > 1 or len(found) > _LONGEST:
            lines.append(f"t{number} = {_bare(found)}")
            found = f"t{number}"
        texts.append(found)
    return lines, [text(output) for output in tape["outputs"]]


def _bare(text: str) -> str:
    """Return an expression without brackets around all of it."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(text) - 1:
            return text
    return text[1:-1]


def _warp(network: Exported) -> str:
    if network.warp is None:
        return ""
    if network.warp.seamless:
        seen, more = (
            "np.stack(torus(x, y))",
            "\n\n" + _function("torus", ["x", "y"], network.torus, "Repeats without seam."),
        )
    else:
        seen, more = f"{_number(network.warp.scale)} * np.stack([x, y])", ""
    first, second, last = (
        f"{_array(layer.weights)}, {_array(layer.bias[:, None])}" for layer in network.warp.layers
    )
    return f'''{more}

def bend(x, y):
    """A small network of sines shifts the coordinates."""
    values = {seen}
    *hidden, (last, shift) = warp_layers()
    for weights, bias in hidden:
        values = np.sin(weights @ values + bias)
    return np.stack([x, y]) + last @ values + shift


def warp_layers():
    return [({first}), ({second}), ({last})]

'''


def _waves(network: Exported) -> str:
    if not network.frequencies.shape[1]:
        return ""
    return f"""    across, down = {_array(network.frequencies)}
    phase = np.outer(across, x) + np.outer(down, y)  # random waves
    inputs = np.concatenate([inputs, np.cos(phase), np.sin(phase)])
"""


def _colour(network: Exported) -> str:
    count = len(network.output.bias)
    parts = []
    if network.gradient:
        table = np.vstack([network.gradient.places, network.gradient.colours])
        parts.append(f'''def look_up(place):
    """Colours along the palette, between the entries of a table."""
    places, *channels = {_array(table)}
    return [np.interp(place, places, channel) for channel in channels]''')
    if any(step[0] == "gamut" for step in network.colour["steps"]):
        parts.append(
            _function(
                "to_srgb", ["lightness", "a", "b"], network.gamut, "OKLab to sRGB: what lies outside loses chroma."
            )
        )
    if network.posterise:
        parts.append(_function("posterise", ["output"], network.posterise, "Bands in place of a gradient."))
    names = [f"output{i + 1}" for i in range(count)]
    about = f"The colour model {network.recipe.colour}: from the network's outputs to sRGB."
    if network.gradient:
        scale, offset = map(_number, network.params.colour["address"].tolist())
        parts.append(f'def colour(output):\n    """{about}"""\n    return look_up({scale} * output + {offset})')
    else:
        parts.append(_function("colour", names, network.colour, about))
    return "\n\n\n".join(parts) + "\n"


def _plain(network: Exported) -> str:
    outputs = "posterise(network(x, y))" if network.posterise else "network(x, y)"
    return f'''def plain(x, y):
    """sRGB of points, (3, points)."""
    return np.stack(colour(*{outputs}))'''


def _finish(network: Exported) -> str:
    """Return the function for relief and contour lines; none where there are none."""
    if not network.has_slopes:
        return ""
    parts = [
        _function("to_linear", ["red", "green", "blue"], network.to_linear, "Undo the sRGB transfer function."),
        _function("from_linear", ["red", "green", "blue"], network.to_srgb, "The sRGB transfer function."),
    ]
    steps = []
    if network.relief:
        parts.append(_function("relief", ["slope_x", "slope_y"], network.relief, "How much light a slope gets."))
        steps.append("    light = light * relief(slope_x, slope_y)")
    if network.contours:
        arguments = ["output", "slope_x", "slope_y", "red", "green", "blue"]
        parts.append(_function("contours", arguments, network.contours, "Lines of equal output."))
        steps.append("    light = np.stack(contours(network(x, y)[0], slope_x, slope_y, *light))")
    lines = "\n".join(steps)
    parts.append(f'''def finished(x, y):
    """sRGB of points, with relief and contour lines; slopes are differences between points that are close."""
    h = 1e-5
    slope_x = (network(x + h, y)[0] - network(x - h, y)[0]) / (2 * h)
    slope_y = (network(x, y + h)[0] - network(x, y - h)[0]) / (2 * h)
    light = np.stack(to_linear(*np.clip(plain(x, y), 0, 1)))
{lines}
    return np.stack(from_linear(*np.minimum(light, 1)))''')
    return "\n\n" + "\n\n\n".join(parts) + "\n"
