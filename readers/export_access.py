"""Who may have which export: of a dataset, curators and data clients; of a closed study's readings, its lead too."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from annotations.exports.verbs import request_export
from annotations.models import DatasetVersion, Export, VersionCase
from annotations.problems import NoPermission
from annotations.querysets import sees_cases
from readers.exposures import record_exposures, refuse_blinded
from readers.models import Assignment, Study


def exports_of(user: Any) -> QuerySet[Export]:
    """The exports this person may fetch, newest first."""
    mine = Q(of_study__study__in=Study.objects.exportable_by(user))
    if sees_cases(user):
        mine |= Q(of_study__isnull=True)
    return Export.objects.unscoped().filter(mine).order_by("-created_at", "-pk")


def request_version_export(version: DatasetVersion, form: str, *, by: Any) -> Export:
    """Ask for an export of a dataset version. Raises NoPermission, NotAllowedNow for one who reads its cases now,
    InvalidSpec."""
    if not sees_cases(by):
        raise NoPermission(_("Only curators and data clients take datasets away."))
    refuse_blinded(by, VersionCase.objects.filter(version=version).values_list("case_id", flat=True))
    return request_export(version, form, by=by)


def note_fetched(user: Any, export: Export) -> None:
    """Before the file is handed over: refuse those who read its cases blinded now, note what the rest has seen.

    Raises NotAllowedNow.
    """
    ((kind, public_id),) = export.subject.items()
    cases: QuerySet[Any, int]
    if kind == "dataset_version":
        cases = VersionCase.objects.filter(version__public_id=public_id).values_list("case_id", flat=True)
    else:
        cases = Assignment.objects.unscoped().filter(study__public_id=public_id).values_list("case_id", flat=True)
    refuse_blinded(user, cases)
    if kind == "dataset_version":
        for what in ("pathology", "reference"):
            record_exposures(user, cases, what, f"export {export.public_id}")
