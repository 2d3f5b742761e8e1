"""The studio's engine in a real browser: weights, functions, expressions, recipes and PNG files, against Python's."""

import base64
import json
import re
import struct
import warnings
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import ExifTags, Image, features
from selection import some
from studio_harness import engine_page, picture
from style_members import may_come_from
from test_sweeps import random_recipe

from artstudio import BadInput, Recipe, render, save
from artstudio.files.encode import FORMATS
from artstudio.files.png.write import SIGNATURE, chunk, encode_png
from artstudio.model.activation.registry import ACTIVATIONS, get_activation
from artstudio.model.network import build_params
from artstudio.model.trained import pack_layers
from artstudio.model.weights import COLUMNS, LAYERS, raw_weights
from artstudio.pictures.picture import encode_picture, read_info
from artstudio.pictures.verify import verify
from artstudio.presets.styles import shipped_styles


@pytest.fixture(scope="module")
def window(tmp_path_factory):
    with engine_page(tmp_path_factory.mktemp("engine")) as watched:
        yield watched


@pytest.fixture
def page(window):
    yield window.page
    assert window.problems() == []


def floats(text):
    return np.frombuffer(base64.b64decode(text), np.float32)


# Weights


@pytest.mark.parametrize("seed", some([0, 1, 123456789, 2**31, 2**32 - 1], {123456789, 2**32 - 1}))
@pytest.mark.parametrize("layer", [0, 5, LAYERS["output"]])
def test_raw_weights_are_identical_to_the_bit(page, seed, layer):
    columns = [0, 1, 2, 40, 1 << 16, (1 << 20) + 3, COLUMNS["bias"]]
    text = page.evaluate(
        "([seed, layer, columns]) => text64(new Uint8Array(rawWeights(seed, layer, 64, columns).buffer))",
        [seed, layer, columns],
    )
    assert floats(text).tobytes() == raw_weights(seed, layer, 64, columns).tobytes()


@pytest.mark.parametrize("change", [{}, {"colour": "palette"}, {"colour": "mixture"}, {"gain": 0.5, "skip": True}])
def test_trained_networks_are_alike(page, change):
    """Trained weights are taken as they are, written as Python writes them, and dropped where they are stale."""
    random = np.random.default_rng(3)
    columns = [3, *[11 if "skip" in change else 8] * 2, 8]
    layers = [
        (np.float32(random.normal(0, 0.7, (rows, count))), np.float32(random.normal(0, 0.3, (rows, 1))))
        for rows, count in zip([8, 8, 8, 3], columns, strict=True)
    ]
    recipe = Recipe(**{"units": 8, "depth": 3, "colour": "rgb", **change}, weights=pack_layers(layers))
    params = build_params(recipe)
    found = page.evaluate(
        "recipe => { const network = buildNetwork(data, checkRecipe(data, recipe));"
        " const list = (layer) => [[...layer.weights], [...layer.bias]];"
        " const kept = withoutStaleWeights({ ...recipe, gain: 2 }, recipe).weights;"
        " const stale = withoutStaleWeights({ ...recipe, units: 9 }, recipe).weights ?? null;"
        " const json = recipeJson(data, checkRecipe(data, recipe));"
        " return { layers: [...network.layers, network.output].map(list), kept, stale, json }; }",
        recipe.to_dict(),
    )
    weights = [params.first_weights, *params.hidden_weights, params.output_weights]
    biases = [params.first_bias, *params.hidden_biases, params.output_bias]
    for (mine, shift), w, b in zip(found["layers"], weights, biases, strict=True):
        assert np.allclose(mine, w.ravel(), rtol=1e-4, atol=1e-5 * np.abs(w).max())
        assert np.allclose(shift, b.ravel(), rtol=1e-4, atol=1e-5 * np.abs(b).max())
    assert (found["kept"], found["stale"]) == (recipe.weights, None)
    assert found["json"] == recipe.to_json()
    for wrong in ("AAAA", recipe.weights[:-4]):
        with pytest.raises(Exception, match="weights: expected"):
            page.evaluate("recipe => checkRecipe(data, recipe)", {**recipe.to_dict(), "weights": wrong})


