"""Every command, as a person would type it: what it prints, what it writes, how it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import mpmath
import numpy as np
import pytest
from PIL import Image
from selection import some

import artstudio
from artstudio.cli import cli
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.palettes import PALETTES
from artstudio.presets.collections import shipped_presets

COMMANDS = list(cli._modules)


def test_help_lists_every_command_and_needs_no_jax():
    code = (
        "import sys; from artstudio.__main__ import main; code = main(['--help'])\n"
        "heavy = {'jax', 'matplotlib', 'numpy', 'pydantic', 'PIL'} & set(sys.modules); print('LOADED', heavy)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(name in result.stdout for name in COMMANDS)
    assert "LOADED set()" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    some(
        [["activations"], ["presets"], ["palettes"], ["--version"], ["render", "--help"]],
        [["presets"], ["render", "--help"]],
    ),
)
def test_listings_need_no_jax_and_no_matplotlib(arguments):
    code = (
        f"import sys; from artstudio.__main__ import main; code = main({arguments!r})\n"
        "print('LOADED', {'jax', 'matplotlib'} & set(sys.modules), code)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "LOADED set() 0" in result.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_every_option_a_text(name):
    command = cli.get_command(None, name)
    assert "artstudio " in command.help
    for parameter in command.get_params(click.Context(command)):
        if parameter.param_type_name == "option":
            assert parameter.help, parameter.name


def test_render_writes_a_picture_that_can_be_made_again(run_cli):
    code, out, err = run_cli("render", "-a", "sin", "--seed", 7, "--size", "64x48", "-o", "a.png")
    assert (code, out, err) == (0, "a.png\n", "")
    with Image.open("a.png") as picture:
        assert picture.size == (64, 48)
        first = np.asarray(picture)
    code, out, _ = run_cli("render", "a.png", "--size", "64x48", "-o", "b.png")
    assert code == 0
    with Image.open("b.png") as picture:
        assert np.array_equal(np.asarray(picture), first)
    assert artstudio.load_recipe("b.png") == artstudio.Recipe(seed=7, activation="sine")


def test_render_without_a_seed_draws_one_and_says_it(run_cli):
    code, out, err = run_cli("render", "--size", "16x16")
    assert code == 0
    seed = int(err.removeprefix("seed "))
    assert out == f"outputs/tanh-{seed}.png\n"
    assert artstudio.load_recipe(out.strip()).seed == seed


def test_render_takes_a_preset_a_toml_file_and_overrides(run_cli):
    name, preset = next(iter(shipped_presets().items()))
    assert run_cli("render", name, "--size", "16x16", "--gain", "0.5")[0] == 0
    assert artstudio.load_recipe(f"outputs/{name}.png") == preset.recipe.replace(gain=0.5)
    Path("mine.toml").write_text("[one]\nseed = 3\n[two]\nseed = 4\n", encoding="utf-8")
    assert run_cli("render", "mine.toml:two", "--size", "16x16", "-o", "two.png", "--zoom", "2")[0] == 0
    recipe = artstudio.load_recipe("two.png")
    assert (recipe.seed, recipe.view.zoom) == (4, 2.0)
    code, _, err = run_cli("render", "mine.toml", "--size", "16x16")
    assert code == 2
    assert "choose one, as in mine.toml:one" in err


def test_render_to_stdout_is_the_picture_and_nothing_else(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "artstudio", "render", "--size", "20x10", "-o", "-"],
        capture_output=True,
        cwd=tmp_path,
    )
    assert result.returncode == 0
    (tmp_path / "x.png").write_bytes(result.stdout)
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (20, 10)
    assert result.stderr.startswith(b"seed ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.png"]


@pytest.mark.parametrize(("suffix", "kind"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP"), ("avif", "AVIF")])
def test_render_writes_every_format(run_cli, suffix, kind):
    assert run_cli("render", "--seed", 1, "--size", "40x30", "-o", f"a.{suffix}")[0] == 0
    with Image.open(f"a.{suffix}") as picture:
        assert (picture.format, picture.size) == (kind, (40, 30))


def test_render_json_is_one_document(run_cli):
    code, out, _ = run_cli("render", "--seed", 1, "--size", "16x16", "-o", "a.png", "--json")
    about = json.loads(out)
    assert code == 0
    assert artstudio.Recipe.from_dict(about["recipe"]).digest == about["digest"]
    assert about["bytes"] == Path("a.png").stat().st_size


def test_a_dry_run_of_render_says_what_would_be_written_and_writes_nothing(run_cli, tmp_path):
    arguments = ("render", "-s", 7, "-a", "step", "--size", "64x48", "-n")
    code, out, _ = run_cli(*arguments)
    assert (code, out) == (0, "would write outputs/step-7.png: 64x48, 0.00307 megapixels, 8 bits per channel\n")
    code, out, _ = run_cli(*arguments, "--json")
    plan = json.loads(out)
    assert (code, plan["path"], plan["recipe"]["seed"]) == (0, "outputs/step-7.png", 7)
    assert list(tmp_path.iterdir()) == []
    Path("a.png").write_bytes(b"old")
    code, _, err = run_cli(*arguments, "-o", "a.png")
    assert code == 2
    assert "exists already" in err


def test_gallery_renders_its_presets_a_sheet_and_a_manifest(run_cli):
    names = list(shipped_presets())[:3]
    code, out, err = run_cli("gallery", *names, "--size", "64x36", "-o", "g")
    assert code == 0
    assert out == "g/index.html\n"
    assert "3 pictures" in err
    expected = {f"{name}.png" for name in names} | {"contact-sheet.png", "index.html", "manifest.jsonl"}
    assert {path.name for path in Path("g").iterdir()} >= expected
    lines = [json.loads(line) for line in Path("g/manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {line["name"] for line in lines} == set(names)
    for name in names:
        assert artstudio.load_recipe(f"g/{name}.png") == shipped_presets()[name].recipe


def test_gallery_renders_a_file_of_presets_in_another_format(run_cli):
    Path("mine.toml").write_text('title = "Mine"\n[one]\nseed = 3\n[two]\nactivation = "step"\n', encoding="utf-8")
    code, out, _ = run_cli("gallery", "mine.toml", "--size", "32x32", "--format", "webp", "-o", "g", "--json")
    assert code == 0
    assert sorted(p["name"] for p in json.loads(out)["pictures"]) == ["one", "two"]
    with Image.open("g/two.webp") as picture:
        assert picture.format == "WEBP"


def test_listings_are_complete_in_text_and_json(run_cli):
    for command, names in (("activations", ACTIVATIONS), ("palettes", PALETTES), ("presets", shipped_presets())):
        code, text, _ = run_cli(command)
        assert code == 0
        assert all(name in text for name in names)
        listed = json.loads(run_cli(command, "--json")[1])
        assert len(listed) == len(names)


def test_evaluate_prints_value_and_slope(run_cli):
    code, out, _ = run_cli("evaluate", "sigmoid", "-5", "0", "5", "--json")
    rows = json.loads(out)["values"]
    assert code == 0
    for row in rows:
        exact = mpmath.diff(lambda z: 1 / (1 + mpmath.exp(-z)), row["z"])
        assert row["slope"] == pytest.approx(float(exact), abs=2e-7)
    assert "0.00664" in run_cli("evaluate", "sigmoid", "-5")[1]


def test_evaluate_softmax_takes_the_scores_together(run_cli):
    _, out, _ = run_cli("evaluate", "softmax", "2.0", "1.0", "0.1", "--json")
    assert [round(row["f"], 3) for row in json.loads(out)["values"]] == [0.659, 0.242, 0.099]


def test_info_prints_the_recipe(run_cli):
    run_cli("render", "--seed", 99, "--size", "16x16", "-o", "a.png")
    code, out, _ = run_cli("info", "a.png", "--json")
    about = json.loads(out)
    assert (code, about["width"], about["recipe"]["seed"]) == (0, 16, 99)
    assert "99" in run_cli("info", "a.png")[1]


def test_verify_says_exact_and_differs(run_cli):
    run_cli("render", "--seed", 99, "-a", "step", "--size", "64x64", "-o", "a.png")
    code, out, _ = run_cli("verify", "a.png")
    assert (code, out) == (0, "a.png: exact: every pixel is the same\n")
    with Image.open("a.png") as picture:
        text = picture.info
        changed = np.array(picture)
    changed[5, 5] ^= 255
    from artstudio.files.png.write import encode_png

    Path("b.png").write_bytes(encode_png(changed, {k: v for k, v in text.items() if k.startswith("artstudio")}))
    code, out, _ = run_cli("verify", "a.png", "b.png", "--json")
    assert code == 1
    assert [v["outcome"] for v in json.loads(out)] == ["exact", "differs"]


def test_verify_allows_the_rounding_of_another_machine(run_cli):
    from artstudio.pictures.picture import save
    from artstudio.pictures.verify import verify

    recipe = artstudio.Recipe(seed=4)
    pixels = artstudio.render(recipe, width=64, height=64)
    pixels[::8, ::8, 0] += 1
    save("rounded.png", pixels, recipe)
    assert verify("rounded.png").outcome == "tolerance"
    pixels[::2] += 9
    save("other.png", pixels, recipe)
    assert verify("other.png").outcome == "differs"


def test_completion_scripts_are_printed(run_cli):
    for shell in ("zsh", "fish"):
        code, out, _ = run_cli("completion", shell)
        assert code == 0
        assert "_ARTSTUDIO_COMPLETE" in out


def bad_files(folder):
    (folder / "x.jpg.png").write_bytes(b"\xff\xd8\xff\xe0 not a png")
    (folder / "empty.png").write_bytes(b"")
    Image.new("RGB", (4, 4)).save(folder / "plain.png")
    (folder / "broken.toml").write_text("[a]\nseed = = 3\n", encoding="utf-8")
    (folder / "exists.png").write_bytes(b"mine")
    (folder / "file").write_bytes(b"")
    from artstudio.files.png.write import encode_png

    newer = {"artstudio:recipe": '{"schema":99}', "artstudio:render": "{}"}
    (folder / "newer.png").write_bytes(encode_png(np.zeros((2, 2, 3), np.uint8), newer))


BAD = [
    (["render", "-a", "tahn"], 2, "unknown activation 'tahn'; did you mean 'tanh'"),
    (["render", "--size", "-5x5"], 2, "size: expected WIDTHxHEIGHT"),
    (["render", "--size", "0x5"], 2, "size: expected at least 1x1 pixels, found 0x5"),
    (["render", "--seed", "-1"], 2, "seed: expected at least 0, found -1"),
    (["render", "--seed", "4294967296"], 2, "seed: expected at most 4294967295"),
    (["render", "--seed", "x"], 2, "'x' is not a valid integer"),
    (["render", "--gain", "nan"], 2, "gain: expected a finite number"),
    (["render", "--supersample", "99"], 2, "supersample: expected auto or 1 to 16, found 99"),
    (["render", "--centre", "1"], 2, "view.centre"),
    (["render", "--latent", "a"], 2, "expected numbers separated by commas, found 'a'"),
    (["render", "--palette", "#fff,#zzz"], 2, "expected hex colours"),
    (["render", "--symmetry", "rotate:99"], 2, "needs a number from 2 to 24"),
    (["render", "--size", "8x8", "-o", "exists.png"], 2, "exists.png exists already; --force replaces it"),
    (["render", "--size", "8x8", "-o", "x.bmp"], 2, "bmp"),
    (["render", "--size", "8x8", "-o", "none/x.png"], 1, "none"),
    (["render", "--size", "8x8", "-o", "file/x.png"], 1, "file"),
    (["render", "--size", "70000x1", "-o", "x.jpg"], 2, "65"),
    (["render", "no-such-preset"], 2, "unknown preset 'no-such-preset'"),
    (["render", "none.png"], 1, "none.png"),
    (["render", "broken.toml:a"], 2, "broken.toml: not valid TOML: Invalid value (at line 2, column 8)"),
    (["render", "none.toml:a"], 1, "none.toml: cannot be read"),
    (["gallery", "no-such-preset"], 2, "unknown preset 'no-such-preset'"),
    (["gallery", "--format", "bmp"], 2, "bmp"),
    (["gallery", "-o", "file"], 1, "file: cannot be made a folder"),
    (["gallery", "--workers", "0"], 2, "--workers"),
    (["info", "none.png"], 1, "none.png"),
    (["info", "x.jpg.png"], 2, "x.jpg.png: cannot be read as a picture"),
    (["info", "empty.png"], 2, "empty.png: expected a picture or loop made by artstudio, found an empty file"),
    (
        ["info", "plain.png"],
        2,
        "plain.png: expected a picture or loop made by artstudio, found one without a recipe",
    ),
    (["info", "newer.png"], 2, "newer.png: recipe: written with recipe schema 99"),
    (["verify", "plain.png"], 2, "without a recipe"),
    (["verify"], 2, "IMAGE"),
    (["evaluate", "sigmoid"], 2, "Z"),
    (["evaluate", "sigmoid", "x"], 2, "'x' is not a valid float"),
    (["evaluate", "sigmod", "1"], 2, "did you mean 'sigmoid'"),
    (["presets", "none.toml"], 1, "none.toml: cannot be read"),
    (["completion", "tcsh"], 2, "tcsh"),
    (["rendr"], 2, "unknown command 'rendr'; did you mean 'render'"),
    (["render", "--sead", "3"], 2, "--sead"),
]


@pytest.mark.parametrize(("arguments", "exit_code", "message"), BAD, ids=[" ".join(case[0]) for case in BAD])
def test_bad_input_gets_one_line_the_right_code_and_writes_nothing(run_cli, arguments, exit_code, message):
    bad_files(Path())
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    code, out, err = run_cli(*arguments)
    assert (code, out) == (exit_code, "")
    assert err.startswith("artstudio: ")
    assert err.count("\n") == 1
    assert message in err
    assert "Traceback" not in err
    assert {path.name: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before
    assert not any(any(path.iterdir()) for path in Path().iterdir() if path.is_dir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused(run_cli):
    Path("locked").mkdir(mode=0o500)
    code, _, err = run_cli("render", "--size", "8x8", "-o", "locked/a.png")
    assert code == 1
    assert "locked" in err


def test_an_error_of_ours_is_one_line_too(run_cli, monkeypatch):
    import artstudio.engine.render

    def broken(*args, **kwargs):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(artstudio.engine.render, "render", broken)
    code, _, err = run_cli("render", "--seed", 1, "-o", "a.png")
    assert code == 1
    assert err == "artstudio: internal error: RuntimeError: two lines (ARTSTUDIO_DEBUG=1 shows where)\n"
    assert not Path("a.png").exists()


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m artstudio activations --json | head -c 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert result.stderr == ""


def test_a_gpu_that_is_not_there_is_one_clear_line(run_cli, tmp_path):
    import jax

    if jax.default_backend() == "gpu":
        pytest.skip("this machine has a GPU")
    code, out, err = run_cli("render", "-s", 1, "--size", "8x8", "--device", "gpu", "-o", "a.png")
    assert (code, out) == (2, "")
    assert "expected a GPU that JAX can use, found none" in err
    assert list(tmp_path.iterdir()) == []
    assert run_cli("render", "-s", 1, "--size", "8x8", "--device", "cpu", "-o", "a.png")[0] == 0


@pytest.mark.parametrize(
    ("complete", "some"),
    [
        ("complete_theme", {"light", "transparent-dark"}), ("complete_page", {"slide", "a3"}),
        ("complete_topic", {"vanishing", "all"}), ("complete_easing", {"sine", "hold"}), ("complete_init", {"he"}),
    ],
)  # fmt: skip
def test_completion_knows_themes_sizes_topics_and_easings_without_jax_or_matplotlib(complete, some):
    code = (
        "import sys\nfrom artstudio.cli import options\n"
        f"print([item.value for item in options.{complete}(None, None, '')])\n"
        "print([name for name in ('jax', 'matplotlib') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names, heavy = result.stdout.splitlines()
    assert some <= set(eval(names))
    assert heavy == "[]"


def test_the_library_speaks_of_arguments_and_the_command_line_of_options(run_cli):
    from artstudio.files.atomic import check_writable_target

    Path("a.png").write_bytes(b"")
    with pytest.raises(artstudio.BadInput, match="overwrite=True replaces it"):
        check_writable_target(Path("a.png"), overwrite=False)
    _, _, err = run_cli("plot", "tanh", "-o", "a.png")
    assert err == "artstudio: a.png exists already; --force replaces it\n"


def test_everything_at_the_top_level_is_there():
    assert {"Warp", "Fourier", "Finish", "Exhibit", "curate", "vary", "breed", "deck"} <= set(artstudio.__all__)
    for name in artstudio.__all__:
        assert getattr(artstudio, name) is not None
