"""PNG files: any decoder reads what we write; what we read cannot hurt us."""

import functools
import hashlib
import itertools
import os
import struct
import subprocess
import sys
import tracemalloc
import zlib
from io import BytesIO

import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from selection import some

from artstudio.errors import BadInput, FileProblem
from artstudio.files.png import read as png_read
from artstudio.files.png import write as png

SIGNATURE = b"\x89PNG\r\n\x1a\n"

pixel_arrays = arrays.arrays(
    np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.sampled_from([1, 3, 4]))
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


def chunk(kind, data):
    """A chunk, made with the standard library."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def header(width=1, height=1, depth=8, colour=2, rest=b"\0\0\0"):
    return chunk(b"IHDR", struct.pack(">IIBB", width, height, depth, colour) + rest)


def file_of(*chunks):
    return SIGNATURE + b"".join(chunks)


IMAGE = chunk(b"IDAT", zlib.compress(b"\0\1\2\3"))
END = chunk(b"IEND", b"")


def walk(data):
    """Return [(kind, data)] with every checksum compared to the standard library's."""
    assert data.startswith(SIGNATURE)
    found, at = [], len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert len(body) == length
        assert data[at + 8 + length : at + 12 + length] == struct.pack(">I", zlib.crc32(kind + body))
        found.append((kind, body))
        at += 12 + length
    return found


def decoded(data):
    """Pixels (H, W, C) as Pillow sees them."""
    with Image.open(BytesIO(data), formats=["PNG"]) as image:
        pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[:, :, None]


def picture(height=20, width=31, channels=3):
    return np.random.default_rng(5).integers(0, 256, (height, width, channels), dtype=np.uint8)


def reads(path, data):
    """Write `data` and read it both ways; each gives a result or an error that a user may see."""
    path.write_bytes(data)
    results = []
    for read in (png_read.read_png_text, png_read.read_png_pixels):
        try:
            results.append(read(path))
        except BadInput as error:
            results.append(error)
    errors = [str(result) for result in results if isinstance(result, BadInput)]
    assert all(error.startswith(f"{path}: ") and "\n" not in error for error in errors)
    return results


# Writing


@given(pixel_arrays)
def test_pillow_decodes_what_was_encoded(pixels):
    assert np.array_equal(decoded(png.encode_png(pixels, {})), pixels)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 5000, 3), (5000, 1, 3), (700, 640, 3), (2, 200_000, 3)])
def test_blocks_fit_together_at_every_size(shape):
    pixels = picture(*shape)
    assert np.array_equal(decoded(png.encode_png(pixels, {})), pixels)


def test_two_dimensions_are_grey():
    pixels = picture(9, 7, 1)
    assert np.array_equal(decoded(png.encode_png(pixels[:, :, 0], {})), pixels)


def test_memory_order_does_not_matter():
    pixels = picture(40, 30)[::-2, ::3]
    assert np.array_equal(decoded(png.encode_png(pixels, {})), pixels)
    assert png.pixel_hash(pixels) == png.pixel_hash(pixels.copy())


@given(pixel_arrays, st.lists(st.integers(0, 12)))
def test_strips_give_the_same_picture_as_one_piece(pixels, cuts):
    height, width, channels = pixels.shape
    edges = [0, *sorted(min(cut, height) for cut in cuts), height]
    strips = [pixels[a:b] for a, b in itertools.pairwise(edges) if b > a]
    data = b"".join(png.png_chunks(width, height, strips, {}, channels=channels))
    assert np.array_equal(decoded(data), pixels)


def test_a_producer_may_use_one_buffer_again():
    pixels = picture(60, 50)

    def strips():
        buffer = np.empty((7, 50, 3), np.uint8)
        for start in range(0, 60, 7):
            strip = buffer[: min(7, 60 - start)]
            strip[:] = pixels[start : start + 7]
            yield strip
            buffer[:] = 99

    assert np.array_equal(decoded(b"".join(png.png_chunks(50, 60, strips(), {}))), pixels)


