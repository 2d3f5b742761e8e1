"""The studio's server: what it serves, whom it refuses, and that nothing outside of its folder is touched."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from selection import some

import artstudio
from artstudio.errors import ArtstudioError, BadInput
from artstudio.files.atomic import stale_temporaries
from artstudio.model.recipe import Recipe
from artstudio.pictures.picture import save

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")
httpx = pytest.importorskip("httpx2")

from starlette.testclient import TestClient  # noqa: E402

from artstudio.pages import renders, serving  # noqa: E402
from artstudio.pages.policy import origin, served_policy  # noqa: E402
from artstudio.pages.server import MAX_BODY, TOKEN_HEADER, studio_app  # noqa: E402
from artstudio.pages.shelf import Shelf, inside  # noqa: E402

PORT = 8765
HOME = f"http://127.0.0.1:{PORT}"
PAGE = '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;"><p>studio'
RECIPE = Recipe(seed=5, activation="step", units=6, depth=2)


@pytest.fixture
def app(tmp_path):
    app = studio_app(PAGE, tmp_path / "outputs", PORT)
    yield app
    app.state.renders.close()


@pytest.fixture
def client(app):
    return TestClient(app, base_url=HOME)


@pytest.fixture
def token(client):
    """This run's token, as the page gets it."""
    return {TOKEN_HEADER: client.get("/api/session").json()["token"]}


@pytest.fixture
def outputs(tmp_path):
    """An output folder with a gallery, a stray picture without a recipe, and a secret beside it."""
    folder = tmp_path / "outputs"
    (folder / "mine" / "thumbs").mkdir(parents=True)
    pixels = np.full((40, 60, 3), 90, np.uint8)
    save(folder / "mine" / "one.png", pixels, RECIPE, title="One")
    save(folder / "top.png", pixels, RECIPE)
    save(folder / "mine" / "thumbs" / "no.png", pixels, RECIPE)
    (folder / "mine" / "broken.png").write_bytes(b"not a picture")
    (folder / "mine" / ".hidden.png").write_bytes((folder / "top.png").read_bytes())
    (tmp_path / "secret.png").write_bytes((folder / "top.png").read_bytes())
    (folder / "mine" / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "away").symlink_to(tmp_path)
    return folder


def wish(**changes):
    return {"recipe": RECIPE.to_dict(), "size": "48x32", "format": "png", **changes}


def follow(client, job):
    """The events of a render, to its end."""
    with client.stream("GET", f"/api/renders/{job['id']}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        return [json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line]


# The page and its headers


def test_the_page_comes_with_its_own_policy_and_strict_headers(client):
    answer = client.get("/")
    assert answer.text == PAGE
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/api/session", "/api/galleries", "/nothing", "/pictures/no.png"])
def test_every_answer_has_the_strict_headers(client, path):
    headers = client.get(path).headers
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert "access-control-allow-origin" not in headers


def test_an_internal_error_is_one_line_under_the_same_headers(app):
    def broken():
        raise RuntimeError("boom")

    app.state.shelf.galleries = broken
    answer = TestClient(app, base_url=HOME, raise_server_exceptions=False).get("/api/galleries")
    assert (answer.status_code, answer.json()) == (500, {"error": "internal error: RuntimeError"})
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_page_without_a_policy_is_refused():
    with pytest.raises(ValueError, match="policy"):
        served_policy("<p>bare")


# Who may ask


@pytest.mark.parametrize(
    "host",
    ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}", ""],
)
def test_another_host_name_is_refused(client, host):
    """DNS rebinding: a site's name that suddenly leads to 127.0.0.1 brings its own Host along."""
    for path in ("/", "/api/session"):
        assert client.get(path, headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
def test_its_own_names_are_served(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_reads_nothing_but_may_link_to_the_page(client, outputs, site):
    headers = {"sec-fetch-site": site}
    assert client.get("/", headers=headers).status_code == 200
    for path in ("/api/session", "/api/galleries", "/pictures/top.png", "/thumbnails/top.png"):
        assert client.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"http://localhost:{PORT}"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {TOKEN_HEADER: "wrong"},
        {TOKEN_HEADER: ""},
        {TOKEN_HEADER: "é".encode()},
    ],
)
def test_a_write_from_elsewhere_or_without_the_token_is_refused(client, token, headers, app):
    answer = client.post("/api/renders", json=wish(), headers=token | headers)
    assert answer.status_code == 403
    assert client.delete("/api/renders/x", headers=token | headers).status_code == 403
    assert app.state.renders._renders == {}


