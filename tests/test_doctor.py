"""The doctor's report says what is installed here, and what is missing."""

import json
import tomllib
from importlib import metadata
from pathlib import Path

import jax
import pytest

from artstudio import doctor
from artstudio.version import VERSION

ROOT = Path(__file__).resolve().parent.parent


def test_it_prints_versions_devices_and_programs(run_cli):
    code, out, err = run_cli("doctor", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["artstudio"] == VERSION
    assert found["libraries"] == {name: metadata.version(name) for name in doctor.LIBRARIES}
    assert len(found["devices"]) == jax.local_device_count()
    assert Path(found["programs"]["folder"]).is_dir()
    code, out, _ = run_cli("doctor")
    assert code == 0
    assert f"jax {jax.__version__}" in out


def test_every_extra_for_users_is_explained():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
    assert set(doctor.EXTRAS) == set(extras) - {"bench", "dev"}


@pytest.mark.parametrize("extra", doctor.EXTRAS)
def test_a_missing_extra_says_what_it_would_give(extra, monkeypatch):
    libraries, gives = doctor.EXTRAS[extra]

    def without(name):
        if name in libraries:
            raise metadata.PackageNotFoundError(name)
        return metadata.version(name)

    monkeypatch.setattr(doctor, "version", without)
    assert f"{gives}: missing {', '.join(libraries)}: pip install 'artstudio[{extra}]'" in doctor.report(
        doctor.examine()
    )


def test_the_citation_names_this_version():
    assert f"\nversion: {VERSION}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
