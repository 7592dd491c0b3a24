"""Analyse a dataset version: for curators and those who may export, and nobody who reads one of its cases blinded now."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from annotations.analyses.verbs import request_version_analysis
from annotations.models import Analysis, DatasetVersion, VersionCase
from annotations.problems import NoPermission
from annotations.querysets import sees_cases
from readers.exposures import blinded_cases, refuse_blinded


def of_versions(user: Any) -> Q:
    """Which analyses of versions this person may see: all, but those of a version of which an open study has this person read
    a case. Where one sees no case, none."""
    if not sees_cases(user):
        return Q(pk__in=())
    read_now = VersionCase.objects.filter(case__in=blinded_cases(user)).values("version")
    return Q(kind=Analysis.Kind.VERSION) & ~Q(dataset_version__in=read_now)


def analyse_version(version: DatasetVersion, *, by: Any, spec: dict[str, Any] | None = None) -> Analysis:
    """Ask for the analysis of a published version.

    Raises NoPermission, NotAllowedNow for one who reads its cases now, InvalidSpec, InputsChanged.
    """
    refuse_unless_seen(version, by)
    return request_version_analysis(version, spec=spec or {}, by=by)


def refuse_unless_seen(version: DatasetVersion, user: Any) -> None:
    """Raises NoPermission, NotAllowedNow."""
    if not sees_cases(user):
        raise NoPermission(_("Only curators and data clients analyse a dataset version."))
    refuse_blinded(user, VersionCase.objects.filter(version=version).values_list("case_id", flat=True))
