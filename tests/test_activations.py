"""Activation functions against mpmath, at their breaks, at the ends of float32, and by name."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache

import jax
import jax.numpy as jnp
import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artstudio.errors import BadInput
from artstudio.model.activation.registry import (
    ACTIVATIONS,
    Break,
    derivative,
    differentiable,
    get_activation,
)
from artstudio.registry import Registry

RELATIVE, ABSOLUTE = 1e-6, 2e-7
F32 = np.finfo(np.float32)
INF = float("inf")


def painted(record):
    """A record whose function under JAX is the form for pictures."""
    plain, fast = record.function, record.fast
    return replace(
        record, label=f"{record.label}, fast", function=lambda z, xp: (plain if xp is np else fast)(z, xp)
    )


FORMS = [*ACTIVATIONS.values(), *(painted(record) for record in ACTIVATIONS.values() if record.fast)]
every = pytest.mark.parametrize("record", FORMS, ids=lambda a: a.label)
elementwise = [record for record in ACTIVATIONS.values() if record.elementwise]
every_elementwise = pytest.mark.parametrize("record", [a for a in FORMS if a.elementwise], ids=lambda a: a.label)
every_softmax = pytest.mark.parametrize("record", [a for a in FORMS if not a.elementwise], ids=lambda a: a.label)


# ---- References, written from the definitions, at 30 digits -------------------------------------------------

mp.mp.dps = 30
LAMBDA = mp.mpf("1.05070098735548049341933498529460")
ALPHA = mp.mpf("1.67326324235437728481704294167258")
LEAK = mp.mpf("0.01")


def _mod(z, period):
    return z - period * mp.floor(z / period)


def _sech2(z):
    return 1 / mp.cosh(z) ** 2


def _logistic(z):
    return mp.exp(z) / (1 + mp.exp(z)) if z < 0 else 1 / (1 + mp.exp(-z))


def _tanh_inner(z):
    return mp.sqrt(2 / mp.pi) * (z + mp.mpf("0.044715") * z**3)


def _gelu_tanh(z):
    return z * _logistic(2 * _tanh_inner(z))


def _gelu_tanh_slope(z):
    inner = mp.sqrt(2 / mp.pi) * (1 + 3 * mp.mpf("0.044715") * z**2)
    return _logistic(2 * _tanh_inner(z)) + z / 2 * _sech2(_tanh_inner(z)) * inner


def _mish_slope(z):
    s = mp.log1p(mp.exp(z))
    return mp.tanh(s) + z * _sech2(s) * _logistic(z)


def _triangle(z):
    r = _mod(z + 1, 4)
    return r - 1 if r <= 2 else 3 - r


def _triangle_slope(z):
    r = _mod(z + 1, 4)
    return 0 if r in (0, 2) else 1 if r < 2 else -1


def _elu_slope(z):
    return 1 if z > 0 else mp.exp(z)


REFERENCE = {
    "identity": (lambda z: z, lambda z: 1),
    "step": (lambda z: int(z >= 0), lambda z: 0),
    "sign": (lambda z: (z > 0) - (z < 0), lambda z: 0),
    "sigmoid": (_logistic, lambda z: mp.sech(z / 2) ** 2 / 4),
    "hard_sigmoid": (lambda z: min(max(z + 3, 0), 6) / 6, lambda z: mp.mpf(1) / 6 if -3 < z < 3 else 0),
    "tanh": (mp.tanh, _sech2),
    "hard_tanh": (lambda z: min(max(z, -1), 1), lambda z: int(-1 < z < 1)),
    "relu": (lambda z: max(0, z), lambda z: int(z > 0)),
    "relu6": (lambda z: min(max(0, z), 6), lambda z: int(0 < z < 6)),
    "leaky_relu": (lambda z: z if z > 0 else LEAK * z, lambda z: 1 if z > 0 else LEAK),
    "elu": (lambda z: z if z > 0 else mp.expm1(z), _elu_slope),
    "selu": (
        lambda z: LAMBDA * (z if z > 0 else ALPHA * mp.expm1(z)),
        lambda z: LAMBDA * (1 if z > 0 else ALPHA * mp.exp(z)),
    ),
    "celu": (lambda z: max(0, z) + min(0, mp.expm1(min(z, 1))), _elu_slope),
    "softplus": (lambda z: max(z, 0) + mp.log1p(mp.exp(-abs(z))), _logistic),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    "gelu": (lambda z: z * mp.ncdf(z), lambda z: mp.ncdf(z) + z * mp.npdf(z)),
    "gelu_tanh": (_gelu_tanh, _gelu_tanh_slope),
    "silu": (lambda z: z * _logistic(z), lambda z: _logistic(z) * (1 + z * _logistic(-z))),
    "mish": (lambda z: z * mp.tanh(mp.log1p(mp.exp(z))), _mish_slope),
    "gaussian": (lambda z: mp.exp(-z * z), lambda z: -2 * z * mp.exp(-z * z)),
    "sine": (mp.sin, mp.cos),
    "cosine": (mp.cos, lambda z: -mp.sin(z)),
    "sinc": (mp.sinc, lambda z: (z * mp.cos(z) - mp.sin(z)) / z**2 if z else 0),
    "absolute": (abs, lambda z: (z > 0) - (z < 0)),
    "square_wave": (lambda z: 1 if _mod(z, 2) < 1 else -1, lambda z: 0),
    "triangle_wave": (_triangle, _triangle_slope),
    "sawtooth_wave": (lambda z: _mod(z + 1, 2) - 1, lambda z: 1),
}

LIMITS = {  # f(-inf), f(inf), f'(-inf), f'(inf); the periodic functions have none
    "identity": (-INF, INF, 1, 1),
    "step": (0, 1, 0, 0),
    "sign": (-1, 1, 0, 0),
    "sigmoid": (0, 1, 0, 0),
    "hard_sigmoid": (0, 1, 0, 0),
    "tanh": (-1, 1, 0, 0),
    "hard_tanh": (-1, 1, 0, 0),
    "relu": (0, INF, 0, 1),
    "relu6": (0, 6, 0, 0),
    "leaky_relu": (-INF, INF, 0.01, 1),
    "elu": (-1, INF, 0, 1),
    "selu": (-1.7580993408473766, INF, 0, 1.0507009873554805),
    "celu": (-1, INF, 0, 1),
    "softplus": (0, INF, 0, 1),
    "softsign": (-1, 1, 0, 0),
    "gelu": (0, INF, 0, 1),
    "gelu_tanh": (0, INF, 0, 1),
    "silu": (0, INF, 0, 1),
    "mish": (0, INF, 0, 1),
    "gaussian": (0, 0, 0, 0),
    "sinc": (0, 0, 0, 0),
    "absolute": (INF, INF, -1, 1),
}


# ---- Helpers ------------------------------------------------------------------------------------------------


@cache
def compiled(record):
    return jax.jit(lambda x: (record.function(x, jnp), derivative(record, x)))


def evaluate(record, z):
    """f and f' in jitted float32 JAX, as NumPy arrays."""
    z = np.asarray(z, np.float32)
    # One of two lengths, so that a function is not compiled for each test.
    padded = np.resize(z, 16 if z.size <= 16 else 2**17) if record.elementwise else z
    parts = compiled(record)(padded)
    return tuple(np.asarray(part).ravel()[: z.size].reshape(z.shape) for part in parts)


