"""Names that the command line shows before anything is loaded. Needs no library."""

from __future__ import annotations

KINDS = ("latent", "zoom", "gain", "rotation", "seeds", "morph", "keys")
"""The kinds of loops; `loops.LOOPS` has a record of each."""
