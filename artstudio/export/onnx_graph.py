"""A picture as an ONNX model: coordinates, float32 (points, 2), to sRGB colours in [0, 1], float32 (points, 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np

from artstudio.errors import BadInput
from artstudio.export.network import SLOPE_STEP, Dense, Exported
from artstudio.tapes.trace import Tape
from artstudio.version import VERSION

_OPSET = 17

_OPERATIONS = {
    "add": "Add", "sub": "Sub", "mul": "Mul", "div": "Div", "neg": "Neg", "abs": "Abs", "sign": "Sign",
    "floor": "Floor", "ceil": "Ceil", "rint": "Round", "sqrt": "Sqrt", "exp": "Exp", "log": "Log", "sin": "Sin",
    "cos": "Cos", "tan": "Tan", "tanh": "Tanh", "sinh": "Sinh", "cosh": "Cosh", "atan": "Atan", "pow": "Pow",
    "max": "Max", "min": "Min",
}  # fmt: skip
_TESTS = {"lt": "Less", "le": "LessOrEqual", "gt": "Greater", "ge": "GreaterOrEqual", "eq": "Equal", "and": "And"}


def onnx_graph(network: Exported, title: str, texts: Mapping[str, str]) -> bytes:
    """Return the model's file, with texts in its metadata. Raises `BadInput` where onnx is not installed."""
    if find_spec("onnx") is None:
        raise BadInput("onnx: needs the library onnx; install it with: pip install 'artstudio[onnx]'")
    from onnx import TensorProto, helper

    graph = _Graph()
    colours = _picture(graph, network)
    places = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["points", channels])
        for name, channels in (("coordinates", 2), ("colours", 3))
    ]
    graph.node("Identity", [colours], "colours")
    used = {name for node in graph.nodes for name in node.input}
    constants = [constant for constant in graph.constants if constant.name in used]
    made = helper.make_graph(graph.nodes, "picture", places[:1], places[1:], constants, doc_string=title)
    model = helper.make_model(
        made,
        producer_name="artstudio",
        producer_version=VERSION,
        opset_imports=[helper.make_opsetid("", _OPSET)],
        ir_version=8,
    )
    helper.set_model_props(model, dict(texts))
    return bytes(model.SerializeToString())


