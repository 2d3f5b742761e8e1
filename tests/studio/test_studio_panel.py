"""The panel of controls: each of them changes the recipe."""

import re

import pytest
from driving import PLAIN, button, copied, opened, state, unfold
from selection import some

from artstudio.model.activation.registry import ACTIVATIONS
from artstudio.model.colour.palettes import PALETTES
from artstudio.model.recipe import Recipe
from artstudio.presets.collections import shipped_presets

NUMBERS = [
    ("Network", "Seed", "4294967295", "seed", "4294967295"),
    ("Network", "Units, as a number", "9", "units", "9"),
    ("Network", "Depth, as a number", "3", "depth", "3"),
    ("Network", "Gain, as a number", "1.25", "gain", "1.25"),
    ("Network", "Sparsity, as a number", "0.5", "sparsity", "0.5"),
    ("Space", "Random waves, as a number", "4", "fourier", "4"),
    ("Space", "Their fineness, as a number", "2.5", "fourier-scale", "2.5"),
    ("Space", "Warp, as a number", "0.4", "warp", "0.4"),
    ("Space", "Its fineness, as a number", "3", "warp-scale", "3"),
    ("Finish", "Bands, as a number", "7", "bands", "7"),
    ("Finish", "Contours, as a number", "9", "contours", "9"),
    ("Finish", "Relief, as a number", "0.5", "relief", "0.5"),
    ("View", "Zoom, as a number", "2.5", "zoom", "2.5"),
    ("View", "Rotation, as a number", "-30", "rotation", "-30"),
    ("View", "Centre x, as a number", "0.25", "centre", "0.25,0"),
    ("View", "Centre y, as a number", "-0.25", "centre", "0.25,-0.25"),
]  # part of the panel, label, what is typed, name in the address, and what stands there


@pytest.mark.sweep
def test_numbers_are_typed(page, address):
    opened_part = None
    for part, label, value, name, found in NUMBERS:
        if part != opened_part:  # what is painted stays simple
            opened(page, address, f"seed=7&{PLAIN}")
            unfold(page, opened_part := part)
        field = page.get_by_role("spinbutton", name=label, exact=True)
        field.fill(value)
        field.press("Enter")
        assert state(page)[name] == found


@pytest.mark.parametrize("name", some(["Network", "Space", "Finish", "View"], {"View"}))
def test_every_number_has_a_slider_that_keys_move(page, name):
    for part in ("Space", "Finish", "View"):
        unfold(page, part)
    assert page.locator("#panel").get_by_role("slider").and_(page.locator("[aria-labelledby]")).count() == 17
    part = page.locator("#panel details").filter(has=page.get_by_role("heading", name=name))
    for slider in part.get_by_role("slider").all():
        before = state(page)
        slider.press("ArrowRight")
        assert state(page) != before, slider.get_attribute("aria-valuetext")
        button(page, "Undo").click()
        assert state(page) == before


def test_every_activation_can_be_chosen_by_its_curve(page):
    tiles = page.get_by_role("group", name="Activation", exact=True).get_by_role("button")
    assert set(tiles.evaluate_all("all => all.map(t => t.dataset.name)")) == set(ACTIVATIONS)
    tiles.filter(has_text=re.compile("^ReLU$")).click()
    assert state(page)["activation"] == "relu"
    assert page.locator("#title").inner_text() == "ReLU · 7"


def test_layers_have_activations_of_their_own(page):
    page.get_by_role("button", name="Add an activation for other layers").click()
    page.get_by_role("group", name="Activation", exact=True).get_by_role("button", name="Step", exact=True).click()
    assert state(page)["activation"] == "tanh,step"
    layers = page.get_by_role("group", name="Activations of the layers")
    assert layers.get_by_role("button", name="Step, layer 2").get_attribute("aria-pressed") == "true"
    layers.get_by_role("button", name="Remove Tanh from the list").click()
    assert state(page)["activation"] == "step"


@pytest.mark.sweep
def test_an_activation_is_written_in_words(page):
    field = page.get_by_role("textbox", name="Activation in words")
    field.fill("max(0.1*z, z), mix(swish:2, step)")
    field.press("Enter")
    assert state(page)["activation"] == "max(0.1 * z, z),mix(silu:2, step:1)"
    field.fill("frog(z)")
    field.press("Enter")
    assert "frog" in page.get_by_role("status").first.inner_text() + page.locator("#status").inner_text()
    assert state(page)["activation"] == "max(0.1 * z, z),mix(silu:2, step:1)"


def test_palettes_are_chosen_reversed_and_written(page):
    group = page.get_by_role("group", name="Palette")
    assert group.get_by_role("button").count() == len(PALETTES)
    group.get_by_role("button", name="ember", exact=True).click()
    assert state(page)["palette"] == "ember"
    page.get_by_role("switch", name="Reverse").check()
    assert state(page)["palette"] == "ember_r"
    own = page.get_by_role("textbox", name="Your own colours")
    own.fill("#102a43 #f0b429, #fff")
    own.press("Enter")
    assert state(page)["palette"] == "#102a43,#f0b429,#ffffff"
    page.get_by_role("combobox", name="Model").select_option("oklab")
    assert group.is_hidden()


@pytest.mark.sweep
def test_switches_lists_and_latent_values(page):
    unfold(page, "Space")
    unfold(page, "Finish")
    page.get_by_role("switch", name="Inputs enter every layer").check()
    page.get_by_role("switch", name="Dither").check()
    page.get_by_role("combobox", name="Symmetry").select_option("kaleidoscope")
    folds = page.get_by_role("spinbutton", name="Folds, as a number")
    folds.fill("5")
    folds.press("Enter")
    page.get_by_role("combobox", name="Gamut").select_option("clip")
    inputs = page.get_by_role("group", name="Inputs", exact=True)
    inputs.get_by_role("button", name="ring").click()
    inputs.get_by_role("button", name=re.compile("^r:")).click()
    button(page, "One latent value more").click()
    page.get_by_role("slider", name="Latent value 1").fill("1.5")
    now = state(page)
    expected = {
        "skip": "1",
        "dither": "1",
        "symmetry": "kaleidoscope:5",
        "gamut": "clip",
        "features": "x,y,ring",
        "latent": "1.5",
    }
    assert {name: now.get(name) for name in expected} == expected
    button(page, "One latent value fewer").click()
    assert "latent" not in state(page)


@pytest.mark.sweep
def test_a_preset_is_a_place_to_begin(page):
    name, preset = next(iter(shipped_presets().items()))
    page.get_by_role("combobox", name="Begin with a preset").select_option(label=preset.title)
    assert copied(page, "Copy recipe, JSON", Recipe.from_json) == preset.recipe, name


@pytest.mark.sweep
def test_the_panel_folds_away(page):
    panel = page.get_by_role("complementary", name="Controls")
    assert panel.is_visible()
    button(page, "Controls").click()
    assert panel.is_hidden()
    page.keyboard.press("p")
    assert panel.is_visible()
    page.keyboard.press("h")
    assert page.get_by_role("toolbar", name="Studio").is_hidden()
    page.keyboard.press("Escape")
    assert page.get_by_role("toolbar", name="Studio").is_visible()
