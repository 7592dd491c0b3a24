"""Masks against masks: known shapes, laws that hold for all masks, and the peers."""

import math
import warnings
from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import binary_erosion, distance_transform_edt
from scipy.spatial.distance import cdist

from annotations.agreement import surfaces
from annotations.agreement.comparisons import (
    BOTH_EMPTY,
    DISTANCES,
    OTHER_EMPTY,
    REFERENCE_EMPTY,
    compare_masks,
)
from annotations.agreement.geometry import mask_geometry
from annotations.agreement.outlines import outline
from annotations.agreement.result import WrongCall

PAIRS = st.tuples(st.integers(1, 14), st.integers(1, 14)).flatmap(
    lambda shape: st.tuples(*[arrays(np.uint8, shape, elements=st.integers(0, 1)) for _ in range(2)])
)
SPACINGS = st.tuples(st.floats(0.05, 3), st.floats(0.05, 3))
BOTH = ("surface_pixel", "surface_edge_elements")
FIGURES = ("dice", "iou", "precision", "recall", "relative_area_difference", *DISTANCES, "nsd")


def rectangle(top, left, height, width, shape=(60, 80)):
    mask = np.zeros(shape, np.uint8)
    mask[top : top + height, left : left + width] = 1
    return mask


def filled(pair):
    assume(pair[0].any() and pair[1].any())
    return pair


def test_a_rectangle_moved_by_three_pixels():
    found = compare_masks(rectangle(10, 10, 20, 30), rectangle(10, 13, 20, 30), (0.5, 0.5), nsd_tolerance=0.4)

    assert found.unit == "mm"
    assert found.dice == 540 * 2 / 1200
    assert found.iou == 540 / 660
    assert (found.precision, found.recall) == (0.9, 0.9)
    assert found.area_of_reference == 150
    assert found.relative_area_difference == 0
    assert found.hausdorff == found.centroid_distance == 1.5
    assert found.hd95 == 1.5
    assert found.nsd == 2 * (2 * 27) / (2 * 96)  # of 96 boundary pixels the 27 above and the 27 below coincide
    assert dict(found.undefined) == {}


def test_unequal_spacing_is_honoured_in_each_direction():
    one, two = rectangle(10, 10, 20, 30), rectangle(14, 10, 20, 30)

    assert compare_masks(one, two, (0.5, 0.1)).hausdorff == pytest.approx(2.0)
    assert compare_masks(one.T, two.T, (0.5, 0.1)).hausdorff == pytest.approx(0.4)


def test_without_spacing_distances_are_also_percent_of_the_longest_axis():
    one, two = rectangle(10, 10, 30, 40), rectangle(10, 15, 30, 40)

    found = compare_masks(one, two)

    assert found.unit == "px"
    assert found.longest_axis == 50
    assert found.nsd_tolerance == 1.0  # 2 % of 50 px
    assert found.hausdorff_percent == 10.0
    assert found.centroid_distance_percent == pytest.approx(10.0)


def test_with_spacing_the_tolerance_is_a_millimetre():
    found = compare_masks(rectangle(10, 10, 20, 30), rectangle(10, 12, 20, 30), (0.5, 0.5))

    assert (found.nsd_tolerance, found.nsd) == (1.0, 1.0)
    assert found.hausdorff_percent is None


@pytest.mark.parametrize("step", [0.1, 0.2, 0.3, 0.7])
def test_a_distance_equal_to_the_tolerance_counts(step):
    found = compare_masks(rectangle(10, 10, 20, 30), rectangle(10, 13, 20, 30), (step, step), nsd_tolerance=3 * step)

    assert found.nsd == 1.0
    assert (
        compare_masks(
            rectangle(10, 10, 20, 30),
            rectangle(10, 13, 20, 30),
            (step, step),
            nsd_tolerance=round(3 * step, 10),
        ).nsd
        == 1.0
    )


@pytest.mark.parametrize(
    ("reference", "other", "reason", "dice"),
    [
        (np.zeros((9, 9)), np.zeros((9, 9)), BOTH_EMPTY, None),
        (np.zeros((9, 9)), np.ones((9, 9)), REFERENCE_EMPTY, 0.0),
        (np.ones((9, 9)), np.zeros((9, 9)), OTHER_EMPTY, 0.0),
    ],
)
@pytest.mark.parametrize("spacing", [None, (1.0, 1.0)])
def test_an_empty_mask_has_no_distance_and_the_reason_is_told(reference, other, reason, dice, spacing):
    found = compare_masks(reference, other, spacing)

    assert found.dice == dice
    assert set(found.undefined.values()) == {reason}
    figures = (*FIGURES, "nsd_tolerance", *(f"{name}_percent" for name in DISTANCES))
    absent = {name for name in figures if getattr(found, name) is None}
    if spacing:
        absent -= {f"{name}_percent" for name in DISTANCES}
    assert absent == set(found.undefined) - {"longest_axis"}


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: compare_masks(np.ones((3, 3)), np.ones((3, 4))), "other"),
        (lambda: compare_masks(np.ones(3), np.ones(3)), "mask"),
        (lambda: compare_masks(np.full((3, 3), 2), np.ones((3, 3))), "mask"),
        (lambda: compare_masks(np.full((3, 3), 255, np.uint8), np.ones((3, 3))), "mask"),
        (lambda: compare_masks(np.ones((3, 3)), np.ones((3, 3)), (0.0, 1.0)), "spacing"),
        (lambda: compare_masks(np.ones((3, 3)), np.ones((3, 3)), nsd_tolerance=-1.0), "nsd_tolerance"),
        (lambda: compare_masks(np.ones((3, 3)), np.ones((3, 3)), definition="hausdorff"), "definition"),
    ],
)
def test_a_wrong_call_names_its_argument(call, argument):
    with pytest.raises(WrongCall) as refused:
        call()

    assert refused.value.argument == argument


