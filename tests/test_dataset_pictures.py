"""Outlines, RadViz and the flowchart: geometry that can be checked by hand."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageDraw

from annotations.inclusion import CentreCount, Inclusion, Reason
from annotations.inclusion_chart import draw_inclusion
from annotations.outline_paths import outline_path
from annotations.radviz import anchors, radviz


def painted(path: str, shape: tuple[int, int]) -> np.ndarray:
    """The path filled by the even-odd rule, sampled at pixel centres (at 4 samples a px, to stay off the edges)."""
    rings, total = [], np.zeros((shape[0] * 4, shape[1] * 4), np.uint8)
    for ring in filter(None, path.split("Z")):
        x, y = map(int, re.match(r"M(\d+) (\d+)", ring).groups())
        points = [(x, y)]
        for kind, value in re.findall(r"([HV])(\d+)", ring):
            x, y = (int(value), y) if kind == "H" else (x, int(value))
            points.append((x, y))
        rings.append(points)
    for points in rings:
        one = Pillow.new("L", (shape[1] * 4, shape[0] * 4))
        ImageDraw.Draw(one).polygon([(4 * px, 4 * py) for px, py in points], fill=1)
        total ^= np.asarray(one)
    return total[2::4, 2::4]


def test_a_pixel_is_a_square_and_nothing_is_nothing():
    mask = np.zeros((3, 4), np.uint8)
    assert outline_path(mask) == ""
    mask[1, 2] = 1

    assert outline_path(mask) == "M2 1H3V2H2Z"


def test_a_hole_is_a_ring_of_its_own_and_runs_are_one_command():
    mask = np.ones((5, 5), np.uint8)
    mask[2, 2] = 0

    path = outline_path(mask)

    assert path.startswith("M0 0H5V5H0Z")
    assert path.count("M") == 2


def test_pixels_that_touch_at_a_corner_are_outlined_apart():
    path = outline_path(np.array([[1, 0], [0, 1]], np.uint8))

    assert sorted(path.replace("Z", "Z ").split(" M")) == sorted(["M0 0H1V1H0Z", "1 1H2V2H1Z "])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.randoms(use_true_random=False))
def test_the_filled_outline_is_the_mask(height, width, random):
    mask = np.array([[random.randint(0, 1) for _ in range(width)] for _ in range(height)], np.uint8)

    assert (painted(outline_path(mask), mask.shape) == mask).all()


def test_the_anchors_are_a_triangle_with_a_corner_on_top():
    root = 3**0.5 / 2

    assert anchors(3) == pytest.approx(np.array([[0, -1], [root, 0.5], [-root, 0.5]]))


def test_radviz_by_hand():
    # scaled by column: (0, 0, 0), (1, 1, 1), (1, 0, 0), (0.5, 0.5, 0)
    values = [[2, 10, 0.1], [4, 20, 0.9], [4, 10, 0.1], [3, 15, 0.1]]

    places = radviz(values)

    middle = (anchors(3)[0] + anchors(3)[1]) / 2
    assert places == pytest.approx(np.array([[0, 0], [0, 0], [0, -1], middle]), abs=1e-12)


def test_a_quantity_that_is_the_same_for_all_favours_nobody():
    assert np.isfinite(radviz([[1, 2, 3], [1, 2, 3]])).all()
    assert radviz([[1, 2, 3], [1, 2, 3]]) == pytest.approx(np.zeros((2, 2)), abs=1e-12)


def test_the_flowchart_says_every_count_and_its_boxes_do_not_touch():
    flow = Inclusion(
        341, 3, 1, (Reason("implausible value", 2), Reason("size differs", 1)), 337, 0, 2,
        (Reason("same picture as another", 2),), 335,
        (CentreCount("Centre 1", 178, (("benign", 98), ("malignant", 80))), CentreCount("Centre 2", 157, (("benign", 157),))),
    )  # fmt: skip

    chart = draw_inclusion(flow)

    assert [box.lines[0][1] for box in chart.boxes] == [
        "341  rows found in the sheets", "3  refused or left out at the import", "337  cases stored", "2  left out by a curator",
        "335  cases in", "178  Centre 1", "157  Centre 2",
    ]  # fmt: skip
    assert [text for _y, text in chart.boxes[1].lines[1:]] == [
        "2  implausible value",
        "1  size differs",
        "1  rows said twice",
    ]
    for i, a in enumerate(chart.boxes):
        assert a.y + a.height <= chart.height
        assert a.x + a.width <= chart.width
        for b in chart.boxes[i + 1 :]:
            apart = a.y + a.height < b.y or b.y + b.height < a.y or a.x + a.width < b.x or b.x + b.width < a.x
            assert apart


def test_a_flowchart_without_reports_begins_with_what_is_stored():
    chart = draw_inclusion(Inclusion(None, None, 0, (), 40, 40, 0, (), 40, ()))

    assert [box.lines[0][1] for box in chart.boxes] == ["40  cases stored", "40  cases in"]
