"""The empirical ROC curves of a result, by reader and series: an arm, a centre, or both where there are several of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from annotations.analyses.arm_views import arm_views

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RocLine:
    """One curve. `points` have specificity, sensitivity and threshold; `call` is where a reader's call lies, if there is one.

    feature   code of a table's feature; "" for a study's malignancy score
    arm, centre   "" where there is only one
    """

    feature: str
    reader: str
    arm: str
    centre: str
    points: list[Json]
    call: Json | None
    area: float | None


def roc_lines(document: Json) -> list[RocLine]:
    """Every curve, by feature, reader, arm and centre in their order."""
    found = [line for view in arm_views(document) for line in (*_of_study(view), *_of_table(view))]
    several = len({line.centre for line in found}) > 1 or document.get("of") != "table"
    if not several:
        found = [RocLine(n.feature, n.reader, n.arm, "", n.points, n.call, n.area) for n in found]
    order = list(dict.fromkeys((line.feature, line.reader) for line in found))
    return sorted(found, key=lambda line: order.index((line.feature, line.reader)))


def _of_study(view: Json) -> list[RocLine]:
    return [
        RocLine("", str(reader["reader"]), view["arm"]["label"], centre, own["roc"], own["operating_point"], own["auc"]["value"])
        for reader in (view["pathology"] or {"readers": []})["readers"]
        for centre, own in reader["by_centre"].items()
        if own["roc"]
    ]  # fmt: skip


def _of_table(view: Json) -> list[RocLine]:
    return [
        RocLine(entry["code"], str(reader["reader"]), view["arm"]["label"], centre, points, None, _area(reader, centre))
        for entry in view.get("accuracy") or []
        for reader in entry["readers"]
        for centre, points in (reader["roc"] or {}).items()
        if points
    ]


def _area(reader: Json, centre: str) -> float | None:
    figures = reader["by_centre"].get(centre) or reader["overall"]
    area: float | None = figures["auc"]["value"]
    return area
