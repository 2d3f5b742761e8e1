"""The raw weights are the same for a seed on every machine, for ever."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artstudio.model.weights import COLUMNS, LAYERS, pcg4d, raw_weights

MASK = 2**32 - 1
UINT32 = st.integers(0, MASK)


def pcg4d_in_plain_integers(x, y, z, w):
    """The listing of Jarzynski and Olano (2020), in Python's own whole numbers."""
    x, y, z, w = ((v * 1664525 + 1013904223) & MASK for v in (x, y, z, w))

    def stir(x, y, z, w):
        x = (x + y * w) & MASK
        y = (y + z * x) & MASK
        z = (z + x * y) & MASK
        w = (w + y * z) & MASK
        return x, y, z, w

    x, y, z, w = (v ^ (v >> 16) for v in stir(x, y, z, w))
    return stir(x, y, z, w)


@given(UINT32, UINT32, UINT32, UINT32)
def test_the_hash_is_the_published_one(x, y, z, w):
    with np.errstate(over="ignore"):
        ours = pcg4d(*(np.array([v], np.uint32) for v in (x, y, z, w)))
    assert tuple(int(v[0]) for v in ours) == pcg4d_in_plain_integers(x, y, z, w)


PINNED = {
    0: "0e8ae631652855c840d9db88d2db98efab71725f9b8b08fc2970df5046f27d51",
    7: "8969eadd7333ac953cba8ed819d92deb928f39350d78f15216554ec81e46ab45",
    4294967295: "d915dd0b89ee21d5cd3296cd927e44c1f4f49080acd45666274ad8c7cee0ef6e",
}


def digest(seed):
    """SHA-256 over the raw weights of the default network: six layers of 24 units on three inputs."""
    parts = [raw_weights(seed, layer, 24, range(24 if layer else 3)) for layer in range(6)]
    parts += [raw_weights(seed, layer, 24, [COLUMNS["bias"]]) for layer in range(6)]
    parts.append(raw_weights(seed, LAYERS["output"], 3, range(24)))
    return hashlib.sha256(b"".join(part.astype("<f4").tobytes() for part in parts)).hexdigest()


@pytest.mark.parametrize("seed", PINNED)
def test_the_weights_of_a_seed_never_change(seed):
    assert digest(seed) == PINNED[seed]


def test_weights_have_zero_mean_unit_variance_and_their_bounds():
    weights = raw_weights(3, 1, 512, range(512)).astype(np.float64)
    assert weights.min() >= -np.float32(3**0.5)
    assert weights.max() < 3**0.5
    assert abs(weights.mean()) < 0.01
    assert abs(weights.std() - 1) < 0.01
    assert abs(np.corrcoef(weights[:, :-1].ravel(), weights[:, 1:].ravel())[0, 1]) < 0.01


@given(UINT32, st.integers(0, 200), st.integers(1, 40), st.integers(1, 40))
def test_a_weight_does_not_depend_on_how_many_others_there_are(seed, layer, rows, columns):
    larger = raw_weights(seed, layer, 40, range(40))
    assert np.array_equal(raw_weights(seed, layer, rows, range(columns)), larger[:rows, :columns])