class _Graph:
    """The nodes and constants of a graph as they are added; values go by their names."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._known: dict[tuple[bytes, tuple[int, ...], str], str] = {}
        self._count = 0

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        """Add an array, or find an equal one, and return its name."""
        from onnx import numpy_helper

        array = np.asarray(values, dtype)
        key = array.tobytes(), array.shape, str(array.dtype)
        if key not in self._known:
            self._known[key] = f"c{len(self._known)}"
            self.constants.append(numpy_helper.from_array(array, self._known[key]))
        return self._known[key]

    def node(self, operation: str, inputs: Sequence[str], name: str = "", **attributes: Any) -> str:
        """Add a node and return the name of its result."""
        from onnx import helper

        self._count += 1
        name = name or f"v{self._count}"
        self.nodes.append(helper.make_node(operation, list(inputs), [name], **attributes))
        return name

    def stack(self, columns: Sequence[str]) -> str:
        """Return columns, (points,) each, side by side, (points, columns)."""
        axis = self.constant([1], np.int64)
        return self.node("Concat", [self.node("Unsqueeze", [column, axis]) for column in columns], axis=1)

    def column(self, values: str, number: int) -> str:
        """Return a column, (points,), of (points, columns)."""
        return self.node("Gather", [values, self.constant(number, np.int64)], axis=1)

    def dense(self, layer: Dense, values: str) -> str:
        """Return values @ weights + bias, (points, units)."""
        return self.node("Gemm", [values, self.constant(layer.weights.T), self.constant(layer.bias)])


def _play(graph: _Graph, tape: Tape, inputs: Sequence[str], network: Exported) -> list[str]:
    """Add a tape, and return the names of its outputs."""
    from onnx import TensorProto

    texts, tests = list(inputs), [False] * len(inputs)
    mapped: dict[tuple[str, ...], list[str]] = {}

    def number(argument: Any) -> str:
        if isinstance(argument, list):
            return graph.constant(argument[0])
        return graph.node("Cast", [texts[argument]], to=TensorProto.FLOAT) if tests[argument] else texts[argument]

    def test(argument: Any) -> str:
        if not isinstance(argument, list) and tests[argument]:
            return str(texts[argument])
        return graph.node("Not", [graph.node("Equal", [number(argument), graph.constant(0.0)])])

    def result(operation: str, given: Sequence[Any]) -> str:
        if operation in _OPERATIONS:
            return graph.node(_OPERATIONS[operation], [number(argument) for argument in given])
        if operation == "and":
            return graph.node("And", [test(argument) for argument in given])
        if operation in _TESTS:
            return graph.node(_TESTS[operation], [number(argument) for argument in given])
        match operation:
            case "where":
                return graph.node("Where", [test(given[0]), number(given[1]), number(given[2])])
            case "unitmax":
                return graph.node("ReduceMax", [number(given[0])], axes=[1])
            case "unitsum":
                return graph.node("ReduceSum", [number(given[0]), graph.constant([1], np.int64)])
            case "mod":
                a, b = number(given[0]), number(given[1])
                turns = graph.node("Floor", [graph.node("Div", [a, b])])
                return graph.node("Sub", [a, graph.node("Mul", [b, turns])])
            case "cbrt":
                size = graph.node("Pow", [graph.node("Abs", [number(given[0])]), graph.constant(1 / 3)])
                return graph.node("Mul", [graph.node("Sign", [number(given[0])]), size])
            case "atan2":
                return _angle(graph, number(given[0]), number(given[1]))
            case "lookup":
                place = graph.node("Cast", [number(given[1])], to=TensorProto.INT64)
                row = network.params.colour["table"][int(given[0][0])]
                return graph.node("Gather", [graph.constant(row), place])
            case "gamut":
                channels = tuple(map(number, given[1:]))
                if channels not in mapped:
                    mapped[channels] = _play(graph, network.gamut, channels, network)
                return mapped[channels][int(given[0][0])]
        raise ValueError(f"{operation} cannot be written as ONNX")

    for operation, *given in tape["steps"]:
        texts.append(result(operation, given))
        tests.append(operation in _TESTS)
    return [number(output) for output in tape["outputs"]]


def _angle(graph: _Graph, y: str, x: str) -> str:
    """Return arctan2(y, x): the arc tangent of the quotient, half a turn further where x is negative."""
    zero = graph.constant(0.0)
    behind, upright = graph.node("Less", [x, zero]), graph.node("Equal", [x, zero])
    upper = graph.node("GreaterOrEqual", [y, zero])
    divisor = graph.node("Where", [upright, graph.constant(1.0), x])
    angle = graph.node("Atan", [graph.node("Div", [y, divisor])])
    turn = graph.node("Where", [upper, graph.constant(np.pi), graph.constant(-np.pi)])
    angle = graph.node("Where", [behind, graph.node("Add", [angle, turn]), angle])
    quarter = graph.node("Mul", [graph.node("Sign", [y]), graph.constant(np.pi / 2)])
    return graph.node("Where", [upright, quarter, angle])


def _picture(graph: _Graph, network: Exported) -> str:
    """Add everything from the coordinates to colours, (points, 3)."""
    view = network.recipe.view.transform
    at = Dense(view[:, :2].astype(np.float32), view[:, 2].astype(np.float32))
    placed = graph.dense(at, "coordinates")
    x, y = graph.column(placed, 0), graph.column(placed, 1)
    values = _outputs(graph, network, x, y)
    outputs = [graph.column(values, number) for number in range(len(network.output.bias))]
    shown = outputs
    if network.posterise:
        shown = [_play(graph, network.posterise, [output], network)[0] for output in outputs]
    # A channel may be one number for all points.
    srgb = [graph.node("Add", [part, graph.node("Mul", [x, graph.constant(0.0)])])
            for part in _play(graph, network.colour, shown, network)]  # fmt: skip
    if network.has_slopes:
        srgb = _finish(graph, network, (x, y), outputs[0], srgb)
    return graph.node("Clip", [graph.stack(srgb), graph.constant(0.0), graph.constant(1.0)])


def _outputs(graph: _Graph, network: Exported, x: str, y: str) -> str:
    """Add the network, and return its outputs, (points, outputs), at coordinates after the view."""
    x, y = _play(graph, network.symmetry, [x, y], network)
    if network.warp:
        if network.warp.seamless:
            values = graph.stack(_play(graph, network.torus, [x, y], network))
        else:
            values = graph.node("Mul", [graph.stack([x, y]), graph.constant(network.warp.scale)])
        for layer in network.warp.layers:
            values = graph.dense(layer, values)
            values = graph.node("Sin", [values]) if layer.activations else values
        x, y = (graph.node("Add", [place, graph.column(values, axis)]) for axis, place in enumerate((x, y)))
    inputs = graph.stack(_play(graph, network.features, [x, y], network))
    if network.frequencies.shape[1]:
        waves = Dense(network.frequencies.T, np.zeros(network.frequencies.shape[1], np.float32))
        phase = graph.dense(waves, graph.stack([x, y]))
        inputs = graph.node("Concat", [inputs, graph.node("Cos", [phase]), graph.node("Sin", [phase])], axis=1)
    values, width = inputs, network.layers[0].weights.shape[1]
    for layer in network.layers:
        if layer.weights.shape[1] > width:
            values = graph.node("Concat", [values, inputs], axis=1)
        values = _activated(graph, network, layer, graph.dense(layer, values))
        width = len(layer.bias)
    return graph.dense(network.output, values)


def _activated(graph: _Graph, network: Exported, layer: Dense, z: str) -> str:
    """Return a layer's values; each unit has its own activation."""
    found = ""
    for part, tape in network.activation_tapes().items():
        if part in layer.activations:
            (value,) = _play(graph, tape, [z], network)
            units = graph.constant(np.array([name == part for name in layer.activations])[None], np.bool_)
            found = graph.node("Where", [units, value, found]) if found else value
    return found


def _finish(
    graph: _Graph, network: Exported, place: tuple[str, str], output: str, srgb: Sequence[str]
) -> list[str]:
    """Return sRGB with relief and contour lines; slopes are differences between points that are close."""
    step, slopes = graph.constant(SLOPE_STEP), []
    for axis in (0, 1):
        sides = []
        for operation in ("Add", "Sub"):
            moved = [graph.node(operation, [part, step]) if k == axis else part for k, part in enumerate(place)]
            sides.append(graph.column(_outputs(graph, network, *moved), 0))
        slopes.append(graph.node("Div", [graph.node("Sub", sides), graph.constant(2 * SLOPE_STEP)]))
    low, high = graph.constant(0.0), graph.constant(1.0)
    light = _play(graph, network.to_linear, [graph.node("Clip", [part, low, high]) for part in srgb], network)
    if network.relief:
        (factor,) = _play(graph, network.relief, slopes, network)
        light = [graph.node("Mul", [part, factor]) for part in light]
    if network.contours:
        light = _play(graph, network.contours, [output, *slopes, *light], network)
    return _play(graph, network.to_srgb, [graph.node("Min", [part, high]) for part in light], network)
