"""Is there 80 % power for an AUC difference of 0.10 in 338 cases? Prints the tables that stand in docs/power.md.

python -m bench.power_claim
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import ndtri

from annotations.agreement.auc import auc, paired_auc_difference
from annotations.agreement.auc_power import PlannedAuc, auc_cases_needed, auc_difference_power
from annotations.agreement.mrmc_power import PilotComponents, mrmc_power

MALIGNANT, BENIGN = 163, 175  # both centres
CENTRE_1, CENTRE_2 = (81, 99), (82, 76)
TEST_SPLIT = (33, 35)  # a fifth of the cases
PAIRS = ((0.60, 0.70), (0.65, 0.75), (0.70, 0.80), (0.75, 0.85), (0.80, 0.90), (0.85, 0.95))
CORRELATIONS = (0.0, 0.3, 0.5)
DRAWS = 1000
# Van Dyke et al. 1993 under jackknife covariances, as OR-DBM MRMC 2.5 prints them (Hillis et al. 2011)
VAN_DYKE = PilotComponents(0.00020040249, 0.0003466137, 0.0003440748, 0.0002390284, 0.0008022883, 114)
READERS = (2, 3, 4, 5, 6, 8, 10)
READER_SPREADS = (0.014, 0.028, 0.057)  # standard deviation of a reader's own gain: Van Dyke's, doubled, fourfold


def _power(lower: float, higher: float, cases: tuple[int, int], correlation: float = 0.0) -> float:
    first, second = PlannedAuc(higher, *cases), PlannedAuc(lower, *cases)
    return float(auc_difference_power(first, second, correlation=correlation).value or 0.0)


def _between_centres(lower: float, higher: float) -> float:
    first, second = PlannedAuc(higher, *CENTRE_1), PlannedAuc(lower, *CENTRE_2)
    return float(auc_difference_power(first, second).value or 0.0)


def _table(head: list[str], rows: Iterator[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def two_tests() -> str:
    """Two models or two scores of one reader, by what they are tried on."""
    head = ["AUCs", *(f"all 338, r = {r}" for r in CORRELATIONS), "centre 2 only, r = 0.3", "a fifth, r = 0.3"]
    head += ["centre 1 against centre 2", "cases for one AUC against a fixed value"]

    def rows() -> Iterator[list[str]]:
        for lower, higher in PAIRS:
            powers = [_power(lower, higher, (MALIGNANT, BENIGN), r) for r in CORRELATIONS]
            powers += [_power(lower, higher, CENTRE_2, 0.3), _power(lower, higher, TEST_SPLIT, 0.3)]
            powers.append(_between_centres(lower, higher))
            ratio = BENIGN / MALIGNANT
            needed = auc_cases_needed(higher, null=lower, controls_per_case=ratio, variance="binormal")
            total = round(float(needed.value or 0) * (1 + ratio))
            yield [f"{lower:.2f}, {higher:.2f}", *(f"{power:.2f}" for power in powers), str(total)]

    return _table(head, rows())


def readers() -> str:
    """The average of several readers, each unaided and aided on all 338 cases; random readers and cases."""
    head = ["spread of the readers' own gains", *(f"{count} readers" for count in READERS)]

    def rows() -> Iterator[list[str]]:
        for spread in READER_SPREADS:
            v = VAN_DYKE
            pilot = PilotComponents(spread**2, v.cov1, v.cov2, v.cov3, v.var_error, v.cases)
            cases = MALIGNANT + BENIGN
            found = [mrmc_power(pilot, readers=count, cases=cases, effect=0.10).value for count in READERS]
            yield [f"{spread:.3f}", *(f"{power:.2f}" for power in found)]

    return _table(head, rows())


def simulated() -> str:
    """DeLong's paired test on drawn studies beside the formula, for correlated normal scores on all 338 cases."""
    head = ["AUCs", "correlation of the scores", "r of the AUCs", "formula", f"{DRAWS} drawn studies"]

    def rows() -> Iterator[list[str]]:
        for lower, higher, correlation in ((0.6, 0.7, 0.0), (0.6, 0.7, 0.5), (0.7, 0.8, 0.0), (0.7, 0.8, 0.5)):
            power, r = _drawn(lower, higher, correlation)
            formula = _power(lower, higher, (MALIGNANT, BENIGN), r)
            areas = f"{lower:.2f}, {higher:.2f}"
            yield [areas, f"{correlation:.1f}", f"{r:.2f}", f"{formula:.2f}", f"{power:.2f}"]

    return _table(head, rows())


def _drawn(lower: float, higher: float, correlation: float) -> tuple[float, float]:
    """Share of significant tests, and the mean correlation of the two AUCs in them."""
    generator = np.random.default_rng(np.random.SeedSequence(338))
    truth = np.repeat([1, 0], [MALIGNANT, BENIGN])
    shifts = np.sqrt(2) * ndtri([[higher], [lower]]) * truth
    mixing = np.linalg.cholesky([[1.0, correlation], [correlation, 1.0]])
    hits, correlations = 0, []
    for _ in range(DRAWS):
        scores = mixing @ generator.normal(size=(2, truth.size)) + shifts
        test = paired_auc_difference(truth, scores[0], scores[1])
        hits += (test.p or 1.0) < 0.05
        errors = [auc(truth, row).se or 1.0 for row in scores]
        correlations.append(test.extra["covariance"] / (errors[0] * errors[1]))
    return hits / DRAWS, float(np.mean(correlations))


TABLES = {"two tests": two_tests, "drawn studies": simulated, "readers": readers}

if __name__ == "__main__":
    for title, make in TABLES.items():
        print(f"{title}\n\n{make()}\n")
