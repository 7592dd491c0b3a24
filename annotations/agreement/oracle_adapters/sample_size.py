"""Oracle names of power and sample size."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from annotations.agreement import agreement_power, auc_power, mrmc_power
from annotations.agreement.oracle_adapters import Adapter
from annotations.agreement.oracle_adapters.diagnostic import read_json
from annotations.agreement.oracle_adapters.fields import fields_of

Options = Mapping[str, Any]
Fields = dict[str, Any]

_PILOT = ("var_tr", "cov1", "cov2", "cov3", "var_error")


def _pilot(given: Options) -> mrmc_power.PilotComponents:
    return mrmc_power.PilotComponents(**{k: given[k] for k in _PILOT}, cases=given["pilot_cases"])


def _mrmc_power(options: Options, given: Options, base: Path) -> Fields:
    found = mrmc_power.mrmc_power(
        _pilot(given),
        readers=given["readers"],
        cases=given["cases"],
        effect=given["effect"],
        model=options["analysis"],
        alpha=options["alpha"],
    )
    return fields_of(found)


def _mrmc_cases(options: Options, given: Options, base: Path) -> Fields:
    found = mrmc_power.mrmc_cases_needed(
        _pilot(given),
        readers=given["readers"],
        effect=given["effect"],
        power=options["power"],
        model=options["analysis"],
        alpha=options["alpha"],
    )
    return fields_of(found)


def _mrmc_dbm(options: Options, given: Options, base: Path) -> Fields:
    return fields_of(mrmc_power.mrmc_power_dbm(**given, alpha=options["alpha"]))


def _mrmc_conjectured(options: Options, given: Options, base: Path) -> Fields:
    return fields_of(mrmc_power.mrmc_cases_needed_conjectured(**given, power=options["power"], alpha=options["alpha"]))


def _auc_cases(options: Options, given: Options, base: Path) -> Fields:
    found = auc_power.auc_cases_needed(
        given["auc"],
        null=options["null_auc"],
        controls_per_case=options["controls_per_case"],
        power=options["power"],
        alpha=options["alpha"],
    )
    answer = fields_of(found)
    # the oracle prints the two-sided number under both names (pROC's alpha is two-sided in either call)
    return answer | {"unrounded_one_sided": answer["unrounded"], "unrounded_two_sided": answer["unrounded"]}


def _auc_precision(options: Options, given: Options, base: Path) -> Fields:
    found = auc_power.auc_precision_cases(
        given["auc"],
        given["half_width"],
        controls_per_case=options["controls_per_case"],
        level=options["level"],
    )
    return fields_of(found)


def _pilot_scores(given: Options, base: Path) -> list[np.ndarray[Any, Any]]:
    data = read_json(base / given["file"])
    return [np.asarray(data[name]) for name in ("outcome", *given["scores"])]


def _paired_power(options: Options, given: Options, base: Path) -> Fields:
    return fields_of(auc_power.paired_auc_power(*_pilot_scores(given, base), alpha=options["alpha"]))


def _paired_cases(options: Options, given: Options, base: Path) -> Fields:
    scores = _pilot_scores(given, base)
    found = auc_power.paired_auc_cases_needed(*scores, power=options["power"], alpha=options["alpha"])
    return fields_of(found)


def _cohen(options: Options, given: Options, base: Path) -> Fields:
    found = agreement_power.cohen_kappa_cases_needed(
        rate_1=given["positive_rate_1"],
        rate_2=given["positive_rate_2"],
        kappa=given["kappa_alternative"],
        kappa_null=given["kappa_null"],
        power=options["power"],
        alpha=options["alpha"],
        sides=2 if options["two_sided"] else 1,
    )
    return fields_of(found)


def _intraclass(options: Options, given: Options, base: Path) -> Fields:
    found = agreement_power.intraclass_kappa_cases_needed(
        kappa=given["kappa_alternative"],
        kappa_null=given["kappa_null"],
        prevalence=given["prevalence"],
        power=options["power"],
        alpha=options["alpha"],
    )
    return fields_of(found)


def _intraclass_precision(options: Options, given: Options, base: Path) -> Fields:
    return fields_of(agreement_power.intraclass_kappa_precision_cases(**given, level=options["level"]))


def _icc(options: Options, given: Options, base: Path) -> Fields:
    found = agreement_power.icc_cases_needed(
        **given, power=options["power"], alpha=options["alpha"], sides=options["tails"]
    )
    return fields_of(found)


def _icc_precision(options: Options, given: Options, base: Path) -> Fields:
    return fields_of(agreement_power.icc_precision_cases(**given, level=options["level"]))


def _bland_altman(options: Options, given: Options, base: Path) -> Fields:
    found = agreement_power.bland_altman_cases_needed(
        **given, power=options["power"], alpha=options["alpha"], gamma=options["gamma"]
    )
    return fields_of(found)


ADAPTERS: dict[str, Adapter] = {
    "mrmc_power": _mrmc_power,
    "mrmc_cases_needed": _mrmc_cases,
    "mrmc_power_dbm": _mrmc_dbm,
    "mrmc_cases_needed_obuchowski": _mrmc_conjectured,
    "auc_cases_needed": _auc_cases,
    "auc_precision_cases": _auc_precision,
    "auc_paired_power": _paired_power,
    "auc_paired_cases_needed": _paired_cases,
    "cohen_kappa_sample_size": _cohen,
    "intraclass_kappa_sample_size": _intraclass,
    "intraclass_kappa_precision_sample_size": _intraclass_precision,
    "icc_sample_size_power": _icc,
    "icc_sample_size_precision": _icc_precision,
    "bland_altman_sample_size": _bland_altman,
}
