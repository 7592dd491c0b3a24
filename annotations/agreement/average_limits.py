"""Limits of an average over readers that know what a share or an AUC can be: Wilson's and Newcombe's, with readers.

The plain limits (value -+ t standard errors) leave [0, 1] and, with few cases of a class, hold the truth in 67 to 90 of
100 studies in place of 95 (bench/coverage.py). Here the part of the variance that comes from the cases is taken at the
limit itself, from what one reader's share (Wilson 1927) or AUC (Newcombe 2006, method 5) would vary by, times the part of
it that the average keeps: readers who err on the same cases do not average these errors out. The readers' own part goes with
value (1 - value): near 0 or 1 they cannot differ much.
"""

from __future__ import annotations

from dataclasses import dataclass

from .area_limits import area_variance


@dataclass(frozen=True, slots=True)
class Stratum:
    """What one stratum of a figure rests on.

    weight     in the figure; the weights of all strata sum to 1
    of_class   cases of the figure's class, or the diseased of an AUC (a mean over the readers)
    of_other   the healthy of an AUC; None of a share
    effect     design effect: how many times a case of a patient with several cases counts less than one
    """

    weight: float
    of_class: float
    of_other: float | None = None
    effect: float = 1.0

    @property
    def fewest(self) -> float:
        """Cases of the smaller class, or of the one there is."""
        return (self.of_class if self.of_other is None else min(self.of_class, self.of_other)) / self.effect

    def variance(self, value: float) -> float:
        """Of one reader's figure, were its true value this."""
        if self.of_other is None:
            own = value * (1 - value) / self.of_class * self.effect
        else:
            own = area_variance(value, self.of_class / self.effect, self.of_other / self.effect)
        return self.weight**2 * own


@dataclass(frozen=True, slots=True)
class CasePart:
    """The variance over cases of an average over readers, as a function of the true value.

    kept   share of one reader's variance that the average keeps
    """

    strata: tuple[Stratum, ...]
    kept: float

    def variance(self, value: float) -> float:
        return self.kept * sum(stratum.variance(value) for stratum in self.strata)


def fewest_cases(strata: tuple[Stratum, ...]) -> float:
    """Cases of the smaller class, over all strata."""
    return sum(stratum.fewest for stratum in strata)


def shared_part(var_error: float, cov2: float, cases: float) -> float:
    """How alike the readers' errors are, 0 to 1: their correlation over the cases, drawn to 1 as one case in `cases`.

    A few cases cannot show how alike the errors are; of one, nothing: then they count as the same.
    """
    alike = cov2 / var_error if var_error > 0 else 1.0
    alike = min(max(alike, 0.0), 1.0)
    return alike + (1 - alike) / max(cases, 1.0)
