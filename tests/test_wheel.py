"""The wheel: built, installed into an environment of its own, and run far from the repository."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([*PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    return next(folder.glob("artstudio-*.whl"))


@pytest.fixture(scope="module")
def python(wheel):
    """The Python of an environment with the installed wheel. Its libraries are those of the tests' environment."""
    folder = wheel.parent
    venv.create(folder / "env", with_pip=False, symlinks=True)
    packages = next((folder / "env").rglob("site-packages"))
    subprocess.run([*PIP, "install", "--no-deps", "--target", packages, wheel], check=True)
    # A path, and not a folder of packages: no editable install is seen through it.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "env" / "bin" / "python"


@pytest.mark.sweep
def test_an_installed_wheel_makes_galleries_studios_and_decks(python, tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*arguments):
        command = [python, "-P", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    where = run("-c", "import artstudio, pathlib; print(pathlib.Path(artstudio.__file__).parent)")
    assert Path(where.strip()).is_relative_to(python.parent.parent)
    artstudio = ("-m", "artstudio")
    assert len(run(*artstudio, "presets").splitlines()) > 80
    run(*artstudio, "gallery", "agate", "rose-window", "--size", "48x32", "-q")
    with Image.open(tmp_path / "outputs" / "gallery" / "agate.png") as picture:
        assert picture.size == (48, 32)
    assert (tmp_path / "outputs" / "gallery" / "index.html").stat().st_size > 10_000
    run(*artstudio, "studio", "--export", "s.html")
    assert (tmp_path / "s.html").stat().st_size > 100_000
    run(*artstudio, "deck", "talk.pptx", "--include", "title,plots", "-q")
    assert (tmp_path / "talk.pptx").stat().st_size > 10_000
    assert "Inter artstudio, 3 faces" in run(*artstudio, "doctor")


INSTALLERS = {
    "uv": ("tool", "install", "--python", sys.executable),
    "pipx": ("install", "--python", sys.executable),
}
"""A program that installs commands -> its words before the wheel. Both come from the package index."""


@pytest.mark.sweep
@pytest.mark.parametrize("installer", INSTALLERS)
def test_it_installs_as_a_command_of_its_own(wheel, installer, tmp_path):
    """With all that it needs, far from the repository and from the environment of the tests."""
    subprocess.run([*PIP, "install", "--target", tmp_path / "installer", installer], check=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "UV_PYTHON")},
        "PYTHONPATH": str(tmp_path / "installer"), "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"), "PIPX_HOME": str(tmp_path / "tools"),
        "PIPX_BIN_DIR": str(tmp_path / "bin"), "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }  # fmt: skip
    command = [sys.executable, "-m", installer, *INSTALLERS[installer], str(wheel)]
    subprocess.run(command, check=True, env=environment, cwd=tmp_path, capture_output=True)
    del environment["PYTHONPATH"]
    artstudio = [str(tmp_path / "bin" / "artstudio")]
    subprocess.run(
        [*artstudio, "render", "-s", "7", "--size", "64x36", "-o", "x.png"],
        check=True,
        env=environment,
        cwd=tmp_path,
    )
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (64, 36)
    subprocess.run([*artstudio, "studio", "--export", "s.html"], check=True, env=environment, cwd=tmp_path)
    assert (tmp_path / "s.html").stat().st_size > 100_000