def test_networks_are_calibrated_alike(page):
    """Random recipes from all over the space: every weight of the folded network, and what colouring prepares."""
    for number in range(12):
        recipe = random_recipe(np.random.default_rng(number)).replace(latent=())
        params = build_params(recipe)
        found = page.evaluate(
            "recipe => { const network = buildNetwork(data, checkRecipe(data, recipe));"
            " const list = (layer) => [[...layer.weights], [...layer.bias]];"
            " return { layers: network.layers.map(list), output: list(network.output),"
            " parts: [...network.colour.parts], table: network.colour.table && [...network.colour.table] }; }",
            recipe.to_dict(),
        )
        weights = [params.first_weights, *params.hidden_weights, params.output_weights]
        biases = [params.first_bias, *params.hidden_biases, params.output_bias]
        for (mine, shift), w, b in zip([*found["layers"], found["output"]], weights, biases, strict=True):
            assert np.allclose(mine, w.ravel(), rtol=1e-4, atol=1e-5 * np.abs(w).max()), recipe
            assert np.allclose(shift, b.ravel(), rtol=1e-4, atol=1e-5 * np.abs(b).max()), recipe
        if "table" in params.colour:
            assert np.abs(np.array(found["table"]) - params.colour["table"].T.ravel()).max() < 1 / 255
        elif params.colour:
            parts = np.concatenate([value.ravel() for value in params.colour.values()])
            assert np.allclose(found["parts"], parts, atol=1e-6)


# Functions


def central_difference(record, z, h=1e-6):
    return (record.function(z + h, np) - record.function(z - h, np)) / (2 * h)


def test_values_and_slopes_of_every_activation(page):
    """Slopes against differences away from the breaks, and against the record at them."""
    z = np.concatenate([np.linspace(-12.03, 12.1, 97), [-60.3, 71.7, 1e-3, -0.02]])
    script = (
        "z => Object.fromEntries(activationList(data).filter(r => r.f)"
        ".map(r => [r.name, [z.map(r.f), z.map(r.slope)]]))"
    )
    found = page.evaluate(script, z.tolist())
    elementwise = [name for name, record in ACTIVATIONS.items() if record.elementwise]
    assert list(found) == elementwise
    for name in elementwise:
        values, slopes = found[name]
        assert np.allclose(values, ACTIVATIONS[name].function(z, np), rtol=1e-12, atol=1e-15), name
        assert np.allclose(slopes, central_difference(ACTIVATIONS[name], z), rtol=1e-6, atol=1e-6), name
    script = (
        "([name, z]) => { const record = activationList(data).find(one => one.name === name);"
        " return [record.f(z), record.slope(z)]; }"
    )
    for name in elementwise:
        for place in ACTIVATIONS[name].breaks:
            assert page.evaluate(script, [name, place.z]) == [place.value, place.slope], (name, place.z)


EXPRESSIONS = [
    "sin(3*z) * exp(-z**2)", "max(0.1*z, z)", "z**3 - 2*z", "-z if z < 0 else z/2", "2**z % 1.5", "(z > 0) * z",
    "where(z >= 1, 1, min(z, 0.5, cos(z)))", "log(1 + exp(z)) / (1 + abs(z))", "tanh(z) + 0.1*gelu(z)", "-z**2",
    "(-z)**2", "2**-z", "1e-7*z+1e5", "(z+1)*(z-1)", "z-(1-z)", "z/(2/3)", "z+0x10", "1_0*z", ".5*z", "5.*z", "--z",
    "(z if z>0 else 1) + (z<1)", "(z**2)**3", "z*(z*z)", "z%2%3", "(z<1)<2", "Swish(z)".lower(), "round(z)",
    "max(z,1,2,3)", "sinh(z)/cosh(z)+tan(z/9)", "z if (z if z>1 else 2)>0 else 3", "ceil(z)*1.50", "atan(z)*pi/e",
    "clip(floor(z), -2, 2)", "z*1e-320", "sqrt(z*z+1)**1.5", "-(z<1)", "(z<1)+(z<2)-(z<0)", "exp(z<1)*z", "(1<2)*z",
    "(z<1)%(2*(z<2)+1)+z", "where(z>100,1/0,z)", "z if 0/0 else 1", "where(sqrt(z-9),z,0)", "z**0+z**1", "max(z<1,z)",
    "z if z else -1/0 if z>9 else 2", "z*(3<2)+5%3", "where(z>1e3,0/0,where(z>1e3,1/0,where(z>1e3,-1/0,z)))",
]  # fmt: skip
MISTAKES = [
    "frog(z)", "2 * frog(z)", "z ? 1", "0<z<1", "q*z", "z**20", "log(z)", "1e9*z", "min(z)", "softmax(z)",
    "relu(z,1)", "007*z", "z**-2", "z" + "+1" * 251, "z" + "+1" * 100, "z if z else 1/0", "z+1/0", "(z<1)%(z<2)+z",
    "σ(z)", "2 sin(z)", "sin z", "|z|", "2·z", "z(z+1)", "−z", "√(z)",
    "0*log(z)", "0/z", "max(z,log(z))", "5%0+z", "z+0*(1/0)", "z-z*(1/0)", "z/z",
]  # fmt: skip


