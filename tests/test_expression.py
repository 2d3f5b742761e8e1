"""Your own activation: expressions in z are understood, bounded, and hostile ones refused fast."""

import math
from functools import partial

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from selection import some

from artstudio import BadInput, Recipe, load_recipe, render
from artstudio.engine.programs import COMPILER_OPTIONS
from artstudio.model.activation import special
from artstudio.model.activation.expression import FUNCTIONS
from artstudio.model.activation.registry import ACTIVATIONS, derivative, differentiable, get_activation

POINTS = np.linspace(-6, 6, 97)

EXPRESSIONS = {
    "sin(3*z) * exp(-z**2)": lambda z: mpmath.sin(3 * z) * mpmath.exp(-(z**2)),
    "max(0.1*z, z)": lambda z: max(mpmath.mpf("0.1") * z, z),
    "z**3 - 2*z": lambda z: z**3 - 2 * z,
    "-z if z < 0 else z/2": lambda z: -z if z < 0 else z / 2,
    "where(z >= 1, 1, min(z, 0.5, cos(z)))": lambda z: 1 if z >= 1 else min(z, 0.5, mpmath.cos(z)),
    "log(1 + exp(z)) / (1 + abs(z))": lambda z: mpmath.log(1 + mpmath.exp(z)) / (1 + abs(z)),
    "sqrt(z*z + 1) - 1": lambda z: mpmath.sqrt(z * z + 1) - 1,
    "2**z % 1.5": lambda z: mpmath.mpf(2) ** z % mpmath.mpf("1.5"),
    "tanh(z) + 0.1*gelu(z)": lambda z: mpmath.tanh(z) + mpmath.mpf("0.1") * z * mpmath.ncdf(z),
    "atan(z) * pi / e": lambda z: mpmath.atan(z) * mpmath.pi / mpmath.e,
    "clip(floor(z), -2, 2)": lambda z: min(max(mpmath.floor(z), -2), 2),
    "(z > 0) * z": lambda z: z if z > 0 else 0,
    "-(z < 1.01)": lambda z: -int(z < 1.01),
    "(z < 1.01) + (z < 2.01) - (z > 0.01)": lambda z: int(z < 1.01) + int(z < 2.01) - int(z > 0.01),
    "exp(z < 1.01) + floor(z > 2.01)": lambda z: mpmath.exp(int(z < 1.01)) + int(z > 2.01),
    "(z < 1.01) % (2*(z < 2.01) + 1)": lambda z: int(z < 1.01),
    "(z < 1.01) < (z < 2.01)": lambda z: int(1.01 <= z < 2.01),
    "(1 < 2)*z + (2 < 1) + 7 % 4": lambda z: z + 3,
    "z if z > -9 else 1/0": lambda z: z,
    "3": lambda z: 3,
}
IN_Z = [text for text in EXPRESSIONS if "z" in text]


@pytest.mark.parametrize("text", some(IN_Z, IN_Z[::3]))
def test_an_expression_means_what_it_says(text):
    activation = get_activation(text)
    exact = np.array([float(EXPRESSIONS[text](mpmath.mpf(z))) for z in POINTS])
    assert np.allclose(activation.function(POINTS, np), exact, rtol=1e-6, atol=1e-6)
    single = jax.jit(lambda z: activation.function(z, jnp))(jnp.asarray(POINTS, jnp.float32))
    assert single.dtype == jnp.float32
    # A rounding may fall to the other side of a jump.
    assert np.isclose(single, exact, rtol=1e-4, atol=1e-4).mean() > 0.95


@pytest.mark.parametrize(
    "text",
    some(["sin(3*z) * exp(-z**2)", "z**3 - 2*z", "log(1 + exp(z)) / (2 + z*z)"], {"sin(3*z) * exp(-z**2)"}),
)
def test_its_derivative_is_the_derivative(text):
    exact = [float(mpmath.diff(lambda z: mpmath.mpf(str_eval(text, z)), z)) for z in POINTS]
    activation, z = get_activation(text), jnp.asarray(POINTS, jnp.float32)
    assert np.allclose(derivative(activation, z), exact, rtol=1e-3, atol=1e-4)
    slope = jax.grad(lambda z: differentiable(activation)(z).sum())(z)
    assert np.allclose(slope, exact, rtol=1e-3, atol=1e-4)


def str_eval(text, z):
    """The reference: mpmath's own functions, for the test's own texts only."""
    names = {"sin": mpmath.sin, "exp": mpmath.exp, "log": mpmath.log, "z": z}
    return eval(text, {"__builtins__": {}}, names)


@pytest.mark.parametrize("text", some(IN_Z, IN_Z[1::4]))
def test_the_canonical_text_is_its_own_name(text):
    name = get_activation(text).name
    assert get_activation(name).name == name
    assert get_activation(text.replace(" * ", "*").replace(" + ", "+")).name == name
    assert Recipe(activation=text) == Recipe.from_json(Recipe(activation=text).to_json())


@pytest.mark.parametrize("text", ["sin(3*z) * exp(-z**2)", "exp(z)", "z**16", "where(z > 1, 1, 0)"])
def test_values_and_slopes_stay_finite_far_out_and_nan_stays_nan(text):
    activation = get_activation(text)
    far = jnp.asarray([-1e30, -1e9, -100.0, 0.0, 100.0, 1e9, 1e30, -math.inf, math.inf], jnp.float32)
    assert np.isfinite(activation.function(far, jnp)).all()
    assert np.isnan(activation.function(jnp.asarray([math.nan]), jnp)).all()


