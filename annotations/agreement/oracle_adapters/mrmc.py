"""Oracle names of the multi-reader multi-case statistics. The oracles number readers and treatments from
1."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import stdtr, stdtrit

from annotations.agreement.arm_average import arm_average
from annotations.agreement.auc import auc
from annotations.agreement.dbm import dorfman_berbaum_metz
from annotations.agreement.gallas import one_shot_auc, one_shot_difference
from annotations.agreement.obuchowski_rockette import obuchowski_rockette
from annotations.agreement.oracle_adapters import Adapter
from annotations.agreement.oracle_adapters.diagnostic import read_json
from annotations.agreement.oracle_adapters.fields import fields_of
from annotations.agreement.reader_aucs import reader_aucs
from annotations.agreement.reader_endpoints import reader_sensitivities, reader_specificities
from annotations.agreement.reader_study import ReaderStudy
from annotations.agreement.reader_values import ReaderValues
from annotations.agreement.result import Estimate

Options = Mapping[str, Any]
Fields = dict[str, Any]


def _data(given: Options, base: Path) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Truth and ratings (treatments, readers, cases), NaN = not read, with the parts the case asks for."""
    content = read_json(base / given["file"])[given["dataset"]] if "file" in given else given
    truth, ratings = np.asarray(content["truth"]), np.asarray(content["ratings"], dtype=float)
    if "treatments" in given:
        ratings = ratings[np.array(given["treatments"]) - 1]
    if "readers" in given:
        ratings = ratings[:, np.array(given["readers"]) - 1]
    if "keep_where" in given:
        ratings = np.where(_kept(given["keep_where"], ratings.shape), ratings, np.nan)
    return truth, ratings


