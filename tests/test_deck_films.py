"""Films on slides: they begin by themselves, repeat without end, and have stills, words and small files."""

import io
import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from artstudio import Recipe
from artstudio.motion.animation import animate
from artstudio.motion.spec import Loop
from artstudio.notebook.learning import learn as learn_anything
from artstudio.presets.collections import Preset
from artstudio.slides import films
from artstudio.slides.content import plan_deck
from artstudio.slides.films import LEARNING, LOOPS, Shape
from artstudio.slides.request import FILMS, make_request
from artstudio.slides.slide import LOOKS
from artstudio.slides.write import open_target

pptx = pytest.importorskip("pptx", reason="needs python-pptx: pip install 'artstudio[slides]'")

FORMATS = ("gif", "mp4")
SMALL = Recipe(seed=4, units=8, depth=2)
TINY = Shape(64, 36, 5, 1.0)


def learn(target, *names, **options):
    return learn_anything("xor", *names, steps=4, rate=0.1, units=4, depth=1, **options)


@pytest.fixture(scope="module", params=FORMATS)
def made(request):
    """The slides with films, small ones, in a format."""
    if request.param == "mp4":
        pytest.importorskip("av", reason="needs PyAV: pip install 'artstudio[video]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(films, "LOOPS", dict.fromkeys(LOOPS, TINY))
        patch.setattr(films, "LEARNING", dict.fromkeys(LEARNING, Shape(320, 180, 5, 1.0)))
        patch.setattr("artstudio.notebook.learning.learn", learn)
        surprise = Preset("one", SMALL.replace(seed=1), "One", "", (), "mine")
        asked = make_request(
            LOOKS["light"],
            activations=["step", "sigmoid"],
            recipe=SMALL,
            surprises=[surprise],
            films=request.param,
        )
        return request.param, [slide.make() for slide in plan_deck(asked, ["films"])]


@pytest.fixture
def deck(made, tmp_path):
    """The file of those slides, each twice."""
    path = tmp_path / "talk.pptx"
    open_target(path, LOOKS["light"]).write([*made[1], *made[1]])
    return made[0], path


def test_each_film_has_a_still_a_caption_words_and_the_command_that_makes_it(made):
    format, slides = made
    assert [slide.images[0].name for slide in slides] == ["film-morph", "film-latent", "film-learning"]
    for slide, word in zip(slides, ("animate", "animate", "learn"), strict=True):
        (image,) = slide.images
        assert image.film.format == format
        assert image.alt.startswith("A film of ")
        assert image.caption or slide.kind == "figure"
        words, *_, command = slide.notes.split("\n\n")
        assert re.fullmatch(r"[A-Z].*\.", words, re.DOTALL)
        assert command.startswith(f"Made with:\nartstudio {word} ")
        assert command.endswith(f"-o {image.name}.{format}")


@pytest.mark.parametrize("made", ["gif"], indirect=True)
def test_gifs_repeat_without_end_and_open_on_their_stills(made):
    for slide in made[1]:
        (image,) = slide.images
        with Pillow.open(io.BytesIO(image.film.data)) as film, Pillow.open(io.BytesIO(image.png)) as still:
            assert film.info["loop"] == 0
            assert film.n_frames > 1
            difference = np.asarray(film.convert("RGB")).astype(int) - np.asarray(still)
        assert np.abs(difference).mean() < 6


@pytest.mark.skipif(not shutil.which("ffprobe"), reason="needs FFmpeg")
@pytest.mark.parametrize("made", ["mp4"], indirect=True)
def test_videos_are_h264_in_yuv420p_without_sound(made, tmp_path):
    for slide in made[1]:
        (tmp_path / "film.mp4").write_bytes(slide.images[0].film.data)
        command = ["ffprobe", "-v", "error", "-show_streams", "-of", "json", tmp_path / "film.mp4"]
        (stream,) = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["streams"]
        assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
        assert float(stream["duration"]) == pytest.approx(slide.images[0].film.seconds)


def test_a_film_begins_by_itself_and_is_in_the_file_once(deck):
    format, path = deck
    presentation = pptx.Presentation(path)
    q = pptx.oxml.ns.qn
    for slide in presentation.slides:
        (shape,) = [shape for shape in slide.shapes if shape._element.tag == q("p:pic")]
        assert shape._element.nvPicPr.cNvPr.get("descr").startswith("A film of ")
        timing = slide._element.find(q("p:timing"))
        if format == "gif":
            assert timing is None
            assert shape.image.content_type == "image/gif"
            continue
        assert {target.get("spid") for target in timing.iter(q("p:spTgt"))} == {str(shape.shape_id)}
        assert [command.get("cmd") for command in timing.iter(q("p:cmd"))] == ["playFrom(0.0)"]
        (effect,) = [node for node in timing.iter(q("p:cTn")) if node.get("presetClass") == "mediacall"]
        assert effect.get("nodeType") == "afterEffect"  # not `clickEffect`
        (media,) = timing.iter(q("p:cMediaNode"))
        assert media.find(q("p:cTn")).get("repeatCount") == "indefinite"
        linked = shape._element.find(f".//{q('a:videoFile')}").get(q("r:link"))
        embedded = re.search(r'p14:media [^>]*r:embed="(\w+)"', shape._element.xml)[1]
        targets = {slide.part.rels[identity].target_part.blob for identity in (linked, embedded)}
        assert len(targets) == 1
    media = [part for part in presentation.part.package.iter_parts() if part.partname.startswith("/ppt/media")]
    assert len(media) == len({part.blob for part in media}) == (3 if format == "gif" else 6)


def test_markdown_moves_in_a_browser_and_has_a_still_for_paper(made, tmp_path):
    format, slides = made
    open_target(tmp_path / "talk", LOOKS["light"], format="markdown").write(slides)
    text = (tmp_path / "talk/slides.md").read_text(encoding="utf-8")
    files = sorted(file.name for file in (tmp_path / "talk/images").iterdir())
    if format == "gif":
        assert files == ["film-latent.gif", "film-learning.gif", "film-morph.gif"]
        assert text.count(".gif)") == 3
    else:
        assert len(files) == 6
        tags = re.findall(r'<video src="([^"]+)" poster="([^"]+)" title="A film[^"]+" (.*?)>', text)
        assert len(tags) == 3
        for film, still, how in tags:
            assert {Path(film).name, Path(still).name} <= set(files)
            assert {"autoplay", "loop", "muted", "playsinline"} == set(how.split())


def test_the_films_of_a_usual_deck_leave_room_in_a_mail():
    """25 MB are common; slides without films take about 9."""
    planned = plan_deck(make_request(LOOKS["light"]), ["films"])
    assert sum(slide.film["estimated_bytes"] for slide in planned) < 15e6
    assert (*LOOPS, "none") == FILMS


def test_one_activation_has_no_morph_and_none_asks_for_no_films():
    for names, films_wanted, count in ((["relu"], "gif", 2), (["relu", "softmax"], "gif", 2), ([], "none", 0)):
        asked = make_request(LOOKS["light"], activations=names, films=films_wanted)
        assert sum(slide.part == "films" for slide in plan_deck(asked)) == count


def test_mp4_without_pyav_is_one_line(run_cli, monkeypatch):
    monkeypatch.setattr("artstudio.motion.film.formats.find_spec", lambda name: None)
    code, out, err = run_cli("deck", "talk.pptx", "--films", "mp4")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "pip install 'artstudio[video]'" in err
    assert not Path("talk.pptx").exists()


def test_the_command_in_the_notes_asks_for_the_same_frames(made, run_cli):
    slides = made[1]
    for slide in slides[:2]:
        words = shlex.split(slide.notes.splitlines()[-1])
        code, out, _ = run_cli(*words[1:], "--dry-run", "--json")
        about = json.loads(out)
        assert (code, about["width"], about["frames"]) == (0, TINY.width, TINY.count)
    with Pillow.open(io.BytesIO(slides[0].images[0].png)) as still:
        loop = Loop(kind="morph", morph=("step", "sigmoid"))
        frame = animate(SMALL, loop=loop, seconds=1, fps=5, width=64, height=36).frame(0)
        assert np.array_equal(np.asarray(still.convert("RGB")), frame)
