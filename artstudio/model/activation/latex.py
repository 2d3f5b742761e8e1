"""An expression as people write it: mathtext for matplotlib from a checked syntax tree."""

from __future__ import annotations

import ast

_SYMBOLS = {ast.Lt: "<", ast.LtE: r"\leq", ast.Gt: ">", ast.GtE: r"\geq"}
_STRENGTH = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Mod: 2, ast.Pow: 4}
_UPRIGHT = {"sin", "cos", "tan", "exp", "log", "max", "min", "tanh", "sinh", "cosh"}


def to_latex(node: ast.AST) -> str:
    """Return mathtext for an expression that the parser has accepted."""
    match node:
        case ast.Constant(value=value):
            return f"{value:g}" if isinstance(value, int | float) else ""
        case ast.Name(id=name):
            return r"\pi" if name == "pi" else name
        case ast.UnaryOp(op=op, operand=operand):
            return ("-" if isinstance(op, ast.USub) else "") + _within(operand, 3)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_within(left, 5)}^{{{to_latex(right)}}}"
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{to_latex(left)}}}{{{to_latex(right)}}}"
        case ast.BinOp(left=left, op=op, right=right):
            sign = {ast.Add: "+", ast.Sub: "-", ast.Mult: r"\,", ast.Mod: r"\ \mathrm{mod}\ "}[type(op)]
            strength = _STRENGTH[type(op)]
            return f"{_within(left, strength)} {sign} {_within(right, strength + 1)}"
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return f"{to_latex(left)} {_SYMBOLS[type(op)]} {to_latex(right)}"
        case ast.IfExp(test=test, body=body, orelse=other):
            return rf"{to_latex(body)}\ \mathrm{{if}}\ {to_latex(test)},\ \mathrm{{else}}\ {to_latex(other)}"
        case ast.Call(func=ast.Name(id="abs"), args=[argument]):
            return f"|{to_latex(argument)}|"
        case ast.Call(func=ast.Name(id="sqrt"), args=[argument]):
            return rf"\sqrt{{{to_latex(argument)}}}"
        case ast.Call(func=ast.Name(id=name), args=args):
            word = rf"\{name}" if name in _UPRIGHT else rf"\mathrm{{{name.replace('_', ' ')}}}"
            between = r",\ "
            return f"{word}({between.join(map(to_latex, args))})"
    raise ValueError(f"not an expression: {ast.dump(node)}")


def _within(node: ast.AST, strength: int) -> str:
    """Put brackets around an operand that binds less tightly than its surroundings."""
    own = _STRENGTH[type(node.op)] if isinstance(node, ast.BinOp) else 3 if isinstance(node, ast.UnaryOp) else 9
    fraction = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and strength <= 4
    return to_latex(node) if own >= strength or fraction else f"({to_latex(node)})"
