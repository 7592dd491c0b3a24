"""The list of datasets with what each holds, in a constant number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from annotations.models import Case, Centre, Dataset, DatasetVersion


def listed_datasets(user: Any) -> QuerySet[Dataset]:
    """Datasets by title, each with `cases_in`, `cases_out`, its centres and its versions (newest first, no manifest)."""
    inside, outside = Q(cases__state=Case.State.INCLUDED), Q(cases__state=Case.State.EXCLUDED)
    counted = Dataset.objects.visible_to(user).annotate(
        cases_in=Count("cases", filter=inside, distinct=True), cases_out=Count("cases", filter=outside, distinct=True)
    )
    centres = Centre.objects.annotate(cases_in=Count("cases", filter=inside)).order_by("number")
    versions = DatasetVersion.objects.visible_to(user).defer("manifest").order_by("-number")
    return counted.prefetch_related(
        Prefetch("centres", queryset=centres), Prefetch("versions", queryset=versions)
    ).order_by("title", "pk")
