"""Type checkers know a recipe's arguments without a plugin: mypy accepts what it takes and refuses the rest."""

import re

import pytest

SAMPLE = """
from artstudio import Finish, Recipe, View

Recipe()
Recipe(seed=3, activation="relu", gain=1, features=["x", "y"], latent=(0.5, 1), palette=("#fff", "#000"))
Recipe(activation=["relu", "tanh"], latent="seed:4", palette="dusk", view=View(centre=[0, 1]), finish={"bands": 5})
names: tuple[str, ...] = Recipe().activation
zoom: float = Recipe().view.zoom
Finish(bands=3)
Recipe(sed=3)  # refused: Unexpected keyword argument "sed"
Recipe(units="x")  # refused: Argument "units" to "Recipe" has incompatible type "str"
Recipe(gamut="squeeze")  # refused: Argument "gamut" to "Recipe" has incompatible type
Recipe(activation=3)  # refused: Argument "activation" to "Recipe" has incompatible type "int"
View(zom=2.0)  # refused: Unexpected keyword argument "zom"
"""

CONFIGURATION = """
[mypy]
follow_imports = skip
[mypy-artstudio,artstudio.model.*,pydantic.*,annotated_types.*,typing_extensions.*]
follow_imports = silent
"""


@pytest.mark.sweep
def test_mypy_knows_a_recipe_s_arguments(tmp_path, monkeypatch):
    mypy = pytest.importorskip("mypy.api")
    (tmp_path / "sample.py").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(CONFIGURATION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    printed, errors, _ = mypy.run(
        ["--config-file=mypy.ini", "--no-incremental", "--show-error-codes", "sample.py"]
    )
    assert errors == ""
    complaints = {int(line.split(":")[1]): line for line in printed.splitlines() if ": error: " in line}
    for number, line in enumerate(SAMPLE.splitlines(), 1):
        wanted = re.search("# refused: (.*)", line)
        assert (number in complaints) == bool(wanted), (line, complaints.get(number))
        assert not wanted or wanted[1] in complaints[number]