def test_expressions_mean_the_same_and_have_the_same_name(page):
    z = [-2.01, -0.49, 0.3, 1.01, 3.99]
    script = (
        "([texts, z]) => texts.map(text => { const record = parseExpression(text);"
        " return [record.name, z.map(record.f), z.map(record.slope)]; })"
    )
    for text, (name, values, slopes) in zip(EXPRESSIONS, page.evaluate(script, [EXPRESSIONS, z]), strict=True):
        record = get_activation(text)
        assert name == record.name
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert np.allclose(values, record.function(np.array(z), np), rtol=1e-9), text
        assert np.allclose(slopes, central_difference(record, np.array(z)), rtol=1e-5, atol=1e-5), text


def test_mistakes_are_told_in_the_same_words(page):
    found = page.evaluate("texts => texts.map(text => attempt(() => parseExpression(text)))", MISTAKES)
    for text, answer in zip(MISTAKES, found, strict=True):
        with pytest.raises(BadInput) as error:
            get_activation(text)
        assert answer.get("message") == str(error.value)
        assert f"column {answer.get('column', '')}" in str(error.value) or "column" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2z", "2*z"), ("z^2", "z**2"), ("σ(z)", "sigmoid(z)"), ("1 + 0.5z", "0.5*z"), ("tanh(z)²", "(z)**2"),
        ("sin z", "sin(z)"), ("z(z+1)", "z*("), ("3(z + 1)", "3*("), ("|z|", "abs(z)"), ("2·z", "2*z"), ("−z", "-z"),
    ],
)  # fmt: skip
def test_what_mathematics_writes_otherwise_is_refused_with_a_hint(page, text, meant):
    hint = f"; write {meant} for "
    with pytest.raises(BadInput, match=re.escape(hint)):
        get_activation(text)
    assert hint in page.evaluate("text => attempt(() => parseExpression(text)).message", text)


# Recipes


def test_recipes_have_the_same_canonical_text(page):
    recipes = [random_recipe(np.random.default_rng(number)) for number in range(200)]
    recipes += [
        Recipe(),
        Recipe(palette=("#ABC", "#123456"), gain=1e-2, view={"centre": (1e-7, -0.0), "zoom": 1e6}),
    ]
    given = [json.loads(recipe.to_json()) for recipe in recipes]
    found = page.evaluate("all => all.map(recipe => recipeJson(data, checkRecipe(data, recipe)))", given)
    assert found == [recipe.to_json() for recipe in recipes]


def test_what_is_left_out_or_written_otherwise_is_understood(page):
    loose = [
        {"schema": 2}, {"schema": 1, "colour": "oklch"},
        {"schema": 2, "activation": "Leaky-ReLU", "features": ["r", "x"], "palette": "#FFF, #000"},
        {"schema": 2, "activation": ["mix( swish, Step:2.50 )", " max(0.1*z,z)"], "latent": "seed:3"},
    ]  # fmt: skip
    found = page.evaluate("all => all.map(recipe => recipeJson(data, checkRecipe(data, recipe)))", loose)
    assert found == [Recipe.from_dict(recipe).to_json() for recipe in loose]


