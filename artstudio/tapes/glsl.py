"""Tapes as GLSL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from artstudio.model.activation import special
from artstudio.tapes.trace import Tape, trace

_INFIX: Mapping[str, str] = MappingProxyType({"add": "+", "sub": "-", "mul": "*", "div": "/"})
_CALLS: Mapping[str, str] = MappingProxyType(
    {
        "mod": "aMod", "abs": "abs", "sign": "sign", "floor": "floor", "ceil": "ceil", "rint": "roundEven",
        "sqrt": "sqrt", "exp": "aExp", "log": "aLog", "sin": "aSin", "cos": "aCos", "tanh": "aTanh", "sinh": "aSinh",
        "cosh": "aCosh", "atan": "aAtan", "atan2": "aAtan2", "cbrt": "aCbrt", "pow": "aPow", "max": "max",
        "min": "min",
    }
)  # fmt: skip
_TESTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "Lt": ("<", "lessThan"), "Le": ("<=", "lessThanEqual"), "Gt": (">", "greaterThan"),
        "Ge": (">=", "greaterThanEqual"), "Eq": ("==", "equal"),
    }
)  # fmt: skip


_DEEPEST = 24
"""Expressions within one another: drivers allow some hundred."""


def library_source() -> str:
    """Return functions that GLSL lacks or has not accurate enough; T is float or vec4, I their integers."""
    return files("artstudio.tapes").joinpath("library.glsl").read_text("utf-8")


@cache
def _library() -> Mapping[str, str]:
    """The text of each function by its name, for float and for vec4; those that others need come first."""
    found = {}
    for name, (sign, word) in _TESTS.items():
        found[f"a{name}"] = (
            f"bool a{name}(float a, float b) {{ return a {sign} b; }}\n"
            f"bvec4 a{name}(vec4 a, vec4 b) {{ return {word}(a, b); }}\n"
        )
    for name, wave in (("aSin", special.sine), ("aCos", special.cosine)):
        tape = trace(lambda z, wave=wave: wave(z, np), (1,))
        found[name] = "".join(glsl_function(name, tape, kind) for kind in ("float", "vec4"))
    for block in library_source().split("\n\n")[1:]:
        head = re.match(r"T (\w+)\(", block)
        if head:
            plain = re.sub(r" *//[^\n]*", "", block).strip() + "\n"
            found[head[1]] = "".join(
                re.sub(r"\bT\b", kind, re.sub(r"\bI\b", whole, plain))
                for kind, whole in (("float", "int"), ("vec4", "ivec4"))
            )
    return found


def library_for(text: str) -> str:
    """Return the functions of the library that GLSL text calls, and those that these call."""
    needed: set[str] = set()
    waiting = [text]
    while waiting:
        for name in set(re.findall(r"\ba[A-Z]\w*(?=\()", waiting.pop())) & _library().keys() - needed:
            needed.add(name)
            waiting.append(_library()[name])
    return "".join(block for name, block in _library().items() if name in needed)


def number_text(value: float | np.float32) -> str:
    """Return a number as GLSL writes it, to within the spacing of float32."""
    single = np.float32(value)
    if not np.isfinite(single):
        bits = "0x7fc00000u" if np.isnan(single) else "0x7f800000u" if single > 0 else "0xff800000u"
        return f"intBitsToFloat(int({bits}))"
    text = f"{single:.8g}"
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) and len(text.lstrip("-")) > 2 else text
    return text if "." in text or "e" in text else f"{text}."


def glsl_steps(
    tape: Tape, kind: str, inputs: Sequence[str], prefix: str, folds: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """Return statements that compute a tape, and expressions for its outputs.

    `kind` is float or vec4, `inputs` are expressions of it, `prefix` begins the names of the results, `folds` are
    expressions for folds over units, in their order.
    """
    lines: list[str] = []
    texts, tests, depths = list(inputs), [False] * len(inputs), [0] * len(inputs)
    uses = Counter(
        argument
        for arguments in (*(step[1:] for step in tape["steps"]), tape["outputs"])
        for argument in arguments
        if not isinstance(argument, list)
    )
    shared: dict[str, str] = {}
    waiting = iter(folds)

    def number(argument: Any) -> str:
        if isinstance(argument, list):
            text = number_text(argument[0])
            return f"{kind}({text})" if kind != "float" else f"({text})" if text[0] == "-" else text
        return f"{kind}({texts[argument]})" if tests[argument] else texts[argument]

    def test(argument: Any) -> str:
        if not isinstance(argument, list) and tests[argument]:
            return str(texts[argument])
        return f"{'!' if kind == 'float' else 'not'}(aEq({number(argument)}, {kind}(0.)))"

    def channel(call: str, row: int) -> str:
        """A function of three channels is called once, and gives one of them each time."""
        if call not in shared:
            shared[call] = f"{prefix}s{len(shared)}"
            lines.append(f"vec3 {shared[call]} = {call};")
        return f"{shared[call]}[{row}]"

    def text_of(operation: str, arguments: Sequence[Any]) -> str:
        if operation in _INFIX:
            return f"{number(arguments[0])} {_INFIX[operation]} {number(arguments[1])}"
        if operation in _CALLS:
            return f"{_CALLS[operation]}({', '.join(map(number, arguments))})"
        if operation.title() in _TESTS:
            return f"a{operation.title()}({', '.join(map(number, arguments))})"
        match operation:
            case "neg":
                return f"-({number(arguments[0])})"
            case "tan":
                return f"aSin({number(arguments[0])}) / aCos({number(arguments[0])})"
            case "and" if kind == "float":
                return f"{test(arguments[0])} && {test(arguments[1])}"
            case "and":
                return f"aGt(min(vec4({test(arguments[0])}), vec4({test(arguments[1])})), vec4(.5))"
            case "where":
                return f"mix({number(arguments[2])}, {number(arguments[1])}, {test(arguments[0])})"
            case "lookup":
                return channel(f"lookUp({number(arguments[1])})", int(arguments[0][0]))
            case "gamut":
                return channel(f"mapGamut(vec3({', '.join(map(number, arguments[1:]))}))", int(arguments[0][0]))
        raise ValueError(f"{operation} cannot be written in GLSL")

    for operation, *arguments in tape["steps"]:
        is_test = operation.title() in _TESTS or operation == "and"
        depth = 0
        if operation in ("unitmax", "unitsum"):
            name = next(waiting)
        else:
            text, name = text_of(operation, arguments), f"{prefix}{len(texts)}"
            depth = 1 + max(
                (depths[argument] for argument in arguments if not isinstance(argument, list)), default=0
            )
            if uses[len(texts)] == 1 and depth < _DEEPEST:  # within the text of the only one that needs it
                name = f"({text})" if operation in _INFIX or operation in ("neg", "tan", "and") else text
            else:
                holder = kind if not is_test else "bool" if kind == "float" else "bvec4"
                lines.append(f"{holder} {name} = {text};")
                depth = 0
        texts.append(name)
        tests.append(is_test)
        depths.append(depth)
    return lines, [number(output) for output in tape["outputs"]]


def glsl_function(name: str, tape: Tape, kind: str) -> str:
    """Return a tape of one output as a GLSL function of its inputs."""
    inputs = [f"x{i}" for i in range(tape["inputs"])]
    lines, outputs = glsl_steps(tape, kind, inputs, "t")
    body = "\n".join(f"  {line}" for line in [*lines, f"return {outputs[0]};"])
    return f"{kind} {name}({', '.join(f'{kind} {given}' for given in inputs)}) {{\n{body}\n}}\n"