@settings(deadline=None)
@given(PAIRS, SPACINGS, st.sampled_from(BOTH))
def test_exchanging_the_masks_exchanges_precision_and_recall_only(pair, spacing, definition):
    there = compare_masks(*pair, spacing, definition=definition)
    back = compare_masks(*pair[::-1], spacing, definition=definition)

    assert (there.precision, there.dice, there.iou) == (back.recall, back.dice, back.iou)
    for name in (*DISTANCES, "nsd"):
        one, two = getattr(there, name), getattr(back, name)
        assert one == two if one is None else one == pytest.approx(two, rel=1e-12, abs=1e-12)


@settings(deadline=None)
@given(PAIRS, SPACINGS, st.tuples(*[st.integers(0, 5)] * 4), st.sampled_from(BOTH))
def test_more_background_around_changes_no_figure(pair, spacing, margins, definition):
    edges = (margins[:2], margins[2:])
    near = compare_masks(*pair, spacing, definition=definition)
    wide = compare_masks(*(np.pad(mask, edges) for mask in pair), spacing, definition=definition)

    for name in FIGURES:
        one, two = getattr(near, name), getattr(wide, name)
        assert one == two if one is None else one == pytest.approx(two, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(PAIRS, SPACINGS, st.floats(0.1, 20), st.sampled_from(BOTH))
def test_distances_grow_with_the_spacing_and_shares_do_not(pair, spacing, factor, definition):
    filled(pair)
    limit = 1.2345 * spacing[0]
    once = compare_masks(*pair, spacing, limit, definition=definition)
    scaled = (spacing[0] * factor, spacing[1] * factor)
    grown = compare_masks(*pair, scaled, limit * factor, definition=definition)

    for name in DISTANCES:
        assert getattr(grown, name) == pytest.approx(getattr(once, name) * factor, rel=1e-9, abs=1e-9)
    assert grown.nsd == pytest.approx(once.nsd, abs=1e-12)
    assert grown.dice == once.dice


@settings(deadline=None)
@given(PAIRS, SPACINGS, st.sampled_from(BOTH))
def test_transposing_image_and_spacing_changes_nothing(pair, spacing, definition):
    filled(pair)
    upright = compare_masks(*pair, spacing, definition=definition)
    lying = compare_masks(*(mask.T for mask in pair), spacing[::-1], definition=definition)

    for name in FIGURES:
        assert getattr(lying, name) == pytest.approx(getattr(upright, name), rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(PAIRS, SPACINGS | st.floats(0.05, 3).map(lambda step: (step, step)))
def test_pixel_distances_are_those_of_all_pairs_of_boundary_pixels(pair, spacing):
    filled(pair)
    edges = [np.argwhere(mask & ~binary_erosion(mask)) * np.array(spacing) for mask in pair]
    table = cdist(*edges)
    there, back = table.min(axis=1), table.min(axis=0)

    found = surfaces.surface_pixel(outline(pair[0]), outline(pair[1]), spacing)

    assert found.hausdorff == pytest.approx(max(there.max(), back.max()), abs=1e-9)
    assert found.hd95 == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)), abs=1e-9)
    assert found.hd95_pooled == pytest.approx(np.percentile(np.concatenate([there, back]), 95), abs=1e-9)
    assert found.assd == pytest.approx(np.concatenate([there, back]).mean(), abs=1e-9)
    assert found.masd == pytest.approx((there.mean() + back.mean()) / 2, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(PAIRS, SPACINGS, st.floats(0.1, 4))
def test_edge_elements_are_those_of_surface_distance(pair, spacing, limit):
    filled(pair)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import surface_distance

        found = surface_distance.compute_surface_distances(*(mask.astype(bool) for mask in pair), spacing)
    ours = surfaces.surface_edge_elements(outline(pair[0]), outline(pair[1]), spacing, (limit,))

    assert ours.hausdorff == pytest.approx(surface_distance.compute_robust_hausdorff(found, 100), abs=1e-9)
    means = surface_distance.compute_average_surface_distance(found)
    assert (ours.mean_from_reference, ours.mean_from_other) == pytest.approx(means, abs=1e-9)
    share = surface_distance.compute_surface_dice_at_tolerance(found, limit)
    assert ours.nsd[limit] == pytest.approx(share, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(PAIRS)
def test_overlap_is_that_of_simpleitk(pair):
    filled(pair)
    peer = sitk.LabelOverlapMeasuresImageFilter()
    peer.Execute(*(sitk.GetImageFromArray(mask) for mask in pair))

    found = compare_masks(*pair)

    assert found.dice == pytest.approx(peer.GetDiceCoefficient(), abs=1e-12)
    assert found.iou == pytest.approx(peer.GetJaccardCoefficient(), abs=1e-12)


@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.3, 0.3), (0.3, 0.2)])
def test_large_masks_take_the_other_way_to_the_same_distances(monkeypatch, spacing):
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[:300, :320]
    masks = []
    for _ in range(2):
        angle = np.arctan2(rows - 150, columns - 160)
        radius = 80 + sum(rng.normal(0, 4) * np.cos(wave * angle + rng.uniform(0, 6)) for wave in range(2, 30))
        masks.append(np.hypot(rows - 150, columns - 160) < radius)
    edges = [mask & ~binary_erosion(mask) for mask in masks]
    there = distance_transform_edt(~edges[1], sampling=spacing)[edges[0]]

    few = surfaces.nearest(outline(masks[0]).boundary, outline(masks[1]).boundary, spacing)
    monkeypatch.setattr(surfaces, "_FEW", 0)
    many = surfaces.nearest(outline(masks[0]).boundary, outline(masks[1]).boundary, spacing)

    assert np.allclose(few[0], there, rtol=0, atol=1e-9)
    assert np.allclose(few[0], many[0], rtol=0, atol=1e-9)
    assert np.allclose(few[1], many[1], rtol=0, atol=1e-9)