def breaks_within(record, low, high):
    """Every break between low and high: the recorded ones, repeated with the period."""
    for b in record.breaks:
        step = record.period or INF
        first = b.z if record.period is None else b.z + step * np.ceil((low - b.z) / step)
        places = [first] if record.period is None else np.arange(first, high + 1e-9, step)
        yield from (replace(b, z=float(z)) for z in places)


def one_ulp(z):
    """The float32 neighbours of z; beside 0 the smallest normal numbers, as XLA takes denormals for 0."""
    if z == 0:
        return np.array([-F32.tiny, F32.tiny], np.float32)
    return np.nextafter(np.float32(z), np.array([-INF, INF], np.float32))


def sample(record):
    """2,000 float32 numbers in [-30, 30], half of them near 0, and every break with its neighbours."""
    random = np.random.default_rng(20260)
    special = np.array([0.0, 1e-3, 1e-8, 1e-20, 1.5, 3.1415927, 1.5707964, 30.0], np.float32)
    parts = [special, -special, random.uniform(-3, 3, 984), random.uniform(-30, 30, 1000)]
    for b in breaks_within(record, -30, 30):
        parts += [[b.z], one_ulp(b.z)]
    return np.concatenate(parts).astype(np.float32)


def misses(got, expected):
    """The places where got is further from expected than the bar: 1e-6 relative or 2e-7 absolute."""
    got, expected = np.asarray(got, np.float64), np.asarray(expected, np.float64)
    allowed = np.maximum(RELATIVE * np.abs(expected), ABSOLUTE)
    with np.errstate(invalid="ignore"):
        return ~((got == expected) | (np.abs(got - expected) <= allowed))


