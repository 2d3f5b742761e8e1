"""The picture: a new one, those before it, and the view of it."""

import numpy as np
import pytest
from driving import button, canvas, look, numbers, state, until

# A new picture, and those before it


def test_randomise_gives_a_new_picture_by_button_and_by_key(page):
    before = look(page)
    button(page, "Randomise").click()
    first = state(page)
    assert first["seed"] != "7"
    assert np.abs(look(page) - before).mean() > 3
    canvas(page).press("r")
    second = state(page)
    assert second["seed"] != first["seed"]
    assert {key: second[key] for key in ("units", "depth")} == {"units": "3", "depth": "2"}


@pytest.mark.sweep
def test_it_says_what_randomise_changes(page):
    parts = page.get_by_role("group", name="Randomise changes")
    parts.get_by_role("button", name="weights").click()
    parts.get_by_role("button", name="colours").click()
    assert parts.get_by_role("button", name="colours").get_attribute("aria-pressed") == "true", "one stays"
    palettes = set()
    for _ in range(4):
        button(page, "Randomise").click()
        assert state(page)["seed"] == "7"
        palettes.add(state(page).get("palette"))
    assert len(palettes) > 1


@pytest.mark.sweep
def test_undo_and_redo_go_through_everything_seen(page):
    seen = [state(page)]
    for _ in range(3):
        button(page, "Randomise").click()
        seen.append(state(page))
    canvas(page).focus()
    page.keyboard.press("+")
    seen.append(state(page))
    for expected in seen[-2::-1]:
        button(page, "Undo").click()
        assert state(page) == expected
    assert button(page, "Undo").get_attribute("aria-disabled") == "true"
    for i, expected in enumerate(seen[1:]):
        page.keyboard.press("Control+Shift+z" if i % 2 else "Control+y")
        assert state(page) == expected
    page.keyboard.press("Control+z")
    button(page, "Randomise").click()
    assert button(page, "Redo").get_attribute("aria-disabled") == "true"


@pytest.mark.sweep
def test_a_slider_s_way_is_one_step_back(page):
    slider = page.get_by_role("slider", name="Gain", exact=True)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 5, steps=6)
    page.mouse.up()
    assert float(state(page)["gain"]) > 2
    button(page, "Undo").click()
    assert "gain" not in state(page)


# The view


def test_the_picture_follows_the_mouse(page):
    page.mouse.move(300, 300)
    page.mouse.down()
    page.mouse.move(364, 268, steps=5)
    page.mouse.up()
    assert numbers(state(page)["centre"]) == pytest.approx([-64 / 320, 32 / 320], abs=2e-3)
    button(page, "Undo").click()
    assert "centre" not in state(page)


@pytest.mark.sweep
def test_the_wheel_zooms_to_the_point_under_the_mouse(page):
    page.mouse.move(180, 320)  # (-1, 0) on the canvas
    page.mouse.wheel(0, -300)
    until(page, "location.hash.includes('zoom')")
    now = state(page)
    zoom, centre = float(now["zoom"]), numbers(now["centre"])
    assert zoom > 1.5
    assert centre[0] - 1 / zoom == pytest.approx(-1, abs=1e-3)
    page.keyboard.down("Shift")
    page.mouse.wheel(0, 100)
    page.keyboard.up("Shift")
    until(page, "location.hash.includes('rotation')")


@pytest.mark.sweep
def test_two_fingers_zoom_and_turn(page):
    touch = page.context.new_cdp_session(page)

    def fingers(kind, *places):
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", (400, 320))
    fingers("touchStart", (400, 320), (600, 320))
    for step in range(1, 6):
        fingers("touchMove", (400 - 20 * step, 320), (600 + 20 * step, 320))
    fingers("touchEnd")
    assert float(state(page)["zoom"]) == pytest.approx(2, rel=0.02)
    fingers("touchStart", (400, 320))
    fingers("touchStart", (400, 320), (600, 320))
    fingers("touchMove", (400, 320), (500, 420))
    fingers("touchEnd")
    assert abs(float(state(page)["rotation"])) == pytest.approx(45, abs=1)


VIEW_KEYS = [
    ("ArrowRight", "centre", "0.1,0"),
    ("ArrowLeft", "centre", "-0.1,0"),
    ("ArrowDown", "centre", "0,0.1"),
    ("Shift+ArrowUp", "centre", "0,-0.5"),
    ("+", "zoom", "1.25"),
    ("-", "zoom", "0.8"),
    ("]", "rotation", "5"),
    ("[", "rotation", "-5"),
]


@pytest.mark.sweep
def test_keys_move_over_the_picture(page):
    canvas(page).focus()
    for key, name, value in VIEW_KEYS:
        page.keyboard.press(key)
        assert state(page)[name] == value
        page.keyboard.press("0")
        assert name not in state(page)
