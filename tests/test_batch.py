"""Planning, sweeps, the manifest, and running a batch."""

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from selection import some

from artstudio import BadInput, Recipe, save
from artstudio.batch import manifest
from artstudio.batch.execute import Options, execute, open_folder, preview
from artstudio.batch.job import Job, gallery_jobs
from artstudio.batch.manifest import Entry
from artstudio.batch.plan import plan
from artstudio.batch.run import local_maker, run
from artstudio.errors import FolderLocked
from artstudio.files.encode import FORMATS
from artstudio.files.lock import folder_lock
from artstudio.pictures.picture import read_info
from artstudio.presets.sweep import expand, make_sweep, parse_sweep

PNG = FORMATS["png"]


def jobs(count=3, size=16, **changes):
    return [Job(f"p-{i}", Recipe(seed=i, **changes), size, size, PNG, 1, title=f"P {i}") for i in range(count)]


def render_all(batch, folder, **options):
    with open_folder(folder) as entries:
        return list(execute(batch, folder, entries, Options(workers=2, **options)))


def reasons(batch, folder, force=False):
    return [(d.action, d.reason) for d in preview(batch, folder, force=force)]


# --- plan -------------------------------------------------------------------------------------------------


def test_a_plan_gives_a_reason_for_every_job(tmp_path):
    batch = jobs(7)
    assert reasons(batch, tmp_path / "none") == [("render", "missing")] * 7
    render_all(batch, tmp_path)
    assert reasons(batch, tmp_path) == [("keep", "unchanged")] * 7
    (tmp_path / "p-1.png").unlink()
    (tmp_path / "p-2.png").write_bytes((tmp_path / "p-3.png").read_bytes())
    data = bytearray((tmp_path / "p-4.png").read_bytes())
    data[-20] ^= 1
    (tmp_path / "p-4.png").write_bytes(data)
    failed = Entry("p-6", "p-6.png", batch[6].digest, "failed", "no luck")
    with manifest.Appender(tmp_path) as appender:
        appender.append([failed])
    changed = Job("p-5", Recipe(seed=99), 16, 16, PNG, 1)
    assert reasons([*batch[:5], changed, batch[6]], tmp_path) == [
        ("keep", "unchanged"),
        ("render", "missing"),
        ("render", "damaged"),
        ("keep", "unchanged"),
        ("render", "damaged"),
        ("render", "changed"),
        ("render", "failed before"),
    ]
    assert reasons(batch, tmp_path, force=True) == [("render", "forced")] * 7


@pytest.mark.parametrize(
    "other",
    [
        Job("p-0", Recipe(seed=0, gain=1.5), 16, 16, PNG, 1),
        Job("p-0", Recipe(seed=0), 17, 16, PNG, 1),
        Job("p-0", Recipe(seed=0), 16, 16, PNG, 2),
        Job("p-0", Recipe(seed=0), 16, 16, FORMATS["webp"], 1),
    ],
)
def test_recipe_size_supersampling_and_format_each_make_another_digest(other, tmp_path):
    render_all(jobs(1), tmp_path)
    assert other.digest != jobs(1)[0].digest
    assert reasons([other], tmp_path) == [("render", "changed")]


def test_a_new_renderer_version_makes_another_digest(monkeypatch):
    before = jobs(1)[0].digest
    monkeypatch.setattr("artstudio.batch.job.RENDERER", 999)
    assert jobs(1)[0].digest != before


def test_planning_changes_nothing(tmp_path):
    render_all(jobs(2), tmp_path)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    preview(jobs(5), tmp_path, force=False)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_names_that_differ_in_case_only_are_refused(tmp_path):
    twice = [Job("aa", Recipe(), 8, 8, PNG, 1), Job("AA", Recipe(), 8, 8, PNG, 1)]
    with pytest.raises(BadInput, match=r"wanted by more than one job, such as 'aa\.png'"):
        plan(twice, tmp_path, {})


def test_ten_thousand_jobs_are_planned_without_looking_at_each_other():
    sweeps = [parse_sweep("seed=1..2500"), parse_sweep("gain=0.5..2.0:4")]
    batch = gallery_jobs([], sweeps, lambda recipe: recipe, "64x64", PNG, None)
    assert len(batch) == 10_000
    assert len({job.name for job in batch}) == 10_000
    assert len({job.digest for job in batch}) == 10_000
    assert len(plan(batch, Path("/nonexistent"), {})) == 10_000