def referenced(function, z):
    return np.array([float(function(mp.mpf(float(x)))) for x in z])


def assert_close(got, expected, z, what):
    bad = np.flatnonzero(misses(got, expected))
    worst = [(float(z[i]), float(got[i]), float(expected[i])) for i in bad[:5]]
    assert not len(bad), f"{what}: {len(bad)} of {len(z)} off; (z, got, expected): {worst}"


# ---- Values and slopes --------------------------------------------------------------------------------------


def test_lesson_and_relatives_are_registered_in_listing_order():
    """The reference table, softmax apart, names the registry's functions in its order."""
    assert list(ACTIVATIONS) == [*REFERENCE, "softmax"]


@every_elementwise
def test_agrees_with_mpmath(record):
    """f and f' in jitted float32 are within 1e-6 relative or 2e-7 absolute of mpmath."""
    z = sample(record)
    assert len(z) >= 2000
    f, slope = evaluate(record, z)
    reference, reference_slope = REFERENCE[record.name]
    assert_close(f, referenced(reference, z), z, "f")
    assert_close(slope, referenced(reference_slope, z), z, "f'")


@every_elementwise
def test_reference_slope_is_the_derivative_of_the_reference(record):
    """The two references of a function, written apart, agree by numerical differentiation."""
    for x in (-7.3, -2.2, -0.81, -0.3, 0.3, 0.77, 2.2, 4.6):
        f, slope = REFERENCE[record.name]
        assert abs(mp.diff(f, mp.mpf(x)) - slope(mp.mpf(x))) < 1e-9


@every_elementwise
def test_numpy_and_jax_agree(record):
    """float64 NumPy, which calibrates, and float32 JAX, which renders, give the same f and f'."""
    z = sample(record)
    f, slope = evaluate(record, z)
    assert_close(f, record.function(z.astype(np.float64), np), z, "f")
    if record.derivative is not None:
        assert_close(slope, record.derivative(z.astype(np.float64), np), z, "f'")


@pytest.mark.sweep
@given(z=st.floats(-1000, 1000, width=32))
@settings(deadline=None, max_examples=300)
def test_sine_and_cosine_hold_to_a_thousand(z):
    """Range reduction keeps 2e-7 far beyond the range that networks reach."""
    assert abs(float(ACTIVATIONS["sine"].function(jnp.float32(z), jnp)) - float(mp.sin(z))) < 2e-7
    assert abs(float(ACTIVATIONS["cosine"].function(jnp.float32(z), jnp)) - float(mp.cos(z))) < 2e-7


def test_tanh_is_a_stretched_sigmoid():
    """tanh(z) = 2 sigmoid(2 z) - 1."""
    z = jnp.linspace(-10, 10, 1001)
    twice = 2 * ACTIVATIONS["sigmoid"].function(2 * z, jnp) - 1
    np.testing.assert_allclose(ACTIVATIONS["tanh"].function(z, jnp), twice, atol=3e-7, rtol=0)


