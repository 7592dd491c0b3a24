"""Arms compared: each arm's average over the readers, and the difference with its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.analyses.arm_views import arm_comparisons, arm_labels
from annotations.features import FormSchema
from annotations.results.accuracy import words_of_endpoints
from annotations.results.cells import FigureCell, figure_cell
from annotations.results.numbers import p_value

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ArmRow:
    """`cells`: the later arm, the earlier one, their difference. An arm without an average has an empty cell."""

    label: str
    cells: tuple[FigureCell | None, ...]
    p: str
    p_holm: str
    primary: bool


@dataclass(frozen=True, slots=True)
class ArmsCompared:
    later: str
    earlier: str
    exploratory: bool
    model: str
    rows: tuple[ArmRow, ...]


def arms_compared(document: Json, form: FormSchema) -> list[ArmsCompared]:
    """One table a pair of arms; empty for a result of one arm."""
    labels = arm_labels(document)
    found = []
    for place, entry in enumerate(arm_comparisons(document)):
        later, earlier = (labels[arm] for arm in entry["arms"])
        rows = tuple(_row(f"v-{place}-{i}", row, form, later, earlier) for i, row in enumerate(entry["features"]))
        model = entry["features"][0]["model"] if entry["features"] else ""
        found.append(ArmsCompared(later, earlier, entry["exploratory"], model, rows))
    return found


def _row(id: str, row: Json, form: FormSchema, later: str, earlier: str) -> ArmRow:
    endpoint, code = words_of_endpoints()[row["endpoint"]], row["feature"]
    label = (
        endpoint if code in ("score", "call") and code not in form.codes else f"{endpoint}, {form.feature(code).label}"
    )
    averages = row["arms"] or [None, None]
    cells = [
        _cell(f"{id}-{n}", estimate, _("%(endpoint)s, average over readers, %(arm)s") % {"endpoint": label, "arm": arm})
        for n, (estimate, arm) in enumerate(zip(averages, (later, earlier), strict=True))
    ]
    words = {"endpoint": label, "later": later, "earlier": earlier}
    cells.append(_cell(f"{id}-d", row["difference"], _("%(endpoint)s, %(later)s less %(earlier)s") % words))
    return ArmRow(
        label, tuple(cells), p_value(row["difference"]["p"]), p_value(row["p_holm"]), row["role"] == "primary"
    )  # fmt: skip


def _cell(id: str, estimate: Json | None, title: str) -> FigureCell | None:
    return None if estimate is None else figure_cell(id, estimate, title, digits=3)