# --- sweeps -----------------------------------------------------------------------------------------------


def test_sweeps_are_read():
    assert parse_sweep("seed=1..4").values == (1, 2, 3, 4)
    assert parse_sweep("seed=3,9,1..2").values == (3, 9, 1, 2)
    assert parse_sweep("gain=0.5..2.0:7").values == (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
    assert parse_sweep("activation=step,sine+tanh").values == ("step", "sine+tanh")
    assert parse_sweep("rotation=-90..90:3").values == (-90.0, 0.0, 90.0)
    assert make_sweep("seed", [5, "7..8"]).values == (5, 7, 8)


def test_several_sweeps_give_every_combination_under_its_own_name():
    found = dict(expand("rose", Recipe(), [parse_sweep("seed=1..2"), parse_sweep("activation=step,sin+tanh")]))
    assert list(found) == [
        "rose_seed-1_activation-step",
        "rose_seed-1_activation-sin-tanh",
        "rose_seed-2_activation-step",
        "rose_seed-2_activation-sin-tanh",
    ]
    assert found["rose_seed-2_activation-sin-tanh"] == Recipe(seed=2, activation=("sine", "tanh"))


@given(st.floats(0.02, 50), st.floats(0.02, 50), st.integers(2, 40))
def test_a_swept_value_is_the_one_in_the_name(one, other, count):
    low, high = sorted((round(one, 4), round(other, 4)))
    sweep = parse_sweep(f"gain={low}..{high}:{count}")
    for name, recipe in expand("a", Recipe(), [sweep]):
        assert float(name.removeprefix("a_gain-")) == recipe.gain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed", "expected field=values"),
        ("sede=1..3", "unknown sweep field 'sede'; did you mean 'seed'"),
        ("seed=", "expected numbers such as"),
        ("seed=a", "expected numbers such as"),
        ("seed=4..1", "expected a range from low to high"),
        ("seed=1..999999999", "expected at most 100000 values"),
        ("gain=1..2", "expected a count after the range, as in 1..2:5"),
        ("gain=1..2:1", "expected a count of 2 to 100000"),
        ("gain=nan", "expected numbers such as"),
        ("gain=1..inf:3", "expected numbers such as"),
        ("seed=" + "9" * 5000, "expected numbers such as"),
    ],
)
def test_what_is_no_sweep_is_refused(text, message):
    with pytest.raises(BadInput) as caught:
        parse_sweep(text)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 250


def test_a_swept_value_that_no_recipe_takes_is_refused_before_anything_is_rendered(run_cli):
    code, out, err = run_cli("gallery", "--sweep", "activation=tanh,tahn", "-o", "g")
    assert (code, out) == (2, "")
    assert "sweep: activation: unknown activation 'tahn'" in err
    assert not Path("g").exists()
    assert run_cli("gallery", "--sweep", "seed=1..1000", "--sweep", "gain=1..2:200")[0] == 2
    assert run_cli("gallery", "--sweep", "seed=1..2", "--sweep", "seed=3")[0] == 2


def test_sweeps_in_toml_multiply_with_those_of_the_command_line(run_cli):
    text = '[one]\n[one.sweep]\nseed = "1..2"\ngain = [0.5, 1]\n'
    Path("mine.toml").write_text(text, encoding="utf-8")
    _, out, _ = run_cli("gallery", "mine.toml", "--sweep", "activation=tanh,relu", "--dry-run", "--json")
    names = [job["name"] for job in json.loads(out)["jobs"]]
    assert len(names) == 8
    assert "one_seed-2_gain-0.5_activation-relu" in names
    Path("bad.toml").write_text('[one.sweep]\nsede = "1..2"\n', encoding="utf-8")
    code, _, err = run_cli("gallery", "bad.toml")
    assert code == 2
    assert "bad.toml: [one] sweep: unknown sweep field 'sede'" in err


# --- manifest ---------------------------------------------------------------------------------------------