def test_numbers_of_the_lesson():
    """sigmoid' is 1/4 at 0 and 0.0066 at +-5; from the output 0.7 it is 0.21."""
    sigmoid = ACTIVATIONS["sigmoid"]
    slopes = derivative(sigmoid, [-5.0, 0.0, 5.0, float(np.log(0.7 / 0.3))])
    np.testing.assert_allclose(slopes, [0.00664805667, 0.25, 0.00664805667, 0.21], rtol=1e-6)
    np.testing.assert_allclose(derivative(ACTIVATIONS["relu"], [-5.0, 5.0]), [0, 1])


def test_tails_of_the_slopes_do_not_vanish_early():
    """sigmoid' and tanh' keep their relative accuracy where 1 - s has rounded to 0."""
    z = np.array([-30, -20, 20, 30], np.float32)
    np.testing.assert_allclose(evaluate(ACTIVATIONS["sigmoid"], z)[1], np.exp(-np.abs(z)), rtol=1e-5)
    np.testing.assert_allclose(evaluate(ACTIVATIONS["tanh"], z)[1], 4 * np.exp(-2 * np.abs(z)), rtol=1e-5)


# ---- The ends of float32 ------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [a for a in FORMS if a.name in LIMITS], ids=lambda a: a.label)
@pytest.mark.parametrize("size", [INF, 1e30])
def test_limits(record, size):
    """At +-inf f and f' give their limits; at +-1e30 they are there, or still grow in proportion."""
    low, high, low_slope, high_slope = LIMITS[record.name]
    f, slope = evaluate(record, [-size, size])
    expected = np.array([low, high])
    if size != INF:
        growing = np.isinf(expected)
        expected[growing] = (size * np.array([-low_slope, high_slope]))[growing]
    assert not misses(f, expected).any(), (f, expected)
    assert not misses(slope, [low_slope, high_slope]).any(), slope


def test_functions_without_limits_are_the_periodic_ones():
    assert {a.name for a in elementwise if a.period is not None} == {a.name for a in elementwise} - set(LIMITS)


@every
def test_nan_stays_nan(record):
    """nan in gives nan out, for f and for f'; its neighbours keep their values."""
    f, slope = evaluate(record, [[0.5, np.nan], [1.5, np.nan]])
    for part in (f, slope):
        np.testing.assert_array_equal(np.isnan(part), [[False, True], [False, True]])
    assert np.isnan(record.function(np.array([[np.nan]]), np)).all()


def whole_float32():
    """From the smallest denormal to the largest finite number, both signs, and both zeros."""
    sizes = np.concatenate([np.logspace(-45, 38.5, 3000), [F32.smallest_subnormal, F32.tiny, 3e38, F32.max]])
    sizes = np.minimum(sizes, F32.max).astype(np.float32)
    return np.concatenate([sizes, -sizes, np.float32([0.0, -0.0])])


@every
def test_finite_everywhere(record):
    """At every finite float32 f is in its range, f' and the gradient that `jax.grad` gives are finite."""
    z = whole_float32()
    z = z if record.elementwise else np.stack([z, z[::-1], np.roll(z, 7)])
    f, slope = evaluate(record, z)
    gradient = np.asarray(jax.jit(jax.grad(lambda x: differentiable(record)(x).sum()))(z))
    for part in (slope, gradient):
        assert np.isfinite(part).all(), z[~np.isfinite(part)][:5]
    assert f.min() >= record.range[0] - 1e-6
    assert f.max() <= record.range[1] + 1e-6
    if record.elementwise:
        np.testing.assert_array_equal(gradient, slope)


@every
def test_gradients_follow_the_derivative(record):
    """`differentiable` has the values of f, and its jvp is f' times the tangent (for softmax: J times it)."""
    z = jnp.asarray(np.random.default_rng(3).normal(0, 2, (4, 50)), jnp.float32)
    tangent = jnp.asarray(np.random.default_rng(4).normal(0, 1, (4, 50)), jnp.float32)
    value, change = jax.jvp(differentiable(record), (z,), (tangent,))
    np.testing.assert_array_equal(value, record.function(z, jnp))
    if record.elementwise:
        expected = derivative(record, z) * tangent
    else:
        expected = value * (tangent - (value * tangent).sum(axis=0, keepdims=True))
    np.testing.assert_allclose(change, expected, rtol=1e-5, atol=1e-6)


