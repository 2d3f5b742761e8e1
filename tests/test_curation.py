"""Search: measures against independent references, different pictures chosen, neighbours and children of recipes."""

import itertools
import json
import math
import tomllib
from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
import scipy.fft
import scipy.ndimage
import scipy.stats
from coloraide import Color
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from selection import some
from test_recipe import RECIPES
from test_recipe_fields import FIELDS, recipe_of

from artstudio import ACTIVATIONS, BadInput, Recipe, load_recipe, render
from artstudio.curation.curate import best_of, consecutive_seeds, curate, score_recipes
from artstudio.curation.diversity import choose, fingerprint, lightness
from artstudio.curation.many import render_many
from artstudio.curation.scores import PREFERENCES, edge_density, entropy, hue_variance, score
from artstudio.curation.variation import CHANGES, breed, vary
from artstudio.model.colour.oklab import oklab_from_srgb
from artstudio.model.fields.strict import Strict
from artstudio.model.recipe import MAX_SEED
from artstudio.presets.collections import Preset, find_presets, load_file
from artstudio.presets.text import preset_names, presets_toml

PARENT = Recipe(seed=3, units=8, depth=3, palette="ember")
SMALL = ("--units", 8, "--depth", 2, "--size", "48x48", "-q")


def noise(seed=0, side=128):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def grey(lightness):
    """Pixels whose OKLab lightness is about that of the array, (height, width)."""
    levels = [Color("oklab", [value, 0, 0]).convert("srgb")["red"] for value in np.linspace(0, 1, 1001)]
    values = np.interp(lightness, np.linspace(0, 1, 1001), levels)
    return np.repeat(np.rint(255 * values).astype(np.uint8)[..., None], 3, axis=2)


def of_spectrum(slope, seed=1, side=128):
    """A grey picture whose amplitudes fall like frequency to the power of `slope`, with random phases."""
    y, x = np.meshgrid(*(np.fft.fftfreq(side),) * 2, indexing="ij")
    radius = np.hypot(x, y)
    radius[0, 0] = np.inf
    wave = np.fft.ifft2(np.fft.fft2(np.random.default_rng(seed).normal(size=(side, side))) * radius**slope).real
    return grey(0.5 + 0.12 * wave / wave.std())


# Measures


def test_colourfulness_is_hasler_and_suesstrunk_s():
    """Their M, written out anew for single pixels with the standard library."""
    import statistics

    pixels = noise(side=24)
    pairs = [(float(r) - g, 0.5 * (float(r) + g) - b) for r, g, b in pixels.reshape(-1, 3).tolist()]
    first, second = zip(*pairs, strict=True)
    spread = math.sqrt(statistics.pvariance(first) + statistics.pvariance(second))
    expected = spread + 0.3 * math.sqrt(statistics.fmean(first) ** 2 + statistics.fmean(second) ** 2)
    assert score(pixels).colourfulness == pytest.approx(expected)


@pytest.mark.parametrize("steps", [1, 2, 16, 64])
def test_entropy_is_scipy_s(steps):
    lightness = np.floor(np.linspace(0, steps - 1e-9, 4096)).reshape(64, 64) / steps
    counts = list(Counter(np.floor(lightness * 64).ravel().tolist()).values())
    assert entropy(lightness) == pytest.approx(scipy.stats.entropy(counts, base=2))


def test_edges_are_those_of_scipy_s_sobel_operator():
    lightness = 0.3 * np.random.default_rng(3).random((40, 30))
    across, down = (scipy.ndimage.sobel(lightness, axis=axis)[1:-1, 1:-1] / 8 for axis in (1, 0))
    assert edge_density(lightness) == (np.hypot(across, down) > 0.05).mean()
    assert 0.1 < edge_density(lightness) < 0.9


@pytest.mark.parametrize("slope", [-0.8, -1.0, -1.5, -2.0])
def test_the_spectrum_s_slope_is_found(slope):
    found = [score(of_spectrum(slope, seed)).slope for seed in range(8)]
    assert np.mean(found) == pytest.approx(slope, abs=0.08)


def test_white_noise_has_three_quarters_of_its_energy_in_the_top_octave():
    assert score(grey(np.random.default_rng(0).random((128, 128)))).noise == pytest.approx(0.75, abs=0.02)