BAD_RECIPES = [
    [], {"schema": 99}, {"schema": 2, "colours": "rgb"}, {"schema": 2, "seed": -1}, {"schema": 2, "seed": 1.5},
    {"schema": 2, "seed": "1"}, {"schema": 2, "units": 513}, {"schema": 2, "depth": 0}, {"schema": 2, "gain": 0},
    {"schema": 2, "skip": 1}, {"schema": 2, "sparsity": 0.96}, {"schema": 2, "features": []},
    {"schema": 2, "features": ["x", "x"]}, {"schema": 2, "features": ["w"]}, {"schema": 2, "activation": "tahn"},
    {"schema": 2, "activation": "mix(tanh)"}, {"schema": 2, "activation": "mix(tanh:0, relu)"},
    {"schema": 2, "activation": "mix(tanh, tanh)"}, {"schema": 2, "activation": "mix(tanh, 2*z)"},
    {"schema": 2, "symmetry": "rotate"}, {"schema": 2, "symmetry": "rotate:25"}, {"schema": 2, "symmetry": "none:2"},
    {"schema": 2, "symmetry": "spin"}, {"schema": 2, "latent": "seed:17"}, {"schema": 2, "latent": [11]},
    {"schema": 2, "latent": [0] * 17}, {"schema": 2, "view": {"zoom": 0}}, {"schema": 2, "view": {"scale": 1}},
    {"schema": 2, "view": {"centre": [0]}}, {"schema": 2, "view": {"centre": [0, 101]}}, {"schema": 2, "view": 1},
    {"schema": 2, "colour": "cmyk"}, {"schema": 2, "palette": "nope"}, {"schema": 2, "palette": ["#fff"]},
    {"schema": 2, "palette": ["#fff", "red"]}, {"schema": 2, "gamut": "none"}, {"schema": 2, "finish": {"bands": 1}},
    {"schema": 2, "finish": {"relief": 2}}, {"schema": 2, "fourier": {"count": 65}},
    {"schema": 2, "activation": [f"{i}*z" for i in range(17)]},
]  # fmt: skip


def test_what_is_no_recipe_is_refused_in_one_line(page):
    found = page.evaluate("all => all.map(recipe => attempt(() => checkRecipe(data, recipe)))", BAD_RECIPES)
    for recipe, answer in zip(BAD_RECIPES, found, strict=True):
        with pytest.raises(BadInput):
            Recipe.from_dict(recipe)
        message = answer.get("message", "")
        assert message, recipe
        assert "\n" not in message
        assert len(message) < 600


# The painter


def test_a_part_is_the_same_as_in_the_whole(page):
    recipe = Recipe(seed=3, activation="step", units=6, depth=2, finish={"dither": True})
    for samples in (0, 1):
        whole = picture(page, recipe, 70, 50, samples)
        assert np.array_equal(picture(page, recipe, 70, 50, samples, x=13, y=7, w=31, h=40), whole[7:47, 13:44])


def test_the_canvas_shows_the_picture_and_the_other_one_beside_it(page):
    left, right = Recipe(seed=1, units=6, depth=2), Recipe(seed=2, units=6, depth=2, colour="mono")
    shown = page.evaluate(
        "([a, b]) => { [a, b] = [a, b].map(r => checkRecipe(data, r));"
        " painter.paint(a, { width: 64, height: 40, divider: 0.25, other: b });"
        " const flat = document.createElement('canvas'); flat.width = 64; flat.height = 40;"
        " const pen = flat.getContext('2d'); pen.drawImage(painter.canvas, 0, 0);"
        " return [...pen.getImageData(0, 0, 64, 40).data]; }",
        [left.to_dict(), right.to_dict()],
    )
    shown = np.array(shown).reshape(40, 64, 4)[..., :3]
    assert np.array_equal(shown[:, :16], picture(page, left, 64, 40)[:, :16])
    assert np.array_equal(shown[:, 16:], picture(page, right, 64, 40)[:, 16:])


def test_nothing_is_compiled_when_only_numbers_change(page):
    plain = Recipe(seed=1, units=6, depth=2, activation=("tanh", "relu"), colour="duotone", symmetry="rotate:3")
    picture(page, plain, 8, 8)
    page.evaluate(
        "() => { window.compiled = 0; const gl = painter.gl; const compile = gl.compileShader;"
        " gl.compileShader = (shader) => { window.compiled += 1; compile.call(gl, shader); }; }"
    )
    for change in (
        {"seed": 9}, {"gain": 0.5}, {"latent": (1.0,)}, {"view": {"zoom": 3.0}}, {"palette": "lagoon"}, {"depth": 5},
        {"symmetry": "rotate:7"}, {"sparsity": 0.5},
    ):  # fmt: skip
        assert not np.array_equal(picture(page, plain.replace(**change), 8, 8), picture(page, plain, 8, 8)), change
    assert page.evaluate("compiled") == 0
    picture(page, plain.replace(units=9), 8, 8)
    assert page.evaluate("compiled") == 2
    page.evaluate("() => { delete painter.gl.compileShader; }")


