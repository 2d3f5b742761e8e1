"""Pictures and loops as sources: what is read back, whatever the format and whoever wrote the file last."""

import json
import os
import random
import shutil
import subprocess
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import pyvips
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from selection import some

import artstudio
from artstudio.errors import ArtstudioError, BadInput
from artstudio.files.encode import FORMATS
from artstudio.files.png.read import read_png_pixels, read_png_text
from artstudio.files.png.write import chunk
from artstudio.files.read import FILMS
from artstudio.motion.film.about import read_about
from artstudio.motion.film.formats import motion_format
from artstudio.motion.film.take import Take
from artstudio.motion.film.verify import verify_loop
from artstudio.pictures.picture import read_info
from artstudio.pictures.source import read_source
from artstudio.pictures.verify import verify

RECIPE = artstudio.Recipe(seed=3, palette="ember")
SIZE = 80, 56

each_format = pytest.mark.parametrize("name", FORMATS)
both_depths = pytest.mark.parametrize("bits", [8, 16])


@pytest.fixture(scope="module")
def painted():
    """The recipe's pixels by bits a sample."""
    return {bits: artstudio.render(RECIPE, width=80, height=56, bit_depth=bits) for bits in (8, 16)}


@pytest.fixture(scope="module")
def loops(tmp_path_factory):
    """A short loop in each format."""
    folder = tmp_path_factory.mktemp("loops")
    made = artstudio.animate(RECIPE, seconds=1, fps=5, width=80, height=56)
    paths = [folder / f"a.{name}" for name in ("gif", "webp", "png", "apng", "mp4", "webm")]
    for path in paths:
        made.save(path)
    return {path.suffix: path for path in paths}


@each_format
def test_a_picture_of_every_format_is_told_verified_and_made_again(run_cli, painted, name):
    path = f"a{FORMATS[name].suffixes[0]}"
    artstudio.save(path, painted[8], RECIPE, title="Rosé → 薔薇")
    about = json.loads(run_cli("info", path, "--json")[1])
    assert (about["format"], about["width"], about["height"], about["title"]) == (name, 80, 56, "Rosé → 薔薇")
    assert artstudio.Recipe.from_dict(about["recipe"]) == RECIPE
    code, out, _ = run_cli("verify", path)
    assert (code, "exact" in out) == (0, FORMATS[name].lossless)
    assert run_cli("render", path, "-o", "b.png")[0] == 0
    assert np.array_equal(read_png_pixels("b.png"), painted[8])


@each_format
def test_a_picture_of_every_format_goes_into_galleries_and_variations(run_cli, painted, name):
    path = f"Änne's best{FORMATS[name].suffixes[0]}"
    artstudio.save(path, painted[8], RECIPE)
    assert run_cli("gallery", path, "-o", "g", "--format", name, "--sheet", "none")[0] == 0
    (made,) = Path("g").glob("*best*")
    info = read_info(made)
    assert (info.recipe, info.width, info.height, info.format) == (RECIPE, *SIZE, name)
    for arguments in (
        ["vary", path],
        ["breed", path, "agate"],
        ["curate", path],
        ["animate", path, "-o", "a.gif"],
    ):
        code, out, err = run_cli(*arguments, "--dry-run")
        assert (code, err, bool(out)) == (0, "", True)


def test_a_gallery_is_planned_in_every_format(run_cli):
    for name in FORMATS:
        code, out, err = run_cli("gallery", "agate", "--format", name, "--dry-run", "-o", "g")
        assert (code, out) == (0, f"render  missing        agate{FORMATS[name].suffixes[0]}\n")
        assert "MB of disk" in err


