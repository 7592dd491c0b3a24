"""The image of the reading page in Chromium: crisp, windowed, moved and zoomed; the same pixels, whatever is shown of them."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.browser.fake_server import FakeServer
from tests.browser.hand import HEIGHT, WIDTH, at, open_page, outline, pixels, settled, stroke

pytestmark = [pytest.mark.browser]

# the pixels of a layer as it is shown: a copy of its canvas, which has no 2d context of its own to be asked
SHOWN = """const shown = (layer, x, y, width, height) => {
  const canvas = document.getElementById(`canvas-${layer}`);
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  copy.drawImage(canvas, 0, 0);
  return [...copy.getImageData(x, y, width ?? canvas.width, height ?? canvas.height).data];
};"""

# grey and opacity at a place of the stage, CSS px from its corner
LOOK = f"""([layer, x, y]) => {{
  {SHOWN}
  const [r, , , a] = shown(layer, x * devicePixelRatio, y * devicePixelRatio, 1, 1);
  return [r, a];
}}"""


def look(page: Any, layer: str, x: float, y: float) -> list[int]:
    """At an image point, the image fitted to the stage."""
    page.wait_for_timeout(120)
    box = page.locator("#stage").bounding_box()
    left, top = at(page, x, y)
    return list(page.evaluate(LOOK, [layer, round(left - box["x"]), round(top - box["y"])]))


def zoom(page: Any) -> int:
    return int(page.inner_text("#readout-zoom").split()[0])


def middle(page: Any) -> tuple[float, float]:
    box = page.locator("#stage").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_past_four_times_a_pixel_is_a_square_of_one_gray(page: Any) -> None:
    while zoom(page) < 1200:
        page.keyboard.press(".")
    page.wait_for_timeout(150)
    grays = page.evaluate(
        f"""() => {{ {SHOWN} const x = document.getElementById('canvas-image').width >> 1;
        return shown('image', x, 0, 1, undefined).filter((_, i) => i % 4 === 0); }}"""
    )
    runs = [len(list(same)) for _gray, same in itertools.groupby(grays)]
    assert len(runs) > 10
    assert min(runs[1:-1]) >= zoom(page) / 100 - 1


def test_one_to_one_is_an_image_pixel_on_a_device_pixel_at_any_ratio(chromium: Any, server: FakeServer) -> None:
    for ratio in (1, 2):
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, device_scale_factor=ratio)
        page = open_page(context, server)
        page.keyboard.press("Shift+Z")
        assert zoom(page) == 100
        page.wait_for_timeout(150)
        wide = page.evaluate(
            f"""() => {{ {SHOWN} const y = document.getElementById('canvas-image').height >> 1;
            return shown('image', 0, y, undefined, 1).filter((v, i) => i % 4 === 3 && v).length; }}"""
        )
        assert wide == WIDTH
        assert page.evaluate("document.getElementById('canvas-image').width") == round(
            page.locator("#stage").bounding_box()["width"] * ratio
        )
        context.close()


def test_window_and_level_by_the_right_button_presets_and_back(page: Any, server: FakeServer) -> None:
    before = look(page, "image", 150, 30)
    page.mouse.move(*middle(page))
    page.mouse.down(button="right")
    x, y = middle(page)
    page.mouse.move(x - 200, y + 40, steps=4)
    page.mouse.up(button="right")
    assert (page.inner_text("#readout-window"), page.inner_text("#readout-level")) == ("155", "108")
    assert look(page, "image", 150, 30) != before
    page.keyboard.press("Shift+C")
    assert look(page, "image", 150, 30) == before
    page.keyboard.press("c")
    assert page.inner_text("#readout-window") == "128"
    page.keyboard.press("Shift+C")
    page.keyboard.press("i")
    assert look(page, "image", 150, 30) == [255 - before[0], 255]
    assert server.behaviour.puts == 0


def test_the_wheel_zooms_about_the_cursor_and_space_or_the_middle_button_pans(page: Any, server: FakeServer) -> None:
    x, y = at(page, 60, 60)
    page.mouse.move(x, y)
    before, gray = zoom(page), look(page, "image", 60, 60)
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"() => parseInt(document.getElementById('readout-zoom').textContent) > {before}")
    assert abs(look(page, "image", 60, 60)[0] - gray[0]) <= 2
    page.keyboard.press("z")
    assert zoom(page) == before
    for way in ("Space", "middle"):
        page.keyboard.press(".")
        page.keyboard.press(".")
        inside = look(page, "image", 150, 100)
        page.mouse.move(*middle(page))
        page.keyboard.down("Space") if way == "Space" else page.mouse.down(button="middle")
        if way == "Space":
            page.mouse.down()
        a, b = middle(page)
        page.mouse.move(a, b + 120, steps=3)
        page.mouse.up(button="middle" if way == "middle" else "left")
        page.keyboard.up("Space") if way == "Space" else None
        assert look(page, "image", 150, 100)[0] < inside[0] - 5  # it grows brighter downwards
        page.keyboard.press("z")
    assert server.behaviour.puts == 0


def test_fusion_outline_only_opacity_and_bare_show_the_mask_as_they_say(page: Any, server: FakeServer) -> None:
    outline(page)
    settled(page, server, 1)
    inside, outside = (150, 100), (20, 20)
    page.mouse.move(*at(page, *outside))
    assert look(page, "mask", *inside)[1] > 0
    page.keyboard.press("u")
    assert look(page, "image", *inside)[1] == 255
    assert look(page, "image", *outside)[1] == 0
    page.keyboard.press("u")
    page.keyboard.press("o")
    assert look(page, "mask", *inside)[1] == 0
    page.keyboard.press("o")
    fill = look(page, "mask", *inside)[1]
    page.keyboard.press("t")
    assert look(page, "mask", *inside)[1] > fill
    page.keyboard.down("q")
    assert look(page, "mask", *inside)[1] == 0
    page.keyboard.up("q")
    assert look(page, "mask", *inside)[1] > 0


def test_area_diameters_and_centroid_follow_the_mask(page: Any, server: FakeServer) -> None:
    outline(page)
    settled(page, server, 1)
    assert page.inner_text("#readout-mask").startswith(f"{pixels(server) / 100:.0f} mm²")
    longest, shortest = page.inner_text("#readout-extent").removesuffix(" mm").split(" × ")
    assert (abs(float(longest) - 12) <= 0.3, abs(float(shortest) - 6) <= 0.3) == (True, True)
    x, y = map(int, page.inner_text("#readout-middle").split(", "))
    assert (abs(x - 150) <= 1, abs(y - 100) <= 1) == (True, True)
    page.keyboard.press("b")
    stroke(page, (20, 20), (25, 20))
    settled(page, server, 2)
    assert "2 parts" in page.inner_text("#readout-mask")
    assert page.inner_text("#readout-extent") == f"{longest} × {shortest} mm"  # a fleck is not measured


def test_nothing_moves_on_the_page_when_a_mask_comes_or_goes(page: Any, server: FakeServer) -> None:
    before = page.locator("#stage").bounding_box()
    outline(page)
    settled(page, server, 1)
    assert page.locator("#stage").bounding_box() == before
    assert before["height"] > HEIGHT
