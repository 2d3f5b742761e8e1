"""Names that the command line shows before anything is loaded. Needs no library."""

from __future__ import annotations

KINDS = ("latent", "zoom", "gain", "rotation", "seeds", "morph", "keys")
"""The kinds of loops; `loops.LOOPS` has a record of each."""

KEY_FIELDS = ("zoom", "rotation", "centre", "gain", "warp", "warp_scale", "relief", "latent")
"""The parts of a recipe that keyframes may set: those that may change without another program."""
