"""Loops as files, looked at with ffmpeg's own tools and Pillow; the command `animate`; interrupted work."""

import json
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageSequence
from selection import some

from artstudio import BadInput, Loop, Recipe, animate
from artstudio.files import atomic
from artstudio.motion.animation import Animation
from artstudio.motion.film.about import read_about
from artstudio.motion.film.formats import MOTION_FORMATS, motion_format
from artstudio.motion.film.pictures import delays
from artstudio.motion.film.rate import exact_rate, rate_value
from artstudio.motion.film.take import Take

pytest.importorskip("av", reason="needs PyAV (the extra `video`)")
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffprobe"), reason="needs ffmpeg and ffprobe")

RECIPE = Recipe(seed=7, units=8, depth=4, latent=(0.5, -0.25))
LOOP = Loop(kind="latent", amount=0.4)
WIDTH, HEIGHT, FPS, SECONDS = 96, 64, 20, 1.5
SUFFIXES = [record.suffix for record in MOTION_FORMATS.values()]
VIDEOS = [record.suffix for record in MOTION_FORMATS.values() if record.video]
PICTURES = [suffix for suffix in SUFFIXES if suffix not in VIDEOS]


def made(**changes):
    size = {"width": WIDTH, "height": HEIGHT, "fps": FPS, "seconds": SECONDS}
    return animate(RECIPE, loop=LOOP, **(size | changes))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """One loop in every format, by suffix."""
    folder = tmp_path_factory.mktemp("loops")
    for suffix in SUFFIXES:
        made().save(folder / f"loop{suffix}")
    return {suffix: folder / f"loop{suffix}" for suffix in SUFFIXES}


def probe(path):
    command = [
        "ffprobe",
        "-v",
        "error",
        "-count_frames",
        "-show_streams",
        "-show_format",
        "-of",
        "json",
        str(path),
    ]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    (stream,) = found["streams"]
    return stream, found["format"]


