"""What the studio writes of a recipe: the command, the preset's table, the address. Python reads each of them."""

import json
import random
import shlex

import click
import pytest
from browser import launched_browser, watched_page
from click.testing import CliRunner
from studio_modules import CALL, served_modules

from artstudio.cli import options
from artstudio.errors import BadInput
from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.models import COLOUR_MODELS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.features import FEATURES, SYMMETRIES
from artstudio.model.recipe import Recipe
from artstudio.model.size import AUTO
from artstudio.pictures.command import render_command
from artstudio.presets.collections import load_file, shipped_presets

OWN = [
    Recipe(),
    Recipe(seed=2**32 - 1, activation="max(0.1*z, z)", gain=2.0, sparsity=0.25),
    Recipe(activation=("tanh", "where(z > 0, z, -1)", "mix(tanh:3, step:0.5)"), skip=True),
    Recipe(latent=(0.00001, -3.0, 1.5, 0.30000000000000004), view={"centre": (1e-05, -2.0), "zoom": 123456.789}),
    Recipe(latent="seed:4", palette=("#102", "#f80", "#fed"), colour="mixture", gamut="clip"),
    Recipe(fourier={"count": 6, "scale": 2.0}, warp={"amount": 0.5, "scale": 0.1}, symmetry="kaleidoscope:7"),
    Recipe(finish={"bands": 5, "contours": 12, "relief": 0.5, "dither": True}, features=("torus", "x")),
    Recipe(view={"centre": (0.0, 0.125), "zoom": 2.0, "rotation": -45.0}, palette="dusk_r", colour="duotone"),
]  # fmt: skip


def drawn_recipes(count):
    """Recipes with values drawn for every field, the registries' names among them."""
    draw = random.Random(7)
    for _ in range(count):
        symmetry = draw.choice(list(SYMMETRIES.values()))
        yield Recipe(
            seed=draw.randrange(2**32),
            activation=tuple(draw.choices(list(ACTIVATIONS), k=draw.choice([1, 1, 3]))),
            units=draw.randrange(1, 65),
            depth=draw.randrange(1, 17),
            gain=draw.choice([1.0, 2.0, draw.uniform(0.01, 5), 10 ** draw.uniform(-2, 2)]),
            skip=draw.random() < 0.3,
            sparsity=draw.choice([0.0, draw.uniform(0, 0.95)]),
            features=tuple(draw.sample(list(FEATURES), k=draw.randrange(1, 5))),
            symmetry=symmetry.name + (f":{draw.randrange(2, 25)}" if symmetry.counted else ""),
            latent=tuple(draw.gauss(0, 1) * 10 ** draw.randrange(-6, 1) for _ in range(draw.choice([0, 0, 3]))),
            view={"centre": (draw.gauss(0, 1), draw.gauss(0, 1e-5)), "zoom": 10 ** draw.uniform(-2, 6)},
            colour=draw.choice(list(COLOUR_MODELS)),
            palette=draw.choice(list(PALETTES)) + draw.choice(["", "_r"]),
            gains=draw.choice(["calm", "first"]),
            origin=draw.choice(["seed", (0.0, 0.0), (draw.gauss(0, 1), draw.gauss(0, 1e-5))]),
        )


RECIPES = [*OWN, *(preset.recipe for preset in shipped_presets().values()), *drawn_recipes(60)]


@pytest.fixture(scope="module")
def call(tmp_path_factory):
    """Calls a function of one of the page's modules, once for each list of values."""
    with (
        launched_browser() as browser,
        served_modules(tmp_path_factory.mktemp("modules")) as address,
        watched_page(browser, address) as watched,
    ):
        yield lambda module, name, values: watched.page.evaluate(CALL, [module, name, values])
        assert watched.problems() == []


@pytest.fixture(scope="module")
def shown(call):
    """The recipes as the page holds them."""
    return call("recipe.js", "checkRecipe", [["data", recipe.to_dict()] for recipe in RECIPES])


def test_the_command_is_the_one_that_python_writes(call, shown):
    lines = call("words.js", "commandOf", [["data", recipe, 1920, 1080] for recipe in shown])
    assert lines == [render_command(recipe, 1920, 1080, AUTO) for recipe in RECIPES]


def test_the_command_line_reads_its_own_recipe_from_the_command(call, shown):
    """Not only the same text as ours: parsed by a shell and by click, it is the recipe."""
    found = []

    @click.command(cls=options.RecipeCommand)
    @options.size_option("1080p")
    def command(size, **fields):
        found.append(options.override(Recipe(), fields))

    lines = call("words.js", "commandOf", [["data", recipe, 640, 480] for recipe in shown[: len(OWN)]])
    for line in lines:
        words = shlex.split(line)
        assert words[:2] == ["artstudio", "render"]
        outcome = CliRunner().invoke(command, words[2:])
        assert outcome.exit_code == 0, outcome.output
    assert found == OWN