@pytest.mark.parametrize("suffix", some([".gif", ".webp", ".png", ".apng", ".mp4", ".webm"], {".gif", ".mp4"}))
def test_a_loop_is_told_and_its_picture_is_rendered(run_cli, loops, suffix):
    code, out, _ = run_cli("info", loops[suffix])
    assert code == 0
    assert "80x56" in out
    assert "kind latent" in out
    assert artstudio.load_recipe(loops[suffix]) == RECIPE
    source = read_source(str(loops[suffix]))
    assert (source.recipe, source.size, source.is_loop) == (RECIPE, SIZE, True)
    code, out, _ = run_cli("verify", loops[suffix])
    assert (code, "exact" in out) == (0, suffix in (".png", ".apng"))
    assert run_cli("render", loops[suffix], "-o", "b.png")[0] == 0
    info = read_info("b.png")
    assert (info.recipe, info.width, info.height) == (RECIPE, *SIZE)


@pytest.mark.sweep
@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".mp4"])
def test_a_loop_of_other_pictures_or_too_few_differs(tmp_path, loops, suffix):
    about = read_about(loops[suffix])
    made = artstudio.animate(about.recipe, loop=about.loop, seconds=1, fps=5, width=80, height=56)
    frames = [made.frame(number) for number in range(5)]
    for shown, words in (([255 - frame for frame in frames], "root mean square"), (frames[:2], "are missing")):
        path = tmp_path / f"{len(shown)}{suffix}"
        take = Take(80, 56, 5, len(shown), 75, about.text(), frames.__getitem__)
        motion_format(path).write(path, iter(shown), take)
        verdict = verify_loop(path)
        assert verdict.outcome == "differs"
        assert words in verdict.detail


# --- size, bits and samples -------------------------------------------------------------------------------


def test_a_picture_brings_its_size_bits_and_samples_along(run_cli):
    options = ("--size", "80x56", "--bit-depth", 16, "--supersample", 2)
    assert run_cli("render", "-s", 3, *options, "-o", "a.png")[0] == 0
    assert run_cli("render", "a.png", "-o", "same.png")[0] == 0
    assert Path("same.png").read_bytes() == Path("a.png").read_bytes()
    other = ("--size", "20x10", "--bit-depth", 8, "--supersample", "auto")
    assert run_cli("render", "a.png", *other, "-o", "other.png")[0] == 0
    info = read_info("other.png")
    assert (info.width, info.height, info.bits, info.supersample) == (20, 10, 8, 0)
    assert run_cli("render", "a.png", "-o", "a.jpg")[0] == 0  # the suffix says that it is to have 8 bits
    assert (read_info("a.jpg").width, read_info("a.jpg").supersample) == (80, 2)


def test_a_gallery_paints_pictures_in_their_size_and_presets_in_its_own(run_cli):
    run_cli("render", "-s", 3, "--size", "80x56", "--supersample", 2, "-o", "a.png")
    options = ("--sheet", "none", "--no-page", "--json")
    assert run_cli("gallery", "a.png", "-o", "g", *options)[0] == 0
    info = read_info("g/a.png")
    assert (info.width, info.height, info.supersample) == (80, 56, 2)
    assert run_cli("gallery", "a.png", "agate", "--size", "24x16", "-o", "h", *options)[0] == 0
    assert [read_info(f"h/{name}.png").width for name in ("a", "agate")] == [24, 24]


def test_variations_have_the_size_of_their_parent(run_cli):
    run_cli("render", "-s", 3, "--size", "80x56", "-o", "a.png")
    assert run_cli("vary", "a.png", "--count", 1, "-o", "v")[0] == 0
    assert run_cli("vary", "a.png", "--count", 1, "--size", "24x16", "-o", "w")[0] == 0
    assert [read_info(f"{folder}/variation-1.png").width for folder in "vw"] == [80, 24]


def test_a_gallery_does_not_replace_the_picture_that_it_starts_from(run_cli):
    run_cli("render", "-s", 3, "--size", "80x56", "-o", "a.png")
    before = Path("a.png").read_bytes()
    code, out, err = run_cli("gallery", "a.png", "--palette", "ember", "-o", ".")
    assert (code, out) == (2, "")
    assert "a.png: would be replaced by a picture made from it" in err
    assert Path("a.png").read_bytes() == before


