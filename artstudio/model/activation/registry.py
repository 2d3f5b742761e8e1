"""The registry of activation functions: one record each, in the order in which they are listed.

To add one, write its function in `functions.py` and its record here; the command line, plots, pages and
tests follow. Plugins add theirs as entry points of the group `artstudio.activations`. The gains are for
pre-activations standardised to unit deviation, found by looking at pictures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from math import inf, pi
from typing import Any

from artstudio.errors import BadInput, unknown
from artstudio.model.activation import fast, special
from artstudio.model.activation import functions as f
from artstudio.model.activation.expression import Formula, parse_expression, parse_formula_of
from artstudio.model.activation.record import Activation, Break, derivative, differentiable
from artstudio.registry import Registry, guarded

__all__ = ["ACTIVATIONS", "Activation", "Break", "derivative", "differentiable", "get_activation", "needs_plugin"]

_RECORDS = (
    Activation(
        name="identity", label="Identity", aliases=("linear", "none"), formula="z", latex=r"z",
        range=(-inf, inf), range_text="R", function=f.identity, gain=1.0,
        use="regression outputs; stacked layers collapse into one",
    ),
    Activation(
        name="step", label="Step", aliases=("heaviside", "binary_step", "threshold"),
        formula="1 if z >= 0, else 0", latex=r"1\ \mathrm{if}\ z \geq 0,\ \mathrm{else}\ 0",
        range=(0.0, 1.0), range_text="{0, 1}", function=f.step, gain=1.0, init="glorot",
        breaks=(Break(0.0, "jump", 1.0, 0.0),),
        use="the first perceptrons; on/off decisions, but nothing to learn through",
        convention="Undefined at 0; 0 by convention, as in JAX. Zero everywhere else.",
    ),
    Activation(
        name="sign", label="Sign", aliases=("signum", "sgn"),
        formula="-1 if z < 0, 0 if z = 0, 1 if z > 0", latex=r"\mathrm{sign}(z)",
        range=(-1.0, 1.0), range_text="{-1, 0, 1}", function=f.sign, gain=1.0, init="glorot",
        breaks=(Break(0.0, "jump", 0.0, 0.0),),
        use="binary networks, trained with a stand-in gradient",
        convention="Undefined at 0; 0 by convention, as in PyTorch and JAX. Zero everywhere else.",
    ),
    Activation(
        name="sigmoid", label="Sigmoid", aliases=("logistic", "logsig", "expit"),
        formula="1 / (1 + e^-z)", latex=r"\frac{1}{1 + e^{-z}}",
        range=(0.0, 1.0), range_text="(0, 1)",
        function=special.logistic, fast=fast.logistic, derivative=special.logistic_slope, gain=4.0, init="glorot",
        use="yes-or-no outputs, gates",
    ),
    Activation(
        name="hard_sigmoid", label="Hard sigmoid", aliases=("hardsigmoid", "hsigmoid"),
        formula="min(max(z + 3, 0), 6) / 6", latex=r"\min(\max(z + 3,\ 0),\ 6)\ /\ 6",
        range=(0.0, 1.0), range_text="[0, 1]", function=f.hard_sigmoid, gain=4.0, init="glorot",
        breaks=(Break(-3.0, "kink", 0.0, 0.0), Break(3.0, "kink", 1.0, 0.0)),
        use="gates on phones, where exponentials are dear",
        convention="Undefined at -3 and 3; 0 by convention, as in PyTorch.",
    ),
    Activation(
        name="tanh", label="Tanh", aliases=("hyperbolic_tangent", "tansig"),
        formula="(e^z - e^-z) / (e^z + e^-z)", latex=r"\tanh(z)",
        range=(-1.0, 1.0), range_text="(-1, 1)", function=f.tanh, fast=fast.tanh, derivative=f.tanh_slope,
        gain=1.5, init="glorot",
        use="recurrent networks, hidden layers that should average zero",
    ),
    Activation(
        name="hard_tanh", label="Hard tanh", aliases=("hardtanh",),
        formula="min(max(z, -1), 1)", latex=r"\min(\max(z,\ -1),\ 1)",
        range=(-1.0, 1.0), range_text="[-1, 1]", function=f.hard_tanh, gain=1.5, init="glorot",
        breaks=(Break(-1.0, "kink", -1.0, 0.0), Break(1.0, "kink", 1.0, 0.0)),
        use="tanh in low precision",
        convention="Undefined at -1 and 1; 0 by convention, as in PyTorch.",
    ),
    Activation(
        name="relu", label="ReLU", aliases=("ramp", "rectifier"),
        formula="max(0, z)", latex=r"\max(0,\ z)",
        range=(0.0, inf), range_text="[0, inf)", function=f.relu, derivative=f.relu_slope, gain=1.5, init="he",
        breaks=(Break(0.0, "kink", 0.0, 0.0),),
        use="hidden layers: the usual first choice",
        convention="Undefined at 0; 0 by convention, as in PyTorch and JAX.",
    ),
    Activation(
        name="relu6", label="ReLU6", aliases=("relu_6",),
        formula="min(max(0, z), 6)", latex=r"\min(\max(0,\ z),\ 6)",
        range=(0.0, 6.0), range_text="[0, 6]", function=f.relu6, gain=4.0, init="he",
        breaks=(Break(0.0, "kink", 0.0, 0.0), Break(6.0, "kink", 6.0, 0.0)),
        use="small networks in low precision",
        convention="Undefined at 0 and 6; 0 by convention, as in PyTorch.",
    ),
    Activation(
        name="leaky_relu", label="Leaky ReLU", aliases=("lrelu", "leakyrelu", "leaky"),
        formula="max(0.01 z, z)", latex=r"\max(0.01\,z,\ z)",
        range=(-inf, inf), range_text="R", function=f.leaky_relu, gain=1.5, init="he",
        breaks=(Break(0.0, "kink", 0.0, f.LEAK),),
        use="hidden layers whose ReLUs keep dying",
        convention="Undefined at 0; 0.01 by convention, the slope on the left, as in PyTorch.",
    ),
    Activation(
        name="elu", label="ELU", formula="z if z > 0, else e^z - 1",
        latex=r"z\ \mathrm{if}\ z > 0,\ \mathrm{else}\ e^z - 1",
        range=(-1.0, inf), range_text="(-1, inf)", function=f.elu, fast=fast.elu, derivative=f.elu_slope,
        gain=3.0, init="he",
        use="hidden layers: a ReLU that stays alive and averages near zero",
    ),
    Activation(
        name="selu", label="SELU", formula="1.0507 z if z > 0, else 1.7581 (e^z - 1)",
        latex=r"1.0507\,z\ \mathrm{if}\ z > 0,\ \mathrm{else}\ 1.7581\,(e^z - 1)",
        range=(-f.SELU_SCALE * f.SELU_ALPHA, inf), range_text="(-1.758, inf)",
        function=f.selu, fast=fast.selu, derivative=f.selu_slope, gain=2.5,
        breaks=(Break(0.0, "kink", 0.0, f.SELU_SCALE * f.SELU_ALPHA),),
        use="deep plain networks that normalise themselves",
        convention="Undefined at 0; 1.7581 by convention, the slope on the left, as in PyTorch.",
    ),
    Activation(
        name="celu", label="CELU", formula="max(0, z) + min(0, e^z - 1)",
        latex=r"\max(0,\ z) + \min(0,\ e^z - 1)",
        # With alpha = 1 it is the ELU: the two part ways at other alphas only.
        range=(-1.0, inf), range_text="(-1, inf)", function=f.elu, fast=fast.elu, derivative=f.elu_slope,
        gain=3.0, init="he",
        use="as ELU, with a slope that stays continuous for any alpha",
    ),
    Activation(
        name="softplus", label="Softplus", aliases=("smooth_relu",),
        formula="ln(1 + e^z)", latex=r"\ln(1 + e^z)",
        range=(0.0, inf), range_text="(0, inf)",
        function=f.softplus, fast=fast.softplus, derivative=special.logistic, gain=5.0, init="he",
        use="outputs that must be positive, such as variances",
    ),
    Activation(
        name="softsign", label="Softsign", formula="z / (1 + |z|)", latex=r"\frac{z}{1 + |z|}",
        range=(-1.0, 1.0), range_text="(-1, 1)",
        function=f.softsign, derivative=f.softsign_slope, gain=2.5, init="glorot",
        use="as tanh, with slower saturation",
    ),
    Activation(
        name="gelu", label="GELU", aliases=("gelu_exact", "gelu_erf"),
        formula="z P(N <= z), N standard normal", latex=r"z\,\Phi(z)",
        range=(-0.16997120747990369, inf), range_text="[-0.17, inf)",
        function=f.gelu, fast=fast.gelu, derivative=f.gelu_slope, gain=1.6, init="he",
        use="transformers such as BERT and GPT",
    ),
    Activation(
        name="gelu_tanh", label="GELU (tanh)", aliases=("gelu_approximate", "gelu_new"),
        formula="z (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3))) / 2",
        latex=r"\frac{z}{2}\left(1 + \tanh\left(\sqrt{2/\pi}\,(z + 0.044715\,z^3)\right)\right)",
        range=(-0.17004075057125405, inf), range_text="[-0.17, inf)",
        function=f.gelu_tanh, fast=fast.gelu_tanh, derivative=f.gelu_tanh_slope, gain=1.6, init="he",
        use="GPT-2's cheaper form of GELU",
    ),
    Activation(
        name="silu", label="SiLU", aliases=("swish", "swish1"),
        formula="z / (1 + e^-z)", latex=r"\frac{z}{1 + e^{-z}}",
        range=(-0.2784645427610738, inf), range_text="[-0.278, inf)",
        function=f.silu, fast=fast.silu, derivative=f.silu_slope, gain=2.0, init="he",
        use="language models such as LLaMA; image models such as EfficientNet",
    ),
    Activation(
        name="mish", label="Mish", formula="z tanh(ln(1 + e^z))", latex=r"z\,\tanh(\ln(1 + e^z))",
        range=(-0.30884341301725043, inf), range_text="[-0.309, inf)",
        function=f.mish, fast=fast.mish, derivative=f.mish_slope, gain=1.8, init="he",
        use="object detectors such as YOLOv4",
    ),
    Activation(
        name="gaussian", label="Gaussian", aliases=("gauss", "rbf", "bell"),
        formula="e^(-z^2)", latex=r"e^{-z^2}",
        range=(0.0, 1.0), range_text="(0, 1]",
        function=f.gaussian, fast=fast.gaussian, derivative=f.gaussian_slope, gain=0.4,
        first_gain=0.6,
        use="radial basis networks; symmetry in generative art",
    ),
    Activation(
        name="sine", label="Sine", aliases=("sin", "siren"), formula="sin z", latex=r"\sin(z)",
        range=(-1.0, 1.0), range_text="[-1, 1]", period=2 * pi,
        function=special.sine, derivative=special.cosine, gain=1.0, first_gain=1.3, init="siren",
        use="networks that hold an image or a sound; ripples",
    ),
    Activation(
        name="cosine", label="Cosine", aliases=("cos",), formula="cos z", latex=r"\cos(z)",
        range=(-1.0, 1.0), range_text="[-1, 1]", period=2 * pi,
        function=special.cosine, derivative=f.cosine_slope, gain=1.0, init="siren",
        use="Fourier features; ripples with mirror symmetry",
    ),
    Activation(
        name="sinc", label="Sinc", aliases=("cardinal_sine",),
        formula="sin(z) / z, 1 at 0", latex=r"\frac{\sin(z)}{z}",
        range=(-0.21723362821122166, 1.0), range_text="[-0.217, 1]",
        function=f.sinc, derivative=f.sinc_slope, gain=1.6,
        use="signals of limited bandwidth; rings that fade",
    ),
    Activation(
        name="absolute", label="Absolute value", aliases=("abs", "modulus"), formula="|z|", latex=r"|z|",
        range=(0.0, inf), range_text="[0, inf)",
        function=f.absolute, derivative=f.absolute_slope, gain=1.0,
        breaks=(Break(0.0, "kink", 0.0, 0.0),),
        use="features that ignore the sign; folded pictures",
        convention="Undefined at 0; 0 by convention, as in PyTorch.",
    ),
    Activation(
        name="square_wave", label="Square wave", aliases=("square",),
        formula="1 if floor(z) is even, else -1", latex=r"(-1)^{\lfloor z \rfloor}",
        range=(-1.0, 1.0), range_text="{-1, 1}", period=2.0, function=f.square_wave, gain=0.5,
        breaks=(Break(0.0, "jump", 1.0, 0.0), Break(1.0, "jump", -1.0, 0.0)),
        use="generative art: stripes and checks",
        convention="Undefined at the jumps; 0 by convention. Zero everywhere else.",
    ),
    Activation(
        name="triangle_wave", label="Triangle wave", aliases=("triangle", "zigzag"),
        formula="1 - |((z + 1) mod 4) - 2|", latex=r"1 - |((z + 1)\ \mathrm{mod}\ 4) - 2|",
        range=(-1.0, 1.0), range_text="[-1, 1]", period=4.0,
        function=f.triangle_wave, derivative=f.triangle_wave_slope, gain=0.7,
        breaks=(Break(-1.0, "kink", -1.0, 0.0), Break(1.0, "kink", 1.0, 0.0)),
        use="generative art: pleats",
        convention="Undefined at every odd whole number, where the wave turns; 0 by convention.",
    ),
    Activation(
        name="sawtooth_wave", label="Sawtooth wave", aliases=("sawtooth", "saw"),
        formula="((z + 1) mod 2) - 1", latex=r"((z + 1)\ \mathrm{mod}\ 2) - 1",
        range=(-1.0, 1.0), range_text="[-1, 1)", period=2.0, function=f.sawtooth_wave, gain=0.5,
        breaks=(Break(1.0, "jump", -1.0, 1.0),),
        use="generative art: shingles",
        convention="Undefined at the jumps; 1 by convention. 1 everywhere else.",
    ),
    Activation(
        name="softmax", label="Softmax", formula="e^z_i / sum_j e^z_j",
        latex=r"\frac{e^{z_i}}{\sum_j e^{z_j}}",
        range=(0.0, 1.0), range_text="(0, 1), sums to 1",
        function=f.softmax, fast=fast.softmax, derivative=f.softmax_slope, gain=3.0, init="glorot",
        use="one class out of many, with cross-entropy; attention",
        elementwise=False,
    ),
)  # fmt: skip


def _accept(record: Activation, origin: str) -> Activation:
    """Return a plugin's activation with functions that name it where they fail. Raises `BadInput`."""
    import numpy as np  # late: listings need no array library

    functions = {name: getattr(record, name) for name in ("function", "fast", "derivative")}
    kept: dict[str, Any] = {
        name: guarded(f, "activation", record.name, origin) for name, f in functions.items() if f is not None
    }
    z = np.linspace(-3, 3, 12, dtype=np.float32).reshape(4, 3)
    for name in kept.keys() - {"fast"}:
        found = np.shape(kept[name](z, np))
        if found != z.shape:
            raise BadInput(
                f"activation {record.name!r}: {name}: expected the shape of z, {z.shape}, found {found}"
            )
    if not record.gain > 0:
        raise BadInput(f"activation {record.name!r}: expected a gain above 0, found {record.gain}")
    return replace(record, **kept)


