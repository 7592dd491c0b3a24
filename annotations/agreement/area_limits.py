"""Limits of an AUC from its value and the numbers of cases: for few cases of a class, or perfect separation.

DeLong's variance of three placements is hardly a variance, and 0 where the classes are separated; an interval from it
holds the truth in 70 of 100 studies in place of 95 (bench/coverage.py). These limits take the variance that an AUC of a
given size has, at the limit itself, as Wilson's do of a proportion.
"""

from __future__ import annotations

from collections.abc import Callable

from annotations.agreement.limits import z_of

FEW_OF_A_CLASS = 50  # cases of the smaller class below which DeLong's interval covers too little
SO_FEW = 10  # below which they rest on the two classes being about equally spread
_HALVINGS = 60


def area_variance(area: float, diseased: float, healthy: float) -> float:
    """Of an AUC of that size: Hanley & McNeil 1982 with both classes' n - 1 replaced by (m + n) / 2 - 1.

    Newcombe 2006, method 5, doi:10.1002/sim.2324. Numbers of cases may be effective ones, and not whole.
    """
    mean = max((diseased + healthy) / 2 - 1, 0.0)
    spread = 1 + mean * ((1 - area) / (2 - area) + area / (1 + area))
    return area * (1 - area) * spread / (diseased * healthy)


def newcombe_limits(
    area: float, diseased: float, healthy: float, level: float, times: float = 1.0
) -> tuple[float, float]:
    """The areas that lie z of their own standard errors from the one observed; `times` multiplies the variance."""
    return score_limits(area, lambda at: times * area_variance(at, diseased, healthy), z_of(level))


def at_least(modelled: float, seen: float | None) -> float:
    """By how much the modelled variance falls short of the one seen in the data: at least 1.

    The model takes both classes for equally spread. Where the smaller one spreads more, its limits hold the truth in 85 of
    100 studies; drawn up to DeLong's variance, in 93 and more.
    """
    return max(1.0, seen / modelled) if seen is not None and modelled > 0 else 1.0


def few_of_a_class(smaller: float) -> tuple[str, ...]:
    """What is said of an AUC with so few cases of one class."""
    if smaller >= SO_FEW:
        return ()
    return (
        f"Only {smaller:.0f} cases of the smaller class: the interval takes both classes for about equally spread.",
    )


def score_limits(value: float, variance: Callable[[float], float], quantile: float) -> tuple[float, float]:
    """The least and the greatest value in [0, 1] not farther than quantile x its own standard error from `value`."""

    def far(at: float) -> bool:
        return (value - at) ** 2 > quantile**2 * variance(at)

    return _edge(value, 0.0, far), _edge(value, 1.0, far)


def _edge(inside: float, outside: float, far: Callable[[float], bool]) -> float:
    if not far(outside):
        return outside
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if far(middle) else (middle, outside)
    return inside