@every
def test_no_64_bit_leak(record):
    """float32 in, float32 out, even where 64-bit numbers are enabled; float64 stays float64 in NumPy."""
    with jax.enable_x64(True):
        for dtype in (jnp.float32, jnp.float64):
            z = jax.ShapeDtypeStruct((2, 3), dtype)
            for function in (
                lambda x: record.function(x, jnp),
                lambda x: derivative(record, x),
                jax.grad(lambda x: differentiable(record)(x).sum()),
            ):
                assert jax.eval_shape(function, z) == z
    for dtype in (np.float32, np.float64):
        result = record.function(np.ones((2, 3), dtype), np)
        assert (result.dtype, result.shape) == (dtype, (2, 3))


def test_whole_numbers_have_a_derivative():
    assert derivative(ACTIVATIONS["relu"], [-1, 0, 2]).tolist() == [0.0, 0.0, 1.0]


# ---- Ranges and breaks --------------------------------------------------------------------------------------


@every_elementwise
def test_range_holds_and_is_approached(record):
    """No value leaves the declared range, and both of its ends are reached or come near."""
    z = np.concatenate([np.linspace(-40, 40, 80001), [-1e4, 1e4]])
    f, _ = evaluate(record, z)
    low, high = record.range
    rounding = 1e-6
    assert f.min() >= low - rounding
    assert f.max() <= high + rounding
    assert f.min() < (low + 0.002 if np.isfinite(low) else -50)
    assert f.max() > (high - 0.002 if np.isfinite(high) else 1000)


with_breaks = [record for record in ACTIVATIONS.values() if record.breaks]


@pytest.mark.parametrize("record", with_breaks, ids=[a.name for a in with_breaks])
def test_breaks_are_as_recorded(record):
    """At a break f and f' give the recorded numbers; beside it, a jump is torn and a kink only bent."""
    step = 1e-4
    found = list(breaks_within(record, -12, 12))
    assert len(found) >= len(record.breaks)
    for b in found:
        f, slope = evaluate(record, [b.z])
        assert f[0] == pytest.approx(b.value, abs=ABSOLUTE)
        assert slope[0] == pytest.approx(b.slope, abs=ABSOLUTE)
        left, leftmost, right, rightmost = record.function(b.z + step * np.array([-1e-5, -1, 1e-5, 1]), np)
        slopes = (left - leftmost) / step, (rightmost - right) / step
        if b.kind == "jump":
            assert abs(right - left) > 0.5
        else:
            assert left == pytest.approx(right, abs=1e-6)
            assert abs(slopes[0] - slopes[1]) > 0.1
    assert record.convention


@every_elementwise
def test_there_are_no_other_breaks(record):
    """Away from the recorded breaks neither f nor f' moves faster than a bounded slope allows."""
    step = 1e-3
    z = np.arange(-12, 12, step) + step / 3
    whole = np.ones(len(z) - 1, bool)
    for b in breaks_within(record, -12, 12):
        whole &= (z[1:] < b.z) | (z[:-1] > b.z)
    f, slope = evaluate(record, z)
    assert np.abs(np.diff(f))[whole].max() < 2 * step
    assert np.abs(np.diff(slope))[whole].max() < 3 * step
    assert bool(record.convention) == bool(record.breaks)


def test_a_hidden_break_would_be_found():
    """The test above can fail: without its record, the ReLU's kink and the step's jump are caught."""
    for name in ("relu", "step", "triangle_wave"):
        with pytest.raises(AssertionError):
            test_there_are_no_other_breaks(replace(ACTIVATIONS[name], breaks=(), convention=""))
    with pytest.raises(AssertionError):
        test_breaks_are_as_recorded(replace(ACTIVATIONS["relu"], breaks=(Break(0.0, "jump", 0.0, 0.0),)))