def test_balance_falls_as_what_stands_out_moves_to_the_side():
    def spot(column):
        picture = np.full((128, 128), 0.2)
        picture[48:80, column : column + 32] = 0.9
        return score(grey(picture)).balance

    assert spot(48) == pytest.approx(1, abs=0.02)
    assert spot(48) > spot(64) > spot(96)
    assert spot(96) == pytest.approx(1 - 48 / 63.5, abs=0.02)


def test_contrast_and_complexity_tell_flat_from_noise():
    flat, busy = score(grey(np.full((128, 128), 0.5))), score(noise())
    assert (flat.contrast, flat.colourfulness, flat.slope) == (pytest.approx(0, abs=1e-6), 0, 0)
    assert flat.complexity < 0.01 < 0.9 < busy.complexity


def test_one_hue_has_no_variance_and_opposite_ones_have_all():
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    lab = np.stack([np.full(12, 0.5), 0.1 * np.cos(angle), 0.1 * np.sin(angle)])
    assert hue_variance(lab) == pytest.approx(1)
    assert hue_variance(np.array([[0.2, 0.9], [0.1, 0.05], [0.2, 0.1]])) == pytest.approx(0)
    assert hue_variance(lab * [[1], [0.1], [0.1]]) == pytest.approx(0.2)  # nearly grey
    assert hue_variance(np.zeros((3, 4))) == 0
    # SciPy knows no weights: the same colour several times over stands for one.
    angle, times = np.array([0.1, 1.0, 2.5]), np.array([3, 1, 2])
    lab = np.stack([np.full(3, 0.5), times * np.cos(angle), times * np.sin(angle)])
    assert hue_variance(lab) == pytest.approx(scipy.stats.circvar(np.repeat(angle, times)))


@pytest.mark.parametrize(("waves", "share"), [(1, 0), (6, 1), (10, 1), (30, 0)])
def test_structure_is_the_contrast_of_waves_of_a_middle_length(waves, share):
    wave = 128 + 40 * np.sin(np.linspace(0, 2 * np.pi * waves, 128, endpoint=False))
    pixels = np.repeat(np.tile(np.rint(wave), (128, 1))[..., None], 3, axis=2).astype(np.uint8)
    found = score(pixels)
    assert found.structure == pytest.approx(share * found.contrast, rel=0.03, abs=0.06 * found.contrast)


def test_flat_pictures_and_noise_score_far_below_the_pictures_of_random_networks():
    recipes = [Recipe(seed=seed, activation=name) for name in ("tanh", "relu", "step") for seed in range(8)]
    totals = [scores.total for scores in render_many(recipes, width=128, height=128, supersample=1, then=score)]
    assert min(totals) > 3 * max(score(noise()).total, score(grey(np.full((128, 128), 0.5))).total)
    assert np.mean(totals) > 0.8


@given(st.sampled_from(list(PREFERENCES)), st.floats(-200, 200))
def test_a_preference_is_between_0_and_1_and_falls_to_either_side(name, value):
    liking = PREFERENCES[name]
    assert 0 <= liking(value) <= 1
    assert liking((liking.low + liking.high) / 2) == 1
    assert liking(liking.high + 2 * liking.soft) == liking(liking.low - 2 * liking.soft) == 0


# Difference


def test_the_hash_s_frequencies_are_those_of_scipy_s_cosine_transform():
    pixels = grey(np.kron(np.random.default_rng(5).random((32, 32)), np.ones((4, 4))))
    lightness = np.array([Color("srgb", [v / 255] * 3).convert("oklab")["l"] for v in pixels[::4, ::4, 0].ravel()])
    low = scipy.fft.dctn(lightness.reshape(32, 32), type=2)[:8, :8].ravel()[1:]
    assert np.array_equal(np.sign(fingerprint(pixels)[:63]), np.where(low > np.median(low), 1, -1))


def test_a_picture_is_nearer_to_itself_recompressed_than_to_others(tmp_path):
    pictures = [render(Recipe(seed=seed), width=128, height=128) for seed in range(6)]
    Image.fromarray(pictures[0]).save(tmp_path / "a.jpg", quality=60)
    again = fingerprint(np.asarray(Image.open(tmp_path / "a.jpg")))
    distances = [np.linalg.norm(fingerprint(picture) - again) for picture in pictures]
    assert distances[0] < 0.4 * min(distances[1:])


