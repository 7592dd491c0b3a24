"""Several readers' masks: votes, majority, STAPLE, overlap of all pairs."""

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from annotations.agreement.comparisons import compare_masks
from annotations.agreement.outlines import outline
from annotations.agreement.result import WrongCall
from annotations.agreement.staple import NO_BACKGROUND, NO_FOREGROUND, staple, staple_many
from annotations.agreement.votes import majority, pairwise_overlap, votes

STACKS = st.tuples(st.integers(1, 6), st.integers(1, 8), st.integers(1, 8)).flatmap(
    lambda shape: arrays(np.uint8, shape, elements=st.integers(0, 1))
)


def disks(readers=5, seed=1, shape=(60, 70)):
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    centres = rng.normal((30, 35), 1.5, (readers, 2))
    radii = rng.normal(14, 1.5, readers)
    return np.stack([np.hypot(rows - y, columns - x) < radius for (y, x), radius in zip(centres, radii)]).astype(
        np.uint8
    )


@settings(deadline=None)
@given(STACKS)
def test_the_patterns_count_every_pixel_once(stack):
    cast = votes(stack)

    assert cast.pixels.sum() == stack[0].size
    assert np.array_equal(cast.patterns.T.astype(int) @ cast.pixels, stack.sum(axis=(1, 2)))
    for reader in range(len(stack)):
        assert np.array_equal(cast.paint(cast.patterns[:, reader]), stack[reader].astype(bool))


@pytest.mark.parametrize("readers", [1, 8, 9, 16, 17, 33, 64])
def test_outlines_and_arrays_cast_the_same_votes(readers):
    stack = disks(readers)
    stack[-1] = 0

    whole, parts = votes(stack), votes([outline(mask) for mask in stack])

    assert np.array_equal(whole.patterns, parts.patterns)
    assert np.array_equal(whole.pixels, parts.pixels)
    for reader in range(readers):
        assert np.array_equal(parts.paint(parts.patterns[:, reader]), stack[reader].astype(bool))


@settings(deadline=None)
@given(STACKS)
def test_the_majority_is_counted_pixel_by_pixel(stack):
    found = majority(votes(stack))

    assert np.array_equal(found.strict, 2 * stack.sum(axis=0) > len(stack))
    assert np.array_equal(found.ties_in, 2 * stack.sum(axis=0) >= len(stack))
    assert found.tied_px == (found.strict != found.ties_in).sum()


@settings(deadline=None)
@given(STACKS)
def test_the_overlap_of_all_pairs_is_that_of_each_pair(stack):
    found = pairwise_overlap(votes(stack))

    for i, one in enumerate(stack):
        for j, two in enumerate(stack):
            alone = compare_masks(one, two)
            assert found.defined[i, j] == (alone.dice is not None)
            assert (found.dice[i, j], found.iou[i, j]) == (alone.dice or 0.0, alone.iou or 0.0)


def test_staple_is_that_of_simpleitk():
    stack = disks()
    peer = sitk.STAPLEImageFilter()
    peer.SetForegroundValue(1)
    posterior = sitk.GetArrayFromImage(peer.Execute([sitk.GetImageFromArray(mask) for mask in stack]))

    found = staple(votes(stack))

    assert found.converged
    assert found.sensitivity == pytest.approx(peer.GetSensitivity(), abs=2e-3)
    assert found.specificity == pytest.approx(peer.GetSpecificity(), abs=2e-4)
    assert np.array_equal(found.mask(), posterior >= 0.5)


def test_staple_stands_at_a_fixed_point():
    stack = disks(4, seed=9)
    found = staple(votes(stack))
    inside = found.posterior_image()

    assert found.sensitivity == pytest.approx((stack * inside).sum(axis=(1, 2)) / inside.sum(), abs=1e-8)
    wrong = (stack * (1 - inside)).sum(axis=(1, 2)) / (1 - inside).sum()
    assert found.specificity == pytest.approx(1 - wrong, abs=1e-8)


def test_many_images_give_each_the_same_bytes_as_alone():
    casts = [votes(disks(readers, seed)) for seed in range(12) for readers in (3, 5)]

    for together, cast in zip(staple_many(casts), casts):
        alone = staple(cast)
        assert together.posterior.tobytes() == alone.posterior.tobytes()
        assert together.sensitivity.tobytes() == alone.sensitivity.tobytes()
        assert together.specificity.tobytes() == alone.specificity.tobytes()
        assert together.iterations == alone.iterations


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(4)))
def test_the_order_of_the_readers_is_no_matter(seed, order):
    stack = disks(4, seed)

    there, back = staple(votes(stack)), staple(votes(stack[order]))

    assert there.converged
    assert back.sensitivity == pytest.approx(there.sensitivity[order], abs=1e-7)
    assert back.specificity == pytest.approx(there.specificity[order], abs=1e-7)


@settings(deadline=None)
@given(STACKS)
def test_any_masks_have_a_consensus_in_bounds_or_the_reason(stack):
    found = staple(votes(stack))

    if found.undefined is None:
        for figures in (found.sensitivity, found.specificity, found.posterior):
            assert ((figures >= 0) & (figures <= 1)).all()
    assert found.mask().shape == stack.shape[1:]


def test_the_cost_does_not_grow_with_the_image():
    small = votes(disks())
    large = votes(np.pad(disks(), ((0, 0), (200, 200), (200, 200))))

    assert np.array_equal(small.patterns, large.patterns)
    assert np.array_equal(small.pixels[1:], large.pixels[1:])
    assert large.codes.shape == small.codes.shape


def test_a_reader_who_marks_nothing_has_sensitivity_zero():
    stack = disks()
    stack[2] = 0

    found = staple(votes(stack))

    assert found.sensitivity[2] == 0.0
    assert found.specificity[2] == 1.0


@pytest.mark.parametrize(("value", "reason"), [(0, NO_FOREGROUND), (1, NO_BACKGROUND)])
def test_without_two_sides_there_is_no_consensus(value, reason):
    found = staple(votes(np.full((3, 6, 7), value, np.uint8)))

    assert found.undefined == reason
    assert np.array_equal(found.mask(), np.full((6, 7), bool(value)))


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((0, 4, 4)),
        np.zeros((65, 4, 4), np.uint8),
        np.zeros((4, 4), np.uint8),
        np.full((2, 3, 3), 7, np.uint8),
        [],
        [outline(np.ones((3, 3))), outline(np.ones((3, 4)))],
    ],
)
def test_what_are_no_masks_of_one_image_is_refused(wrong):
    with pytest.raises(WrongCall, match="mask"):
        votes(wrong)