def test_a_poster_streams_in_little_memory():
    strip = np.zeros((16, 4000, 3), np.uint8)
    tracemalloc.start()
    size = sum(len(piece) for piece in png.png_chunks(4000, 16_000, (strip for _ in range(1000)), {}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 1000
    assert peak < 4 << 20


def test_the_structure_is_as_the_standard_asks():
    pixels = picture()
    chunks = walk(png.encode_png(pixels, {"Title": "a", "Other": "→"}))
    assert [kind for kind, _ in chunks] == [b"IHDR", b"sRGB", b"tEXt", b"iTXt", b"IDAT", b"IEND"]
    assert chunks[0][1] == struct.pack(">IIBBBBB", 31, 20, 8, 2, 0, 0, 0)
    assert chunks[1][1] == b"\0"
    rows = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    assert len(rows) == 20 * (1 + 31 * 3)
    assert set(rows[:: 1 + 31 * 3]) == {2}


def test_the_same_pixels_give_the_same_bytes():
    assert png.encode_png(picture(), {"a": "b"}) == png.encode_png(picture(), {"a": "b"})


@given(st.dictionaries(st.from_regex(r"[A-Za-z:é]{1,20}", fullmatch=True), texts, max_size=4))
def test_pillow_and_we_read_the_text_that_was_written(text):
    data = png.encode_png(picture(2, 2), text)
    with Image.open(BytesIO(data)) as image:
        assert image.text == text
    info = png_read.read_png_text(data)
    assert dict(info.text) == text
    assert (info.width, info.height) == (2, 2)


def test_text_comes_before_the_image():
    kinds = [kind for kind, _ in walk(png.encode_png(picture(), {"a": "tab\t", "b": "line\nline"}))]
    assert kinds[2:4] == [b"iTXt", b"tEXt"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ({"": "x"}, "keyword"),
        ({"a" * 80: "x"}, "keyword"),
        ({" a": "x"}, "keyword"),
        ({"a  b": "x"}, "keyword"),
        ({"→": "x"}, "keyword"),
        ({"a": "x\0y"}, "zero character"),
        ({"a": "\udc80"}, "no valid Unicode"),
        ({"a": "x" * (png.MAX_TEXT + 1)}, "at most"),
        ({f"k{i}": "x" * (png.MAX_TEXT - 9) for i in range(5)}, "at most"),
        ({f"k{i}": "x" for i in range(65)}, "at most"),
    ],
)
def test_text_that_png_cannot_hold_is_refused(text, words):
    with pytest.raises(BadInput, match=words):
        png.encode_png(picture(1, 1), text)


def test_the_most_text_that_may_be_written_can_be_read():
    text = {f"k{i:02}": "x" * ((1 << 14) - 4) for i in range(64)}
    assert dict(png_read.read_png_text(png.encode_png(picture(1, 1), text)).text) == text


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 2, 3), np.float32),
        np.zeros((2, 2, 2), np.uint8),
        np.zeros((0, 2, 3), np.uint8),
        np.zeros((2, 0), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_arrays_that_are_no_picture_are_refused(pixels):
    with pytest.raises(BadInput, match="expected uint8"):
        png.encode_png(pixels, {})
    with pytest.raises(BadInput, match="expected uint8"):
        png.pixel_hash(pixels)


@pytest.mark.parametrize("rows", [[5], [5, 4], [5, 6]])
def test_strips_that_do_not_make_up_the_picture_are_refused(rows):
    strips = [picture(count, 4) for count in rows]
    with pytest.raises(BadInput, match="strips that make up"):
        list(png.png_chunks(4, 10, strips, {}))


def test_a_strip_of_another_width_is_refused():
    with pytest.raises(BadInput, match="found one 5 wide"):
        list(png.png_chunks(4, 10, [picture(10, 5)], {}))


@pytest.mark.parametrize("size", [(0, 1), (1, 0), (2**31, 1)])
def test_sizes_beyond_the_format_are_refused(size):
    with pytest.raises(BadInput, match="pixels a side"):
        list(png.png_chunks(*size, [], {}))


# The hash


def test_the_hash_is_as_documented():
    pixels = picture(3, 2)
    wanted = hashlib.sha256(b"uint8 3x2x3\n" + pixels.tobytes()).hexdigest()
    assert png.pixel_hash(pixels) == f"sha256:{wanted}"


@given(pixel_arrays, st.data())
def test_the_hash_depends_on_every_sample_and_the_shape(pixels, data):
    changed = pixels.copy()
    changed.flat[data.draw(st.integers(0, pixels.size - 1))] ^= data.draw(st.integers(1, 255))
    assert png.pixel_hash(changed) != png.pixel_hash(pixels)
    height, width, channels = pixels.shape
    if height != width:
        assert png.pixel_hash(pixels.reshape(width, height, channels)) != png.pixel_hash(pixels)


# Reading


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1", "LA", "RGBA"])
@pytest.mark.parametrize("compress_level", [0, 9])
def test_pixels_are_as_pillow_reads_them(tmp_path, mode, compress_level):
    image = Image.fromarray(picture(33, 17)).convert(mode)
    image.save(tmp_path / "a.png", compress_level=compress_level)
    pixels = png_read.read_png_pixels(tmp_path / "a.png")
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels, np.asarray(image.convert("RGB")))


