"""BigTIFF and 16 bits a sample: other decoders read what we write; what we read cannot hurt us."""

import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import pyvips
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import artstudio
from artstudio.errors import BadInput
from artstudio.files.encode import FORMATS
from artstudio.files.png import write as png
from artstudio.files.png.read import read_png_text
from artstudio.files.png.rows import read_png_rows
from artstudio.files.tiff import write as tiff
from artstudio.files.tiff.read import read_tiff_info, read_tiff_rows
from artstudio.pictures.verify import verify
from artstudio.spaces import SRGB

TEXT = {"Title": "Rosé → 薔薇", "artstudio:recipe": '{"seed":7}'}

deep_formats = pytest.mark.parametrize("name", [name for name, record in FORMATS.items() if 16 in record.depths])
both_depths = pytest.mark.parametrize("bits", [8, 16])


def picture(height, width, bits):
    pixels = np.random.default_rng(5).integers(0, 2**bits, (height, width, 3), dtype=f"uint{bits}")
    pixels[: height // 2] = np.arange(width, dtype=pixels.dtype)[:, None] * 3  # half noise, half a ramp
    return pixels


def by_vips(data):
    """Pixels as libvips decodes them: libpng and libtiff underneath."""
    return pyvips.Image.new_from_buffer(data, "").numpy()


@deep_formats
@both_depths
@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (33, 57), (300, 2001)])
def test_libvips_sees_every_bit(name, bits, shape):
    pixels = picture(*shape, bits)
    found = by_vips(FORMATS[name].encode(pixels, TEXT))
    assert found.dtype == pixels.dtype
    assert np.array_equal(found, pixels)


@both_depths
def test_tifffile_sees_a_big_tiff_with_text_and_resolution(bits):
    pixels = picture(50, 70, bits)
    with tifffile.TiffFile(BytesIO(FORMATS["tiff"].encode(pixels, TEXT | {"Software": "artstudio 1"}))) as file:
        page = file.pages[0]
        assert file.is_bigtiff
        assert len(file.pages) == 1
        assert page.photometric.name == "RGB"
        assert page.tags["Software"].value == "artstudio 1"
        assert page.tags["XResolution"].value == (300, 1)
        assert json.loads(page.description) == TEXT | {"Software": "artstudio 1"}
        assert np.array_equal(page.asarray(), pixels)


def test_pillow_sees_the_8_bit_one():
    pixels = picture(50, 70, 8)
    with Image.open(BytesIO(FORMATS["tiff"].encode(pixels, TEXT))) as image:
        assert np.array_equal(np.asarray(image), pixels)


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from([8, 16]), st.integers(1, 60))
def test_what_is_written_is_read_back_in_any_strips(height, width, bits, strip):
    pixels = picture(height, width, bits)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiff, "_STRIP", strip)
        data = FORMATS["tiff"].encode(pixels, TEXT)
    assert np.array_equal(by_vips(data), pixels)


@deep_formats
@both_depths
def test_rows_are_read_back(tmp_path, name, bits):
    pixels = picture(120, 3000, bits)
    path = tmp_path / "a"
    path.write_bytes(FORMATS[name].encode(pixels, TEXT))
    strips = read_png_rows(path) if name == "png" else read_tiff_rows(path, read_tiff_info(path))
    assert np.array_equal(np.concatenate(list(strips)), pixels)


def rows_of(path):
    """All rows, or the clear refusal."""
    try:
        return np.concatenate(list(read_tiff_rows(path, read_tiff_info(path))))
    except BadInput as error:
        return str(error)


def test_a_tiff_cut_anywhere_is_refused(tmp_path):
    pixels = picture(9, 11, 8)
    data = FORMATS["tiff"].encode(pixels, TEXT)
    path = tmp_path / "a.tif"
    for length in range(len(data)):
        path.write_bytes(data[:length])
        assert isinstance(rows_of(path), str) or length > len(data) - 20 - len(
            SRGB.icc
        )  # Software and profile, not needed


def test_a_tiff_with_a_flipped_bit_gives_its_pixels_or_a_refusal(tmp_path):
    pixels = picture(9, 11, 8)
    data = FORMATS["tiff"].encode(pixels, TEXT)
    path = tmp_path / "a.tif"
    refused = 0
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1 :])
        found = rows_of(path)
        refused += isinstance(found, str)
        assert isinstance(found, str) or found.dtype in (np.uint8, np.uint16)
    assert refused > 300