def _kept(rule: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    treatment, reader, case = np.ogrid[tuple(slice(size) for size in shape)]
    number = case + 1
    if rule == "(case mod 5) + 1 = reader":
        return np.broadcast_to(number % 5 == reader, shape)
    if rule == "(case mod 2) + 1 = treatment":
        return np.broadcast_to(number % 2 == treatment, shape)
    raise ValueError(f"unknown rule {rule!r}")


def _values(options: Options, truth: Any, ratings: Any) -> ReaderValues:
    endpoint = options.get("endpoint", "AUC")
    if endpoint.startswith(("sensitivity", "specificity")):
        calls = np.where(np.isnan(ratings), np.nan, ratings >= options["threshold"])
        make = reader_sensitivities if endpoint.startswith("sensitivity") else reader_specificities
        return make(truth, calls)
    method = options.get("covariance", "jackknife").split(" ")[0]
    return reader_aucs(truth, ratings, covariance=method)


def _from_zero(estimate: Estimate) -> Fields:
    """An estimate whose df None means the normal, with the test against 0 that the oracles print."""
    answer = fields_of(estimate)
    if estimate.se:
        answer["df"] = "inf" if estimate.df is None else estimate.df
    answer["pair"] = [1 + arm for arm in estimate.extra.get("pair", ())]
    answer["reader"] = 1 + estimate.extra.get("reader", 0)
    return answer


def _test(test: Estimate) -> Fields:
    if test.undefined:
        return {"undefined": test.undefined}
    answer: Fields = {**test.extra, "statistic": test.statistic, "p": test.p}
    if isinstance(test.df, tuple):
        return answer | {"df1": test.df[0], "df2": test.df[1]}
    return answer | {"df": test.df}


def _study(study: ReaderStudy, values: ReaderValues, options: Options) -> Fields:
    if study.test.undefined and not study.differences:
        return {"undefined": study.test.undefined}
    model, level = study.model, options.get("level", 0.95)
    arms = [
        _from_zero(arm_average(values, arm, model=model, level=level, null=0.0, interval="wald"))  # type: ignore[arg-type]
        for arm in range(len(study.values))
    ]
    return {
        **study.components,
        "reader_values": [list(row) for row in study.values],
        "treatment_means": [arm["value"] for arm in arms],
        "test": _test(study.test),
        "differences": [_from_zero(found) for found in study.differences],
        "single_treatment": arms,
        "single_reader_differences": [_from_zero(found) for found in study.readers],
        "covariance": {"undefined": values.no_covariance} if values.covariance is None else None,
    }


def _obuchowski_rockette(options: Options, given: Options, base: Path) -> Fields:
    values = _values(options, *_data(given, base))
    clip = options.get("clip_cov2_minus_cov3", True)
    level = options.get("level", 0.95)
    return _study(obuchowski_rockette(values, model=options["analysis"], level=level, clip=clip), values, options)


def _split_plot(options: Options, given: Options, base: Path) -> Fields:
    truth, ratings = _data(given, base)
    if "keep_where" not in given:
        truth, ratings = _relabelled(options["design"], truth, ratings)
    values = _values(options, truth, ratings)
    study = obuchowski_rockette(values, model=options["analysis"], level=options["level"])
    return _study(study, values, options)


def _relabelled(design: str, truth: Any, ratings: Any) -> tuple[Any, Any]:
    """The complete ratings with cases or readers made distinct per reader or per treatment."""
    t, r, n = ratings.shape
    if design.startswith("cases nested within readers"):
        wide = np.full((t, r, r, n), np.nan)
        wide[:, range(r), range(r)] = ratings
        return np.tile(truth, r), wide.reshape(t, r, r * n)
    if design.startswith("cases nested within treatments"):
        wide = np.full((t, r, t, n), np.nan)
        for arm in range(t):
            wide[arm, :, arm] = ratings[arm]
        return np.tile(truth, t), wide.reshape(t, r, t * n)
    wide = np.full((t, t, r, n), np.nan)
    wide[range(t), range(t)] = ratings
    return truth, wide.reshape(t, t * r, n)


def _dbm(options: Options, given: Options, base: Path) -> Fields:
    study = dorfman_berbaum_metz(*_data(given, base), model=options["analysis"])
    df = study.test.df if isinstance(study.test.df, tuple) else (study.test.df, "inf")
    return {
        **study.components,
        "F": study.test.statistic,
        "df1": df[0],
        "df2": df[1],
        "p": study.test.p,
        "se_difference": study.differences[0].se,
    }


def _single_reader(options: Options, given: Options, base: Path) -> Fields:
    truth, ratings = _data(given, base)
    values = _values(options, truth, ratings).of_readers([given["reader"] - 1])
    study = obuchowski_rockette(values, model="FRRC", level=options["level"])
    assert values.covariance is not None
    return _from_zero(study.differences[0]) | {
        "reader_values": values.values[:, 0],
        "covariance": values.covariance[:, 0, :, 0],
    }


def _single_test(options: Options, given: Options, base: Path) -> Fields:
    truth, ratings = _data(given, base)
    arm, reader = given["treatment"] - 1, given["reader"] - 1
    if options["covariance"] == "delong":
        return fields_of(auc(truth, ratings[arm, reader], level=options["level"], interval="wald"))
    values = _values(options, truth, ratings).of_readers([reader])
    return fields_of(arm_average(values, arm, model="FRRC", level=options["level"], interval="wald"))


def _single_modality(options: Options, given: Options, base: Path) -> Fields:
    truth, ratings = _data(given, base)
    values = _values(options, truth, ratings)
    arm, model = given["treatment"] - 1, options["analysis"]
    found = arm_average(values, arm, model=model, level=options["level"], interval="wald")
    return _from_zero(found)


def _gallas(options: Options, given: Options, base: Path) -> Fields:
    truth, ratings = _data(given, base)
    level = options["level"]
    if len(ratings) == 1:
        found = one_shot_auc(truth, ratings[0], level=level, null=options["null"])
    else:
        found = one_shot_difference(truth, ratings[0], ratings[1], level=level)
    answer = fields_of(found) | {"df_bdg": found.df}
    for name, key in (("auc", "auc"), ("variances", "var")):
        if name in found.extra:
            answer |= {f"{key}_a": found.extra[name][0], f"{key}_b": found.extra[name][1]}
    answer["cov_ab"] = found.extra.get("covariance")
    if found.interval is None:
        return answer
    answer["ci_low_normal"], answer["ci_high_normal"] = found.extra["normal"]
    answer |= {"ci_low_bdg_exact_df": found.interval.low, "ci_high_bdg_exact_df": found.interval.high}
    answer["p_bdg_exact_df"] = found.p
    return answer | _as_imrmc(found, options)


def _as_imrmc(found: Estimate, options: Options) -> Fields:
    """The t interval of iMRMC 2.1.0: df rounded down, the normal above 50."""
    assert found.value is not None and found.se is not None and found.statistic is not None
    if not isinstance(found.df, float) or found.df > 50:
        low, high = found.extra["normal"]
        return {"p_bdg": found.extra["p_normal"], "ci_low_bdg": low, "ci_high_bdg": high}
    df = int(found.df)
    half = float(stdtrit(df, 0.5 + options["level"] / 2)) * found.se
    return {
        "p_bdg": float(2 * stdtr(df, -abs(found.statistic))),
        "ci_low_bdg": found.value - half,
        "ci_high_bdg": found.value + half,
    }


ADAPTERS: dict[str, Adapter] = {
    "obuchowski_rockette": _obuchowski_rockette,
    "obuchowski_rockette_split_plot": _split_plot,
    "dorfman_berbaum_metz": _dbm,
    "single_reader_two_modalities": _single_reader,
    "single_reader_single_test_auc": _single_test,
    "single_modality_mrmc": _single_modality,
    "gallas_ustatistic_mrmc": _gallas,
}