def test_the_chosen_differ_more_than_the_best():
    """Of ten near-twins and ten others, all equally good, the choice takes at most one twin."""
    generator = np.random.default_rng(2)
    twins = generator.normal(size=69) + 0.01 * generator.normal(size=(10, 69))
    prints = np.concatenate([twins, generator.normal(size=(10, 69))])
    kept = choose([1.0] * 20, prints, 6)
    assert len(set(kept)) == 6
    assert sum(index < 10 for index in kept) == 1


def test_only_the_better_part_is_chosen_from():
    prints = np.random.default_rng(4).normal(size=(300, 69))
    scores = np.linspace(0, 1, 300)
    assert min(choose(scores.tolist(), prints, 10)) >= 240


def test_each_kind_is_judged_by_itself():
    """Of two kinds with scores that do not overlap, both have their better part."""
    prints = np.random.default_rng(4).normal(size=(200, 69))
    scores = [*np.linspace(0, 0.4, 100), *np.linspace(0.6, 1, 100)]
    kept = choose(scores, prints, 20, ["step"] * 100 + ["sine"] * 100)
    assert [scores[i] for i in kept] == sorted((scores[i] for i in kept), reverse=True)
    assert 5 <= sum(i < 100 for i in kept) <= 15
    assert all(i % 100 >= 70 for i in kept)


def test_a_search_keeps_what_is_asked_best_first_and_scores_all():
    named = [(str(recipe.seed), recipe) for recipe in consecutive_seeds(PARENT, 20)]
    kept, scores = curate(score_recipes(named), 5)
    totals = [candidate.scores.total for candidate in kept]
    assert totals == sorted(totals, reverse=True)
    assert [name for name, _ in scores] == [str(seed) for seed in range(3, 23)]
    assert totals[0] == max(measures.total for _, measures in scores)
    assert len({candidate.recipe for candidate in kept}) == 5


def test_the_best_of_some_seeds_is_the_one_that_scores_best():
    found = best_of(PARENT, 6)
    totals = {
        r.seed: score(render(r, width=128, height=128, supersample=1)).total for r in consecutive_seeds(PARENT, 6)
    }
    assert found == PARENT.replace(seed=max(totals, key=totals.get))


def test_after_the_last_seed_comes_the_first():
    assert [r.seed for r in consecutive_seeds(PARENT.replace(seed=MAX_SEED), 3)] == [MAX_SEED, 0, 1]


@pytest.mark.parametrize(("threads", "samples"), some([(1, None), (2, None), (2, 1), (1, 2)], {(2, None)}))
def test_many_pictures_have_the_bits_of_single_ones_in_their_order(threads, samples):
    plain = [Recipe(seed=seed, activation=name, units=8, depth=2) for seed in (1, 2) for name in ACTIVATIONS]
    # Among them are some of other shapes, and some that look elsewhere.
    other = [
        plain[0].replace(**fields) for fields in ({"units": 24}, {"view": {"zoom": 2.0}}, {"colour": "oklab"})
    ]
    recipes = [*plain[:3], *other, *plain[3:], other[0]]
    found = list(render_many(recipes, width=20, height=14, supersample=samples, then=np.copy, threads=threads))
    for recipe, pixels in zip(recipes, found, strict=True):
        assert np.array_equal(pixels, render(recipe, width=20, height=14, supersample=samples))


# Neighbours and children


@pytest.mark.parametrize(
    "only", some([((),), *(((name,),) for name in CHANGES), (("latent", "gain"),)], [((),)]), ids=str
)
def test_neighbours_differ_in_what_may_change_and_in_nothing_else(only):
    children = vary(PARENT, 24, only)
    assert len({*children, PARENT}) == 25
    for child in children:
        changed = {name for name in Recipe.model_fields if getattr(child, name) != getattr(PARENT, name)}
        assert 1 <= len(changed) <= 2
        assert changed <= set(only or CHANGES)
    assert vary(PARENT, 24, only) == children
    assert vary(PARENT, 24, only, seed=1) != children


def test_every_kind_of_change_gets_its_turn():
    children = vary(PARENT, 16)
    for name in CHANGES:
        assert sum(getattr(child, name) != getattr(PARENT, name) for child in children) >= 4