def test_an_outline_serves_many_comparisons():
    one, two = rectangle(10, 10, 30, 40), rectangle(12, 15, 30, 40)

    assert compare_masks(outline(one), outline(two)) == compare_masks(one, two)


@settings(deadline=None)
@given(PAIRS, SPACINGS)
def test_the_diameter_is_the_greatest_distance_of_all_pairs(pair, spacing):
    mask = pair[0]
    assume(mask.any())
    pixels = np.argwhere(mask)
    corners = np.concatenate([pixels + step for step in ((0, 0), (0, 1), (1, 0), (1, 1))])

    found = mask_geometry(outline(mask), spacing)

    assert found.corner.longest == pytest.approx(cdist(*[corners * spacing] * 2).max(), rel=1e-12)
    assert found.centre.longest == pytest.approx(cdist(*[pixels * spacing] * 2).max(), rel=1e-12, abs=1e-12)
    assert found.centroid == pytest.approx(tuple(pixels.mean(axis=0) * spacing))
    assert found.corner.perpendicular[-1] <= found.corner.longest * (1 + 1e-9)
    assert found.corner.least <= found.corner.perpendicular[0] * (1 + 1e-9)


def test_a_rectangle_three_by_four_has_a_diagonal_of_five():
    found = mask_geometry(outline(rectangle(10, 10, 3, 4)), (1.0, 1.0))

    assert found.corner.longest == 5.0
    assert found.corner.perpendicular == pytest.approx((4.8,))  # twice the height of the 3-4-5 triangle
    assert found.corner.pairs == 2
    assert found.corner.least == 3.0
    assert found.centre.longest == math.hypot(2, 3)
    assert found.area == 12.0


def test_parts_are_counted_over_edges_and_over_corners():
    mask = rectangle(1, 1, 2, 2) | rectangle(3, 3, 2, 2) | rectangle(20, 20, 1, 1)

    found = mask_geometry(outline(mask))

    assert (found.parts_4, found.parts_8) == (3, 2)


def test_an_empty_mask_has_no_geometry():
    assert mask_geometry(outline(np.zeros((4, 4)))) is None


class Flagged(np.ndarray):
    """A mask whose product with ones leaves the processor's flag for an invalid number, as BLAS does now and then."""

    def __matmul__(self, other):
        np.array([np.inf], np.float32) - np.array([np.inf], np.float32)
        return np.asarray(self) @ other

    def __rmatmul__(self, other):
        return (self.T @ other.T).T

    def astype(self, *args, **kwargs):
        return np.asarray(self).astype(*args, **kwargs).view(Flagged)


def test_a_flag_that_blas_leaves_is_no_warning():
    drawn = outline(np.eye(5, dtype=np.uint8))
    flagged = replace(drawn, crop=drawn.crop.view(Flagged))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert flagged.centroid == drawn.centroid
