"""Loops: that they close, that they are made of their recipe, that no frame compiles, that they stay rich."""

import gc
import itertools
import json
import logging
import tracemalloc
from dataclasses import replace

import jax
import numpy as np
import pytest
from PIL import Image
from selection import some

import artstudio
from artstudio import BadInput, Loop, Recipe, animate, render
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.network import build_params
from artstudio.motion.easing import EASINGS, there_and_back
from artstudio.motion.interpolated import _doubled, may_interpolate, render_interpolated
from artstudio.motion.keyframes import parse_key, read_keys
from artstudio.motion.loops import LOOPS, turn
from artstudio.motion.spec import Key
from artstudio.presets.collections import shipped_presets

KEYS = tuple(parse_key(text) for text in ("0:zoom=1,latent=0/1", "0.3:zoom=2", "0.6:latent=1/-1,gain=1.3:linear"))
EXTRA = {"keys": {"keys": KEYS}, "morph": {"morph": ("sigmoid", "step")}, "seeds": {"seeds": (3, 7)}}
BASE = Recipe(seed=7, units=8, depth=4)


def loop_of(kind):
    return Loop(kind=kind, **EXTRA.get(kind, {}))


def small(recipe=BASE, loop="latent", **size):
    return animate(recipe, loop=loop, **({"seconds": 4, "fps": 24, "width": 160, "height": 90} | size))


def steps(made):
    """The mean difference of each frame from the one before; of the first from the last."""
    frames = [frame.astype(int) for frame in replace(made, supersample=1).frames()]
    return np.array([np.abs(frame - frames[i - 1]).mean() for i, frame in enumerate(frames)])


@pytest.mark.parametrize("kind", some(LOOPS, {"latent", "seeds"}))
def test_a_loop_closes(kind):
    """From the last frame to the first is no larger a step than the largest between neighbours nearby."""
    found = steps(small(loop=loop_of(kind)))
    assert found[0] <= 1.1 * max(found[1:4].max(), found[-3:].max()) + 0.2
    assert found.max() > 0.2


@pytest.mark.parametrize("kind", LOOPS)
def test_the_first_frame_is_the_recipes_own_picture(kind):
    """Keys set it themselves, seeds name it, a morph starts with its own activation."""
    start = {"morph": BASE.replace(activation="sigmoid"), "seeds": BASE.replace(seed=3)}
    start["keys"] = BASE.with_parts(latent=(0.0, 1.0), gain=1.3)
    first = small(loop=loop_of(kind)).frame(0).astype(int)
    if kind == "keys":  # on its way from the last key to the first
        assert first.std() > 20
        return
    assert np.abs(first - render(start.get(kind, BASE), width=160, height=90)).mean() < 0.5


@pytest.mark.parametrize("recipe", [
    BASE,
    BASE.replace(activation="step"),
    BASE.replace(activation=("relu", "sine"), latent="seed:3", colour="oklch", skip=True),
    BASE.with_parts(activation="mix(tanh, step)", symmetry="kaleidoscope:6", warp=0.4, fourier=4),
])  # fmt: skip
@pytest.mark.parametrize("kind", some(["latent", "seeds"], {"seeds"}))
def test_no_frame_flashes_or_is_dull(recipe, kind):
    """All along the way the picture keeps much of its contrast and its brightness."""
    made = small(recipe, loop_of(kind), fps=6, supersample=1)
    frames = [frame.astype(float) for frame in made.frames()]
    contrast = np.array([frame.std(axis=(0, 1)).mean() for frame in frames])
    light = np.array([frame.mean() for frame in frames])
    assert contrast.min() > 0.45 * contrast.max()
    assert light.max() - light.min() < 80


ELEMENTWISE = [name for name, record in ACTIVATIONS.items() if record.elementwise]
PAIRS = [("step", "sigmoid"), ("softplus", "relu"), ("tanh", "sine")]
MORE = [("relu" if last == "tanh" else "tanh", last) for last in ELEMENTWISE if last != "sine"]


