"""The fused kernel computes what the plain path does, lowers for CUDA without a GPU, and is left where it fails."""

import importlib.util
import re
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import artstudio.engine.render as renderer
from artstudio import Recipe, render
from artstudio.engine import devices, whole
from artstudio.engine.fused import LARGEST, _OnChip, fused_apply, takes
from artstudio.engine.program import architecture, candidate_functions, canvas
from artstudio.engine.whole import Fallback, places_program, run_program
from artstudio.model.activations import ACTIVATIONS, get_activation
from artstudio.model.network import activation_functions, apply, build_params

PIXELS = 333  # no multiple of a tile

KERNEL = "__gpu$xla.gpu.triton"

SHAPES = [
    {"units": 1, "depth": 1, "features": ("x",)},
    {"units": 16, "depth": 1, "activation": "sine"},
    {"units": 17, "depth": 2, "activation": ("softmax", "gelu")},
    {"units": 33, "depth": 3, "activation": "softmax", "features": ("x", "y", "r", "angle")},
    {"units": LARGEST, "depth": 8, "activation": ("relu", "sine", "step")},
    {"features": ("x",), "fourier": {"count": 9}, "colour": "mixture"},
    {"latent": (0.5, -1.0), "sparsity": 0.5, "colour": "palette"},
]

REFUSED = [
    {"skip": True},
    {"units": LARGEST + 1},
    {"activation": "mix(tanh, step)"},
    {"activation": ("tanh", "sin(3*z)")},
    {"finish": {"relief": 0.5}},
]


def inputs_for(params, seed=0):
    shape = params.first_weights.shape[1], PIXELS
    return np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)


@pytest.fixture(scope="module")
def evaluators():
    """The kernel, interpreted, and the plain path, each compiled once for all activations."""
    functions = activation_functions()
    return [jax.jit(partial(f, functions=functions)) for f in (partial(fused_apply, interpret=True), apply)]


def reference(params, inputs, names):
    """The network in float64."""
    values = inputs.astype(np.float64)
    weights = [params.first_weights, *params.hidden_weights]
    biases = [params.first_bias, *params.hidden_biases]
    for name, w, b in zip(names, weights, biases, strict=True):
        values = get_activation(name).function(w.astype(np.float64) @ values + b, np)
    return params.output_weights.astype(np.float64) @ values + params.output_bias


def assert_near(found, expected, names, tolerance):
    """Rounding grows from layer to layer; and where a function jumps, a few pixels may fall on its other side."""
    assert found.shape == expected.shape
    assert found.dtype == np.float32
    jumps = any(place.kind == "jump" for name in names for place in get_activation(name).breaks)
    off = np.abs(found - expected) > tolerance * max(1.0, np.abs(expected).max())
    assert off.mean() <= (0.01 if jumps else 0), np.abs(found - expected).max()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_kernel_computes_what_the_plain_path_and_float64_do(name, evaluators):
    params = build_params(Recipe(seed=3, activation=name, depth=4))
    inputs = inputs_for(params)
    fused, plain = (np.asarray(f(params, inputs)) for f in evaluators)
    assert_near(fused, plain, [name], 1e-5)
    assert_near(fused, reference(params, inputs, [name] * 4), [name], 1e-4)


@pytest.mark.parametrize("fields", SHAPES, ids=str)
def test_the_kernel_takes_networks_of_any_shape(fields):
    recipe = Recipe(seed=5, **fields)
    functions = candidate_functions(architecture(recipe, 1, alone=True))
    params = build_params(recipe, alone=True)
    assert takes(params, functions)
    inputs = inputs_for(params)
    fused = np.asarray(jax.jit(partial(fused_apply, functions=functions, interpret=True))(params, inputs))
    assert_near(fused, reference(params, inputs, recipe.layer_activations()), recipe.activation_parts(), 1e-4)


@pytest.mark.parametrize("fields", REFUSED, ids=str)
def test_what_the_kernel_does_not_take_the_plain_path_evaluates(fields):
    recipe = Recipe(seed=5, depth=2, **fields)
    kind, params = architecture(recipe, 1, alone=True), build_params(recipe, alone=True)
    functions, how = candidate_functions(kind), {"mixed": kind.mixed, "skip": kind.skip}
    assert not takes(params, functions, **how)
    programs = (partial(network, functions=functions, **how) for network in (fused_apply, apply))
    found, plain = (str(jax.make_jaxpr(program)(params, inputs_for(params))) for program in programs)
    assert re.sub("0x[0-9a-f]+", "", found) == re.sub("0x[0-9a-f]+", "", plain)


