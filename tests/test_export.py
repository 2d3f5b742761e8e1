"""Networks for other programs, each run by one that is not ours: Chromium, onnxruntime, plain Python."""

import base64
import json
import math
import os
import re
import subprocess
import sys
from io import BytesIO

import numpy as np
import pytest
from browser import launched_browser, watched_page
from click.testing import CliRunner
from PIL import Image
from selection import some

from artstudio import Recipe, render
from artstudio.cli import cli
from artstudio.errors import BadInput
from artstudio.export.network import export_network
from artstudio.export.shader import shader
from artstudio.export.write import export_bytes, export_format
from artstudio.files.exports.formats import EXPORTS
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.trained import pack_layers
from artstudio.pictures.picture import load_recipe, read_info
from artstudio.pictures.verify import verify
from artstudio.presets.collections import shipped_presets
from artstudio.tapes.calls import with_calls
from artstudio.tapes.trace import trace

SIDE = 64

_SMALL = {"units": 8, "depth": 3}
_DRAWN = np.random.default_rng(5)

RECIPES = {
    "everything before the network": Recipe(
        seed=5, features=("x", "y", "spiral", "angle"), fourier={"count": 6, "scale": 1.5}, skip=True, sparsity=0.5,
        warp={"amount": 0.4, "scale": 2.0}, latent="seed:5", symmetry="mosaic:2", **_SMALL,
        activation=("tanh", "gaussian", "relu"), view={"centre": (0.3, -0.2), "zoom": 1.7, "rotation": 30.0},
    ),
    "a torus that is bent, a mixture with softmax": Recipe(
        seed=5, features=("torus",), warp={"amount": 0.3}, activation="mix(sine, relu:2, softmax)", colour="oklch",
        gamut="clip", fourier={"count": 3}, **_SMALL,
    ),
    "relief and contours": Recipe(
        seed=5, activation="mix(tanh, softmax, softsign)", skip=True, warp={"amount": 0.2}, symmetry="rotate:3",
        features=("x", "spiral", "ring"), finish={"relief": 0.6, "contours": 9}, colour="mixture", palette="viridis",
        **_SMALL,
    ),
    "an expression with truth values": Recipe(
        seed=5, activation="(z<1) + (z<2)*exp(z<0.5)/3 - (z>0)*z/4 if z<9 else 1/0", **_SMALL
    ),
    "bands": Recipe(seed=5, activation="0.2*gelu(z) + tan(0.1*z)", finish={"bands": 6}, colour="oklab", **_SMALL),
    "jumps": Recipe(seed=3, activation="step", depth=4, palette="cathedral", symmetry="kaleidoscope:5"),
    "trained weights": Recipe(
        seed=3, activation="sine", units=8, depth=2, gain=1.2, colour="rgb", latent=(0.3,),
        weights=pack_layers(
            [(_DRAWN.normal(size=shape).astype(np.float32), _DRAWN.normal(size=(shape[0], 1)).astype(np.float32))
             for shape in ((8, 3), (8, 8), (3, 8))]
        ),
    ),
    "one unit": Recipe(units=1, depth=1, palette=("#f00", "#00f")),
}  # fmt: skip
RECIPES |= {f"activation {name}": Recipe(seed=7, activation=name, units=8, depth=3) for name in ACTIVATIONS}
RECIPES |= {
    f"colour {name}": Recipe(seed=7, colour=name, palette="lagoon", units=8, depth=3) for name in COLOUR_MODELS
}

FEW = (
    "everything before the network", "an expression with truth values", "trained weights",
)  # fmt: skip
every_recipe = pytest.mark.parametrize("name", some(RECIPES, FEW))


def written(recipe, suffix, folder):
    path = folder / f"network{suffix}"
    path.write_bytes(
        export_bytes(recipe, export_format(path), title="A 'title' </script> --> \\", size=(SIDE, SIDE))
    )
    return path


def assert_alike(found, recipe, samples=1):
    """The bars of the studio's page."""
    distance = np.abs(found.astype(int) - render(recipe, width=SIDE, height=SIDE, supersample=samples))
    assert distance.mean() < 1
    assert (distance.max(axis=2) > 2).mean() <= 0.005 if recipe.jumps else (distance > 2).mean() <= 0.01


