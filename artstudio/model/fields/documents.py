"""JSON and TOML from outside, read with limits: what would take for ever, or cannot be written again, is refused."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

from artstudio.errors import BadInput, shown

_MAX_KEY_PARTS = 8
# TOML's strings and comments, each found once from its first character on; what is not closed goes to the end.
_STRINGS = re.compile(
    r'''
    """ (?: [^"\\] | \\. | "(?!"") )*+ (?: "{3,5} | \Z )
    | \'{3} (?: [^'] | '(?!\'\') )*+ (?: \'{3,5} | \Z )
    | " (?: [^"\\\n] | \\[^\n] )*+ "?
    | ' [^'\n]*+ '?
    | \# [^\n]*+
    ''',
    re.VERBOSE | re.DOTALL,
)
_LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_MAX_KEY_PARTS}}}")


def read_json(text: str | bytes, where: str) -> Any:
    """Return the values of a JSON text that came from outside.

    Raises `BadInput`, beginning with `where`, for what is not JSON, numbers of thousands of digits, nan and infinity,
    and texts that are not Unicode.
    """

    def refuse(name: str) -> float:
        raise BadInput(f"{where}: expected finite numbers, found {name}")

    try:
        values = json.loads(text, parse_constant=refuse)
        json.dumps(values, ensure_ascii=False).encode()  # a lone surrogate, written as an escape, has no encoding
    except UnicodeError:
        raise BadInput(f"{where}: expected Unicode text, found other characters in its JSON") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"{where}: not valid JSON ({error})") from None
    except RecursionError:
        raise BadInput(f"{where}: not valid JSON (nested too deeply)") from None
    except ValueError:  # what Python says of numbers too long to read
        raise BadInput(f"{where}: not valid JSON (a number of thousands of digits)") from None
    return values


def read_toml(data: bytes, where: str) -> dict[str, Any]:
    """Return the values of a TOML file that came from outside. The caller bounds its size.

    Raises `BadInput`, beginning with `where`, for what is not TOML in UTF-8, numbers of more than 64 bits, and keys
    of many parts.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{where}: expected UTF-8 text, found other bytes at position {error.start}") from None
    # tomllib takes time and memory quadratic in the parts of a dotted key: 40 KB of dots need 1.5 GB.
    bare = _STRINGS.sub(lambda match: "s" + "\n" * match[0].count("\n"), text)
    if found := _LONG_KEY.search(bare):
        line = bare.count("\n", 0, found.start()) + 1
        raise BadInput(f"{where}: line {line}: a key of more than {_MAX_KEY_PARTS} parts; none is needed")
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{where}: not valid TOML: {error}") from None
    except RecursionError:
        raise BadInput(f"{where}: not valid TOML: nested too deeply") from None
    except ValueError:  # what Python says of numbers too long to read
        raise BadInput(f"{where}: not valid TOML: a number of thousands of digits") from None
    _within_64_bits(where, values)
    return values


def _within_64_bits(where: str, value: Any) -> None:
    # Python reads hexadecimal numbers of any length, and cannot write them out; TOML's have 64 bits.
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _within_64_bits(where, part)
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise BadInput(f"{where}: expected whole numbers of 64 bits, as TOML has them; found {shown(value)}")