ACTIVATIONS = Registry("activation", "artstudio.activations", _RECORDS, _accept)
"""Every activation by its canonical name, in listing order. Read-only."""


EXPRESSION = re.compile(r"(?<![A-Za-z_])z(?!\w)")
"""What tells an expression from a name: it speaks of z."""


@lru_cache(maxsize=256)
def _own(text: str) -> Activation:
    return parse_expression(text, ACTIVATIONS.by_any_name)


def get_activation(name: str) -> Activation:
    """Return the activation with this name or alias, in any case, with `-` or spaces for `_`.

    An expression in z, such as `max(0.1*z, z)`, gives an activation of its own. Raises `BadInput`.

    >>> get_activation("Leaky-ReLU").name, get_activation("swish").name
    ('leaky_relu', 'silu')
    """
    if EXPRESSION.search(name):
        return _own(name)
    found = ACTIVATIONS.by_any_name.get("_".join(name.lower().replace("-", " ").replace("_", " ").split()))
    if found is None:
        raise unknown("activation", name, list(ACTIVATIONS), see="artstudio activations")
    return found


def needs_plugin(name: str) -> bool:
    """Whether a plugin's activation is in a name or an expression: what it means may change with the plugin."""
    records = map(ACTIVATIONS.by_any_name.get, re.findall(r"[^\W\d]\w*", name))
    return any(record is not None and ACTIVATIONS.origin(record.name) != "" for record in records)


def parse_formula(text: str, variables: Sequence[str] = ("x", "y")) -> Formula:
    """Return the formula of an expression such as `sin(6*x) * y`, with the functions of expressions in z.

    Raises `BadInput` for one that is not understood.
    """
    return parse_formula_of(text, ACTIVATIONS.by_any_name, variables)