def unlike(recipes):
    """Fingerprints that are all far apart, without painting."""
    return [np.where(np.arange(69) == abs(hash(recipe)) % 63, 9.0, 3.0) for recipe in recipes]


SAME = Recipe(seed=7, units=8, depth=2, gain=0.01)
"""A parent whose neighbours by gain all look the same."""


def test_neighbours_look_different_and_none_is_nearly_black():
    children = vary(PARENT, 12)
    parent, *marks = (
        fingerprint(render(recipe, width=64, height=64, supersample=1)) for recipe in (PARENT, *children)
    )
    apart = [np.linalg.norm(a - b) for a, b in itertools.combinations((parent, *marks), 2)]
    assert min(apart) >= 0.35
    for child in children:
        pixels = render(child, width=64, height=64, supersample=1)
        lightness = oklab_from_srgb(pixels.reshape(-1, 3).T / 255, np)[0]
        assert lightness.mean() > 0.2
        assert lightness.std() > 0.04


def test_where_all_look_alike_the_number_is_kept():
    assert len(vary(SAME, 3, ("gain",))) == 3


def test_the_lightness_of_a_fingerprint_is_that_of_the_picture():
    pixels = render(PARENT, width=64, height=64)
    values = oklab_from_srgb(pixels.reshape(-1, 3).T / 255, np)[0]
    assert lightness(fingerprint(pixels)) == pytest.approx((values.mean(), values.std()))


def within(a, b, child):
    """Whether a child's value is one of its parents', or for numbers between them."""
    if isinstance(a, Strict):
        return all(within(*(getattr(value, name) for value in (a, b, child))) for name in type(a).model_fields)
    return child in (a, b) or (type(a) in (int, float) and min(a, b) <= child <= max(a, b))


@given(st.sampled_from(list(FIELDS)), st.sampled_from(list(FIELDS)), st.integers(0, 99))
def test_a_child_has_each_part_of_a_parent_or_something_between(one, other, seed):
    first, second = recipe_of(one), recipe_of(other, seed=9, activation="gelu", gain=2.0, units=24)
    with patch("artstudio.curation.variation._looks", unlike):
        children = breed(first, second, 4, seed)
    assert len({*children, first, second}) == len(children) + 2
    for child in children:
        assert child.seed in (first.seed, second.seed)
        assert within(first, second, child)


def test_parents_that_are_alike_are_refused():
    with pytest.raises(BadInput, match="two different recipes"):
        breed(PARENT, PARENT, 4)
    with pytest.raises(BadInput, match="differ in one"):
        breed(PARENT, PARENT.replace(palette="koi"), 4)


@pytest.mark.parametrize("count", [0, 1001, -3])
def test_counts_out_of_range_are_refused(count):
    for make in (vary, lambda recipe, number: breed(recipe, recipe, number)):
        with pytest.raises(BadInput, match=f"expected 1 to 1000, found {count}"):
            make(PARENT, count)


# Presets as text


@settings(max_examples=40)
@given(RECIPES, st.text(max_size=60), st.text(max_size=60))
def test_presets_written_are_presets_read(tmp_path_factory, recipe, title, words):
    path = tmp_path_factory.mktemp("toml") / "found.toml"
    words = words.encode("utf-8", "ignore").decode()
    title = title.encode("utf-8", "ignore").decode()
    preset = Preset("some-name", recipe, title, words, ("calm",), title)
    path.write_text(presets_toml(title, words, [preset]), encoding="utf-8")
    (read,) = load_file(path).values()
    assert (read.recipe, read.description, read.tags) == (recipe, words, ("calm",))
    assert read.title == title or not title


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_survives_a_preset_file(name, tmp_path):
    path = tmp_path / "found.toml"
    path.write_text(presets_toml("Found", "", [Preset("one", recipe_of(name), "", "", (), "")]), encoding="utf-8")
    assert load_file(path)["one"].recipe == recipe_of(name)


@given(st.lists(st.text(max_size=90), max_size=12))
def test_names_made_for_presets_are_valid_and_differ(texts):
    names = preset_names(texts)
    assert len(set(names)) == len(texts)
    assert all(name.isascii() and name[0].isalnum() and len(name) <= 64 and name == name.lower() for name in names)


# The commands


