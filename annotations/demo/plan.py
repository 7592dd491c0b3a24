"""The plan of a demo dataset: for every case its answers, diameters, picture size, scale and whether it bears
an arrow.

The plan is drawn in one go from the seed; the pictures are then drawn case by case from seeds of their own,
so that they do not depend on how many workers draw them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from annotations.demo.diameters import draw_diameters
from annotations.demo.features import deal_features
from annotations.demo.published import cell_sizes, table1

ARROW_RATE = 0.09
# one in so many pictures has a scale that nobody wrote down: its lengths can only be said in px
UNSCALED_ONE_IN = 24
_UNSCALED_STREAM = 1002  # beyond every case's own; with it each study of the demo has some
_UNSCALED_FROM = 5  # a cell of so many cases has one at least, so that a small demo shows px, too
# (width, height) in px: smallest, largest, mean; Mohammadi et al. 2026
PICTURE_PX: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    1: ((248, 226), (570, 570), (407, 406)),
    2: ((290, 290), (826, 724), (468, 455)),
}
# plausible scales of a linear probe at depths of 3 to 5 cm; the paper states none
SPACINGS_MM: dict[int, tuple[float, ...]] = {
    1: (0.0621, 0.0702, 0.0784, 0.0865, 0.0947, 0.1028, 0.1191),
    2: (0.0548, 0.0615, 0.0683, 0.0752, 0.0820, 0.0957, 0.1094),
}
_USUAL_SPACINGS = 4  # the coarser ones are kept for nodes that would not fit
_SMALL_MM = 8.0  # a sonographer zooms in on smaller ones
_ROOM = 0.80  # a node fills at most this share of the picture's width, and its thickness of the height


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """One case to be drawn. `number` restarts in every group; `seed` is the entropy of its picture. `mm_per_px` is what
    it is drawn with; where not `scale_known`, spacing.csv keeps silent about it.
    """

    centre: int
    group: str
    number: int
    max_diameter_mm: float
    min_diameter_mm: float
    aspect_ratio: float
    answers: dict[str, str]
    width_px: int
    height_px: int
    mm_per_px: float
    arrows: int
    seed: tuple[int, ...]
    scale_known: bool = True

    @property
    def values(self) -> dict[str, str | float]:
        """All sixteen features in the order of the sheet."""
        return {
            "max_diameter_mm": self.max_diameter_mm,
            "min_diameter_mm": self.min_diameter_mm,
            "aspect_ratio": self.aspect_ratio,
            **self.answers,
        }


def plan_cases(cases: int, seed: int) -> list[CaseSpec]:
    """All cases, ordered by centre, group and number. Raises ValueError for fewer than four cases."""
    sizes = cell_sizes(cases)
    plans: list[CaseSpec] = []
    for centre in (1, 2):
        rng = np.random.default_rng([seed, centre])
        parts = []
        for cell in (c for c in table1() if c.centre == centre):
            n = sizes[centre, cell.group]
            sizes_mm = draw_diameters(cell, n, rng)
            parts.append((cell.group, sizes_mm, deal_features(cell, n, sizes_mm[0], rng)))
        longest = np.concatenate([sizes_mm[0] for _, sizes_mm, _ in parts])
        pictures = _picture_sizes(centre, longest, rng)
        start = 0
        for group, sizes_mm, answers in parts:
            arrows = _arrows(len(answers), rng)
            unscaled = _unscaled(seed, centre, group, len(answers))
            for i, given in enumerate(answers):
                longest_mm, shortest_mm, ratio = (float(v[i]) for v in sizes_mm)
                width, height = (int(v) for v in pictures[start + i])
                scale = _spacing(centre, longest_mm, shortest_mm, width, height, rng)
                entropy = (seed, centre, int(group == "Malignant"), i + 1)
                plans.append(
                    CaseSpec(
                        centre, group, i + 1, longest_mm, shortest_mm, ratio, given,
                        width, height, scale, int(arrows[i]), entropy, i not in unscaled,
                    )
                )  # fmt: skip
            start += len(answers)
    return plans


def _picture_sizes(centre: int, longest_mm: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int_]:
    """Width and height in px of each picture: the published extremes and means, larger for larger nodes."""
    n = len(longest_mm)
    smallest, largest, mean = (np.array(v, float) for v in PICTURE_PX[centre])
    size_rank = np.argsort(np.argsort(longest_mm)) / n
    common = 1.2 * (size_rank - 0.5) * 3.4 + rng.normal(size=n)
    sizes = np.empty((n, 2), int)
    for axis, wander in ((0, 0.0), (1, 0.35)):
        order = np.argsort(common + wander * rng.normal(size=n))
        share = (mean - smallest)[axis] / (largest - smallest)[axis]
        quantiles = betaincinv(4 * share, 4 * (1 - share), (np.arange(n) + 0.5) / n)
        values = smallest[axis] + quantiles * (largest - smallest)[axis]
        values[0], values[-1] = smallest[axis], largest[axis]
        sizes[order, axis] = np.round(values)
    return sizes


def _spacing(
    centre: int, longest_mm: float, shortest_mm: float, width: int, height: int, rng: np.random.Generator
) -> float:
    """A usual scale at which the node fits, the next coarser one if need be, or as coarse as it must be."""
    needed = max(longest_mm / width, shortest_mm / height) / _ROOM
    scales = SPACINGS_MM[centre]
    fitting = [s for s in scales[:_USUAL_SPACINGS] if s >= needed]
    if fitting:
        return float(rng.choice(fitting[:2] if longest_mm < _SMALL_MM else fitting))
    return next((s for s in scales if s >= needed), round(needed, 4))


def _arrows(n: int, rng: np.random.Generator) -> NDArray[np.int_]:
    """0, 1 or 2 arrows for each of n cases; at least one case has some when n allows."""
    marked = rng.permutation(n) < max(1 if n > 1 else 0, round(ARROW_RATE * n))
    return np.where(marked, rng.choice([1, 1, 2], size=n), 0)


def _unscaled(seed: int, centre: int, group: str, n: int) -> set[int]:
    """Which of n cases have no scale. A generator of its own, so that plan and pictures do not depend on the choice."""
    rng = np.random.default_rng([seed, centre, int(group == "Malignant"), _UNSCALED_STREAM])
    count = max(1 if n >= _UNSCALED_FROM else 0, round(n / UNSCALED_ONE_IN))
    return {int(i) for i in rng.choice(n, count, replace=False)}