def test_a_wrong_digit_would_be_found():
    """The comparison with mpmath can fail: an error of 3e-6 in a value is caught."""
    sine = ACTIVATIONS["sine"]
    with pytest.raises(AssertionError, match="off"):
        test_agrees_with_mpmath(replace(sine, function=lambda z, xp: sine.function(z, xp) * (1 + 3e-6)))


@every_elementwise
def test_period(record):
    """A recorded period is one, and no shorter one is."""
    if record.period is None:
        return
    z = np.linspace(-5, 5, 1001) + 1e-3
    f = record.function(z, np)
    np.testing.assert_allclose(record.function(z + record.period, np), f, atol=1e-6)
    for part in (2, 3):
        assert np.abs(record.function(z + record.period / part, np) - f).max() > 0.1


# ---- Softmax ------------------------------------------------------------------------------------------------


@every_softmax
@given(
    scores=st.lists(st.floats(-50, 50, width=32), min_size=3, max_size=3)
    | st.lists(st.just(2.5), min_size=1, max_size=3)
)
@settings(deadline=None, max_examples=100)
def test_softmax_agrees_with_mpmath(record, scores):
    """Shares and the diagonal of the Jacobian, against mpmath; the shares sum to 1."""
    powers = [mp.exp(mp.mpf(x)) for x in scores]
    shares = [p / mp.fsum(powers) for p in powers]
    f, slope = (part[:, 0] for part in evaluate(record, np.array(scores)[:, None]))
    assert_close(f, np.array(shares, float), scores, "softmax")
    assert_close(slope, np.array([s * (1 - s) for s in shares], float), scores, "slope")
    assert f.sum() == pytest.approx(1, abs=1e-6)


@every_softmax
def test_softmax_of_the_lesson(record):
    """[2, 1, 0.1] gives 0.66, 0.24, 0.10; each column of pixels by itself."""
    f = record.function(jnp.array([[2.0, 7.0], [1.0, 7.0], [0.1, 7.0]]), jnp)
    np.testing.assert_allclose(f, [[0.6590011, 1 / 3], [0.2424330, 1 / 3], [0.0985659, 1 / 3]], atol=1e-6)


@every_softmax
@pytest.mark.parametrize("xp", [np, jnp], ids=["numpy", "jax"])
def test_softmax_of_extreme_scores(record, xp):
    """Huge scores neither overflow nor lose the sum of 1."""
    scores = xp.array([[1e30, -1e30, 88.0], [0.0, -1e30, 88.0], [-1e30, -1e30, 1e4]])
    f = record.function(scores, xp)
    np.testing.assert_allclose(f, [[1, 1 / 3, 0], [0, 1 / 3, 0], [0, 1 / 3, 1]], atol=1e-6)


# ---- The registry -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_every_name_resolves(record):
    """The name, the label's spelling of it, and every alias, in any case, with dashes or spaces."""
    assert ACTIVATIONS[record.name] is record
    for name in (record.name, *record.aliases):
        for written in (name, name.upper(), name.replace("_", "-"), f" {name.replace('_', ' ').title()} "):
            assert get_activation(written) is record


@pytest.mark.parametrize(
    ("alias", "name"),
    [("swish", "silu"), ("ReLU", "relu"), ("ramp", "relu"), ("Leaky ReLU", "leaky_relu"), ("lrelu", "leaky_relu"),
     ("sin", "sine"), ("cos", "cosine"), ("logistic", "sigmoid"), ("linear", "identity"), ("heaviside", "step"),
     ("abs", "absolute"), ("square", "square_wave"), ("hard-tanh", "hard_tanh")],
)  # fmt: skip
def test_usual_names(alias, name):
    assert get_activation(alias).name == name