def test_curate_writes_pictures_a_sheet_a_page_and_presets(run_cli, tmp_path):
    code, out, _ = run_cli(
        "curate", "--count", 12, "--keep", 4, *SMALL, "--sweep", "activation=step,tanh", "--json"
    )
    assert code == 0
    about = json.loads(out)
    assert len(about["scores"]) == 24
    assert set(about["scores"][0]) == {"name", "total", *PREFERENCES}
    folder = tmp_path / about["folder"]
    presets = load_file(folder / "presets.toml")
    assert {name: preset.recipe.to_dict() for name, preset in presets.items()} == {
        kept["name"]: kept["recipe"] for kept in about["kept"]
    }
    assert len(presets) == 4
    for name, preset in presets.items():
        assert load_recipe(folder / f"{name}.png") == preset.recipe
    with Image.open(folder / "contact-sheet.png") as sheet:
        assert sheet.size == (3840, 2160)
    assert "<!doctype html>" in (folder / "index.html").read_text(encoding="utf-8").lower()
    assert tomllib.loads((folder / "presets.toml").read_text(encoding="utf-8"))["title"] == "Curated"


def test_presets_found_before_are_not_lost_unless_forced(run_cli):
    arguments = ("curate", "--count", 3, "--keep", 1, *SMALL, "-o", "found")
    assert run_cli(*arguments)[0] == 0
    code, out, err = run_cli(*arguments, "--seed", 50)
    assert (code, out) == (2, "")
    assert "presets.toml" in err
    assert "--force" in err
    assert run_cli(*arguments, "--seed", 50, "--force")[0] == 0
    (preset,) = find_presets("found/presets.toml")
    assert preset.recipe.seed in (50, 51, 52)


def test_vary_and_breed_make_what_they_say_and_name_their_parents(run_cli, tmp_path):
    code, out, _ = run_cli(
        "vary", "agate", "--count", 3, "--only", "palette,gain", "--size", "40x40", "-q", "--json"
    )
    about = json.loads(out)
    assert (code, len(about["kept"])) == (0, 3)
    assert about["parent"] == find_presets("agate")[0].recipe.to_dict()
    first = tmp_path / about["folder"] / f"{about['kept'][0]['name']}.png"
    code, out, _ = run_cli("breed", "rose-window", first, "--count", 2, "--size", "40x40", "-q", "--json")
    bred = json.loads(out)
    assert code == 0
    assert bred["parents"][1] == load_recipe(first).to_dict()
    assert (tmp_path / bred["folder"] / "child-1.png").is_file()


@pytest.mark.parametrize(
    "arguments",
    [("curate", "--count", 5, "--keep", 2), ("vary", "agate"), ("breed", "agate", "rose-window")],
    ids=lambda arguments: arguments[0],
)
def test_a_dry_run_writes_nothing(run_cli, tmp_path, arguments):
    code, out, _ = run_cli(*arguments, "--dry-run")
    assert code == 0
    assert "into outputs/" in out
    assert json.loads(run_cli(*arguments, "--dry-run", "--json")[1])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("curate", "--count", "0"), "expected 1 to 100000 candidates, found 0"),
        (("curate", "--keep", "0"), "expected 1 to 1000 pictures, found 0"),
        (("curate", "--count", "6000", "--sweep", "gain=0.5..2:20"), "found 120000"),
        (("curate", "--sweep", "colour"), "field=values"),
        (("curate", "nonesuch"), "unknown preset"),
        (("vary", "agate", "--only", "sed"), "did you mean 'seed'"),
        (("vary", "agate", "--count", "0"), "expected 1 to 1000"),
        (("breed", "agate", "agate"), "two different recipes"),
        (("breed", "agate"), "SECOND"),
        (("render", "--best-of", "0"), "expected 1 to 100000"),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, tuple) else "",
)
def test_bad_input_is_one_clear_line(run_cli, tmp_path, arguments, words):
    code, out, err = run_cli(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_the_best_of_some_seeds_is_rendered_and_told(run_cli, tmp_path):
    code, out, _ = run_cli("render", "-s", 3, "--best-of", 4, *SMALL, "-o", "best.png")
    assert (code, out) == (0, "best.png\n")
    assert load_recipe(tmp_path / "best.png") == best_of(Recipe(seed=3, units=8, depth=2), 4)
