"""Surprises come from styles and differ; styles are read strictly; harmonies keep their steps of lightness."""

import json
from collections import Counter

import numpy as np
import pytest
from coloraide import Color
from PIL import Image
from selection import some
from style_members import may_come_from

from artstudio import BadInput, Recipe, load_recipe
from artstudio.curation import surprise
from artstudio.curation.curate import score_recipes
from artstudio.curation.surprise import surprises
from artstudio.figures.wall import wall
from artstudio.model.colour.palettes import PALETTES
from artstudio.presets.collections import load_file
from artstudio.presets.harmony import HARMONIES, LEAST_STEP, harmonious_palette
from artstudio.presets.styles import find_styles, load_styles, shipped_styles, turn

STYLES = shipped_styles()
MINE = """
[palettes]
night = ["iris", "harmony:mono"]

[still]
title = "Still life"
weight = 2
activation = ["tanh", ["step", "tanh"], "mix(tanh, step)"]
depth = "2..3"
gain = ["0.5..0.8", 1]
features = [["y", "x"]]
centre = [["-0.5..0.5", 0]]
palette = ["group:night", ["#000", "#fff"]]

[plain]
"""


def stream(seed):
    return np.random.Generator(np.random.PCG64(seed))


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    return path


# Styles


@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_style_s_recipes_are_what_it_says_and_the_same_for_a_seed(style):
    drawn = [style.draw(stream(seed)) for seed in range(20)]
    assert drawn == [style.draw(stream(seed)) for seed in range(20)]
    assert len(set(drawn)) == 20
    assert all(may_come_from(style, recipe) for recipe in drawn)
    assert style.description


def test_the_shipped_styles_share_programs():
    recipes = [style.draw(stream(seed)) for style in STYLES.values() for seed in range(20)]
    assert {recipe.units for recipe in recipes} == {Recipe().units}
    for style in STYLES.values():
        assert len({style.draw(stream(seed)).finish.needs_slopes for seed in range(20)}) == 1, style.name


def test_every_shipped_palette_has_its_place_but_those_made_to_stand_behind_text():
    named = {name for style in STYLES.values() for name in named_palettes(style.fields["palette"])}
    assert set(PALETTES.built_in()) - named == {"linen", "mist", "graphite", "midnight"}


def named_palettes(value):
    parts = getattr(value, "values", None)
    return [value] if isinstance(value, str) else [name for part in parts or () for name in named_palettes(part)]


def test_a_file_of_styles_is_read_with_ranges_lists_and_groups(mine):
    styles = load_styles(mine)
    still = styles["still"]
    assert (still.title, still.weight, styles["plain"].title) == ("Still life", 2.0, "Plain")
    drawn = [still.draw(stream(seed)) for seed in range(200)]
    assert {recipe.activation for recipe in drawn} == {("tanh",), ("step", "tanh"), ("mix(tanh:1, step:1)",)}
    assert {recipe.depth for recipe in drawn} == {2, 3}
    assert {recipe.features for recipe in drawn} == {("x", "y")}
    gains = [recipe.gain for recipe in drawn if recipe.gain != 1]
    assert 60 < len(gains) < 140
    assert 0.5 <= min(gains) < 0.53 < 0.77 < max(gains) <= 0.8
    assert np.median(gains) == pytest.approx(np.sqrt(0.5 * 0.8), abs=0.03), "evenly spread in the logarithm"
    assert all(-0.5 <= recipe.view.centre[0] <= 0.5 and recipe.view.centre[1] == 0 for recipe in drawn)
    assert {"iris", ("#000000", "#ffffff")} < {recipe.palette for recipe in drawn}
    assert styles["plain"].draw(stream(1)).replace(seed=0) == Recipe()
    assert [style.name for style in find_styles([f"{mine}:plain", "silk"])] == ["plain", "silk"]
    assert [style.name for style in find_styles([str(mine)])] == ["still", "plain"]
    assert json.loads(json.dumps(still.to_dict()))["fields"]["depth"]["oneOf"] == [
        {"low": 2, "high": 3, "whole": True, "byFactors": False}
    ]


