"""The expressions in sets of questions: what they may say. The page computes them (`studio/answers.js`).

They are arithmetic as in an activation's expression, with comparisons that give 1 or 0. Beside the functions that
those know they have every activation by name, and the functions and names listed here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from artstudio.errors import BadInput, clip, unknown
from artstudio.model.activation import expression
from artstudio.model.activation.registry import ACTIVATIONS, get_activation

CURVES: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "value": (2, "f at z"),
        "slope": (2, "f' at z"),
        "solve": (4, "where f is y, between low and high"),
        "solve_slope": (4, "where f' is y, between low and high"),
        "steepest": (1, "the greatest |f'| at a hundred places a unit in [-6, 6], beside breaks"),
        "difference": (2, "the greatest |f - g| over [-6, 6]"),
    }
)
"""Functions of curves: how many arguments, and what. A curve is an activation's name or an expression in z."""

SCORES: Mapping[str, str] = MappingProxyType(
    {
        "share": "softmax's probability of class i at a temperature, then the scores",
        "entropy": "the cross-entropy of class i at a temperature, then the scores",
    }
)

EXPLORER = ("z", "f_z", "slope_z", "product", "layers", "temperature")
"""What the explorer shows: the point, f and f' of the chosen function there, f' to the power of the layers."""

LEARNING: Mapping[str, int] = MappingProxyType(
    {"accuracy": 1, "loss": 1, "dead": 1, "moved": 2, "gradient": 2, "least_moved": 1, "diverged": 1}
)
"""What learn mode measures of an activation's network, some of it by layer, 1 first."""

TRAINING = ("steps", "dead_units", "best_score", "worst_score")
"""What learn mode measures of all networks together."""


def check_expression(text: str, names: Iterable[str] = ()) -> str:
    """Return an expression that the page can compute; `names` are what it may speak of beside constants.

    Raises `BadInput` in one line, as the expressions of activations do.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        raise BadInput(f"expression {clip(text)!r}: not understood at column {column}") from None
    _check(tree.body, text, tuple(names))
    return text


def _check(node: ast.AST, text: str, names: tuple[str, ...]) -> None:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return
        case ast.Name(id=name):
            if name not in (*names, *expression.CONSTANTS):
                raise unknown(f"name in expression {clip(text)!r}:", name, [*names, *expression.CONSTANTS])
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, text, names)
        case ast.BinOp(
            left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() | ast.Mod() | ast.Pow(), right=right
        ):
            _check(left, text, names)
            _check(right, text, names)
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()], comparators=[right]):
            _check(left, text, names)
            _check(right, text, names)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            _check_call(name, args, text, names)
        case _:
            raise BadInput(
                f"expression {clip(text)!r}: expected numbers, + - * / % **, comparisons and functions,"
                f" found {clip(ast.unparse(node), 40)!r}"
            )


def _check_call(name: str, args: list[ast.expr], text: str, names: tuple[str, ...]) -> None:
    curves = 0
    if name in CURVES:
        fewest = most = CURVES[name][0]
        curves = 2 if name == "difference" else 1
    elif name in SCORES:
        fewest, most = 4, 10
    elif name in LEARNING:
        fewest = most = LEARNING[name]
        curves = 1
    elif name in expression.FUNCTIONS:
        fewest, most, _ = expression.FUNCTIONS[name]
    elif name in ACTIVATIONS.by_any_name:
        fewest = most = 1
    else:
        known = [*CURVES, *SCORES, *LEARNING, *expression.FUNCTIONS, *ACTIVATIONS]
        raise unknown(f"function in expression {clip(text)!r}:", name, known, see="docs/questions.md")
    if not fewest <= len(args) <= most:
        count = str(fewest) if fewest == most else f"{fewest} to {most}"
        raise BadInput(f"expression {clip(text)!r}: {name} takes {count} arguments, found {len(args)}")
    for curve in args[:curves]:
        get_activation(ast.unparse(curve))
    for arg in args[curves:]:
        _check(arg, text, names)
