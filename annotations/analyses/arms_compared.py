"""Arms compared as multi-reader multi-case studies (Obuchowski-Rockette, Hillis' df), never as stacked readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from annotations.agreement.obuchowski_rockette import obuchowski_rockette
from annotations.agreement.reader_study import ReaderStudy
from annotations.agreement.reader_values import ReaderValues
from annotations.agreement.result import Counts, Estimate, undefined
from annotations.analyses.multiplicity import adjust_family

Json = dict[str, Any]
Model = Literal["RRRC", "FRRC"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is compared: every reader's figure in every arm, or None where no case has the class it needs."""

    feature: str
    name: str
    values: ReaderValues | None


def compare_arms(
    arms: Sequence[Any], endpoints: Sequence[Endpoint], *, model: Model, level: float, primary: Json | None = None
) -> list[Json]:
    """One entry a pair of arms; each difference is the later arm less the earlier, as `arms` of the entry names them.

    Holm's p over the endpoints of one pair; `primary` ({"arms", "endpoint"}) stands outside and makes its pair no longer
    exploratory.
    """
    found = []
    for earlier, later in combinations(range(len(arms)), 2):
        pair = [arms[later], arms[earlier]]
        rows = [
            _row(endpoint, endpoint.values.of_arms([later, earlier]), model, level, _role(primary, pair, endpoint.name))
            for endpoint in endpoints
            if endpoint.values is not None
        ]
        adjust_family(rows)
        planned = any(row["role"] == "primary" for row in rows)
        found.append({"arms": pair, "exploratory": not planned, "adjustment": "Holm", "features": rows})
    return found


def _row(endpoint: Endpoint, values: ReaderValues, model: Model, level: float, role: str) -> Json:
    study = obuchowski_rockette(values, model=model, level=level)
    return {
        "feature": endpoint.feature,
        "endpoint": endpoint.name,
        "model": model,
        "role": role,
        "arms": [average.as_json() for average in study.arms],
        "difference": _difference(study, values.n).as_json(),
        "warnings": list(study.warnings),
    }


def _difference(study: ReaderStudy, n: Counts) -> Estimate:
    if study.differences:
        return study.differences[0]
    reason = study.test.undefined or "the arms cannot be compared"
    return undefined(f"difference of average {study.endpoint}", f"Obuchowski-Rockette, {study.model}", reason, n)


def _role(primary: Json | None, pair: list[Any], name: str) -> str:
    asked = primary is not None and "arms" in primary and set(primary["arms"]) == set(pair)
    return "primary" if asked and primary is not None and primary["endpoint"] == name else "family"
