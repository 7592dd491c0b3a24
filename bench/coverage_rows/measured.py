"""Measurements and masks: ICC, Bland-Altman, Lin's CCC; means over cases of Dice and of a distance."""

from __future__ import annotations

import math

from scipy.special import ndtri

from annotations.agreement.bland_altman import bland_altman
from annotations.agreement.concordance import lin_ccc
from annotations.agreement.icc import icc
from annotations.agreement.mask_summaries import summarise
from bench.coverage_rows import Found, Tried, of_estimate, two
from bench.coverage_rows.simulated import DICE, DISTANCE, MISSED, Simulated


def _bias(data: Simulated) -> float:
    return -math.sqrt(2 * data.cell.spreads[1])


def _limit(side: int) -> Tried:
    key = "loa_low" if side < 0 else "loa_high"

    def truth(data: Simulated) -> float:
        return _bias(data) + side * float(ndtri(0.975)) * math.sqrt(2 * data.cell.spreads[2])

    def found(data: Simulated, seed: int) -> Found:
        own = bland_altman(data.measured_by_two)
        return Found((own.extra[f"{key}_ci_low"], own.extra[f"{key}_ci_high"]), bool(own.warnings))

    return Tried(f"{'lower' if side < 0 else 'upper'} limit", truth, found, two)


def _mean_of(name: str, truth: float) -> Tried:
    def found(data: Simulated, seed: int) -> Found:
        values = data.dice if name == "Dice" else data.distances
        return of_estimate(summarise(name, values, estimator=name, seed=seed))

    return Tried(f"mean {name}", lambda data: truth, found, two, resampled=True)


MEASURED: tuple[Tried, ...] = (
    Tried("ICC(2,1)", lambda data: data.cell.right, lambda data, seed: of_estimate(icc(data.measured))),
    Tried("CCC", lambda data: data.cell.right, lambda data, seed: of_estimate(lin_ccc(data.measured_by_two)), two),
    Tried("bias", _bias, lambda data, seed: of_estimate(bland_altman(data.measured_by_two)), two),
    _limit(-1),
    _limit(1),
    _mean_of("Dice", (1 - MISSED) * DICE[0] / (DICE[0] + DICE[1])),
    _mean_of("HD95", math.exp(DISTANCE[0] + DISTANCE[1] ** 2 / 2)),
)