# --- other programs ---------------------------------------------------------------------------------------


def by_command(*command):
    """A function that lets another program write the picture anew, if it is installed."""

    def rewrite(data, folder):
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed")
        (folder / "in.png").write_bytes(data)
        (folder / "out.png").unlink(missing_ok=True)
        arguments = [part.format(old=folder / "in.png", new=folder / "out.png") for part in command]
        subprocess.run(arguments, check=True, capture_output=True)
        return (folder / "out.png").read_bytes()

    return rewrite


def by_pillow(add, **options):
    def rewrite(data, folder):
        with Image.open(BytesIO(data)) as image:
            if image.mode != "RGB" or data[24] != 8:
                pytest.skip("Pillow keeps 8 bits")
            texts = PngInfo()
            for keyword, text in image.text.items():
                getattr(texts, add)(keyword, text, zip=True)
            buffer = BytesIO()
            image.save(buffer, "PNG", pnginfo=texts, **options)
        return buffer.getvalue()

    return rewrite


def by_oxipng(data, folder):
    return pytest.importorskip("oxipng").optimize_from_memory(data, level=2)


def by_libvips(**options):
    """Pixels by libvips, without text; the texts compressed behind them."""

    def rewrite(data, folder):
        bare = pyvips.Image.new_from_buffer(data, "").pngsave_buffer(**options, strip=True)
        texts = [
            chunk(b"zTXt", keyword.encode("latin-1") + b"\0\0" + zlib.compress(text.encode("latin-1")))
            for keyword, text in read_png_text(data).text.items()
        ]
        return bare[:-12] + b"".join(texts) + bare[-12:]

    return rewrite


PROGRAMS = {
    "ImageMagick": by_command("convert", "{old}", "{new}"),
    "ImageMagick, interlaced": by_command("convert", "{old}", "-interlace", "PNG", "{new}"),
    "pngcrush": by_command("pngcrush", "-q", "{old}", "{new}"),
    "optipng": by_command("optipng", "-quiet", "-o2", "{old}", "-out", "{new}"),
    "oxipng": by_oxipng,
    "Pillow, zTXt": by_pillow("add_text", optimize=True),
    "Pillow, iTXt": by_pillow("add_itxt", compress_level=0),
    "libvips, Paeth": by_libvips(filter="paeth"),
    "libvips, interlaced": by_libvips(interlace=True),
}


@both_depths
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_png_that_another_program_wrote_anew_is_exact_until_a_pixel_changes(tmp_path, painted, program, bits):
    path = tmp_path / "a.png"
    artstudio.save(path, painted[bits], RECIPE)
    data = PROGRAMS[program](path.read_bytes(), tmp_path)
    path.write_bytes(data)
    assert read_info(path).recipe == RECIPE
    assert verify(path).outcome == "exact"
    touched = painted[bits].copy()
    touched[10, 10, 1] ^= 1
    artstudio.save(path, painted[bits], RECIPE, overwrite=True)
    texts = path.read_bytes()
    artstudio.save(path, touched, RECIPE, overwrite=True)
    # The touched pixels with the untouched ones' record.
    start, image = texts[: texts.index(b"IDAT") - 4], path.read_bytes()
    path.write_bytes(PROGRAMS[program](start + image[image.index(b"IDAT") - 4 :], tmp_path))
    assert verify(path).outcome == "differs"


@pytest.mark.parametrize("name", [name for name, record in FORMATS.items() if not record.lossless])
def test_a_lossy_picture_is_within_tolerance_until_it_is_painted_over(tmp_path, painted, name):
    path = tmp_path / f"a{FORMATS[name].suffixes[0]}"
    artstudio.save(path, painted[8], RECIPE)
    found = verify(path)
    assert found.outcome == "tolerance"
    assert "root mean square" in found.detail
    over = painted[8].copy()
    over[:28] = 255 - over[:28]
    artstudio.save(path, over, RECIPE, overwrite=True)
    assert verify(path).outcome == "differs"
    artstudio.save(path, painted[8], artstudio.Recipe(seed=4, palette="ember"), overwrite=True)
    assert verify(path).outcome == "differs"