@pytest.mark.parametrize(("first", "last"), some([*PAIRS, *MORE], PAIRS[:1]))
def test_an_activation_becomes_another(first, last):
    """A morph shows the very picture of each of its two activations, at its ends."""
    base = BASE.replace(units=24)  # of 8 square waves each tone is a large share of the picture
    made = small(base, loop=Loop(kind="morph", morph=(first, last)), fps=2, supersample=1)
    for number, name in ((0, first), (made.count // 2, last)):
        whole = render(base.replace(activation=name), width=160, height=90, supersample=1).astype(int)
        assert (np.abs(made.frame(number) - whole).max(axis=2) > 3).mean() < 0.02


def test_sigmoid_is_sharpened_into_step_without_a_jump():
    """The share of pixels between the flat tones falls along the way, and no step is more than a few neighbours."""
    made = small(
        loop=Loop(kind="morph", morph=("sigmoid", "step")), seconds=10, width=96, height=54, supersample=2
    )
    frames = [made.frame(number).astype(int) for number in range(0, made.count // 2 + 1, 3)]
    moved = np.array([np.abs(b - a).mean() for a, b in itertools.pairwise(frames)])
    assert moved.max() < 4 * np.median(moved)
    flat = [(np.abs(np.diff(frame, axis=1)).max(axis=2) == 0).mean() for frame in frames]
    assert flat[-1] > 0.6 > 0.3 > flat[0]


@pytest.mark.parametrize("kind", LOOPS)
def test_frames_never_compile(kind, caplog):
    made = small(loop=loop_of(kind), width=96, height=64)
    made.frame(0, exact=False)
    made.frame(1)
    with jax.log_compiles(), caplog.at_level(logging.DEBUG):
        for frame in range(2, made.count, 30):
            made.frame(frame)
            made.frame(frame, exact=False)
    assert [record for record in caplog.records if "ompil" in record.getMessage()] == []


def test_compilations_would_be_noticed(caplog):
    with jax.log_compiles(), caplog.at_level(logging.DEBUG):
        small(BASE.replace(units=9)).frame(0)
    assert [record for record in caplog.records if "ompil" in record.getMessage()]


def test_frames_come_in_order_and_are_the_same_each_time():
    made = small(seconds=1)
    listed = list(made.frames())
    assert len(listed) == made.count == 24
    for number in (0, 5, 23):
        assert np.array_equal(listed[number], made.frame(number))
        assert np.array_equal(listed[number], made.frame(number + made.count))


def test_memory_does_not_grow_with_the_length(tmp_path):
    """NumPy's memory, while a loop of 40 frames goes into a file, is that of a few of them."""
    made = small(width=320, height=240, seconds=2, fps=20)
    made.frame(0)
    gc.collect()
    tracemalloc.start()
    try:
        made.save(tmp_path / "a.png")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20 * 320 * 240 * 3


# --- interpolated frames ----------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_interpolated_frames_are_nearly_the_computed_ones(activation):
    recipe = Recipe(seed=3, activation=activation)
    size = {"width": 1280, "height": 720, "params": build_params(recipe)}
    found = render_interpolated(recipe, **size)
    assert found is not None
    off = np.abs(found.astype(int) - render(recipe, **size)).max(axis=2)
    assert (off > 1).mean() < 0.005
    assert off.max() <= 10


def test_pictures_are_doubled_as_pillow_does_it():
    """Against Pillow's bicubic filter on floats, away from the border, where it weighs what is inside anew."""
    small = np.random.default_rng(0).integers(0, 256, (20, 30, 3), np.uint8)
    planes = [Image.fromarray(small[..., channel].astype(np.float32)) for channel in range(3)]
    wanted = np.stack([plane.resize((60, 40), Image.Resampling.BICUBIC) for plane in planes], axis=2)
    off = np.asarray(_doubled(small)) - np.clip(wanted, 0, 255)
    assert np.abs(off[4:-4, 4:-4]).max() <= 0.501


def test_what_jumps_or_is_fine_is_computed():
    for changed in ({"activation": "step"}, {"contours": 9}, {"bands": 5}, {"dither": True}):
        assert not may_interpolate(BASE.with_parts(**changed), 640, 360)
    assert not may_interpolate(BASE, 641, 360)
    assert may_interpolate(BASE, 640, 360)
    wild = Recipe(seed=1, activation="sine", gain=4)
    assert render_interpolated(wild, width=256, height=144, params=build_params(wild)) is None


# --- easing and keyframes ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EASINGS)
def test_an_easing_goes_from_0_to_1_and_never_back(name):
    values = np.array([EASINGS[name](t) for t in np.linspace(0, 1, 201)])
    assert values[0] == pytest.approx(0, abs=1e-12)
    assert values[-1] == pytest.approx(1, abs=1e-12)
    assert (np.diff(values) >= -1e-12).all()
    assert there_and_back(0.25, EASINGS[name]) == there_and_back(0.75, EASINGS[name])


def test_keys_are_met_and_what_lies_between_is_eased():
    made = small(loop=Loop(kind="keys", keys=(parse_key("0:zoom=1"), parse_key("0.5:zoom=4:linear"))))
    zoom = [made._scenes(phase).recipe.view.zoom for phase in (0, 0.25, 0.5, 0.75)]
    assert zoom == pytest.approx([1, 2, 4, 2])


def test_a_rotation_by_keys_may_close_after_a_turn():
    ways = "0:rotation=0:linear", "1:rotation=60:linear"
    loop = Loop(kind="keys", keys=tuple(parse_key(way) for way in ways))
    found = steps(small(BASE.replace(symmetry="rotate:6"), loop))
    assert found[0] < 1.2 * found[1:].max()
    with pytest.raises(BadInput, match="does not close"):
        small(BASE, loop)


def test_a_rotation_is_over_when_the_picture_is_back():
    assert turn(BASE) == 360
    assert turn(BASE.replace(symmetry="kaleidoscope:8")) == 45
    with pytest.raises(BadInput, match="multiple of 45"):
        small(BASE.replace(symmetry="kaleidoscope:8"), Loop(kind="rotation", amount=30.0))


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_keys_are_read_from_a_file(tmp_path, suffix):
    keys = [{"at": 0.0, "zoom": 1.0}, {"at": 0.5, "zoom": 3.0, "centre": [0.1, 0.2], "easing": "cubic"}]
    tables = ("\n".join(f"{name} = {json.dumps(value)}" for name, value in key.items()) for key in keys)
    text = {"toml": "".join(f"[[key]]\n{table}\n" for table in tables), "json": json.dumps({"key": keys})}
    path = tmp_path / f"keys.{suffix}"
    path.write_text(text[suffix], encoding="utf-8")
    assert read_keys(path) == (parse_key("0:zoom=1"), parse_key("0.5:zoom=3,centre=0.1/0.2:cubic"))


@pytest.mark.parametrize(("text", "message"), [
    ("", "PHASE:FIELD=VALUE"), ("0.5", "PHASE:FIELD=VALUE"), ("0.5:zoom", "PHASE:FIELD=VALUE"),
    ("x:zoom=2", "PHASE:FIELD=VALUE"), ("2:zoom=2", "at"), ("nan:zoom=2", "at"), ("0.5:zom=2", "did you mean 'zoom'"),
    ("0.5:zoom=2:bouncy", "unknown easing"), ("0.5:tempo=3", "unknown field"),
])  # fmt: skip
def test_a_bad_key_is_told(text, message):
    with pytest.raises(BadInput, match=message):
        parse_key(text)


@pytest.mark.parametrize(("fields", "message"), [
    ({"kind": "spiral"}, "unknown loop"), ({"kind": "zoom", "seeds": (1, 2)}, "only in a loop of kind seeds"),
    ({"kind": "keys"}, "at least one key"), ({"kind": "morph", "amount": 2.0}, "has no amount"),
    ({"easing": "bouncy"}, "unknown easing"), ({"kind": "seeds", "seeds": (-1,)}, "seeds"),
])  # fmt: skip
def test_a_bad_loop_is_told(fields, message):
    with pytest.raises(BadInput, match=message):
        Loop(**fields)


@pytest.mark.parametrize(("changes", "message"), [
    ({"fps": 0}, "fps"), ({"fps": 121}, "fps"), ({"seconds": 0}, "seconds"), ({"seconds": float("nan")}, "seconds"),
    ({"seconds": 1e9}, "seconds"), ({"width": 0}, "size"), ({"supersample": 99}, "supersample"),
    ({"loop": Loop(kind="zoom", amount=0.0)}, "amount of zoom"),
    ({"loop": Loop(kind="seeds", seeds=(7,))}, "expected each seed to differ"),
    ({"loop": Loop(kind="morph", morph=("tanh", "softmax"))}, "softmax"),
    ({"loop": Loop(kind="morph", morph=("tanh", "tanh"))}, "two different"),
    ({"loop": Loop(kind="keys", keys=(parse_key("0:zoom=9999999"),))}, "zoom"),
])  # fmt: skip
def test_what_cannot_be_is_refused_before_any_work(changes, message):
    with pytest.raises(BadInput, match=message):
        animate(BASE, **changes)


@pytest.mark.parametrize("kind", LOOPS)
def test_a_loop_is_read_back_from_its_own_words(kind):
    loop = loop_of(kind)
    assert Loop.from_dict(loop.to_dict()) == loop


def test_a_notebook_shows_it():
    page = small(seconds=1)._repr_html_()
    assert page.startswith('<img src="data:image/webp;base64,')
    assert 'width="160" height="90"' in page


def test_the_package_hands_it_on():
    assert artstudio.animate is animate
    assert artstudio.animate(BASE, seconds=2).count == 60


@pytest.mark.sweep
@pytest.mark.parametrize("name", list(shipped_presets()))
def test_every_preset_flows(name):
    found = steps(small(shipped_presets()[name].recipe, seconds=3, fps=10))
    assert found[0] <= 1.5 * found[1:].max()


# --- keyframes of any field -------------------------------------------------------------------------------


CHANGES = [
    ("activation", ("relu", "step")), ("units", 5), ("depth", 1), ("features", ("x", "y")), ("symmetry", "mosaic:2"),
    ("colour", "hsv"), ("palette", "ember"), ("fourier", 3), ("contours", 6), ("dither", True), ("seed", 9),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), some(CHANGES, [CHANGES[i] for i in (0, 1, 4, 7, 10)]))
def test_what_is_no_decimal_number_changes_at_its_key_and_back(field, value):
    recipe = Recipe(seed=3, units=8, depth=2)
    first = recipe.part(field)
    keys = [{"at": 0.0, "values": {field: first}}, {"at": 0.5, "values": {field: value}}]
    loop = Loop(kind="keys", keys=[Key(**key) for key in keys])
    animation = animate(recipe, loop=loop, seconds=0.4, fps=20, width=32, height=24)
    shown = [animation._scenes(number / 8).recipe.part(field) for number in range(8)]
    assert shown == [first] * 4 + [recipe.with_parts(**{field: value}).part(field)] * 4
    before, after = animation.frame(3), animation.frame(4)
    assert before.shape == after.shape
    assert not np.array_equal(before, after)


def test_a_warp_grows_from_nothing():
    keys = (parse_key("0:warp=0"), parse_key("0.5:warp=0.8"))
    animation = animate(
        Recipe(seed=3, units=8, depth=2), loop=Loop(kind="keys", keys=keys), seconds=1, fps=20, width=32, height=24
    )
    assert np.array_equal(animation.frame(0), render(animation.recipe, width=32, height=24))
    steps = [np.abs(animation.frame(n + 1).astype(int) - animation.frame(n)).mean() for n in range(10)]
    assert min(steps) > 0
    assert max(steps) < 60