BAD = {
    "unknown field": ("[a]\ndepht = 3", "[a] unknown key 'depht'; did you mean 'depth'"),
    "the seed": ("[a]\nseed = 3", "[a] unknown key 'seed'"),
    "wrong type": ("[a]\ndepth = ['x']", "[a] depth: expected a whole number, found 'x'"),
    "out of range": ("[a]\ndepth = '2..900'", "[a] depth: expected at most 128, found 900"),
    "a range of parts of units": ("[a]\ndepth = '1.5..3'", "[a] depth: expected a whole number, found 1.5"),
    "backwards": ("[a]\ngain = '2..1'", "[a] gain: expected a range from low to high, found '2..1'"),
    "no alternative": ("[a]\ngain = []", "[a] gain: expected at least one alternative, found none"),
    "a bare list": ("[a]\ncentre = [0.5, 0.5]", "centre: expected a list, found 0.5"),
    "unknown palette": ("[a]\npalette = 'dsuk'", "[a] palette: unknown palette 'dsuk'; did you mean 'dusk'"),
    "unknown group": (
        "[palettes]\nnight = ['dusk']\n[a]\npalette = 'group:nigth'",
        "[a] unknown group of palettes",
    ),
    "unknown harmony": ("[a]\npalette = 'harmony:tetrad'", "[a] unknown harmony 'tetrad'"),
    "no weight": ("[a]\nweight = 0", "[a] weight: expected more than 0, found 0"),
    "no table": ("a = 3", "a: expected a table, as [a], found 3"),
    "a name no file can have": ("['A/b']", "style name 'A/b': expected small letters"),
    "empty": ("[palettes]", "expected at least one style"),
    "escape sequences": ('[a]\npalette = "\\u001b]0;owned"', "[a] palette: unknown palette"),
    "nested": ("[a]\nactivation = [[['tanh']]]", "[a] activation"),
    "a table": ("[a]\ngain = { x = 1 }", "[a] gain: expected a number, found {'x': 1}"),
}