@every_recipe
def test_onnxruntime_computes_the_picture(name, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(written(RECIPES[name], ".onnx", tmp_path))
    axis = (2 * np.arange(SIDE) + 1 - SIDE) / SIDE
    points = np.stack([part.ravel() for part in np.meshgrid(axis, axis)], axis=1).astype(np.float32)
    (colours,) = session.run(None, {"coordinates": points})
    assert colours.shape == (SIDE * SIDE, 3)
    assert colours.dtype == np.float32
    assert_alike(np.rint(255 * colours).reshape(SIDE, SIDE, 3), RECIPES[name])


@every_recipe
def test_the_program_paints_the_picture(name, tmp_path):
    """It runs without artstudio, with warnings as errors."""
    path = written(RECIPES[name], ".py", tmp_path)
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-I", "-W", "error::SyntaxWarning", path.name, "a.png"]
    done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert_alike(np.asarray(Image.open(tmp_path / "a.png")), RECIPES[name])
    assert "artstudio" not in re.sub(r"#.*", "", path.read_text("utf-8"))


_RUN_SHADER = """([text, side]) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const gl = canvas.getContext("webgl2", { antialias: false });
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, "void main() {"
      + " gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4. - 1., 0., 1.); }"],
    [gl.FRAGMENT_SHADER, "precision highp float; precision highp int; precision mediump sampler2D;"
      + "uniform vec3 iResolution; uniform float iTime; uniform vec4 iMouse; out vec4 colour;\\n" + text
      + "\\nvoid main() { mainImage(colour, gl_FragCoord.xy); }"]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, "#version 300 es\\n" + source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) return gl.getShaderInfoLog(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return gl.getProgramInfoLog(program);
  gl.useProgram(program);
  gl.uniform3f(gl.getUniformLocation(program, "iResolution"), side, side, 1);
  gl.drawArrays(gl.TRIANGLES, 0, 3);
  const pixels = new Uint8Array(4 * side * side);
  gl.readPixels(0, 0, side, side, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  return [btoa(Array.from(pixels, (level) => String.fromCharCode(level)).join(""))];
}"""


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as launched:
        yield launched


@every_recipe
def test_webgl_runs_the_shader_as_shadertoy_does(name, browser, tmp_path):
    text = written(RECIPES[name], ".frag", tmp_path).read_text("utf-8")
    assert text.isascii()
    with watched_page(browser, "about:blank") as watched:
        found = watched.page.evaluate(_RUN_SHADER, [text, SIDE])
    assert isinstance(found, list), found
    pixels = np.frombuffer(base64.b64decode(found[0]), np.uint8).reshape(SIDE, SIDE, 4)[::-1, :, :3]
    samples = int(re.search(r"SAMPLES = (\d)", text)[1])
    assert samples == (2 if RECIPES[name].jumps or RECIPES[name].finish.bands else 1)
    assert_alike(pixels, RECIPES[name], samples)


def shot(page):
    return np.asarray(Image.open(BytesIO(page.screenshot())).convert("RGB"))


def pass_frames(page, count):
    """Let the page draw so many frames."""
    page.evaluate(
        "count => new Promise((done) => { const frame = () => (count-- ? requestAnimationFrame(frame) : done());"
        " frame(); })",
        count,
    )


@pytest.mark.sweep
def test_the_page_paints_moves_and_keeps_still_where_motion_is_reduced(browser, tmp_path):
    recipe = RECIPES["activation mish"]
    path = written(recipe, ".html", tmp_path)
    window = {"viewport": {"width": SIDE, "height": SIDE}}
    with watched_page(browser, path.as_uri(), **window, reduced_motion="reduce") as watched:
        first = shot(watched.page)
        assert_alike(first, recipe)
        pass_frames(watched.page, 10)
        assert np.array_equal(shot(watched.page), first)
        watched.page.set_viewport_size({"width": 2 * SIDE, "height": SIDE})
        pass_frames(watched.page, 2)
        assert shot(watched.page).shape == (SIDE, 2 * SIDE, 3)
        assert watched.problems() == []
        assert watched.requests == [path.as_uri()]
    with watched_page(browser, path.as_uri(), **window) as watched:
        watched.page.evaluate(
            "() => new Promise((done) => { const wait = () => (seconds > 0.2 ? done() : setTimeout(wait)); wait(); })"
        )
        assert not np.array_equal(shot(watched.page), first)
        assert watched.page.title() == "A 'title' </script> --> \\"
        assert watched.problems() == []


@pytest.mark.sweep
def test_a_page_is_there_without_webgl(browser, tmp_path):
    path = written(RECIPES["activation step"], ".html", tmp_path)
    script = "HTMLCanvasElement.prototype.getContext = () => null;"
    with watched_page(browser, path.as_uri(), script=script) as watched:
        assert watched.problems() == []
        assert shot(watched.page).std() > 5


@pytest.mark.parametrize(
    "preset", some(shipped_presets().values(), [shipped_presets()["blueprint-wave"]]), ids=str
)
def test_pages_are_below_60_kb(preset):
    assert len(export_bytes(preset.recipe, EXPORTS["page"], title=preset.title)) < 60_000


def test_a_document_says_all_that_is_needed():
    """A picture computed from it with nothing but Python's own numbers, as the guide says."""
    recipe = Recipe(seed=9, activation="tanh", units=8, depth=2, view={"zoom": 1.3, "rotation": 40})
    document = json.loads(export_bytes(recipe, EXPORTS["json"]))
    reference = render(recipe, width=12, height=8, supersample=1)
    for row in range(8):
        for column in range(12):
            across, down = (2 * column + 1 - 12) / 8, (2 * row + 1 - 8) / 8
            x, y = (a * across + b * down + c for a, b, c in document["view"])
            values = [
                {"x": x, "y": y, "r": math.hypot(x - document["origin"][0], y - document["origin"][1])}[name]
                for name in document["features"]
            ]
            for layer in (*document["layers"], document["output"]):
                sums = [
                    sum(w * value for w, value in zip(weights, values, strict=True)) + bias
                    for weights, bias in zip(layer["weights"], layer["bias"], strict=True)
                ]
                assert layer.get("activations") in (None, ["tanh"] * recipe.units)
                values = [math.tanh(z) for z in sums] if "activations" in layer else sums
            colour = document["colour"]
            place = colour["address"][0] * values[0] + colour["address"][1]
            srgb = [np.interp(place, colour["table"]["places"], channel) for channel in colour["table"]["srgb"]]
            assert np.abs(255 * np.array(srgb) - reference[row, column]).max() < 1.5


@pytest.mark.parametrize("format", EXPORTS.values(), ids=lambda format: format.name)
def test_a_file_brings_its_recipe_back(format, tmp_path):
    recipe = RECIPES["trained weights"]
    path = written(recipe, format.suffix, tmp_path)
    info = read_info(path)
    assert (info.recipe, info.width, info.height, info.format) == (recipe, SIDE, SIDE, format.name)
    assert info.title == "A 'title' </script> --> \\"
    assert load_recipe(path) == recipe
    with pytest.raises(BadInput, match="no pixels to compare"):
        verify(path)


def test_the_command_writes_and_reads_back(tmp_path):
    run = CliRunner().invoke
    path = str(tmp_path / "a.frag")
    result = run(cli, ["export", "agate", "-o", path, "-q"])
    assert (result.exit_code, result.output) == (0, f"{path}\n")
    assert shipped_presets()["agate"].recipe == load_recipe(path)
    again = str(tmp_path / "b.json")
    report = json.loads(run(cli, ["export", path, "-a", "sine", "-o", again, "--json"]).stdout)
    assert report["recipe"]["activation"] == ["sine"]
    assert report["bytes"] == os.path.getsize(again)
    dry = run(cli, ["export", path, "-o", str(tmp_path / "c.py"), "-n"])
    assert dry.stdout.startswith("would write")
    assert not (tmp_path / "c.py").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-o", "a.glsl"], "ends in one of .frag, .html"),
        (["-o", "a.frag", "--units", "256"], "at most 20000 weights"),
        (["-o", "nowhere/a.py"], "does not exist"),
        (["nothing-like-this", "-o", "a.py"], "unknown preset"),
    ],
)
def test_bad_input_is_one_line(arguments, words):
    result = CliRunner().invoke(cli, ["export", *arguments], standalone_mode=False)
    assert words in str(result.exception)
    assert "\n" not in str(result.exception)


@pytest.mark.parametrize(
    "data", [b"// artstudio", b"// artstudio:texts {", b"<!doctype html><p>", b'{"artstudio":[]}']
)
def test_files_of_others_are_refused(data, tmp_path):
    (tmp_path / "a.frag").write_bytes(data)
    with pytest.raises(BadInput, match=r"a\.frag"):
        read_info(tmp_path / "a.frag")


def test_sines_are_found_in_tapes():
    tape = with_calls(trace(lambda x: ACTIVATIONS["sinc"].function(x, np) + np.exp(x), (1,)))
    assert [step[0] for step in tape["steps"]].count("sin") == 1
    assert len(tape["steps"]) < 8


@pytest.mark.sweep
def test_the_circle_starts_at_the_picture_and_goes_through_latent_space():
    network = export_network(Recipe(seed=4))
    assert network.drift.shape == (2, 24)
    assert 0.05 < np.abs(network.drift).mean() < 3
    assert "fract(iTime / PERIOD)" in shader(network)