def test_weights_too_many_for_a_uniform_block_come_from_a_texture(page):
    recipe = Recipe(seed=1, units=20, depth=3)
    fitting = picture(page, recipe, 32, 32)
    page.evaluate("() => { window.held = painter.blockSize; painter.blockSize = 1; }")
    assert np.array_equal(picture(page, recipe, 32, 32), fitting)
    page.evaluate("() => { painter.blockSize = held; }")


def test_a_lost_context_comes_back(page):
    script = (
        "async recipe => { const checked = checkRecipe(data, recipe);"
        " const other = new Painter(document.createElement('canvas'), data);"
        " const before = text64(other.pixels(checked, { width: 16, height: 16 }));"
        " const lose = other.gl.getExtension('WEBGL_lose_context'); lose.loseContext();"
        " other.paint(checked, { width: 16, height: 16 });"
        " const restored = new Promise(done => { other.onrestored = done; });"
        " await new Promise(done => other.canvas.addEventListener('webglcontextlost', () => setTimeout(done)));"
        " lose.restoreContext(); await restored;"
        " const after = text64(other.pixels(checked, { width: 16, height: 16 })); other.dispose();"
        " return before === after; }"
    )
    assert page.evaluate(script, Recipe(seed=1, units=6, depth=2).to_dict())


def test_without_webgl2_there_are_plain_words(page):
    message = page.evaluate("attempt(() => new Painter({ getContext: () => null }, data)).message")
    assert "WebGL 2" in message


# PNG files


def download(page, recipe, width, height, **options):
    """The bytes of a PNG that the page made, and the shares of progress that it told."""
    script = (
        "async ([recipe, options]) => { const told = [];"
        " const blob = await pictureBlob(painter, data, checkRecipe(data, recipe), options, s => told.push(s));"
        " return [text64(new Uint8Array(await blob.arrayBuffer())), told, blob.type]; }"
    )
    text, told, kind = page.evaluate(script, [recipe.to_dict(), {"width": width, "height": height, **options}])
    assert kind == "image/png"
    return base64.b64decode(text), told


@pytest.mark.parametrize("title", ["", "Dämmerung, blau", "夕暮れ"])
def test_a_png_carries_its_recipe(page, tmp_path, title):
    recipe = Recipe(seed=3, activation="max(0.1*z, z)", units=8, depth=2, latent=(0.5, -1.0), view={"zoom": 2.0})
    data, told = download(page, recipe, 90, 60, title=title)
    path = tmp_path / "page.png"
    path.write_bytes(data)
    info = read_info(path)
    assert (info.recipe, info.title, info.width, info.height, info.supersample) == (recipe, title, 90, 60, 0)
    assert verify(path).outcome in ("exact", "tolerance")
    save(tmp_path / "ours.png", render(recipe, width=90, height=60), recipe, title=title)
    assert read_info(tmp_path / "ours.png").software == info.software
    with Image.open(path) as picture_file:
        picture_file.load()
        assert (picture_file.mode, picture_file.size) == ("RGB", (90, 60))
    assert told[-1] == 1
    assert told == sorted(told)


def test_tiles_and_bands_meet(page, tmp_path):
    """2,100 pixels are two tiles side by side, and 600 rows of them two bands."""
    recipe = Recipe(seed=3, activation="sine", units=1, depth=1, features=("x", "y"))
    data, told = download(page, recipe, 2100, 600, samples=1)
    (tmp_path / "wide.png").write_bytes(data)
    assert len(told) == 2
    assert verify(tmp_path / "wide.png").outcome in ("exact", "tolerance")


def test_a_download_can_be_stopped(page):
    script = (
        "recipe => { const signal = AbortSignal.abort(new Error('stopped'));"
        " return pictureBlob(painter, data, checkRecipe(data, recipe), { width: 8, height: 8, signal })"
        ".then(() => 'finished', error => error.message); }"
    )
    assert page.evaluate(script, Recipe(units=1, depth=1).to_dict()) == "stopped"


