"""Compare, breed, animate, and the explorer beside the picture."""

import re

import numpy as np
import pytest
from browser import watched_page
from driving import PLAIN, SMALL, button, canvas, look, numbers, shown, state, until

from artstudio.model.activation.registry import ACTIVATIONS

# Compare


def test_the_split_shows_the_same_weights_with_another_activation(page):
    alone = look(page)
    canvas(page).press("c")
    page.get_by_role("combobox", name="Compare with").select_option("step")
    divider = page.get_by_role("separator", name="Divider")
    half = look(page)
    assert np.abs(half[:, :480] - alone[:, :480]).max() <= 1
    assert np.abs(half[:, 530:] - alone[:, 530:]).mean() > 2
    divider.press("ArrowLeft")
    assert state(page)["divider"] == "0.48"
    divider.press("Home")
    assert state(page)["divider"] == "0.02"
    box = divider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, 300)
    page.mouse.down()
    page.mouse.move(250, 320, steps=4)
    page.mouse.up()
    assert float(state(page)["divider"]) == pytest.approx(0.25, abs=0.002)
    button(page, "Done").click()
    assert "mode" not in state(page)
    assert np.abs(look(page) - alone).max() <= 1


@pytest.mark.sweep
def test_the_grid_shows_many_and_one_is_picked(page):
    button(page, "Compare").click()
    button(page, "Grid").click()
    tiles = page.get_by_role("button", name=re.compile("^Paint with"))
    assert tiles.count() == 9
    page.get_by_role("button", name="Paint with Sine").click()
    assert (state(page)["activation"], state(page).get("mode")) == ("sine", None)


@pytest.mark.sweep
def test_the_grid_shows_all(page):
    button(page, "Compare").click()
    button(page, "Grid").click()
    tiles = page.get_by_role("button", name=re.compile("^Paint with"))
    button(page, f"All {len(ACTIVATIONS)}").click()
    assert tiles.count() == len(ACTIVATIONS)
    button(page, "A few").click()
    assert tiles.count() == 9


# Breed


@pytest.mark.sweep
def test_the_picked_child_has_the_next_children(page):
    canvas(page).press("b")
    wall = page.locator("#wall")
    page.locator("#wall[data-painted]").wait_for()
    children = page.get_by_role("button", name=re.compile("^Child"))
    assert (children.count(), wall.get_by_role("button").count()) == (8, 9)
    children.nth(2).click()
    first = state(page)
    assert len(numbers(first["latent"])) >= 4
    assert (first["litter"], first["mode"]) == ("2", "breed")
    children.nth(5).click()
    assert state(page)["latent"] != first["latent"]
    button(page, "Others").click()
    assert state(page)["litter"] == "4"
    page.get_by_role("slider", name="How different the children are").press("End")
    assert state(page)["strength"] == "1"
    page.keyboard.press("Control+z")
    assert state(page)["latent"] == first["latent"]
    page.get_by_role("button", name="The parent: show it alone").click()
    assert "mode" not in state(page)


# Animate


@pytest.mark.sweep
def test_the_latent_values_move_by_hand_where_motion_is_reduced(page):
    before = look(page)
    canvas(page).press("a")
    assert button(page, "Play").is_visible()
    assert "Motion is reduced" in page.get_by_role("region", name="Mode").inner_text()
    page.get_by_role("slider", name="Place in the loop").fill("0.5")
    assert state(page)["phase"] == "0.5"
    moved = look(page)
    assert np.abs(moved - before).mean() > 1
    button(page, "Done").click()
    assert len(numbers(state(page)["latent"])) == 4
    assert np.abs(look(page) - moved).max() <= 1, "what was seen stays"
    button(page, "Undo").click()
    assert "latent" not in state(page)


@pytest.mark.sweep
def test_it_moves_by_itself_where_motion_is_welcome(browser, address):
    with watched_page(browser, f"{address}#seed=7&{PLAIN}&mode=animate", **SMALL) as watched:
        page = watched.page
        place = page.get_by_role("slider", name="Place in the loop")
        until(page, "Number(document.querySelector('#bar input').value) > 0.01")
        button(page, "Pause").click()
        still = place.input_value()
        shown(page)
        assert place.input_value() == still
        assert watched.problems() == []


# The explorer beside it


@pytest.mark.sweep
def test_the_explorer_stands_beside_the_picture_and_shows_what_is_hovered(page):
    canvas(page).press("e")
    explorer = page.get_by_role("complementary", name="Activation explorer")
    assert explorer.get_by_role("heading", level=2).inner_text() == "Tanh"
    stage = page.locator("#stage").bounding_box()
    page.mouse.move(stage["x"] + stage["width"] * 0.7, 200)
    marks = explorer.locator(".ex-marks").first
    marks.wait_for(state="attached")
    places = marks.get_attribute("d")
    assert 1 <= places.count("M") <= 3
    page.mouse.move(stage["x"] + stage["width"] * 0.3, 300)
    until(page, "d => document.querySelector('.ex-marks').getAttribute('d') !== d", places)
    explorer.locator('.ex-chip[data-key="relu"]').click()
    explorer.get_by_role("button", name="Paint with ReLU").click()
    assert (state(page)["activation"], state(page)["explorer"]) == ("relu", "1")
    button(page, "Explorer").click()
    assert explorer.is_hidden()
