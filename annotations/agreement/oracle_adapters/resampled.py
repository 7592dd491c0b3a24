"""Oracle cases with a bootstrap interval: the same names, told apart by `options.bootstrap`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotations.agreement import moments
from annotations.agreement.bland_altman import bland_altman
from annotations.agreement.continuous_moments import bland_altman_moments, ccc_moments, icc_moments
from annotations.agreement.moments import Moments
from annotations.agreement.oracle_adapters.fields import fields_of
from annotations.agreement.oracle_adapters.inputs import (
    Input,
    Options,
    factor_of,
    level_of,
    measurements_of,
    ratings_of,
)
from annotations.agreement.resampling import Plan, bootstrap
from annotations.agreement.result import Counts, Estimate

SEED = 20260214  # the ranges hold for any seed

Adapter = Callable[[Options, Input, Path], Mapping[str, Any]]


def _kappa(options: Options, given: Input) -> Moments:
    return moments.kappa_moments(ratings_of(given), options["weights"])


def _coefficient(name: str) -> Callable[[Options, Input], Moments]:
    return lambda options, given: moments.coefficient_moments(ratings_of(given), name, options["weights"])


MOMENTS: dict[str, Callable[[Options, Input], Moments]] = {
    "Cohen's kappa": _kappa,
    "weighted kappa": _kappa,
    "Fleiss kappa": _coefficient("Fleiss kappa"),
    "Gwet AC1": _coefficient("Gwet AC1"),
    "Krippendorff alpha": lambda options, given: moments.alpha_moments(ratings_of(given), options["level"]),
    "ICC": lambda options, given: icc_moments(measurements_of(given), options["form"]),
    "Lin CCC": lambda options, given: ccc_moments(measurements_of(given)),
}


def resampled(name: str, analytic: Adapter) -> Adapter:
    """The analytic adapter, or where the options ask for it the same value with a bootstrap interval."""

    def adapter(options: Options, given: Input, base_dir: Path) -> Mapping[str, Any]:
        fields = dict(analytic(options, given, base_dir))
        if "bootstrap" not in options:
            return fields
        whole = Estimate(name, "oracle", fields["value"], n=Counts(fields["n"]), no_interval="asked of resamples")
        plan = Plan(SEED, options["resamples"])
        return fields_of(bootstrap(whole, MOMENTS[name](options, given), plan, level_of(options)))

    return adapter


def _upper_limit(options: Options, given: Input, base_dir: Path) -> Mapping[str, Any]:
    data, factor = measurements_of(given), factor_of(options)
    whole = bland_altman(data, factor=factor)
    limit = replace(whole, name="Bland-Altman upper limit of agreement", value=whole.extra["loa_high"])
    rows = bland_altman_moments(data, "loa_high", factor)
    return fields_of(bootstrap(limit, rows, Plan(SEED, options["resamples"]), level_of(options)))


ADAPTERS: dict[str, Adapter] = {"Bland-Altman upper limit of agreement": _upper_limit}
