"""Content security policies. A page's allows its own style and script, by their hashes, and nothing else."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import unescape

CLOSED = "default-src 'none'; frame-ancestors 'none'"
"""Of answers that are no page."""

_STATED = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def content_policy(style: str, script: str, **sources: str) -> str:
    """Return the policy of a page with one style block and one script block, as in the page's text.

    `sources` add what may be loaded: `content_policy(style, script, img="'self'")`.
    """
    rules = (
        "default-src 'none'",
        *(f"{kind}-src {allowed}" for kind, allowed in sources.items()),
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
        # No text may become markup or code, whatever the script does.
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
    return "; ".join(rules)


def served_policy(page: str) -> str:
    """Return the policy that a page states in its head as a header, which can also forbid frames."""
    found = _STATED.search(page)
    if not found:
        raise ValueError("the page states no policy")
    return f"{unescape(found[1])}; frame-ancestors 'none'"


def _hash(block: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(block.encode()).digest()).decode()