def read_in_page(page, data, name="a.png"):
    script = (
        "async ([text, name]) => { const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));"
        " try { return await readRecipe(new File([bytes], name)); } catch (error) { return error.message; } }"
    )
    return page.evaluate(script, [base64.b64encode(data).decode(), name])


CARRIED = Recipe(seed=5, palette=("#123456", "#fedcba"), activation=("mix(tanh, sine)", "z*z"))
PIXELS = np.zeros((4, 5, 3), np.uint8)


def carrier(format="png", title="", depth=np.uint8):
    """The bytes of a picture that artstudio wrote."""
    return encode_picture(PIXELS.astype(depth), CARRIED, 0, FORMATS[format], title)


@pytest.mark.parametrize("title", ["", "夕暮れ"])
@pytest.mark.parametrize("format", FORMATS)
def test_the_page_reads_what_artstudio_writes(page, format, title):
    if FORMATS[format].feature and not features.check(FORMATS[format].feature):
        pytest.skip(f"this Pillow cannot write {format}")
    for depth in FORMATS[format].depths:
        data = carrier(format, title, np.dtype(f"uint{depth}"))
        assert read_in_page(page, data) == CARRIED.to_dict()


def encode_exif(texts):
    """An EXIF block with texts as artstudio writes them, by Pillow."""
    exif = Image.Exif()
    exif[ExifTags.IFD.Exif] = {ExifTags.Base.UserComment: b"ASCII\0\0\0" + json.dumps(texts).encode()}
    return exif.tobytes()


def png_chunks(data):
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def png_with_text(kind, text, behind=False):
    """A picture with one more chunk, before its image or behind it, and no other text."""
    plain = list(png_chunks(encode_png(PIXELS, {})))
    place = len(plain) - 1 if behind else 1
    return SIGNATURE + b"".join(chunk(*one) for one in [*plain[:place], (kind, text), *plain[place:]])


def with_key(middle, text):
    return b"artstudio:recipe\0" + middle + text


JSON = CARRIED.to_json().encode()
WAYS = {
    "tEXt": (b"tEXt", with_key(b"", JSON)),
    "zTXt": (b"zTXt", with_key(b"\0", zlib.compress(JSON))),
    "iTXt": (b"iTXt", with_key(b"\0\0en\0Rezept\0", JSON)),
    "iTXt, compressed": (b"iTXt", with_key(b"\1\0\0\0", zlib.compress(JSON))),
    "eXIf": (b"eXIf", encode_exif({"artstudio:recipe": JSON.decode()}).removeprefix(b"Exif\0\0")),
}


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_the_page_reads_all_ways_in_which_png_text_travels(page, way, behind):
    assert read_in_page(page, png_with_text(*WAYS[way], behind=behind)) == CARRIED.to_dict()


def saved(picture, format, **options):
    file = BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def test_the_page_reads_pictures_that_another_program_saved_again(page):
    """Pillow keeps texts as they are, and EXIF data where it is asked to; TIFF of 32 bits, in both byte orders."""
    for format in ("jpeg", "webp"):
        with Image.open(BytesIO(carrier(format))) as picture:
            exif = picture.getexif()
            again = [saved(picture, other, exif=exif) for other in ("JPEG", "WEBP", "PNG", "TIFF")]
        assert [read_in_page(page, data) for data in again] == 4 * [CARRIED.to_dict()]
    block = encode_exif({"artstudio:recipe": JSON.decode()})
    for name in (b"", b"Exif\0\0"):  # before the block, as some programs have it, and others not
        part = name + block.removeprefix(b"Exif\0\0")
        jpeg = saved(Image.new("RGB", (4, 4)), "JPEG")
        segment = b"\xff\xe1" + struct.pack(">H", 2 + len(part)) + part
        assert read_in_page(page, jpeg[:2] + segment + jpeg[2:]) == CARRIED.to_dict()
        webp = b"WEBPEXIF" + struct.pack("<I", len(part)) + part
        assert read_in_page(page, b"RIFF" + struct.pack("<I", len(webp)) + webp) == CARRIED.to_dict()
    with Image.open(BytesIO(carrier("tiff"))) as picture:
        text = picture.tag_v2[270]
    described = Image.Exif()
    described[270] = text
    for endian in ("<", ">"):
        described.endian = endian
        block = described.tobytes().removeprefix(b"Exif\0\0")
        assert block[:2] == {"<": b"II", ">": b"MM"}[endian]
        assert read_in_page(page, block) == CARRIED.to_dict()