TEXT = st.text(max_size=30)
ENTRIES = st.builds(
    Entry, name=TEXT, file=TEXT, digest=TEXT, status=st.sampled_from(["done", "failed"]), reason=TEXT,
    bytes=st.integers(0, 2**40), title=TEXT, tags=st.lists(TEXT, max_size=3).map(tuple),
)  # fmt: skip


@given(ENTRIES)
def test_an_entry_survives_its_line(entry):
    line = manifest.to_line(entry)
    assert line.count(b"\n") == 1
    assert manifest.from_line(line[:-1]) == entry


@given(ENTRIES, st.data())
def test_a_flipped_bit_in_a_line_is_noticed(entry, data):
    line = bytearray(manifest.to_line(entry)[:-1])
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= 1 << data.draw(st.integers(0, 7))
    assert manifest.from_line(bytes(line)) is None


def test_the_last_line_of_a_name_counts(tmp_path):
    with manifest.Appender(tmp_path) as appender:
        appender.append([Entry("a", "a.png", "1"), Entry("b", "b.png", "1")])
        appender.append([Entry("a", "a.png", "2")])
    entries, damaged = manifest.read(tmp_path)
    assert {name: entry.digest for name, entry in entries.items()} == {"a": "2", "b": "1"}
    assert not damaged


def test_a_lost_manifest_is_won_back_from_the_pictures(tmp_path):
    render_all(jobs(3), tmp_path)
    (tmp_path / "manifest.jsonl").unlink()
    assert reasons(jobs(3), tmp_path) == [("keep", "recovered")] * 3
    assert [o.status for o in render_all(jobs(3), tmp_path)] == ["kept"] * 3
    assert reasons(jobs(3), tmp_path) == [("keep", "unchanged")] * 3


@pytest.mark.parametrize("name", [name for name, record in FORMATS.items() if not record.lossless])
def test_lossy_pictures_are_recovered_unless_they_are_others(tmp_path, name):
    wanted = [replace(job, format=FORMATS[name]) for job in jobs(2, size=64)]
    render_all(wanted, tmp_path)
    (tmp_path / "manifest.jsonl").unlink()
    assert reasons(wanted, tmp_path) == [("keep", "recovered")] * 2
    path = tmp_path / wanted[0].file_name
    info = read_info(path)
    painted = np.asarray(Image.open(path).convert("RGB"))
    save(path, 255 - painted, info.recipe, overwrite=True)  # the same recipe, other pixels
    assert reasons(wanted, tmp_path) == [("render", "changed"), ("keep", "recovered")]


def test_a_torn_manifest_is_kept_aside_and_mended(tmp_path):
    render_all(jobs(3), tmp_path)
    path = tmp_path / "manifest.jsonl"
    torn = path.read_bytes()[:-30]
    path.write_bytes(torn)
    assert [o.status for o in render_all(jobs(3), tmp_path)] == ["kept"] * 3
    assert (tmp_path / "manifest.jsonl.corrupt").read_bytes() == torn
    entries, damaged = manifest.read(tmp_path)
    assert len(entries) == 3
    assert not damaged


# --- running ----------------------------------------------------------------------------------------------