def test_unknown_name_offers_the_nearest():
    with pytest.raises(BadInput, match="unknown activation 'tahn'; did you mean 'tanh'") as caught:
        get_activation("tahn")
    assert "artstudio activations" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_clashing_names_are_refused():
    """Neither a second record of a name nor an alias that another record holds gets in."""
    relu, silu = ACTIVATIONS["relu"], ACTIVATIONS["silu"]
    with pytest.raises(BadInput, match="activation 'relu': the name 'relu' is taken by 'relu'"):
        Registry("activation", "none", [relu, replace(relu, label="Mine", aliases=())])
    with pytest.raises(BadInput, match="activation 'mine': the name 'swish' is taken by 'silu'"):
        Registry("activation", "none", [silu, replace(relu, name="mine", label="Mine", aliases=("swish",))])


def test_registry_is_read_only():
    with pytest.raises(TypeError):
        ACTIVATIONS["mine"] = ACTIVATIONS["relu"]


@every
def test_records_are_complete(record):
    """Names are in the canonical form, texts are there, the gain is usable, and matplotlib reads the formula."""
    from matplotlib.mathtext import MathTextParser

    for name in (record.name, *record.aliases):
        assert name == "_".join(name.lower().replace("-", " ").split())
    assert all((record.label, record.formula, record.range_text, record.use))
    assert 0.4 <= record.gain <= 5
    assert record.range[0] < record.range[1]
    assert "$" not in record.latex
    assert MathTextParser("path").parse(f"${record.latex}$").width > 0


def test_listing_needs_neither_jax_nor_numpy():
    """Importing the registry is fast: it brings in no array library."""
    module = "artstudio.model.activation.registry"
    code = f"import sys, {module}; sys.exit(any(m in sys.modules for m in ('jax', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_there_is_a_slope_wherever_both_one_sided_slopes_agree(record):
    assert record.has_slope(0.3)
    for b in record.breaks:
        assert not record.has_slope(b.z)
    assert bool(record.breaks) == record.convention.startswith("Undefined at")


@pytest.mark.parametrize(
    ("text", "z", "defined"),
    [
        ("max(0.1*z, z)", 0.0, False), ("max(0.1*z, z)", 0.5, True), ("abs(z - 2)", 2.0, False), ("z**2", 0.0, True),
        ("sin(50*z)", 0.1, True), ("where(z > 1, z, 0)", 1.0, False), ("exp(z)", 20.0, True),
    ],
)  # fmt: skip
def test_an_expressions_kinks_have_no_slope(text, z, defined):
    assert get_activation(text).has_slope(z) is defined


@pytest.mark.parametrize(
    ("name", "theirs"),
    [("relu", jax.nn.relu), ("sign", jnp.sign), ("step", lambda z: jnp.heaviside(z, 1.0))],
)
def test_the_convention_at_0_is_that_of_jax(name, theirs):
    record = ACTIVATIONS[name]
    assert "as in JAX" in record.convention or "and JAX" in record.convention
    assert float(jax.grad(theirs)(0.0)) == record.breaks[0].slope


@pytest.mark.parametrize("name", [name for name, record in ACTIVATIONS.items() if "PyTorch" in record.convention])
def test_the_convention_at_breaks_is_that_of_pytorch(name):
    torch = pytest.importorskip("torch", reason="needs torch: pip install 'artstudio[bench]'")
    theirs = {"sign": torch.sign, "absolute": torch.abs, "hard_sigmoid": torch.nn.functional.hardsigmoid,
              "hard_tanh": torch.nn.functional.hardtanh}.get(name) or getattr(torch.nn.functional, name)  # fmt: skip
    for b in ACTIVATIONS[name].breaks:
        z = torch.tensor(b.z, requires_grad=True)
        theirs(z).backward()
        assert z.grad.item() == pytest.approx(b.slope, rel=1e-6)


def test_evaluate_prints_no_negative_zero_and_says_where_there_is_no_slope(run_cli):
    _, out, _ = run_cli("evaluate", "relu", "-5", "0", "-0.0")
    assert "-0" not in out
    assert out.splitlines()[-1] == "f': Undefined at 0; 0 by convention, as in PyTorch and JAX."
    _, out, _ = run_cli("evaluate", "relu", "-5", "0", "5", "--json")
    rows = json.loads(out)["values"]
    assert [row["slope_defined"] for row in rows] == [True, False, True]
    assert "-0" not in out