def test_interlaced_files_are_read(tmp_path):
    # Adam7 on 2 x 2 pixels: the first pixel, the second, then the lower row.
    rows = zlib.compress(b"\0\1\1\1" + b"\0\2\2\2" + b"\0\3\3\3\4\4\4")
    (tmp_path / "a.png").write_bytes(file_of(header(2, 2, rest=b"\0\0\1"), chunk(b"IDAT", rows), END))
    assert png_read.read_png_pixels(tmp_path / "a.png")[:, :, 0].tolist() == [[1, 2], [3, 4]]


def test_many_small_image_chunks_are_read(tmp_path):
    pixels = picture()
    filtered = b"".join(b"\0" + row.tobytes() for row in pixels)
    data = zlib.compress(filtered)
    pieces = [chunk(b"IDAT", data[i : i + 3]) + chunk(b"IDAT", b"") for i in range(0, len(data), 3)]
    (tmp_path / "a.png").write_bytes(file_of(header(31, 20), *pieces, END))
    assert np.array_equal(png_read.read_png_pixels(tmp_path / "a.png"), pixels)


def test_every_truncation_is_answered(tmp_path):
    pixels = picture(4, 5)
    data = png.encode_png(pixels, {"Title": "one", "Other": "→"})
    image_at = data.index(b"IDAT") + 4
    for length in range(len(data)):
        info, found = reads(tmp_path / "a.png", data[:length])
        assert isinstance(found, BadInput), length
        assert length < 8 or f"it ends at byte {length}, within" in str(found)
        assert isinstance(info, BadInput) == (length < image_at), length
    info, found = reads(tmp_path / "a.png", data)
    assert np.array_equal(found, pixels)
    assert dict(info.text) == {"Title": "one", "Other": "→"}


def test_every_damaged_byte_is_answered(tmp_path):
    """Either it is noticed, or it stood where it cannot change a pixel."""
    pixels = picture(3, 3)
    data = png.encode_png(pixels, {"Title": "one", "Other": "→"})
    image_at, end_at = data.index(b"IDAT"), data.index(b"IEND") - 4
    for at in range(len(data)):
        for flip in (1, 0x20, 0x80, 0xFF):
            damaged = bytearray(data)
            damaged[at] ^= flip
            _, found = reads(tmp_path / "a.png", bytes(damaged))
            assert isinstance(found, BadInput) or np.array_equal(found, pixels), (at, flip)
            assert isinstance(found, BadInput) or not image_at <= at < end_at, (at, flip)


@given(st.binary(max_size=80))
def test_bytes_after_the_signature_never_crash(tmp_path_factory, rest):
    path = tmp_path_factory.getbasetemp() / "fuzz.png"
    for data in (SIGNATURE + rest, file_of(header(), chunk(b"IDAT", rest), END), file_of(header(), rest)):
        reads(path, data)


