"""Oracle names of the diagnostic statistics: proportions, 2x2 tables, paired tests, ROC, calibration."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from annotations.agreement import auc as areas
from annotations.agreement import binary_accuracy as table_of
from annotations.agreement import likelihood_ratios as ratios
from annotations.agreement import roc_points
from annotations.agreement.binormal import binormal_auc
from annotations.agreement.oracle_adapters import Adapter
from annotations.agreement.oracle_adapters.fields import fields_of
from annotations.agreement.paired_calls import PairedCalls, paired_difference, paired_ratio
from annotations.agreement.partial_area import partial_auc
from annotations.agreement.proportion import IntervalMethod, proportion, proportion_interval
from annotations.agreement.relative_predictive import relative_predictive_value
from annotations.agreement.result import Estimate
from annotations.agreement.roc import largest_youden

Options = Mapping[str, Any]
Fields = dict[str, Any]

_INTERVALS: dict[str, IntervalMethod] = {
    "wilson": "wilson",
    "clopper_pearson": "clopper-pearson",
    "agresti_coull_unclipped": "agresti-coull",
    "wald": "wald",
    "logit": "logit",
}


@cache
def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def scores_of(given: Mapping[str, Any], base: Path, which: Any) -> np.ndarray[Any, Any]:
    """A column, by its name in the case's file or as it stands in the case."""
    column = read_json(base / given["file"])[which] if "file" in given else which
    return np.asarray(column)


def _limits(k: int, n: int, level: float) -> Fields:
    found: Fields = {}
    for name, method in _INTERVALS.items():
        interval = proportion_interval(k, n, level=level, method=method)
        found[name] = [interval.low, interval.high] if interval else {"undefined": "no such interval"}
    return found


def _proportion(options: Options, given: Options, base: Path) -> Fields:
    level = options.get("level", 0.95)
    return fields_of(proportion(given["k"], given["n"], level=level)) | _limits(given["k"], given["n"], level)


def _share(estimate: Estimate, level: float) -> Fields:
    if estimate.undefined:
        return fields_of(estimate)
    return fields_of(estimate) | _limits(estimate.extra["k"], estimate.extra["n"], level)


def _two_by_two(options: Options, given: Options, base: Path) -> Fields:
    table, level = table_of.TwoByTwo(**given), options["level"]
    shares = {
        "sensitivity": table_of.sensitivity,
        "specificity": table_of.specificity,
        "ppv": table_of.positive_predictive_value,
        "npv": table_of.negative_predictive_value,
        "accuracy": table_of.accuracy,
        "prevalence": table_of.prevalence,
    }
    answer = {name: _share(function(table, level=level), level) for name, function in shares.items()}
    others = {
        "youden": table_of.youden(table, level=level, method="wald"),
        "youden_newcombe": table_of.youden(table, level=level),
        "balanced_accuracy": table_of.balanced_accuracy(table, level=level, method="wald"),
        "lr_positive": ratios.positive_likelihood_ratio(table, level=level),
        "lr_negative": ratios.negative_likelihood_ratio(table, level=level),
        "dor": ratios.diagnostic_odds_ratio(table, level=level),
        "dor_haldane": ratios.diagnostic_odds_ratio(table, level=level, correction="haldane"),
        "f1": table_of.f1_score(table),
        "mcc": table_of.matthews_correlation(table),
    }
    for share in (0.05, 0.2):
        others[f"ppv_at_prevalence_{share}"] = ratios.ppv_at_prevalence(table, share, level=level)
        others[f"npv_at_prevalence_{share}"] = ratios.npv_at_prevalence(table, share, level=level)
    return answer | {name: fields_of(estimate) for name, estimate in others.items()}


def _auc(options: Options, given: Options, base: Path) -> Fields:
    truth, scores = scores_of(given, base, given["outcome"]), scores_of(given, base, given["score"])
    level = options.get("level", 0.95)
    wald = areas.auc(truth, scores, level=level, interval="wald")
    answer = fields_of(wald) | {
        "n_diseased": wald.extra.get("diseased"),
        "n_healthy": wald.extra.get("healthy"),
    }
    if wald.se is None:
        without = {"undefined": wald.no_interval}
        return answer | {"se": without, "variance_delong": without}
    logit = areas.auc(truth, scores, level=level, interval="logit")
    answer["variance_delong"] = wald.se**2
    answer["logit"] = fields_of(logit)
    answer["ci"] = {"undefined": wald.no_interval}
    answer["youden"] = largest_youden(truth, scores).value
    return answer


def _difference(estimate: Estimate) -> Fields:
    answer = fields_of(estimate)
    if estimate.statistic is None and not estimate.undefined:
        answer["statistic"] = answer["p"] = {"undefined": estimate.no_interval}
    return answer


def _paired_auc(options: Options, given: Options, base: Path) -> Fields:
    truth = scores_of(given, base, given["outcome"])
    first, second = (scores_of(given, base, column) for column in given["scores"])
    return _difference(areas.paired_auc_difference(truth, first, second, level=options.get("level", 0.95)))