def decode(path):
    """All frames by ffmpeg, int (count, height, width, 3)."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    data = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(data, np.uint8).reshape(-1, HEIGHT, WIDTH, 3).astype(int)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", some([*VIDEOS, ".gif", ".png"], {".mp4", ".gif"}))
def test_ffprobe_finds_frames_size_rate_and_duration(files, suffix):
    stream, about = probe(files[suffix])
    assert int(stream["nb_read_frames"]) == made().count == 30
    assert (stream["width"], stream["height"]) == (WIDTH, HEIGHT)
    assert Fraction(stream["avg_frame_rate"]) == FPS
    if suffix != ".png":  # ffprobe tells no duration of an animated PNG
        assert float(about["duration"]) == pytest.approx(SECONDS, abs=0.005)


@pytest.mark.sweep
@needs_ffmpeg
@pytest.mark.parametrize("suffix", [*VIDEOS, ".gif", ".png"])
def test_ffmpeg_decodes_the_frames_that_were_rendered(files, suffix):
    found = decode(files[suffix])
    wanted = np.array(list(made().frames())).astype(int)
    error = np.abs(found - wanted).mean(axis=(1, 2, 3))
    assert error.max() < {".png": 0.001, ".gif": 2}.get(suffix, 5)
    # No shift of colours: a wrong matrix or range would move a channel's mean.
    assert np.abs((found - wanted).mean(axis=(0, 1, 2))).max() < (1.6 if suffix in VIDEOS else 0.5)


@needs_ffmpeg
@pytest.mark.parametrize("suffix", VIDEOS)
def test_a_video_says_its_colours_and_every_player_knows_it(files, suffix):
    stream, _ = probe(files[suffix])
    assert stream["pix_fmt"] == "yuv420p"
    assert (stream["color_space"], stream["color_range"]) == ("bt709", "tv")
    assert stream["codec_name"] == {".mp4": "h264", ".webm": "vp9"}[suffix]
    if suffix == ".mp4":
        data = files[suffix].read_bytes()
        assert data.index(b"moov") < data.index(b"mdat")  # it plays while it loads


@needs_ffmpeg
@pytest.mark.parametrize("suffix", VIDEOS)
def test_pure_colours_survive(tmp_path, suffix):
    """By another matrix than the one the file names, green and red would be tens of levels off."""
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [128, 128, 128]])
    frame = colours.repeat(WIDTH // 6, axis=0)[None].repeat(HEIGHT, axis=0).astype(np.uint8)
    take = Take(WIDTH, HEIGHT, 10, 3, 90, "colours", lambda number: frame)
    motion_format(f"a{suffix}").write(tmp_path / f"a{suffix}", [frame] * 3, take)
    middles = decode(tmp_path / f"a{suffix}")[1, HEIGHT // 2, 8::16]
    assert np.abs(middles - colours).max() <= 5


@pytest.mark.parametrize("suffix", PICTURES)
def test_pillow_finds_frames_durations_and_endless_repetition(files, suffix):
    with Image.open(files[suffix]) as picture:
        assert (picture.size, picture.n_frames, picture.info["loop"]) == ((WIDTH, HEIGHT), 30, 0)
        shown = [
            (frame.info["duration"], np.asarray(frame.convert("RGB")))
            for frame in ImageSequence.all_frames(picture)
        ]
    assert sum(duration for duration, _ in shown) == pytest.approx(1000 * SECONDS, abs=1)
    for (_, pixels), frame in zip(shown, made().frames(), strict=True):
        off = np.abs(pixels.astype(int) - frame)
        assert off.mean() < {".png": 0.001, ".gif": 2, ".webp": 4}[suffix]


def test_a_gif_has_one_palette_and_dithers_in_place(files):
    """Where the picture stands still no pixel flickers; the mean over a neighbourhood is that of the picture."""
    with Image.open(files[".gif"]) as picture:
        tables = {bytes(frame.palette.palette) for frame in ImageSequence.Iterator(picture) if frame.palette}
        picture.seek(0)
        first = np.asarray(picture.convert("RGB")).astype(float)
    assert len(tables) == 1
    assert files[".gif"].read_bytes()[10] & 0x80  # a global colour table
    blocks = (first - made().frame(0)).reshape(HEIGHT // 8, 8, WIDTH // 8, 8, 3).mean(axis=(1, 3))
    assert np.abs(blocks).mean() < 1.5


@pytest.mark.parametrize("fps", [7, 24, 30, 60])
@pytest.mark.parametrize("unit", [100, 1000])
def test_delays_add_up(fps, unit):
    found = delays(3 * fps, fps, unit)
    assert sum(found) == 3 * unit
    assert max(found) - min(found) <= 1


RATES = {
    "23.976": Fraction(24000, 1001), "23.98": Fraction(24000, 1001), "29.97": Fraction(30000, 1001),
    "47.952": Fraction(48000, 1001), "59.94": Fraction(60000, 1001), "119.88": Fraction(120000, 1001),
    "30000/1001": Fraction(30000, 1001), "12.5": Fraction(25, 2), "25": 25, "25.0": 25, "29.9": Fraction(299, 10),
    "24.00": 24,
}  # fmt: skip


@pytest.mark.parametrize("text", RATES)
def test_rates_of_television_are_exact(text):
    assert exact_rate(text) == RATES[text]
    assert exact_rate(rate_value(RATES[text])) == RATES[text]
    if "/" not in text:
        assert exact_rate(float(text)) == RATES[text]


@pytest.mark.parametrize(
    "bad", ["", "x", "1/0", "1e2", "1e999999999", "nan", "inf", "9" * 5000, "29.97x", True, None, [24]]
)
def test_what_is_no_rate_is_refused(bad):
    with pytest.raises(BadInput, match=r"^fps: expected frames a second such as 30, 29\.97 or 30000/1001"):
        exact_rate(bad)


@pytest.mark.parametrize("rate", [0, -1, 121, 0.5, "120.01", "1/2"])
def test_a_rate_out_of_range_is_refused(rate):
    with pytest.raises(BadInput, match=r"^fps: expected 1 to 120 frames a second"):
        exact_rate(rate)


@pytest.mark.parametrize("unit", [100, 1000])
@pytest.mark.parametrize("rate", [Fraction(30000, 1001), Fraction(24000, 1001)])
def test_delays_of_television_add_up(rate, unit):
    found = delays(300, rate, unit)
    assert abs(sum(found) - unit * 300 / rate) <= 0.5
    assert max(found) - min(found) <= 1


@needs_ffmpeg
@pytest.mark.parametrize("suffix", some(SUFFIXES, {"mp4", "gif"}))
def test_a_rate_of_television_is_in_the_file(run_cli, suffix):
    arguments = (
        "--seed",
        1,
        "--size",
        "32x18",
        "--seconds",
        1,
        "--fps",
        "29.97" if suffix != ".gif" else "23.976",
    )
    code, out, _ = run_cli("animate", *arguments, "-o", f"a{suffix}", "--json")
    rate = Fraction(30000, 1001) if suffix != ".gif" else Fraction(24000, 1001)
    about = json.loads(out)
    count = round(float(rate))
    assert (code, about["fps"], about["frames"]) == (0, str(rate), count)
    assert about["seconds"] == pytest.approx(float(count / rate), abs=5e-4)
    assert read_about(f"a{suffix}").fps == rate
    if suffix in VIDEOS:
        stream, film = probe(f"a{suffix}")
        assert Fraction(stream["r_frame_rate"]) == rate
        assert int(stream["nb_read_frames"]) == count
        if suffix == ".mp4":
            assert Fraction(stream["avg_frame_rate"]) == rate
            assert float(stream["duration"]) == pytest.approx(float(count / rate), abs=1e-5)
        assert float(film["duration"]) == pytest.approx(float(count / rate), abs=2e-3)
        return
    with Image.open(f"a{suffix}") as film:
        shown = [(frame.load(), frame.info["duration"])[1] for frame in ImageSequence.Iterator(film)]
    unit = 10 if suffix == ".gif" else 1
    assert sum(shown) == pytest.approx(float(1000 * count / rate), abs=unit)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_says_how_it_was_made(files, suffix):
    about = read_about(files[suffix])
    assert (about.recipe, about.loop) == (RECIPE, LOOP)
    assert (about.seconds, about.fps, about.width, about.height) == (SECONDS, FPS, WIDTH, HEIGHT)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_loop_is_a_source(files, suffix, run_cli):
    code, out, _ = run_cli(
        "animate", files[suffix], "--gain", "0.8", "--fps", FPS, "--dry-run", "--json", "-o", "b.webp"
    )
    assert code == 0
    assert json.loads(out)["seconds"] == SECONDS
    code, out, err = run_cli(
        "animate", files[suffix], "--palette", "ember", "--size", "32x18", "--fps", 4, "-o", "b.webp", "--json"
    )
    assert (code, err) == (0, "")
    about = json.loads(out)
    assert Loop.from_dict(about["loop"]) == LOOP
    assert Recipe.from_dict(about["recipe"]) == RECIPE.replace(palette="ember")
    assert about["bytes"] == Path("b.webp").stat().st_size


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_strange_file_is_told(tmp_path, suffix, run_cli):
    path = tmp_path / f"strange{suffix}"
    path.write_bytes(b"no loop at all")
    code, out, err = run_cli("animate", path)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_video_of_another_maker_is_told(tmp_path, run_cli):
    from artstudio.motion.film.video import write_mp4

    frames = [np.zeros((16, 16, 3), np.uint8)] * 3
    write_mp4(tmp_path / "other.mp4", frames, Take(16, 16, 10, 3, 50, "a holiday", lambda number: frames[0]))
    code, _, err = run_cli("animate", "other.mp4")
    assert (code, err) == (
        2,
        "artstudio: other.mp4: expected a picture or loop made by artstudio, found one without a recipe\n",
    )


@pytest.mark.parametrize(("arguments", "message"), [
    (["--size", "101x64"], "expected an even width and height, found 101x64; 100x64 will do"),
    (["--fps", "0"], "fps: expected 1 to 120"),
    (["--fps", "60", "-o", "a.gif"], "gif: expected at most 50 frames a second"),
    (["--seconds", "0"], "seconds: expected 2 to"),
    (["--quality", "0"], "quality: expected 1 to 100"),
    (["--quality", "50", "-o", "a.gif"], "gif does not support a quality"),
    (["-o", "a.avi"], "unknown format '.avi'"),
    (["-o", "a"], "expected a file name that ends in"),
    (["--seconds", "600", "--size", "1080p", "-o", "a.gif"], "megapixels in all frames"),
    (["--key", "0.5:zom=2"], "did you mean 'zoom'"),
    (["--keys", "missing.toml"], "missing.toml"),
    (["--morph", "step"], "step..sigmoid"),
    (["--morph", "step..sigmoid", "--seeds", "1,2"], "expected one of seeds and morph"),
    (["--loop", "gain", "-a", "step", "-o", "a.webp"], "changes nothing in this picture"),
    (["--easing", "bouncy"], "unknown easing"),
])  # fmt: skip
def test_what_cannot_be_is_one_line(arguments, message, run_cli):
    code, out, err = run_cli("animate", "--seed", 1, "--units", 8, "--depth", 4, *arguments)
    assert code == (1 if "missing.toml" in arguments else 2)
    assert out == ""
    assert err.startswith("artstudio: ")
    assert message in err
    assert err.count("\n") == 1
    assert [path for path in Path.cwd().rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("suffix", VIDEOS)
def test_a_missing_extra_is_named(suffix, monkeypatch, run_cli):
    monkeypatch.setattr("artstudio.motion.film.formats.find_spec", lambda name: None)
    code, _, err = run_cli("animate", "--seed", 1, "-o", f"a{suffix}")
    assert code == 2
    assert "pip install 'artstudio[video]'" in err
    assert motion_format("a.webp").name == "webp"


def test_an_existing_file_is_kept_unless_forced(run_cli):
    Path("a.webp").write_bytes(b"mine")
    command = ("animate", "--seed", 1, "--size", "32x18", "--seconds", 1, "--fps", 4, "-o", "a.webp")
    code, _, err = run_cli(*command)
    assert (code, Path("a.webp").read_bytes()) == (2, b"mine")
    assert "--force" in err
    code, out, err = run_cli(*command, "--force")
    assert (code, out, err) == (0, "a.webp\n", "")
    assert read_about("a.webp").recipe == Recipe(seed=1)


def test_a_dry_run_makes_nothing_and_says_what_it_takes(run_cli):
    code, out, err = run_cli("animate", "--seed", 1, "--dry-run")
    assert (code, err) == (0, "")
    assert "300 frames of 1280x720" in out
    assert list(Path.cwd().iterdir()) == []


def test_a_seed_is_drawn_and_said(run_cli):
    code, out, err = run_cli("animate", "--dry-run", "--json")
    assert code == 0
    assert err.startswith("seed ")
    assert err.removeprefix("seed ").strip() in json.loads(out)["path"]


def test_progress_counts_every_frame(tmp_path):
    seen = []
    made(seconds=0.5).save(tmp_path / "a.webp", progress=seen.append)
    assert seen == [1] * 10


@pytest.mark.parametrize("suffix", some(SUFFIXES, {".mp4", ".gif"}))
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_save_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, suffix, error):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    frame = Animation.frame

    def failing(self, number, **options):
        if number == 9:
            raise error
        return frame(self, number, **options)

    monkeypatch.setattr(Animation, "frame", failing)
    expected = KeyboardInterrupt if error is KeyboardInterrupt else Exception
    with pytest.raises(expected):
        made().save(path, overwrite=True)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"old")]


@pytest.mark.parametrize("sign", some([signal.SIGINT, signal.SIGTERM, signal.SIGKILL], {signal.SIGINT}))
def test_a_killed_command_leaves_no_broken_file(tmp_path, sign):
    """The signal comes while frames are being written."""
    options = ["--seed", "1", "--seconds", "600", "--size", "64x36", "-o", "a.png"]
    process = subprocess.Popen(
        [sys.executable, "-m", "artstudio", "animate", *options], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not any(path.stat().st_size for path in tmp_path.iterdir()):
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
    process.send_signal(sign)
    _, err = process.communicate()
    assert not (tmp_path / "a.png").exists()
    if sign == signal.SIGKILL:  # nobody can clean up then; what is left is known as temporary
        assert list(tmp_path.iterdir()) == atomic.stale_temporaries(tmp_path)
        return
    assert (process.returncode, err.strip()) == (130, "artstudio: interrupted")
    assert list(tmp_path.iterdir()) == []


def test_odd_sizes_are_fine_where_the_format_takes_them(tmp_path):
    for suffix in PICTURES:
        made(width=33, height=19, seconds=0.2).save(tmp_path / f"a{suffix}")
        with Image.open(tmp_path / f"a{suffix}") as picture:
            assert (picture.size, picture.n_frames) == ((33, 19), 4)
    with pytest.raises(BadInput, match="even"):
        made(width=33).save(tmp_path / "a.mp4")