def test_the_token_is_another_one_each_run(tmp_path):
    tokens = {studio_app(PAGE, tmp_path, PORT).state.token for _ in range(3)}
    assert len(tokens) == 3


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client, token, method):
    assert client.request(method, "/api/renders", headers=token).status_code == 405


def test_a_long_body_is_refused_whether_it_says_its_length_or_not(client, token):
    headers = token | {"content-type": "application/json"}
    long = b" " * (MAX_BODY + 1)
    assert client.post("/api/renders", content=long, headers=headers).status_code == 413
    assert client.post("/api/renders", content=iter([long]), headers=headers).status_code == 413
    lying = headers | {"content-length": "-1"}
    assert client.post("/api/renders", content=b"{}", headers=lying).status_code == 413


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "JSON"),
        (b"[" * 30000, "JSON"),
        (b"[]", "JSON object"),
        (b"{}", "recipe is missing"),
        (json.dumps(wish(size="0x9")).encode(), "1x1"),
        (json.dumps(wish(size="999999x9")).encode(), "131072"),
        (json.dumps(wish(size="131072x131072")).encode(), "memory"),
        (json.dumps(wish(size="20000x9", format="webp")).encode(), "webp"),
        (json.dumps(wish(format="exe")).encode(), "unknown format"),
        (json.dumps(wish(path="/etc/x")).encode(), "unknown key"),
        (json.dumps(wish(recipe={"schema": 2, "activation": ["tahn"]})).encode(), "tanh"),
        (json.dumps(wish(recipe={"seed": 3})).encode(), "schema"),
    ],
)
def test_a_bad_wish_is_answered_with_one_line(client, token, body, words):
    answer = client.post("/api/renders", content=body, headers=token | {"content-type": "application/json"})
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


def test_a_form_of_another_kind_is_refused(client, token):
    headers = token | {"content-type": "text/plain"}
    assert client.post("/api/renders", content=json.dumps(wish()), headers=headers).status_code == 415


# Rendering


def test_a_picture_is_rendered_as_the_command_line_does(client, token, app):
    job = client.post("/api/renders", json=wish(), headers=token)
    assert job.status_code == 202
    events = follow(client, job.json())
    assert events[-1]["status"] == "done"
    assert events[-1]["path"] == "studio/step-5-48x32.png"
    assert [event["progress"] for event in events] == sorted(event["progress"] for event in events)
    path = app.state.shelf.root / events[-1]["path"]
    assert artstudio.load_recipe(path) == RECIPE
    from PIL import Image

    with Image.open(BytesIO(client.get("/pictures/" + events[-1]["path"]).content)) as picture:
        assert np.array_equal(np.asarray(picture), artstudio.render(RECIPE, width=48, height=32))


def test_nothing_is_ever_overwritten(client, token):
    ends = [follow(client, client.post("/api/renders", json=wish(), headers=token).json())[-1] for _ in range(2)]
    assert [end["path"] for end in ends] == ["studio/step-5-48x32.png", "studio/step-5-48x32-2.png"]


def test_an_expression_makes_a_harmless_name(client, token, app):
    recipe = RECIPE.replace(activation=("max(0.1*z, z)/2",)).to_dict()
    end = follow(client, client.post("/api/renders", json=wish(recipe=recipe), headers=token).json())[-1]
    assert Path(end["path"]).parent == Path("studio")
    assert (app.state.shelf.root / end["path"]).is_file()


def test_a_picture_can_be_cancelled_and_leaves_nothing(client, token, app, monkeypatch):
    started, go_on = threading.Event(), threading.Event()

    def paint(recipe, *, width, height, progress, **_):
        progress(100)
        started.set()
        assert go_on.wait(20)
        progress(100)
        raise AssertionError("it went on")

    monkeypatch.setattr("artstudio.engine.render.render", paint)
    job = client.post("/api/renders", json=wish(size="4k"), headers=token).json()
    waiting = client.post("/api/renders", json=wish(), headers=token).json()
    assert started.wait(20)
    for each in (job, waiting):
        assert client.delete(f"/api/renders/{each['id']}", headers=token).status_code == 200
    go_on.set()
    assert [follow(client, each)[-1]["status"] for each in (job, waiting)] == ["cancelled", "cancelled"]
    assert not (app.state.shelf.root / "studio").exists()