@given(st.binary(min_size=13, max_size=13), st.binary(max_size=40))
def test_headers_with_right_checksums_never_crash(tmp_path_factory, fields, palette):
    path = tmp_path_factory.getbasetemp() / "fuzz.png"
    small = b"\0\0\0\3\0\0\0\2" + bytes([1 << fields[8] % 5, (0, 2, 3, 4, 6)[fields[9] % 5], 0, 0, fields[12] % 2])
    image = chunk(b"IDAT", zlib.compress(fields))
    for start in (fields, small):
        reads(
            path,
            file_of(chunk(b"IHDR", start), chunk(b"PLTE", palette), image, END),
        )


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "found an empty file"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "found JPEG data"),
        (b"RIFF\0\0\0\0WEBPVP8L", "found WebP data"),
        (b"\0\0\0\x20ftypavif", "found AVIF data"),
        (b"\0\0\0\x20ftypisom", "found HEIF or MP4 data"),
        (b"GIF89a", "found GIF data"),
        (b"[rose]\nseed = 3\n", "found text"),
        (b"\x89PNG", "found only the beginning"),
        (b"\0\1\2\3\4\5", "found something else"),
    ],
)
def test_what_is_no_png_is_named(tmp_path, data, found):
    for answer in reads(tmp_path / "a.png", data):
        assert "expected a PNG file, " + found in str(answer)


@pytest.mark.parametrize(
    ("chunks", "words"),
    [
        ([IMAGE, END], "begin with its header"),
        ([header(0, 1), IMAGE, END], "size of 0x1"),
        ([header(2**31, 1), IMAGE, END], "size of 2147483648x1"),
        ([header(depth=3), IMAGE, END], "unknown kind of pixels"),
        ([header(colour=5), IMAGE, END], "unknown kind of pixels"),
        ([header(rest=b"\0\0\2"), IMAGE, END], "unknown kind of pixels"),
        ([header(), b"\0\0\0\0ab1d\0\0\0\0", IMAGE, END], "no chunk where one should begin, at byte 33"),
        ([header(), b"\x80\0\0\0prVt\0\0\0\0", IMAGE, END], "no chunk where one should begin, at byte 33"),
    ],
)
def test_a_damaged_header_is_named(tmp_path, chunks, words):
    for answer in reads(tmp_path / "a.png", file_of(*chunks)):
        assert words in str(answer)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("interlace", [False, True])
@pytest.mark.parametrize("filter_type", ["none", "sub", "up", "avg", "paeth", "all"])
def test_every_bit_of_sixteen_is_read_however_it_was_filtered(tmp_path, channels, interlace, filter_type):
    pixels = np.random.default_rng(1).integers(0, 1 << 16, (37, 53, channels), np.uint16)
    pixels[:15] = np.arange(53, dtype=np.uint16)[:, None] * 300
    image = pyvips.Image.new_from_array(pixels, interpretation="rgb16" if channels > 2 else "grey16")
    image.pngsave(str(tmp_path / "a.png"), filter=filter_type, interlace=interlace)
    wanted = pixels[:, :, :3] if channels > 2 else pixels[:, :, [0, 0, 0]]
    assert np.array_equal(png_read.read_png_pixels(tmp_path / "a.png"), wanted)


def test_too_little_data_of_sixteen_bits_is_refused(tmp_path):
    info, answer = reads(tmp_path / "a.png", file_of(header(depth=16), IMAGE, END))
    assert (info.width, info.height) == (1, 1)
    assert "damaged" in str(answer)


def test_a_file_without_an_image_has_no_pixels(tmp_path):
    info, answer = reads(tmp_path / "a.png", file_of(header(), END))
    assert info.width == 1
    assert "damaged" in str(answer)


@pytest.mark.parametrize("read", [png_read.read_png_text, png_read.read_png_pixels])
def test_a_file_that_cannot_be_read_is_a_file_problem(tmp_path, read):
    for path in (tmp_path / "none.png", tmp_path):
        with pytest.raises(FileProblem, match="cannot be read"):
            read(path)


def test_of_two_texts_with_one_keyword_the_later_counts():
    twice = file_of(header(), chunk(b"tEXt", b"a\x001"), chunk(b"tEXt", b"a\x002"), IMAGE, END)
    assert dict(png_read.read_png_text(twice).text) == {"a": "2"}


