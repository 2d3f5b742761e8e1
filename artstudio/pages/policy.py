"""Content security policies. A page's allows its own style and script, by their hashes, and nothing else."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from html import unescape

from artstudio.errors import BadInput, shown

CLOSED = "default-src 'none'; frame-ancestors 'none'"
"""Of answers that are no page."""

_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:[0-9]{1,5})?")
_STATED = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def content_policy(style: str, script: str, *, packed: str = "", **sources: str) -> str:
    """Return the policy of a page with one style block and one script block, as in the page's text.

    `packed` is a script that the first one starts, by the trusted-types policy `unpack`: that text and no other.
    `sources` add what may be loaded: `content_policy(style, script, img="'self'")`.
    """
    scripts = " ".join(f"'{_hash(text)}'" for text in (script, packed) if text)
    rules = (
        "default-src 'none'",
        *(f"{kind}-src {allowed}" for kind, allowed in sources.items()),
        f"style-src '{_hash(style)}'",
        f"script-src {scripts}",
        "base-uri 'none'",
        "form-action 'none'",
        # No text may become markup or code, whatever the script does.
        "require-trusted-types-for 'script'",
        "trusted-types unpack" if packed else "trusted-types 'none'",
    )
    return "; ".join(rules)


def served_policy(page: str, ancestors: Sequence[str] = ()) -> str:
    """Return the policy that a page states in its head as a header, which can also say whose pages may show it in a
    frame: those of the origins `ancestors`, by default nobody's."""
    found = _STATED.search(page)
    if not found:
        raise ValueError("the page states no policy")
    allowed = " ".join(ancestors) or "'none'"
    return f"{unescape(found[1])}; frame-ancestors {allowed}"


def origin(text: str) -> str:
    """Return an origin such as `https://slides.example.org`, as it is written in policies. Raises `BadInput`."""
    found = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    if not found:
        raise BadInput(f"origin: expected one such as https://slides.example.org, found {shown(text)}")
    return found[0]


def _hash(block: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(block.encode()).digest()).decode()