def test_jumps_are_found_where_they_are():
    assert [b.z for b in get_activation("where(z > 1, 1, 0)").breaks] == [1.0]
    assert [b.z for b in get_activation("floor(z / 4)").breaks] == [-4.0, 0.0, 4.0, 8.0]
    assert get_activation("100 * tanh(20*z)").breaks == ()
    assert get_activation("max(0.1*z, z)").breaks == ()


@pytest.mark.sweep
def test_an_expression_paints_a_picture_that_can_be_made_again(run_cli):
    code, _, _ = run_cli("render", "-a", "max(0.1*z, z),tanh", "--seed", 3, "--size", "64x48", "-o", "a.png")
    assert code == 0
    assert load_recipe("a.png").activation == ("max(0.1 * z, z)", "tanh")
    assert run_cli("verify", "a.png")[1] == "a.png: exact: every pixel is the same\n"
    leaky = render(Recipe(seed=3, activation="max(0.01*z, z)"), width=64, height=48).astype(int)
    theirs = render(Recipe(seed=3, activation="leaky_relu"), width=64, height=48).astype(int)
    assert np.abs(leaky - theirs).max() <= 1  # the same function gives the same picture: it is calibrated alike


@pytest.mark.sweep
def test_an_expression_is_evaluated_and_swept(run_cli):
    code, out, _ = run_cli("evaluate", "z**2 + 1", 3)
    assert code == 0
    assert "10" in out
    assert "6" in out
    code, out, _ = run_cli("gallery", "--sweep", "activation=tanh,z*z", "--size", "8x8", "-o", "g", "--no-page")
    assert code == 0


HOSTILE = {
    "attribute": "z.__class__",
    "call of a call": "().__class__.__bases__[0].__subclasses__()",
    "import": "__import__('os').system('true') + z",
    "lambda": "(lambda: z)()",
    "comprehension": "[z for z in z]",
    "string": "'z' * z",
    "walrus": "(z := 3)",
    "huge power": "z ** 999999999",
    "power tower": "9**9**9**9 * z",
    "huge number": "1" + "0" * 400 + " * z",
    "huge float": "1e308 * z",
    "complex": "z * 1j",
    "nested brackets": "(" * 10_000 + "z" + ")" * 10_000,
    "nested minus": "-" * 400 + "z" + "+z" * 400,
    "deep sum": "z" + "+z" * 240,
    "null": "z\0",
    "statement": "z; z",
    "keyword": "sin(z=3)",
    "star": "max(*z)",
    "unknown function": "foo(z)",
    "unknown name": "z + q",
    "too many arguments": "sin(z, z)",
    "too few arguments": "where(z > 0, 1)",
    "softmax is not elementwise": "softmax(z)",
    "divides by zero": "1 / z",
    "divides a number by zero": "z + 1/0",
    "divides by zero at one place": "z if z else 1/0",
    "remainder by zero": "z*(5 % 0)",
    "remainder by a truth value": "(z<1) % (z<2) + z",
    "infinity less infinity": "z + (1/0 - 1/0)",
    "a root of a negative number": "z + (-2)**0.5",
    "an overflow": "z + 1e6**9**9",
    "root of a negative": "sqrt(z)",
    "boolean": "True * z",
    "nothing after": "z +",
    "newline": "z\n+ 1",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_bad_expression_is_refused_in_one_line(text):
    with pytest.raises(BadInput) as caught:
        get_activation(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_refusal_gives_the_column_and_what_is_allowed():
    with pytest.raises(BadInput, match=r"column 5: 'q' is not allowed; known names are z, pi and e"):
        get_activation("z + q")
    with pytest.raises(BadInput, match="gives no finite number at z = 0"):
        get_activation("1/z")


@pytest.mark.parametrize("name", some(ACTIVATIONS, {"sigmoid", "leaky_relu", "square_wave", "sinc"}))
def test_every_activation_can_be_used_inside(name):
    record = ACTIVATIONS[name]
    if record.elementwise:
        assert np.allclose(get_activation(f"{name}(z) + 0*z").function(POINTS, np), record.function(POINTS, np))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_engine_compiles_every_function_to_what_it_is(name):
    """The compiler's options for speed may not change what a function gives: with wide vectors XLA's arctan does."""
    fewest, _, function = FUNCTIONS[name]
    random = np.random.Generator(np.random.PCG64(3))
    values = [np.float32(0.1) + random.uniform(0, 4, (10, 4096)).astype(np.float32) for _ in range(fewest)]
    if name in ("tan", "atan", "sinh", "cosh", "sin", "cos", "floor", "ceil", "round", "abs", "sign"):
        values = [value - 2 for value in values]
    painted = jax.jit(partial(function, jnp), compiler_options=dict(COMPILER_OPTIONS["cpu"]))(*values)
    exact = function(np, *(value.astype(np.float64) for value in values))
    assert np.allclose(painted, exact, rtol=3e-6, atol=3e-6)


@given(st.floats(allow_nan=False))
def test_arctangent_is_the_arctangent_everywhere(z):
    assert special.arctangent(np.float64(z), np) == pytest.approx(math.atan(z), abs=2e-8)
    with jax.debug_nans():
        assert jax.grad(lambda z: special.arctangent(z, jnp))(jnp.float32(0)) == 1
