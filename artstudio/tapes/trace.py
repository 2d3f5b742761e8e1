"""Functions of NumPy arrays as data: what they compute, recorded step by step.

The functions of the model are written once for any array module. Called with arrays of `Step`s instead of numbers,
they leave behind a tape, from which the page makes JavaScript, GLSL, and derivatives of both. So there is no second
text of any formula.

A tape is `{"inputs": n, "steps": [[operation, argument, ...], ...], "outputs": [argument, ...]}`. An argument is the
number of an input (below n) or of a step (n and up), or a constant in a list of its own: `[0.5]`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

Tape = dict[str, Any]

_OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        "add": "add", "subtract": "sub", "multiply": "mul", "divide": "div", "negative": "neg", "remainder": "mod",
        "absolute": "abs", "sign": "sign", "floor": "floor", "ceil": "ceil", "rint": "rint", "sqrt": "sqrt",
        "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "sinh": "sinh",
        "cosh": "cosh", "arctan": "atan", "arctan2": "atan2", "cbrt": "cbrt", "power": "pow",
        "maximum": "max", "minimum": "min", "less": "lt", "less_equal": "le", "greater": "gt",
        "greater_equal": "ge", "equal": "eq", "logical_and": "and",
    }
)  # fmt: skip
"""NumPy's name -> the tape's."""

_OVER_UNITS = MappingProxyType({"maximum": "unitmax", "add": "unitsum"})


@dataclass(frozen=True)
class Step:
    """A number that is not known yet: an input or the result of a recorded step."""

    tape: _Recorder
    number: int


@dataclass
class _Recorder:
    inputs: int
    steps: list[list[Any]] = field(default_factory=list)
    known: dict[str, Step] = field(default_factory=dict)

    def __call__(self, operation: str, *arguments: Any) -> Any:
        """Record a step, or find the same one recorded before."""
        if operation == "pow" and not isinstance(arguments[1], Step) and float(arguments[1]).is_integer():
            return self.whole_power(arguments[0], int(arguments[1]))
        step = [operation, *map(_argument, arguments)]
        key = repr(step)
        if key not in self.known:
            self.known[key] = Step(self, self.inputs + len(self.steps))
            self.steps.append(step)
        return self.known[key]

    def whole_power(self, base: Any, exponent: int) -> Any:
        """Multiply, as JAX does: negative numbers have whole powers too."""
        if exponent < 0:
            return self("div", 1.0, self.whole_power(base, -exponent))
        result = None
        while exponent:
            if exponent % 2:
                result = base if result is None else self("mul", result, base)
            exponent //= 2
            if exponent:
                base = self("mul", base, base)
        return 1.0 if result is None else result


def _argument(value: Any) -> Any:
    return value.number if isinstance(value, Step) else [float(value)]


class Traced(np.ndarray[Any, Any]):
    """An array of steps and numbers: NumPy's functions of it are recorded."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """Record an elementwise function, or fold an axis."""
        if method == "reduce":
            return self.fold(ufunc, inputs[0], options.get("axis", 0), bool(options.get("keepdims")))
        if method != "__call__":
            raise TypeError(f"cannot be recorded: {ufunc.__name__}.{method}")
        if ufunc.__name__ == "square":
            return np.multiply(inputs[0], inputs[0])
        if ufunc.__name__ == "clip":
            value, low, high = inputs
            return (
                np.minimum(np.maximum(value, low), high)
                if np.ndim(high) or high != math.inf
                else np.maximum(value, low)
            )
        if ufunc.__name__ not in _OPERATIONS:
            raise TypeError(f"cannot be recorded: {ufunc.__name__}")
        return self.each(_OPERATIONS[ufunc.__name__], ufunc, *inputs)

    def each(self, operation: str, plain: Any, *inputs: Any) -> Any:
        """Record an operation for each element; `plain` does it where all of the inputs are numbers."""

        def step(*values: Any) -> Any:
            recorder = next((value.tape for value in values if isinstance(value, Step)), None)
            return plain(*map(float, values)) if recorder is None else recorder(operation, *values)

        arrays = [value.view(np.ndarray) if isinstance(value, np.ndarray) else value for value in inputs]
        return self.wrap(np.frompyfunc(step, len(arrays), 1)(*arrays))

    def fold(self, ufunc: Any, values: Any, axis: int, keep: bool) -> Any:
        """Fold an axis of known length step by step."""
        parts = list(np.moveaxis(values.view(np.ndarray), axis, 0))
        total = self.wrap(parts[0])
        for part in parts[1:]:
            total = ufunc(total, self.wrap(part))
        return total[None] if keep else total

    def wrap(self, values: Any) -> Any:
        """Return values, an object array or a single object, as an array of this class."""
        return np.asarray(values, object).view(type(self))

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """Record a choice by a condition; NumPy's other functions rearrange, or come down to the elementwise ones."""
        if func is np.where:
            return self.each("where", lambda c, a, b: a if c else b, *args)
        found = super().__array_function__(func, types, args, kwargs)
        return self.wrap(found) if isinstance(found, np.ndarray) else found

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        return found if isinstance(found, np.ndarray) else self.wrap(found)

    def __iter__(self) -> Any:
        return (self[i] for i in range(len(self)))

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Values that are whole numbers already, used as an index."""
        return self


class _OverUnits(Traced):
    """What a layer's activation function sees: one unit, standing for all of them along axis 0."""

    def fold(self, ufunc: Any, values: Any, axis: int, keep: bool) -> Any:
        if axis != 0 or not keep or ufunc.__name__ not in _OVER_UNITS:
            raise TypeError(f"cannot be recorded: {ufunc.__name__} over axis {axis}")
        return self.each(_OVER_UNITS[ufunc.__name__], ufunc, values)


class Table:
    """Three colours' channels at each index; which index is known only at run time."""

    def __getitem__(self, key: tuple[slice, Traced]) -> Any:
        _, index = key
        return np.stack([index.each("lookup", None, row, index) for row in range(3)])


def call(name: str, channels: Traced) -> Any:
    """Record a call of a function that has a tape of its own: three channels to three channels."""
    return np.stack([channels[0].each(name, None, row, *channels) for row in range(3)])


def trace(function: Callable[..., Any], *shapes: tuple[int, ...], over_units: bool = False) -> Tape:
    """Record what `function` computes of arrays with these shapes; its result, an array or several, is flattened.

    With `over_units` a fold of axis 0 goes over the units of a layer. Raises `TypeError` for what cannot be recorded.
    """
    recorder = _Recorder(sum(map(math.prod, shapes)))
    kind, first, arrays = _OverUnits if over_units else Traced, 0, []
    for shape in shapes:
        count = math.prod(shape)
        steps = np.empty(count, object)
        steps[:] = [Step(recorder, first + i) for i in range(count)]
        arrays.append(steps.reshape(shape).view(kind))
        first += count
    results = function(*arrays)
    outputs = [_argument(step) for part in (results if isinstance(results, list | tuple) else [results])
               for step in np.asarray(part, object).ravel()]  # fmt: skip
    return {"inputs": recorder.inputs, "steps": recorder.steps, "outputs": outputs}
