"""An `Estimate` as the flat named numbers that oracle files use."""

from __future__ import annotations

from typing import Any

from annotations.agreement.result import Estimate


def fields_of(estimate: Estimate) -> dict[str, Any]:
    """value, se, ci_low, ci_high, statistic, df, p, n (cases) and every `extra`; "undefined" with the reason, if any."""
    interval = estimate.interval
    fields: dict[str, Any] = {
        **estimate.extra,
        "value": estimate.value,
        "se": estimate.se,
        "ci_low": interval.low if interval else None,
        "ci_high": interval.high if interval else None,
        "statistic": estimate.statistic,
        "df": estimate.df,
        "p": estimate.p,
        "n": estimate.n.cases,
    }
    if estimate.undefined is not None:
        fields["undefined"] = estimate.undefined
        fields["value"] = estimate.extra.get("value")  # a part that stays defined, such as the bias of one case
    return fields