def test_a_failure_is_told(client, token, monkeypatch):
    def paint(*_, **__):
        raise MemoryError

    monkeypatch.setattr("artstudio.engine.render.render", paint)
    end = follow(client, client.post("/api/renders", json=wish(), headers=token).json())[-1]
    assert (end["status"], end["path"]) == ("failed", "")
    assert "memory" in end["reason"]


def test_only_so_many_may_wait(client, token, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr("artstudio.engine.render.render", lambda *_, **__: go_on.wait(20))
    answers = [client.post("/api/renders", json=wish(), headers=token) for _ in range(renders.MOST_WAITING + 1)]
    assert [answer.status_code for answer in answers] == [202] * renders.MOST_WAITING + [400]
    for answer in answers[:-1]:
        client.delete(f"/api/renders/{answer.json()['id']}", headers=token)
    go_on.set()


def test_nothing_is_written_through_a_symbolic_link(client, token, app, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    app.state.shelf.root.mkdir()
    (app.state.shelf.root / "studio").symlink_to(elsewhere)
    end = follow(client, client.post("/api/renders", json=wish(), headers=token).json())[-1]
    assert end["status"] == "failed"
    assert "symbolic link" in end["reason"]
    assert list(elsewhere.iterdir()) == []


def test_an_unknown_render_is_one_line(client, token):
    assert "no such picture" in client.get("/api/renders/0/events").json()["error"]


# Galleries


def test_galleries_list_what_has_pictures_with_recipes(client, outputs):
    galleries = {gallery["path"]: gallery["count"] for gallery in client.get("/api/galleries").json()}
    assert galleries == {"": 1, "mine": 2}
    (picture,) = client.get("/api/pictures", params={"gallery": "mine"}).json()
    assert picture == {
        "path": "mine/one.png", "title": "One", "width": 60, "height": 40, "recipe": RECIPE.to_dict(),
    }  # fmt: skip
    thumbnail = client.get("/thumbnails/mine/one.png")
    assert thumbnail.headers["content-type"] == "image/webp"
    from PIL import Image

    with Image.open(BytesIO(thumbnail.content)) as small:
        assert small.size == (60, 40)


def test_a_batch_made_gallery_shows_its_titles_and_other_formats(client, outputs, run_cli):
    arguments = ("gallery", "--sweep", "seed=1..2", "--size", "32x18", "--format", "webp", "-o", outputs / "swept")
    assert run_cli(*arguments, "-q")[0] == 0
    pictures = client.get("/api/pictures", params={"gallery": "swept"}).json()
    assert sorted(picture["recipe"]["seed"] for picture in pictures) == [1, 2]
    assert all(picture["path"].endswith(".webp") for picture in pictures)


def test_an_output_folder_that_is_not_there_is_empty(client):
    assert client.get("/api/galleries").json() == []


TRAVERSALS = (
    "../secret.png", "mine/../../secret.png", "/etc/passwd", "//etc/passwd", "mine//one.png", "./top.png", "..",
    "mine/link.png", "away/secret.png", "away/outputs/top.png", "mine/.hidden.png", "C:/x.png", "mine\\one.png",
    "top.png\0.png", "mine/one.png:stream",
)  # fmt: skip


@pytest.mark.parametrize("name", TRAVERSALS)
def test_no_name_leads_out_of_the_folder(client, outputs, name):
    shelf = Shelf(outputs)
    with pytest.raises(BadInput):
        shelf.picture(name)
    with pytest.raises(BadInput):
        inside(outputs, name)
    quoted = name.replace("\0", "%00").replace("/", "%2f").replace("..", "%2e%2e")
    for path in (f"/pictures/{quoted}", f"/thumbnails/{quoted}", f"/api/pictures?gallery={quoted}"):
        assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize("name", ["mine", "mine/manifest.jsonl", "nothing.png", "", "mine/broken.txt"])
def test_only_pictures_are_handed_out(client, outputs, name):
    (outputs / "mine" / "manifest.jsonl").write_text("{}\n", encoding="utf-8")
    assert client.get(f"/pictures/{name}").status_code in (400, 404)


def test_a_damaged_picture_has_no_thumbnail(client, outputs):
    assert client.get("/thumbnails/mine/broken.png").status_code == 400


# The process


@pytest.fixture
def studio(tmp_path):
    """`artstudio studio` as a process; yields (process, its address)."""
    command = [sys.executable, "-m", "artstudio", "studio", "--port", "0", "--no-browser", "-o", "pictures"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True) as process:
        yield process, process.stdout.readline().strip()
        process.kill()


@pytest.mark.parametrize("number", some([signal.SIGINT, signal.SIGTERM], {signal.SIGTERM}))
def test_it_serves_on_this_machine_alone_and_ends_quietly(studio, number):
    process, url = studio
    assert url.startswith("http://127.0.0.1:")
    answer = httpx.get(url)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "server" not in answer.headers
    process.send_signal(number)
    assert process.wait(30) == 0
    assert process.stdout.read() == ""
    assert process.stderr.read().splitlines() == ["serving pictures/; Ctrl-C ends it"]


@pytest.mark.sweep
def test_ctrl_c_while_it_paints_leaves_nothing_half_written(studio, tmp_path):
    process, url = studio
    headers = {TOKEN_HEADER: httpx.get(url + "api/session").json()["token"]}
    recipe = RECIPE.replace(units=128, depth=32).to_dict()
    job = httpx.post(url + "api/renders", json=wish(recipe=recipe, size="8k"), headers=headers).json()
    with httpx.stream("GET", f"{url}api/renders/{job['id']}/events", timeout=60) as stream:
        next(stream.iter_lines())
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert "Traceback" not in process.stderr.read()
    folder = tmp_path / "pictures" / "studio"
    assert not folder.exists() or list(folder.iterdir()) == stale_temporaries(folder) == []


def test_a_port_in_use_is_one_clear_line(run_cli):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, out, err = run_cli("studio", "--port", port, "--no-browser")
    assert (code, out) == (1, "")
    assert err == (
        f"artstudio: port {port}: in use by another program, perhaps another studio;"
        " choose another with --port, or --port 0 for any\n"
    )


def test_a_port_out_of_range_is_refused(run_cli):
    code, _, err = run_cli("studio", "--port", "70000")
    assert code == 2
    assert "65535" in err


def test_it_listens_on_no_other_address():
    with serving.listen(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user who may not use low ports")
def test_a_forbidden_port_is_one_clear_line():
    with pytest.raises(ArtstudioError, match="port 80: cannot be used"):
        serving.listen(80)


def test_without_the_extra_it_says_how_to_install_it(run_cli, monkeypatch):
    monkeypatch.setattr(serving, "find_spec", lambda name: None)
    code, out, err = run_cli("studio", "--no-browser")
    assert (code, out) == (2, "")
    assert "pip install 'artstudio[web]'" in err
    assert "--export" in err


def test_the_browser_is_opened_where_there_is_a_screen(monkeypatch):
    opened = threading.Event()
    monkeypatch.setattr(serving.webbrowser, "open", lambda url: opened.set())
    monkeypatch.setattr(serving.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    serving.open_browser("http://127.0.0.1:1/")
    assert not opened.is_set()
    monkeypatch.setenv("DISPLAY", ":0")
    serving.open_browser("http://127.0.0.1:1/")
    assert opened.wait(10)


def test_export_writes_one_file_and_replaces_nothing(run_cli):
    code, out, _ = run_cli("studio", "--export", "page.html")
    assert (code, out) == (0, "page.html\n")
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "unsafe-inline" not in served_policy(page)
    code, _, err = run_cli("studio", "--export", "page.html")
    assert code == 2
    assert "--force" in err
    assert run_cli("studio", "--export", "page.html", "--force")[0] == 0


def test_a_page_may_frame_the_studio_only_where_its_origin_is_named():
    page = '<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;">'
    assert served_policy(page).endswith("frame-ancestors 'none'")
    assert served_policy(page, [origin("HTTPS://Slides.example.org:8080/")]).endswith(
        "frame-ancestors https://slides.example.org:8080"
    )


@pytest.mark.parametrize(
    "text", ["slides", "https://a b", "https://a;script-src *", "javascript:alert(1)", "*", ""]
)
def test_an_origin_that_is_none_is_refused(text):
    with pytest.raises(BadInput, match="origin: expected one such as"):
        origin(text)
