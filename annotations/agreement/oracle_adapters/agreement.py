"""Oracle names of the statistics of agreement between readers' categories."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from annotations.agreement import (
    alpha,
    fleiss,
    kappa,
    kappa_comparison,
    kendall,
    many_readers,
    paired_tests,
    pairs,
    two_readers,
)
from annotations.agreement.limits import normal_interval
from annotations.agreement.oracle_adapters import Adapter
from annotations.agreement.oracle_adapters.fields import fields_of
from annotations.agreement.oracle_adapters.inputs import Input, Options, level_of, ratings_of, weighting_of
from annotations.agreement.oracle_adapters.resampled import resampled
from annotations.agreement.ratings import Ratings
from annotations.agreement.result import Estimate


def _of_many(function: Callable[..., Estimate], *, weighted: bool) -> Adapter:
    """A coefficient of any number of readers, or of a table with the multinomial error and normal limits."""

    def adapter(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
        keywords = weighting_of(options) if weighted else {}
        estimate = function(ratings_of(given), level_of(options), interval="t", **keywords)
        fields = fields_of(estimate)
        if "multinomial" in options.get("variance", ""):
            fields.update(_divisor_n(estimate, level_of(options)))
        return fields

    return adapter


def _divisor_n(estimate: Estimate, level: float) -> dict[str, Any]:
    """The same linearisation with divisor n and normal limits, as its table form is printed."""
    if estimate.se is None or estimate.value is None or estimate.interval is None:
        return {}
    n = estimate.n.cases
    se = estimate.se * math.sqrt((n - 1) / n)
    normal = normal_interval(estimate.value, se, level)
    return {
        "se": se,
        "ci_low": normal.low,
        "ci_high": normal.high,
        "se_divisor_n_minus_1": estimate.se,
        "ci_low_t_n_minus_1": estimate.interval.low,
        "ci_high_t_n_minus_1": estimate.interval.high,
    }


def _percent(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    if "ci_method" in options:
        interval, weighting = options["ci_method"], {}
    else:
        interval, weighting = "t", weighting_of(options)
    ratings = ratings_of(given)
    return fields_of(many_readers.percent_agreement(ratings, level_of(options), interval=interval, **weighting))


def _specific(function: Callable[..., Estimate]) -> Adapter:
    def adapter(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
        ratings = ratings_of(given)
        return fields_of(function(ratings, options["category"], level_of(options), interval="normal"))

    return adapter


def _cohen(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    return fields_of(kappa.cohen_kappa(ratings_of(given), level_of(options), interval="normal"))


def _weighted(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    return fields_of(
        kappa.weighted_kappa(ratings_of(given), level_of(options), interval="normal", **weighting_of(options))
    )


def _alpha(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    ratings = ratings_of(given)
    keywords: dict[str, Any] = {"scores": options.get("category_scores", "value"), "interval": "t"}
    if "weights" in options:
        keywords["weights"] = options["weights"]
    else:
        keywords["metric"] = options["level"]
    return fields_of(alpha.krippendorff_alpha(ratings, level_of(options), **keywords))


def _fleiss(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    if "null" in options.get("variance", ""):
        return fields_of(fleiss.fleiss_null_test(ratings_of(given)))
    return dict(_of_many(many_readers.fleiss_kappa, weighted=True)(options, given, base_dir))


def _category(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    return fields_of(fleiss.fleiss_category_kappa(ratings_of(given), options["category"]))


def _mcnemar(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    fields = fields_of(paired_tests.mcnemar(ratings_of(given), method=options["method"]))
    if fields["p"] is not None:  # without a discordant case the exact test has its p and no share
        fields.pop("undefined", None)
    return fields


def _test(function: Callable[[Ratings], Estimate]) -> Adapter:
    return lambda options, given, base_dir: fields_of(function(ratings_of(given)))


def _dependent(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    ratings = ratings_of(given)
    first, second = (ratings.of_readers(*pair) for pair in given["pairs"])
    weighting = weighting_of(options)
    return fields_of(
        kappa_comparison.dependent_kappas(first, second, level_of(options), interval="normal", **weighting)
    )


def _independent(options: Options, given: Input, base_dir: Path) -> dict[str, Any]:
    groups = [Ratings.from_table(table) for table in given["tables"]]
    return fields_of(kappa_comparison.independent_kappas(groups, level_of(options), **weighting_of(options)))


ADAPTERS: dict[str, Adapter] = {
    "McNemar test": _mcnemar,
    "Bowker symmetry test": _test(paired_tests.bowker),
    "Stuart-Maxwell marginal homogeneity test": _test(paired_tests.stuart_maxwell),
    "Bhapkar marginal homogeneity test": _test(paired_tests.bhapkar),
    "Cochran Q": _test(paired_tests.cochran_q),
    "difference of two dependent kappas": _dependent,
    "test of equal independent kappas": _independent,
    "percent agreement": _percent,
    "positive agreement": _specific(two_readers.positive_agreement),
    "negative agreement": _specific(two_readers.negative_agreement),
    "specific agreement": _specific(two_readers.specific_agreement),
    "PABAK": lambda options, given, base_dir: fields_of(two_readers.pabak(ratings_of(given))),
    "maximum kappa": lambda options, given, base_dir: fields_of(two_readers.maximum_kappa(ratings_of(given))),
    "Cohen's kappa": resampled("Cohen's kappa", _cohen),
    "weighted kappa": resampled("weighted kappa", _weighted),
    "Scott pi": _of_many(many_readers.scott_pi, weighted=True),
    "Gwet AC1": resampled("Gwet AC1", _of_many(many_readers.gwet_ac1, weighted=False)),
    "Gwet AC2": _of_many(many_readers.gwet_ac2, weighted=True),
    "Brennan-Prediger": _of_many(many_readers.brennan_prediger, weighted=True),
    "Conger kappa": _of_many(many_readers.conger_kappa, weighted=True),
    "Fleiss kappa": resampled("Fleiss kappa", _fleiss),
    "Fleiss category kappa": _category,
    "Krippendorff alpha": resampled("Krippendorff alpha", _alpha),
    "Light kappa": lambda options, given, base_dir: fields_of(pairs.light_kappa(ratings_of(given))),
    "Kendall W": lambda options, given, base_dir: fields_of(kendall.kendall_w(ratings_of(given))),
}