def _independent_auc(options: Options, given: Options, base: Path) -> Fields:
    truth, score, group = (scores_of(given, base, given[key]) for key in ("outcome", "score", "group"))
    samples = [(truth[group == name], score[group == name]) for name in options["groups"].split(" minus ")]
    answer = _difference(areas.independent_auc_difference(samples[0], samples[1], level=options["level"]))
    welch = areas.independent_auc_difference(samples[0], samples[1], level=options["level"], reference="welch")
    return answer | {"p_pROC_t": welch.p, "df_pROC_t": welch.df}


def _mcnemar(options: Options, given: Options, base: Path) -> Fields:
    found = paired_difference(PairedCalls(*(given[c] for c in ("both", "only_1", "only_2", "neither"))))
    low, high = found.extra["wald"]
    asymptotic: Fields = {"statistic": found.statistic, "df": found.df, "p": found.extra["p_asymptotic"]}
    return {
        "difference": found.value,
        "discordant": found.extra["discordant"],
        "exact_p": found.extra["p_exact"],
        "mid_p": found.p,
        "asymptotic": asymptotic if found.df else {"undefined": found.warnings[0]},
        "continuity_corrected": {
            "statistic": found.extra["statistic_corrected"],
            "df": found.df,
            "p": found.extra["p_corrected"],
        },
        "wald": {"se": found.se, "ci_low": low, "ci_high": high},
        "newcombe_method10": [found.interval.low, found.interval.high] if found.interval else None,
    }


def _paired_share(table: PairedCalls, level: float) -> Fields:
    """Sensitivity or specificity: the oracle takes second minus first and second over first."""
    difference, ratio = paired_difference(table), fields_of(paired_ratio(table, level=level))
    return {
        "test1": ratio["first"],
        "test2": ratio["second"],
        "difference": -(difference.value or 0.0),
        "mcnemar_statistic": difference.statistic,
        "mcnemar_p": difference.extra["p_asymptotic"],
        "exact_p": difference.extra["p_exact"],
        "ratio": ratio["value"],
        "ratio_se_log": ratio["se_log"],
        "ratio_ci_low": ratio["ci_low"],
        "ratio_ci_high": ratio["ci_high"],
    }


def _paired_tests(options: Options, given: Options, base: Path) -> Fields:
    level = options["level"]
    tables = [PairedCalls(a, c, b, d) for a, b, c, d in (given["diseased"], given["non_diseased"])]
    answer: Fields = {}
    for name, positive in (("ppv", True), ("npv", False)):
        found = fields_of(relative_predictive_value(*tables, positive=positive, level=level))
        answer[name] = found | {
            "test1": found["first"],
            "test2": found["second"],
            "ratio": found["value"],
            "leisenring_generalized_score": {
                "statistic": found["leisenring"],
                "df": 1,
                "p": found["leisenring_p"],
            },
            "kosinski_weighted_generalized_score": {
                "statistic": found["kosinski"],
                "df": 1,
                "p": found["kosinski_p"],
            },
        }
    answer["sensitivity"] = _paired_share(tables[0], level)
    answer["specificity"] = _paired_share(tables[1].complement, level)
    return answer


def _partial(options: Options, given: Options, base: Path) -> Fields:
    truth, scores = scores_of(given, base, given["outcome"]), scores_of(given, base, given["score"])
    return {
        "fpr_0_0.1": fields_of(partial_auc(truth, scores, 0.0, 0.1)),
        "fpr_0.1_0.3": fields_of(partial_auc(truth, scores, 0.1, 0.3)),
        "sensitivity_1_0.8": fields_of(partial_auc(truth, scores, 0.8, 1.0, over="sensitivity")),
    }


def _operating_points(options: Options, given: Options, base: Path) -> Fields:
    truth, scores = scores_of(given, base, given["outcome"]), scores_of(given, base, given["score"])
    best = largest_youden(truth, scores)
    names = {"threshold": "rule_ge_threshold", "midpoint": "midpoint_threshold"}
    answer: Fields = {
        "youden": best.value,
        "maximisers": [{names.get(k, k): v for k, v in at.items()} for at in best.extra["maximisers"]],
    }
    for target in (0.8, 0.9, 0.95):
        sensitivity = roc_points.sensitivity_at_specificity(truth, scores, target)
        between = roc_points.sensitivity_at_specificity(truth, scores, target, interpolate=True)
        specificity = roc_points.specificity_at_sensitivity(truth, scores, target)
        answer[f"sensitivity_at_specificity_at_least_{target}"] = sensitivity.value
        answer[f"pROC_interpolated_sensitivity_at_specificity_{target}"] = between.value
        answer[f"specificity_at_sensitivity_at_least_{target}"] = specificity.value
    return answer


def _binormal(options: Options, given: Options, base: Path) -> Fields:
    return fields_of(binormal_auc(given["counts_healthy"], given["counts_diseased"]))


ADAPTERS: dict[str, Adapter] = {
    "proportion": _proportion,
    "diagnostic_accuracy_2x2": _two_by_two,
    "auc_empirical": _auc,
    "auc_difference_paired_delong": _paired_auc,
    "auc_difference_unpaired": _independent_auc,
    "mcnemar": _mcnemar,
    "paired_binary_tests": _paired_tests,
    "partial_auc": _partial,
    "roc_operating_points": _operating_points,
    "binormal_auc_mle": _binormal,
}