def test_a_second_run_renders_nothing(tmp_path):
    first = render_all(jobs(4), tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.png")}
    second = render_all(jobs(4), tmp_path)
    assert [o.status for o in first] == ["rendered"] * 4
    assert [o.status for o in second] == ["kept"] * 4
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.png")} == before


def failing_maker(names, pool_start):
    def start(job):
        if job.name in names:
            future = __import__("concurrent.futures").futures.Future()
            future.set_exception(RuntimeError("two\nlines"))
            return future
        return pool_start(job)

    return start


def run_with_failures(folder, names, **options):
    batch = jobs(5)
    with open_folder(folder) as entries, local_maker(1, Event(), lambda pixels: None) as start:
        return list(run(plan(batch, folder, entries), folder, failing_maker(names, start), slots=1, **options))


def test_a_failing_job_is_recorded_and_the_rest_go_on(tmp_path):
    outcomes = run_with_failures(tmp_path, {"p-1"})
    assert sorted((o.job.name, o.status) for o in outcomes) == [
        ("p-0", "rendered"), ("p-1", "failed"), ("p-2", "rendered"), ("p-3", "rendered"), ("p-4", "rendered"),
    ]  # fmt: skip
    entries, _ = manifest.read(tmp_path)
    assert (entries["p-1"].status, entries["p-1"].reason) == ("failed", "RuntimeError: two lines")
    assert reasons(jobs(5), tmp_path)[1] == ("render", "failed before")
    assert [o.status for o in render_all(jobs(5), tmp_path)].count("rendered") == 1


def test_fail_fast_starts_no_more(tmp_path):
    outcomes = run_with_failures(tmp_path, {"p-0"}, fail_fast=True)
    assert [(o.job.name, o.status) for o in outcomes] == [("p-0", "failed")]


def test_a_failed_picture_makes_exit_code_3_and_is_named(run_cli, monkeypatch):
    import artstudio.engine.render as engine

    real = engine.render

    def flaky(recipe, **options):
        if recipe.seed == 2:
            raise RuntimeError("no luck")
        return real(recipe, **options)

    monkeypatch.setattr(engine, "render", flaky)
    arguments = ("gallery", "--sweep", "seed=1..3", "--size", "32x32", "-o", "g")
    code, out, err = run_cli(*arguments)
    assert code == 3
    assert "failed: picture_seed-2: RuntimeError: no luck" in err
    assert "2 of 3 pictures rendered, 1 failed" in err
    code, out, _ = run_cli(*arguments, "--json")
    statuses = {p["name"][-1]: (p["status"], p["reason"]) for p in json.loads(out)["pictures"]}
    assert code == 3
    assert statuses == {
        "1": ("kept", "unchanged"),
        "2": ("failed", "RuntimeError: no luck"),
        "3": ("kept", "unchanged"),
    }


def test_memory_is_bounded_by_the_slots(tmp_path):
    under_way = most = 0
    batch = jobs(30, size=4)
    with open_folder(tmp_path) as entries, local_maker(2, Event(), lambda pixels: None) as start:

        def counted(job):
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            return start(job)

        for _ in run(plan(batch, tmp_path, entries), tmp_path, counted, slots=4):
            under_way -= 1
    assert most <= 4


def test_the_second_process_is_refused_and_the_holder_named(tmp_path):
    command = [
        sys.executable,
        "-m",
        "artstudio",
        "gallery",
        "--sweep",
        "seed=1..2",
        "--size",
        "8x8",
        "-o",
        str(tmp_path),
    ]
    with folder_lock(tmp_path):
        result = subprocess.run(command, capture_output=True, text=True)
        with pytest.raises(FolderLocked), folder_lock(tmp_path):
            pass
    assert result.returncode == 4
    assert f"{tmp_path}: in use by process {os.getpid()} on " in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.png"))


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path):
    code = (
        "import os, signal, sys; from pathlib import Path; from artstudio.files.lock import folder_lock\n"
        "with folder_lock(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)]).returncode == -9
    assert (tmp_path / ".artstudio.lock").read_text().startswith("process ")
    assert len(render_all(jobs(1), tmp_path)) == 1


def test_dry_run_touches_nothing_and_says_what_would_be_done(run_cli):
    code, out, err = run_cli("gallery", "--sweep", "seed=1..3", "--size", "1080p", "-o", "g", "--dry-run")
    assert code == 0
    assert out.count("render  missing") == 3
    assert "render 3 (missing); 6.2 megapixels, about " in err
    assert not Path("g").exists()
    document = json.loads(run_cli("gallery", "--sweep", "seed=1..3", "-o", "g", "-n", "--json")[1])
    assert len(document["jobs"]) == 3
    assert document["estimate"]["pictures"] == 3


# --- contact sheets ---------------------------------------------------------------------------------------


@pytest.mark.sweep
@pytest.mark.parametrize(
    ("layout", "size"),
    some([("slide", (3840, 2160)), ("a4", (2480, 3508)), ("long", (2720, None))], {("slide", (3840, 2160))}),
)
def test_contact_sheets_fit_their_page_and_paginate(run_cli, layout, size):
    options = ("--size", "24x16", "--no-page", "--sheet", layout)
    assert run_cli("gallery", "--sweep", "seed=1..75", *options, "-o", "g")[0] == 0
    pages = sorted(Path("g").glob("contact-sheet*.png"))
    assert len(pages) == {"slide": 5, "a4": 3, "long": 1}[layout]
    for path in pages:
        with Image.open(path) as page:
            assert page.width == size[0]
            assert size[1] in (None, page.height)
    Path("few.toml").write_text("[a]\n[b]\n", encoding="utf-8")
    assert run_cli("gallery", "few.toml", "--columns", 2, "--caption", "recipe", *options, "-o", "few")[0] == 0
    assert len(list(Path("few").glob("contact-sheet*.png"))) == 1


@pytest.mark.sweep
def test_a_shorter_sheet_leaves_no_old_pages(run_cli):
    options = ("--size", "8x8", "-o", "g", "--no-page")
    run_cli("gallery", "--sweep", "seed=1..9", *options, "--columns", 1)
    assert len(list(Path("g").glob("contact-sheet*.png"))) > 3
    run_cli("gallery", "--sweep", "seed=1..9", *options, "--sheet", "none")
    assert not list(Path("g").glob("contact-sheet*.png"))


@pytest.mark.parametrize("size", ["16x400", "400x16", "1x1"])
def test_a_sheet_of_extreme_shapes_still_fits(run_cli, size):
    assert run_cli("gallery", "--sweep", "seed=1..3", "--size", size, "-o", "g", "--no-page")[0] == 0
    with Image.open("g/contact-sheet.png") as page:
        assert page.size == (3840, 2160)


def test_titles_in_any_script_are_drawn(tmp_path):
    from artstudio.figures.sheet import LAYOUTS, Tile, contact_sheets

    tiles = [Tile(None, title) for title in ("Grün", "Ночь", "ليل", "", "x" * 500)]
    assert len(list(contact_sheets(tiles, title="Ω", layout=LAYOUTS["a4"], aspect=1.5))) == 1


@pytest.mark.parametrize(
    ("count", "columns", "rows"),
    some([(1, 1, 1), (2, 2, 1), (4, 2, 2), (6, 3, 2), (8, 4, 2), (9, 3, 3), (12, 4, 3)], {(2, 2, 1), (6, 3, 2)}),
)
def test_a_few_pictures_fill_a_slide(tmp_path, count, columns, rows):
    from artstudio.figures.sheet import LAYOUTS, Tile, contact_sheets

    Image.new("RGB", (160, 90), (200, 0, 0)).save(tmp_path / "red.png")
    tiles = [Tile(tmp_path / "red.png", f"Picture {i}") for i in range(count)]
    (page,) = contact_sheets(tiles, title="Few", layout=LAYOUTS["slide"], aspect=16 / 9)
    red = np.asarray(Image.open(io.BytesIO(page)).convert("RGB"))[..., 1] < 20
    red &= np.asarray(Image.open(io.BytesIO(page)).convert("RGB"))[..., 0] > 150
    across, down = (np.diff(red.any(axis=axis).astype(int), prepend=0, append=0) for axis in (0, 1))
    assert ((across == 1).sum(), (down == 1).sum()) == (columns, rows)
    assert red.mean() > 0.39  # small pictures are scaled up to fill the page


def test_a_caption_stands_right_below_its_picture_whatever_its_shape(tmp_path):
    from artstudio.figures.sheet import LAYOUTS, Tile, contact_sheets

    Image.new("RGB", (400, 100), (200, 0, 0)).save(tmp_path / "wide.png")
    tiles = [Tile(tmp_path / "wide.png", "Wide") for _ in range(4)]
    (page,) = contact_sheets(tiles, title="", layout=LAYOUTS["slide"], aspect=1.0)
    pixels = np.asarray(Image.open(io.BytesIO(page)).convert("RGB")).astype(int)
    column = pixels[:, : pixels.shape[1] // 2]
    red = (column[..., 0] > 150) & (column[..., 1] < 20)
    bottom = np.flatnonzero(red.any(axis=1))
    ends = bottom[np.flatnonzero(np.diff(bottom, append=10**6) > 1)]
    dark = np.flatnonzero((column.max(axis=2) < 90).any(axis=1))
    for end in ends:
        assert 0 < dark[dark > end].min() - end < 60