@pytest.mark.parametrize(("text", "words"), BAD.values(), ids=BAD)
def test_what_is_wrong_with_a_file_is_one_clear_line(text, words, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_styles(path)
    message = str(caught.value)
    assert words in message
    assert "bad.toml" in message
    assert message.isprintable()


def test_consecutive_seeds_go_through_all_styles_by_their_weights():
    styles, count = list(STYLES.values()), 1000
    counts = Counter(turn(styles, seed).name for seed in range(500, 500 + count))
    total = sum(style.weight for style in styles)
    for style in styles:
        assert abs(counts[style.name] - count * style.weight / total) <= 4, style.name
    assert {turn(styles, seed).name for seed in range(7, 7 + 3 * len(styles))} == set(STYLES)


# Harmonies


@pytest.mark.parametrize("rule", HARMONIES)
def test_a_harmony_has_even_steps_of_lightness_and_no_garish_chroma(rule):
    for seed in range(40):
        colours = [Color(colour).convert("oklch") for colour in harmonious_palette(rule, stream(seed))]
        steps = np.diff([colour["lightness"] for colour in colours])
        assert np.all(np.abs(steps) >= LEAST_STEP - 0.004), "8 bits a channel move lightness by that much at most"
        assert np.all(steps > 0) or np.all(steps < 0)
        assert np.ptp(steps) < 0.01
        assert max(colour["chroma"] for colour in colours) < 0.155


# Surprises


def test_a_surprise_is_the_best_of_its_handful_with_what_is_pinned():
    style = STYLES["mandala"]
    (made,) = surprises(7, 1, [style], lambda recipe: recipe.with_parts(depth=3, palette="koi"))
    assert (made.name, made.recipe.depth, made.recipe.palette) == ("mandala-7", 3, "koi")
    drawn = stream(7)
    handful = [style.draw(drawn).with_parts(depth=3, palette="koi") for _ in range(surprise.HANDFUL)]
    scores = {c.recipe: c.scores.total for c in score_recipes((str(i), r) for i, r in enumerate(handful))}
    assert scores[made.recipe] == max(scores.values())


def test_surprises_are_the_same_for_a_seed_and_differ_from_each_other(monkeypatch):
    styles = [STYLES["mandala"], STYLES["agate"]]
    some_ = surprises(3, 4, styles)
    assert some_ == surprises(3, 4, styles)
    assert [preset.tags[0] for preset in some_] == [turn(styles, seed).name for seed in range(3, 7)]
    assert all(may_come_from(STYLES[preset.tags[0]], preset.recipe) for preset in some_)
    first = surprises(3, 1, styles)
    assert first == some_[:1]
    # Where everything counts as alike, the most different one is taken, whatever it scores.
    monkeypatch.setattr(surprise, "ALIKE", 100.0)
    assert least_distance(surprises(3, 4, styles)) >= least_distance(some_)


def least_distance(presets):
    found = score_recipes((preset.name, preset.recipe) for preset in presets)
    prints = np.array([candidate.fingerprint for candidate in found])
    distances = np.linalg.norm(prints[:, None] - prints[None], axis=2)
    return distances[np.triu_indices(len(prints), 1)].min()


def test_a_wall_has_its_pictures_in_reading_order():
    tiles = [np.full((8, 12, 3), 10 * number, np.uint8) for number in range(5)]
    sheet = wall(tiles)
    assert sheet.shape == (2 * 9 + 1, 3 * 13 + 1, 3)
    for number, tile in enumerate(tiles):
        row, column = divmod(number, 3)
        assert (sheet[1 + 9 * row : 9 + 9 * row, 1 + 13 * column : 13 + 13 * column] == tile).all()


# The commands


def test_surprise_writes_a_picture_like_any_other(run_cli, tmp_path):
    code, out, err = run_cli("surprise", "--style", "agate", "--size", "48x32", "--depth", 2)
    assert code == 0
    seed = err.removeprefix("seed ").strip()
    assert out.strip().endswith(f"agate-{seed}.png")
    path = tmp_path / out.strip()
    assert load_recipe(path).depth == 2
    with Image.open(path) as picture:
        assert picture.size == (48, 32)
    again = run_cli("surprise", "--style", "agate", "-s", seed, "--depth", 2, "-o", "x.png", "-n", "--json")[1]
    assert json.loads(again)["recipe"] == load_recipe(path).to_dict()


def test_many_surprises_are_a_folder_or_a_wall(run_cli, tmp_path):
    given = ("surprise", "--count", 3, "--seed", 4, "--style", "agate", "--style", "mandala", "-q")
    about = json.loads(run_cli(*given, "--size", "40x40", "--json")[1])
    presets = load_file(tmp_path / about["folder"] / "presets.toml")
    assert {name: preset.recipe.to_dict() for name, preset in presets.items()} == {
        kept["name"]: kept["recipe"] for kept in about["kept"]
    }
    assert (tmp_path / about["folder"] / "contact-sheet.png").is_file()
    on_wall = json.loads(run_cli(*given, "--size", "20x20", "--sheet", "-o", "wall.webp", "--json")[1])
    assert [picture["name"] for picture in on_wall["pictures"]] == list(presets)
    with Image.open(tmp_path / "wall.webp") as sheet:
        assert sheet.size == (43, 43)


def test_galleries_decks_and_loops_begin_with_surprises(run_cli, tmp_path):
    given = ("--seed", 4, "--style", "agate", "--json")
    (recipe,) = (preset.recipe for preset in surprises(4, 1, [STYLES["agate"]]))
    code, _, _ = run_cli("gallery", "--surprise", 1, "--size", "24x24", "-o", "g", *given)
    assert (code, load_recipe(tmp_path / "g" / "agate-4.png")) == (0, recipe)
    about = json.loads(run_cli("animate", "--surprise", "--dry-run", *given)[1])
    assert about["path"].startswith("outputs/agate-4-")
    about = json.loads(run_cli("deck", "d.pptx", "--surprise", 1, "--include", "gallery", "--dry-run", *given)[1])
    assert about["slides"][0]["about"] == "Agate 4"


@pytest.mark.sweep
def test_styles_are_listed(run_cli, mine):
    assert all(name in run_cli("styles")[1] for name in STYLES)
    assert [style["name"] for style in json.loads(run_cli("styles", mine, "--json")[1])] == ["still", "plain"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    some(
        [
            (("surprise", "--style", "slik"), "unknown style 'slik'; did you mean 'silk'"),
            (("surprise", "--count", "0"), "expected 1 to 1000 surprises, found 0"),
            (("surprise", "--sheet"), "--sheet: expected --count"),
            (("surprise", "--seed", "-1"), "seed"),
            (("surprise", "--count", "2", "--sheet", "-o", "wall.bmp"), "unknown format '.bmp'"),
            (("gallery", "--style", "silk"), "--style: expected --surprise"),
            (("animate", "agate", "--surprise"), "expected a SOURCE or --surprise"),
            (("styles", "nonesuch.toml"), "nonesuch.toml"),
        ],
        [(("surprise", "--style", "slik"), "unknown style 'slik'; did you mean 'silk'")],
    ),
)
def test_bad_input_is_one_clear_line(run_cli, tmp_path, arguments, words):
    code, out, err = run_cli(*arguments)
    assert (code in (1, 2), out) == (True, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1 or "Usage" in err
    assert list(tmp_path.iterdir()) == []
