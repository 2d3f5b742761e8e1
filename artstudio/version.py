"""The versions that go into every picture. This module imports nothing, so anyone may read it."""

VERSION = "0.1.0"
"""The version of the package, as on the command line and in a picture's metadata."""

RENDERER = 5
"""Goes up whenever the same recipe would give other pixels than before (beyond the stated tolerance)."""