def test_the_table_is_a_preset_with_the_same_recipe(call, shown, tmp_path):
    tables = call("words.js", "tomlOf", [["data", recipe] for recipe in shown])
    for recipe, table in zip(RECIPES, tables, strict=True):
        path = tmp_path / "own.toml"
        path.write_text(table, encoding="utf-8")
        (preset,) = load_file(path).values()
        assert preset.recipe == recipe


def test_the_json_is_the_same_recipe(call, shown):
    texts = call("words.js", "jsonOf", [["data", recipe] for recipe in shown])
    assert [Recipe.from_json(text) for text in texts] == RECIPES


def test_an_address_leads_back_to_its_recipe_and_its_scene(call, shown):
    scene = call("fragment.js", "firstScene", [[]])[0]
    assert scene["mode"] == "picture"
    changed = scene | {"mode": "split", "other": "relu", "divider": 0.25, "explorer": True}
    addresses = call("fragment.js", "writeFragment", [["data", recipe, changed] for recipe in shown])
    assert all(address.isascii() and " " not in address for address in addresses)
    found = call("fragment.js", "readFragment", [["data", address] for address in addresses])
    assert [Recipe.from_dict(one["recipe"]) for one in found] == RECIPES
    assert all(one["scene"] == changed for one in found)


def test_what_is_out_of_range_around_the_picture_is_brought_into_it(call):
    (found,) = call("fragment.js", "readFragment", [["data", "#divider=7&litter=-3&mode=split"]])
    assert (found["scene"]["divider"], found["scene"]["litter"]) == (0.98, 1)


@pytest.mark.parametrize(("word", "schema"), [("", 3), ("schema=2&", 2), ("schema=3&", 3), ("schema=4&", 4)])
def test_an_address_is_read_by_its_schema_and_an_older_one_stays_as_it_was(call, word, schema):
    """Pages wrote addresses without a schema until there was a fourth one."""
    address = f"#seed=7&{word}activation=sine&zoom=2"
    (found,) = call("fragment.js", "readFragment", [["data", address]])
    fields = {"seed": 7, "activation": ["sine"], "view": {"zoom": 2.0}}
    assert Recipe.from_dict(found["recipe"]) == Recipe.from_dict({"schema": schema, **fields})
    (again,) = call("fragment.js", "writeFragment", [["data", found["recipe"], found["scene"]]])
    assert again == f"#seed=7&{'schema=4&' if schema == 4 else ''}activation=sine&zoom=2"


def test_an_address_is_as_short_as_its_picture_is_plain(call):
    scene = call("fragment.js", "firstScene", [[]])[0]
    recipe = Recipe(seed=7, activation=("tanh", "step"), view={"zoom": 2.0}).to_dict()
    (address,) = call("fragment.js", "writeFragment", [["data", recipe, scene]])
    assert address == "#seed=7&schema=4&activation=tanh,step&zoom=2"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("#seed=-1", "seed"), ("#seed=", "number"), ("#seed=frog", "number"), ("#activation=frog", "frog"),
        ("#frog=1", "frog"), ("#mode=frog", "mode"), ("#zoom=1e9", "zoom"), ("#palette=%23xyz", "palette"),
        ("#latent=1,2,frog", "latent"), ("#seed=%E0%A4%A", "address"), ("#units=1.5", "units"),
        ("#activation=alert(1)", "activation"), ("#divider=1e999", "number"), ("#schema=99", "schema"),
        ("#schema=frog", "schema"), ("#origin=1,frog", "origin"), ("#origin=1", "origin"),
    ],
)  # fmt: skip
def test_a_broken_address_is_one_line_and_costs_nothing_else(call, address, words):
    """Only the broken value is left out: the bands beside it stay."""
    (found,) = call("fragment.js", "readFragment", [["data", f"{address}&bands=5"]])
    (problem,) = found["problems"]
    assert words in problem
    assert "\n" not in problem
    assert len(problem) < 200
    # An unreadable point is the default recipe's, whatever the schema.
    point = {"origin": "seed"} if words == "origin" else {}
    assert Recipe.from_dict(found["recipe"]) == Recipe.from_dict({"schema": 2, "finish": {"bands": 5}, **point})
    assert found["scene"] == call("fragment.js", "firstScene", [[]])[0]


def test_python_refuses_what_the_page_refuses(call):
    bad = [{"units": 0}, {"gain": 1e9}, {"symmetry": "rotate"}, {"finish": {"bands": 1}}, {"features": []}]
    found = call("recipe.js", "checkRecipe", [["data", {**RECIPES[0].to_dict(), **change}] for change in bad])
    assert all(isinstance(one, str) for one in found)
    for change in bad:
        with pytest.raises(BadInput):
            Recipe.from_dict(json.loads(json.dumps({**RECIPES[0].to_dict(), **change})))
