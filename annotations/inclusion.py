"""The inclusion flowchart of a dataset: rows found, refused, stored, left out with reasons, in, by centre."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from annotations.case_rows import CaseRow
from annotations.models import Dataset, Import, Pathology


@dataclass(frozen=True, slots=True)
class Reason:
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class CentreCount:
    name: str
    count: int
    by_status: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """`found`, `refused`, `repeated` come from the reports of the imports that were kept, and are None where none was.

    unreported   stored cases that no kept report speaks of: imported before reports were kept, or with the report
    refusals     what the reports' refusals were for, by code; one row may have several
    """

    found: int | None
    refused: int | None
    repeated: int
    refusals: tuple[Reason, ...]
    stored: int
    unreported: int
    left_out: int
    reasons: tuple[Reason, ...]
    included: int
    centres: tuple[CentreCount, ...]


def inclusion_of(user: Any, dataset: Dataset, rows: Sequence[CaseRow]) -> Inclusion:
    """`rows`: every case of the dataset this person may see. One query."""
    reports = _reports(user, dataset)
    found = sum(r.get("counts", {}).get("rows", 0) for r in reports)
    changed = sum(len(r["changed"]) for r in reports)
    refused = sum(r.get("left_out", 0) for r in reports) + changed
    accepted = sum(r.get("cases", 0) for r in reports) - changed
    # the same rows may have come under other file names: what was accepted beyond what is stored was said before
    repeated = found - refused - min(accepted, len(rows))
    out = [row for row in rows if not row.included]
    included = [row for row in rows if row.included]
    reasons = Counter(row.excluded_reason for row in out)
    return Inclusion(
        found if reports else None, refused if reports else None, max(0, repeated), _refusals(reports, changed),
        len(rows), max(0, len(rows) - accepted), len(out), _sorted(reasons), len(included), _centres(included),
    )  # fmt: skip


def _reports(user: Any, dataset: Dataset) -> list[Mapping[str, Any]]:
    """Reports of the imports that were written, the latest of each set of archives: a second import finds the same rows."""
    written = Import.objects.visible_to(user).filter(dataset_slug=dataset.slug, step=Import.Step.WRITTEN)
    latest: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for uploads, report, result in written.order_by("created_at", "pk").values_list("uploads", "report", "result"):
        names = tuple(sorted(u["name"] for u in uploads if u.get("kind") == "archive"))
        latest[names] = (report or {}) | {"changed": (result or {}).get("changed", [])}
    return list(latest.values())


def _refusals(reports: Sequence[Mapping[str, Any]], changed: int) -> tuple[Reason, ...]:
    codes = Counter(
        finding["code"].replace("_", " ")
        for report in reports for finding in report.get("findings", []) if finding.get("verdict") == "refused"
    )  # fmt: skip
    if changed:
        codes[_("there already with other content")] += changed
    return _sorted(codes)


def _sorted(counts: Mapping[str, int]) -> tuple[Reason, ...]:
    return tuple(Reason(text, n) for text, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _centres(rows: Sequence[CaseRow]) -> tuple[CentreCount, ...]:
    made = []
    for number, name in sorted({(row.centre_number, row.centre_name) for row in rows}):
        mine = [row for row in rows if row.centre_number == number]
        statuses = Counter(row.status for row in mine)
        by_status = tuple((str(label), statuses[value]) for value, label in Pathology.Status.choices if statuses[value])
        made.append(CentreCount(name, len(mine), by_status))
    return tuple(made)