# --- damaged and hostile files ----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".avif", ".tif", ".gif", ".mp4", ".webm"])
def test_a_damaged_file_is_read_or_refused_in_one_line(tmp_path, painted, loops, suffix):
    path = tmp_path / f"a{suffix}"
    if suffix in loops:
        path = loops[suffix]
    else:
        artstudio.save(path, painted[8], RECIPE)
    whole = path.read_bytes()
    rng = random.Random(5)
    for number in range(60):
        data = bytearray(whole[: rng.randrange(len(whole))] if number % 3 == 0 else whole)
        for _ in range(rng.randrange(1, 20) if data else 0):
            data[rng.randrange(len(data))] = rng.randrange(256)
        (tmp_path / "damaged").write_bytes(data)
        with suppress(ArtstudioError):  # anything else is a fault
            assert read_info(tmp_path / "damaged").width > 0


@pytest.mark.parametrize(
    "start",
    [
        b"", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8L", b"\0\0\0\x20ftypavif", b"GIF89a", b"\0\0\0\x20ftypisom",
        b"\x1aE\xdf\xa3", b"II*\0", b"#EXTM3U\n/etc/passwd\n",
    ],
)  # fmt: skip
def test_only_the_beginning_of_a_file_is_refused(tmp_path, start):
    (tmp_path / "a").write_bytes(start)
    with pytest.raises(BadInput, match=str(tmp_path)):
        read_info(tmp_path / "a")


def test_each_format_begins_in_a_way_of_its_own(painted, loops):
    files = {name: record.encode(painted[8], {}) for name, record in FORMATS.items()}
    files |= {film.name: loops[f".{film.name}"].read_bytes() for film in FILMS}
    for name, data in files.items():
        known = (*FORMATS.values(), *FILMS)
        assert [record.name for record in known if record.magic.match(data[:16])] == [name]


@pytest.mark.parametrize(
    "command",
    [
        "info {}", "verify {}", "render {}", "gallery {}", "vary {}", "breed {} agate", "curate {}", "animate {}",
        "palettes --from {}", "render -p image:{}", "presets {}.toml", "gallery {}.toml", "render {}.toml:a",
        "animate agate --keys {}", "deck a.pptx --template {}",
    ],
)  # fmt: skip
def test_a_pipe_or_a_device_is_refused_and_never_waited_for(run_cli, command):
    for suffix in ("", ".toml"):
        os.mkfifo(f"pipe{suffix}")
        os.symlink("/dev/zero", f"device{suffix}")
    for name in ("pipe", "device"):
        code, out, err = run_cli(*command.format(name).split())
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"expected a regular file, found a {name}" in err


def test_a_manifest_that_is_a_pipe_is_refused_by_commands_and_passed_over_by_the_studio(run_cli, painted):
    from artstudio.pages.shelf import Shelf

    Path("g").mkdir()
    os.mkfifo("g/manifest.jsonl")
    artstudio.save("g/a.png", painted[8], RECIPE)
    os.mkfifo("g/b.png")
    for arguments in (["--dry-run"], []):
        code, out, err = run_cli("gallery", "agate", "--size", "8x8", "-o", "g", *arguments)
        assert (code, out) == (2, "")
        assert err == "artstudio: g/manifest.jsonl: expected a regular file, found a pipe\n"
    assert [picture["path"] for picture in Shelf(Path("g")).pictures("")] == ["a.png"]
    for name in (".artstudio.lock", "agate.png"):
        Path("h").mkdir(exist_ok=True)
        os.mkfifo(f"h/{name}")
        assert run_cli("gallery", "agate", "--size", "8x8", "-o", "h")[0] in (2, 3)
        os.unlink(f"h/{name}")