@pytest.mark.parametrize(
    "odd",
    [
        chunk(b"tEXt", b"no separator"),
        chunk(b"tEXt", b"\0no keyword"),
        chunk(b"tEXt", b"k" * 80 + b"\0long keyword"),
        chunk(b"tEXt", b""),
        chunk(b"iTXt", b"a\0"),
        chunk(b"iTXt", b"a\0\0\0\0"),
        chunk(b"iTXt", b"a\0\0\0\0\0\xff\xfe"),
        chunk(b"iTXt", b"a\0\1\0\0\0said to be compressed"),
        chunk(b"iTXt", b"a\0\1\1\0\0" + zlib.compress(b"in another way")),
        chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(b"\xff\xfe")),
        chunk(b"zTXt", b"a"),
        chunk(b"zTXt", b"a\0"),
        chunk(b"zTXt", b"a\0\1" + zlib.compress(b"in another way")),
        chunk(b"zTXt", b"a\0\0" + zlib.compress(b"without an end")[:-5]),
        chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * (png.MAX_TEXT + 1))),
    ],
)
def test_text_that_is_malformed_is_passed_over(odd):
    info = png_read.read_png_text(file_of(header(), odd, chunk(b"tEXt", b"b\0kept"), IMAGE, END))
    assert dict(info.text) == {"b": "kept"}


TRAVELS = {
    "tEXt": chunk(b"tEXt", b"a\0caf\xe9"),
    "zTXt": chunk(b"zTXt", b"a\0\0" + zlib.compress(b"caf\xe9")),
    "iTXt": chunk(b"iTXt", b"a\0\0\0en\0\xc3\xa4\0" + "café".encode()),
    "iTXt, compressed": chunk(b"iTXt", b"a\0\1\0en\0\xc3\xa4\0" + zlib.compress("café".encode())),
}


@pytest.mark.parametrize("behind", [False, True], ids=["before the image", "behind it"])
@pytest.mark.parametrize("kind", TRAVELS)
def test_text_is_read_in_every_way_it_travels(kind, behind):
    data = file_of(header(), *([IMAGE, TRAVELS[kind]] if behind else [TRAVELS[kind], IMAGE]), END)
    with Image.open(BytesIO(data)) as image:
        image.load()
        assert image.text == {"a": "café"}
    assert dict(png_read.read_png_text(data).text) == {"a": "café"}


def test_damage_behind_the_beginning_of_the_image_costs_only_the_texts_after_it():
    kept, lost = chunk(b"tEXt", b"a\0kept"), chunk(b"tEXt", b"b\0lost")
    for damage in (lost[:-1] + bytes([lost[-1] ^ 1]), b"\0\0\0\0ab1d\0\0\0\0", b""):
        data = file_of(header(), IMAGE, kept, damage)
        assert dict(png_read.read_png_text(data).text) == {"a": "kept"}


def test_texts_are_looked_for_behind_a_bounded_number_of_chunks(monkeypatch):
    monkeypatch.setattr(png_read, "_MAX_IMAGE_CHUNKS", 10)
    late = chunk(b"tEXt", b"a\0late")
    found = [png_read.read_png_text(file_of(header(), IMAGE * n, late, END)).text for n in (9, 10)]
    assert [dict(texts) for texts in found] == [{"a": "late"}, {}]
    endless = file_of(header(), IMAGE, chunk(b"prVt", b"") * 5000, late, END)
    assert dict(png_read.read_png_text(endless).text) == {}


def test_inflated_texts_count_towards_the_limits():
    full = [chunk(b"zTXt", b"k%d\0\0" % i + zlib.compress(b"x" * 200_000)) for i in range(9)]
    assert len(png_read.read_png_text(file_of(header(), *full, IMAGE, END)).text) == 5


def test_text_beyond_the_limits_is_passed_over():
    big = chunk(b"tEXt", b"big\0" + b"x" * png.MAX_TEXT)
    many = [chunk(b"tEXt", b"k%d\0v" % i) for i in range(70)]
    info = png_read.read_png_text(file_of(header(), big, *many, IMAGE, END))
    assert list(info.text) == [f"k{i}" for i in range(64)]
    full = [chunk(b"tEXt", b"k%d\0" % i + b"x" * 200_000) for i in range(9)]
    assert len(png_read.read_png_text(file_of(header(), *full, IMAGE, END)).text) == 5