@pytest.mark.parametrize("filter_type", ["none", "sub", "up", "avg", "paeth"])
def test_a_16_bit_png_of_another_program_is_read_or_refused_in_one_line(tmp_path, filter_type):
    pixels = picture(30, 40, 16)
    path = tmp_path / "a.png"
    pyvips.Image.new_from_array(pixels, interpretation="rgb16").pngsave(str(path), filter=filter_type)
    if filter_type in ("none", "sub", "up"):
        assert np.array_equal(np.concatenate(list(read_png_rows(path))), pixels)
    else:
        with pytest.raises(BadInput, match="another program compressed this one anew"):
            list(read_png_rows(path))


@deep_formats
def test_a_16_bit_picture_renders_is_told_verified_and_made_again(run_cli, name):
    suffix = FORMATS[name].suffixes[0]
    arguments = ["-a", "tanh", "--seed", 3, "--size", "60x40", "--bit-depth", 16]
    assert run_cli("render", *arguments, "-o", f"a{suffix}")[0] == 0
    recipe = artstudio.Recipe(seed=3)
    wanted = artstudio.render(recipe, width=60, height=40, bit_depth=16)
    assert np.array_equal(by_vips(Path(f"a{suffix}").read_bytes()), wanted)
    assert (wanted % 257).any()  # more than 8 bits spread out
    assert "60x40, 16 bits" in run_cli("info", f"a{suffix}")[1]
    assert "exact" in run_cli("verify", f"a{suffix}")[1]
    assert run_cli("render", f"a{suffix}", "--size", "60x40", "-o", "b.png")[0] == 0
    assert artstudio.load_recipe("b.png") == artstudio.load_recipe(f"a{suffix}") == recipe


@deep_formats
def test_verify_measures_16_bits_in_levels_of_255(tmp_path, name):
    recipe = artstudio.Recipe(seed=4)
    pixels = artstudio.render(recipe, width=64, height=64, bit_depth=16)
    path = tmp_path / f"a{FORMATS[name].suffixes[0]}"
    moved = np.where(pixels < 60_000, pixels + 200, pixels)
    artstudio.save(path, moved.astype(np.uint16), recipe)
    assert verify(path).outcome == "tolerance"
    artstudio.save(path, np.where(pixels < 60_000, pixels + 600, pixels).astype(np.uint16), recipe, overwrite=True)
    assert verify(path).outcome == "differs"


@pytest.mark.parametrize("name", [name for name, record in FORMATS.items() if 16 not in record.depths])
def test_a_format_of_8_bits_says_which_can_hold_16(run_cli, name):
    suffix = FORMATS[name].suffixes[0]
    code, out, err = run_cli("render", "--bit-depth", 16, "-s", 1, "-o", f"a{suffix}")
    assert (code, out) == (2, "")
    assert f"{name}: expected 8 bits a sample, found 16; png or tiff can hold them" in err


def test_a_tiff_of_another_program_is_refused_in_one_line(run_cli):
    tifffile.imwrite("plain.tif", picture(4, 4, 8))
    tifffile.imwrite("big.tif", picture(4, 4, 8), bigtiff=True)
    Path("cut.tif").write_bytes(b"II+\0")
    for path in ("plain.tif", "big.tif", "cut.tif"):
        for command in ("info", "verify", "render"):
            code, out, err = run_cli(command, path)
            assert (code, out, err.count("\n")) == (2, "", 1)
            assert f"{path}: expected a BigTIFF made by artstudio" in err


@pytest.mark.parametrize(
    "options", [{"filter": "paeth"}, {"filter": "avg"}, {"interlace": True}, {"compression": 9}]
)
def test_verify_takes_an_8_bit_png_that_another_program_compressed_anew(tmp_path, options):
    recipe = artstudio.Recipe(seed=4)
    path = tmp_path / "a.png"
    decoded = artstudio.render(recipe, width=64, height=48)
    artstudio.save(path, decoded, recipe)
    bare = pyvips.Image.new_from_array(decoded, interpretation="srgb").pngsave_buffer(**options)
    texts = read_png_text(path).text.items()
    chunks = b"".join(png.chunk(b"tEXt", f"{key}\0{value}".encode("latin-1")) for key, value in texts)
    path.write_bytes(bare[:33] + chunks + bare[33:])
    assert verify(path).outcome == "exact"
