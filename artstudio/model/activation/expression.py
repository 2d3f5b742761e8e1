"""Your own activation: an expression in z, such as `sin(3*z) * exp(-z**2)` or `max(0.1*z, z)`.

The text is parsed by Python's `ast` and rebuilt from a whitelist; nothing of it is ever executed. It knows z, pi,
e, numbers, + - * / % **, comparisons, which give 1 or 0, `where(condition, a, b)` or `a if condition else b`, the
functions of `FUNCTIONS`, and every elementwise activation of the registry. All of it is arithmetic of floats as
IEEE 754 has it: `1/0` is infinite, and a value that is not finite is refused when the whole is looked at.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from artstudio.errors import BadInput, clip
from artstudio.model.activation import special
from artstudio.model.activation.expression_checks import check_finite, find_jumps, usual_form
from artstudio.model.activation.latex import to_latex
from artstudio.model.activation.record import Activation, differentiable

Array = Any
Term = Callable[[Array, Any], Array]
"""A piece of an expression: z, an array, and the array module -> its value: floats, of the shape of z or of none."""

MAX_LENGTH = 500
MAX_NODES = 200
MAX_POWER = 16

LIMIT = 1e6
"""Values are held within this, so that an expression that explodes far out still gives pixels."""

GAIN = 1.5

_BINARY: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
        ast.Mod: operator.mod,
        ast.Pow: operator.pow,
    }
)
_COMPARE: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = MappingProxyType(
    {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge}
)
CONSTANTS = MappingProxyType({"pi": math.pi, "e": math.e})

FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Any]]] = MappingProxyType(
    {
        "exp": (1, 1, lambda xp, a: xp.exp(a)),
        "log": (1, 1, lambda xp, a: xp.log(a)),
        "sqrt": (1, 1, lambda xp, a: xp.sqrt(a)),
        "tan": (1, 1, lambda xp, a: xp.tan(a)),
        "atan": (1, 1, lambda xp, a: special.arctangent(a, xp)),
        "sinh": (1, 1, lambda xp, a: xp.sinh(a)),
        "cosh": (1, 1, lambda xp, a: xp.cosh(a)),
        "floor": (1, 1, lambda xp, a: xp.floor(a)),
        "ceil": (1, 1, lambda xp, a: xp.ceil(a)),
        "round": (1, 1, lambda xp, a: xp.rint(a)),
        "min": (2, 8, lambda xp, *a: _fold(xp.minimum, a)),
        "max": (2, 8, lambda xp, *a: _fold(xp.maximum, a)),
        "clip": (3, 3, lambda xp, a, low, high: xp.minimum(xp.maximum(a, low), high)),
        "where": (3, 3, lambda xp, condition, a, b: xp.where(condition, a, b)),
    }
)
"""Name -> the least and the greatest number of arguments, and the function of the array module and them."""


@dataclass(frozen=True)
class _Constant:
    """A piece that is one number, a Python float: it takes the precision of what it meets."""

    value: float

    def __call__(self, z: Array, xp: Any) -> float:
        return self.value


@dataclass(frozen=True)
class _Comparison:
    """A piece that is 1 where `holds`, a piece that gives truth values, and 0 elsewhere."""

    holds: Term

    def __call__(self, z: Array, xp: Any) -> Array:
        return self.holds(z, xp).astype(z.dtype)


@dataclass(frozen=True)
class Formula:
    """An expression in several variables; `variables` are those that it names."""

    text: str
    variables: tuple[str, ...]
    term: Term

    def __call__(self, *values: Array) -> Array:
        """Return its values for NumPy arrays of one shape, one per variable that it was parsed for, float64."""
        import numpy as np  # late: listings need no array library

        stacked = np.stack([np.asarray(value, np.float64) for value in values])
        with np.errstate(all="ignore"):
            return np.broadcast_to(self.term(stacked, np), stacked.shape[1:])


def _chosen(condition: Term, a: Term, b: Term) -> Term:
    """Return the piece that is `a` where the condition is not 0, and `b` elsewhere."""
    holds = (
        condition.holds
        if isinstance(condition, _Comparison)
        else _combined(operator.ne, condition, _Constant(0.0))
    )
    return lambda z, xp: xp.where(holds(z, xp), a(z, xp), b(z, xp))


def _combined(function: Callable[..., Any], *terms: Term) -> Term:
    """Return the piece that `function`, an operator, makes of others. Constants are folded, as IEEE 754 has it."""
    import numpy as np  # late: listings need no array library

    numbers = [np.float64(term.value) for term in terms if isinstance(term, _Constant)]
    if len(numbers) == len(terms):
        with np.errstate(all="ignore"):
            return _Constant(float(function(*numbers)))
    return lambda z, xp: function(*(term(z, xp) for term in terms))


def _apply(record: Activation, z: Array, xp: Any) -> Array:
    # Under JAX with the slope on record: the plain formula's own would overflow for a steep sigmoid.
    return record.function(z, xp) if xp.__name__ == "numpy" else differentiable(record)(z)


def _fold(function: Callable[[Any, Any], Any], values: tuple[Any, ...]) -> Any:
    result = values[0]
    for value in values[1:]:
        result = function(result, value)
    return result


def _parse(text: str) -> ast.Expression:
    if len(text) > MAX_LENGTH:
        raise BadInput(f"expression: expected at most {MAX_LENGTH} characters, found {len(text)}")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        raise BadInput(f"expression {clip(text)!r}: not understood at column {column}{usual_form(text)}") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise BadInput(f"expression: expected at most {MAX_NODES} parts, found more")
    return tree


def parse_formula_of(text: str, functions: Mapping[str, Activation], variables: Sequence[str]) -> Formula:
    """Return the formula of an expression in several variables. Raises `BadInput` as `parse_expression` does.

    `functions` are the registry's, by every name they have. Whether it gives finite numbers is not looked at.
    """
    tree = _parse(text)
    places = {name: (lambda z, xp, i=i: z[i]) for i, name in enumerate(variables)}
    builder = _Builder(text, functions, places)
    term = builder.build(tree.body)
    return Formula(ast.unparse(tree), tuple(name for name in variables if name in builder.used), term)


def parse_expression(text: str, functions: Mapping[str, Activation]) -> Activation:
    """Return the activation of an expression; `functions` are the registry's, by every name they have.

    Raises `BadInput` with the column and what is allowed there; also when the expression gives no finite number
    somewhere in [-8, 8].
    """
    tree = _parse(text)
    term = _Builder(text, functions, {"z": lambda z, xp: z}).build(tree.body)

    canonical = ast.unparse(tree)
    if len(canonical) > MAX_LENGTH:
        raise BadInput(
            f"expression: expected at most {MAX_LENGTH} characters once spaced out, found {len(canonical)}"
        )
    check_finite(text, term)
    jumps = find_jumps(term)

    def function(z: Array, xp: Any) -> Array:
        with xp.errstate(all="ignore") if xp.__name__ == "numpy" else nullcontext():
            z = xp.minimum(xp.maximum(z, -LIMIT), LIMIT)
            # A constant has no shape yet; and nan in gives nan out, since 0 * nan is nan.
            return xp.minimum(xp.maximum(term(z, xp) + 0.0 * z, -LIMIT), LIMIT)

    return Activation(
        name=canonical,
        label=canonical,
        formula=canonical,
        latex=to_latex(tree.body),
        range=(-math.inf, math.inf),
        range_text="as its formula gives",
        function=function,
        breaks=jumps,
        gain=GAIN,
        use="your own",
        convention="Undefined at kinks and jumps; what autodiff gives by convention.",
    )


class _Builder:
    """Turns the parsed text into a function, piece by piece, refusing whatever is not on the list."""

    def __init__(self, text: str, functions: Mapping[str, Activation], variables: Mapping[str, Term]) -> None:
        self._text, self._functions, self._variables = text, functions, variables
        self.used: set[str] = set()

    def build(self, node: ast.AST) -> Term:
        match node:
            case ast.Constant(value=bool()):
                raise self._refused(node, "a number was expected")
            case ast.Constant(value=int() | float() as value):
                return _Constant(self._number(node, value))
            case ast.Name(id=name) if name in self._variables:
                self.used.add(name)
                return self._variables[name]
            case ast.Name(id=name) if name in CONSTANTS:
                return _Constant(CONSTANTS[name])
            case ast.Name():
                raise self._refused(node, f"known names are {', '.join(self._variables)}, pi and e")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _combined(operator.neg, self.build(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.build(operand)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, left, right)
            case ast.BinOp(left=left, op=kind, right=right) if type(kind) in _BINARY:
                return _combined(_BINARY[type(kind)], self.build(left), self.build(right))
            case ast.Compare(left=left, ops=[kind], comparators=[right]) if type(kind) in _COMPARE:
                holds = _combined(_COMPARE[type(kind)], self.build(left), self.build(right))
                return holds if isinstance(holds, _Constant) else _Comparison(holds)
            case ast.IfExp(test=test, body=body, orelse=other):
                return _chosen(self.build(test), self.build(body), self.build(other))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args)
        names = ", ".join(self._variables)
        raise self._refused(node, f"only + - * / % **, comparisons, numbers, {names} and functions are known")

    def _power(self, node: ast.AST, left: ast.AST, right: ast.AST) -> Term:
        base = self.build(left)
        exponent = self._constant(right)
        if exponent is None:
            power = self.build(right)
            return lambda z, xp: xp.power(base(z, xp), power(z, xp))
        if abs(exponent) > MAX_POWER:
            raise self._refused(right, f"a power of at most {MAX_POWER} was expected")
        # A whole power multiplies, and so takes negative numbers and has an exact slope.
        whole = int(exponent) if exponent == int(exponent) else exponent
        return lambda z, xp: (base(z, xp) + self._zero(z, xp)) ** whole

    def _zero(self, z: Array, xp: Any) -> Array:
        """Return 0 in the shape of a variable: a constant has no shape yet."""
        return 0.0 * next(iter(self._variables.values()))(z, xp)

    def _constant(self, node: ast.AST) -> float | None:
        match node:
            case ast.Constant(value=int() | float() as value):
                return self._number(node, value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self._constant(operand)
                return None if inner is None else -inner
        return None

    def _number(self, node: ast.AST, value: float) -> float:
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if abs(number) > LIMIT:
            raise self._refused(node, f"numbers up to {LIMIT:g} are allowed")
        return number

    def _call(self, node: ast.AST, name: str, args: list[ast.expr]) -> Term:
        terms = [self.build(arg) for arg in args]
        if name in FUNCTIONS:
            least, most, function = FUNCTIONS[name]
            if not least <= len(terms) <= most:
                raise self._refused(
                    node, f"{name} takes {least if least == most else f'{least} to {most}'} arguments"
                )
            if name == "where":
                return _chosen(*terms)
            return lambda z, xp: function(xp, *(term(z, xp) for term in terms))
        record = self._functions.get("abs" if name == "abs" else name)
        if record is None or not record.elementwise:
            known = ", ".join([*FUNCTIONS, "sin", "cos", "abs", "sign"])
            raise self._refused(node, f"known functions are {known}, and every activation's name")
        if len(terms) != 1:
            raise self._refused(node, f"{name} takes 1 argument")
        inner = terms[0]
        return lambda z, xp: _apply(record, inner(z, xp) + self._zero(z, xp), xp)

    def _refused(self, node: ast.AST, why: str) -> BadInput:
        column = getattr(node, "col_offset", 0) + 1
        part = ast.get_source_segment(self._text.strip(), node) or ""
        hint = usual_form(self._text)
        return BadInput(f"expression, column {column}: {clip(part, 40)!r} is not allowed; {why}{hint}")
