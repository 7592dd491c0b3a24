"""Accuracy of a call and of a score; over patients where one of them has several cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from annotations.agreement.auc import auc
from annotations.agreement.binary_accuracy import TwoByTwo, sensitivity, specificity, tabulate
from annotations.agreement.likelihood_ratios import diagnostic_odds_ratio
from annotations.agreement.patient_clusters import clustered_auc, clustered_proportion
from annotations.agreement.result import Estimate, undefined
from annotations.analyses.question import Ways

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
NO_CLUSTERED_FORM = "some patients have several nodes here, and this interval takes cases for independent"


def call_figures(truth: Ints, calls: Floats, ways: Ways) -> dict[str, Estimate]:
    """Sensitivity and specificity of calls 0/1, NaN where there is none."""
    if not ways.clustered:
        table = tabulate(truth, calls)
        return {
            "sensitivity": sensitivity(table, level=ways.level),
            "specificity": specificity(table, level=ways.level),
        }
    patients = np.array(ways.patients)
    diseased = truth == 1
    return {
        "sensitivity": clustered_proportion(calls[diseased], patients[diseased], level=ways.level, name="sensitivity"),
        "specificity": clustered_proportion(
            1 - calls[~diseased], patients[~diseased], level=ways.level, name="specificity"
        ),
    }


def score_figure(truth: Ints, scores: Floats, ways: Ways) -> Estimate:
    """AUC of a score, NaN where there is none."""
    if ways.clustered:
        return clustered_auc(truth, scores, np.array(ways.patients), level=ways.level)
    return auc(truth, scores, level=ways.level)


def odds_ratio(table: TwoByTwo, ways: Ways) -> Estimate:
    """Its interval has no form for several nodes of a patient: then the value stands alone, with the reason.

    In a saturated 2 x 2 table Firth's penalised likelihood is half a case more in every cell
    (Heinze and Schemper 2002, doi:10.1002/sim.1047).
    """
    if table.tp + table.fp == 0 or table.fn + table.tn == 0:
        reason = "every case has the sign" if table.tp + table.fp else "no case has the sign"
        return undefined("diagnostic odds ratio", "tp tn / (fp fn)", reason, table.counts)
    empty = 0 in (table.tp, table.fp, table.fn, table.tn)
    found = diagnostic_odds_ratio(table, level=ways.level, correction="haldane" if empty else "none")
    if not ways.clustered or found.value is None:
        return found
    return replace(found, se=None, interval=None, statistic=None, df=None, p=None, no_interval=NO_CLUSTERED_FORM)