def test_the_chips_rounding_is_that_of_rint():
    halves = np.arange(-9, 10) / 2
    z = np.concatenate([halves, np.nextafter(halves, 9), np.nextafter(halves, -9), [1e6 + 0.5, 1e9, -1e9, np.inf]])
    z = z.astype(np.float32)
    with np.errstate(invalid="ignore"):
        found = np.asarray(jax.jit(_OnChip.rint)(z))
    assert np.array_equal(found[:-1], np.rint(z)[:-1])
    assert np.isnan(_OnChip.rint(jnp.float32(np.nan)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_kernel_lowers_for_cuda_without_a_gpu(name):
    params = build_params(Recipe(activation=name, depth=2), alone=True)
    network = jax.jit(partial(fused_apply, functions=(ACTIVATIONS[name].painter,)))
    text = network.trace(params, inputs_for(params)).lower(lowering_platforms=("cuda",)).as_text()
    assert text.count(KERNEL) == 1
    assert "stablehlo.dot_general" not in text  # the whole network is in it


def test_every_product_in_the_kernel_asks_for_full_float32():
    params = build_params(Recipe(), alone=True)
    text = str(jax.make_jaxpr(partial(fused_apply, functions=activation_functions()))(params, inputs_for(params)))
    assert text.count("dot_general[") == text.count("precision=(Precision.HIGHEST, Precision.HIGHEST)") == 2


@pytest.mark.parametrize(("make", "samples"), [(run_program, 1), (places_program, 4)])
def test_a_whole_program_lowers_for_cuda(make, samples):
    recipe = Recipe(seed=1)
    places = np.int32(0) if samples == 1 else np.zeros(4096, np.int32)
    program = make(architecture(recipe, samples), 4096, 8, True)
    arguments = build_params(recipe), canvas(recipe, 64, 64, samples), places, places
    text = program._program.trace(*arguments).lower(lowering_platforms=("cuda",)).as_text()
    assert text.count(KERNEL) == 1
    for word in ("f64", "callback", "infeed", "outfeed", "stablehlo.dot_general"):
        assert word not in text


CARD = """
gpu_device_info {
  threads_per_block_limit: 1024 threads_per_warp: 32 threads_per_core_limit: 2048 core_count: 100 fpus_per_core: 128
  shared_memory_per_block: 49152 shared_memory_per_core: 167936 shared_memory_per_block_optin: 166912
  block_dim_limit_x: 2147483647 block_dim_limit_y: 65535 block_dim_limit_z: 65535
  memory_bandwidth: 1000000000000 l2_cache_size: 33554432 clock_rate_ghz: 1.5 device_memory_size: 16000000000
  registers_per_core_limit: 65536 registers_per_block_limit: 65536
  cuda_compute_capability { major: %d minor: %d }
}
platform_name: "CUDA" dnn_version_info { major: 9 minor: 7 } runtime_version { major: 12 minor: 8 patch: 0 }
device_description_str: "a card"
"""


def have_cuda_compiler():
    """Whether JAX's CUDA plugin is installed: it compiles for cards that are not there."""
    names = ("jax_plugins.xla_cuda12", "jax_plugins.xla_cuda13")
    return importlib.util.find_spec("jax_plugins") is not None and any(map(importlib.util.find_spec, names))


@pytest.mark.skipif("not have_cuda_compiler()", reason="needs JAX's CUDA plugin; no card")
@pytest.mark.parametrize(("card", "compiles"), [((7, 5), False), ((8, 0), True), ((9, 0), True)], ids=str)
def test_the_kernel_compiles_for_cards_from_ampere_on(card, compiles):
    from jax.experimental import topologies

    topology = topologies.get_topology_desc("a card", "cuda", target_config=CARD % card, topology="1x1x1")
    place = jax.sharding.SingleDeviceSharding(topology.devices[0])
    params = build_params(Recipe(activation=("sine", "softmax"), depth=2), alone=True)
    functions = tuple(ACTIVATIONS[name].painter for name in ("sine", "softmax"))
    arguments = jax.tree.map(
        lambda leaf: jax.ShapeDtypeStruct(leaf.shape, leaf.dtype, sharding=place), (params, inputs_for(params))
    )
    lowered = jax.jit(partial(fused_apply, functions=functions)).lower(*arguments)
    if compiles:
        lowered.compile()
    else:
        with pytest.raises(jax.errors.JaxRuntimeError, match="Triton"):
            lowered.compile()


@pytest.fixture
def as_if_a_gpu(monkeypatch):
    """Paint as on a GPU, with the kernel interpreted; yield how often a program with the kernel was traced."""
    traced = []

    def interpreted(params, inputs, functions, **how):
        assert takes(params, functions, **how)
        traced.append(inputs.shape)
        return fused_apply(params, inputs, functions, interpret=True, **how)

    monkeypatch.setattr(renderer, "have_own_memory", lambda devices: True)
    monkeypatch.setattr(renderer, "have_kernel", lambda devices: True)
    monkeypatch.setattr(whole, "fused_apply", interpreted)
    monkeypatch.setattr(devices, "SMALLEST_RUN", 1 << 11)
    run_program.cache_clear()
    places_program.cache_clear()
    yield traced
    run_program.cache_clear()
    places_program.cache_clear()


def test_a_picture_by_the_kernel_is_the_plain_one_to_within_a_level(as_if_a_gpu, monkeypatch):
    recipe, size = Recipe(seed=12, activation=("step", "sine"), colour="oklch"), {"width": 61, "height": 33}
    fused = render(recipe, **size, alone=True)
    # The whole picture in one call, and the pixels at its edges in another.
    assert as_if_a_gpu == [(3, 1 << 11)] * 2
    monkeypatch.undo()
    plain = render(recipe, **size, alone=True)
    assert np.abs(fused.astype(int) - plain).max() <= 1


def test_one_compilation_serves_all_activations_and_views(as_if_a_gpu):
    for seed, activation in enumerate(["tanh", "step", ("relu", "softmax")]):
        render(
            Recipe(seed=seed, activation=activation, view={"zoom": 1.0 + seed}), width=64, height=32, supersample=1
        )
    assert len(as_if_a_gpu) == 1


def test_where_the_kernel_cannot_be_compiled_the_plain_path_paints(monkeypatch):
    """As it stands the kernel cannot be compiled for CPUs: a failure as real as an old card's."""
    monkeypatch.setattr(renderer, "have_own_memory", lambda devices: True)
    monkeypatch.setattr(renderer, "have_kernel", lambda devices: True)
    monkeypatch.setattr(devices, "SMALLEST_RUN", 1 << 11)
    run_program.cache_clear()
    recipe, size = Recipe(seed=4), {"width": 40, "height": 30, "alone": True, "supersample": 1}
    found = render(recipe, **size)
    program = run_program(architecture(recipe, 1, alone=True), 1 << 11, 8, True)
    assert "interpret mode" in str(program.failure)
    monkeypatch.undo()
    assert np.abs(found.astype(int) - render(recipe, **size)).max() <= 1


def failing(*arguments):
    raise NotImplementedError("no such card")


def test_a_program_that_fails_at_first_is_replaced_for_good():
    calls = []
    first = Fallback(lambda x: calls.append(x) or failing(), lambda x: jnp.float32(x + 1))
    assert [int(first(1)), int(first(2))] == [2, 3]
    assert calls == [1]
    assert isinstance(first.failure, NotImplementedError)


def test_a_program_that_worked_once_is_not_replaced():
    def program(x):
        return jnp.float32(x) if x < 2 else failing()

    used = Fallback(program, lambda x: jnp.float32(-1))
    assert int(used(1)) == 1
    with pytest.raises(NotImplementedError):
        used(2)
    assert used.failure is None


def test_where_both_programs_fail_the_error_is_that_of_the_second():
    def broken(*arguments):
        raise MemoryError("full")

    with pytest.raises(MemoryError, match="full"):
        Fallback(failing, broken)(1)


def test_what_is_kept_on_disk_is_the_program_that_works():
    good = jax.jit(lambda x: x + 1)
    assert int(Fallback(jax.jit(failing), good).lower(jnp.float32(1)).compile()(jnp.float32(1))) == 2


def gpus():
    try:
        return jax.local_devices(backend="gpu")
    except RuntimeError:
        return []


@pytest.mark.skipif("not gpus()", reason="needs a GPU")
def test_a_gpu_paints_what_a_cpu_paints():
    size = {"width": 320, "height": 200, "supersample": 1}
    for name in ACTIVATIONS:
        recipe = Recipe(seed=3, activation=name)
        there = render(recipe, **size, devices=gpus())
        here = render(recipe, **size, devices=jax.local_devices(backend="cpu"))
        assert np.mean(np.abs(there.astype(int) - here) > 1) < 0.01, name
    assert run_program(architecture(recipe, 1), 1 << 16, 8, True).failure is None