def test_endless_empty_chunks_are_refused():
    with pytest.raises(BadInput, match="more than 4096 chunks"):
        png_read.read_png_text(file_of(header(), chunk(b"prVt", b"") * 5000, IMAGE, END))


def test_a_picture_above_the_limit_is_not_decoded(tmp_path):
    (tmp_path / "a.png").write_bytes(png.encode_png(picture(10, 10), {}))
    assert png_read.read_png_pixels(tmp_path / "a.png", max_pixels=100).shape == (10, 10, 3)
    with pytest.raises(BadInput, match="at most 99 pixels, found 10x10"):
        png_read.read_png_pixels(tmp_path / "a.png", max_pixels=99)


def test_more_image_data_than_pixels_is_refused(tmp_path):
    _, answer = reads(tmp_path / "a.png", file_of(header(), chunk(b"IDAT", bytes(70_000)), END))
    assert "more image data" in str(answer)


# Files made to use up memory


@functools.cache
def squeezed(size):
    """A zlib stream of `size` zeros."""
    deflate = zlib.compressobj(1)
    return b"".join(deflate.compress(bytes(1 << 20)) for _ in range(size >> 20)) + deflate.flush()


def bomb(name):
    """A file, and whether its one pixel can be read."""
    if name == "text":
        return file_of(header(), chunk(b"tEXt", b"a\0" + bytes(80 << 20)), IMAGE, END), True
    if name == "text-after":
        late = chunk(b"tEXt", b"a\0" + bytes(80 << 20)) + chunk(b"zTXt", b"a\0\0" + squeezed(200 << 20))
        return file_of(header(), IMAGE, late, END), True
    if name == "compressed":
        chunks = [
            chunk(b"zTXt", b"a\0\0" + squeezed(200 << 20)),
            chunk(b"iTXt", b"a\0\1\0\0\0" + squeezed(200 << 20)),
            chunk(b"iCCP", b"a\0\0" + squeezed(200 << 20)),
        ]
        return file_of(header(), *chunks, IMAGE, END), True
    if name == "palette":
        return file_of(header(colour=3), chunk(b"PLTE", bytes(80 << 20)), IMAGE, END), False
    if name == "header":
        return file_of(header(2**31 - 1, 2**31 - 1), IMAGE, END), False
    if name == "image":
        return file_of(header(1000, 1000), chunk(b"IDAT", squeezed(200 << 20)), END), True
    if name == "length":
        return file_of(header(), struct.pack(">I", 2**31 - 1) + b"IDAT" + b"x"), False
    raise ValueError(name)


CHILD = """
import sys
from artstudio.errors import BadInput
from artstudio.files.png import write as png
from artstudio.files.png import read as png_read

def peak():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) << 10

good, path = sys.argv[1:]
png_read.read_png_pixels(good)  # so that all is imported
before = peak()
info, pixels = png_read.read_png_text(path), "read"
try:
    png_read.read_png_pixels(path)
except BadInput:
    pixels = "refused"
print(info.width, pixels, peak() - before)
"""


BOMBS = ["text", "text-after", "compressed", "palette", "header", "image", "length"]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="peak memory is read from /proc")
@pytest.mark.parametrize("name", some(BOMBS, {"compressed", "image"}))
def test_a_bomb_takes_little_memory(tmp_path, name):
    data, readable = bomb(name)
    (tmp_path / "bomb.png").write_bytes(data)
    (tmp_path / "good.png").write_bytes(file_of(header(), IMAGE, END))
    files = [tmp_path / "good.png", tmp_path / "bomb.png"]
    child = subprocess.run([sys.executable, "-c", CHILD, *files], capture_output=True, text=True, check=True)
    width, pixels, growth = child.stdout.split()
    assert int(width) == struct.unpack(">I", data[16:20])[0]
    assert pixels == ("read" if readable else "refused")
    assert int(growth) < 32 << 20


def test_bytes_are_named_where_there_is_no_path():
    with pytest.raises(BadInput, match="PNG data: expected a PNG file"):
        png_read.read_png_text(b"GIF89a")