def test_what_inflates_to_more_than_any_recipe_is_refused(page):
    bomb = zlib.compress(bytes(200 << 20))
    for kind, middle in ((b"zTXt", b"\0"), (b"iTXt", b"\1\0\0\0")):
        message = read_in_page(page, png_with_text(kind, with_key(middle, bomb)))
        assert message == "a.png: expected a recipe of at most 262144 bytes, found a longer one"


def test_other_files_are_refused_in_one_line(page):
    ours = carrier()
    place = ours.index(b"artstudio:recipe")
    nothing = "expected a picture made by artstudio, found one without a recipe"
    plain = Image.new("RGB", (4, 4))
    other = {"artstudio:recipe": 5}
    cases = {
        b"": "expected a PNG, JPEG, WebP, AVIF or TIFF file made by artstudio, found something else",
        b"hello": "expected a PNG, JPEG, WebP, AVIF or TIFF file made by artstudio, found something else",
        encode_png(PIXELS, {}): nothing,
        **{saved(plain, format): nothing for format in ("JPEG", "WEBP", "AVIF", "TIFF")},
        saved(plain, "JPEG", exif=encode_exif(other)): nothing,
        ours[:60]: "damaged PNG file",
        ours[: place + 30] + b"#" + ours[place + 31 :]: "wrong checksum in the tEXt chunk",
        encode_png(PIXELS, {"artstudio:recipe": "{oops"}): "not valid JSON",
        png_with_text(b"zTXt", with_key(b"\0", b"not deflated")): "its recipe cannot be inflated",
    }
    for data, words in cases.items():
        message = read_in_page(page, data)
        assert message.startswith("a.png: ")
        assert words in message
        assert "\n" not in message


@pytest.mark.parametrize("format", some(FORMATS, {"png", "webp"}))
def test_files_cut_or_changed_anywhere_end_in_a_recipe_or_one_line(page, format):
    data = carrier(format)
    generator = np.random.default_rng(1)
    start = max(0, data.find(b"artstudio") - 300)
    for number in range(60):
        place = int(generator.integers(start, min(len(data), start + 700)))
        cut = data[:place]
        changed = (
            cut + bytes(generator.integers(0, 256, 1 + number % 8, np.uint8)) + data[place + 1 + number % 8 :]
        )
        for damaged in (cut, changed):
            found = read_in_page(page, damaged)
            assert isinstance(found, dict) or (found.startswith("a.png: ") and len(found) < 160), found


def test_names_and_errors_are_a_few_plain_words(page):
    """What is not seen, or turns other characters around, is written out."""
    recipe = encode_png(PIXELS, {"artstudio:recipe": "\x1b[31m<img src=x onerror=alert(1)>" + 9000 * "x"})
    message = read_in_page(page, recipe, name="\u202egnp.\x1b]0;\n" + 200 * "n")
    assert message.startswith(r"\u202egnp.\x1b]0; nnn")
    assert message.isprintable()
    assert len(message) < 160
    for value in ("x" * 9000, "\u202e", [9000 * "x"], {"a": 9000 * "x"}, 10**300):
        fields = {"activation": value, "palette": value, "seed": value, "symmetry": value, "features": value}
        for name, given in [*fields.items(), (str(value), 1), ("schema", value)]:
            script = "given => attempt(() => checkRecipe(data, given)).message"
            message = page.evaluate(script, {name: given})
            assert message.isprintable()
            assert len(message) < 1000


# Surprises


def test_where_all_may_change_randomise_draws_from_the_styles(page):
    drawn = page.evaluate(
        """async () => {
        const { randomParts, randomRecipe, randomStream } = await import("./vary.js");
        const random = randomStream(1);
        const trained = { ...data.recipe, weights: "AAAA" };
        return Array.from({ length: 400 }, () => randomRecipe(data, trained, randomParts(data), random));
        }"""
    )
    recipes = [Recipe.from_dict(recipe) for recipe in drawn]
    styles = shipped_styles()
    homes = [[style.name for style in styles.values() if may_come_from(style, r)] for r in recipes]
    assert all(homes)
    assert {name for names in homes for name in names} == set(styles)
    assert len({recipe.seed for recipe in recipes}) == len(recipes)
