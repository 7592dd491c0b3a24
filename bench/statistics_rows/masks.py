"""Masks: 338 pairs with every figure, and STAPLE of five readers, on made-up nodes of 468 x 455 px."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import SimpleITK as sitk
import surface_distance
from numpy.typing import NDArray

from annotations.agreement.comparisons import MaskComparison, compare_masks
from annotations.agreement.staple import staple_many
from annotations.agreement.votes import votes
from bench.statistics_rows import Peer, Row

HEIGHT, WIDTH, CASES, READERS = 455, 468, 338, 5
SPACING = (0.1, 0.1)
TOLERANCE = 1.005  # mm; off the grid of distances, where rounding decides in the peers

Masks = NDArray[np.uint8]


def rows() -> Iterator[Row]:
    """By boundary pixels (the default) Dice is compared, by edge elements Dice, HD95 and NSD; and STAPLE."""
    work = f"Dice + HD95 + NSD (and the other figures), {CASES} pairs of {WIDTH} x {HEIGHT}"
    dice = Peer(lambda: _each(_surface_distance), lambda answer: [figures[0] for figures in answer], repeats=1)
    yield Row(
        work=work,
        reach_ms=250,
        ours=_compare("surface_pixel"),
        figure=lambda found: [comparison.dice for comparison in found],
        peers={"surface-distance": dice, "SimpleITK": Peer(lambda: _each(_sitk_overlap), repeats=1)},
        at_scale=lambda factor: _compare("surface_pixel", 21 * factor),
    )
    yield Row(
        work=f"{work}, by edge elements",
        reach_ms=2137,  # no figure of the issue's; the peer's time there
        ours=_compare("surface_edge_elements"),
        figure=lambda found: [(c.dice, c.hd95, c.nsd) for c in found],
        peers={"surface-distance": Peer(lambda: _each(_surface_distance), repeats=1)},
        at_scale=lambda factor: _compare("surface_edge_elements", 21 * factor),
    )
    yield Row(
        work=f"STAPLE, {READERS} readers x {CASES} masks",
        reach_ms=150,
        ours=_staple(CASES),
        figure=lambda found: [consensus.sensitivity for consensus in found],
        peers={"SimpleITK": Peer(lambda: [_sitk_staple(stack) for stack in nodes()], repeats=1)},
        at_scale=lambda factor: _staple(21 * factor),
        tolerance=1e-4,  # the peer stops at a step of 5e-5, before its fixed point
    )


def _compare(definition: str, cases: int = CASES) -> Callable[[], list[MaskComparison]]:
    masks = nodes()[:cases, :2]
    return lambda: [compare_masks(a, b, SPACING, TOLERANCE, definition=definition) for a, b in masks]


def _staple(cases: int) -> Callable[[], Any]:
    masks = nodes()[:cases]
    return lambda: staple_many([votes(stack) for stack in masks])


def _each(peer: Callable[[Masks, Masks], Any]) -> list[Any]:
    return [peer(a, b) for a, b in nodes()[:, :2]]


@cache
def nodes(seed: int = 6) -> Masks:
    """Masks [cases, readers, height, width]: a node a case, outlined by each reader a little differently."""
    generator = np.random.default_rng(seed)
    down, right = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    masks = np.empty((CASES, READERS, HEIGHT, WIDTH), np.uint8)
    for case in range(CASES):
        row, column = generator.uniform(200, 255), generator.uniform(200, 268)
        radii = generator.uniform(45, 110), generator.uniform(70, 150)
        angle = np.arctan2(down - row, right - column)
        radius = np.hypot((down - row) / radii[0], (right - column) / radii[1])
        for reader in range(READERS):
            outline = 1 + sum(
                generator.normal(0, 0.03) * np.cos(wave * angle + generator.uniform(0, 6)) for wave in range(2, 8)
            )
            masks[case, reader] = radius < outline
    return masks


def _surface_distance(reference: Masks, other: Masks) -> tuple[float, float, float]:
    one, two = reference.astype(bool), other.astype(bool)
    found = surface_distance.compute_surface_distances(one, two, SPACING)
    return (
        float(surface_distance.compute_dice_coefficient(one, two)),
        float(surface_distance.compute_robust_hausdorff(found, 95)),
        float(surface_distance.compute_surface_dice_at_tolerance(found, TOLERANCE)),
    )


def _sitk_overlap(reference: Masks, other: Masks) -> float:
    one, two = (sitk.GetImageFromArray(mask) for mask in (reference, other))
    for image in (one, two):
        image.SetSpacing(SPACING[::-1])
    hausdorff, measures = sitk.HausdorffDistanceImageFilter(), sitk.LabelOverlapMeasuresImageFilter()
    hausdorff.Execute(one, two)
    measures.Execute(one, two)
    return float(measures.GetDiceCoefficient())


def _sitk_staple(stack: Masks) -> list[float]:
    peer = sitk.STAPLEImageFilter()
    peer.SetForegroundValue(1)
    peer.Execute([sitk.GetImageFromArray(mask) for mask in stack])
    return list(peer.GetSensitivity())
